//! Expectations: what somebody has said needs no alert, within limits and until a date.

use crate::caller::{Known, Person};
use crate::problem::{Problem, Problems};
use crate::reply::{Money, Paging, Path, Query, Reply, is_id, page};
use axum::http::StatusCode;
use domain::expectation::Expectation;
use domain::governance::{AuditEntry, called};
use domain::ids::Region;
use serde::Serialize;
use utoipa::ToSchema;

/// What needs no alert. What is none fits everything.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Expectation)]
struct ExpectationView {
    id: String,
    actor: Option<String>,
    resource_type: Option<String>,
    region: Option<String>,
    /// At most so many resources within about an hour.
    max_count: Option<u64>,
    /// At most so much an hour, started within about an hour.
    max_hourly: Money,
    expires_at: String,
    /// Who said so, as people call him.
    by: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct ExpectationList {
    items: Vec<ExpectationView>,
    /// Where the next page begins; none after the last.
    next: Option<String>,
}

fn view(expectation: &Expectation) -> ExpectationView {
    ExpectationView {
        id: expectation.id.clone(),
        actor: expectation.actor.clone(),
        resource_type: expectation.resource_type.clone(),
        region: expectation.region.as_ref().map(Region::to_string),
        max_count: expectation.max_count,
        max_hourly: expectation.max_hourly.into(),
        expires_at: expectation.expires_at.to_string(),
        by: called(&expectation.by).to_owned(),
    }
}

/// What needs no alert in an account
#[utoipa::path(get, operation_id = "listExpectations", path = "/accounts/{accountId}/expectations", tag = "Expectations",
    params(("accountId" = String, Path, description = "12 digits"), Paging),
    responses((status = 200, body = ExpectationList), Problems), security(("person" = [])))]
pub(crate) async fn list(
    Person(known): Person,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Reply, Problem> {
    let connection = known.account(&id).await?;
    let mut expectations = known.table().expectations(&connection.account).await?;
    expectations.retain(|expectation| expectation.expires_at > known.now);
    let question = format!("expectations {}", connection.account);
    let key = |expectation: &Expectation| expectation.id.clone();
    let (found, next) = page(&known, &question, &paging, expectations, key).await?;
    Ok(Reply::ok(&ExpectationList { items: found.iter().map(view).collect(), next }))
}

/// Take an expectation back: what it covered alerts again
#[utoipa::path(delete, operation_id = "deleteExpectation", path = "/accounts/{accountId}/expectations/{expectationId}",
    tag = "Expectations",
    params(("accountId" = String, Path, description = "12 digits"),
        ("expectationId" = String, Path)),
    responses((status = 204, description = "It is gone"), Problems), security(("person" = [])))]
pub(crate) async fn delete(
    Person(known): Person,
    Path((id, expectation)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let connection = known.account(&id).await?;
    let account = &connection.account;
    let expectations = known.table().expectations(account).await?;
    let found = expectations.iter().find(|each| each.id == expectation);
    let Some(found) = found else {
        note_if_foreign(&known, &expectation).await?;
        return Err(Problem::not_found("expectation"));
    };
    let entry = AuditEntry {
        at: known.now,
        who: known.asker().to_string(),
        what: "expectation".to_owned(),
        account: Some(account.clone()),
        old: format!("expected until {} by {}", domain::words::time(found.expires_at), found.by),
        new: "not expected any more".to_owned(),
        why: String::new(),
    };
    let about = (account, expectation.as_str());
    known.table().delete_expectation(known.scope(), about, &entry).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An expectation is named for the anomaly that it came of: that tells whose it is.
async fn note_if_foreign(known: &Known, expectation: &str) -> Result<(), Problem> {
    let anomaly = expectation.rsplit_once('-').map(|(anomaly, _)| anomaly);
    let Some(id) = anomaly.filter(|id| is_id(id)) else { return Ok(()) };
    let Some(anomaly) = known.table().find_anomaly(id).await? else { return Ok(()) };
    if known.table().connection(known.scope(), &anomaly.account).await?.is_none() {
        known.note_foreign();
    }
    Ok(())
}
