//! Ways in which a call to Stripe fails, told apart by what helps.

use pipeline::error::Failure;
use reqwest::StatusCode;
use serde::Deserialize;
use std::time::Duration;

/// After a limit was reached.
const COME_AGAIN: Duration = Duration::from_secs(30);

/// Why a call did not succeed. It never holds a secret, nor what Stripe says in its own words: those
/// quote what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StripeError {
    /// The customer's card does not pay: he has to give another one.
    #[error("the card was declined ({code}); the customer has to give another one")]
    Card {
        /// Stripe's word: `card_declined`, `expired_card`.
        code: String,
    },
    /// Something that we sent is wrong.
    #[error("Stripe does not take the request: {code} at {param:?} ({request})")]
    Invalid {
        /// Stripe's word: `resource_missing`.
        code: String,
        /// Which field, if it says.
        param: String,
        /// Under which the request is found in Stripe's log.
        request: String,
    },
    /// Stripe does not know us, or we may not do this.
    #[error("Stripe refuses our key: an operator has to set STRIPE_SECRET right")]
    Auth,
    /// Too many calls at once.
    #[error("Stripe asks us to call less often")]
    Limited,
    /// It may succeed when it is tried again.
    #[error("{0}")]
    Busy(String),
    /// What Stripe answers is not what it should be.
    #[error("an answer of Stripe's cannot be read: {0}")]
    Unreadable(&'static str),
}

impl From<StripeError> for Failure {
    fn from(error: StripeError) -> Self {
        let text = error.to_string();
        match error {
            StripeError::Card { .. } => Self::Closed(text),
            StripeError::Invalid { .. } => Self::Reject(text),
            StripeError::Limited => Self::Later(COME_AGAIN, text),
            StripeError::Auth | StripeError::Busy(_) | StripeError::Unreadable(_) => {
                Self::Retry(text)
            }
        }
    }
}

#[derive(Deserialize, Default)]
struct Body {
    #[serde(default)]
    error: Said,
}

#[derive(Deserialize, Default)]
struct Said {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    param: Option<String>,
}

impl StripeError {
    /// From an answer that is none of success.
    pub(crate) fn of(status: StatusCode, body: &[u8], request: Option<&str>) -> Self {
        let Body { error: Said { kind, code, param } } =
            serde_json::from_slice(body).unwrap_or_default();
        let kind = kind.unwrap_or_default();
        let code = word(code.as_deref().unwrap_or(&kind));
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::Auth,
            StatusCode::TOO_MANY_REQUESTS => Self::Limited,
            StatusCode::PAYMENT_REQUIRED => Self::Card { code },
            _ if kind == "card_error" => Self::Card { code },
            _ if status == StatusCode::CONFLICT || status.is_server_error() => {
                Self::Busy(format!("Stripe answers {status}"))
            }
            _ => {
                let (param, request) =
                    (word(&param.unwrap_or_default()), word(request.unwrap_or("")));
                Self::Invalid { code, param, request }
            }
        }
    }

    /// Whether the same call may succeed a moment later.
    pub(crate) const fn may_pass(&self) -> bool {
        matches!(self, Self::Limited | Self::Busy(_))
    }
}

/// A word of Stripe's, not longer than one and nothing but plain characters.
fn word(text: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || "_-[].".contains(*c);
    text.chars().filter(plain).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> StripeError {
        StripeError::of(StatusCode::from_u16(status).unwrap(), body.as_bytes(), Some("req_1"))
    }

    #[test]
    fn failures_are_told_apart_by_what_helps() {
        let invalid = r#"{"error": {"type": "invalid_request_error", "code": "resource_missing",
            "param": "line_items[0][price]", "message": "No such price: 'price_1'"}}"#;
        let StripeError::Invalid { code, param, request } = of(400, invalid) else { panic!() };
        assert_eq!((code.as_str(), request.as_str()), ("resource_missing", "req_1"));
        assert_eq!(param, "line_items[0][price]");
        assert!(!of(400, invalid).to_string().contains("price_1"), "nothing of what was sent");
        let card = r#"{"error": {"type": "card_error", "code": "card_declined"}}"#;
        assert_eq!(of(402, card), StripeError::Card { code: "card_declined".to_owned() });
        assert_eq!(of(400, card), StripeError::Card { code: "card_declined".to_owned() });
        let key = r#"{"error": {"message": "Invalid API Key provided: sk_live_abc"}}"#;
        assert_eq!(of(401, key), StripeError::Auth);
        assert!(!of(401, key).to_string().contains("sk_live"));
        assert_eq!(of(429, ""), StripeError::Limited);
        for passing in [409, 500, 503] {
            assert!(of(passing, "<html>").may_pass(), "{passing}");
        }
        assert!(!of(404, "{}").may_pass() && !of(401, "").may_pass());
    }

    #[test]
    fn what_never_succeeds_is_put_aside_and_nothing_else() {
        let failure = |error: StripeError| Failure::from(error);
        assert!(matches!(failure(of(400, "{}")), Failure::Reject(_)));
        assert!(matches!(failure(of(401, "")), Failure::Retry(_)), "an operator puts it right");
        assert!(matches!(failure(of(402, "{}")), Failure::Closed(_)));
        assert!(matches!(failure(of(429, "")), Failure::Later(..)));
        assert!(matches!(failure(of(500, "")), Failure::Retry(_)));
    }
}
