//! What we are known by to Stripe.

use crate::error::StripeError;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// What we are known by to Stripe, and Stripe to us.
#[derive(Debug, Clone, Deserialize)]
pub struct StripeSecrets {
    /// Proves that it is us who ask; one that is restricted to what we need.
    pub api_key: SecretString,
    /// Stripe signs with them what it tells us; two while one takes the place of the other.
    pub webhook_secrets: Vec<SecretString>,
    /// The price for an account and month, `price_…`; not a secret by itself.
    pub price: String,
    /// Prices of before, by which people still pay: who has one of them is not on the free tier.
    #[serde(default)]
    pub earlier_prices: Vec<String>,
}

impl StripeSecrets {
    /// By which people may pay: the one by which they subscribe now first.
    pub(crate) fn prices(&self) -> Vec<String> {
        [std::slice::from_ref(&self.price), &self.earlier_prices].concat()
    }

    /// From a secret's text:
    /// `{"api_key": "…", "webhook_secrets": ["…"], "price": "price_…"}`, and `"earlier_prices": ["…"]`
    /// where there are any.
    pub fn from_secret(secret: &SecretString) -> Result<Self, StripeError> {
        // The error of the parser might quote the secret.
        let wrong = || {
            let what = "the Stripe secret is not {\"api_key\", \"webhook_secrets\", \"price\"}";
            StripeError::Busy(what.to_owned())
        };
        let read: Self = serde_json::from_str(secret.expose_secret()).map_err(|_| wrong())?;
        let empty = |secret: &SecretString| secret.expose_secret().is_empty();
        let lacks = empty(&read.api_key)
            || read.webhook_secrets.is_empty()
            || read.webhook_secrets.iter().any(empty)
            || read.price.is_empty();
        if lacks { Err(wrong()) } else { Ok(read) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_whole_and_is_not_printed() {
        let text = r#"{"api_key": "rk_1", "webhook_secrets": ["whsec_1"], "price": "price_1"}"#;
        let secrets = StripeSecrets::from_secret(&text.into()).unwrap();
        let shown = format!("{secrets:?}");
        assert!(!shown.contains("rk_1") && !shown.contains("whsec_1"), "{shown}");
        for wrong in [
            "",
            "rk_1",
            r#"{"api_key": "", "webhook_secrets": ["whsec_1"], "price": "price_1"}"#,
            r#"{"api_key": "rk_1", "webhook_secrets": [], "price": "price_1"}"#,
            r#"{"api_key": "rk_1", "webhook_secrets": [""], "price": "price_1"}"#,
            r#"{"api_key": "rk_1", "webhook_secrets": ["whsec_1"], "price": ""}"#,
        ] {
            let error = StripeSecrets::from_secret(&wrong.into()).unwrap_err().to_string();
            assert!(error.contains("webhook_secrets") && !error.contains("rk_1"), "{error}");
        }
    }
}
