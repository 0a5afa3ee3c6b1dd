//! Leave: what lies with others of a tenant who is being deleted. While it can be taken back his
//! subscription is only let end with what is paid; when everything goes it is ended at once, and the
//! right to post is given back. Stripe keeps who the customer was: invoices have to be kept.

use super::Payments;
use super::dun::tell;
use super::follow::refresh;
use crate::error::Failure;
use crate::leaving;
use crate::ports::Lines;
use crate::tell::Telling;
use domain::card::Note;
use domain::governance::called;
use domain::plan::{Subscription, SubscriptionStatus};
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
        return come_back(table, payments, lines, (scope, leaving), now).await;
    }
    if leaving.begun_at.is_some() {
        part(table, payments, lines, (scope, leaving), now).await?;
        return Ok(Some(Telling::Nothing));
    }
    // Neither waits for the other: a Stripe that is away keeps nobody from hearing of it.
    let (name, note) = (name(scope, &leaving, "asked"), goes(&leaving));
    let told = tell(table, lines, scope, (("leaving", &name), &note), now).await;
    let_end(table, payments, scope, leaving, now).await?;
    told.map(Some)
}

/// Takes back what others were told, and tells people, once all accounts are back.
async fn come_back<L: Lines>(
    table: &Table,
    payments: &impl Payments,
    lines: &L,
    (scope, leaving): (&TenantScope, Leaving),
    now: Timestamp,
) -> Result<Option<Telling>, Failure> {
    let connections = table.connections(scope).await?;
    if connections.iter().any(|each| leaving.has_down(each)) {
        // Whoever brings them back asks for this once more.
        return Ok(Some(Telling::Nothing));
    }
    // Money first: no Slack that is away may cost a subscription.
    let (leaving, ended) = stay(table, payments, scope, leaving, now).await?;
    let (name, note) = (name(scope, &leaving, "undone"), stays(ended));
    tell(table, lines, scope, (("leaving", &name), &note), now).await?;
    // Nothing says any more that it was asked for.
    table.stay(scope, &leaving).await?;
    Ok(None)
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
) -> Result<(), Failure> {
    let refreshed = refresh(table, payments, scope, now).await?;
    if let Some(page) = &refreshed.kept.billing.checkout {
        payments.expire_checkout(page).await?;
    }
    let runs = |each: &Subscription| each.status.is_running() && !each.cancel_at_period_end;
    let Some(subscription) = refreshed.counts.filter(runs) else { return Ok(()) };
    change(table, scope, Leaving { ends_subscription: true, ..leaving }).await?;
    payments.end_with_period(&subscription, true).await?;
    refresh(table, payments, scope, now).await.map(drop)
}

/// Takes back what Stripe was told; whether the subscription had ended meanwhile.
async fn stay(
    table: &Table,
    payments: &impl Payments,
    scope: &TenantScope,
    leaving: Leaving,
    now: Timestamp,
) -> Result<(Leaving, bool), Failure> {
    if !leaving.ends_subscription {
        return Ok((leaving, false));
    }
    let counts = refresh(table, payments, scope, now).await?.counts;
    let running = counts.filter(|each| each.status.is_running());
    if let Some(subscription) = running.as_ref().filter(|each| each.cancel_at_period_end) {
        payments.end_with_period(subscription, false).await?;
    }
    let leaving = change(table, scope, Leaving { ends_subscription: false, ..leaving }).await?;
    Ok((leaving, running.is_none()))
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
    leaving::change(table, scope, leaving).await?.ok_or_else(leaving::somebody_else)
}

fn goes(leaving: &Leaving) -> Note {
    let (by, until) = (called(&leaving.asked_by), words::time(leaving.purge_at));
    Note::new("dd0c/cost: all of your team's accounts and data are being deleted.").with([
        format!("{by} asked for it on {}. Nothing is alerted any more.", words::time(leaving.asked_at)),
        format!("On any page of the dashboard it can be taken back until {until}. Then all data go, and we leave this workspace."),
    ])
}

fn stays(subscription_ended: bool) -> Note {
    let note = Note::new("dd0c/cost: the deletion was taken back.");
    if subscription_ended {
        return note.with([
            "What was paid for ended meanwhile, and so did the subscription: all accounts but the \
             first are paused until somebody subscribes again, under Billing in the dashboard.",
        ]);
    }
    note.with(["All accounts are watched again as they were before."])
}
