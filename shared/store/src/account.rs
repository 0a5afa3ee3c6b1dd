//! Connected accounts: which tenant an account belongs to, and how it stands with it.

use crate::attribute::{Corrupt, Item, number, read, stored_code, stored_struct, text, write};
use crate::due::Task;
use crate::keys;
use crate::table::{StoreError, Table, Written, unbuilt};
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::governance::AuditEntry;
use domain::ids::{AccountId, Region, TenantId};
use domain::policy::{Governance, Mode};
use jiff::Timestamp;
use std::fmt;

/// The right to read and write what belongs to one tenant. There is no function that does so
/// without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantScope(TenantId);

impl TenantScope {
    /// For an operator of ours, whom AWS IAM has let in.
    pub fn of_operator(tenant: TenantId) -> Self {
        Self(tenant)
    }

    /// For background work and for what others have signed: the tenant stands in an item of ours
    /// that says whose it is.
    pub(crate) fn of_stored(tenant: TenantId) -> Self {
        Self(tenant)
    }

    /// Whose data.
    pub fn tenant(&self) -> &TenantId {
        &self.0
    }
}

/// How an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountStatus {
    /// Its events are taken.
    Active,
    /// They are taken, and something of how we watch it is not as it should be.
    Degraded,
    /// Not paid for: its events are refused; what is stored stays.
    Paused,
    /// On its way out: its events are refused; what is stored goes after a time.
    Disconnecting,
}

impl AccountStatus {
    /// Whether its events are taken, and it is looked after.
    pub const fn is_watched(self) -> bool {
        matches!(self, Self::Active | Self::Degraded)
    }

    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Degraded => "degraded",
            Self::Paused => "paused",
            Self::Disconnecting => "disconnecting",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        let all = [Self::Active, Self::Degraded, Self::Paused, Self::Disconnecting];
        all.into_iter().find(|status| status.code() == code)
    }
}

stored_code! {
    AccountStatus, AccountStatus::from_code;
    Mode, Mode::from_code;
}

/// The tenant that has proved to control an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountOwner {
    /// For background work on this account's events.
    pub scope: TenantScope,
    /// Whether events are taken.
    pub status: AccountStatus,
}

/// An account of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Which.
    pub account: AccountId,
    /// What people call it.
    pub alias: Option<String>,
    /// How it stands.
    pub status: AccountStatus,
    /// How we look into it; `None` where an operator has connected it.
    pub access: Option<RoleAccess>,
    /// What is sent.
    pub governance: Governance,
    /// Since when.
    pub connected_at: Timestamp,
    /// When it leaves strict mode; `None` once somebody has set the mode himself, or it has left.
    pub promote_at: Option<Timestamp>,
    /// When its data go, while it is disconnecting.
    pub purge_at: Option<Timestamp>,
    /// Since when another tenant has shown that the account is his, while this one could not any more:
    /// it is on its way out, and comes back only to who shows it anew.
    pub lapsed_at: Option<Timestamp>,
    /// Counts its changes: who changes it names the one that he has read.
    pub version: u64,
}

impl Connection {
    /// An account whose events are taken from a moment on.
    pub fn new(account: AccountId, governance: Governance, connected_at: Timestamp) -> Self {
        Self {
            account,
            alias: None,
            status: AccountStatus::Active,
            access: None,
            governance,
            connected_at,
            promote_at: None,
            purge_at: None,
            lapsed_at: None,
            version: 0,
        }
    }
}

/// The role by which we look into an account.
#[derive(Clone, PartialEq, Eq)]
pub struct RoleAccess {
    /// Its ARN.
    pub role_arn: String,
    /// What we have to name to use it.
    pub external_id: String,
    /// The regions that are watched.
    pub regions: Vec<Region>,
}

/// Nothing of the role is for a log.
impl fmt::Debug for RoleAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoleAccess").field("regions", &self.regions).finish_non_exhaustive()
    }
}

stored_struct!(RoleAccess { role_arn: "roleArn", external_id: "externalId", regions: "regions" });

/// How connecting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connected {
    /// Now.
    Now,
    /// Before, by the same tenant.
    Already,
    /// It belongs to another tenant.
    OfAnother,
}

