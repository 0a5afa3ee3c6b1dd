//! The tenant as a whole: whether it is being deleted, asking for that, and taking it back.

use crate::caller::{Known, Leaver};
use crate::once::{Attempt, IdempotencyKey};
use crate::problem::{Code, Problem, Problems};
use crate::reply::{Json, Reply};
use domain::governance::called;
use pipeline::error::Failure;
use pipeline::leaving;
use serde::{Deserialize, Serialize};
use store::Leaving;
use utoipa::ToSchema;

/// What confirms that everything is to be deleted.
const CONFIRMATION: &str = "delete";

/// The tenant.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Tenant)]
struct TenantView {
    /// That everything is being deleted; none unless somebody has asked for it.
    deletion: Option<Deletion>,
}

/// Everything of the tenant is being deleted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Deletion {
    /// When it was asked for.
    asked_at: String,
    /// Who asked for it, as people call him.
    asked_by: String,
    /// Until when it can be taken back.
    undo_until: String,
    /// When everything will be gone.
    gone_by: String,
}

/// That everything is to be deleted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    /// The word `delete`.
    #[schema(example = "delete")]
    confirm: String,
}

/// Whether the tenant is being deleted
#[utoipa::path(get, operation_id = "getTenant", path = "/tenant", tag = "Tenant",
    responses((status = 200, body = TenantView), Problems), security(("person" = [])))]
pub(crate) async fn get(Leaver(known): Leaver) -> Result<Reply, Problem> {
    let leaving = leaving::of(known.table(), known.scope()).await?;
    Ok(Reply::ok(&view(leaving.as_ref())))
}

/// Delete everything of the tenant
///
/// At once all accounts are disconnected, nothing is alerted any more, API keys are refused with
/// `being_deleted`, and the subscription ends with its period. It can be taken back until `undoUntil`;
/// after that everything goes: accounts, people, keys, settings, the trail of changes, the connection to
/// Slack, the subscription. Invoices stay at Stripe, and the sign-in of a person stays with whom he signs in
/// by. Asked for again it stays as it was asked for first.
#[utoipa::path(delete, operation_id = "deleteTenant", path = "/tenant", tag = "Tenant",
    request_body = Confirmation,
    responses((status = 202, body = TenantView), Problems), security(("person" = [])))]
pub(crate) async fn delete(
    Leaver(known): Leaver,
    Json(confirmation): Json<Confirmation>,
) -> Result<Reply, Problem> {
    if confirmation.confirm != CONFIRMATION {
        let detail = format!("To delete everything, confirm with the word {CONFIRMATION}.");
        return Err(Problem::of_field("confirm", detail));
    }
    let leaving = leaving::ask(known.table(), known.scope(), &known.asker(), known.now).await?;
    Ok(Reply::accepted(&view(Some(&leaving))))
}

/// Take the deletion of everything back
#[utoipa::path(post, operation_id = "undoDeleteTenant", path = "/tenant/undo", tag = "Tenant",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = TenantView), Problems), security(("person" = [])))]
pub(crate) async fn undo(Leaver(known): Leaver, key: IdempotencyKey) -> Result<Reply, Problem> {
    let undone = |attempt: Attempt| {
        let known = &known;
        async move {
            // Or it was taken back by whoever died before he answered.
            if take_back(known).await? || attempt.is_again() {
                return Ok(Reply::ok(&view(None)));
            }
            Err(nothing_to_undo())
        }
    };
    key.once(&known, ("undo tenant", ""), undone).await
}

async fn take_back(known: &Known) -> Result<bool, Problem> {
    match leaving::undo(known.table(), known.scope(), &known.asker(), known.now).await {
        Err(Failure::Reject(_)) => {
            let detail = "The time to take it back is over: everything is being deleted.";
            Err(Problem::because(Code::Conflict, detail))
        }
        undone => Ok(undone?),
    }
}

fn nothing_to_undo() -> Problem {
    let detail = "Nothing is being deleted: there is nothing to take back.";
    Problem::because(Code::Conflict, detail)
}

fn view(leaving: Option<&Leaving>) -> TenantView {
    let deletion = leaving.map(|leaving| Deletion {
        asked_at: leaving.asked_at.to_string(),
        asked_by: called(&leaving.asked_by).to_owned(),
        undo_until: leaving.purge_at.to_string(),
        gone_by: leaving::gone_by(leaving).to_string(),
    });
    TenantView { deletion }
}
