//! The intake: events over HTTP. An event that was answered with success is stored, or put aside
//! with its reason: who gets no answer sends again, and nothing counts twice.

use super::App;
use super::chat::Chat;
use super::dashboard::Dashboard;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router as Routes};
use jiff::Timestamp;
use pipeline::digest::digest_of;
use pipeline::error::Failure;
use pipeline::route::{Refusal, Routed, Router, trust};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt as _;

/// Bytes that one request may have.
const MAX_BODY: usize = 16 << 20;
/// Events that one request may have.
const MAX_EVENTS: usize = 10_000;

const HELP: &str = r#"dd0c/cost, all of it in one process

GET  /         the dashboard, once it is built; until then, this:
               npm --prefix dashboard ci && npm --prefix dashboard run build
GET  /help     this
POST /events   one event as EventBridge sends it, or a JSON array of them; Content-Type:
               application/json. The answer comes when they are stored.
GET  /status   counts since the start, what waits, what was put aside
GET  /digest   the last 24 hours in a few lines
GET  /preview  a page that shows the cards as Slack does, to read and to press
GET  /published  changes of anomalies as other programs get them
     /v1       the REST API (dashboard/openapi.json); sign in below /login: as "local" for the
               accounts whose events come here, by any other name as a tenant of your own
     /aws-double/console  a played AWS console: connect accounts there, and use them

Try it (twice: the second time it is a duplicate):
  curl -s localhost:4180/events -H 'Content-Type: application/json' -d @- <<'EVENT'
  {"version":"0","id":"1","source":"aws.ec2","detail-type":"AWS API Call via CloudTrail",
   "account":"111122223333","region":"us-east-1","time":"2026-06-01T03:03:00Z","resources":[],
   "detail":{"eventVersion":"1.08","eventID":"d5b0a2a6-0001","eventTime":"2026-06-01T03:03:00Z",
    "eventSource":"ec2.amazonaws.com","eventName":"RunInstances","awsRegion":"us-east-1",
    "eventType":"AwsApiCall","readOnly":false,"recipientAccountId":"111122223333",
    "userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","userName":"ops",
     "arn":"arn:aws:iam::111122223333:user/ops","accountId":"111122223333"},
    "requestParameters":{"instanceType":"p4d.24xlarge"},
    "responseElements":{"instancesSet":{"items":[
     {"instanceId":"i-0123456789abcdef0","instanceType":"p4d.24xlarge"}]}}}}
  EVENT
"#;

/// What is served beside the intake.
pub(crate) struct Beside {
    /// What is played.
    pub(crate) played: Routes,
    /// All of it below `/v1`.
    pub(crate) api: Option<Routes>,
    /// Everywhere else.
    pub(crate) dashboard: Option<Dashboard>,
}

impl Beside {
    /// The API and the dashboard each have their own answer to what is not there.
    fn routes(self) -> Routes {
        let rest = match self.dashboard {
            Some(dashboard) => dashboard.routes(),
            None => Routes::new().route("/", get(async || HELP)).fallback(nothing),
        };
        let api = self.api.unwrap_or_else(|| rest.clone());
        let either = async move |request: Request| {
            let is_of_api = request.uri().path().starts_with("/v1/");
            if is_of_api { api.oneshot(request).await } else { rest.oneshot(request).await }
        };
        Routes::new().fallback(either).merge(self.played)
    }
}

/// All routes. A program that listens on this machine alone answers only to this machine's names:
/// no page in a browser may use it under another.
pub(crate) fn routes(app: Arc<App>, chat: &Chat, beside: Beside, address: SocketAddr) -> Routes {
    let routes = Routes::new()
        .route("/help", get(async || HELP))
        .route("/events", post(events))
        .route("/status", get(status))
        .route("/digest", get(today))
        .route("/published", get(published))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(app)
        .merge(beside.routes());
    let routes = match chat {
        Chat::Preview(preview) => routes
            .merge(slack_double::routes(preview.slack.clone()))
            .merge(slack::door::routes(preview.door.clone())),
        Chat::Webhook(_) | Chat::None => routes,
    };
    if address.ip().is_loopback() { routes.layer(middleware::from_fn(local_only)) } else { routes }
}

async fn nothing() -> Response {
    problem(StatusCode::NOT_FOUND, "there is nothing here; GET /help tells what there is")
}

async fn local_only(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let name = host.unwrap_or_default();
    let name = name.rsplit_once(':').map_or(name, |(name, port)| {
        if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host.unwrap_or_default() }
    });
    if matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
        next.run(request).await
    } else {
        problem(StatusCode::FORBIDDEN, "ask for localhost or 127.0.0.1")
    }
}

