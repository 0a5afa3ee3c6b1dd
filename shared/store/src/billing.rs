//! How tenants stand with us, and which customer of Stripe is whose.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, read, text, write};
use crate::keys;
use crate::table::{StoreError, Table, Written, unbuilt};
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::governance::AuditEntry;
use domain::ids::TenantId;
use domain::plan::{Billing, Tier};

/// How a tenant stands, as it was read: it is changed only as long as it is still so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// How he stands.
    pub billing: Billing,
    /// Counts the changes; 0 before the first.
    pub version: u64,
}

/// How a change ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BillingChange {
    /// It is stored.
    Done(Box<Kept>),
    /// Somebody else has changed it meanwhile.
    Outdated,
    /// The customer is another tenant; nothing is stored.
    CustomerOfAnother,
}

fn to_item(scope: &TenantScope, Kept { billing, version }: &Kept) -> Item {
    let mut item = keys::billing(scope.tenant()).item("Billing");
    write(&mut item, "version", version);
    write(&mut item, "tier", &billing.tier);
    write(&mut item, "customer", &billing.customer);
    write(&mut item, "subscription", &billing.subscription);
    write(&mut item, "status", &billing.status);
    write(&mut item, "quantity", &billing.quantity);
    write(&mut item, "paymentFailedAt", &billing.payment_failed_at);
    write(&mut item, "reminded", &billing.reminded);
    write(&mut item, "remindedAt", &billing.reminded_at);
    write(&mut item, "periodEnd", &billing.period_end);
    write(&mut item, "cancelAtPeriodEnd", &billing.cancel_at_period_end);
    write(&mut item, "fetchedAt", &billing.fetched_at);
    write(&mut item, "checkout", &billing.checkout);
    write(&mut item, "checkouts", &billing.checkouts);
    item
}

fn from_item(item: &Item) -> Result<Kept, Corrupt> {
    let billing = Billing {
        tier: read::<Option<Tier>>(item, "tier")?.unwrap_or_default(),
        customer: read(item, "customer")?,
        payment_failed_at: read(item, "paymentFailedAt")?,
        reminded: read::<Option<u8>>(item, "reminded")?.unwrap_or_default(),
        reminded_at: read(item, "remindedAt")?,
        fetched_at: read(item, "fetchedAt")?,
        ..pages_from_item(item)?
    };
    Ok(Kept { billing, version: read(item, "version")? })
}

fn pages_from_item(item: &Item) -> Result<Billing, Corrupt> {
    Ok(Billing {
        checkout: read(item, "checkout")?,
        checkouts: read::<Option<u64>>(item, "checkouts")?.unwrap_or_default(),
        ..subscription_from_item(item)?
    })
}

fn subscription_from_item(item: &Item) -> Result<Billing, Corrupt> {
    Ok(Billing {
        subscription: read(item, "subscription")?,
        status: read(item, "status")?,
        quantity: read(item, "quantity")?,
        period_end: read(item, "periodEnd")?,
        cancel_at_period_end: read::<Option<bool>>(item, "cancelAtPeriodEnd")?.unwrap_or_default(),
        ..Billing::default()
    })
}

impl Table {
    /// How a tenant stands; the free tier before he has asked for anything.
    pub async fn billing(&self, scope: &TenantScope) -> Result<Kept, StoreError> {
        let item = self.get(&keys::billing(scope.tenant())).await?;
        let read = item.as_ref().map(from_item).transpose();
        Ok(read.map_err(StoreError::corrupt("Billing"))?.unwrap_or_default())
    }

    /// The tenant that is a customer of Stripe: for what Stripe itself has signed.
    pub async fn tenant_of_customer(
        &self,
        customer: &str,
    ) -> Result<Option<TenantScope>, StoreError> {
        let Some(item) = self.get(&keys::customer_owner(customer)).await? else { return Ok(None) };
        let tenant: String =
            read(&item, "tenant").map_err(StoreError::corrupt("StripeCustomer"))?;
        Ok(TenantId::parse(&tenant).ok().map(TenantScope::of_stored))
    }

    /// Changes how a tenant stands, if it still is as it was read. A new customer becomes his in the
    /// same transaction, unless it is another tenant's. A change of the tier has an entry.
    pub async fn change_billing(
        &self,
        scope: &TenantScope,
        before: &Kept,
        after: Billing,
        entry: Option<&AuditEntry>,
    ) -> Result<BillingChange, StoreError> {
        let after = Kept { billing: after, version: before.version + 1 };
        let mut writes = vec![self.put_next(scope, before.version, &after)?];
        writes.extend(self.put_new_customer(scope, before, &after)?);
        // Where the customer stands among the writes, if he does.
        let customer = writes.len() - 1;
        writes.extend(entry.map(|entry| self.write_audit(scope, entry)).transpose()?);
        match self.transact(writes).await? {
            Written::Done => Ok(BillingChange::Done(Box::new(after))),
            Written::ConditionsFailed(at) if customer > 0 && at == [customer] => {
                Ok(BillingChange::CustomerOfAnother)
            }
            Written::ConditionsFailed(_) => Ok(BillingChange::Outdated),
        }
    }

    fn put_new_customer(
        &self,
        scope: &TenantScope,
        before: &Kept,
        after: &Kept,
    ) -> Result<Option<TransactWriteItem>, StoreError> {
        let customer = after.billing.customer.as_ref();
        let new = customer.filter(|_| customer != before.billing.customer.as_ref());
        new.map(|customer| self.put_customer(scope, customer)).transpose()
    }

    fn put_next(
        &self,
        scope: &TenantScope,
        version: u64,
        after: &Kept,
    ) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(to_item(scope, after)));
        let put = if version == 0 {
            put.condition_expression("attribute_not_exists(PK)")
        } else {
            let mut read = Item::new();
            write(&mut read, ":version", &version);
            put.condition_expression("#version = :version")
                .expression_attribute_names("#version", "version")
                .set_expression_attribute_values(Some(read))
        };
        Ok(TransactWriteItem::builder().put(put.build().map_err(unbuilt)?).build())
    }

    fn put_customer(
        &self,
        scope: &TenantScope,
        customer: &str,
    ) -> Result<TransactWriteItem, StoreError> {
        let tenant = text(scope.tenant().as_str());
        let mut owner = keys::customer_owner(customer).item("StripeCustomer");
        owner.insert("tenant".to_owned(), tenant.clone());
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(owner))
            .condition_expression("attribute_not_exists(PK) OR tenant = :tenant")
            .expression_attribute_values(":tenant", tenant)
            .build()
            .map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}
