//! What people do: press a button, run the slash command, write something.

use crate::events::verification_token;
use crate::message::{Author, Kept};
use crate::response_url::check;
use crate::sending::{Exchange, Outgoing};
use crate::settings::APP_ID;
use crate::state::{Impossible, SlackState};
use crate::world::World;
use serde_json::{Value, json};

/// The kind of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// Somebody in a channel.
#[derive(Debug, Clone)]
struct Place {
    workspace: String,
    domain: String,
    channel: String,
    channel_name: String,
    user: String,
    username: String,
}

impl Place {
    fn find(world: &World, user: &str, channel: &str) -> Result<Self, Impossible> {
        let workspace = world.workspace_with(channel);
        let workspace = workspace.ok_or_else(|| Impossible::new(format!("no {channel}")))?;
        let person = workspace.person(user);
        let person = person.ok_or_else(|| Impossible::new(format!("nobody is {user}")))?;
        let channel_name = workspace.channel(channel).map(|found| found.name.clone());
        Ok(Self {
            workspace: workspace.id.clone(),
            domain: workspace.domain(),
            channel: channel.to_owned(),
            channel_name: channel_name.unwrap_or_default(),
            user: person.id.clone(),
            username: person.username.clone(),
        })
    }

    fn response_url(&self, world: &mut World, original: Option<&str>) -> String {
        world.response_url((&self.workspace, &self.channel, &self.user), original)
    }

    /// A message that only this person sees.
    fn whisper(&self, world: &mut World, author: Author, sent: &Value) {
        let message = Kept::of_app(&self.workspace, &self.channel, sent).only_to(&self.user);
        world.keep(Kept { author, ..message });
    }
}

impl SlackState {
    /// Somebody (an id or a name) presses a button of a message, and says yes if he is asked.
    pub async fn click(
        &self,
        user: &str,
        channel: &str,
        ts: &str,
        action_id: &str,
    ) -> Result<Exchange, Impossible> {
        let (place, body) = {
            let mut world = self.world();
            let place = Place::find(&world, user, channel)?;
            let payload = interaction(&mut world, &place, ts, action_id)?;
            (place, encoded(&[("payload", &payload.to_string())]))
        };
        let exchange = self.deliver("action", "/slack/actions", body).await;
        if !exchange.is_ok() {
            let text = format!("This did not work: \"{}\"", exchange.outcome);
            place.whisper(&mut self.world(), Author::Slackbot, &json!({"text": text}));
        }
        Ok(exchange)
    }

    /// Somebody runs the slash command with this text behind it. The answer is shown to him.
    pub async fn command(
        &self,
        user: &str,
        channel: &str,
        text: &str,
    ) -> Result<Exchange, Impossible> {
        let (place, command, body) = {
            let mut world = self.world();
            let place = Place::find(&world, user, channel)?;
            let body = slash_command(&mut world, &place, text);
            (place, world.settings.command.clone(), body)
        };
        let exchange = self.deliver("command", "/slack/commands", body).await;
        show(&mut self.world(), &place, &command, &exchange);
        Ok(exchange)
    }

    /// Somebody writes into a channel; gives the message's `ts`. The app does not hear of it.
    pub fn say(&self, user: &str, channel: &str, text: &str) -> Result<String, Impossible> {
        let mut world = self.world();
        let place = Place::find(&world, user, channel)?;
        let message = Kept::of_app(&place.workspace, channel, &json!({"text": text}));
        Ok(world.keep(Kept { author: Author::Person(place.user), ..message }))
    }

    async fn deliver(&self, kind: &'static str, path: &'static str, body: String) -> Exchange {
        let (event_id, retry) = (None, None);
        self.send(Outgoing { kind, path, content_type: FORM, body, event_id, retry }).await
    }
}

