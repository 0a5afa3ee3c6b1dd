//! Leaving: a tenant is deleted. At once his accounts are disconnected; until the grace period is over it
//! can be taken back, and everything is as it was. Then all that is stored of him goes, in portions: his
//! accounts first, then what lies with others (`billing`), at last what is his. Each step finds by what
//! is stored what is left of it, so that it may be broken off anywhere and go on an hour later.

use crate::error::Failure;
use crate::lifecycle::{self, Left};
use crate::past::Failures;
use crate::rules::rules;
use domain::governance::{Asker, AuditEntry};
use domain::words;
use jiff::{SignedDuration, Timestamp};
use store::{AccountStatus, Connection, Leaving, Table, Task, TenantScope};

/// Promised: so long after it was asked for everything is gone.
const PROMISE: SignedDuration = SignedDuration::from_hours(72);
/// Who is not gone so long after it was asked for may not be gone in time: an operator has to look.
const LATE: SignedDuration = SignedDuration::from_hours(60);
/// Items deleted before looking at the clock.
const PURGE_STEP: usize = 500;
/// How often something is tried while others change the same.
const MAX_ATTEMPTS: usize = 5;
/// An account that comes back is looked at so soon: when it is surely there again.
const LOOK: SignedDuration = SignedDuration::from_mins(1);

/// When all of it will be gone.
pub fn gone_by(leaving: &Leaving) -> Timestamp {
    leaving.asked_at.checked_add(PROMISE).unwrap_or(Timestamp::MAX)
}

/// The deletion of a tenant, if it was asked for and not taken back.
pub async fn of(table: &Table, scope: &TenantScope) -> Result<Option<Leaving>, Failure> {
    Ok(table.leaving(scope).await?.filter(Leaving::holds))
}

/// Asks for a tenant to be deleted: from now on nothing is alerted. Asked again it stays as it is.
pub async fn ask(
    table: &Table,
    scope: &TenantScope,
    asker: &Asker,
    now: Timestamp,
) -> Result<Leaving, Failure> {
    for _ in 0..MAX_ATTEMPTS {
        let before = table.leaving(scope).await?;
        if let Some(leaving) = before.clone().filter(Leaving::holds) {
            match bring_down(table, scope, leaving, now).await? {
                Some(leaving) => return Ok(leaving),
                None => continue,
            }
        }
        let purge_at = now.checked_add(rules()?.grace).unwrap_or(Timestamp::MAX);
        let new = Leaving::new(now, asker.to_string(), purge_at);
        let leaving = match before {
            Some(before) => again(table, scope, &before, new).await?,
            None => new,
        };
        let until = format!("it can be taken back until {}", words::time(purge_at));
        let entry = entry(asker, ("", "everything is to be deleted"), until, now);
        // Whoever has asked, he or another: the next round brings everything down.
        table.change_leaving(scope, &leaving, Some(&entry)).await?;
    }
    Err(somebody_else())
}

/// Asked for while an earlier deletion is still being undone: what has not come back yet is to come back
/// from this one.
async fn again(
    table: &Table,
    scope: &TenantScope,
    before: &Leaving,
    new: Leaving,
) -> Result<Leaving, Failure> {
    let connections = table.connections(scope).await?;
    let waiting = connections.iter().filter(|each| before.has_down(each));
    let waiting = waiting.map(|each| each.account.to_string()).collect::<Vec<_>>();
    let mut accounts = before.accounts.clone();
    accounts.retain(|account, _| waiting.contains(account));
    let (ends_subscription, version) = (before.ends_subscription, before.version);
    Ok(Leaving { accounts, ends_subscription, version, ..new })
}

