//! Lifecycle: accounts come, leave strict mode, and go. Each change is written down in the same
//! transaction, with who asked for it.

use crate::clock::DIGEST_AT;
use crate::error::Failure;
use crate::leaving;
use crate::past::Failures;
use crate::rules::rules;
use crate::settings;
use domain::governance::{Asker, AuditEntry, Promotion, governed, promotion};
use domain::ids::AccountId;
use domain::policy::{Governance, Mode};
use domain::tenant::Settings;
use domain::words;
use jiff::Timestamp;
use store::{
    AccountOwner, AccountStatus, Connected, Connection, RoleAccess, Table, Task, TenantScope,
};

/// Items deleted before looking at the clock.
const PURGE_STEP: usize = 500;

/// Connects an account whose control the tenant has proved; how it ended, and in words what was
/// changed.
pub async fn connect(
    table: &Table,
    scope: &TenantScope,
    (account, access): (&AccountId, Option<RoleAccess>),
    asker: &Asker,
    now: Timestamp,
) -> Result<(Connected, AuditEntry), Failure> {
    if leaving::of(table, scope).await?.is_some() {
        let why = "everything of this tenant is being deleted: take that back first";
        return Err(Failure::Reject(why.to_owned()));
    }
    let rules = rules()?;
    let strict = rules.new_accounts == Mode::Strict;
    let governance = Governance { mode: rules.new_accounts, customer_strict: false };
    let connection = Connection {
        promote_at: now.checked_add(rules.strict).ok().filter(|_| strict),
        access,
        ..Connection::new(account.clone(), governance, now)
    };
    let why = format!("new accounts begin in {} mode", rules.new_accounts.code());
    let entry = entry("connect", asker, (None, &connection), why, now);
    let connected = table.connect(scope, &connection, &entry).await?;
    if connected != Connected::OfAnother {
        begin_digests(table, scope, now).await?;
    }
    Ok((connected, entry))
}

/// Sees to it that a tenant gets a digest each day, unless he does already.
pub async fn begin_digests(
    table: &Table,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<(), Failure> {
    let next = table.settings(scope).await?.zone.next(DIGEST_AT, now);
    let task = Task::Digest { tenant: scope.tenant().clone() };
    Ok(table.set_due_once(&task, next).await.map(drop)?)
}

/// The same for all tenants: those of an earlier release have none yet. One that fails keeps no other
/// waiting; the first failure is the answer.
pub async fn begin_all_digests(table: &Table, now: Timestamp) -> Result<(), Failure> {
    let mut failures = Failures::default();
    for (owner, _) in connections(table, &mut failures).await? {
        failures.past("a digest", begin_digests(table, &owner.scope, now).await);
    }
    failures.end()
}

/// What a change of the name is called.
const NAME: &str = "name";

/// A change of one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// What people call it.
    Name(Option<String>),
    /// Its events are refused from now on, and its data go after the grace period.
    Disconnect,
    /// The same, for who cannot show any more that the account is his, while somebody else can.
    Lapse,
    /// Takes a disconnection back.
    Undo,
    /// What is sent from now on. Who sets another mode than there was takes the account out of the
    /// rules: it is not promoted by itself any more. So does an operator in any case.
    Govern(Governance),
}

impl Change {
    const fn what(&self) -> &'static str {
        match self {
            Self::Name(_) => NAME,
            Self::Disconnect | Self::Lapse => "disconnect",
            Self::Undo => "undo",
            Self::Govern(_) => "govern",
        }
    }

    /// Empty where who asks knows why.
    const fn why(&self) -> &'static str {
        match self {
            Self::Lapse => {
                "somebody else has shown that the account is his, and our role there lets us in no more"
            }
            Self::Name(_) | Self::Disconnect | Self::Undo | Self::Govern(_) => "",
        }
    }
}

/// What a change gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The connection after it.
    pub connection: Connection,
    /// What was changed, as it was written down; `None` if it was so before.
    pub entry: Option<AuditEntry>,
}

