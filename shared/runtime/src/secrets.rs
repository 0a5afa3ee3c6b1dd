//! Secrets out of Secrets Manager: fetched when first needed, kept as long as the process, never
//! printed.

use crate::aws::Aws;
use aws_sdk_secretsmanager::error::DisplayErrorContext;
use pipeline::error::Failure;
use secrecy::SecretString;
use tokio::sync::OnceCell;

/// A secret that is fetched when it is first needed.
#[derive(Debug)]
pub struct LazySecret {
    aws: Aws,
    id: String,
    value: OnceCell<SecretString>,
}

impl LazySecret {
    /// The secret with this name or ARN.
    pub fn new(aws: &Aws, id: &str) -> Self {
        Self { aws: aws.clone(), id: id.to_owned(), value: OnceCell::new() }
    }

    /// The secret. A failure is worth another try: somebody has to put the secret right.
    pub async fn get(&self) -> Result<&SecretString, Failure> {
        self.value.get_or_try_init(|| self.fetch()).await
    }

    /// The secret as it is now, whatever was fetched before: for who keeps what he makes of it, so that
    /// one that is of no use is not kept.
    pub async fn fetch(&self) -> Result<SecretString, Failure> {
        let request = self.aws.secrets().get_secret_value().secret_id(&self.id);
        let answer = request.send().await.map_err(|error| {
            Failure::Retry(format!("a secret cannot be read: {}", DisplayErrorContext(error)))
        })?;
        let text = answer.secret_string.filter(|text| !text.is_empty());
        let empty = || Failure::Retry("a secret is empty: an operator has to set it".to_owned());
        text.map(SecretString::from).ok_or_else(empty)
    }
}
