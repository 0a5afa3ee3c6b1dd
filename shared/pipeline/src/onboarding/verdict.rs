//! Verdict: what was found in an account, what that makes of its connection, and that people hear of
//! it once.

use super::proof::UNASKED;
use crate::alert::{About, ask_to_tell};
use crate::error::Failure;
use crate::lifecycle;
use crate::ports::Queue;
use domain::governance::Asker;
use domain::health::RULES_OUTDATED;
use domain::ids::{AccountId, Region};
use domain::setup::{Checkup, Finding};
use jiff::Timestamp;
use store::{AccountStatus, Connection, Table};

/// How often a change is tried while others change the connection too.
const MAX_ATTEMPTS: usize = 5;
/// Findings that make no account degraded: it is as it was wanted or as it was made, or nobody can
/// tell.
const INFORMATION: [&str; 4] = [UNWATCHED, UNREACHABLE, RULES_OUTDATED, UNASKED];
const UNWATCHED: &str = "regions_unwatched";
const UNREACHABLE: &str = "role_unreachable";

/// What a look at an account comes to.
pub(crate) struct Verdict {
    /// What is not as it should be.
    pub(crate) findings: Vec<Finding>,
    /// The regions that are watched.
    pub(crate) regions: Vec<Region>,
    /// Whether the role could be used to look further.
    pub(crate) is_usable: bool,
}

impl Verdict {
    /// The status that follows; `None` where nobody can tell.
    fn status(&self) -> Option<AccountStatus> {
        let codes = || self.findings.iter().map(|finding| finding.code.as_str());
        if codes().any(|code| code == UNREACHABLE) {
            return None;
        }
        let degraded = codes().any(|code| !INFORMATION.contains(&code));
        Some(if degraded { AccountStatus::Degraded } else { AccountStatus::Active })
    }

    /// As it is kept, before it is known whether it has turned.
    pub(crate) fn checkup(&self, before: Option<&Checkup>, now: Timestamp) -> Checkup {
        Checkup {
            at: now,
            regions: before.map(|before| before.regions.clone()).unwrap_or_default(),
            findings: self.findings.clone(),
            knocked_at: before.and_then(|before| before.knocked_at),
            turned_at: before.and_then(|before| before.turned_at),
            told_of: before.and_then(|before| before.told_of),
        }
    }

    /// `role_changed, rules_missing in eu-west-1`
    fn in_words(&self) -> String {
        let one = |finding: &Finding| match &finding.region {
            Some(region) => format!("{} in {region}", finding.code),
            None => finding.code.clone(),
        };
        self.findings.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

/// What is said of regions that nobody watches.
pub(crate) fn unwatched(regions: &[Region]) -> Option<Finding> {
    let names: Vec<&str> = regions.iter().map(Region::as_str).collect();
    (!names.is_empty()).then(|| Finding {
        code: UNWATCHED.to_owned(),
        region: None,
        text: format!(
            "Nobody watches {}: they are switched on in the account, and a thief picks the region that \
             nobody watches. Update the stack dd0c-cost-readonly with them among its Regions; we notice \
             by ourselves.",
            names.join(", ")
        ),
    })
}

/// Keeps the verdict, changes the connection, and asks for people to be told where it has turned.
/// Whether the account is degraded now. In this order: who is broken off says it at the next try.
pub(crate) async fn settle<Q: Queue>(
    table: &Table,
    alerts: &Q,
    (account, verdict): (&AccountId, &Verdict),
    mut checkup: Checkup,
    now: Timestamp,
) -> Result<bool, Failure> {
    let status = status_of(table, account).await?;
    let wanted = verdict.status().or(status);
    if wanted != status {
        checkup.turned_at = Some(now);
    }
    table.put_checkup(account, &checkup).await?;
    change(table, (account, verdict), now).await?;
    if checkup.turned_at != checkup.told_of {
        let about = checkup.turned_at.map(|at| About::Health { at });
        ask_to_tell(alerts, account, about, now).await?;
        checkup.told_of = checkup.turned_at;
        table.put_checkup(account, &checkup).await?;
    }
    Ok(wanted == Some(AccountStatus::Degraded))
}

async fn status_of(table: &Table, account: &AccountId) -> Result<Option<AccountStatus>, Failure> {
    Ok(table.owner(account).await?.map(|owner| owner.status))
}

/// Active or degraded, and the regions whose rules were found to be in order.
async fn change(
    table: &Table,
    (account, verdict): (&AccountId, &Verdict),
    now: Timestamp,
) -> Result<(), Failure> {
    for _ in 0..MAX_ATTEMPTS {
        let Some(owner) = table.owner(account).await? else { return Ok(()) };
        let before = table.connection(&owner.scope, account).await?;
        let Some(before) = before.filter(|each| each.status.is_watched()) else {
            return Ok(());
        };
        let after = after(&before, verdict);
        if after == before {
            return Ok(());
        }
        let what = what(&before, &after);
        let why = verdict.in_words();
        let entry = lifecycle::entry(what, &Asker::Rules, (Some(&before), &after), why, now);
        if table.change_connection(&owner.scope, &before, &after, &entry).await? {
            return Ok(());
        }
    }
    Err(Failure::Retry("others are changing this account all the time".to_owned()))
}

fn after(before: &Connection, verdict: &Verdict) -> Connection {
    let mut after = before.clone();
    after.status = verdict.status().unwrap_or(before.status);
    if let Some(access) = after.access.as_mut().filter(|_| verdict.is_usable) {
        access.regions.extend(verdict.regions.iter().cloned());
        access.regions.sort();
        access.regions.dedup();
    }
    after
}

const fn what(before: &Connection, after: &Connection) -> &'static str {
    match (before.status, after.status) {
        (AccountStatus::Active, AccountStatus::Degraded) => "degrade",
        (AccountStatus::Degraded, AccountStatus::Active) => "recover",
        _ => "watch",
    }
}
