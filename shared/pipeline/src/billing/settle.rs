//! Settle: what a tenant pays for and what he has are brought together. Accounts beyond his tier are
//! paused, paid ones are watched again, and as many are paid for as are active. It may be broken off
//! anywhere and repeated.

use super::dun::dun;
use super::follow::{Refreshed, refresh};
use super::leave::leave;
use super::{Payments, accounts, change, key};
use crate::error::Failure;
use crate::lifecycle;
use crate::ports::Lines;
use crate::tell::Telling;
use domain::governance::Asker;
use domain::plan::{Billing, Dunning, Subscription, Tier, accounts_allowed, dunning};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::{AccountStatus, Connection, Kept, Table, Task, TenantScope, Work};

/// How long one has before somebody else may; longer than a function lives.
const CLAIM: SignedDuration = SignedDuration::from_mins(3);
/// Until then it is asked for again after so long.
const AGAIN: Duration = Duration::from_secs(20);
/// What failed is looked at again after so long, whatever becomes of its message.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_hours(1);
/// Who pays is looked at so often, should an event be lost.
const LOOK: SignedDuration = SignedDuration::from_hours(24);

/// What settling did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Accounts that are watched now.
    pub active: u64,
    /// Accounts that are paused from now on.
    pub paused: u64,
    /// Accounts that are watched again.
    pub resumed: u64,
    /// Accounts that are paid for from now on, where that was changed.
    pub quantity: Option<u64>,
    /// Subscriptions that ran beside the one that counts and were ended.
    pub ended: u64,
    /// What people were told.
    pub told: Telling,
}

/// Brings together what a tenant pays for and what he has, and says when to look again. One at a
/// time for each tenant: who counts earlier must not set later.
pub async fn settle<L: Lines>(
    table: &Table,
    payments: &impl Payments,
    lines: &L,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<Settled, Failure> {
    let work = ("billing", scope.tenant().as_str());
    let until = now.checked_add(CLAIM).unwrap_or(Timestamp::MAX);
    if table.claim_work(work, (now, until)).await? != Work::Ours {
        return Err(Failure::Later(AGAIN, "somebody else is settling for this tenant".to_owned()));
    }
    let settled = Box::pin(settle_alone(table, payments, lines, scope, now)).await;
    table.release_work(work).await?;
    if settled.is_err() {
        look_again(table, scope, now.checked_add(AFTER_FAILURE).unwrap_or(now)).await?;
    }
    settled
}

async fn settle_alone<L: Lines>(
    table: &Table,
    payments: &impl Payments,
    lines: &L,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<Settled, Failure> {
    if let Some(told) = Box::pin(leave(table, payments, lines, scope, now)).await? {
        let (active, paused, resumed, quantity, ended) = (0, 0, 0, None, 0);
        return Ok(Settled { active, paused, resumed, quantity, ended, told });
    }
    let Refreshed { kept, counts, ended } = refresh(table, payments, scope, now).await?;
    let (kept, told) = dun(table, lines, scope, kept, now).await?;
    let (active, paused, resumed) = pause(table, scope, &kept, now).await?;
    let paid = counts.filter(|_| kept.billing.tier == Tier::Pro);
    let quantity = pay_for(table, payments, (scope, &kept), paid.as_ref(), (active, now)).await?;
    if let Some(next) = next_look(&kept.billing, now) {
        look_again(table, scope, next).await?;
    }
    Ok(Settled { active, paused, resumed, quantity, ended, told })
}

/// When to look again; `None` for who has never paid.
fn next_look(billing: &Billing, now: Timestamp) -> Option<Timestamp> {
    billing.customer.as_ref()?;
    let look = now.checked_add(LOOK).unwrap_or(Timestamp::MAX);
    Some(match dunning(billing, now) {
        Dunning::Wait { until } => look.min(until),
        _ => look,
    })
}

/// Not later than this; what has been set to a sooner time meanwhile stays.
async fn look_again(table: &Table, scope: &TenantScope, at: Timestamp) -> Result<(), Failure> {
    let task = Task::Billing { tenant: scope.tenant().clone() };
    table.set_due_by(&task, at).await?;
    Ok(())
}

/// Pauses what is beyond the tier, and watches again what is within it: how many are active, were
/// paused and were resumed. Of a tenant whom operators have connected and who never asked for an
/// account himself nothing is paused.
async fn pause(
    table: &Table,
    scope: &TenantScope,
    kept: &Kept,
    now: Timestamp,
) -> Result<(u64, u64, u64), Failure> {
    let allowed = accounts_allowed(&kept.billing).filter(|_| kept.version > 0);
    let (mut active, mut paused, mut resumed) = (0, 0, 0);
    for connection in accounts(table, scope).await? {
        let within = allowed.is_none_or(|allowed| active < allowed);
        active += u64::from(within);
        match (within, connection.status) {
            (false, AccountStatus::Paused) => {}
            (false, _) => {
                set(table, scope, &connection, AccountStatus::Paused, now).await?;
                paused += 1;
            }
            (true, AccountStatus::Paused) => {
                set(table, scope, &connection, AccountStatus::Active, now).await?;
                resumed += 1;
            }
            (true, _) => {}
        }
    }
    Ok((active, paused, resumed))
}

async fn set(
    table: &Table,
    scope: &TenantScope,
    before: &Connection,
    status: AccountStatus,
    now: Timestamp,
) -> Result<(), Failure> {
    let after = Connection { status, ..before.clone() };
    let (what, why) = match status {
        AccountStatus::Paused => ("pause", "it is beyond the free tier"),
        _ => ("resume", "it is within the tier"),
    };
    let both = (Some(before), &after);
    let entry = lifecycle::entry(what, &Asker::Rules, both, why.to_owned(), now);
    if table.change_connection(scope, before, &after, &entry).await? {
        tracing::info!(change = %entry, "an account was paused or resumed");
        return Ok(());
    }
    Err(Failure::Retry("somebody else is changing this account".to_owned()))
}

/// Sets how many accounts are paid for to how many are active, where it differs.
async fn pay_for(
    table: &Table,
    payments: &impl Payments,
    (scope, kept): (&TenantScope, &Kept),
    subscription: Option<&Subscription>,
    (active, now): (u64, Timestamp),
) -> Result<Option<u64>, Failure> {
    let differs = |each: &&Subscription| each.quantity != active;
    let Some(subscription) = subscription.filter(differs) else { return Ok(None) };
    // The version makes it another call each time: two, three and two again are three changes.
    let of = format!("{}\n{active}\n{}", subscription.id, kept.version);
    let quantity = payments.set_quantity(subscription, active, &key("quantity", &of)).await?;
    let after = Billing { quantity: Some(quantity), ..kept.billing.clone() };
    change(table, scope, kept, after, ("", now)).await?;
    Ok(Some(quantity))
}
