//! What Slack tells the app by itself, and tries again where it is not taken.

use crate::sending::{Exchange, Outgoing};
use crate::settings::{APP_ID, BOT_USER};
use crate::state::{Impossible, SlackState};
use crate::world::World;
use serde_json::{Value, json};

/// Where events go.
const PATH: &str = "/slack/events";

impl SlackState {
    /// Sends an event of a workspace, and again until it is taken: up to three times, with the same
    /// id. Gives all tries.
    pub async fn event(&self, workspace: &str, event: &Value) -> Result<Vec<Exchange>, Impossible> {
        let (event_id, body, waits) = {
            let mut world = self.world();
            let found = world.workspace(workspace);
            found.ok_or_else(|| Impossible::new(format!("no workspace {workspace}")))?;
            let event_id = world.id("Ev");
            let body = envelope(&world, workspace, &event_id, event);
            (event_id, body.to_string(), world.settings.retry_waits.clone())
        };
        let mut tries = vec![self.tell("event", &body, Some(&event_id), None).await];
        for (number, wait) in (1..=3).zip(waits) {
            let Some(reason) = tries.last().and_then(reason_to_retry) else { break };
            tokio::time::sleep(wait).await;
            let retry = Some((number, reason));
            tries.push(self.tell("event", &body, Some(&event_id), retry).await);
        }
        Ok(tries)
    }

    /// Asks whether the app is who it says: it has to give back a word.
    pub async fn verify_url(&self) -> Exchange {
        let (challenge, token) = (self.world().name(), verification_token());
        let sent = json!({"type": "url_verification", "token": token, "challenge": challenge});
        let exchange = self.tell("url_verification", &sent.to_string(), None, None).await;
        let object = serde_json::from_str::<Value>(&exchange.answer).unwrap_or_default();
        if exchange.answer.trim() == challenge || object["challenge"] == challenge.as_str() {
            return exchange;
        }
        let outcome = if exchange.is_ok() { "challenge_failed" } else { exchange.outcome };
        Exchange { outcome, ..exchange }
    }

    /// An admin takes the app away: its tokens and webhooks die, and it is told.
    pub async fn uninstall(&self, workspace: &str) -> Result<Vec<Exchange>, Impossible> {
        self.world().take_away(workspace);
        self.tell_departure(workspace).await
    }

    /// An admin takes the tokens back; the app is told.
    pub async fn revoke_tokens(&self, workspace: &str) -> Result<Vec<Exchange>, Impossible> {
        let found = self.world().workspace_mut(workspace).map(|it| it.kill_tokens("token_revoked"));
        found.ok_or_else(|| Impossible::new(format!("no workspace {workspace}")))?;
        self.event(workspace, &tokens_revoked()).await
    }

    async fn tell_departure(&self, workspace: &str) -> Result<Vec<Exchange>, Impossible> {
        let mut tries = self.event(workspace, &tokens_revoked()).await?;
        tries.extend(self.event(workspace, &json!({"type": "app_uninstalled"})).await?);
        Ok(tries)
    }

    /// Tells the app what its own calls took away, while it goes on.
    pub(crate) fn tell_departures(&self) {
        let departed = std::mem::take(&mut self.world().departed);
        for workspace in departed {
            let slack = self.clone();
            // What became of it stands among the exchanges.
            tokio::spawn(async move { slack.tell_departure(&workspace).await });
        }
    }

    async fn tell(
        &self,
        kind: &'static str,
        body: &str,
        event_id: Option<&str>,
        retry: Option<(u32, &'static str)>,
    ) -> Exchange {
        let (content_type, event_id) = ("application/json", event_id.map(str::to_owned));
        let body = body.to_owned();
        self.send(Outgoing { kind, path: PATH, content_type, body, event_id, retry }).await
    }
}

impl World {
    /// The app is no longer installed there.
    pub(crate) fn take_away(&mut self, workspace: &str) {
        self.changes += 1;
        if let Some(found) = self.workspace_mut(workspace) {
            found.uninstall();
        }
    }
}

/// The token of old times that stands in what Slack sends; not to be trusted.
pub(crate) fn verification_token() -> String {
    format!("verification-{APP_ID}")
}

fn tokens_revoked() -> Value {
    json!({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}})
}

fn envelope(world: &World, workspace: &str, event_id: &str, event: &Value) -> Value {
    json!({
        "token": verification_token(),
        "team_id": workspace,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": world.now().as_secs(),
        "authorizations": [{
            "enterprise_id": null, "team_id": workspace, "user_id": BOT_USER, "is_bot": true,
            "is_enterprise_install": false,
        }],
        "is_ext_shared_channel": false,
    })
}

/// Slack's word for why it tries again; `None` where it does not.
fn reason_to_retry(tried: &Exchange) -> Option<&'static str> {
    match tried.outcome {
        _ if tried.no_retry => None,
        "ok" => None,
        "operation_timeout" => Some("http_timeout"),
        "dispatch_failed" => Some("connection_failed"),
        _ => Some("http_error"),
    }
}
