//! Health: whether an account is watched as it should be, region by region, and how far its beginning
//! is: the search for zombies, the rehearsal of its past.

use crate::caller::Person;
use crate::problem::{Problem, Problems};
use crate::reply::{FindingView, Money, Path, Reply};
use domain::decision::Severity;
use domain::money::Usd;
use domain::setup::{Checkup, RehearsalProgress, ScanProgress};
use jiff::Timestamp;
use pipeline::onboarding;
use pipeline::rehearse::Found;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Whether an account is watched as it should be.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Health {
    /// When it was last looked at; none before the first time.
    checked_at: Option<String>,
    /// The role by which we look.
    role: Part,
    /// The trail from which events come.
    trail: Part,
    /// The watched regions.
    regions: Vec<RegionHealth>,
    /// What is not as it should be, all of it.
    findings: Vec<FindingView>,
    /// When the newest event that costs something happened.
    last_event_at: Option<String>,
    /// The first search for zombies, or the last one.
    scan: Option<ScanView>,
    /// The rehearsal of the last 90 days.
    rehearsal: Option<RehearsalView>,
}

/// Whether a part of it is as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// It is.
    Ok,
    /// It is not: `findings` says what.
    Wrong,
    /// Nobody has looked yet.
    Unknown,
}

/// Whether a region is watched.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RegionHealth {
    #[schema(example = "eu-west-1")]
    region: String,
    /// Its rules hand events to us.
    rules: Part,
    /// Events from it were seen to come to us.
    events_flow: Part,
    /// When one last did.
    last_event_at: Option<String>,
}

/// How far the search for zombies is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ScanView {
    began_at: String,
    finished_at: Option<String>,
    regions_done: u64,
    regions: u64,
    zombies: u64,
    /// What they cost a month, as far as their prices are known.
    monthly: Money,
    /// Resources that could not be judged, by the check.
    unjudged: BTreeMap<String, u64>,
    /// Requests to AWS that it took.
    requests: u64,
    /// Metrics that AWS charges you for: a cent for a thousand.
    metrics: u64,
    /// What AWS charges you for it.
    cost: Money,
}

/// How far the rehearsal is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RehearsalView {
    from: String,
    until: String,
    finished_at: Option<String>,
    #[schema(minimum = 0, maximum = 100)]
    percent: u64,
    records: u64,
    cost_events: u64,
    /// Regions whose history we may not read: nothing of them is in it.
    skipped_regions: Vec<String>,
}

impl From<&ScanProgress> for ScanView {
    fn from(scan: &ScanProgress) -> Self {
        let calls = pipeline::cloud::Calls { requests: scan.requests, metrics: scan.metrics };
        Self {
            began_at: scan.began_at.to_string(),
            finished_at: scan.finished_at.map(|at| at.to_string()),
            regions_done: scan.done.len() as u64,
            regions: scan.of.len() as u64,
            zombies: scan.zombies,
            monthly: scan.monthly.into(),
            unjudged: scan.unjudged.clone(),
            requests: scan.requests,
            metrics: scan.metrics,
            cost: calls.usd().into(),
        }
    }
}

