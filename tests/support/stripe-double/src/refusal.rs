//! What Stripe says to what it does not take.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Why a call is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The answer's status.
    pub status: u16,
    /// `invalid_request_error`, `card_error`, `idempotency_error`.
    pub kind: &'static str,
    /// Stripe's word: `parameter_unknown`.
    pub code: &'static str,
    /// Which field.
    pub param: String,
}

impl Refusal {
    /// Of a field that is wrong.
    pub(crate) fn of(code: &'static str, param: impl Into<String>) -> Self {
        Self { status: 400, kind: "invalid_request_error", code, param: param.into() }
    }

    /// Of something that is not there.
    pub(crate) fn missing(param: &str) -> Self {
        Self { status: 404, ..Self::of("resource_missing", param) }
    }

    /// Of a key that is not ours.
    pub(crate) fn unknown_key() -> Self {
        Self { status: 401, ..Self::of("api_key_invalid", "") }
    }

    /// Of a call that says something else with a key that was used.
    pub(crate) fn other_call() -> Self {
        Self { kind: "idempotency_error", ..Self::of("idempotency_key_reused", "") }
    }

    pub(crate) fn body(&self) -> Value {
        // Like Stripe, it quotes what was sent.
        let message = format!("{} at {}", self.code, self.param);
        json!({"error": {"type": self.kind, "code": self.code, "param": self.param,
            "message": message}})
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, [("request-id", "req_double")], Json(self.body())).into_response()
    }
}
