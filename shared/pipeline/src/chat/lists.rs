//! What there is to show: how things stand, anomalies, accounts, all figures of one anomaly.

use crate::error::Failure;
use domain::anomaly::{Anomaly, Status};
use domain::card::{Note, NoteLine, answer_text, snooze_text};
use domain::decision::Delivery;
use domain::ids::AccountId;
use domain::money::Usd;
use domain::policy::Mode;
use domain::words;
use jiff::{SignedDuration, Timestamp};
use std::cmp::Reverse;
use store::{AccountStatus, Connection, Table, TenantScope};

/// Lines of a list; what is more is counted.
const MAX_LINES: usize = 15;
/// What is over is listed for so long.
const LISTED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How things stand.
pub(super) async fn status(
    table: &Table,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<Note, Failure> {
    let connections = table.connections(scope).await?;
    let mut open = Vec::new();
    let mut rate = Usd::ZERO;
    for connection in &connections {
        open.extend(table.open_anomalies(&connection.account).await?);
        let resources = table.open_resources(&connection.account).await?;
        rate += resources.iter().map(|resource| resource.hourly).sum();
    }
    open.retain(concerns);
    let snoozed = open.iter().filter(|anomaly| anomaly.is_snoozed(now)).count();
    let mut lines = vec![
        format!(
            "{} open, {} of them snoozed",
            words::counted(open.len() as u64, "anomaly"),
            words::count(snoozed as u64)
        ),
        format!("What was started while we watched and still runs: {}/h", rate.display()),
    ];
    let strict = connections.iter().filter(|each| each.governance.mode == Mode::Strict).count();
    if strict > 0 {
        lines.push(format!(
            "{} still learning: only the safety net alerts there",
            words::counted(strict as u64, "account")
        ));
    }
    if table.panic_mode().await? {
        lines.push("Alerting is paused by us: everything is scored and kept".to_owned());
    }
    let settings = table.settings(scope).await?;
    lines.push(match settings.quiet {
        Some(hours) => format!("Quiet hours {hours}, {}", settings.zone.name()),
        None => {
            format!("No quiet hours; times of the digest are those of {}", settings.zone.name())
        }
    });
    let watched = connections.iter().filter(|each| each.status.is_watched()).count();
    let watched = words::counted(watched as u64, "account");
    Ok(Note::new(format!("{watched} watched")).with(lines))
}

/// Anomalies: those that are open, and of late those that are over.
pub(super) async fn anomalies(
    table: &Table,
    scope: &TenantScope,
    (of, all): (Option<&AccountId>, bool),
    now: Timestamp,
) -> Result<Note, Failure> {
    let found = find(table, scope, (of, all), now).await?;
    let count = found.len();
    let what = if all { "open or ended in the last seven days" } else { "open" };
    let title = match count {
        0 => format!("No anomaly is {what}."),
        count => format!("{} {what}", words::counted(count as u64, "anomaly")),
    };
    let mut lines: Vec<NoteLine> =
        found.iter().take(MAX_LINES).map(|anomaly| line(anomaly, now)).collect();
    if count > MAX_LINES {
        lines.push(format!("and {} more", words::count((count - MAX_LINES) as u64)).into());
    }
    Ok(Note { title, lines })
}

/// The open ones first, and of those the dearest.
async fn find(
    table: &Table,
    scope: &TenantScope,
    (of, all): (Option<&AccountId>, bool),
    now: Timestamp,
) -> Result<Vec<Anomaly>, Failure> {
    let since = now.checked_sub(LISTED).unwrap_or(Timestamp::MIN);
    let mut found = Vec::new();
    let mut connections = table.connections(scope).await?;
    connections.retain(|connection| of.is_none_or(|of| *of == connection.account));
    for Connection { account, .. } in &connections {
        found.extend(table.open_anomalies(account).await?);
        if all {
            found.extend(table.anomalies_resolved_since(account, since).await?);
        }
    }
    found.retain(concerns);
    found.sort_by_key(|each| {
        (each.is_resolved(), Reverse(each.open.rate), Reverse(each.id.clone()))
    });
    Ok(found)
}

/// One anomaly in a line, with a link to its card.
pub(crate) fn line(anomaly: &Anomaly, now: Timestamp) -> NoteLine {
    let stands = match &anomaly.status {
        Status::Resolved { at, .. } => format!("ended {}", words::time(*at)),
        Status::Open => {
            format!(
                "{}/h now, {} so far",
                anomaly.open.rate.usd().display(),
                anomaly.spent(now).display()
            )
        }
    };
    let snoozed = if anomaly.is_snoozed(now) { ", snoozed" } else { "" };
    let undelivered = if anomaly.told.undelivered.is_some() { ", not delivered" } else { "" };
    NoteLine {
        text: format!(
            "{}: {} (account {}, {stands}{snoozed}{undelivered}) {}",
            anomaly.severity.code(),
            words::began(anomaly),
            anomaly.account,
            anomaly.id,
        ),
        link: anomaly.told.message.as_ref().and_then(|message| message.permalink.clone()),
    }
}

/// What was rehearsed or discarded concerns nobody.
pub(crate) fn concerns(anomaly: &Anomaly) -> bool {
    !matches!(anomaly.delivery, Delivery::Rehearsed | Delivery::Discarded)
}

/// The accounts of a tenant.
pub(super) async fn accounts(
    table: &Table,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<Note, Failure> {
    let connections = table.connections(scope).await?;
    if connections.is_empty() {
        return Ok(Note::new("No account is connected yet."));
    }
    let lines = connections.iter().map(|connection| account(connection, now));
    Ok(Note::new(words::counted(connections.len() as u64, "account")).with(lines))
}

fn account(connection: &Connection, now: Timestamp) -> String {
    let left = connection.promote_at.map(|at| (at.duration_since(now).as_hours() + 23) / 24);
    let mode = match (connection.status, connection.governance.mode, left) {
        (AccountStatus::Disconnecting, ..) => "on its way out".to_owned(),
        (AccountStatus::Paused, ..) => "paused until it is paid for; nothing is deleted".to_owned(),
        _ if connection.governance.customer_strict => "all is held back, as you asked".to_owned(),
        (_, Mode::Audit, _) => "alerts".to_owned(),
        (_, Mode::Strict, Some(days @ 1..)) => {
            format!(
                "learning, {} left; the safety net alerts",
                words::counted(days.unsigned_abs(), "day")
            )
        }
        (_, Mode::Strict, _) => "strict: only the safety net alerts".to_owned(),
    };
    let blind = match connection.status {
        AccountStatus::Degraded => "; we are partly blind, see its health in the dashboard",
        _ => "",
    };
    let since = words::time(connection.connected_at);
    format!("{}: {mode}{blind}, since {since}", named(connection))
}

/// What people call an account, where they do.
fn named(Connection { account, alias, .. }: &Connection) -> String {
    match alias {
        Some(alias) => format!("{} ({account})", words::clean(alias)),
        None => account.to_string(),
    }
}

/// Every figure of an anomaly's events.
pub(super) fn details(anomaly: &Anomaly, now: Timestamp) -> Note {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(anomaly.answered.as_ref().map(answer_text));
    lines.extend(anomaly.snooze.as_ref().filter(|each| each.until > now).map(snooze_text));
    for member in anomaly.members.iter().take(MAX_LINES) {
        lines.push(format!(
            "▸ {}: {} × {} in {}, {}/h; score {} of {} needed",
            words::time(member.time),
            words::count(member.count),
            member.resource_type,
            member.region,
            member.hourly.display(),
            member.score,
            member.threshold,
        ));
        lines.extend(member.terms.iter().map(|term| format!("{}: {}", term.name, term.text)));
    }
    let more = anomaly.alerts.saturating_sub(MAX_LINES as u64);
    lines.extend((more > 0).then(|| format!("and {} more", words::counted(more, "alert"))));
    Note::new(format!("Anomaly {}: {}", anomaly.id, words::began(anomaly))).with(lines)
}
