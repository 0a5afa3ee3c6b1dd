//! Accounts: which there are, how they stand, and how they go.

use crate::caller::{Known, Person};
use crate::each::each;
use crate::once::{Attempt, IdempotencyKey};
use crate::problem::{Code, Problem, Problems};
use crate::reply;
use crate::reply::{Json, Paging, Path, Query, Reply, Version, page};
use axum::response::Response;
use domain::policy::Mode;
use domain::words;
use jiff::Timestamp;
use pipeline::error::Failure;
use pipeline::lifecycle::{self, Change};
use pipeline::onboarding;
use serde::{Deserialize, Serialize};
use store::{AccountStatus, Connection};
use utoipa::ToSchema;

/// Characters of a name.
const MAX_ALIAS: usize = 64;

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Account)]
pub(crate) struct AccountView {
    /// AWS's number of it.
    #[schema(example = "111122223333")]
    account_id: String,
    /// What people call it.
    alias: Option<String>,
    /// `active`, `degraded` (something of how we watch it is not as it should be), `paused` (not paid
    /// for), `disconnecting` (its data go at `purgeAt`).
    status: StatusWord,
    /// `strict`: only the safety net alerts; `audit`: what is unusual does, too.
    mode: ModeWord,
    /// Since when it is watched.
    connected_at: String,
    /// Percentage of the time that its habits are learned for; 100 once it is over.
    #[schema(minimum = 0, maximum = 100)]
    baseline_maturity: u64,
    /// Whole days until then.
    days_left_to_learn: u64,
    /// When its newest event that costs something happened.
    last_event_at: Option<String>,
    /// What is not as it should be, in number; `health` says what.
    findings: u64,
    /// When its data go.
    purge_at: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StatusWord {
    Active,
    Degraded,
    Paused,
    Disconnecting,
}

/// How much an account has been promoted.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ModeWord {
    /// Only the safety net alerts.
    Strict,
    /// What is unusual alerts, too.
    Audit,
}

impl From<Mode> for ModeWord {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Strict => Self::Strict,
            Mode::Audit => Self::Audit,
        }
    }
}

impl From<ModeWord> for Mode {
    fn from(word: ModeWord) -> Self {
        match word {
            ModeWord::Strict => Self::Strict,
            ModeWord::Audit => Self::Audit,
        }
    }
}

/// Accounts of a tenant.
#[derive(Debug, Serialize, ToSchema)]
struct AccountList {
    items: Vec<AccountView>,
    /// Where the next page begins; none after the last.
    next: Option<String>,
}

/// A change of an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountChange {
    /// What people call it; `null` takes the name away, left out it stays.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 64)]
    alias: reply::Change<String>,
}

/// All accounts of the tenant
#[utoipa::path(get, operation_id = "listAccounts", path = "/accounts", tag = "Accounts", params(Paging),
    responses((status = 200, body = AccountList), Problems), security(("person" = [])))]
pub(crate) async fn list(
    Person(known): Person,
    Query(paging): Query<Paging>,
) -> Result<Reply, Problem> {
    let connections = known.table().connections(known.scope()).await?;
    let key = |connection: &Connection| connection.account.to_string();
    let (connections, next) = page(&known, "accounts", &paging, connections, key).await?;
    let items = each(connections.iter().map(|each| view(&known, each)).collect()).await?;
    Ok(Reply::ok(&AccountList { items, next }))
}

/// One account
#[utoipa::path(get, operation_id = "getAccount", path = "/accounts/{accountId}", tag = "Accounts",
    params(("accountId" = String, Path, description = "12 digits")),
    responses((status = 200, body = AccountView, headers(("ETag", description = "its version"))),
        (status = 304, description = "It is as `If-None-Match` says"), Problems),
    security(("person" = [])))]
