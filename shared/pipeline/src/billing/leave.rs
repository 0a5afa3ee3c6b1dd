//! Leave: what lies with others of a tenant who is being deleted. While it can be taken back his
//! subscription is only let end with what is paid; when everything goes it is ended at once, and the
//! right to post is given back. Stripe keeps who the customer was: invoices have to be kept.

use super::Payments;
use super::dun::tell;
use super::follow::refresh;
use crate::error::Failure;
use crate::leaving::end_undo;
use crate::ports::Lines;
use crate::tell::Telling;
use domain::card::Note;
use domain::governance::called;
use domain::plan::SubscriptionStatus;
use domain::words;
use jiff::{SignedDuration, Timestamp};
use store::{Leaving, Table, TenantScope};

/// A Slack that does not take its token back is waited for so long: no promise may hang on it, and the
/// token is forgotten all the same.
const SLACK_MAY_TAKE: SignedDuration = SignedDuration::from_hours(12);

/// Does what is to be done with others about a tenant who leaves, or has stayed. `None` where what he
/// pays and what he has are to be brought together as ever.
pub(super) async fn leave<L: Lines>(
    table: &Table,
    payments: &impl Payments,
    lines: &L,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<Option<Telling>, Failure> {
    let Some(leaving) = table.leaving(scope).await? else { return Ok(None) };
    if !leaving.holds() {
        let (name, note) = (name(scope, &leaving, "undone"), stays());
        tell(table, lines, scope, (("leaving", &name), &note), now).await?;
        stay(table, payments, scope, leaving, now).await?;
        return Ok(None);
    }
    if leaving.begun_at.is_some() {
        part(table, payments, lines, (scope, leaving), now).await?;
        return Ok(Some(Telling::Nothing));
    }
    let note = goes(&leaving);
    let leaving = let_end(table, payments, scope, leaving, now).await?;
    let work = ("leaving", &*name(scope, &leaving, "asked"));
    tell(table, lines, scope, (work, &note), now).await.map(Some)
}

/// As the purge forgets it.
fn name(scope: &TenantScope, leaving: &Leaving, what: &str) -> String {
    format!("{}#{}#{what}", scope.tenant(), leaving.asked_at)
}

/// Noted first: who dies in between has it taken back all the same. Who has ended his subscription
/// himself has ended it whatever becomes of this.
async fn let_end(
    table: &Table,
    payments: &impl Payments,
    scope: &TenantScope,
    leaving: Leaving,
    now: Timestamp,
) -> Result<Leaving, Failure> {
    let counts = refresh(table, payments, scope, now).await?.counts;
    let runs = counts.filter(|each| each.status.is_running() && !each.cancel_at_period_end);
    let Some(subscription) = runs else { return Ok(leaving) };
    let leaving = Leaving { ends_subscription: true, ..leaving };
    let leaving = change(table, scope, leaving).await?;
    payments.end_with_period(&subscription, true).await?;
    refresh(table, payments, scope, now).await?;
    Ok(leaving)
}

async fn stay(
    table: &Table,
    payments: &impl Payments,
    scope: &TenantScope,
    leaving: Leaving,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut leaving = leaving;
    if leaving.ends_subscription {
        let counts = refresh(table, payments, scope, now).await?.counts;
        let ends = counts.filter(|each| each.status.is_running() && each.cancel_at_period_end);
        if let Some(subscription) = ends {
            payments.end_with_period(&subscription, false).await?;
        }
        leaving = change(table, scope, Leaving { ends_subscription: false, ..leaving }).await?;
    }
    end_undo(table, scope, &leaving).await
}

async fn part<L: Lines>(
    table: &Table,
    payments: &impl Payments,
    lines: &L,
    (scope, leaving): (&TenantScope, Leaving),
    now: Timestamp,
) -> Result<(), Failure> {
    if leaving.parted_at.is_some() {
        return Ok(());
    }
    end_all(table, payments, scope).await?;
    if let Err(failure) = lines.part(scope).await {
        let since = leaving.begun_at.unwrap_or(now);
        if now.duration_since(since) < SLACK_MAY_TAKE {
            return Err(failure);
        }
        tracing::warn!(why = %failure, "a right to post was not given back; it is forgotten");
    }
    change(table, scope, Leaving { parted_at: Some(now), ..leaving }).await.map(drop)
}

/// Ends all that he pays, and closes the page on which he might subscribe anew.
async fn end_all(
    table: &Table,
    payments: &impl Payments,
    scope: &TenantScope,
) -> Result<(), Failure> {
    let billing = table.billing(scope).await?.billing;
    let Some(customer) = &billing.customer else { return Ok(()) };
    if let Some(page) = &billing.checkout {
        payments.expire_checkout(page).await?;
    }
    let waits = |status| status == SubscriptionStatus::Incomplete;
    for subscription in payments.subscriptions(customer).await? {
        if subscription.status.is_running() || waits(subscription.status) {
            payments.cancel_subscription(&subscription).await?;
        }
    }
    Ok(())
}

async fn change(table: &Table, scope: &TenantScope, leaving: Leaving) -> Result<Leaving, Failure> {
    if table.change_leaving(scope, &leaving, None).await? {
        return Ok(Leaving { version: leaving.version + 1, ..leaving });
    }
    Err(Failure::Retry("somebody else is changing this tenant".to_owned()))
}

fn goes(leaving: &Leaving) -> Note {
    let (by, until) = (called(&leaving.asked_by), words::time(leaving.purge_at));
    Note::new("dd0c/cost: all of your team's accounts and data are being deleted.").with([
        format!("{by} asked for it on {}. Nothing is alerted any more.", words::time(leaving.asked_at)),
        format!("Under Settings in the dashboard it can be taken back until {until}. Then all data go, and we leave this workspace."),
    ])
}

fn stays() -> Note {
    Note::new("dd0c/cost: the deletion was taken back.")
        .with(["All accounts are watched again as they were before."])
}
