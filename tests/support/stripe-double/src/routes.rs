//! All addresses under which Stripe is reached.

use crate::state::StripeState;
use crate::{api, pages};
use axum::Router;
use axum::routing::{any, get, post};

/// For any server, under a prefix too: the API and the pages. The state has to know under which
/// address ([`StripeState::set_base_url`]).
pub fn routes(stripe: StripeState) -> Router {
    Router::new()
        .route("/v1/{*path}", any(api::call))
        .route("/pay/{id}", get(pages::checkout))
        .route("/pay/{id}/{action}", post(pages::checkout_pressed))
        .route("/portal/{id}", get(pages::portal))
        .route("/portal/{id}/{action}", post(pages::portal_pressed))
        .with_state(stripe)
}