pub(crate) async fn get(
    Person(known): Person,
    Path(id): Path<String>,
    version: Version,
) -> Result<Response, Problem> {
    let connection = known.account(&id).await?;
    let view = view(&known, &connection).await?;
    Ok(version.answer(connection.version, Reply::ok(&view)))
}

/// Give an account a name
#[utoipa::path(patch, operation_id = "renameAccount", path = "/accounts/{accountId}", tag = "Accounts",
    params(("accountId" = String, Path, description = "12 digits"),
        ("If-Match" = Option<String>, Header, description = "change this version or none")),
    request_body = AccountChange,
    responses((status = 200, body = AccountView), Problems), security(("person" = [])))]
pub(crate) async fn rename(
    Person(known): Person,
    Path(id): Path<String>,
    version: Version,
    Json(change): Json<AccountChange>,
) -> Result<Reply, Problem> {
    let before = known.account(&id).await?;
    version.allows(before.version)?;
    let reply::Change::To(alias) = change.alias else {
        return Ok(Reply::ok(&view(&known, &before).await?).of_version(before.version));
    };
    let alias = alias.map(|alias| words::clean(alias.trim()));
    if alias.as_ref().is_some_and(|alias| !(1..=MAX_ALIAS).contains(&alias.chars().count())) {
        return Err(Problem::of_field("alias", format!("alias has 1 to {MAX_ALIAS} characters.")));
    }
    let after = self::change(&known, before, Change::Name(alias)).await?;
    Ok(Reply::ok(&view(&known, &after).await?).of_version(after.version))
}

/// Disconnect an account
///
/// Its events are refused from now on. It can be taken back until `purgeAt`; after that its data go,
/// within 72 hours of this request.
#[utoipa::path(delete, operation_id = "disconnectAccount", path = "/accounts/{accountId}", tag = "Accounts",
    params(("accountId" = String, Path, description = "12 digits")),
    responses((status = 202, body = AccountView), Problems), security(("person" = [])))]
pub(crate) async fn disconnect(
    Person(known): Person,
    Path(id): Path<String>,
) -> Result<Reply, Problem> {
    let before = known.account(&id).await?;
    let after = change(&known, before, Change::Disconnect).await?;
    Ok(Reply::accepted(&view(&known, &after).await?))
}

/// Take a disconnection back
#[utoipa::path(post, operation_id = "undoDisconnect", path = "/accounts/{accountId}/undo", tag = "Accounts",
    params(("accountId" = String, Path, description = "12 digits"),
        ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = AccountView), Problems), security(("person" = [])))]
pub(crate) async fn undo(
    Person(known): Person,
    Path(id): Path<String>,
    key: IdempotencyKey,
) -> Result<Reply, Problem> {
    let before = known.account(&id).await?;
    let undone = |attempt: Attempt| {
        let known = &known;
        async move {
            let after = match before.status {
                AccountStatus::Disconnecting => change(known, before, Change::Undo).await?,
                // It was taken back, by whoever died before he answered.
                _ if attempt.is_again() => before,
                _ => return Err(nothing_to_undo()),
            };
            Ok(Reply::ok(&view(known, &after).await?))
        }
    };
    key.once(&known, (&format!("undo {id}"), ""), undone).await
}

fn nothing_to_undo() -> Problem {
    let detail = "The account is not being disconnected: there is nothing to take back.";
    Problem::because(Code::Conflict, detail)
}

/// Look at an account again
///
/// Within a minute or two, and at most every ten minutes: the role, the trail, the rules of every
/// region; `health` shows what came of it.
#[utoipa::path(post, operation_id = "checkAccount", path = "/accounts/{accountId}/check", tag = "Accounts",
    params(("accountId" = String, Path, description = "12 digits"),
        ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = AccountView), Problems), security(("person" = [])))]
