//! What tenants have settled for themselves.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, read, write};
use crate::keys;
use crate::table::{StoreError, Table, unbuilt};
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::governance::AuditEntry;
use domain::tenant::{Settings, Zone};

fn to_item(scope: &TenantScope, settings: &Settings) -> Item {
    let mut item = keys::settings(scope.tenant()).item("Tenant");
    write(&mut item, "zone", &settings.zone);
    write(&mut item, "quietHours", &settings.quiet);
    write(&mut item, "routes", &settings.routes);
    write(&mut item, "webhook", &settings.webhook);
    item
}

fn from_item(item: &Item) -> Result<Settings, Corrupt> {
    Ok(Settings {
        zone: read::<Option<Zone>>(item, "zone")?.unwrap_or_default(),
        quiet: read(item, "quietHours")?,
        routes: read(item, "routes")?,
        webhook: read(item, "webhook")?,
    })
}

impl Table {
    /// A tenant's settings; the defaults before he has settled anything.
    pub async fn settings(&self, scope: &TenantScope) -> Result<Settings, StoreError> {
        let item = self.get(&keys::settings(scope.tenant())).await?;
        let read = item.as_ref().map(from_item).transpose();
        Ok(read.map_err(StoreError::corrupt("Tenant"))?.unwrap_or_default())
    }

    /// Changes a tenant's settings; the entry says who did and from what.
    pub async fn change_settings(
        &self,
        scope: &TenantScope,
        settings: &Settings,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(to_item(scope, settings)));
        let put = TransactWriteItem::builder().put(put.build().map_err(unbuilt)?).build();
        // Where the entry is there already, the same change was made at the same moment.
        self.transact(vec![put, self.write_audit(scope, entry)?]).await.map(drop)
    }
}
