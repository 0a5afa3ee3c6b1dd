//! Scan: what costs money in an account and does nothing, region by region. It may be broken off
//! after each, and goes on there.

use super::Job;
use super::watched::Watched;
use super::worker::Worked;
use crate::cloud::{Cloud, Scanned};
use crate::error::Failure;
use crate::once::alone;
use crate::ports::{Message, Queue};
use domain::ids::{AccountId, Region};
use domain::setup::ScanProgress;
use jiff::{SignedDuration, Timestamp};
use store::{Table, Task};

/// How long one has to scan before somebody else may: a little longer than the function may run.
pub(crate) const CLAIM: SignedDuration = SignedDuration::from_mins(6);
/// The claim on a scan.
pub(crate) const SCAN: &str = "scan";
/// The claim on a rehearsal.
pub(crate) const REHEARSAL: &str = "rehearse";
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

/// Scans the next regions, until `go_on` says that there is no more time.
pub(crate) async fn scan<C: Cloud, Q: Queue>(
    table: &Table,
    (cloud, jobs): (&C, &Q),
    account: &AccountId,
    now: Timestamp,
    go_on: &impl Fn() -> bool,
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
    jobs.send(vec![Message::of(job.to_json())]).await?;
    Ok(Worked::Scanned { finished: false })
}

/// Whether it is done.
async fn scan_some<C: Cloud>(
    table: &Table,
    cloud: &C,
    watched: &Watched,
    now: Timestamp,
    go_on: &impl Fn() -> bool,
) -> Result<bool, Failure> {
    let account = &watched.connection.account;
    let mut progress = begun(table.scan_progress(account).await?, watched, now);
    if progress.finished_at.is_some() {
        return Ok(true);
    }
    while let Some(region) = next(&progress) {
        if !go_on() {
            table.put_scan_progress(account, &progress).await?;
            return Ok(false);
        }
        scan_region(table, cloud, (watched, &region), &mut progress, now).await?;
        progress.done.push(region);
        table.put_scan_progress(account, &progress).await?;
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

fn next(progress: &ScanProgress) -> Option<Region> {
    progress.of.iter().find(|region| !progress.done.contains(region)).cloned()
}

async fn scan_region<C: Cloud>(
    table: &Table,
    cloud: &C,
    (watched, region): (&Watched, &Region),
    progress: &mut ScanProgress,
    now: Timestamp,
) -> Result<(), Failure> {
    match cloud.scan(&watched.access, region, now).await {
        Ok(scanned) => {
            table.put_zombies(&watched.connection.account, region, &scanned.zombies).await?;
            add(progress, &scanned);
            Ok(())
        }
        // The account as a whole.
        Err(failure @ (Failure::Gone(_) | Failure::Later(..))) => Err(failure),
        // What was found there before stays; the other regions are searched all the same.
        Err(failure) => {
            tracing::warn!(%region, why = %failure, "a region could not be searched");
            *progress.unjudged.entry(format!("region {region}")).or_default() += 1;
            Ok(())
        }
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
    progress.requests += scanned.calls.requests;
    progress.metrics += scanned.calls.metrics;
}

/// What was found in regions that are watched no more.
async fn forget_others(table: &Table, account: &AccountId, of: &[Region]) -> Result<(), Failure> {
    let mut others: Vec<Region> =
        table.zombies(account).await?.into_iter().map(|zombie| zombie.region).collect();
    others.retain(|region| !of.contains(region));
    others.dedup();
    for region in others {
        table.put_zombies(account, &region, &[]).await?;
    }
    Ok(())
}
