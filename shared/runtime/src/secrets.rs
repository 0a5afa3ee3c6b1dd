//! Secrets out of Secrets Manager: fetched when first needed, kept as long as the process, never
//! printed.

use crate::aws::Aws;
use aws_sdk_secretsmanager::error::DisplayErrorContext;
use pipeline::error::Failure;
use std::fmt;
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

/// A text that does not print.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Keeps a text from being printed.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A secret that is fetched when it is first needed.
#[derive(Debug)]
pub struct LazySecret {
    aws: Aws,
    id: String,
    value: OnceCell<Secret>,
}

impl LazySecret {
    /// The secret with this name or ARN.
    pub fn new(aws: &Aws, id: &str) -> Self {
        Self { aws: aws.clone(), id: id.to_owned(), value: OnceCell::new() }
    }

    /// The secret. A failure is worth another try: somebody has to put the secret right.
    pub async fn get(&self) -> Result<&Secret, Failure> {
        self.value.get_or_try_init(|| self.fetch()).await
    }

    async fn fetch(&self) -> Result<Secret, Failure> {
        let request = self.aws.secrets().get_secret_value().secret_id(&self.id);
        let answer = request.send().await.map_err(|error| {
            Failure::Retry(format!("a secret cannot be read: {}", DisplayErrorContext(error)))
        })?;
        let text = answer.secret_string.filter(|text| !text.is_empty());
        let empty = || Failure::Retry("a secret is empty: an operator has to set it".to_owned());
        text.map(Secret::new).ok_or_else(empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print() {
        let secret = Secret::new("xoxb-planted".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.expose(), "xoxb-planted");
    }
}
