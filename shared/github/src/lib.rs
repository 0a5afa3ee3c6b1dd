//! GitHub as an issuer that Cognito understands. GitHub gives tokens, but does not say in a signed
//! way who somebody is; so this stands between the two: Cognito sends a person here, he is sent on
//! to GitHub, and when he comes back Cognito gets a code, and for the code a signed `id_token`.
//!
//! One file an address; [`routes`] has them all.

mod authorize;
mod callback;
mod discovery;
mod fields;
mod github;
mod person;
mod random;
mod refusal;
mod secret;
mod token;
mod userinfo;

pub use github::Github;
pub use secret::Secret;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use kms::signing::Sign;
use pipeline::error::Failure;
use std::sync::Arc;
use store::Table;

/// Bytes that a request's body may have.
const MAX_BODY: usize = 16 * 1024;

/// What all addresses need.
#[derive(Debug)]
pub struct Issuer<S> {
    table: Table,
    signer: S,
    github: Github,
    secret: Secret,
    url: String,
}

impl<S: Sign> Issuer<S> {
    /// With what it signs with, GitHub, what both sides know us by, and its own address without a
    /// slash at its end.
    pub fn new(
        table: Table,
        signer: S,
        github: Github,
        secret: Secret,
        url: &str,
    ) -> Result<Self, Failure> {
        let url = url.trim_end_matches('/').to_owned();
        github::address(&url, "our own address")?;
        Ok(Self { table, signer, github, secret, url })
    }

    /// Where people come back to from GitHub.
    fn callback(&self) -> String {
        format!("{}/callback", self.url)
    }

    /// Whether all of it is on one machine, without TLS.
    fn is_local(&self) -> bool {
        self.url.starts_with("http://")
    }
}

/// All addresses.
pub fn routes<S: Sign + 'static>(issuer: Arc<Issuer<S>>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::document::<S>))
        .route("/jwks", get(discovery::keys::<S>))
        .route("/authorize", get(authorize::go::<S>))
        .route("/callback", get(callback::come_back::<S>))
        .route("/token", post(token::exchange::<S>))
        .route("/userinfo", get(userinfo::tell::<S>).post(userinfo::tell::<S>))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(issuer)
}
