//! A GitHub on this machine: signing in with an OAuth app, and who somebody is.

mod double;
mod oauth;
mod people;
mod state;

pub use double::GithubDouble;
pub use people::{Email, User};
pub use state::{GithubSettings, GithubState, Trouble};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// Bytes that a request may have.
const MAX_BODY: usize = 64 * 1024;

/// For any server, with what is at `github.com` and what is at `api.github.com`.
pub fn routes(github: GithubState) -> Router {
    Router::new()
        .route("/login/oauth/authorize", get(oauth::ask).post(oauth::chosen))
        .route("/login/oauth/access_token", post(oauth::token))
        .route("/user", get(people::user))
        .route("/user/emails", get(people::emails))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(github)
}
