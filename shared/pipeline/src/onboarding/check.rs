//! Check: how an account stands that is watched. The role, the trail, the rules of each region, and
//! whether events really come; each day anew, since all of it is the customer's and may change.

use super::proof::{self, Knocks};
use super::verdict::{self, Verdict};
use super::watched::Watched;
use super::worker::Worked;
use super::{Job, Jobs, scan};
use crate::cloud::{Access, Cloud};
use crate::error::Failure;
use crate::ports::Queue;
use domain::health::{AccountHealth, RegionHealth, RoleProblem, RuleProblem, TrailProblem};
use domain::ids::{AccountId, Region};
use domain::setup::{Checkup, Finding};
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use store::{Table, Task};

/// Whoever asks, an account is not looked at more often.
const AT_MOST_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// What a look has found.
struct Seen {
    role: Result<(), RoleProblem>,
    trail: Result<(), TrailProblem>,
    /// Watched regions, with those among the others whose rules are as they should be.
    regions: Vec<RegionHealth>,
    /// Regions that are on, and that nobody watches.
    unwatched: Vec<Region>,
}

/// Has an account looked at in a moment, however often it is asked for.
pub async fn look_soon(table: &Table, account: &AccountId, now: Timestamp) -> Result<(), Failure> {
    let last = table.checkup(account).await?.map(|checkup| checkup.at);
    let earliest = last.and_then(|last| last.checked_add(AT_MOST_EVERY).ok());
    let task = Task::Check { account: account.clone() };
    Ok(table.set_due(&task, earliest.map_or(now, |earliest| earliest.max(now))).await?)
}

