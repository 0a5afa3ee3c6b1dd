//! Billing: what a tenant may have and what he pays are brought together. Stripe knows what is paid;
//! whatever it tells us, it is asked again, and what it says then is kept ([`follow`]). What follows
//! from it, for accounts and for what is paid, is done in one place ([`settle`]).

mod checkout;
mod dun;
mod follow;
mod leave;
mod message;
mod settle;
mod work;

pub use checkout::{Returns, checkout, portal};
pub use follow::{Followed, follow};
pub use message::{BillingTask, KINDS, StripeEvent};
pub use settle::{Settled, settle};
pub use work::{Done, work};

use crate::error::Failure;
use domain::governance::{Asker, AuditEntry};
use domain::ids::TenantId;
use domain::plan::{Billing, Subscription, accounts_allowed};
use domain::words;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::fmt;
use store::{AccountStatus, BillingChange, Connection, Kept, Table, TenantScope};

/// Who takes the money. Each call that changes something has a key: said again with it, it is done
/// once.
pub trait Payments: Sync {
    /// Makes a customer, `cus_…`.
    fn create_customer(
        &self,
        tenant: &TenantId,
        key: &str,
    ) -> impl Future<Output = Result<String, Failure>> + Send;

    /// Makes a page on which a customer subscribes.
    fn create_checkout(
        &self,
        checkout: &Checkout<'_>,
        key: &str,
    ) -> impl Future<Output = Result<Page, Failure>> + Send;

    /// Closes such a page, by its id; says whether it was open. One that was closed, has run out or was
    /// paid on is not.
    fn expire_checkout(&self, page: &str) -> impl Future<Output = Result<bool, Failure>> + Send;

    /// Makes a page on which a customer changes how he pays: its address.
    fn create_portal(
        &self,
        customer: &str,
        return_url: &str,
        key: &str,
    ) -> impl Future<Output = Result<String, Failure>> + Send;

    /// All subscriptions of a customer, those that are over too.
    fn subscriptions(
        &self,
        customer: &str,
    ) -> impl Future<Output = Result<Vec<Subscription>, Failure>> + Send;

    /// Sets how many accounts are paid for; how many it says afterwards.
    fn set_quantity(
        &self,
        subscription: &Subscription,
        quantity: u64,
        key: &str,
    ) -> impl Future<Output = Result<u64, Failure>> + Send;

    /// Lets a subscription end with what is paid, or takes that back.
    fn end_with_period(
        &self,
        subscription: &Subscription,
        ends: bool,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Ends a subscription at once; what is paid beyond that is credited to the customer. One that is
    /// over stays so.
    fn cancel_subscription(
        &self,
        subscription: &Subscription,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// What somebody is to subscribe to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkout<'a> {
    /// For which tenant.
    pub tenant: &'a TenantId,
    /// Who he is to Stripe.
    pub customer: &'a str,
    /// For how many accounts, at least one.
    pub quantity: u64,
    /// Where he goes when he has paid.
    pub success_url: &'a str,
    /// Where he goes when he has not.
    pub cancel_url: &'a str,
}

/// A page on which somebody subscribes.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    /// `cs_…`
    pub id: String,
    /// Where it is: for who pays, and for nobody else.
    pub url: String,
}

/// Its address is for no log.
impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Another account needs the Pro tier, or that it is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpgradeRequired {
    /// Accounts that there are.
    pub accounts: u64,
    /// Accounts that there may be.
    pub allowed: u64,
    /// Whether he has subscribed, and a payment is missing.
    pub unpaid: bool,
}

impl fmt::Display for UpgradeRequired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let allowed = words::counted(self.allowed, "account");
        if self.unpaid {
            write!(f, "a payment is missing, and until it is made only {allowed} can be watched")
        } else {
            write!(f, "the free tier watches {allowed}; Pro watches any number")
        }
    }
}

impl UpgradeRequired {
    /// What to do, as a sentence.
    pub const fn remedy(self) -> &'static str {
        if self.unpaid { "Pay under Billing." } else { "Upgrade under Billing." }
    }
}

