//! A page that shows the workspace as Slack does.

use crate::control::{Click, Words, answer};
use crate::fault::redirect;
use crate::state::{Impossible, SlackState};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Nothing but what comes from here is run or shown.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

pub(crate) async fn page() -> Response {
    served("text/html; charset=utf-8", include_str!("../preview/index.html"))
}

pub(crate) async fn file(Path(name): Path<String>) -> Response {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    match name.as_str() {
        "style.css" => served("text/css; charset=utf-8", include_str!("../preview/style.css")),
        "page.js" => served(SCRIPT, include_str!("../preview/page.js")),
        "message.js" => served(SCRIPT, include_str!("../preview/message.js")),
        "mrkdwn.js" => served(SCRIPT, include_str!("../preview/mrkdwn.js")),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn served(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}

/// All that is shown; nothing, if the query says `since=` and the state of before.
pub(crate) async fn state(State(slack): State<SlackState>, uri: Uri) -> Response {
    let world = slack.world();
    // After a start anew the same number would be another state.
    let version = format!("{}-{}", world.started(), world.changes);
    if uri.query() == Some(&format!("since={version}")) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let state = json!({
        "version": version,
        "command": world.settings.command,
        "workspaces": world.workspaces,
        "messages": world.messages,
    });
    ([(CACHE_CONTROL, "no-store")], Json(state)).into_response()
}

/// Somebody presses a button on the page.
pub(crate) async fn click(State(slack): State<SlackState>, Json(click): Json<Click>) -> Response {
    answer(click.done(&slack).await.map(|exchange| exchange.outcome))
}

/// Somebody writes on the page: the slash command is run, anything else is only said.
pub(crate) async fn message(State(slack): State<SlackState>, Json(words): Json<Words>) -> Response {
    answer(written(&slack, &words).await)
}

async fn written(slack: &SlackState, words: &Words) -> Result<&'static str, Impossible> {
    let Words { user, channel, text } = words;
    let command = slack.world().settings.command.clone();
    match text.trim().strip_prefix(&command) {
        Some(rest) if rest.is_empty() || rest.starts_with(char::is_whitespace) => {
            Ok(slack.command(user, channel, rest).await?.outcome)
        }
        _ => slack.say(user, channel, text).map(|_| "ok"),
    }
}

/// An address of a message leads to it on the page.
pub(crate) async fn permalink(Path((channel, message)): Path<(String, String)>) -> Response {
    let digits = message.strip_prefix('p').unwrap_or_default();
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let at = digits.len().checked_sub(6).filter(|_| plain(digits) && plain(&channel));
    at.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |at| redirect(&format!("/preview#{channel}/{}.{}", &digits[..at], &digits[at..])),
    )
}
