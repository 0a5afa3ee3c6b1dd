//! What the tests share: an app that writes down what Slack sends to it, and calls of Slack.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use slack_double::{Double, TOKEN};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use tokio::task::JoinHandle;

/// A request that the app got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Got {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Got {
    pub(crate) fn form(&self) -> HashMap<String, String> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    pub(crate) fn payload(&self) -> Value {
        serde_json::from_str(&self.form()["payload"]).expect("JSON")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Whether it is signed with this secret, over time and body.
    pub(crate) fn is_signed(&self, secret: &str) -> bool {
        let timestamp = self.header("x-slack-request-timestamp").parse().unwrap_or_default();
        slack_double::signature(secret, timestamp, &self.body) == self.header("x-slack-signature")
    }
}

/// What the app answers.
#[derive(Debug, Clone)]
pub(crate) enum Says {
    Status(u16),
    Text(&'static str),
    Json(Value),
    /// Nothing.
    Silence,
    /// 500 with `X-Slack-No-Retry`.
    DoNotRetry,
    /// What it was asked for, as the check of its address wants it.
    Challenge,
}

#[derive(Default)]
struct Told {
    got: Vec<Got>,
    says: VecDeque<Says>,
}

pub(crate) struct App {
    pub(crate) url: String,
    told: Arc<Mutex<Told>>,
    server: JoinHandle<()>,
}

impl App {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let told = Arc::<Mutex<Told>>::default();
        let routes = Router::new().fallback(take).with_state(Arc::clone(&told));
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, routes).await;
        });
        Self { url, told, server }
    }

    /// The next answer; 200 with nothing where none is set.
    pub(crate) fn says(&self, says: Says) {
        self.told.lock().expect("no panic").says.push_back(says);
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.told.lock().expect("no panic").got.clone()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn take(
    State(told): State<Arc<Mutex<Told>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let got = Got { path: uri.path().to_owned(), headers, body: body.to_vec() };
    let says = {
        let mut told = told.lock().expect("no panic");
        told.got.push(got.clone());
        told.says.pop_front()
    };
    match says {
        None => StatusCode::OK.into_response(),
        Some(Says::Status(status)) => {
            StatusCode::from_u16(status).expect("a status").into_response()
        }
        Some(Says::Text(text)) => text.into_response(),
        Some(Says::Json(value)) => axum::Json(value).into_response(),
        Some(Says::Silence) => std::future::pending().await,
        Some(Says::DoNotRetry) => {
            (StatusCode::INTERNAL_SERVER_ERROR, [("x-slack-no-retry", "1")]).into_response()
        }
        Some(Says::Challenge) => {
            axum::Json(json!({"challenge": got.json()["challenge"]})).into_response()
        }
    }
}

/// A call of the Web API in JSON; its status and answer.
pub(crate) async fn call(double: &Double, method: &str, token: &str, sent: &Value) -> (u16, Value) {
    let url = format!("{}{method}", double.api_url());
    let request = reqwest::Client::new().post(url).bearer_auth(token);
    let request = request.header("content-type", "application/json; charset=utf-8");
    let answer = request.body(sent.to_string()).send().await.expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a text");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// The same with the token that is always there; only the answer.
pub(crate) async fn ask(double: &Double, method: &str, sent: &Value) -> Value {
    call(double, method, TOKEN, sent).await.1
}

/// JSON to any address; status and answer.
pub(crate) async fn send(url: &str, sent: &Value) -> (u16, String) {
    let request = reqwest::Client::new().post(url).header("content-type", "application/json");
    let answer = request.body(sent.to_string()).send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a text"))
}

/// A card with two buttons.
pub(crate) fn card(channel: &str) -> Value {
    json!({"channel": channel, "text": "a card", "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*What* happened"}},
        {"type": "actions", "block_id": "answers", "elements": [
            {"type": "button", "action_id": "expected", "value": "01ABC", "style": "primary",
             "text": {"type": "plain_text", "text": "Expected"}},
            {"type": "button", "action_id": "snooze", "value": "01ABC",
             "text": {"type": "plain_text", "text": "Snooze 1 h"}},
        ]},
    ]})
}
