//! Billing: what a tenant pays, and where he changes it.

use crate::caller::Person;
use crate::once::IdempotencyKey;
use crate::problem::{Code, Problem, Problems};
use crate::reply::{Money, Reply};
use domain::plan::{Billing, accounts_allowed, price_per_account};
use pipeline::billing::{self, Returns};
use serde::Serialize;
use utoipa::ToSchema;

/// What a tenant pays.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Billing)]
struct BillingView {
    /// `free` or `pro`.
    tier: String,
    /// Accounts that may be watched; none for any number.
    accounts_allowed: Option<u64>,
    /// Accounts that are watched.
    accounts: u64,
    /// What one of them costs a month on Pro.
    price_per_account: Money,
    /// Stripe's word for how the subscription stands.
    status: Option<String>,
    /// Until when it is paid.
    period_end: Option<String>,
    /// It ends then.
    cancel_at_period_end: bool,
    /// Since when a payment is missing.
    payment_failed_at: Option<String>,
}

/// Where to go.
#[derive(Debug, Serialize, ToSchema)]
struct Link {
    /// Address at Stripe; it holds for a while.
    #[schema(format = "uri")]
    url: String,
}

/// What you pay
#[utoipa::path(get, operation_id = "getBilling", path = "/billing", tag = "Billing",
    responses((status = 200, body = BillingView), Problems), security(("person" = [])))]
pub(crate) async fn get(Person(known): Person) -> Result<Reply, Problem> {
    let billing = billing::billing(known.table(), known.scope()).await?;
    let connections = known.table().connections(known.scope()).await?;
    let watched = connections.iter().filter(|connection| connection.status.is_watched());
    Ok(Reply::ok(&BillingView {
        tier: billing.tier.code().to_owned(),
        accounts_allowed: accounts_allowed(&billing),
        accounts: watched.count() as u64,
        price_per_account: price_per_account().into(),
        status: billing.status.map(|status| status.code().to_owned()),
        period_end: billing.period_end.map(|at| at.to_string()),
        cancel_at_period_end: billing.cancel_at_period_end,
        payment_failed_at: billing.payment_failed_at.map(|at| at.to_string()),
    }))
}

/// Upgrade to Pro: where to pay
///
/// The link is for one person now: it is not kept, and the same request again makes a new one.
#[utoipa::path(post, operation_id = "beginCheckout", path = "/billing/checkout", tag = "Billing",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Link), Problems), security(("person" = [])))]
pub(crate) async fn checkout(Person(known): Person, key: IdempotencyKey) -> Result<Reply, Problem> {
    let begun = |_| async {
        let stands = billing::billing(known.table(), known.scope()).await?;
        if let Some(detail) = why_not_subscribe(&stands) {
            return Err(Problem::because(Code::Conflict, detail));
        }
        let here = known.api.places.billing_page();
        let (paid, left) = (format!("{here}?checkout=done"), format!("{here}?checkout=cancelled"));
        let returns = Returns { paid: &paid, left: &left, portal: &here };
        let url = known.api.outside.checkout(known.scope(), returns, known.now).await?;
        Ok(Reply::ok(&Link { url }).not_kept())
    };
    key.once(&known, ("checkout", ""), begun).await
}

/// Why somebody cannot subscribe: he has. He may have nothing of it, where a payment is missing.
fn why_not_subscribe(stands: &Billing) -> Option<&'static str> {
    let status = stands.status.filter(|_| stands.is_subscribed())?;
    Some(if status.is_paid() {
        "You are on Pro already: the portal changes or ends it."
    } else {
        "A payment for your subscription is missing. Open the portal under Billing and pay it there, or \
         end the subscription: a second one would be paid twice."
    })
}

/// Change or end what you pay: where
///
/// The link is for one person now: it is not kept, and the same request again makes a new one.
#[utoipa::path(post, operation_id = "openPortal", path = "/billing/portal", tag = "Billing",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Link), Problems), security(("person" = [])))]
pub(crate) async fn portal(Person(known): Person, key: IdempotencyKey) -> Result<Reply, Problem> {
    let begun = |_| async {
        let back = known.api.places.billing_page();
        let Some(url) = known.api.outside.portal(known.scope(), &back).await? else {
            let detail = "You have never paid us anything: there is nothing to change.";
            return Err(Problem::because(Code::Conflict, detail));
        };
        Ok(Reply::ok(&Link { url }).not_kept())
    };
    key.once(&known, ("portal", ""), begun).await
}
