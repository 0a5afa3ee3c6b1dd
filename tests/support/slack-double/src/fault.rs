//! Ways for Slack to be in a bad mood.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What the next call is answered with, instead of being obeyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// The call is obeyed, and the answer is lost.
    Lost,
    /// An answer of so many bytes.
    Endless(usize),
}

impl Fault {
    /// The answer, if there is one.
    pub(crate) async fn answer(self) -> Response {
        match self {
            Self::RateLimited(after) => rate_limited(after),
            Self::Status(status, text) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
                (status, text).into_response()
            }
            Self::Error(error) => json_answer(&json!({"ok": false, "error": error})),
            Self::Redirect(to) => redirect(&to),
            Self::Silence | Self::Lost => std::future::pending().await,
            Self::Endless(bytes) => vec![b' '; bytes].into_response(),
        }
    }
}

/// 429, as Slack says it.
pub(crate) fn rate_limited(after: Option<String>) -> Response {
    let answer = json_answer(&json!({"ok": false, "error": "ratelimited"}));
    let status = StatusCode::TOO_MANY_REQUESTS;
    match after {
        Some(after) => (status, [(RETRY_AFTER, after)], answer).into_response(),
        None => (status, answer).into_response(),
    }
}

/// 302; an address that no header can hold is a 500, not the end.
pub(crate) fn redirect(to: &str) -> Response {
    (StatusCode::FOUND, [(LOCATION, to.to_owned())]).into_response()
}

/// 200 with JSON.
pub(crate) fn json_answer(answer: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], answer.to_string()).into_response()
}