async fn events(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    let content = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content.is_some_and(|content| content.starts_with("application/json")) {
        let what = "send Content-Type: application/json";
        return problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, what);
    }
    let events = match split(&body) {
        Ok(events) => events,
        Err(why) => return problem(StatusCode::BAD_REQUEST, &why),
    };
    match take(&app, &events).await {
        Ok(taken) => taken.answer(events.len()),
        Err(Failure::Later(after, why)) => {
            let seconds = after.as_secs().to_string();
            let mut answer = problem(StatusCode::TOO_MANY_REQUESTS, &why);
            if let Ok(seconds) = seconds.parse() {
                answer.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
            answer
        }
        Err(failure) => problem(StatusCode::SERVICE_UNAVAILABLE, &failure.to_string()),
    }
}

/// One event, or an array of them.
fn split(body: &[u8]) -> Result<Vec<&RawValue>, String> {
    let begins = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let events: Vec<&RawValue> = match begins {
        Some(b'[') => serde_json::from_slice(body),
        _ => serde_json::from_slice(body).map(|event| vec![event]),
    }
    .map_err(|error| format!("the body is not JSON: {error}"))?;
    if events.len() > MAX_EVENTS {
        return Err(format!("at most {MAX_EVENTS} events in one request"));
    }
    Ok(events)
}

/// What became of a request's events.
#[derive(Default)]
pub(super) struct Taken {
    accepted: Vec<String>,
    refused: BTreeMap<&'static str, u64>,
    rejected: Vec<String>,
}

pub(super) async fn take(app: &App, events: &[&RawValue]) -> Result<Taken, Failure> {
    let router =
        Router { table: &app.table, queue: &app.events, gate: &app.gate, test_source: None };
    let mut taken = Taken::default();
    for event in events {
        if let Ok(Ok(trusted)) = trust(event.get().as_bytes(), None) {
            if !app.takes(&trusted.account) {
                app.counts.refused(Refusal::UnknownAccount);
                *taken.refused.entry(Refusal::UnknownAccount.code()).or_default() += 1;
                continue;
            }
            app.connect_if_open(&trusted.account).await?;
        }
        match router.route(event.get(), Timestamp::now()).await {
            Ok(Routed::Sent(trusted)) => {
                app.counts.accepted();
                taken.accepted.push(trusted.id.to_string());
            }
            Ok(Routed::Proof) => app.counts.proof(),
            Ok(Routed::Refused(refusal)) => {
                app.counts.refused(refusal);
                *taken.refused.entry(refusal.code()).or_default() += 1;
            }
            Err(Failure::Reject(why)) => {
                app.counts.rejected(1);
                taken.rejected.push(why);
            }
            Err(failure) => return Err(failure),
        }
    }
    app.events.settled(&taken.accepted).await;
    taken.accepted.retain(|id| match app.events.why_dead(id) {
        None => true,
        Some(why) => {
            taken.rejected.push(why);
            false
        }
    });
    Ok(taken)
}

impl Taken {
    /// Why there is an event that was not taken.
    pub(super) fn why_not(&self) -> Option<String> {
        let refused = self.refused.keys().next().map(|code| (*code).to_owned());
        self.rejected.first().cloned().or(refused)
    }

    fn answer(self, events: usize) -> Response {
        let good = !self.accepted.is_empty() || events == 0;
        let status = if good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let body = json!({
            "accepted": self.accepted.len(),
            "refused": self.refused,
            "rejected": self.rejected,
        });
        (status, Json(body)).into_response()
    }
}

async fn status(State(app): State<Arc<App>>) -> Json<Value> {
    let dead = |message: &pipeline::ports::Message| json!(message.reason);
    let mut status = app.counts.json();
    status["waiting"] = json!({"events": app.events.len(), "alerts": app.alerts.len()});
    status["put_aside"] = json!({
        "events": app.events.dead().iter().map(dead).collect::<Vec<_>>(),
        "alerts": app.alerts.dead().iter().map(dead).collect::<Vec<_>>(),
    });
    Json(status)
}

async fn today(State(app): State<Arc<App>>) -> Response {
    match digest_of(&app.table, &app.scope, Timestamp::now()).await {
        Ok(digest) => {
            let texts = digest.lines.into_iter().map(|line| line.text);
            let lines: Vec<String> = std::iter::once(digest.title).chain(texts).collect();
            format!("{}\n", lines.join("\n")).into_response()
        }
        Err(failure) => problem(StatusCode::SERVICE_UNAVAILABLE, &failure.to_string()),
    }
}

/// What other programs would read on the bus, the newest last.
async fn published(State(app): State<Arc<App>>) -> Json<Value> {
    let bodies = app.published.bodies();
    let events = bodies.iter().filter_map(|body| serde_json::from_str::<Value>(body).ok());
    Json(Value::Array(events.collect()))
}

fn problem(status: StatusCode, what: &str) -> Response {
    (status, Json(json!({"error": what}))).into_response()
}
