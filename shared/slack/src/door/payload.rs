//! What Slack sends, read after its signature was checked. Unknown fields are ignored; what is not
//! what it should be is refused without a word about why.

use crate::blocks::ACTION;
use jiff::Timestamp;
use pipeline::chat::{Asked, Button, By, What};
use serde::Deserialize;
use std::borrow::Cow;

/// Characters of a name, an id or a text that are taken.
const MAX_NAME: usize = 200;
/// Characters of a command.
const MAX_TEXT: usize = 1_000;
/// Characters of an address.
const MAX_URL: usize = 2_000;

/// What to do about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// Take it in.
    Asked(Box<Asked>),
    /// Answer with this text: Slack wants to know whether we are there.
    Challenge(String),
    /// Nothing to do: an event or an action that is not ours.
    Ignored,
}

/// A request that is none of Slack's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// A slash command: a form.
pub fn command(body: &[u8], now: Timestamp) -> Result<Read, Unreadable> {
    let form: Vec<(Cow<'_, str>, Cow<'_, str>)> = form_urlencoded::parse(body).collect();
    let field = |name: &str| {
        let found = form.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_ref()).unwrap_or_default()
    };
    let by = By {
        user: name(field("user_id"))?,
        name: shown(field("user_name"), field("user_id")),
        channel: name(field("channel_id"))?,
        response_url: url(field("response_url"))?,
    };
    let text = field("text").chars().take(MAX_TEXT).collect();
    asked("command", field("trigger_id"), field("team_id"), now, What::Command { by, text })
}

/// A press of a button: a form whose only field is JSON.
pub fn action(body: &[u8], now: Timestamp) -> Result<Read, Unreadable> {
    let payload = form_urlencoded::parse(body).find(|(field, _)| field == "payload");
    let (_, payload) = payload.ok_or(Unreadable)?;
    let payload: Interaction = serde_json::from_str(&payload).map_err(|_| Unreadable)?;
    if payload.kind != "block_actions" {
        return Ok(Read::Ignored);
    }
    let pressed = payload.actions.first().ok_or(Unreadable)?;
    let button = pressed.action_id.strip_prefix(ACTION).and_then(Button::from_code);
    match button {
        Some(button) => payload.press(button, pressed.value.as_deref().unwrap_or_default(), now),
        None => Ok(Read::Ignored),
    }
}

impl Interaction {
    /// A press of one of our buttons, about `<account>/<anomaly>`.
    fn press(&self, button: Button, about: &str, now: Timestamp) -> Result<Read, Unreadable> {
        let (account, anomaly) = about.split_once('/').ok_or(Unreadable)?;
        let (account, anomaly) = (name(account)?, name(anomaly)?);
        let id = |of: &Option<Id>| of.as_ref().map(|of| of.id.clone()).ok_or(Unreadable);
        let called = self.user.username.as_ref().or(self.user.name.as_ref());
        let by = By {
            user: name(&self.user.id)?,
            name: shown(called.map(String::as_str).unwrap_or_default(), &self.user.id),
            channel: name(&id(&self.channel)?)?,
            response_url: url(self.response_url.as_deref().unwrap_or_default())?,
        };
        let trigger = self.trigger_id.as_deref().unwrap_or_default();
        let what = What::Press { by, button, account, anomaly };
        asked("action", trigger, &id(&self.team)?, now, what)
    }
}

/// An event: JSON.
pub fn event(body: &[u8]) -> Result<Read, Unreadable> {
    let envelope: Envelope = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    match (envelope.kind.as_str(), envelope.challenge) {
        ("url_verification", Some(challenge)) if challenge.chars().count() <= MAX_NAME => {
            return Ok(Read::Challenge(challenge));
        }
        ("event_callback", _) => {}
        _ => return Err(Unreadable),
    }
    let event = envelope.event.ok_or(Unreadable)?;
    let bot_gone = event.tokens.as_ref().is_some_and(|tokens| !tokens.bot.is_empty());
    let ours = match event.kind.as_str() {
        "app_uninstalled" => true,
        "tokens_revoked" => bot_gone,
        _ => false,
    };
    if !ours {
        return Ok(Read::Ignored);
    }
    let at = Timestamp::from_second(envelope.event_time.unwrap_or_default());
    let at = at.map_err(|_| Unreadable)?;
    let (id, team) = (envelope.event_id.unwrap_or_default(), envelope.team_id.unwrap_or_default());
    asked("event", &id, &team, at, What::Uninstalled)
}

fn asked(kind: &str, id: &str, team: &str, at: Timestamp, what: What) -> Result<Read, Unreadable> {
    let id = format!("{kind}:{}", name(id)?);
    Ok(Read::Asked(Box::new(Asked { id, at, team: name(team)?, what })))
}

