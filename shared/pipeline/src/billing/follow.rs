//! Follow: something has changed at Stripe. What the event says is not believed further than whom it
//! is about; Stripe is asked, and what it says now is kept. So events may come in any order, twice
//! and late.

use super::message::{CHECKOUT_COMPLETED, KINDS, StripeEvent};
use super::{Payments, change};
use crate::error::Failure;
use crate::once::once;
use domain::plan::{Billing, Subscription, Tier};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::{Kept, Table, Task, TenantScope};

/// How long one has to ask Stripe before somebody else may.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);
/// Until then it is asked for again after so long; so is a customer that is not known yet.
const AGAIN: Duration = Duration::from_secs(30);
/// An event of a customer that is not known by then is of nobody.
const KNOWN_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// What Stripe says now is kept.
    Kept(Tier),
    /// It was followed before.
    Before,
    /// It says nothing of what is paid.
    Ignored,
    /// It names a tenant that is another customer: nothing is changed.
    OfAnother,
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
            Some(scope) => scope,
            None => return Ok(Followed::OfAnother),
        },
    };
    let (kept, _) = refresh(table, payments, &scope, now).await?;
    let task = Task::Billing { tenant: scope.tenant().clone() };
    table.set_due(&task, now).await?;
    Ok(Followed::Kept(kept.billing.tier))
}

/// Whose a customer is that we do not know: of the tenant that we made the page for, unless he is
/// another customer already.
async fn bind(
    table: &Table,
    customer: &str,
    event: &StripeEvent,
    now: Timestamp,
) -> Result<Option<TenantScope>, Failure> {
    let tenant = event.tenant.clone().filter(|_| event.kind == CHECKOUT_COMPLETED);
    let scope = tenant.and_then(|tenant| Task::Billing { tenant }.scope());
    let Some(scope) = scope else { return Err(unknown(event, now)) };
    let kept = table.billing(&scope).await?;
    if kept.billing.customer.is_some() {
        tracing::error!("somebody has paid as another customer than his tenant is");
        return Ok(None);
    }
    let after = Billing { customer: Some(customer.to_owned()), ..kept.billing.clone() };
    change(table, &scope, &kept, after, ("", now)).await?;
    Ok(Some(scope))
}

/// Events overtake each other: whose it is may be told by the next one.
fn unknown(event: &StripeEvent, now: Timestamp) -> Failure {
    let why = "an event is of a customer that is no tenant".to_owned();
    if now.duration_since(event.created) < KNOWN_WITHIN {
        return Failure::Later(AGAIN, why);
    }
    Failure::Reject(why)
}

/// Asks Stripe and keeps what it says, with the subscription that counts. Who was asked before
/// somebody else kept something is asked again: what is kept is never older than what was there.
pub(super) async fn refresh(
    table: &Table,
    payments: &impl Payments,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<(Kept, Option<Subscription>), Failure> {
    let kept = table.billing(scope).await?;
    let Some(customer) = &kept.billing.customer else { return Ok((kept, None)) };
    let subscriptions = payments.subscriptions(customer).await?;
    let after = kept.billing.follow(&subscriptions, now);
    let counts =
        subscriptions.into_iter().find(|each| Some(&each.id) == after.subscription.as_ref());
    let status = after.status.map_or("there is no subscription", |status| status.code());
    let why = format!("Stripe says: {status}");
    let kept = change(table, scope, &kept, after, (&why, now)).await?;
    Ok((kept, counts))
}
