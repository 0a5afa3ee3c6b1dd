//! Clients of AWS, as a Lambda function needs them: credentials, region and endpoint stand in its
//! environment for as long as it lives. What else the SDK's own loader can find (profiles, single
//! sign-on, instance roles) is left out, with the code for it.

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, SharedCredentialsProvider};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use event_bus::EventBus;
use kms::KmsKeys;
use queue::SqsQueue;
use std::time::Duration;
use store::Table;

/// Tries of one request, the first among them; what still fails goes back to its queue.
const ATTEMPTS: u32 = 3;

/// Certificates by which AWS is known. Reading the system's own bundle takes longer than all else at
/// the start of a function.
const ROOTS: &[u8] = include_bytes!("../amazon-roots.pem");

/// One HTTP client for all clients of AWS; `None` leaves the choice to the SDK.
fn http_client() -> Option<SharedHttpClient> {
    let roots = TrustStore::empty().with_pem_certificate(ROOTS);
    let context = TlsContext::builder().with_trust_store(roots).build().ok()?;
    let builder = Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    Some(builder.tls_context(context).build_https())
}

/// Makes clients; cheap until the first request.
#[derive(Debug, Clone)]
pub struct Aws {
    config: SdkConfig,
}

impl Aws {
    /// From the environment of this process.
    pub fn from_env() -> Self {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// From variables by their names: those of a process that is played.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name| variable(name).unwrap_or_default();
        let credentials = Credentials::new(
            text("AWS_ACCESS_KEY_ID"),
            text("AWS_SECRET_ACCESS_KEY"),
            variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(2))
            .operation_attempt_timeout(Duration::from_secs(5))
            .operation_timeout(Duration::from_secs(12))
            .build();
        let region = variable("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned());
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .region(Region::new(region))
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(timeouts);
        let config = match http_client() {
            Some(client) => config.http_client(client),
            None => config,
        };
        let config = match variable("AWS_ENDPOINT_URL") {
            Some(url) if !url.is_empty() => config.endpoint_url(url),
            _ => config,
        };
        Self { config: config.build() }
    }

    /// The one table.
    pub fn table(&self, name: &str) -> Table {
        Table::new(aws_sdk_dynamodb::Client::new(&self.config), name)
    }

    /// A queue.
    pub fn queue(&self, url: &str) -> SqsQueue {
        SqsQueue::new(aws_sdk_sqs::Client::new(&self.config), url)
    }

    /// Keys for the secrets of tenants: the one that encrypts.
    pub fn keys(&self, key: &str) -> KmsKeys {
        KmsKeys::new(aws_sdk_kms::Client::new(&self.config), key)
    }

    /// A key that signs.
    #[cfg(feature = "signing")]
    pub fn signer(&self, key: &str) -> kms::signing::KmsSigner {
        kms::signing::KmsSigner::new(aws_sdk_kms::Client::new(&self.config), key)
    }

    /// The bus on which changes are published.
    pub fn event_bus(&self, name: &str) -> EventBus {
        EventBus::new(aws_sdk_eventbridge::Client::new(&self.config), name)
    }

    /// Secrets.
    pub(crate) fn secrets(&self) -> aws_sdk_secretsmanager::Client {
        aws_sdk_secretsmanager::Client::new(&self.config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roots_of_aws_can_be_read() {
        let text = std::str::from_utf8(ROOTS).unwrap();
        assert_eq!(text.matches("-----BEGIN CERTIFICATE-----").count(), 5);
        assert!(http_client().is_some());
    }
}
