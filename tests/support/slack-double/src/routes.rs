//! All addresses under which Slack is reached.

use crate::state::SlackState;
use crate::{authorize, preview, response_url, web_api, webhook};
use axum::Router;
use axum::routing::{any, get, post};

/// For any server: the Web API, webhooks, answers, the page that installs the app, and the preview.
/// The state has to know under which address ([`SlackState::set_base_url`]).
pub fn routes(slack: SlackState) -> Router {
    Router::new()
        .route("/api/{method}", any(web_api::call))
        .route("/services/{team}/{hook}/{secret}", post(webhook::call))
        .route("/response/{team}/{id}/{secret}", post(response_url::call))
        .route("/oauth/v2/authorize", get(authorize::page).post(authorize::chosen))
        .route("/archives/{channel}/{message}", get(preview::permalink))
        .route("/preview", get(preview::page))
        .route("/preview/state.json", get(preview::state))
        .route("/preview/click", post(preview::click))
        .route("/preview/message", post(preview::message))
        .route("/preview/{file}", get(preview::file))
        .with_state(slack)
}
