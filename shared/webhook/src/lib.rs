//! Tenants' own receivers: every change of an anomaly as a signed post, after the specification
//! Standard Webhooks. The address is a stranger's, so it must be `https` and lead to the open
//! internet: not to this machine, not into a private network.

mod address;
mod signature;

pub use address::check;
pub use signature::fresh_key;
pub use signature::{SECRET_PREFIX, signature};

use address::Public;
use domain::sealed::{Purpose, SecretKind};
use pipeline::error::Failure;
use pipeline::ports::{Addressee, Hooks, Keys};
use pipeline::publish::Published;
use reqwest::{Client, Url};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// For a whole call: one tenant's slow receiver must not keep the alerts of others waiting.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);
/// For connecting.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);

/// Posts to tenants' webhooks.
#[derive(Debug)]
pub struct Webhooks<K> {
    keys: K,
    /// Addresses of this machine are allowed: for a laptop, and for tests.
    local: bool,
    http: OnceLock<Client>,
}

impl<K: Keys> Webhooks<K> {
    /// With the keys that the tenants' signing keys are encrypted with. `local` allows addresses of
    /// this machine.
    pub fn new(keys: K, local: bool) -> Self {
        Self { keys, local, http: OnceLock::new() }
    }

    fn http(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let builder = outbound::client(self.local, ANSWER_WITHIN)
            .connect_timeout(CONNECT_WITHIN)
            .pool_max_idle_per_host(0);
        let builder = if self.local { builder } else { builder.dns_resolver(Arc::new(Public)) };
        let client = builder.build().map_err(|error| Failure::Retry(error.to_string()))?;
        Ok(self.http.get_or_init(|| client))
    }
}

impl<K: Keys + Sync> Hooks for Webhooks<K> {
    async fn post(&self, to: &Addressee, event: &Published) -> Result<(), Failure> {
        let Some(webhook) = &to.settings.webhook else { return Ok(()) };
        let url = check(&webhook.url, self.local).map_err(Failure::Closed)?;
        let purpose = Purpose { tenant: to.scope.tenant().clone(), what: SecretKind::WebhookKey };
        let key = self.keys.open(&purpose, &webhook.key).await?;
        let at = event.at.as_second().to_string();
        let signed = signature(&key, (&event.id, &at), &event.body)
            .ok_or_else(|| Failure::Closed("the webhook's key is no key".to_owned()))?;
        self.send(url, event, (&at, &signed)).await
    }
}

impl<K: Keys> Webhooks<K> {
    async fn send(
        &self,
        url: Url,
        event: &Published,
        (at, signed): (&str, &str),
    ) -> Result<(), Failure> {
        let request = self
            .http()?
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &event.id)
            .header("webhook-timestamp", at)
            .header("webhook-signature", signed)
            .body(event.body.clone());
        let response = request.send().await.map_err(|error| {
            // The address may hold a secret of the tenant's.
            Failure::Retry(format!("the webhook cannot be reached: {}", error.without_url()))
        })?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        Err(Failure::Retry(format!("the webhook answers {status}")))
    }
}
