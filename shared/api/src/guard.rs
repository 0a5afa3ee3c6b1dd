//! Around each request: its number, its time limit, the headers of all answers, one line in the log.

use crate::problem::{Code, Problem};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::words;
use std::cell::Cell;
use std::time::Duration;

/// No question takes longer.
const MAX_TIME: Duration = Duration::from_secs(5);

tokio::task_local! {
    static REQUEST: Context;
}

struct Context {
    id: String,
    rate: Cell<Option<Rate>>,
}

/// How much a caller may still ask in this minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) limit: u64,
    pub(crate) remaining: u64,
    /// Seconds until the minute is over.
    pub(crate) reset: u64,
}

/// Number of the request that is being answered.
pub(crate) fn request_id() -> String {
    REQUEST.try_with(|context| context.id.clone()).unwrap_or_default()
}

/// Notes how much its caller may still ask.
pub(crate) fn note_rate(rate: Rate) {
    // Outside of a request nobody reads it.
    let _ = REQUEST.try_with(|context| context.rate.set(Some(rate)));
}

pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let context = Context { id: fresh_id(), rate: Cell::new(None) };
    REQUEST.scope(context, answer(request, next)).await
}

async fn answer(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let answered = tokio::time::timeout(MAX_TIME, next.run(request)).await;
    let mut response =
        answered.unwrap_or_else(|_| Problem::of(Code::TooSlow).after(1).into_response());
    let (id, rate) =
        REQUEST.try_with(|context| (context.id.clone(), context.rate.get())).unwrap_or_default();
    let status = response.status().as_u16();
    tracing::info!(request = %id, %method, status, "answered");
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", id);
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(Rate { limit, remaining, reset }) = rate {
        headers.insert("ratelimit-limit", HeaderValue::from(limit));
        headers.insert("ratelimit-remaining", HeaderValue::from(remaining));
        headers.insert("ratelimit-reset", HeaderValue::from(reset));
    }
    response
}

/// 64 random bits: enough to find a request in the log of a day.
fn fresh_id() -> String {
    // Without randomness a request has a number all the same, though not its own.
    words::hex(&random::bytes::<8>().unwrap_or_default())
}