fn to_item(scope: &TenantScope, connection: &Connection) -> Item {
    let mut item = keys::connection(&scope.0, &connection.account).item("AccountConnection");
    write(&mut item, "account", &connection.account);
    write(&mut item, "alias", &connection.alias);
    write(&mut item, "status", &connection.status);
    write(&mut item, "access", &connection.access);
    write(&mut item, "mode", &connection.governance.mode);
    write(&mut item, "customerStrict", &connection.governance.customer_strict);
    write(&mut item, "connectedAt", &connection.connected_at);
    write(&mut item, "promoteAt", &connection.promote_at);
    write(&mut item, "purgeAt", &connection.purge_at);
    write(&mut item, "lapsedAt", &connection.lapsed_at);
    write(&mut item, "version", &connection.version);
    item
}

fn from_item(item: &Item) -> Result<Connection, Corrupt> {
    let (purge_at, lapsed_at) = leaving(item)?;
    Ok(Connection {
        account: read(item, "account")?,
        alias: read(item, "alias")?,
        status: read(item, "status")?,
        access: read(item, "access")?,
        governance: governance(item)?,
        connected_at: read(item, "connectedAt")?,
        promote_at: read(item, "promoteAt")?,
        purge_at,
        lapsed_at,
        // An earlier release did not count.
        version: read::<Option<u64>>(item, "version")?.unwrap_or_default(),
    })
}

/// When its data go, and since when somebody else has shown that it is his.
fn leaving(item: &Item) -> Result<(Option<Timestamp>, Option<Timestamp>), Corrupt> {
    Ok((read(item, "purgeAt")?, read(item, "lapsedAt")?))
}

fn governance(item: &Item) -> Result<Governance, Corrupt> {
    Ok(Governance { mode: read(item, "mode")?, customer_strict: read(item, "customerStrict")? })
}

fn owner_to_item(scope: &TenantScope, account: &AccountId, status: AccountStatus) -> Item {
    let mut item = keys::owner(account).item("AccountOwner");
    item.insert(keys::GSI1_PK.to_owned(), text(keys::OWNERS));
    item.insert(keys::GSI1_SK.to_owned(), text(account.as_str()));
    item.insert("tenant".to_owned(), text(scope.0.as_str()));
    write(&mut item, "status", &status);
    item
}

fn owner_from_item(item: &Item) -> Result<AccountOwner, Corrupt> {
    let tenant: String = read(item, "tenant")?;
    let tenant = TenantId::parse(&tenant).map_err(|_| Corrupt::expected("a tenant id"))?;
    Ok(AccountOwner { scope: TenantScope(tenant), status: read(item, "status")? })
}

impl Table {
    /// The tenant of an account, if one has proved to control it.
    pub async fn owner(&self, account: &AccountId) -> Result<Option<AccountOwner>, StoreError> {
        let item = self.get(&keys::owner(account)).await?;
        let read = item.as_ref().map(owner_from_item).transpose();
        read.map_err(StoreError::corrupt("AccountOwner"))
    }

