//! Anomalies: which there are, all that is known of one, and what people say of it.

mod find;
mod shape;

use crate::caller::{Anyone, Known};
use crate::once::{Attempt, IdempotencyKey};
use crate::problem::{Code, Problem, Problems};
use crate::reply::{Json, Paging, Path, Query, Reply, is_id};
use domain::anomaly::Anomaly;
use domain::answer::{Answer, Answered, EXPECTED_FOR};
use domain::api_key::Right;
use domain::told::Snooze;
use find::Filter;
use jiff::{SignedDuration, Timestamp};
use pipeline::answer;
use serde::Deserialize;
use shape::{AnomalyDetail, AnomalyList, AnomalyView};
pub(super) use shape::{Standing, standing};
use utoipa::ToSchema;

/// A snooze is at most so long.
const MAX_SNOOZE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// An expectation holds at most so long, in days.
const MAX_EXPECTED_DAYS: u32 = 365;

/// Anomalies, the newest first
#[utoipa::path(get, operation_id = "listAnomalies", path = "/anomalies", tag = "Anomalies", params(Filter, Paging),
    responses((status = 200, body = AnomalyList), Problems),
    security(("person" = []), ("key" = ["anomalies:read"])))]
pub(crate) async fn list(
    anyone: Anyone,
    Query(filter): Query<Filter>,
    Query(paging): Query<Paging>,
) -> Result<Reply, Problem> {
    let known = anyone.with(Right::AnomaliesRead)?;
    let (found, next) = find::page(&known, &filter, &paging).await?;
    let items = found.iter().map(|anomaly| AnomalyView::new(anomaly, known.now)).collect();
    Ok(Reply::ok(&AnomalyList { items, next }))
}

/// All that is known of an anomaly
///
/// The card as Slack shows it, every term of the score with its arithmetic, and what its actor
/// started besides.
#[utoipa::path(get, operation_id = "getAnomaly", path = "/anomalies/{anomalyId}", tag = "Anomalies",
    params(("anomalyId" = String, Path)),
    responses((status = 200, body = AnomalyDetail), Problems),
    security(("person" = []), ("key" = ["anomalies:read"])))]
pub(crate) async fn get(anyone: Anyone, Path(id): Path<String>) -> Result<Reply, Problem> {
    let known = anyone.with(Right::AnomaliesRead)?;
    let anomaly = one(&known, &id).await?;
    detail(&known, &anomaly).await
}

/// How long something is expected.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    /// Days; 90 if nothing is said.
    #[schema(minimum = 1, maximum = 365)]
    days: Option<u32>,
}

/// Say that an anomaly was expected
///
/// More of it, within limits and for a time, needs no alert.
#[utoipa::path(post, operation_id = "expectAnomaly", path = "/anomalies/{anomalyId}/expected", tag = "Anomalies",
    params(("anomalyId" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Expected,
    responses((status = 200, body = AnomalyDetail), Problems),
    security(("person" = []), ("key" = ["anomalies:write"])))]
pub(crate) async fn expected(
    anyone: Anyone,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Json(asked): Json<Expected>,
) -> Result<Reply, Problem> {
    let known = anyone.with(Right::AnomaliesWrite)?;
    let held = match asked.days {
        None => EXPECTED_FOR,
        Some(days @ 1..=MAX_EXPECTED_DAYS) => SignedDuration::from_hours(i64::from(days) * 24),
        Some(_) => {
            let detail = format!("days is a number from 1 to {MAX_EXPECTED_DAYS}.");
            return Err(Problem::of_field("days", detail));
        }
    };
    let said = format!("{:?}", asked.days);
    let answered = |attempt| say(&known, &id, (Answer::Expected, held), attempt);
    key.once(&known, (&format!("expected {id}"), &said), answered).await
}

/// Say that an anomaly was right: it was not expected
#[utoipa::path(post, operation_id = "confirmAnomaly", path = "/anomalies/{anomalyId}/confirm", tag = "Anomalies",
    params(("anomalyId" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = AnomalyDetail), Problems),
    security(("person" = []), ("key" = ["anomalies:write"])))]