/// A name of Slack's for something: it parts no key of the table.
fn name(text: &str) -> Result<String, Unreadable> {
    let plain = |b: u8| b.is_ascii_graphic() && b != b'#';
    let fits = (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(plain);
    if fits { Ok(text.to_owned()) } else { Err(Unreadable) }
}

/// What people call somebody, else his id.
fn shown(name: &str, id: &str) -> String {
    let name: String = name.trim().chars().take(MAX_NAME).collect();
    if name.is_empty() { id.to_owned() } else { name }
}

fn url(text: &str) -> Result<String, Unreadable> {
    if (1..=MAX_URL).contains(&text.len()) { Ok(text.to_owned()) } else { Err(Unreadable) }
}

#[derive(Deserialize)]
struct Interaction {
    #[serde(rename = "type")]
    kind: String,
    team: Option<Id>,
    user: User,
    channel: Option<Id>,
    #[serde(default)]
    actions: Vec<Pressed>,
    trigger_id: Option<String>,
    response_url: Option<String>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
struct User {
    id: String,
    username: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Pressed {
    action_id: String,
    value: Option<String>,
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type")]
    kind: String,
    challenge: Option<String>,
    event_id: Option<String>,
    event_time: Option<i64>,
    team_id: Option<String>,
    event: Option<Event>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    tokens: Option<Tokens>,
}

#[derive(Deserialize)]
struct Tokens {
    #[serde(default)]
    bot: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn form(fields: &[(&str, &str)]) -> Vec<u8> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        form.finish().into_bytes()
    }

    fn press(action: &str, value: &str) -> Vec<u8> {
        let payload = json!({
            "type": "block_actions",
            "team": {"id": "T1", "domain": "acme"},
            "user": {"id": "U1", "username": "ana"},
            "channel": {"id": "C1"},
            "trigger_id": "13345224609.738474920.8088930838d88f008e0",
            "response_url": "https://hooks.slack.com/actions/T1/2/3",
            "actions": [{"action_id": action, "value": value, "type": "button"}],
        });
        form(&[("payload", &payload.to_string())])
    }

    #[test]
    fn a_command_is_read() {
        let body = form(&[
            ("team_id", "T1"),
            ("channel_id", "C1"),
            ("user_id", "U1"),
            ("user_name", "ana"),
            ("text", "snooze X 4h"),
            ("response_url", "https://hooks.slack.com/commands/T1/2/3"),
            ("trigger_id", "1.2.3"),
        ]);
        let Ok(Read::Asked(asked)) = command(&body, NOW) else { panic!("not read") };
        assert_eq!((asked.id.as_str(), asked.team.as_str()), ("command:1.2.3", "T1"));
        let What::Command { by, text } = &asked.what else { panic!("{asked:?}") };
        assert_eq!((by.name.as_str(), text.as_str()), ("ana", "snooze X 4h"));
        assert_eq!(Asked::from_json(&asked.to_json()), Ok(*asked));
    }

    #[test]
    fn a_press_is_read_and_another_s_is_ignored() {
        let Ok(Read::Asked(asked)) = action(&press("anomaly:snooze_1h", "111122223333/01J"), NOW)
        else {
            panic!("not read")
        };
        let What::Press { by, button, account, anomaly } = &asked.what else { panic!("{asked:?}") };
        assert_eq!((by.name.as_str(), *button), ("ana", Button::SnoozeHour));
        assert_eq!((account.as_str(), anomaly.as_str()), ("111122223333", "01J"));
        assert_eq!(action(&press("other", "x"), NOW), Ok(Read::Ignored));
        assert_eq!(action(&press("anomaly:expected", "no slash"), NOW), Err(Unreadable));
        assert_eq!(action(&press("anomaly:expected", "a#b/c"), NOW), Err(Unreadable));
    }

    #[test]
    fn an_event_tells_that_we_were_put_out() {
        let read = |kind: &str, tokens| {
            let body = json!({
                "type": "event_callback", "event_id": "Ev1", "event_time": 5, "team_id": "T1",
                "event": {"type": kind, "tokens": tokens},
            });
            event(body.to_string().as_bytes())
        };
        let bots = json!({"oauth": [], "bot": ["U1"]});
        for (kind, tokens) in [("app_uninstalled", json!(null)), ("tokens_revoked", bots)] {
            let Ok(Read::Asked(asked)) = read(kind, tokens) else { panic!("{kind}") };
            assert_eq!((asked.id.as_str(), asked.at.as_second()), ("event:Ev1", 5));
            assert_eq!(asked.what, What::Uninstalled);
        }
        assert_eq!(read("tokens_revoked", json!({"oauth": ["U2"]})), Ok(Read::Ignored));
        assert_eq!(read("message", json!(null)), Ok(Read::Ignored));
        let challenge = json!({"type": "url_verification", "challenge": "3eZb"}).to_string();
        assert_eq!(event(challenge.as_bytes()), Ok(Read::Challenge("3eZb".to_owned())));
    }

    #[test]
    fn anything_else_is_unreadable() {
        for body in ["", "null", "{}", "[]", "payload=", "payload={}", "payload=null", "%ff=%00"] {
            assert_eq!(command(body.as_bytes(), NOW), Err(Unreadable), "{body}");
            assert_eq!(action(body.as_bytes(), NOW), Err(Unreadable), "{body}");
            assert_eq!(event(body.as_bytes()), Err(Unreadable), "{body}");
        }
    }
}
