//! What tenants have settled for themselves.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, read, write};
use crate::keys;
use crate::table::{StoreError, Table, Written};
use domain::governance::AuditEntry;
use domain::tenant::{Settings, Zone};

fn to_item(scope: &TenantScope, settings: &Settings, version: u64) -> Item {
    let mut item = keys::settings(scope.tenant()).item("Tenant");
    write(&mut item, "zone", &settings.zone);
    write(&mut item, "quietHours", &settings.quiet);
    write(&mut item, "routes", &settings.routes);
    write(&mut item, "webhook", &settings.webhook);
    write(&mut item, "version", &version);
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
        Ok(self.settings_with_version(scope).await?.0)
    }

    /// The same with the number of their changes: who changes them names the one that he has read.
    pub async fn settings_with_version(
        &self,
        scope: &TenantScope,
    ) -> Result<(Settings, u64), StoreError> {
        let item = self.get(&keys::settings(scope.tenant())).await?.unwrap_or_default();
        let settings = from_item(&item).map_err(StoreError::corrupt("Tenant"))?;
        let version: Option<u64> = read(&item, "version").map_err(StoreError::corrupt("Tenant"))?;
        Ok((settings, version.unwrap_or_default()))
    }

    /// Changes a tenant's settings if they still are of the version that was read; says whether they
    /// were. The entry says who did and from what.
    pub async fn change_settings(
        &self,
        scope: &TenantScope,
        (before, settings): (u64, &Settings),
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let put = self.put_version(to_item(scope, settings, before + 1), (before, true))?;
        let writes = vec![put, self.write_audit(scope, entry)?];
        Ok(self.transact(writes).await? == Written::Done)
    }
}
