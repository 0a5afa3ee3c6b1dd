//! Tenants that are being deleted: one item each, which says until when it can be taken back and how
//! far it is. It is the last of a tenant's items to go.

use crate::account::{AccountStatus, Connection, TenantScope};
use crate::attribute::{Corrupt, Item, number, read, text, write};
use crate::keys;
use crate::table::{StoreError, Table, Written, unbuilt};
use aws_sdk_dynamodb::types::{ConditionCheck, Delete, TransactWriteItem};
use domain::governance::AuditEntry;
use domain::ids::{AccountId, TenantId};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A tenant that is being deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Who asked for it.
    pub asked_by: String,
    /// Until when it can be taken back. From then on everything goes.
    pub purge_at: Timestamp,
    /// How the accounts stood that were disconnected by it.
    pub accounts: BTreeMap<String, AccountStatus>,
    /// We have told Stripe to end the subscription, so that an undo has to take that back.
    pub ends_subscription: bool,
    /// When it was taken back; what is left of that is still being done.
    pub undone_at: Option<Timestamp>,
    /// Since when everything goes: it can be taken back no more.
    pub begun_at: Option<Timestamp>,
    /// When all that lies with others was given back: the subscription and the right to post.
    pub parted_at: Option<Timestamp>,
    /// Counts its changes: who changes it names the one that he has read.
    pub version: u64,
}

impl Leaving {
    /// Asked for at a moment, by somebody; everything goes from another one on.
    pub const fn new(asked_at: Timestamp, asked_by: String, purge_at: Timestamp) -> Self {
        Self {
            asked_at,
            asked_by,
            purge_at,
            accounts: BTreeMap::new(),
            ends_subscription: false,
            undone_at: None,
            begun_at: None,
            parted_at: None,
            version: 0,
        }
    }

    /// Whether it was not taken back.
    pub const fn holds(&self) -> bool {
        self.undone_at.is_none()
    }

    /// Whether it can still be taken back.
    pub fn can_be_undone(&self, now: Timestamp) -> bool {
        self.holds() && self.begun_at.is_none() && self.purge_at > now
    }

    /// Whether an account is disconnected by this.
    pub fn has_down(&self, connection: &Connection) -> bool {
        connection.status == AccountStatus::Disconnecting
            && connection.purge_at == Some(self.purge_at)
            && self.status_before(&connection.account).is_some()
    }

    /// How an account stood before it was disconnected by this; `None` of one that was not.
    pub fn status_before(&self, account: &AccountId) -> Option<AccountStatus> {
        self.accounts.get(account.as_str()).copied()
    }
}

/// Whether it still is as it was read: another one begins with the same versions anew.
const AS_READ: &str = "version = :leaving AND askedAt = :asked";

fn read_as(leaving: &Leaving) -> Item {
    let asked = text(leaving.asked_at.to_string());
    Item::from([(":leaving".to_owned(), number(leaving.version)), (":asked".to_owned(), asked)])
}

fn to_item(scope: &TenantScope, leaving: &Leaving, version: u64) -> Item {
    let mut item = keys::leaving(scope.tenant()).item("Leaving");
    item.insert(keys::GSI1_PK.to_owned(), text(keys::LEAVERS));
    let at = keys::moment(leaving.purge_at);
    item.insert(keys::GSI1_SK.to_owned(), text(format!("{at}#{}", scope.tenant())));
    write(&mut item, "askedAt", &leaving.asked_at);
    write(&mut item, "askedBy", &leaving.asked_by);
    write(&mut item, "purgeAt", &leaving.purge_at);
    write(&mut item, "accounts", &leaving.accounts);
    write(&mut item, "endsSubscription", &leaving.ends_subscription);
    write(&mut item, "undoneAt", &leaving.undone_at);
    write(&mut item, "begunAt", &leaving.begun_at);
    write(&mut item, "partedAt", &leaving.parted_at);
    write(&mut item, "version", &version);
    item
}

fn from_item(item: &Item) -> Result<Leaving, Corrupt> {
    Ok(Leaving {
        asked_at: read(item, "askedAt")?,
        asked_by: read(item, "askedBy")?,
        purge_at: read(item, "purgeAt")?,
        accounts: read(item, "accounts")?,
        ends_subscription: read(item, "endsSubscription")?,
        version: read(item, "version")?,
        ..progress(item)?
    })
}