/// Disconnects what is still connected. How it stood is noted first; who disconnected an account on its
/// own before has it go when it was to go. `None` where somebody else changed something at the same time.
async fn bring_down(
    table: &Table,
    scope: &TenantScope,
    leaving: Leaving,
    now: Timestamp,
) -> Result<Option<Leaving>, Failure> {
    let connections = table.connections(scope).await?;
    let Some(leaving) = note(table, scope, leaving, &connections).await? else { return Ok(None) };
    let (mut failures, mut all) = (Failures::default(), true);
    let waiting = |each: &&Connection| {
        leaving.status_before(&each.account).is_some() && !leaving.has_down(each)
    };
    for before in connections.iter().filter(waiting) {
        let down = bring_down_one(table, scope, (&leaving, before), now).await;
        all &= failures.past("disconnecting an account of who leaves", down).unwrap_or(false);
    }
    failures.end().map(|()| all.then_some(leaving))
}

async fn bring_down_one(
    table: &Table,
    scope: &TenantScope,
    (leaving, before): (&Leaving, &Connection),
    now: Timestamp,
) -> Result<bool, Failure> {
    let purge_at = Some(leaving.purge_at);
    let after = Connection { status: AccountStatus::Disconnecting, purge_at, ..before.clone() };
    let why = "everything of the tenant is being deleted".to_owned();
    let entry = AuditEntry {
        who: leaving.asked_by.clone(),
        ..lifecycle::entry("disconnect", &Asker::Rules, (Some(before), &after), why, now)
    };
    Ok(table.change_connection_of_leaver(scope, leaving, (before, &after), &entry).await?)
}

async fn note(
    table: &Table,
    scope: &TenantScope,
    mut leaving: Leaving,
    connections: &[Connection],
) -> Result<Option<Leaving>, Failure> {
    let known = leaving.accounts.len();
    for each in connections.iter().filter(|each| each.status != AccountStatus::Disconnecting) {
        leaving.accounts.entry(each.account.to_string()).or_insert(each.status);
    }
    if leaving.accounts.len() == known {
        return Ok(Some(leaving));
    }
    change(table, scope, leaving).await
}

/// Keeps how far it is, as it then is. `None` where somebody else was at it at the same time, as who looks
/// after the money: what is next is decided from what he has made of it.
pub(crate) async fn change(
    table: &Table,
    scope: &TenantScope,
    leaving: Leaving,
) -> Result<Option<Leaving>, Failure> {
    let kept = table.change_leaving(scope, &leaving, None).await?;
    Ok(kept.then(|| Leaving { version: leaving.version + 1, ..leaving }))
}

/// Takes a deletion back: everything is as it was. `false` where there is none to take back; one that is
/// still being taken back goes on.
pub async fn undo(
    table: &Table,
    scope: &TenantScope,
    asker: &Asker,
    now: Timestamp,
) -> Result<bool, Failure> {
    let mut undone = false;
    for _ in 0..MAX_ATTEMPTS {
        // Where it was taken back and is gone by now, somebody else has finished it.
        let Some(leaving) = table.leaving(scope).await? else { return Ok(undone) };
        if !leaving.holds() {
            undone = true;
            if bring_all_back(table, scope, &leaving, now).await? {
                return Ok(true);
            }
            continue;
        }
        if !leaving.can_be_undone(now) {
            return Err(Failure::Reject("everything is being deleted already".to_owned()));
        }
        let after = Leaving { undone_at: Some(now), ..leaving };
        let entry =
            entry(asker, ("everything is to be deleted", "it was taken back"), String::new(), now);
        undone |= table.change_leaving(scope, &after, Some(&entry)).await?;
    }
    Err(somebody_else())
}

/// Brings all accounts back that are not; whether all are. Who looks after the money tells people and
/// Stripe, and sees that nothing says any more that it was asked for.
async fn bring_all_back(
    table: &Table,
    scope: &TenantScope,
    undone: &Leaving,
    now: Timestamp,
) -> Result<bool, Failure> {
    let (mut failures, mut all) = (Failures::default(), true);
    for before in table.connections(scope).await?.iter().filter(|each| undone.has_down(each)) {
        let back = bring_back(table, scope, (undone, before), now).await;
        all &= failures.past("bringing an account back", back).unwrap_or(false);
    }
    failures.end().map(|()| all)
}

