//! Scan: what costs money in an account and does nothing, region by region, part by part. It may be
//! broken off anywhere, and goes on with the part at which it was.

use super::watched::Watched;
use super::worker::Worked;
use super::{Job, Jobs};
use crate::cloud::{Cloud, Scanned};
use crate::error::Failure;
use crate::once::alone;
use crate::ports::Queue;
use domain::ids::{AccountId, Region};
use domain::setup::ScanProgress;
use domain::zombie::Part;
use jiff::{SignedDuration, Timestamp};
use store::{Table, Task};

/// How long one has to scan before somebody else may: a little longer than the function may run.
pub(crate) const CLAIM: SignedDuration = SignedDuration::from_mins(6);
/// The claim on a scan.
pub(crate) const SCAN: &str = "scan";
/// The claim on a rehearsal.
pub(crate) const REHEARSAL: &str = "rehearse";
/// How often a part is begun: one that is never done in time keeps the rest waiting no longer.
const TRIES: u32 = 3;
/// Between two scans.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Whether a scan is to begin.
pub(crate) fn is_due(progress: Option<&ScanProgress>, now: Timestamp) -> bool {
    let last = progress.map(|progress| progress.finished_at.unwrap_or(progress.began_at));
    last.is_none_or(|last| now.duration_since(last) >= WEEK)
}

/// Whether a scan is to be asked for, if nobody is at it: a new one, or the rest of one that was
/// broken off.
pub(crate) fn is_wanted(progress: Option<&ScanProgress>, now: Timestamp) -> bool {
    progress.is_some_and(|progress| progress.finished_at.is_none()) || is_due(progress, now)
}

/// Somebody else is at the work, and goes on with it. Should he have died, a look at the account
/// after his claim finds nobody at it.
pub(crate) async fn leave(
    table: &Table,
    account: &AccountId,
    now: Timestamp,
) -> Result<Worked, Failure> {
    let after = now.checked_add(CLAIM).unwrap_or(Timestamp::MAX);
    table.set_due(&Task::Check { account: account.clone() }, after).await?;
    Ok(Worked::Ignored("somebody else is at it"))
}

