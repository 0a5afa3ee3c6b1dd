//! Checkout: where a tenant subscribes, and where he changes it. Of the pages on which he may subscribe
//! one is open at a time: on two of them he would subscribe twice.

use super::follow::refresh;
use super::{Checkout, Page, Payments, accounts, change, customer, key, wanted};
use crate::error::Failure;
use domain::plan::Billing;
use jiff::Timestamp;
use store::{Kept, Table, TenantScope};

/// How often a page is noted anew where somebody else changes how the tenant stands meanwhile.
const MAX_ATTEMPTS: usize = 4;

/// Where a page of Stripe's leads back to.
#[derive(Debug, Clone, Copy)]
pub struct Returns<'a> {
    /// Who has paid.
    pub paid: &'a str,
    /// Who has not.
    pub left: &'a str,
    /// Who was led to where he changes how he pays: nothing was bought there.
    pub portal: &'a str,
}

/// Where a tenant subscribes: a page of Stripe's, a new one each time; the one that he was given before
/// is closed. Who subscribes already is led to where he changes how he pays: a second subscription
/// would be paid twice.
pub async fn checkout(
    table: &Table,
    payments: &impl Payments,
    scope: &TenantScope,
    returns: Returns<'_>,
    now: Timestamp,
) -> Result<String, Failure> {
    let customer = customer(table, payments, scope, now).await?;
    let kept = without_a_page(table, payments, scope, now).await?;
    if kept.billing.is_subscribed() {
        return payments
            .create_portal(&customer, returns.portal, &portal_key(&customer, now))
            .await;
    }
    let begun = begin(table, scope, &kept, now).await?;
    let checkout = Checkout {
        tenant: scope.tenant(),
        customer: &customer,
        quantity: wanted(&accounts(table, scope).await?),
        success_url: returns.paid,
        cancel_url: returns.left,
    };
    let key = key("checkout", &format!("{}\n{}", scope.tenant(), begun.billing.checkouts));
    let page = payments.create_checkout(&checkout, &key).await?;
    if note(table, scope, begun, &page, now).await? {
        return Ok(page.url);
    }
    // Somebody else of this tenant wants to subscribe, too, and later: his page is the one.
    payments.expire_checkout(&page.id).await?;
    Err(Failure::Retry("another page to subscribe on was asked for meanwhile".to_owned()))
}

/// How a tenant stands, once the page that he was given before is closed. Where it is not open any more
/// he may have paid on it: Stripe is asked again.
async fn without_a_page(
    table: &Table,
    payments: &impl Payments,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<Kept, Failure> {
    let refreshed = refresh(table, payments, scope, now).await?;
    match &refreshed.kept.billing {
        billing if billing.is_subscribed() => {}
        Billing { checkout: Some(page), .. } if !payments.expire_checkout(page).await? => {
            return Ok(refresh(table, payments, scope, now).await?.kept);
        }
        _ => {}
    }
    Ok(refreshed.kept)
}

/// Takes the number of the next page. Whoever dies with it before the page is noted has shown it to
/// nobody.
async fn begin(
    table: &Table,
    scope: &TenantScope,
    kept: &Kept,
    now: Timestamp,
) -> Result<Kept, Failure> {
    let checkouts = kept.billing.checkouts + 1;
    let after = Billing { checkout: None, checkouts, ..kept.billing.clone() };
    change(table, scope, kept, after, ("", now)).await
}

/// Notes which page is open; `false` if somebody else has taken the number after it.
async fn note(
    table: &Table,
    scope: &TenantScope,
    begun: Kept,
    page: &Page,
    now: Timestamp,
) -> Result<bool, Failure> {
    let (number, mut kept) = (begun.billing.checkouts, begun);
    for _ in 0..MAX_ATTEMPTS {
        if kept.billing.checkouts != number {
            return Ok(false);
        }
        let after = Billing { checkout: Some(page.id.clone()), ..kept.billing.clone() };
        match change(table, scope, &kept, after, ("", now)).await {
            Ok(_) => return Ok(true),
            // What Stripe tells is kept meanwhile, or the answer was lost.
            Err(Failure::Retry(_)) => kept = table.billing(scope).await?,
            Err(failure) => return Err(failure),
        }
        if kept.billing.checkout.as_ref() == Some(&page.id) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Where a tenant changes how he pays, and ends it; `None` for who never paid.
pub async fn portal(
    table: &Table,
    payments: &impl Payments,
    scope: &TenantScope,
    return_url: &str,
) -> Result<Option<String>, Failure> {
    let Some(customer) = table.billing(scope).await?.billing.customer else { return Ok(None) };
    let key = portal_key(&customer, Timestamp::now());
    payments.create_portal(&customer, return_url, &key).await.map(Some)
}

/// Each asking has a page of its own: it holds for minutes only.
fn portal_key(customer: &str, now: Timestamp) -> String {
    key("portal", &format!("{customer}\n{now}"))
}
