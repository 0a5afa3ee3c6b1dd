//! Who changed what: one item a change, put with it and never touched again.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, read, write};
use crate::keys::{self, Key};
use crate::table::{StoreError, Table, unbuilt};
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::governance::AuditEntry;
use domain::words;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

fn to_item(key: &Key, entry: &AuditEntry) -> Item {
    let mut item = key.item("Audit");
    write(&mut item, "at", &entry.at);
    write(&mut item, "who", &entry.who);
    write(&mut item, "what", &entry.what);
    write(&mut item, "account", &entry.account);
    write(&mut item, "old", &entry.old);
    write(&mut item, "new", &entry.new);
    write(&mut item, "why", &entry.why);
    item
}

fn from_item(item: &Item) -> Result<AuditEntry, Corrupt> {
    Ok(AuditEntry {
        at: read(item, "at")?,
        who: read(item, "who")?,
        what: read(item, "what")?,
        account: read(item, "account")?,
        old: read(item, "old")?,
        new: read(item, "new")?,
        why: read(item, "why")?,
    })
}

/// Two changes within a millisecond have keys of their own, the same change twice has one.
fn digest(entry: &AuditEntry) -> String {
    words::hex(&Sha256::digest(entry.to_string().as_bytes())[..8])
}

impl Table {
    /// What was changed for a tenant from a moment on, in the order of time.
    pub async fn audit(
        &self,
        scope: &TenantScope,
        since: Timestamp,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        self.entries(&keys::audits(scope.tenant()), "", since).await
    }

    /// The last few changes for a tenant before a place in the list (`None` for its end), the last one
    /// first, each with its place.
    pub async fn last_audit(
        &self,
        scope: &TenantScope,
        before: Option<&str>,
        most: usize,
    ) -> Result<Vec<(String, AuditEntry)>, StoreError> {
        let partition = keys::audits(scope.tenant());
        // The place itself is read too, and left out.
        let last = before.unwrap_or("~");
        let items = self.query_last(&partition, ("0", last), most + 1).await?;
        let read = |item: &Item| Ok((read::<String>(item, keys::SK)?, from_item(item)?));
        let entries = items.iter().map(read).collect::<Result<Vec<_>, Corrupt>>();
        let mut entries = entries.map_err(StoreError::corrupt("Audit"))?;
        entries.retain(|(place, _)| Some(place.as_str()) != before);
        entries.truncate(most);
        Ok(entries)
    }

    /// What was changed for all tenants from a moment on, in the order of time.
    pub async fn audit_of_all(&self, since: Timestamp) -> Result<Vec<AuditEntry>, StoreError> {
        self.entries(keys::POLICY, keys::VERSION, since).await
    }

    async fn entries(
        &self,
        partition: &str,
        prefix: &str,
        since: Timestamp,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let items = self.query(partition, prefix).await?;
        let read = items.iter().map(from_item).collect::<Result<Vec<_>, _>>();
        let mut entries = read.map_err(StoreError::corrupt("Audit"))?;
        entries.retain(|entry| entry.at >= since);
        Ok(entries)
    }

    /// The write of an entry about a tenant, for the transaction of the change.
    pub(crate) fn write_audit(
        &self,
        scope: &TenantScope,
        entry: &AuditEntry,
    ) -> Result<TransactWriteItem, StoreError> {
        self.append(&keys::audit(scope.tenant(), entry.at, &digest(entry)), entry)
    }

    /// The write of an entry about all tenants, for the transaction of the change.
    pub(crate) fn write_audit_of_all(
        &self,
        entry: &AuditEntry,
    ) -> Result<TransactWriteItem, StoreError> {
        self.append(&keys::policy_version(entry.at, &digest(entry)), entry)
    }

    fn append(&self, key: &Key, entry: &AuditEntry) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(to_item(key, entry)));
        let put = put.condition_expression("attribute_not_exists(PK)").build().map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}
