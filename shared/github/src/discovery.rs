//! What Cognito looks up first: where everything is, and with which key tokens are signed.

use crate::Issuer;
use crate::refusal::Refusal;
use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use kms::signing::Sign;
use serde_json::json;
use std::sync::Arc;

/// What is said here may be kept for an hour.
const KEPT: &str = "public, max-age=3600";

pub(crate) async fn document<S: Sign>(State(issuer): State<Arc<Issuer<S>>>) -> Response {
    let url = &issuer.url;
    let document = json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "jwks_uri": format!("{url}/jwks"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "email", "profile"],
        "claims_supported": [
            "sub", "email", "email_verified", "name", "preferred_username", "picture",
        ],
    });
    ([(CACHE_CONTROL, KEPT)], Json(document)).into_response()
}

pub(crate) async fn keys<S: Sign>(State(issuer): State<Arc<Issuer<S>>>) -> Response {
    match issuer.signer.public_key().await {
        Ok(key) => {
            let document = Json(json!({ "keys": [key.jwk()] }));
            ([(CACHE_CONTROL, KEPT)], document).into_response()
        }
        Err(failure) => Refusal::from(failure).into_response(),
    }
}