/// How a tenant stands, as far as we know.
pub async fn billing(table: &Table, scope: &TenantScope) -> Result<Billing, Failure> {
    Ok(table.billing(scope).await?.billing)
}

/// Whether a tenant may connect one more account. Who asks this is held to it from now on: of two
/// that were connected at the same moment, [`settle`] pauses the later one.
pub async fn may_connect(
    table: &Table,
    scope: &TenantScope,
) -> Result<Result<(), UpgradeRequired>, Failure> {
    let kept = table.billing(scope).await?;
    if kept.version == 0 {
        // Somebody else may be quicker: then it is there.
        table.change_billing(scope, &kept, kept.billing.clone(), None).await?;
    }
    let accounts = accounts(table, scope).await?.len() as u64;
    Ok(match accounts_allowed(&kept.billing) {
        Some(allowed) if accounts >= allowed => {
            let unpaid = kept.billing.is_subscribed();
            Err(UpgradeRequired { accounts, allowed, unpaid })
        }
        _ => Ok(()),
    })
}

/// Those that there are, and one for who has none: what is added later is paid from then on.
fn wanted(accounts: &[Connection]) -> u64 {
    (accounts.len() as u64).max(1)
}

/// For so long whoever makes a customer anew makes the same one. Stripe keeps its answer to a key for
/// a day, a fault of its own too: with a key that never changes, one fault would keep a tenant from
/// paying for as long.
const SAME_CUSTOMER: SignedDuration = SignedDuration::from_mins(5);

/// Who a tenant is to Stripe; made when it is first needed. Made twice within minutes it is the same
/// one, by its key; a second one that nobody has noted subscribes to nothing.
async fn customer(
    table: &Table,
    payments: &impl Payments,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<String, Failure> {
    let kept = table.billing(scope).await?;
    if let Some(customer) = kept.billing.customer {
        return Ok(customer);
    }
    let turn = now.as_second().div_euclid(SAME_CUSTOMER.as_secs());
    let key = key("customer", &format!("{}\n{turn}", scope.tenant()));
    let customer = payments.create_customer(scope.tenant(), &key).await?;
    let after = Billing { customer: Some(customer.clone()), ..kept.billing.clone() };
    change(table, scope, &kept, after, ("", now)).await?;
    Ok(customer)
}

/// A key for a call: what makes it the same call again.
fn key(what: &str, of: &str) -> String {
    format!("dd0c-{what}-{}", words::hex(&Sha256::digest(of.as_bytes())[..16]))
}

/// Accounts of a tenant that are not on their way out, the one connected earliest first.
async fn accounts(table: &Table, scope: &TenantScope) -> Result<Vec<Connection>, Failure> {
    let mut accounts = table.connections(scope).await?;
    accounts.retain(|each| each.status != AccountStatus::Disconnecting);
    accounts.sort_by(|a, b| {
        a.connected_at.cmp(&b.connected_at).then_with(|| a.account.cmp(&b.account))
    });
    Ok(accounts)
}

/// Keeps how a tenant stands now; a change of the tier is written down.
async fn change(
    table: &Table,
    scope: &TenantScope,
    before: &Kept,
    after: Billing,
    (why, now): (&str, Timestamp),
) -> Result<Kept, Failure> {
    let entry = (before.billing.tier != after.tier).then(|| AuditEntry {
        at: now,
        who: Asker::Rules.to_string(),
        what: "tier".to_owned(),
        account: None,
        old: before.billing.tier.to_string(),
        new: after.tier.to_string(),
        why: why.to_owned(),
    });
    match table.change_billing(scope, before, after, entry.as_ref()).await? {
        BillingChange::Done(kept) => {
            if let Some(entry) = entry {
                tracing::info!(change = %entry, "a tier was changed");
            }
            Ok(*kept)
        }
        BillingChange::Outdated => {
            Err(Failure::Retry("somebody else is changing how this tenant stands".to_owned()))
        }
        BillingChange::CustomerOfAnother => {
            Err(Failure::Reject("this customer is another tenant".to_owned()))
        }
    }
}
