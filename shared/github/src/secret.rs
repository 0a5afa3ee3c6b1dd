//! What GitHub knows us by, and Cognito to us.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use pipeline::error::Failure;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Of both sides.
#[derive(Debug, Clone, Deserialize)]
pub struct Secret {
    /// Our app at GitHub.
    pub github_client_id: String,
    /// Proves to GitHub that it is us.
    pub github_client_secret: SecretString,
    /// Cognito, as we know it.
    pub client_id: String,
    /// Proves to us that it is Cognito.
    pub client_secret: SecretString,
    /// Where people may go back to, exactly as it is written here.
    pub redirect_uris: Vec<String>,
}

impl Secret {
    /// From a secret's text: `{"github_client_id": "…", "github_client_secret": "…",
    /// "client_id": "…", "client_secret": "…", "redirect_uris": ["https://…/oauth2/idpresponse"]}`.
    pub fn from_secret(secret: &SecretString) -> Result<Self, Failure> {
        // The error of the parser might quote the secret.
        let wrong = "the GitHub secret is not {\"github_client_id\", \"github_client_secret\", \
                     \"client_id\", \"client_secret\", \"redirect_uris\"}";
        let secret: Self = serde_json::from_str(secret.expose_secret())
            .map_err(|_| Failure::Retry(wrong.to_owned()))?;
        let empty = secret.client_secret.expose_secret().is_empty() || secret.client_id.is_empty();
        if empty || secret.redirect_uris.is_empty() {
            let what = "client_id, client_secret and redirect_uris must not be empty";
            return Err(Failure::Retry(format!("the GitHub secret is not complete: {what}")));
        }
        Ok(secret)
    }

    /// Whether somebody is Cognito. It takes the same time wherever the two secrets begin to differ.
    pub(crate) fn is_client(&self, id: &str, secret: &str) -> bool {
        let digest = |text: &str| Sha256::digest(text.as_bytes());
        let (given, ours) = (digest(secret), digest(self.client_secret.expose_secret()));
        verify_slices_are_equal(&given, &ours).is_ok() && id == self.client_id
    }

    /// Whether people may be sent there.
    pub(crate) fn may_go_back_to(&self, address: &str) -> bool {
        self.redirect_uris.iter().any(|ours| ours == address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(client_secret: &str, redirects: &str) -> SecretString {
        let text = format!(
            r#"{{"github_client_id": "gh", "github_client_secret": "gh-secret",
                 "client_id": "cognito", "client_secret": "{client_secret}",
                 "redirect_uris": {redirects}}}"#
        );
        text.into()
    }

    #[test]
    fn a_secret_is_whole_or_it_is_said_what_is_missing_without_quoting_it() {
        let secret = Secret::from_secret(&text("abc", r#"["https://a"]"#)).unwrap();
        assert!(secret.is_client("cognito", "abc") && secret.may_go_back_to("https://a"));
        for (id, given) in [("cognito", "abd"), ("cognito", ""), ("gh", "abc"), ("", "abc")] {
            assert!(!secret.is_client(id, given), "{id} {given}");
        }
        assert!(!secret.may_go_back_to("https://a/") && !secret.may_go_back_to(""));
        assert!(!format!("{secret:?}").contains("gh-secret"));
        for wrong in [text("", "[\"https://a\"]"), text("s3cret", "[]"), "s3cret".into()] {
            let failure = Secret::from_secret(&wrong).unwrap_err().to_string();
            assert!(!failure.contains("s3cret") && failure.contains("redirect_uris"), "{failure}");
        }
    }
}