/// Looks at an account, keeps what was found, and says so where it has turned.
pub(crate) async fn check<C: Cloud, Q: Queue>(
    table: &Table,
    cloud: &C,
    queues: (Jobs<'_, Q>, &Q),
    (account, bus_arn): (&AccountId, &str),
    now: Timestamp,
) -> Result<Worked, Failure> {
    let Some(watched) = Watched::of(table, account).await? else {
        return Ok(Worked::Ignored("the account is not looked into"));
    };
    let task = Task::Check { account: account.clone() };
    // First of all: whatever becomes of this look, there is a next one.
    table.set_due(&task, proof::next_look(None, now)).await?;
    let (degraded, next) = look(table, cloud, queues, (&watched, bus_arn), now).await?;
    table.set_due(&task, next).await?;
    Ok(Worked::Checked { degraded })
}

/// Whether the account is degraded, and when to look again.
async fn look<C: Cloud, Q: Queue>(
    table: &Table,
    cloud: &C,
    (jobs, alerts): (Jobs<'_, Q>, &Q),
    (watched, bus_arn): (&Watched, &str),
    now: Timestamp,
) -> Result<(bool, Timestamp), Failure> {
    let account = &watched.connection.account;
    let before = table.checkup(account).await?;
    let seen = see(cloud, watched, bus_arn).await?;
    let mut verdict = judge(table, before.as_ref(), (account, &seen), now).await?;
    let checkup = prove(cloud, watched, (before.as_ref(), &mut verdict), now).await?;
    let degraded = verdict::settle(table, alerts, (account, &verdict), checkup, now).await?;
    // What begins with an account is on its way already when it is first looked at.
    if verdict.is_usable && before.is_some() {
        go_on_with(table, jobs, account, now).await?;
    }
    Ok((degraded, next_look(table, (account, &seen), now).await?))
}

/// The verdict as it is kept, with a knock where it is time for one. Where none could be made, that is
/// found, and stays so until one was.
async fn prove<C: Cloud>(
    cloud: &C,
    watched: &Watched,
    (before, verdict): (Option<&Checkup>, &mut Verdict),
    now: Timestamp,
) -> Result<Checkup, Failure> {
    let mut made = Vec::new();
    if verdict.is_usable {
        let (knocked, found) = knock(cloud, watched, (before, &verdict.regions), now).await?;
        verdict.findings.extend(found);
        made = knocked;
    }
    let checkup = verdict.checkup(before, now);
    if made.is_empty() {
        // What has to come back is still the last knock that there was.
        return Ok(checkup);
    }
    Ok(Checkup { regions: made, knocked_at: Some(now), ..checkup })
}

/// Knocks if it is time for it: where that was done, and what is found where it could not be; else
/// what was found the last time.
async fn knock<C: Cloud>(
    cloud: &C,
    watched: &Watched,
    (before, regions): (Option<&Checkup>, &[Region]),
    now: Timestamp,
) -> Result<(Vec<Region>, Vec<Finding>), Failure> {
    if !proof::is_due(before, now) {
        let is_watched = |of: &Region| regions.contains(of);
        let found = proof::unproven(before).filter(|it| it.region.as_ref().is_some_and(is_watched));
        return Ok((Vec::new(), found.cloned().collect()));
    }
    match proof::knock(cloud, &watched.access, regions).await {
        // The next look finds out why.
        Err(Failure::Gone(_)) => Ok((Vec::new(), Vec::new())),
        knocks => knocks.map(|Knocks { made, failed }| {
            (made, failed.iter().map(|region| proof::not_knocked(region, before)).collect())
        }),
    }
}

/// Sends for what was broken off (the role was lost, the account paused, somebody died), and for a
/// new scan where it is time for one.
async fn go_on_with<Q: Queue>(
    table: &Table,
    jobs: Jobs<'_, Q>,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut wanted = Vec::new();
    if scan::is_wanted(table.scan_progress(account).await?.as_ref(), now) {
        wanted.push((scan::SCAN, Job::Scan { account: account.clone() }));
    }
    let rehearsed = table.rehearsal_progress(account).await?;
    if rehearsed.is_none_or(|progress| progress.finished_at.is_none()) {
        wanted.push((scan::REHEARSAL, Job::Rehearse { account: account.clone() }));
    }
    for (claim, job) in wanted {
        if !table.is_at_work((claim, account.as_str()), now).await? {
            jobs.give([job]).await?;
        }
    }
    Ok(())
}

async fn next_look(
    table: &Table,
    (account, seen): (&AccountId, &Seen),
    now: Timestamp,
) -> Result<Timestamp, Failure> {
    if matches!(seen.role, Err(RoleProblem::Unreachable(_))) {
        return Ok(now.checked_add(proof::COMES_BACK).unwrap_or(Timestamp::MAX));
    }
    let checkup = table.checkup(account).await?;
    Ok(proof::next_look(checkup.as_ref(), now))
}

/// All that is to be seen. A role that is lost on the way was lost.
async fn see<C: Cloud>(cloud: &C, watched: &Watched, bus_arn: &str) -> Result<Seen, Failure> {
    let role = cloud.check_role(&watched.access).await?;
    if !Seen::blind(role.clone()).is_usable() {
        return Ok(Seen::blind(role));
    }
    match see_inside(cloud, watched, bus_arn).await {
        Ok(seen) => Ok(Seen { role, ..seen }),
        Err(Failure::Gone(_)) => Ok(Seen::blind(Err(RoleProblem::NoSuchRoleOrNotOurs))),
        Err(failure) => Err(failure),
    }
}

async fn see_inside<C: Cloud>(
    cloud: &C,
    watched: &Watched,
    bus_arn: &str,
) -> Result<Seen, Failure> {
    let access = &watched.access;
    let on = regions(cloud, watched).await?;
    let rules = async |region: Region| (cloud.check_rules(access, &region, bus_arn).await, region);
    let looks = stream::iter(on).map(rules).buffered(proof::AT_ONCE);
    let looks = looks.collect::<Vec<_>>().await;
    // Where none of them answers it is AWS that is away, and no region's fault.
    let one_answers = looks.iter().any(|(rules, _)| !rules.as_ref().is_err_and(is_passing));
    let mut seen = Seen::blind(Ok(()));
    for (rules, region) in looks {
        let is_watched = watched.regions.contains(&region);
        match unless_gone(rules, one_answers)? {
            Err(problem) if !is_watched && !problem.is_only_old() => seen.unwatched.push(region),
            rules => seen.regions.push(RegionHealth { region, rules, last_event_at: None }),
        }
    }
    seen.trail = trail(cloud, access, &seen.names()).await?;
    Ok(seen)
}

/// The regions that are on; the watched ones where AWS does not list them.
async fn regions<C: Cloud>(cloud: &C, watched: &Watched) -> Result<Vec<Region>, Failure> {
    match cloud.regions(&watched.access).await {
        Err(Failure::Reject(why) | Failure::Closed(why)) => {
            tracing::warn!(why, "the regions of an account cannot be listed");
            Ok(watched.regions.clone())
        }
        listed => listed,
    }
}

/// A trail that cannot be judged keeps nothing from being said of the rest.
async fn trail<C: Cloud>(
    cloud: &C,
    access: &Access,
    regions: &[Region],
) -> Result<Result<(), TrailProblem>, Failure> {
    match cloud.check_trail(access, regions).await {
        Err(Failure::Reject(why) | Failure::Closed(why)) => Ok(Err(TrailProblem::NotReadable(why))),
        judged => judged,
    }
}

const fn is_passing(failure: &Failure) -> bool {
    matches!(failure, Failure::Retry(_) | Failure::Later(..))
}

/// One region that does not answer keeps nothing from being said of the others that do.
fn unless_gone(
    rules: Result<Result<(), RuleProblem>, Failure>,
    others_answer: bool,
) -> Result<Result<(), RuleProblem>, Failure> {
    match rules {
        Err(Failure::Reject(why) | Failure::Closed(why)) => Ok(Err(RuleProblem::NotReadable(why))),
        Err(failure) if others_answer && is_passing(&failure) => {
            tracing::warn!(why = %failure, "a region's rules cannot be seen just now");
            Ok(Err(RuleProblem::NotReadable("AWS did not answer there".to_owned())))
        }
        other => other,
    }
}

impl Seen {
    /// Nothing but the role.
    fn blind(role: Result<(), RoleProblem>) -> Self {
        Self { role, trail: Ok(()), regions: Vec::new(), unwatched: Vec::new() }
    }

    /// Whether the role lets us look, and may be used.
    fn is_usable(&self) -> bool {
        use RoleProblem::{ChangedRole, MissingActions};
        matches!(self.role, Ok(()) | Err(MissingActions(_) | ChangedRole(_)))
    }

    fn names(&self) -> Vec<Region> {
        self.regions.iter().map(|each| each.region.clone()).collect()
    }
}

/// What it comes to, together with what has come over the bus.
async fn judge(
    table: &Table,
    before: Option<&Checkup>,
    (account, seen): (&AccountId, &Seen),
    now: Timestamp,
) -> Result<Verdict, Failure> {
    let health = AccountHealth {
        role: seen.role.clone(),
        trail: seen.trail.clone(),
        regions: seen.regions.clone(),
        checked_at: now,
    };
    let mut findings: Vec<Finding> = health.problems().into_iter().map(Finding::from).collect();
    let fine = |region: &Region| {
        let come =
            |each: &RegionHealth| each.rules.as_ref().err().is_none_or(RuleProblem::is_only_old);
        seen.regions.iter().any(|each| each.region == *region && come(each))
    };
    // Without a trail nothing can come, and without rules: that is said already.
    if seen.trail.is_ok()
        && let Some(before) = before
    {
        let beats = table.heartbeats(account).await?;
        let silent = proof::silent(before, &beats, now).into_iter();
        findings.extend(silent.filter(fine).map(|region| proof::finding(&region)));
    }
    findings.extend(verdict::unwatched(&seen.unwatched));
    Ok(Verdict { findings, regions: seen.names(), is_usable: seen.is_usable() })
}
