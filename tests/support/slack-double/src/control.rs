//! Steering the program by HTTP: `/control/…`, JSON in and out. What cannot be done is a 400 with
//! `{"error": …}`.

use crate::fault::Fault;
use crate::sending::{Exchange, Mischief};
use crate::state::{Impossible, Installed, SlackState};
use crate::workspace::{CHANNEL, Channel, WORKSPACE};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// The routes. Whoever reaches them can do anything with this Slack: for a loopback address only.
pub fn routes(slack: SlackState) -> Router {
    Router::new()
        .route("/control/messages", get(messages))
        .route("/control/record", get(record))
        .route("/control/exchanges", get(exchanges))
        .route("/control/forget", post(forget))
        .route("/control/forget-messages", post(forget_messages))
        .route("/control/faults", post(faults))
        .route("/control/misbehave", post(misbehave))
        .route("/control/settings", post(settings))
        .route("/control/install", post(install))
        .route("/control/channel", post(channel))
        .route("/control/allow", post(allow))
        .route("/control/cancel", post(cancel))
        .route("/control/click", post(click))
        .route("/control/command", post(command))
        .route("/control/say", post(say))
        .route("/control/event", post(event))
        .route("/control/verify-url", post(verify_url))
        .route("/control/uninstall", post(uninstall))
        .route("/control/revoke-tokens", post(revoke_tokens))
        .route("/control/replay", post(replay))
        .with_state(slack)
}

/// A pressed button.
#[derive(Debug, Deserialize)]
pub(crate) struct Click {
    user: String,
    channel: String,
    ts: String,
    action_id: String,
}

impl Click {
    pub(crate) async fn done(&self, slack: &SlackState) -> Result<Exchange, Impossible> {
        slack.click(&self.user, &self.channel, &self.ts, &self.action_id).await
    }
}

/// What somebody writes.
#[derive(Debug, Deserialize)]
pub(crate) struct Words {
    pub(crate) user: String,
    pub(crate) channel: String,
    pub(crate) text: String,
}

/// What can be set; what is missing stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    app_url: Option<String>,
    enforce_rate: Option<bool>,
    time_limit_millis: Option<u64>,
    /// Moves the clock forward by so many seconds.
    advance: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Install {
    #[serde(default = "first_workspace")]
    team: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default = "first_channel")]
    channel: String,
    #[serde(default)]
    channel_name: Option<String>,
    /// A token that it takes beside the one it makes.
    #[serde(default)]
    token: Option<String>,
}

fn first_workspace() -> String {
    WORKSPACE.to_owned()
}

fn first_channel() -> String {
    CHANNEL.to_owned()
}

impl Install {
    /// Makes the workspace and the channel if they are not there.
    fn done(&self, slack: &SlackState) -> Result<Installed, Impossible> {
        let name = self.name.as_deref().unwrap_or(&self.team);
        slack.add_workspace(&self.team, name);
        if !self.has_channel(slack) {
            let name = self.channel_name.as_deref().unwrap_or(&self.channel).to_lowercase();
            slack.set_channel(&self.team, Channel::new(&self.channel, &name))?;
        }
        let installed = slack.install(&self.team, &self.channel)?;
        let Some(token) = self.token.clone() else { return Ok(installed) };
        slack.accept_token(&self.team, &token)?;
        Ok(Installed { token, ..installed })
    }

    fn has_channel(&self, slack: &SlackState) -> bool {
        let world = slack.world();
        world.workspace(&self.team).is_some_and(|found| found.channel(&self.channel).is_some())
    }
}

#[derive(Debug, Deserialize)]
struct InWorkspace {
    #[serde(default = "first_workspace")]
    team: String,
    #[serde(flatten)]
    channel: Channel,
}

#[derive(Debug, Deserialize)]
struct Page {
    url: String,
    #[serde(default = "first_workspace")]
    team: String,
    #[serde(default = "first_channel")]
    channel: String,
}

#[derive(Debug, Deserialize)]
struct Happening {
    #[serde(default = "first_workspace")]
    team: String,
    #[serde(default)]
    event: Value,
}