/// Changes an account of a tenant.
pub async fn change(
    table: &Table,
    scope: &TenantScope,
    account: &AccountId,
    (asker, change): (&Asker, Change),
    now: Timestamp,
) -> Result<Changed, Failure> {
    let unknown = || Failure::Reject("this tenant has no such account".to_owned());
    let before = table.connection(scope, account).await?.ok_or_else(unknown)?;
    change_from(table, scope, before, (asker, change), now).await
}

/// Changes an account that still is as it was read.
pub async fn change_from(
    table: &Table,
    scope: &TenantScope,
    before: Connection,
    (asker, change): (&Asker, Change),
    now: Timestamp,
) -> Result<Changed, Failure> {
    if let Change::Govern(governance) = &change {
        check(table, asker, &before, governance.mode, now).await?;
    }
    let (what, why) = (change.what(), change.why().to_owned());
    let after = after(&before, asker, change, now)?;
    if after == before {
        return Ok(Changed { connection: after, entry: None });
    }
    let entry = entry(what, asker, (Some(&before), &after), why, now);
    if table.change_connection(scope, &before, &after, &entry).await? {
        let connection = Connection { version: before.version + 1, ..after };
        return Ok(Changed { connection, entry: Some(entry) });
    }
    Err(Failure::Retry("somebody else is changing this account".to_owned()))
}

/// Whether who asks may set this mode.
async fn check(
    table: &Table,
    asker: &Asker,
    before: &Connection,
    mode: Mode,
    now: Timestamp,
) -> Result<(), Failure> {
    let (baseline, answers) = table.learned(&before.account).await?;
    let rules = rules()?;
    let allowed = || match before.promote_at {
        Some(promote_at) if promote_at > now => {
            let why = format!("it stays in strict mode until {}", words::time(promote_at));
            Promotion::Waits { why }
        }
        _ => promotion(&rules, &baseline, &answers),
    };
    asker.may_set(mode, before.governance.mode, allowed).map_err(Failure::Reject)
}

fn after(
    before: &Connection,
    asker: &Asker,
    change: Change,
    now: Timestamp,
) -> Result<Connection, Failure> {
    let mut after = before.clone();
    match change {
        Change::Name(alias) => after.alias = alias,
        Change::Disconnect => disconnect(&mut after, now)?,
        Change::Lapse => {
            disconnect(&mut after, now)?;
            after.lapsed_at = Some(now);
        }
        Change::Undo => undo(&mut after, now)?,
        Change::Govern(governance) => {
            let of_customer = matches!(asker, Asker::Customer(_));
            let stays = of_customer && governance.mode == before.governance.mode;
            after.governance = governance;
            after.promote_at = before.promote_at.filter(|_| stays);
        }
    }
    Ok(after)
}

/// What is on its way out goes when it was to go.
fn disconnect(connection: &mut Connection, now: Timestamp) -> Result<(), Failure> {
    if connection.status != AccountStatus::Disconnecting {
        connection.status = AccountStatus::Disconnecting;
        connection.purge_at = now.checked_add(rules()?.grace).ok();
    }
    Ok(())
}

/// What is paused for another reason does not begin again by this.
fn undo(connection: &mut Connection, now: Timestamp) -> Result<(), Failure> {
    if connection.purge_at.is_some_and(|purge_at| purge_at <= now) {
        return Err(Failure::Reject("its data are being deleted already".to_owned()));
    }
    if connection.lapsed_at.is_some() {
        let why = "somebody else has shown that this account is his; whoever can show it anew connects it \
                   again from a new link";
        return Err(Failure::Reject(why.to_owned()));
    }
    if connection.status == AccountStatus::Disconnecting {
        connection.status = AccountStatus::Active;
        connection.purge_at = None;
    }
    Ok(())
}

/// What the rules made of the accounts whose time in strict mode is over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Promoted {
    /// Accounts that have left strict mode, as it was written down.
    pub promoted: Vec<AuditEntry>,
    /// Accounts that have not, and why. They are asked again the next day.
    pub waiting: Vec<(AccountId, String)>,
}

