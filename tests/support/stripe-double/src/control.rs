//! Steering the program by HTTP: `/control/…`, JSON in and out. What cannot be done is a 400 with
//! `{"error": …}`.

use crate::events::Delivery;
use crate::fault::Fault;
use crate::people::Card;
use crate::state::{Impossible, StripeState};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

/// The routes. Whoever reaches them can do anything with this Stripe: for a loopback address only.
pub fn routes(stripe: StripeState) -> Router {
    Router::new()
        .route("/control/state", get(state))
        .route("/control/settings", post(settings))
        .route("/control/faults", post(faults))
        .route("/control/pay", post(pay))
        .route("/control/cancel", post(cancel))
        .route("/control/card", post(card))
        .route("/control/end", post(end))
        .route("/control/advance", post(advance))
        .route("/control/deliver", post(deliver))
        .route("/control/tell", post(tell))
        .with_state(stripe)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    webhook_url: Option<String>,
    tell_at_once: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfCustomer {
    customer: String,
    #[serde(default = "pays")]
    card: Card,
}

fn pays() -> Card {
    Card::Pays
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Time {
    seconds: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    #[serde(default)]
    order: Delivery,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    event: String,
}

/// 200, or 400 with what is impossible.
fn answer<T: Serialize>(done: Result<T, Impossible>) -> Response {
    match done {
        Ok(done) => Json(done).into_response(),
        Err(error) => {
            let error = json!({"error": error.to_string()});
            (StatusCode::BAD_REQUEST, Json(error)).into_response()
        }
    }
}

async fn state(State(stripe): State<StripeState>) -> Response {
    let state = json!({
        "asked": stripe.asked(), "events": stripe.events(), "customers": stripe.customers(),
        "subscriptions": stripe.subscriptions(),
    });
    answer(Ok(state))
}

async fn settings(State(stripe): State<StripeState>, Json(changes): Json<Changes>) -> Response {
    if let Some(url) = &changes.webhook_url {
        stripe.set_webhook_url(url);
    }
    if let Some(on) = changes.tell_at_once {
        stripe.tell_at_once(on);
    }
    answer(Ok(()))
}

async fn faults(State(stripe): State<StripeState>, Json(faults): Json<Vec<Fault>>) -> Response {
    for fault in faults {
        stripe.fail_next(fault);
    }
    answer(Ok(()))
}

async fn pay(State(stripe): State<StripeState>, Json(page): Json<Page>) -> Response {
    answer(stripe.pay(&page.url))
}

async fn cancel(State(stripe): State<StripeState>, Json(page): Json<Page>) -> Response {
    answer(stripe.cancel(&page.url))
}

async fn card(State(stripe): State<StripeState>, Json(it): Json<OfCustomer>) -> Response {
    answer(stripe.set_card(&it.customer, it.card))
}

async fn end(State(stripe): State<StripeState>, Json(it): Json<OfCustomer>) -> Response {
    answer(stripe.end(&it.customer))
}

async fn advance(State(stripe): State<StripeState>, Json(time): Json<Time>) -> Response {
    stripe.advance(Duration::from_secs(time.seconds));
    answer(Ok(()))
}

async fn deliver(State(stripe): State<StripeState>, Json(it): Json<Order>) -> Response {
    answer(Ok(stripe.deliver(it.order).await))
}

async fn tell(State(stripe): State<StripeState>, Json(it): Json<Named>) -> Response {
    answer(Ok(stripe.tell(&it.event).await))
}