/// What is to be done about an account when it is back is noted first: who dies in between leaves an
/// account that is brought back once more.
async fn bring_back(
    table: &Table,
    scope: &TenantScope,
    (undone, before): (&Leaving, &Connection),
    now: Timestamp,
) -> Result<bool, Failure> {
    let account = &before.account;
    let soon = now.checked_add(LOOK).unwrap_or(now);
    for anomaly in table.open_anomalies(account).await? {
        // Whoever wanted to tell of it meanwhile was sent away.
        let tell = Task::Tell { account: account.clone(), anomaly: anomaly.id };
        table.set_due_by(&tell, soon).await?;
    }
    let status = undone.status_before(account).unwrap_or(AccountStatus::Active);
    let after = Connection { status, purge_at: None, ..before.clone() };
    let why = "the deletion of the tenant was taken back".to_owned();
    let entry = lifecycle::entry("undo", &Asker::Rules, (Some(before), &after), why, now);
    Ok(table.change_connection(scope, before, &after, &entry).await?)
}

/// What a purge of tenants did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gone {
    /// Tenants of whom nothing is left, as counted afterwards.
    pub tenants: u64,
    /// Items deleted.
    pub items: u64,
    /// Tenants who are due, but not done yet: the next run goes on with them.
    pub unfinished: u64,
}

/// How far the deletion of a tenant is.
enum Stage {
    /// It can still be taken back, or was.
    Waits,
    Unfinished,
    Gone,
}

/// Goes on with the deletion of every tenant who is to be deleted, and with what was taken back and broken
/// off. May be broken off and repeated; stops in good time when `go_on` says so. One that fails keeps no
/// other waiting; the first failure is the answer.
pub async fn purge(
    table: &Table,
    now: Timestamp,
    go_on: impl Fn() -> bool,
) -> Result<Gone, Failure> {
    let (mut gone, mut failures) = (Gone::default(), Failures::default());
    for scope in table.leavers().await? {
        let stage = Box::pin(go_on_with(table, &scope, &mut gone.items, (now, &go_on))).await;
        match failures.past("the deletion of a tenant", stage) {
            Some(Stage::Gone) => gone.tenants += 1,
            Some(Stage::Unfinished) => gone.unfinished += 1,
            Some(Stage::Waits) | None => {}
        }
    }
    let Gone { tenants, items, unfinished } = gone;
    tracing::info!(tenants, items, unfinished, "tenants were purged");
    failures.end().map(|()| gone)
}

async fn go_on_with(
    table: &Table,
    scope: &TenantScope,
    items: &mut u64,
    (now, go_on): (Timestamp, &impl Fn() -> bool),
) -> Result<Stage, Failure> {
    let Some(leaving) = table.leaving(scope).await? else { return Ok(Stage::Waits) };
    if !leaving.holds() {
        let back = bring_all_back(table, scope, &leaving, now).await;
        settle_soon(table, scope, now).await?;
        return back.map(|_| Stage::Waits);
    }
    let (asked_at, waits) = (leaving.asked_at, leaving.purge_at > now);
    let down = bring_down(table, scope, leaving, now).await?;
    if waits {
        return Ok(Stage::Waits);
    }
    // Where somebody else is at it, the next run goes on.
    if let Some(leaving) = down
        && purge_all(table, scope, (leaving, items), (now, go_on)).await?
    {
        return Ok(Stage::Gone);
    }
    in_time(now.duration_since(asked_at)).map(|()| Stage::Unfinished)
}

fn in_time(since: SignedDuration) -> Result<(), Failure> {
    if since >= LATE {
        return Err(Failure::Retry(format!("it was asked for {} hours ago", since.as_hours())));
    }
    Ok(())
}

