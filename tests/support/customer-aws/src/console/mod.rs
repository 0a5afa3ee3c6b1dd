//! A page that stands in for AWS's console: one creates the stack there, and then uses the account as
//! somebody would.

mod page;
mod stack;
mod things;

use crate::double::CustomerAws;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};
use stack::Stack;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use things::Thing;

/// Accounts that are offered, the first free one of them.
const ACCOUNTS: [&str; 5] =
    ["111122223333", "444455556666", "777788889999", "222233334444", "555566667777"];
/// Regions that are offered.
const REGIONS: [&str; 6] =
    ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2", "ap-northeast-1"];

/// Where what happens in accounts is heard of.
pub trait Outside: Send + Sync + 'static {
    /// Whether nobody watches an account.
    fn is_free(&self, account: &str) -> impl Future<Output = Result<bool, String>> + Send;
    /// CloudFormation calls back, as its topic brings it.
    fn stack_called(&self, message: Value) -> impl Future<Output = Result<(), String>> + Send;
    /// Rules of EventBridge forward an event.
    fn event(&self, envelope: Value) -> impl Future<Output = Result<(), String>> + Send;
}

/// What the console knows of an account.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    stack: Option<Stack>,
    things: Vec<Thing>,
}

/// The console of a played AWS.
pub(crate) struct Console<O> {
    aws: CustomerAws,
    outside: O,
    /// Its own address, for answers to stacks.
    url: String,
    /// Between two steps of a stack.
    step: Duration,
    shown: Mutex<BTreeMap<String, Shown>>,
}

/// The console's routes. `url` is the address below which they are: answers to stacks go there. A
/// stack is created in steps, so long apart.
pub fn routes<O: Outside>(aws: &CustomerAws, outside: O, url: &str, step: Duration) -> Router {
    let console = Console {
        aws: aws.clone(),
        outside,
        url: url.trim_end_matches('/').to_owned(),
        step,
        shown: Mutex::default(),
    };
    Router::new()
        .route("/", get(page::page))
        .route("/page.js", get(page::script))
        .route("/page.css", get(page::style))
        .route("/state.json", get(state::<O>))
        .route("/stacks", post(stack::create::<O>))
        .route("/stacks/{account}/answer", put(stack::answered::<O>))
        .route("/start", post(things::start::<O>))
        .route("/terminate", post(things::terminate::<O>))
        .with_state(Arc::new(console))
}

impl<O> Console<O> {
    fn shown(&self) -> MutexGuard<'_, BTreeMap<String, Shown>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All that the page shows.
async fn state<O: Outside>(State(console): State<Arc<Console<O>>>) -> Response {
    let mut free = None;
    for account in ACCOUNTS {
        match console.outside.is_free(account).await {
            Ok(true) if !console.shown().contains_key(account) => {
                free = Some(account);
                break;
            }
            Ok(_) => {}
            Err(why) => return wrong(StatusCode::SERVICE_UNAVAILABLE, &why),
        }
    }
    let shown = console.shown();
    let accounts: Vec<Value> = shown.iter().map(|(id, account)| account.view(id)).collect();
    Json(json!({
        "accounts": accounts,
        "freeAccount": free.unwrap_or_default(),
        "regions": REGIONS,
        "who": things::WHO.map(|(code, label, _)| json!({"code": code, "label": label})),
        "what": things::WHAT.map(|what| json!({"code": what.code, "label": what.label})),
    }))
    .into_response()
}

impl Shown {
    fn view(&self, account: &str) -> Value {
        json!({
            "account": account,
            "stack": self.stack.as_ref().map(Stack::view),
            "running": self.things.iter().map(Thing::view).collect::<Vec<_>>(),
        })
    }
}

fn wrong(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({"error": why}))).into_response()
}
