//! `/userinfo`: what is known of who signed in, for whoever has the token.

use crate::Issuer;
use crate::person::Person;
use crate::random::kept_as;
use crate::refusal::Refusal;
use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use kms::signing::Sign;
use pipeline::error::Failure;
use serde_json::{Value, json};
use std::sync::Arc;
use store::StateKind;

pub(crate) async fn tell<S: Sign>(
    State(issuer): State<Arc<Issuer<S>>>,
    headers: HeaderMap,
) -> Response {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|header| header.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, token)) = token else { return refused() };
    match issuer.person_of(token.trim()).await {
        Ok(Some(person)) => {
            let claims = Json(Value::from(person.claims()));
            ([(CACHE_CONTROL, "no-store")], claims).into_response()
        }
        Ok(None) => refused(),
        Err(failure) => Refusal::from(failure).into_response(),
    }
}

impl<S: Sign> Issuer<S> {
    async fn person_of(&self, token: &str) -> Result<Option<Person>, Failure> {
        let kept = kept_as(token);
        let state = (StateKind::GithubAccess, kept.as_str());
        let given = self.table.look_at_state(state, Timestamp::now()).await?;
        Ok(given.and_then(|given| serde_json::from_str(&given.payload).ok()))
    }
}

/// As RFC 6750 says it.
fn refused() -> Response {
    let headers =
        [(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""), (CACHE_CONTROL, "no-store")];
    (StatusCode::UNAUTHORIZED, headers, Json(json!({ "error": "invalid_token" }))).into_response()
}
