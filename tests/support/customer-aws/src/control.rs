//! Control over HTTP, for tests in other languages: below `/control/`, JSON in and out.

use crate::double::CustomerAws;
use crate::fault::{Failing, Fault};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

/// The double's own routes, and beside them those of control:
/// `POST /control/deploy` `{account, external_id, our_account, bus_arn, regions}`,
/// `POST /control/zombies/{account}`, `POST /control/fault` {account, fault, region?, rule?, action?},
/// `POST /control/fail` {action, how, times}, `POST /control/remember` {account, region, records},
/// `GET /control/knocks/{account}`, `GET /control/requests`.
pub fn routes(aws: &CustomerAws) -> Router {
    let control = Router::new()
        .route("/control/deploy", post(deploy))
        .route("/control/zombies/{account}", post(zombies))
        .route("/control/fault", post(fault))
        .route("/control/fail", post(fail))
        .route("/control/remember", post(remember))
        .route("/control/knocks/{account}", get(knocks))
        .route("/control/requests", get(requests))
        .with_state(aws.clone());
    control.merge(aws.router())
}

type Answer = Result<Json<Value>, (StatusCode, &'static str)>;

fn done() -> Json<Value> {
    Json(json!({"done": true}))
}

fn text<'a>(asked: &'a Value, name: &str) -> &'a str {
    asked[name].as_str().unwrap_or_default()
}

async fn deploy(State(aws): State<CustomerAws>, Json(asked): Json<Value>) -> Answer {
    let regions = asked["regions"].as_array().cloned().unwrap_or_default();
    let regions: Vec<&str> = regions.iter().filter_map(Value::as_str).collect();
    let of = |name| text(&asked, name);
    if of("account").is_empty() || of("external_id").is_empty() || regions.is_empty() {
        return Err((StatusCode::BAD_REQUEST, "needs account, external_id and regions"));
    }
    let (ours, bus) = (of("our_account"), of("bus_arn"));
    aws.deploy(of("account"), of("external_id"), ours, bus, &regions);
    Ok(done())
}

async fn zombies(State(aws): State<CustomerAws>, Path(account): Path<String>) -> Answer {
    aws.with_zombies(&account);
    Ok(done())
}

async fn fault(State(aws): State<CustomerAws>, Json(asked): Json<Value>) -> Answer {
    let Some(fault) = fault_of(&asked) else {
        return Err((StatusCode::BAD_REQUEST, "no such fault"));
    };
    aws.inject(text(&asked, "account"), fault);
    Ok(done())
}

/// A fault from what was asked.
type ToFault = fn(&Value) -> Fault;

/// Faults by their words.
const FAULTS: [(&str, ToFault); 10] = [
    ("role_missing", |_| Fault::RoleMissing),
    ("open_without_external_id", |_| Fault::OpenWithoutExternalId),
    ("open_to_any_external_id", |_| Fault::OpenToAnyExternalId),
    ("action_missing", |asked| Fault::ActionMissing(owned(asked, "action"))),
    ("no_trail", |_| Fault::NoTrail),
    ("trail_stopped", |_| Fault::TrailStopped),
    ("trail_of_one_region", |asked| Fault::TrailOfOneRegion(owned(asked, "region"))),
    ("trail_without_management_events", |_| Fault::TrailWithoutManagementEvents),
    ("rule_missing", |asked| Fault::RuleMissing(owned(asked, "region"), owned(asked, "rule"))),
    ("rule_disabled", |asked| Fault::RuleDisabled(owned(asked, "region"), owned(asked, "rule"))),
];

fn fault_of(asked: &Value) -> Option<Fault> {
    let word = text(asked, "fault");
    FAULTS.iter().find(|(known, _)| *known == word).map(|(_, fault)| fault(asked))
}

fn owned(asked: &Value, name: &str) -> String {
    text(asked, name).to_owned()
}

async fn fail(State(aws): State<CustomerAws>, Json(asked): Json<Value>) -> Answer {
    let failing = Failing::from_code(text(&asked, "how"));
    let failing = failing.ok_or((StatusCode::BAD_REQUEST, "no such way to fail"))?;
    let times = asked["times"].as_u64().and_then(|it| it.try_into().ok()).unwrap_or(1);
    aws.fail(text(&asked, "action"), failing, times);
    Ok(done())
}

async fn remember(State(aws): State<CustomerAws>, Json(asked): Json<Value>) -> Answer {
    let records = asked["records"].as_array().cloned().unwrap_or_default();
    aws.remember(text(&asked, "account"), text(&asked, "region"), records);
    Ok(done())
}

async fn knocks(State(aws): State<CustomerAws>, Path(account): Path<String>) -> Answer {
    Ok(Json(json!(aws.knocks(&account))))
}

async fn requests(State(aws): State<CustomerAws>) -> Answer {
    Ok(Json(json!(aws.requests())))
}
