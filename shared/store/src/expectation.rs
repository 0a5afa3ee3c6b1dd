//! Expectations: what somebody has said needs no alert.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, number, read, write};
use crate::keys;
use crate::table::{StoreError, Table, Written, unbuilt};
use aws_sdk_dynamodb::types::{Delete, TransactWriteItem};
use domain::expectation::Expectation;
use domain::governance::AuditEntry;
use domain::ids::AccountId;

pub(crate) fn to_item(account: &AccountId, expectation: &Expectation) -> Item {
    let mut item = keys::expectation(account, &expectation.id).item("Expectation");
    item.insert(keys::EXPIRY.to_owned(), number(expectation.expires_at.as_second()));
    write(&mut item, "id", &expectation.id);
    write(&mut item, "actor", &expectation.actor);
    write(&mut item, "resourceType", &expectation.resource_type);
    write(&mut item, "region", &expectation.region);
    write(&mut item, "maxCount", &expectation.max_count);
    write(&mut item, "maxHourlyUsd", &expectation.max_hourly);
    write(&mut item, "until", &expectation.expires_at);
    write(&mut item, "by", &expectation.by);
    item
}

fn from_item(item: &Item) -> Result<Expectation, Corrupt> {
    Ok(Expectation {
        id: read(item, "id")?,
        actor: read(item, "actor")?,
        resource_type: read(item, "resourceType")?,
        region: read(item, "region")?,
        max_count: read(item, "maxCount")?,
        max_hourly: read(item, "maxHourlyUsd")?,
        expires_at: read(item, "until")?,
        by: read(item, "by")?,
    })
}

impl Table {
    /// All expectations of an account, expired ones too: whether one holds depends on the time of
    /// the event, and the domain looks at that.
    pub async fn expectations(&self, account: &AccountId) -> Result<Vec<Expectation>, StoreError> {
        let items = self.query(&keys::baselines(account), keys::EXPECTED).await?;
        let read = items.iter().map(from_item).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("Expectation"))
    }

    /// Takes an expectation away; says whether it was there.
    pub async fn delete_expectation(
        &self,
        scope: &TenantScope,
        (account, id): (&AccountId, &str),
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let delete = Delete::builder().table_name(&self.name);
        let delete = delete
            .set_key(Some(keys::expectation(account, id).attributes()))
            .condition_expression("attribute_exists(PK)")
            .build()
            .map_err(unbuilt)?;
        let delete = TransactWriteItem::builder().delete(delete).build();
        let writes = vec![delete, self.write_audit(scope, entry)?];
        Ok(self.transact(writes).await? == Written::Done)
    }

    /// Stores an expectation, in place of one with the same id.
    pub async fn put_expectation(
        &self,
        account: &AccountId,
        expectation: &Expectation,
    ) -> Result<(), StoreError> {
        self.put_item(to_item(account, expectation)).await
    }
}
