//! Refusals, as RFC 6749 writes them: to a program as JSON, to the address that a person came from,
//! or, where that cannot be trusted, as a page of our own.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use pipeline::error::Failure;
use serde_json::json;

/// Nothing is run, shown or framed.
const POLICY: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// A refusal to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is not who it says, or says nothing.
    InvalidClient,
    /// Something is missing, or there twice.
    InvalidRequest,
    /// The code is unknown, used, too old, or was given for something else.
    InvalidGrant,
    /// It wants something that there is not.
    UnsupportedGrantType,
    /// Not now.
    Unavailable,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error) = match self {
            Self::InvalidClient => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::InvalidRequest => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::InvalidGrant => (StatusCode::BAD_REQUEST, "invalid_grant"),
            Self::UnsupportedGrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        };
        let mut answer = (status, [(CACHE_CONTROL, "no-store")], Json(json!({ "error": error })))
            .into_response();
        if self == Self::InvalidClient {
            let basic = axum::http::HeaderValue::from_static("Basic realm=\"token\"");
            answer.headers_mut().insert(WWW_AUTHENTICATE, basic);
        }
        answer
    }
}

/// The table, the key or the randomness fail: not the program's fault.
impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        note(&failure);
        Self::Unavailable
    }
}

/// Writes down what failed, for those who operate this.
pub(crate) fn note(failure: &Failure) {
    tracing::warn!(failure = %failure, "signing in with GitHub failed");
}

/// Sends a browser to an address that was checked.
pub(crate) fn redirect(to: &str) -> Response {
    let headers = [(LOCATION, to), (CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "no-referrer")];
    (StatusCode::FOUND, headers).into_response()
}

/// A page for a person who cannot be sent back to where he came from.
pub(crate) fn page(status: StatusCode, title: &str, text: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><h1>{title}</h1><p>{text}</p></html>"
    );
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, page).into_response()
}

/// The way in is over: used before, of another browser, or too old.
pub(crate) fn used_up() -> Response {
    let text = "Go back to dd0c/cost and choose GitHub once more.";
    page(StatusCode::BAD_REQUEST, "This sign-in is over", text)
}

/// It cannot be done just now.
pub(crate) fn failed(failure: &Failure) -> Response {
    note(failure);
    let text = "Something on our side does not answer. Please try it again in a minute.";
    page(StatusCode::SERVICE_UNAVAILABLE, "Not just now", text)
}