pub(crate) async fn confirm(
    anyone: Anyone,
    Path(id): Path<String>,
    key: IdempotencyKey,
) -> Result<Reply, Problem> {
    let known = anyone.with(Right::AnomaliesWrite)?;
    let answered = |attempt| say(&known, &id, (Answer::NotExpected, SignedDuration::ZERO), attempt);
    key.once(&known, (&format!("confirm {id}"), ""), answered).await
}

/// How long nothing is to be heard.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snoozed {
    /// Minutes, at most 30 days of them.
    #[schema(minimum = 1, maximum = 43200)]
    minutes: u32,
}

/// Hear nothing of an anomaly for a time
#[utoipa::path(post, operation_id = "snoozeAnomaly", path = "/anomalies/{anomalyId}/snooze", tag = "Anomalies",
    params(("anomalyId" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Snoozed,
    responses((status = 200, body = AnomalyDetail), Problems),
    security(("person" = []), ("key" = ["anomalies:write"])))]
pub(crate) async fn snooze(
    anyone: Anyone,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Json(asked): Json<Snoozed>,
) -> Result<Reply, Problem> {
    let known = anyone.with(Right::AnomaliesWrite)?;
    let time = SignedDuration::from_mins(i64::from(asked.minutes));
    if time.is_zero() || time > MAX_SNOOZE {
        let detail = format!("minutes is a number from 1 to {}.", MAX_SNOOZE.as_mins());
        return Err(Problem::of_field("minutes", detail));
    }
    let snoozed = |attempt| snooze_one(&known, &id, time, attempt);
    let said = asked.minutes.to_string();
    key.once(&known, (&format!("snooze {id}"), &said), snoozed).await
}

async fn snooze_one(
    known: &Known,
    id: &str,
    time: SignedDuration,
    attempt: Attempt,
) -> Result<Reply, Problem> {
    let anomaly = one(known, id).await?;
    let at = attempt.begun();
    let until = at.checked_add(time).unwrap_or(Timestamp::MAX);
    let snooze = Snooze { until, by: who(known), at };
    let asked = (&known.asker(), &snooze);
    if !answer::snooze(known.table(), known.scope(), &anomaly, asked).await? {
        let detail = "It has ended: there is nothing to snooze.";
        return Err(Problem::because(Code::Conflict, detail));
    }
    tell(known, &anomaly).await?;
    detail(known, &one(known, id).await?).await
}

async fn say(
    known: &Known,
    id: &str,
    (said, held): (Answer, SignedDuration),
    attempt: Attempt,
) -> Result<Reply, Problem> {
    let anomaly = one(known, id).await?;
    let at = attempt.begun();
    let until = at.checked_add(held).unwrap_or(Timestamp::MAX);
    let answered = Answered { answer: said, by: who(known), at };
    answer::answer(known.table(), &anomaly.account, &anomaly.id, &answered, until).await?;
    // Said before: after a crash it may not have been told yet.
    tell(known, &anomaly).await?;
    detail(known, &one(known, id).await?).await
}

/// As the card names him.
fn who(known: &Known) -> String {
    known.asker().to_string()
}

async fn tell(known: &Known, anomaly: &Anomaly) -> Result<(), Problem> {
    Ok(known.api.outside.tell(&anomaly.account, &anomaly.id, known.now).await?)
}

/// An anomaly of this tenant. One of another is as unknown as one that does not exist.
async fn one(known: &Known, id: &str) -> Result<Anomaly, Problem> {
    let unknown = || Problem::not_found("anomaly");
    if !is_id(id) {
        return Err(unknown());
    }
    let anomaly = known.table().find_anomaly(id).await?.ok_or_else(unknown)?;
    let connection = known.table().connection(known.scope(), &anomaly.account).await?;
    if connection.is_none() {
        known.note_foreign();
        return Err(unknown());
    }
    Ok(anomaly)
}

async fn detail(known: &Known, anomaly: &Anomaly) -> Result<Reply, Problem> {
    let opening = match anomaly.members.first() {
        Some(first) => known.table().cost_event(&anomaly.account, first.time, &first.id).await?,
        None => None,
    };
    let related = find::related(known, anomaly).await?;
    Ok(Reply::ok(&AnomalyDetail::new(anomaly, opening.as_ref(), &related, known.now)))
}
