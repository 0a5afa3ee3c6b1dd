//! A server on this machine that answers as Slack does: it refuses what Slack would refuse, keeps
//! what was posted, and fails when it is told to.

use crate::limits;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The token that it takes.
pub const TOKEN: &str = "xoxb-double-0123456789";
/// The channel that it has.
pub const CHANNEL: &str = "C0DOUBLE";
/// The path of its webhook, as secret as the token.
const WEBHOOK: &str = "/services/T0DOUBLE/B0DOUBLE/h00kSecret";

/// A running double; it ends when it is dropped.
#[derive(Debug)]
pub struct Double {
    address: String,
    slack: Arc<Mutex<Workspace>>,
    server: JoinHandle<()>,
}

/// A message as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub ts: String,
    /// The message whose thread it stands in.
    pub thread_ts: Option<String>,
    /// What notifications show.
    pub text: String,
    /// Its blocks, as they came.
    pub blocks: Value,
    /// How often it was changed.
    pub updates: u32,
}

/// What the next call is answered with, instead of being obeyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// 429 with this `Retry-After`.
    RateLimited(Option<String>),
    /// This status, with this text.
    Status(u16, String),
    /// 200 with `ok: false` and this error.
    Error(String),
    /// A redirect to this address.
    Redirect(String),
    /// No answer.
    Silence,
    /// An answer of so many bytes.
    Endless(usize),
}

#[derive(Debug, Default)]
struct Workspace {
    messages: Vec<Kept>,
    faults: VecDeque<Fault>,
    calls: u32,
}

/// Slack's word for what is wrong, and what it says of it.
struct Refusal {
    code: &'static str,
    why: String,
}

impl Refusal {
    fn new(code: &'static str, why: impl Into<String>) -> Self {
        Self { code, why: why.into() }
    }
}

impl Double {
    /// Starts on a free port.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let slack = Arc::new(Mutex::new(Workspace::default()));
        let routes = Router::new()
            .route("/api/chat.postMessage", post(call))
            .route("/api/chat.update", post(call))
            .route(WEBHOOK, post(call))
            .with_state(Arc::clone(&slack));
        let server = tokio::spawn(async move {
            // It ends with the task.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { address, slack, server })
    }

    /// Base address of its Web API.
    pub fn api_url(&self) -> String {
        format!("{}/api/", self.address)
    }

    /// Address of its webhook.
    pub fn webhook_url(&self) -> String {
        format!("{}{WEBHOOK}", self.address)
    }

    /// What stands in the channel, in the order of posting.
    pub fn messages(&self) -> Vec<Kept> {
        locked(&self.slack).messages.clone()
    }

    /// How many calls came, whatever became of them.
    pub fn calls(&self) -> u32 {
        locked(&self.slack).calls
    }

    /// Somebody deletes all messages.
    pub fn forget_messages(&self) {
        locked(&self.slack).messages.clear();
    }

    /// The next call goes wrong; said twice, the next two.
    pub fn fail_next(&self, fault: Fault) {
        locked(&self.slack).faults.push_back(fault);
    }
}

impl Workspace {
    /// Posts or changes a message; gives its name.
    fn obey(&mut self, path: &str, headers: &HeaderMap, body: &[u8]) -> Result<String, Refusal> {
        let webhook = path == WEBHOOK;
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if !webhook && header(AUTHORIZATION) != Some(&format!("Bearer {TOKEN}")) {
            return Err(Refusal::new("invalid_auth", "another token"));
        }
        if header(CONTENT_TYPE) != Some("application/json; charset=utf-8") {
            return Err(Refusal::new("invalid_post_type", "JSON in UTF-8 is needed"));
        }
        let sent: Value = serde_json::from_slice(body)
            .map_err(|error| Refusal::new("invalid_json", error.to_string()))?;
        if !webhook && sent["channel"] != CHANNEL {
            return Err(Refusal::new("channel_not_found", "another channel"));
        }
        if sent["text"].as_str().is_none_or(str::is_empty) {
            return Err(Refusal::new("no_text", "the text beside the blocks is missing"));
        }
        limits::check(&sent).map_err(|why| Refusal::new("invalid_blocks", why))?;
        if path.ends_with("chat.update") { self.change(&sent) } else { self.keep(&sent) }
    }

    fn keep(&mut self, sent: &Value) -> Result<String, Refusal> {
        let thread_ts = sent["thread_ts"].as_str().map(str::to_owned);
        let known = |ts: &String| self.messages.iter().any(|kept| kept.ts == *ts);
        if thread_ts.as_ref().is_some_and(|ts| !known(ts)) {
            return Err(Refusal::new("thread_not_found", "no such message"));
        }
        let ts = format!("1780887780.{:06}", self.calls);
        self.messages.push(Kept {
            ts: ts.clone(),
            thread_ts,
            text: sent["text"].as_str().unwrap_or_default().to_owned(),
            blocks: sent["blocks"].clone(),
            updates: 0,
        });
        Ok(ts)
    }

    fn change(&mut self, sent: &Value) -> Result<String, Refusal> {
        let kept = self.messages.iter_mut().find(|kept| sent["ts"] == kept.ts.as_str());
        let kept = kept.ok_or_else(|| Refusal::new("message_not_found", "no such message"))?;
        sent["text"].as_str().unwrap_or_default().clone_into(&mut kept.text);
        kept.blocks = sent["blocks"].clone();
        kept.updates += 1;
        Ok(kept.ts.clone())
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn locked(slack: &Mutex<Workspace>) -> MutexGuard<'_, Workspace> {
    slack.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn call(
    State(slack): State<Arc<Mutex<Workspace>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = {
        let mut slack = locked(&slack);
        slack.calls += 1;
        slack.faults.pop_front()
    };
    if let Some(fault) = fault {
        return fail(fault).await;
    }
    let done = locked(&slack).obey(uri.path(), &headers, &body);
    match (done, uri.path() == WEBHOOK) {
        (Ok(_), true) => "ok".into_response(),
        (Ok(ts), false) => ok(&json!({"ok": true, "channel": CHANNEL, "ts": ts})),
        (Err(Refusal { code, .. }), true) => (StatusCode::BAD_REQUEST, code).into_response(),
        (Err(Refusal { code, why }), false) => ok(&json!({
            "ok": false, "error": code, "response_metadata": {"messages": [why]},
        })),
    }
}

fn ok(answer: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], answer.to_string()).into_response()
}

async fn fail(fault: Fault) -> Response {
    match fault {
        Fault::RateLimited(after) => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            match after {
                Some(after) => (status, [(RETRY_AFTER, after)]).into_response(),
                None => status.into_response(),
            }
        }
        Fault::Status(status, text) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
            (status, text).into_response()
        }
        Fault::Error(error) => ok(&json!({"ok": false, "error": error})),
        Fault::Redirect(to) => (StatusCode::FOUND, [(LOCATION, to)]).into_response(),
        Fault::Silence => std::future::pending().await,
        Fault::Endless(bytes) => vec![b' '; bytes].into_response(),
    }
}