/// 200, or 400 with what is impossible.
pub(crate) fn answer<T: Serialize>(done: Result<T, Impossible>) -> Response {
    match done {
        Ok(done) => Json(done).into_response(),
        Err(error) => {
            let error = json!({"error": error.to_string()});
            (StatusCode::BAD_REQUEST, Json(error)).into_response()
        }
    }
}

async fn messages(State(slack): State<SlackState>) -> Response {
    answer(Ok(slack.messages()))
}

async fn record(State(slack): State<SlackState>) -> Response {
    let world = slack.world();
    let mut record = json!(world.record);
    record["asked"] = json!(world.calls);
    let tokens = world.workspaces.iter().map(|it| (it.id.as_str(), it.valid_tokens()));
    record["tokens"] = json!(tokens.collect::<BTreeMap<_, _>>());
    answer(Ok(record))
}

async fn exchanges(State(slack): State<SlackState>) -> Response {
    answer(Ok(slack.exchanges()))
}

async fn forget(State(slack): State<SlackState>) -> Response {
    slack.forget();
    answer(Ok(()))
}

async fn forget_messages(State(slack): State<SlackState>) -> Response {
    slack.forget_messages();
    answer(Ok(()))
}

async fn faults(State(slack): State<SlackState>, Json(faults): Json<Vec<Fault>>) -> Response {
    for fault in faults {
        slack.fail_next(fault);
    }
    answer(Ok(()))
}

async fn misbehave(State(slack): State<SlackState>, Json(all): Json<Vec<Mischief>>) -> Response {
    for mischief in all {
        slack.misbehave_next(mischief);
    }
    answer(Ok(()))
}

async fn settings(State(slack): State<SlackState>, Json(changes): Json<Changes>) -> Response {
    if let Some(url) = &changes.app_url {
        slack.set_app_url(url);
    }
    if let Some(on) = changes.enforce_rate {
        slack.enforce_rate(on);
    }
    if let Some(limit) = changes.time_limit_millis {
        slack.set_time_limit(Duration::from_millis(limit));
    }
    if let Some(by) = changes.advance {
        slack.clock().advance(Duration::from_secs(by));
    }
    answer(Ok(()))
}

async fn install(State(slack): State<SlackState>, Json(install): Json<Install>) -> Response {
    answer(install.done(&slack))
}

async fn channel(State(slack): State<SlackState>, Json(it): Json<InWorkspace>) -> Response {
    answer(slack.set_channel(&it.team, it.channel))
}

async fn allow(State(slack): State<SlackState>, Json(page): Json<Page>) -> Response {
    answer(slack.allow(&page.url, &page.team, &page.channel))
}

async fn cancel(State(slack): State<SlackState>, Json(page): Json<Page>) -> Response {
    answer(slack.cancel(&page.url))
}

async fn click(State(slack): State<SlackState>, Json(click): Json<Click>) -> Response {
    answer(click.done(&slack).await)
}

async fn command(State(slack): State<SlackState>, Json(words): Json<Words>) -> Response {
    answer(slack.command(&words.user, &words.channel, &words.text).await)
}

async fn say(State(slack): State<SlackState>, Json(words): Json<Words>) -> Response {
    answer(slack.say(&words.user, &words.channel, &words.text))
}

async fn event(State(slack): State<SlackState>, Json(it): Json<Happening>) -> Response {
    answer(slack.event(&it.team, &it.event).await)
}

async fn verify_url(State(slack): State<SlackState>) -> Response {
    answer(Ok(slack.verify_url().await))
}

async fn uninstall(State(slack): State<SlackState>, Json(it): Json<Happening>) -> Response {
    answer(slack.uninstall(&it.team).await)
}

async fn revoke_tokens(State(slack): State<SlackState>, Json(it): Json<Happening>) -> Response {
    answer(slack.revoke_tokens(&it.team).await)
}

async fn replay(State(slack): State<SlackState>) -> Response {
    answer(Ok(slack.replay().await))
}
