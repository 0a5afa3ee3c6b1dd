//! What the played AWS console tells: stacks call back, and what people do there arrives as
//! EventBridge would hand it over.

use super::App;
use super::http::take;
use customer_aws::console::Outside;
use domain::ids::AccountId;
use pipeline::error::Failure;
use pipeline::ports::{Message, Queue};
use serde_json::Value;
use serde_json::value::RawValue;
use std::sync::Arc;

/// Hears of what happens in played accounts.
pub(crate) struct Ears(pub(crate) Arc<App>);

impl Ears {
    async fn is_watched(&self, account: &str) -> Result<bool, String> {
        let account = AccountId::parse(account).map_err(|error| error.to_string())?;
        let owner = self.0.table.owner(&account).await;
        owner.map(|owner| owner.is_some()).map_err(|error| error.to_string())
    }

    async fn take(&self, envelope: Value) -> Result<(), Failure> {
        let body = RawValue::from_string(envelope.to_string());
        let body = body.map_err(|error| Failure::Reject(error.to_string()))?;
        match take(&self.0, &[&body]).await?.why_not() {
            None => Ok(()),
            Some(why) => Err(Failure::Reject(why)),
        }
    }
}

impl Outside for Ears {
    async fn is_free(&self, account: &str) -> Result<bool, String> {
        Ok(!self.is_watched(account).await?)
    }

    async fn stack_called(&self, message: Value) -> Result<(), String> {
        let sent = self.0.jobs.send(vec![Message::of(message.to_string())]).await;
        sent.map_err(|failure| failure.to_string())
    }

    async fn event(&self, envelope: Value) -> Result<(), String> {
        let account = envelope["account"].as_str().unwrap_or_default();
        // What nobody watches would else become an account of this program's own tenant.
        if !self.is_watched(account).await? {
            return Err("dd0c/cost does not watch this account: connect it first".to_owned());
        }
        self.take(envelope).await.map_err(|failure| format!("dd0c/cost takes nothing: {failure}"))
    }
}
