//! All addresses under which the login is reached, below its issuer's own.

use crate::oauth;
use crate::state::LoginState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// Bytes that a request may have.
const MAX_BODY: usize = 64 * 1024;

/// For any server: nest them under the path of the issuer.
pub fn routes(login: LoginState) -> Router {
    Router::new()
        .route("/oauth2/authorize", get(oauth::ask).post(oauth::chosen))
        .route("/oauth2/token", post(oauth::token))
        .route("/oauth2/revoke", post(oauth::revoke))
        .route("/oauth2/userInfo", get(oauth::userinfo))
        .route("/logout", get(oauth::logout))
        .route("/.well-known/jwks.json", get(oauth::jwks))
        .route("/.well-known/openid-configuration", get(oauth::discovery))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(login)
}