/// Lets accounts out of strict mode whose time is over, as far as the rules allow. A second run
/// finds those that wait, and no others. One that fails keeps no other waiting; the first failure is the
/// answer.
pub async fn promote(table: &Table, now: Timestamp) -> Result<Promoted, Failure> {
    let (mut outcome, mut failures) = (Promoted::default(), Failures::default());
    for each in connections(table, &mut failures).await? {
        failures.past("leaving strict mode", ask_rules(table, &each, &mut outcome, now).await);
    }
    failures.end().map(|()| outcome)
}

async fn ask_rules(
    table: &Table,
    (owner, before): &(AccountOwner, Connection),
    outcome: &mut Promoted,
    now: Timestamp,
) -> Result<(), Failure> {
    let due = before.promote_at.is_some_and(|promote_at| promote_at <= now);
    let strict = before.governance.mode == Mode::Strict;
    if !due || !strict || before.status == AccountStatus::Disconnecting {
        return Ok(());
    }
    let (baseline, answers) = table.learned(&before.account).await?;
    match promotion(&rules()?, &baseline, &answers) {
        Promotion::Waits { why } => outcome.waiting.push((before.account.clone(), why)),
        Promotion::Promoted { why } => {
            outcome.promoted.extend(promote_one(table, owner, before, why, now).await?);
        }
    }
    Ok(())
}

/// `None` if somebody else was quicker.
async fn promote_one(
    table: &Table,
    owner: &AccountOwner,
    before: &Connection,
    why: String,
    now: Timestamp,
) -> Result<Option<AuditEntry>, Failure> {
    let governance = Governance { mode: Mode::Audit, ..before.governance };
    let after = Connection { governance, promote_at: None, ..before.clone() };
    let entry = entry("promote", &Asker::Rules, (Some(before), &after), why, now);
    let done = table.change_connection(&owner.scope, before, &after, &entry).await?;
    if done {
        tracing::info!(change = %entry, "left strict mode");
    }
    Ok(done.then_some(entry))
}

/// Turns panic mode on or off; what was changed, as it was written down.
pub async fn panic(
    table: &Table,
    on: bool,
    asker: &Asker,
    now: Timestamp,
) -> Result<AuditEntry, Failure> {
    let word = |on| if on { "panic: nothing is sent" } else { "no panic" }.to_owned();
    let entry = AuditEntry {
        at: now,
        who: asker.to_string(),
        what: "panic".to_owned(),
        account: None,
        old: word(table.panic_mode().await?),
        new: word(on),
        why: String::new(),
    };
    table.set_panic_mode(on, &entry).await?;
    Ok(entry)
}

/// A change of a connection as it is written down; `None` before it for one that begins.
pub fn entry(
    what: &str,
    asker: &Asker,
    (before, after): (Option<&Connection>, &Connection),
    why: String,
    now: Timestamp,
) -> AuditEntry {
    // What people call it stands only where that changes: others write entries into the log.
    let words = if what == NAME { called } else { in_words };
    AuditEntry {
        at: now,
        who: asker.to_string(),
        what: what.to_owned(),
        account: Some(after.account.clone()),
        old: before.map(words).unwrap_or_default(),
        new: words(after),
        why,
    }
}

fn called(connection: &Connection) -> String {
    connection.alias.as_deref().map_or_else(|| "without a name".to_owned(), words::clean)
}

