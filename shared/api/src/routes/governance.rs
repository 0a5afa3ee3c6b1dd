//! Governance of an account: who may hold its alerts back, and when it leaves strict mode.

use super::account::{ModeWord, change};
use crate::caller::Person;
use crate::problem::{Problem, Problems};
use crate::reply::{Json, Path, Reply, Version};
use axum::response::Response;
use domain::policy::Governance;
use pipeline::lifecycle::Change;
use serde::{Deserialize, Serialize};
use store::Connection;
use utoipa::ToSchema;

/// What is sent of an account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Governance)]
struct GovernanceView {
    /// `strict`: only the safety net alerts; `audit`: what is unusual does, too.
    mode: ModeWord,
    /// You hold everything back, the safety net too.
    customer_strict: bool,
    /// When it leaves strict mode by itself, if it has learned enough by then.
    promote_at: Option<String>,
}

/// A change of it: quieter at any time, louder as far as the rules would.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GovernanceChange {
    mode: ModeWord,
    /// Hold everything back, the safety net too.
    #[serde(default)]
    customer_strict: bool,
}

fn view(connection: &Connection) -> GovernanceView {
    GovernanceView {
        mode: connection.governance.mode.into(),
        customer_strict: connection.governance.customer_strict,
        promote_at: connection.promote_at.map(|at| at.to_string()),
    }
}

/// What is sent of an account
#[utoipa::path(get, operation_id = "getGovernance", path = "/accounts/{accountId}/governance", tag = "Accounts",
    params(("accountId" = String, Path, description = "12 digits")),
    responses((status = 200, body = GovernanceView),
        (status = 304, description = "It is as `If-None-Match` says"), Problems),
    security(("person" = [])))]
pub(crate) async fn get(
    Person(known): Person,
    Path(id): Path<String>,
    version: Version,
) -> Result<Response, Problem> {
    let connection = known.account(&id).await?;
    Ok(version.answer(connection.version, Reply::ok(&view(&connection))))
}

/// Change what is sent of an account
///
/// Quieter at any time; louder only as far as the rules would go by themselves.
#[utoipa::path(put, operation_id = "putGovernance", path = "/accounts/{accountId}/governance", tag = "Accounts",
    params(("accountId" = String, Path, description = "12 digits"),
        ("If-Match" = Option<String>, Header, description = "change this version or none")),
    request_body = GovernanceChange,
    responses((status = 200, body = GovernanceView), Problems), security(("person" = [])))]
pub(crate) async fn put(
    Person(known): Person,
    Path(id): Path<String>,
    version: Version,
    Json(asked): Json<GovernanceChange>,
) -> Result<Reply, Problem> {
    let before = known.account(&id).await?;
    version.allows(before.version)?;
    let governance = Governance { mode: asked.mode.into(), customer_strict: asked.customer_strict };
    let after = change(&known, before, Change::Govern(governance)).await?;
    Ok(Reply::ok(&view(&after)).of_version(after.version))
}
