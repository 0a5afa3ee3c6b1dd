//! Lifecycle: accounts come, leave strict mode, and go.

use crate::error::Failure;
use domain::ids::AccountId;
use domain::policy::{Governance, Mode};
use jiff::{SignedDuration, Timestamp};
use store::{AccountOwner, AccountStatus, Connected, Connection, Table, TenantScope};

/// Log only for so long, unless the tenant chooses otherwise.
const STRICT: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How long a disconnected account can be taken back; a day of 72 hours is left for the purge.
const GRACE: SignedDuration = SignedDuration::from_hours(48);
/// Items deleted before looking at the clock.
const PURGE_STEP: usize = 500;

/// Connects an account whose control the tenant has proved.
pub async fn connect(
    table: &Table,
    scope: &TenantScope,
    account: &AccountId,
    now: Timestamp,
) -> Result<Connected, Failure> {
    let connection = Connection {
        account: account.clone(),
        status: AccountStatus::Active,
        governance: Governance::default(),
        connected_at: now,
        promote_at: now.checked_add(STRICT).ok(),
        purge_at: None,
    };
    Ok(table.connect(scope, &connection).await?)
}

/// A change of one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Its events are refused from now on, and its data go after the grace period.
    Disconnect,
    /// Takes a disconnection back.
    Undo,
    /// What is sent from now on; it is not promoted by itself any more.
    Govern(Governance),
}

/// Changes an account of a tenant; the connection after it.
pub async fn change(
    table: &Table,
    scope: &TenantScope,
    account: &AccountId,
    change: Change,
    now: Timestamp,
) -> Result<Connection, Failure> {
    let unknown = || Failure::Reject("this tenant has no such account".to_owned());
    let before = table.connection(scope, account).await?.ok_or_else(unknown)?;
    let mut after = before.clone();
    match change {
        Change::Disconnect if before.status == AccountStatus::Active => {
            after.status = AccountStatus::Disconnecting;
            after.purge_at = now.checked_add(GRACE).ok();
        }
        Change::Undo => {
            if before.purge_at.is_some_and(|purge_at| purge_at <= now) {
                return Err(Failure::Reject("its data are being deleted already".to_owned()));
            }
            after.status = AccountStatus::Active;
            after.purge_at = None;
        }
        Change::Disconnect => {}
        Change::Govern(governance) => {
            after.governance = governance;
            after.promote_at = None;
        }
    }
    if after == before || table.change_connection(scope, &before, &after).await? {
        return Ok(after);
    }
    Err(Failure::Retry("somebody else is changing this account".to_owned()))
}

/// Lets accounts out of strict mode whose time has come; which.
pub async fn promote(table: &Table, now: Timestamp) -> Result<Vec<AccountId>, Failure> {
    let mut promoted = Vec::new();
    for (owner, before) in connections(table).await? {
        let due = before.promote_at.is_some_and(|promote_at| promote_at <= now);
        if !due || before.status != AccountStatus::Active {
            continue;
        }
        let governance = Governance { mode: Mode::Audit, ..before.governance };
        let after = Connection { governance, promote_at: None, ..before.clone() };
        if table.change_connection(&owner.scope, &before, &after).await? {
            promoted.push(after.account);
        }
    }
    Ok(promoted)
}

/// What a purge did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Purged {
    /// Accounts of which nothing is left, as counted afterwards.
    pub accounts: Vec<AccountId>,
    /// Items deleted.
    pub items: u64,
    /// Accounts that are due, but not done yet: the next run goes on with them.
    pub unfinished: u64,
}

/// Deletes what is stored of accounts whose grace period is over. May be broken off and repeated;
/// stops in good time when `go_on` says so.
pub async fn purge(
    table: &Table,
    now: Timestamp,
    go_on: impl Fn() -> bool,
) -> Result<Purged, Failure> {
    let mut purged = Purged::default();
    for (owner, connection) in connections(table).await? {
        let leaving = connection.status == AccountStatus::Disconnecting;
        if !leaving || connection.purge_at.is_none_or(|purge_at| purge_at > now) {
            continue;
        }
        if purge_account(table, &owner, &connection.account, &mut purged, &go_on).await? {
            purged.accounts.push(connection.account);
        } else {
            purged.unfinished += 1;
        }
    }
    Ok(purged)
}

async fn purge_account(
    table: &Table,
    owner: &AccountOwner,
    account: &AccountId,
    purged: &mut Purged,
    go_on: &impl Fn() -> bool,
) -> Result<bool, Failure> {
    while go_on() {
        let deleted = table.purge_some(account, PURGE_STEP).await?;
        purged.items += deleted as u64;
        // Events that were on their way may have come meanwhile: counted, not believed.
        if deleted == 0 && table.count_left(account).await? == 0 {
            table.forget(&owner.scope, account).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

async fn connections(table: &Table) -> Result<Vec<(AccountOwner, Connection)>, Failure> {
    let mut connections = Vec::new();
    for account in table.owned_accounts().await? {
        let Some(owner) = table.owner(&account).await? else { continue };
        let Some(connection) = table.connection(&owner.scope, &account).await? else { continue };
        connections.push((owner, connection));
    }
    Ok(connections)
}
