//! Audit: who changed what, the newest first.

use crate::caller::Person;
use crate::problem::{Problem, Problems};
use crate::reply::{Paging, Query, Reply};
use domain::governance::called;
use serde::Serialize;
use utoipa::ToSchema;

/// A change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AuditView {
    at: String,
    /// Who asked for it, as people call him; `operator …` for one of ours, `the rules` for nobody.
    who: String,
    /// What was changed.
    what: String,
    /// Of which account; none for all.
    account_id: Option<String>,
    old: String,
    new: String,
    why: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct AuditList {
    items: Vec<AuditView>,
    /// Where the next page begins; none after the last.
    next: Option<String>,
}

/// What cursors of this list are bound to.
const QUESTION: &str = "audit";

/// Who changed what, the newest first
#[utoipa::path(get, operation_id = "listAudit", path = "/audit", tag = "Settings", params(Paging),
    responses((status = 200, body = AuditList), Problems), security(("person" = [])))]
pub(crate) async fn list(
    Person(known): Person,
    Query(paging): Query<Paging>,
) -> Result<Reply, Problem> {
    let limit = paging.limit()?;
    let before = known.page_after(QUESTION, paging.cursor.as_deref()).await?;
    // One more says whether there is a next page.
    let (table, scope) = (known.table(), known.scope());
    let mut entries = table.last_audit(scope, before.as_deref(), limit + 1).await?;
    let more = entries.len() > limit;
    entries.truncate(limit);
    let last = entries.last().filter(|_| more);
    let next = known.next_page(QUESTION, last.map(|(place, _)| place.as_str())).await?;
    let items = entries.into_iter().map(|(_, entry)| AuditView {
        at: entry.at.to_string(),
        who: called(&entry.who).to_owned(),
        what: entry.what,
        account_id: entry.account.map(|account| account.to_string()),
        old: entry.old,
        new: entry.new,
        why: entry.why,
    });
    Ok(Reply::ok(&AuditList { items: items.collect(), next }))
}