/// Whether nothing of him is left.
async fn purge_all(
    table: &Table,
    scope: &TenantScope,
    (leaving, items): (Leaving, &mut u64),
    (now, go_on): (Timestamp, &impl Fn() -> bool),
) -> Result<bool, Failure> {
    let Some(leaving) = begin(table, scope, leaving, now).await? else { return Ok(false) };
    Ok(purge_accounts(table, scope, items, (now, go_on)).await?
        && has_parted(table, scope, &leaving, now).await?
        && purge_items(table, scope, items, go_on).await?
        && close(table, scope, now).await?)
}

/// From here on it can be taken back no more.
async fn begin(
    table: &Table,
    scope: &TenantScope,
    leaving: Leaving,
    now: Timestamp,
) -> Result<Option<Leaving>, Failure> {
    if leaving.begun_at.is_some() {
        return Ok(Some(leaving));
    }
    change(table, scope, Leaving { begun_at: Some(now), ..leaving }).await
}

/// Whether nothing is left of his accounts.
async fn purge_accounts(
    table: &Table,
    scope: &TenantScope,
    items: &mut u64,
    (now, go_on): (Timestamp, &impl Fn() -> bool),
) -> Result<bool, Failure> {
    for connection in table.connections(scope).await? {
        let account = &connection.account;
        if let Left::Something =
            lifecycle::purge_account(table, account, items, (now, go_on)).await?
        {
            return Ok(false);
        }
    }
    Ok(table.connections(scope).await?.is_empty())
}

/// Whether nothing of his lies with others any more. Who looks after his money does that.
async fn has_parted(
    table: &Table,
    scope: &TenantScope,
    leaving: &Leaving,
    now: Timestamp,
) -> Result<bool, Failure> {
    if leaving.parted_at.is_some() {
        return Ok(true);
    }
    let pays = table.billing(scope).await?.billing.customer.is_some();
    if !pays && table.installation(scope).await?.is_none() {
        return Ok(true);
    }
    settle_soon(table, scope, now).await?;
    Ok(false)
}

async fn settle_soon(table: &Table, scope: &TenantScope, now: Timestamp) -> Result<(), Failure> {
    table.set_due_by(&Task::Billing { tenant: scope.tenant().clone() }, now).await?;
    Ok(())
}

/// Whether there was time for all of his own items.
async fn purge_items(
    table: &Table,
    scope: &TenantScope,
    items: &mut u64,
    go_on: &impl Fn() -> bool,
) -> Result<bool, Failure> {
    while go_on() {
        let deleted = table.purge_tenant_some(scope, PURGE_STEP).await?;
        *items += deleted as u64;
        if deleted == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a count finds nothing: something may have come meanwhile. Then the last item goes, too.
async fn close(table: &Table, scope: &TenantScope, now: Timestamp) -> Result<bool, Failure> {
    let Some(leaving) = table.leaving(scope).await? else { return Ok(true) };
    if table.count_left_of_tenant(scope).await? > 0 {
        return Ok(false);
    }
    table.purge_claims_of_tenant(scope, leaving.asked_at, now).await?;
    Ok(table.left(scope, &leaving, &tombstone(&leaving, now)).await?)
}

/// All that stays: that somebody left, and when. It names nobody.
fn tombstone(leaving: &Leaving, now: Timestamp) -> AuditEntry {
    AuditEntry {
        at: now,
        who: Asker::Rules.to_string(),
        what: "tenant deleted".to_owned(),
        account: None,
        old: String::new(),
        new: "nothing is left of a tenant".to_owned(),
        why: format!("asked for on {}", words::time(leaving.asked_at)),
    }
}

fn entry(asker: &Asker, (old, new): (&str, &str), why: String, now: Timestamp) -> AuditEntry {
    AuditEntry {
        at: now,
        who: asker.to_string(),
        what: "delete".to_owned(),
        account: None,
        old: old.to_owned(),
        new: new.to_owned(),
        why,
    }
}

pub(crate) fn somebody_else() -> Failure {
    Failure::Retry("somebody else is changing this tenant".to_owned())
}