/// A form's text.
fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn slash_command(world: &mut World, place: &Place, text: &str) -> String {
    let response_url = place.response_url(world, None);
    let (token, trigger_id) = (verification_token(), world.name());
    encoded(&[
        ("token", &token),
        ("team_id", &place.workspace),
        ("team_domain", &place.domain),
        ("channel_id", &place.channel),
        ("channel_name", &place.channel_name),
        ("user_id", &place.user),
        ("user_name", &place.username),
        ("command", &world.settings.command),
        ("text", text.trim()),
        ("api_app_id", APP_ID),
        ("is_enterprise_install", "false"),
        ("response_url", &response_url),
        ("trigger_id", &trigger_id),
    ])
}

/// What Slack sends when a button is pressed.
fn interaction(
    world: &mut World,
    place: &Place,
    ts: &str,
    action_id: &str,
) -> Result<Value, Impossible> {
    let message = world.message_mut(&place.channel, ts).map(|kept| kept.clone());
    let message =
        message.filter(|kept| kept.ephemeral_to.as_ref().is_none_or(|to| *to == place.user));
    let message = message.ok_or_else(|| Impossible::new(format!("no message {ts}")))?;
    let pressed = button(&message, action_id);
    let mut action = pressed.ok_or_else(|| Impossible::new(format!("no button {action_id}")))?;
    let now = world.now();
    action["action_ts"] = json!(format!("{}.{:06}", now.as_secs(), now.subsec_micros()));
    let ephemeral = message.ephemeral_to.is_some();
    Ok(json!({
        "type": "block_actions",
        "user": {
            "id": place.user, "username": place.username, "name": place.username,
            "team_id": place.workspace,
        },
        "api_app_id": APP_ID,
        "token": verification_token(),
        "container": {
            "type": "message", "message_ts": ts, "channel_id": place.channel,
            "is_ephemeral": ephemeral, "thread_ts": message.thread_ts,
        },
        "trigger_id": world.name(),
        "team": {"id": place.workspace, "domain": place.domain},
        "enterprise": null,
        "is_enterprise_install": false,
        "channel": {"id": place.channel, "name": place.channel_name},
        "message": message.as_slack(),
        "state": {"values": {}},
        "response_url": place.response_url(world, Some(ts)),
        "actions": [action],
    }))
}

/// The button with its block's name, without what only Slack needs.
fn button(message: &Kept, action_id: &str) -> Option<Value> {
    for block in message.named_blocks() {
        let elements = block["elements"].as_array().into_iter().flatten();
        let mut all = elements.chain(block.get("accessory"));
        if let Some(button) = all.find(|element| element["action_id"] == action_id) {
            let mut button = button.clone();
            button["block_id"] = block["block_id"].clone();
            button.as_object_mut()?.remove("confirm");
            return Some(button);
        }
    }
    None
}

/// Shows a command's answer to whoever ran it, or what went wrong.
fn show(world: &mut World, place: &Place, command: &str, exchange: &Exchange) {
    if !exchange.is_ok() {
        let text = format!("{command} failed with the error \"{}\"", exchange.outcome);
        return place.whisper(world, Author::Slackbot, &json!({"text": text}));
    }
    let answer = exchange.answer.trim();
    if answer.is_empty() {
        return;
    }
    let object = serde_json::from_str(answer).ok().filter(Value::is_object);
    let sent = object.unwrap_or_else(|| json!({"text": answer}));
    if let Err(refusal) = check(&sent) {
        // An object that says nothing is only an acknowledgement.
        if sent["text"].is_null() && sent["blocks"].is_null() {
            return;
        }
        crate::web_api::refuse(world, exchange.path, &refusal, sent);
        let text = format!("{command} failed with the error \"invalid_command_response\"");
        return place.whisper(world, Author::Slackbot, &json!({"text": text}));
    }
    if sent["response_type"] == "in_channel" {
        world.keep(Kept::of_app(&place.workspace, &place.channel, &sent));
    } else {
        place.whisper(world, Author::App, &sent);
    }
}