fn progress(item: &Item) -> Result<Leaving, Corrupt> {
    Ok(Leaving {
        undone_at: read(item, "undoneAt")?,
        begun_at: read(item, "begunAt")?,
        parted_at: read(item, "partedAt")?,
        ..Leaving::new(Timestamp::UNIX_EPOCH, String::new(), Timestamp::UNIX_EPOCH)
    })
}

impl Table {
    /// How far the deletion of a tenant is, or its undoing; `None` of all others.
    pub async fn leaving(&self, scope: &TenantScope) -> Result<Option<Leaving>, StoreError> {
        let item = self.get(&keys::leaving(scope.tenant())).await?;
        item.as_ref().map(from_item).transpose().map_err(StoreError::corrupt("Leaving"))
    }

    /// All tenants that are being deleted or brought back, for background work on them; whose data go
    /// first comes first. Eventually consistent.
    pub async fn leavers(&self) -> Result<Vec<TenantScope>, StoreError> {
        let found = self.find(&keys::GSI1, keys::LEAVERS).await?;
        let tenant = |item: &Item| {
            let partition: String = read(item, keys::PK).ok()?;
            TenantId::parse(partition.strip_prefix(keys::TENANT)?).ok()
        };
        Ok(found.iter().filter_map(tenant).map(TenantScope::of_stored).collect())
    }

    /// Keeps how far it is, if nobody has changed it since it was read; says whether it was kept. Its
    /// version is then the next one. With an entry it is written down, and what is paid and told is
    /// looked after soon.
    pub async fn change_leaving(
        &self,
        scope: &TenantScope,
        leaving: &Leaving,
        entry: Option<&AuditEntry>,
    ) -> Result<bool, StoreError> {
        let item = to_item(scope, leaving, leaving.version + 1);
        let mut writes = vec![self.put_version(item, (leaving.version, leaving.version == 0))?];
        if let Some(entry) = entry {
            writes.push(self.write_audit(scope, entry)?);
            writes.push(self.settle_soon(scope, entry.at)?);
        }
        Ok(self.transact(writes).await? == Written::Done)
    }

    /// Changes a connection as [`Table::change_connection`] does, as long as its tenant leaves as it was
    /// read: what is taken back meanwhile disconnects nothing any more.
    pub async fn change_connection_of_leaver(
        &self,
        scope: &TenantScope,
        leaving: &Leaving,
        (before, after): (&Connection, &Connection),
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut writes = self.writes_of_change(scope, before, after, entry)?;
        let still = ConditionCheck::builder()
            .table_name(&self.name)
            .set_key(Some(keys::leaving(scope.tenant()).attributes()))
            .condition_expression(AS_READ)
            .set_expression_attribute_values(Some(read_as(leaving)))
            .build()
            .map_err(unbuilt)?;
        writes.push(TransactWriteItem::builder().condition_check(still).build());
        Ok(self.transact(writes).await? == Written::Done)
    }

    /// A deletion was taken back wholly: nothing says any more that it was asked for, but the audit
    /// trail. Says whether it was still as it was read.
    pub async fn stay(&self, scope: &TenantScope, leaving: &Leaving) -> Result<bool, StoreError> {
        let writes = vec![self.deletion_of(scope, leaving)?];
        Ok(self.transact(writes).await? == Written::Done)
    }

    /// The last item of a tenant goes, and with it a line for operators is written; says whether it was
    /// still as it was read.
    pub async fn left(
        &self,
        scope: &TenantScope,
        leaving: &Leaving,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let writes = vec![self.deletion_of(scope, leaving)?, self.write_audit_of_all(entry)?];
        Ok(self.transact(writes).await? == Written::Done)
    }

    fn deletion_of(
        &self,
        scope: &TenantScope,
        leaving: &Leaving,
    ) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(keys::leaving(scope.tenant()).attributes()))
            .condition_expression(AS_READ)
            .set_expression_attribute_values(Some(read_as(leaving)))
            .build()
            .map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }
}
