//! Follow: something has changed at Stripe. What the event says is not believed further than whom it
//! is about; Stripe is asked, and what it says now is kept. So events may come in any order, twice
//! and late.

use super::message::{CHECKOUT_COMPLETED, KINDS, StripeEvent};
use super::{Payments, change};
use crate::error::Failure;
use crate::once::once;
use domain::plan::{Billing, Subscription, Tier, surplus};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::{Kept, Table, Task, TenantScope};

/// How long one has to ask Stripe before somebody else may.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);
/// Until then it is asked for again after so long.
const AGAIN: Duration = Duration::from_secs(30);

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// What Stripe says now is kept.
    Kept(Tier),
    /// The same; so many subscriptions ran beside the one that counts and were ended.
    Ended(Tier, u64),
    /// It was followed before.
    Before,
    /// It says nothing of what is paid.
    Ignored,
    /// It names a tenant that is another customer: nothing is changed.
    OfAnother,
    /// It is of a customer that is no tenant of ours: another product has the same account at Stripe.
    Foreign,
}

/// Follows an event, once.
pub async fn follow(
    table: &Table,
    payments: &impl Payments,
    event: &StripeEvent,
    now: Timestamp,
) -> Result<Followed, Failure> {
    if !KINDS.contains(&event.kind.as_str()) {
        return Ok(Followed::Ignored);
    }
    let work = ("stripe", event.id.as_str());
    let followed =
        once(table, work, (now, CLAIM, AGAIN), Box::pin(take(table, payments, event, now)));
    Ok(followed.await?.unwrap_or(Followed::Before))
}

async fn take(
    table: &Table,
    payments: &impl Payments,
    event: &StripeEvent,
    now: Timestamp,
) -> Result<Followed, Failure> {
    let Some(customer) = &event.customer else { return Ok(Followed::Ignored) };
    let scope = match table.tenant_of_customer(customer).await? {
        Some(scope) => scope,
        None => match bind(table, customer, event, now).await? {
            Ok(scope) => scope,
            Err(not_ours) => return Ok(not_ours),
        },
    };
    let Refreshed { kept, ended, .. } = refresh(table, payments, &scope, now).await?;
    let task = Task::Billing { tenant: scope.tenant().clone() };
    table.set_due(&task, now).await?;
    let tier = kept.billing.tier;
    Ok(if ended == 0 { Followed::Kept(tier) } else { Followed::Ended(tier, ended) })
}

/// Whose a customer is that we do not know: of the tenant that we made the page for, unless he is
/// another customer already. Of all others nothing has to be waited for: when a page tells whose they
/// are, Stripe is asked for all that was missed.
async fn bind(
    table: &Table,
    customer: &str,
    event: &StripeEvent,
    now: Timestamp,
) -> Result<Result<TenantScope, Followed>, Failure> {
    let tenant = event.tenant.clone().filter(|_| event.kind == CHECKOUT_COMPLETED);
    let scope = tenant.and_then(|tenant| Task::Billing { tenant }.scope());
    let Some(scope) = scope else { return Ok(Err(Followed::Foreign)) };
    let kept = table.billing(&scope).await?;
    if kept.billing.customer.is_some() {
        tracing::error!("somebody has paid as another customer than his tenant is");
        return Ok(Err(Followed::OfAnother));
    }
    // Others call things by names that look like those of tenants.
    if kept.version == 0 && table.connections(&scope).await?.is_empty() {
        return Ok(Err(Followed::Foreign));
    }
    let after = Billing { customer: Some(customer.to_owned()), ..kept.billing.clone() };
    change(table, &scope, &kept, after, ("", now)).await?;
    Ok(Ok(scope))
}

/// What came of asking Stripe.
pub(super) struct Refreshed {
    /// How the tenant stands.
    pub(super) kept: Kept,
    /// The subscription that counts.
    pub(super) counts: Option<Subscription>,
    /// Subscriptions that ran beside it and were ended.
    pub(super) ended: u64,
}

/// Asks Stripe and keeps what it says, with the subscription that counts; others beside it, which would
/// be paid twice, are ended. Who was asked before somebody else kept something is asked again: what is
/// kept is never older than what was there.
pub(super) async fn refresh(
    table: &Table,
    payments: &impl Payments,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<Refreshed, Failure> {
    let kept = table.billing(scope).await?;
    let Some(customer) = &kept.billing.customer else {
        return Ok(Refreshed { kept, counts: None, ended: 0 });
    };
    let subscriptions = payments.subscriptions(customer).await?;
    let ended = end_surplus(payments, &subscriptions).await?;
    let after = kept.billing.follow(&subscriptions, now);
    let counts =
        subscriptions.into_iter().find(|each| Some(&each.id) == after.subscription.as_ref());
    let status = after.status.map_or("there is no subscription", |status| status.code());
    let why = format!("Stripe says: {status}");
    let kept = change(table, scope, &kept, after, (&why, now)).await?;
    Ok(Refreshed { kept, counts, ended })
}

/// Ends what a tenant would pay twice; how many subscriptions that were.
async fn end_surplus(
    payments: &impl Payments,
    subscriptions: &[Subscription],
) -> Result<u64, Failure> {
    let mut ended = 0;
    for each in surplus(subscriptions) {
        payments.cancel_subscription(each).await?;
        tracing::error!(
            subscription = %each.id,
            "a tenant had a second subscription: it was ended and is credited; see whether to pay back"
        );
        ended += 1;
    }
    Ok(ended)
}