impl From<&RehearsalProgress> for RehearsalView {
    fn from(progress: &RehearsalProgress) -> Self {
        Self {
            from: progress.from.to_string(),
            until: progress.until.to_string(),
            finished_at: progress.finished_at.map(|at| at.to_string()),
            percent: progress.percent(),
            records: progress.records,
            cost_events: progress.cost_events,
            skipped_regions: progress.skipped_regions.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Whether an account is watched as it should be
#[utoipa::path(get, operation_id = "getHealth", path = "/accounts/{accountId}/health", tag = "Accounts",
    params(("accountId" = String, Path, description = "12 digits")),
    responses((status = 200, body = Health), Problems), security(("person" = [])))]
pub(crate) async fn get(Person(known): Person, Path(id): Path<String>) -> Result<Reply, Problem> {
    let connection = known.account(&id).await?;
    let (table, account) = (known.table(), &connection.account);
    let checkup = table.checkup(account).await?;
    let beats = table.heartbeats(account).await?;
    let watched = connection.access.map(|access| access.regions).unwrap_or_default();
    let regions = watched.iter().map(|region| {
        let beat = beats.get(region).copied();
        region_health(region.as_str(), checkup.as_ref(), beat)
    });
    let findings = checkup.iter().flat_map(|checkup| &checkup.findings);
    Ok(Reply::ok(&Health {
        checked_at: checkup.as_ref().map(|checkup| checkup.at.to_string()),
        role: part(checkup.as_ref(), "role_", None),
        trail: part(checkup.as_ref(), "trail_", None),
        regions: regions.collect(),
        findings: findings.map(FindingView::from).collect(),
        last_event_at: table.last_cost_event_at(account).await?.map(|at| at.to_string()),
        scan: table.scan_progress(account).await?.as_ref().map(ScanView::from),
        rehearsal: table.rehearsal_progress(account).await?.as_ref().map(RehearsalView::from),
    }))
}

fn region_health(region: &str, checkup: Option<&Checkup>, beat: Option<Timestamp>) -> RegionHealth {
    let flow = match beat {
        Some(_) => part(checkup, "events_", Some(region)),
        // Silence counts once somebody has waited for an event in vain.
        None if part(checkup, "events_", Some(region)) == Part::Wrong => Part::Wrong,
        None => Part::Unknown,
    };
    RegionHealth {
        region: region.to_owned(),
        rules: part(checkup, "rules_", Some(region)),
        events_flow: flow,
        last_event_at: beat.map(|at| at.to_string()),
    }
}

/// What was found of a part, by how its findings' codes begin.
fn part(checkup: Option<&Checkup>, prefix: &str, region: Option<&str>) -> Part {
    let Some(checkup) = checkup else { return Part::Unknown };
    let mut findings = checkup.findings.iter();
    let wrong = findings.any(|finding| {
        finding.code.starts_with(prefix)
            && region.is_none_or(|of| finding.region.as_ref().is_some_and(|r| r.as_str() == of))
    });
    if wrong { Part::Wrong } else { Part::Ok }
}

/// What the rehearsal would have told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RehearsalReport {
    /// How far it is; none before it has begun.
    progress: Option<RehearsalView>,
    /// Days that are rehearsed so far.
    days: u64,
    /// Anomalies that would have been told, by their severity.
    by_severity: BTreeMap<String, u64>,
    /// What they cost in all.
    spent: Money,
    /// The dearest of them.
    dearest: Vec<RehearsedView>,
}

impl RehearsalReport {
    fn not_begun() -> Self {
        Self {
            progress: None,
            days: 0,
            by_severity: BTreeMap::new(),
            spent: Usd::ZERO.into(),
            dearest: Vec::new(),
        }
    }

    fn new(report: onboarding::RehearsalReport) -> Self {
        let counted = |(severity, count): (Severity, u64)| (severity.code().to_owned(), count);
        Self {
            progress: Some(RehearsalView::from(&report.progress)),
            days: report.days,
            by_severity: report.found.into_iter().map(counted).collect(),
            spent: report.spent.into(),
            dearest: report.dearest.into_iter().map(RehearsedView::new).collect(),
        }
    }
}

impl RehearsedView {
    fn new((found, text): (Found, String)) -> Self {
        Self {
            anomaly_id: found.anomaly.id.clone(),
            severity: found.anomaly.severity.code().to_owned(),
            text,
            started_at: found.anomaly.first_at.to_string(),
            spent: found.spent.into(),
        }
    }
}

/// An anomaly that would have been told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RehearsedView {
    anomaly_id: String,
    severity: String,
    /// What happened, in a sentence.
    text: String,
    started_at: String,
    spent: Money,
}

/// What we would have told you in the last 90 days
#[utoipa::path(get, operation_id = "getRehearsal", path = "/accounts/{accountId}/rehearsal", tag = "Accounts",
    params(("accountId" = String, Path, description = "12 digits")),
    responses((status = 200, body = RehearsalReport), Problems), security(("person" = [])))]
pub(crate) async fn rehearsal(
    Person(known): Person,
    Path(id): Path<String>,
) -> Result<Reply, Problem> {
    let account = &known.account(&id).await?.account;
    let report = onboarding::rehearsal_report(known.table(), known.scope(), account).await?;
    Ok(Reply::ok(&report.map_or_else(RehearsalReport::not_begun, RehearsalReport::new)))
}