pub(crate) async fn check(
    Person(known): Person,
    Path(id): Path<String>,
    key: IdempotencyKey,
) -> Result<Reply, Problem> {
    let connection = known.account(&id).await?;
    let begun = |_| async {
        onboarding::look_soon(known.table(), &connection.account, known.now).await?;
        Ok(Reply::accepted(&view(&known, &connection).await?))
    };
    key.once(&known, (&format!("check {id}"), ""), begun).await
}

/// Changes an account that was found in the tenant. What the rules do not allow is for the caller to
/// read.
pub(super) async fn change(
    known: &Known,
    before: Connection,
    change: Change,
) -> Result<Connection, Problem> {
    let (table, scope) = (known.table(), known.scope());
    let (account, version) = (before.account.clone(), before.version);
    let asked = (&known.asker(), change);
    let changed = lifecycle::change_from(table, scope, before, asked, known.now).await;
    match changed {
        Ok(changed) => Ok(changed.connection),
        Err(Failure::Reject(why)) => Err(Problem::because(Code::Conflict, sentence(&why))),
        // Either somebody else was quicker, or the table is busy.
        Err(failure) => match table.connection(scope, &account).await? {
            Some(now) if now.version != version => Err(reply::changed()),
            _ => Err(failure.into()),
        },
    }
}

/// `its data …` → `Its data ….`
fn sentence(text: &str) -> String {
    format!("{}.", words::capitalised(text))
}

/// An account as it is shown.
pub(super) async fn view(known: &Known, connection: &Connection) -> Result<AccountView, Problem> {
    let account = &connection.account;
    let last_event_at = known.table().last_cost_event_at(account).await?;
    let checkup = known.table().checkup(account).await?;
    let (baseline_maturity, days_left_to_learn) = learning(connection, known.now);
    Ok(AccountView {
        account_id: account.to_string(),
        alias: connection.alias.clone(),
        status: match connection.status {
            AccountStatus::Active => StatusWord::Active,
            AccountStatus::Degraded => StatusWord::Degraded,
            AccountStatus::Paused => StatusWord::Paused,
            AccountStatus::Disconnecting => StatusWord::Disconnecting,
        },
        mode: connection.governance.mode.into(),
        connected_at: connection.connected_at.to_string(),
        baseline_maturity,
        days_left_to_learn,
        last_event_at: last_event_at.map(|at| at.to_string()),
        findings: checkup.map_or(0, |checkup| checkup.findings.len() as u64),
        purge_at: connection.purge_at.map(|at| at.to_string()),
    })
}

/// How much of the time in strict mode is over, in percent, and how many days of it are left.
fn learning(connection: &Connection, now: Timestamp) -> (u64, u64) {
    let Some(until) = connection.promote_at.filter(|until| *until > now) else { return (100, 0) };
    let hours = |from: Timestamp, to: Timestamp| {
        u64::try_from(to.duration_since(from).as_hours()).unwrap_or_default()
    };
    let all = hours(connection.connected_at, until).max(1);
    let left = hours(now, until);
    let done = (all.saturating_sub(left) * 100 / all).min(99);
    (done, left / 24 + u64::from(!left.is_multiple_of(24) || left == 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::AccountId;
    use domain::policy::Governance;

    #[test]
    fn days_left_are_rounded_up_and_maturity_down() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let account = AccountId::parse("111122223333").unwrap();
        let connection = Connection {
            promote_at: Some(at("2026-06-15T00:00:00Z")),
            ..Connection::new(account, Governance::default(), at("2026-06-01T00:00:00Z"))
        };
        for (now, expected) in [
            ("2026-06-01T00:00:00Z", (0, 14)),
            ("2026-06-06T00:00:00Z", (35, 9)),
            ("2026-06-06T01:00:00Z", (36, 9)),
            ("2026-06-14T23:30:00Z", (99, 1)),
            ("2026-06-15T00:00:00Z", (100, 0)),
        ] {
            assert_eq!(learning(&connection, at(now)), expected, "{now}");
        }
        assert_eq!(sentence("its data go"), "Its data go.");
    }
}