/// `active, strict, not promoted before 2026-06-15 00:00:00 UTC`
fn in_words(connection: &Connection) -> String {
    let at = |what: &str, at: Option<Timestamp>| at.map(|at| format!("{what} {}", words::time(at)));
    let parts = [
        Some(connection.status.code().to_owned()),
        Some(governed(connection.governance)),
        at("not promoted before", connection.promote_at),
        at("its data go", connection.purge_at),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
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
/// stops in good time when `go_on` says so. One that fails keeps no other waiting; the first failure is
/// the answer.
pub async fn purge(
    table: &Table,
    now: Timestamp,
    go_on: impl Fn() -> bool,
) -> Result<Purged, Failure> {
    let (mut purged, mut failures) = (Purged::default(), Failures::default());
    for account in table.owned_accounts().await? {
        let left = purge_account(table, &account, &mut purged.items, (now, &go_on)).await;
        match failures.past("the purge of an account", left) {
            Some(Left::Nothing) => purged.accounts.push(account),
            Some(Left::Something) => purged.unfinished += 1,
            Some(Left::NotOurs) | None => {}
        }
    }
    let (accounts, items) = (purged.accounts.len(), purged.items);
    tracing::info!(accounts, items, unfinished = purged.unfinished, "purged");
    failures.end().map(|()| purged)
}

/// What is left of an account after a purge.
pub(crate) enum Left {
    Nothing,
    Something,
    /// It is not to be purged, or not any more.
    NotOurs,
}

/// Whether it is to be purged is asked before each step: others purge too, and what one has forgotten
/// may be another tenant's by the next.
pub(crate) async fn purge_account(
    table: &Table,
    account: &AccountId,
    items: &mut u64,
    (now, go_on): (Timestamp, &impl Fn() -> bool),
) -> Result<Left, Failure> {
    while let Some(leaving) = leaving(table, account, now).await? {
        if !go_on() {
            return Ok(Left::Something);
        }
        let deleted = table.purge_some(account, PURGE_STEP).await?;
        *items += deleted as u64;
        if deleted == 0 && forget(table, &leaving, now).await? {
            return Ok(Left::Nothing);
        }
    }
    Ok(Left::NotOurs)
}

/// Forgets an account of which nothing is left. Events that were on their way may have come meanwhile:
/// counted, not believed.
async fn forget(
    table: &Table,
    (owner, connection): &(AccountOwner, Connection),
    now: Timestamp,
) -> Result<bool, Failure> {
    if table.count_left(&connection.account).await? > 0 {
        return Ok(false);
    }
    forget_routes(table, &owner.scope, &connection.account, now).await?;
    Ok(table.forget(&owner.scope, connection).await?)
}

/// An account whose grace period is over, as it is now.
async fn leaving(
    table: &Table,
    account: &AccountId,
    now: Timestamp,
) -> Result<Option<(AccountOwner, Connection)>, Failure> {
    let Some(owner) = table.owner(account).await? else { return Ok(None) };
    let connection = table.connection(&owner.scope, account).await?;
    let due = |connection: &Connection| {
        connection.status == AccountStatus::Disconnecting
            && connection.purge_at.is_some_and(|purge_at| purge_at <= now)
    };
    let Some(connection) = connection.filter(due) else { return Ok(None) };
    // What was taken back with all of its tenant, and is not back yet, is not purged.
    let undone = table.leaving(&owner.scope).await?.filter(|leaving| !leaving.holds());
    let comes_back = undone.is_some_and(|undone| undone.has_down(&connection));
    Ok((!comes_back).then_some((owner, connection)))
}

/// Which channel hears of an account is settled no more once there is no such account.
async fn forget_routes(
    table: &Table,
    scope: &TenantScope,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), Failure> {
    let asked = (&Asker::Rules, now);
    let without = |settings: &mut Settings| {
        settings.unroute(Some(account), None);
    };
    settings::change(table, scope, asked, without).await.map(drop)
}

/// All accounts with their owners; those that cannot be read are left out, and noted.
async fn connections(
    table: &Table,
    failures: &mut Failures,
) -> Result<Vec<(AccountOwner, Connection)>, Failure> {
    let mut connections = Vec::new();
    for account in table.owned_accounts().await? {
        let read = owned(table, &account).await;
        connections.extend(failures.past("reading an account", read).flatten());
    }
    Ok(connections)
}

async fn owned(
    table: &Table,
    account: &AccountId,
) -> Result<Option<(AccountOwner, Connection)>, Failure> {
    let Some(owner) = table.owner(account).await? else { return Ok(None) };
    let connection = table.connection(&owner.scope, account).await?;
    Ok(connection.map(|connection| (owner, connection)))
}