    /// All accounts that belong to a tenant, in their order; eventually consistent.
    pub async fn owned_accounts(&self) -> Result<Vec<AccountId>, StoreError> {
        let found = self.find(&keys::GSI1, keys::OWNERS).await?;
        let read = found.iter().map(|item| read(item, keys::GSI1_SK)).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("AccountOwner"))
    }

    /// One account of a tenant.
    pub async fn connection(
        &self,
        scope: &TenantScope,
        account: &AccountId,
    ) -> Result<Option<Connection>, StoreError> {
        let item = self.get(&keys::connection(&scope.0, account)).await?;
        let read = item.as_ref().map(from_item).transpose();
        read.map_err(StoreError::corrupt("AccountConnection"))
    }

    /// All accounts of a tenant, in their order.
    pub async fn connections(&self, scope: &TenantScope) -> Result<Vec<Connection>, StoreError> {
        let items = self.query(&keys::tenant(&scope.0), keys::ACCOUNT).await?;
        let read = items.iter().map(from_item).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("AccountConnection"))
    }

    /// Connects an account to a tenant that has proved to control it.
    pub async fn connect(
        &self,
        scope: &TenantScope,
        connection: &Connection,
        entry: &AuditEntry,
    ) -> Result<Connected, StoreError> {
        match self.transact(self.connecting(scope, connection, entry)?).await? {
            Written::Done => Ok(Connected::Now),
            Written::ConditionsFailed(_) => match self.owner(&connection.account).await? {
                Some(owner) if owner.scope == *scope => Ok(Connected::Already),
                Some(_) => Ok(Connected::OfAnother),
                None => Err(StoreError::Busy("an account is leaving its tenant".to_owned())),
            },
        }
    }

    fn connecting(
        &self,
        scope: &TenantScope,
        connection: &Connection,
        entry: &AuditEntry,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let owner = owner_to_item(scope, &connection.account, connection.status);
        Ok(vec![
            self.put_if(owner, "attribute_not_exists(PK)")?,
            self.put_if(to_item(scope, connection), "attribute_not_exists(PK)")?,
            self.write_audit(scope, entry)?,
            self.settle_soon(scope, entry.at)?,
        ])
    }

    /// Changes a connection that still is as it was read; says whether it was. Its version is then
    /// the next one. One that is watched again by it is looked at at once.
    pub async fn change_connection(
        &self,
        scope: &TenantScope,
        before: &Connection,
        after: &Connection,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let writes = self.writes_of_change(scope, before, after, entry)?;
        Ok(self.transact(writes).await? == Written::Done)
    }

    /// The writes of such a change, for a transaction.
    pub(crate) fn writes_of_change(
        &self,
        scope: &TenantScope,
        before: &Connection,
        after: &Connection,
        entry: &AuditEntry,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let owner = owner_to_item(scope, &after.account, after.status);
        let after = Connection { version: before.version + 1, ..after.clone() };
        let mut writes = vec![
            self.put_owned(owner, scope)?,
            self.put_version(to_item(scope, &after), (before.version, false))?,
            self.write_audit(scope, entry)?,
        ];
        writes.extend(self.look_soon(before, &after, entry.at)?);
        if before.status != after.status {
            writes.push(self.settle_soon(scope, entry.at)?);
        }
        Ok(writes)
    }

    /// Nobody looks into an account that is not watched, and nobody sets a next look: that begins anew
    /// with the account, in the same transaction, so that no crash leaves it without.
    fn look_soon(
        &self,
        before: &Connection,
        after: &Connection,
        now: Timestamp,
    ) -> Result<Option<TransactWriteItem>, StoreError> {
        let comes_back = !before.status.is_watched() && after.status.is_watched();
        let check = || self.put(Task::Check { account: after.account.clone() }.item(now));
        (comes_back && after.access.is_some()).then(check).transpose()
    }

    /// Puts the owner of an account, which has to be this tenant already.
    fn put_owned(&self, owner: Item, scope: &TenantScope) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(owner));
        let put = put
            .condition_expression("tenant = :tenant")
            .expression_attribute_values(":tenant", text(scope.0.as_str()))
            .build()
            .map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Puts an item in place of the version that was read: 0 is that of a release that did not count,
    /// and of an item that is not there, where it `may_begin`.
    pub(crate) fn put_version(
        &self,
        item: Item,
        (before, may_begin): (u64, bool),
    ) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        let put = put.expression_attribute_values(":before", number(before));
        let still = match (before, may_begin) {
            (0, true) => "attribute_not_exists(version) OR version = :before",
            (0, false) => {
                "attribute_exists(PK) AND (attribute_not_exists(version) OR version = :before)"
            }
            _ => "version = :before",
        };
        let put = put.condition_expression(still).build().map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// How many accounts are paid for follows from how many there are: the task is of the same
    /// transaction, so that no crash loses it.
    pub(crate) fn settle_soon(
        &self,
        scope: &TenantScope,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        self.put(Task::Billing { tenant: scope.0.clone() }.item(now))
    }

    pub(crate) fn put_if(
        &self,
        item: Item,
        condition: &str,
    ) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        let put = put.condition_expression(condition).build().map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}