/// Scans the next parts, until `go_on` says that there is no more time.
pub(crate) async fn scan<C: Cloud, Q: Queue>(
    table: &Table,
    (cloud, jobs): (&C, Jobs<'_, Q>),
    account: &AccountId,
    now: Timestamp,
    go_on: &(impl Fn() -> bool + Sync),
) -> Result<Worked, Failure> {
    let Some(watched) = Watched::of(table, account).await? else {
        return Ok(Worked::Ignored("the account is not looked into"));
    };
    let scanned = scan_some(table, cloud, &watched, now, go_on);
    let job = match alone(table, (SCAN, account.as_str()), (now, CLAIM), scanned).await {
        Ok(Some(true)) => return Ok(Worked::Scanned { finished: true }),
        Ok(Some(false)) => Job::Scan { account: account.clone() },
        Ok(None) => return leave(table, account, now).await,
        // The role is lost: a look at the account says so, and goes on with it once it is back.
        Err(Failure::Gone(_)) => Job::Check { account: account.clone() },
        Err(failure) => return Err(failure),
    };
    jobs.give([job]).await?;
    Ok(Worked::Scanned { finished: false })
}

/// Whether it is done.
async fn scan_some<C: Cloud>(
    table: &Table,
    cloud: &C,
    watched: &Watched,
    now: Timestamp,
    go_on: &(impl Fn() -> bool + Sync),
) -> Result<bool, Failure> {
    let account = &watched.connection.account;
    let mut progress = begun(table.scan_progress(account).await?, watched, now);
    if progress.finished_at.is_some() {
        return Ok(true);
    }
    while let Some(place) = next(&mut progress) {
        let done = scan_part(table, cloud, (watched, &place), &mut progress, (now, go_on)).await;
        if done != Ok(true) {
            table.put_scan_progress(account, &progress).await?;
            return done;
        }
    }
    forget_others(table, account, &progress.of).await?;
    progress.finished_at = Some(now);
    table.put_scan_progress(account, &progress).await?;
    Ok(true)
}

/// The scan that goes on, or a new one.
fn begun(kept: Option<ScanProgress>, watched: &Watched, now: Timestamp) -> ScanProgress {
    match kept {
        Some(kept) if !is_due(Some(&kept), now) => kept,
        _ => ScanProgress { began_at: now, of: watched.regions.clone(), ..Default::default() },
    }
}

/// What is searched next; what was begun too often is set aside.
fn next(progress: &mut ScanProgress) -> Option<(Region, Part)> {
    loop {
        let region = progress.of.iter().find(|region| !progress.done.contains(region))?;
        let part = Part::ALL.into_iter().find(|part| !progress.parts.contains(part))?;
        let place = (region.clone(), part);
        if progress.tries.unwrap_or_default() < TRIES {
            return Some(place);
        }
        tracing::warn!(region = %place.0, part = part.code(), "a part is never done in time");
        set_aside(progress, &place);
    }
}

/// Whether there is no more to do there.
async fn scan_part<C: Cloud>(
    table: &Table,
    cloud: &C,
    (watched, place): (&Watched, &(Region, Part)),
    progress: &mut ScanProgress,
    (now, go_on): (Timestamp, &(impl Fn() -> bool + Sync)),
) -> Result<bool, Failure> {
    if !go_on() {
        return Ok(false);
    }
    let account = &watched.connection.account;
    // Said before it is begun: who dies at it has tried, too.
    progress.tries = Some(progress.tries.unwrap_or_default() + 1);
    table.put_scan_progress(account, progress).await?;
    let (calls, looked) = cloud.scan(&watched.access, (&place.0, place.1), now, go_on).await;
    progress.requests += calls.requests;
    progress.metrics += calls.metrics;
    keep(table, account, progress, (place, looked)).await
}

/// Keeps what became of a part; whether it is done with.
async fn keep(
    table: &Table,
    account: &AccountId,
    progress: &mut ScanProgress,
    (place, looked): (&(Region, Part), Result<Option<Scanned>, Failure>),
) -> Result<bool, Failure> {
    match looked {
        Ok(Some(scanned)) => {
            let Scanned { zombies, unlisted, .. } = &scanned;
            table.put_zombies(account, (&place.0, place.1), (zombies, unlisted)).await?;
            add(progress, &scanned);
            done(progress, place);
            Ok(true)
        }
        // There was no more time, or AWS may answer when it is asked once more.
        Ok(None) | Err(Failure::Retry(_)) => Ok(false),
        // The account as a whole; this part did not take long.
        Err(failure @ (Failure::Gone(_) | Failure::Later(..))) => {
            progress.tries = None;
            Err(failure)
        }
        Err(failure) => {
            tracing::warn!(region = %place.0, why = %failure, "a region could not be searched");
            set_aside(progress, place);
            Ok(true)
        }
    }
}

/// What was found there before stays; the other parts are searched all the same.
fn set_aside(progress: &mut ScanProgress, place: &(Region, Part)) {
    progress.unjudged.insert(format!("region {}", place.0), 1);
    done(progress, place);
}

/// A region is done with its last part.
fn done(progress: &mut ScanProgress, (region, part): &(Region, Part)) {
    progress.tries = None;
    progress.parts.push(*part);
    if Part::ALL.iter().all(|part| progress.parts.contains(part)) {
        progress.parts.clear();
        progress.done.push(region.clone());
    }
}

fn add(progress: &mut ScanProgress, scanned: &Scanned) {
    progress.zombies += scanned.zombies.len() as u64;
    for zombie in &scanned.zombies {
        if zombie.monthly.is_known() {
            progress.monthly += zombie.monthly.usd();
        }
    }
    for (check, _) in &scanned.unjudged {
        *progress.unjudged.entry(check.code().to_owned()).or_default() += 1;
    }
}

/// What was found in regions that are watched no more.
async fn forget_others(table: &Table, account: &AccountId, of: &[Region]) -> Result<(), Failure> {
    let mut others: Vec<Region> =
        table.zombies(account).await?.into_iter().map(|zombie| zombie.region).collect();
    others.retain(|region| !of.contains(region));
    others.dedup();
    for region in others {
        table.forget_zombies(account, &region).await?;
    }
    Ok(())
}
