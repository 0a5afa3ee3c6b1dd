//! The door: where Stripe tells what has changed. What is genuine is taken in and acknowledged; the
//! work is done later.

pub mod event;
pub mod signature;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use jiff::Timestamp;
use pipeline::billing::BillingTask;
use pipeline::error::Failure;
use pipeline::ports::{Message, Queue};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;

/// Bytes that a request may have.
const MAX_BODY: usize = 256 * 1024;
/// For taking something in: Stripe waits some seconds, and comes again.
const TAKE_WITHIN: Duration = Duration::from_secs(5);

/// What the door needs.
#[derive(Debug)]
pub struct Door<Q> {
    /// What is to be done about money.
    pub queue: Q,
    /// What Stripe signs with.
    pub secrets: Vec<SecretString>,
}

/// The one route, `/stripe/webhook`.
pub fn routes<Q: Queue + Send + Sync + 'static>(door: Arc<Door<Q>>) -> Router {
    Router::new()
        .route("/stripe/webhook", post(receive::<Q>))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(door)
}

/// Checks who sends, reads, and takes in; nothing is read before it is genuine.
async fn receive<Q: Queue + Send + Sync>(
    State(door): State<Arc<Door<Q>>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let header = headers.get(signature::HEADER).and_then(|value| value.to_str().ok());
    let genuine = match (&body, header) {
        (Ok(body), Some(header)) => {
            signature::is_genuine(&door.secrets, header, body, Timestamp::now())
        }
        _ => false,
    };
    match body {
        Ok(body) if genuine => door.take(&body).await,
        _ => refuse(),
    }
}

impl<Q: Queue> Door<Q> {
    async fn take(&self, body: &[u8]) -> Response {
        // Signed by Stripe and yet not readable: to be looked at.
        let Some(event) = event::read(body) else {
            tracing::error!("Stripe has sent what cannot be read");
            return StatusCode::BAD_REQUEST.into_response();
        };
        let message = Message::of(BillingTask::Event(event).to_json());
        let taken = tokio::time::timeout(TAKE_WITHIN, self.queue.send(vec![message])).await;
        match taken.unwrap_or_else(|_| Err(Failure::Retry("the queue is slow".to_owned()))) {
            Ok(()) => StatusCode::OK.into_response(),
            Err(failure) => {
                tracing::error!(why = %failure, "an event of Stripe's could not be taken in");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        }
    }
}

/// Without detail: who forges learns nothing.
fn refuse() -> Response {
    tracing::warn!("a request was not signed by Stripe");
    StatusCode::UNAUTHORIZED.into_response()
}
