//! Posting, answering and changing messages: by a token (Slack's Web API) or by an incoming
//! webhook.

use crate::blocks::Message;
use crate::error::SlackError;
use crate::pace::Pace;
use crate::transport::{Answered, Transport, address, refused};
use outbound::is_local;
use pipeline::error::Failure;
use pipeline::ports::Connect;
use reqwest::Url;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// Slack's own address.
pub const API_URL: &str = "https://slack.com/api/";
/// Slack's words for a message that cannot be changed or answered any more.
const GONE: [&str; 5] = [
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "thread_not_found",
    "cannot_reply_to_message",
];

/// Slack's words for a channel that takes nothing from us.
const OUT_OF_REACH: [&str; 5] =
    ["channel_not_found", "not_in_channel", "is_archived", "is_inactive", "channel_is_archived"];

/// Where to post and by what right.
#[derive(Debug, Clone)]
pub struct SlackConfig {
    /// Base of the Web API: [`API_URL`], or a double's. A webhook does not need it.
    pub api_url: String,
    /// The right to post.
    pub credential: Credential,
}

/// The right to post. Secrets do not print and are wiped from memory.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A bot's token: posts, answers in threads, changes what it posted.
    Token {
        /// `xoxb-…`
        token: SecretString,
        /// Id of the channel: `C0123456789`.
        channel: String,
    },
    /// An incoming webhook: only posts, into the channel that it was made for.
    Webhook {
        /// The address, which is a secret.
        url: SecretString,
    },
}

impl Credential {
    /// A webhook's address.
    pub fn webhook(url: String) -> Self {
        Self::Webhook { url: url.into() }
    }
}

/// Where a message stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Posted {
    /// Id of the channel; empty where a webhook posted, which does not tell.
    pub channel: String,
    /// Slack's name for the message: its time, as text; empty likewise.
    pub ts: String,
}

impl Posted {
    /// Whether the message can be found again.
    pub const fn is_known(&self) -> bool {
        !self.channel.is_empty() && !self.ts.is_empty()
    }
}

/// How a message was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Updated {
    /// Where it stood.
    InPlace,
    /// That was not possible any more, or never: it was posted anew.
    Anew(Posted),
}

/// A connection to one channel. Cheap to make: it connects at the first message. Clones share their
/// connections and their pace.
#[derive(Clone)]
pub struct Slack {
    api: Url,
    credential: Credential,
    transport: Arc<Transport>,
    pace: Arc<Pace>,
}

impl Slack {
    /// Refuses addresses that are not `https`, except on this machine.
    pub fn new(config: SlackConfig) -> Result<Self, SlackError> {
        // Without the slash the last part would give way to the name of a method.
        let api = format!("{}/", config.api_url.trim_end_matches('/'));
        let api = address(&api, "the address of Slack's API")?;
        let local = match &config.credential {
            Credential::Token { .. } => is_local(&api),
            Credential::Webhook { url } => is_local(&webhook(url)?),
        };
        let transport = Arc::new(Transport::new(local));
        Ok(Self { api, credential: config.credential, transport, pace: Arc::default() })
    }

    /// The same for another channel or workspace, over the same connections and at the same pace.
    pub fn with(&self, credential: Credential) -> Result<Self, SlackError> {
        let other = Self::new(SlackConfig { api_url: self.api.to_string(), credential })?;
        if other.transport.local != self.transport.local {
            return Ok(other);
        }
        Ok(Self { transport: self.transport.clone(), pace: self.pace.clone(), ..other })
    }

    /// With another limit than 10 seconds for a whole call, connecting included.
    #[must_use]
    pub fn answering_within(self, limit: Duration) -> Self {
        Self { transport: Arc::new(self.transport.answering_within(limit)), ..self }
    }

    /// Posts a message.
    pub async fn post(&self, message: &Message) -> Result<Posted, SlackError> {
        match &self.credential {
            Credential::Token { token, channel } => {
                self.pace.wait(channel).await?;
                let call = Call { channel, ts: None, thread_ts: None, message: message.into() };
                self.call("chat.postMessage", token, &call).await?.posted()
            }
            Credential::Webhook { url } => self.call_webhook(url, message).await,
        }
    }

    /// Replaces a message; posts it anew where that cannot be done.
    pub async fn update(&self, at: &Posted, message: &Message) -> Result<Updated, SlackError> {
        if let (Credential::Token { token, .. }, true) = (&self.credential, at.is_known()) {
            let (channel, ts) = (&at.channel, Some(at.ts.as_str()));
            let call = Call { channel, ts, thread_ts: None, message: message.into() };
            let answer = self.call("chat.update", token, &call).await?;
            if !answer.is_gone(self.is_elsewhere(at)) {
                return answer.posted().map(|_| Updated::InPlace);
            }
        }
        self.post(message).await.map(Updated::Anew)
    }

    /// Answers in a message's thread; posts on its own where there is none.
    pub async fn reply(&self, at: &Posted, message: &Message) -> Result<Posted, SlackError> {
        if let (Credential::Token { token, .. }, true) = (&self.credential, at.is_known()) {
            let (channel, thread_ts) = (&at.channel, Some(at.ts.as_str()));
            self.pace.wait(channel).await?;
            let call = Call { channel, ts: None, thread_ts, message: message.into() };
            let answer = self.call("chat.postMessage", token, &call).await?;
            if !answer.is_gone(self.is_elsewhere(at)) {
                return answer.posted();
            }
        }
        self.post(message).await
    }

    /// Whether a message stands in another channel than the one that this connection is to.
    fn is_elsewhere(&self, at: &Posted) -> bool {
        matches!(&self.credential, Credential::Token { channel, .. } if *channel != at.channel)
    }

    /// The address of a message on the web.
    pub async fn permalink(&self, at: &Posted) -> Result<String, SlackError> {
        let Credential::Token { token, .. } = &self.credential else {
            return Err(refused(&"a webhook does not tell where its messages stand"));
        };
        let mut url = self.api.join("chat.getPermalink").map_err(|error| refused(&error))?;
        url.query_pairs_mut().append_pair("channel", &at.channel).append_pair("message_ts", &at.ts);
        let request = self.transport.get(url)?.bearer_auth(token.expose_secret());
        let answer = read(self.transport.send(request).await?, token)?;
        let permalink = answer.permalink.clone();
        answer.posted()?;
        permalink.ok_or_else(|| SlackError::Busy("Slack gives no address".to_owned()))
    }

    /// Whether the token holds: the id of its workspace.
    pub async fn auth_test(&self) -> Result<String, SlackError> {
        let Credential::Token { token, .. } = &self.credential else {
            return Err(refused(&"a webhook cannot be asked"));
        };
        let url = self.api.join("auth.test").map_err(|error| refused(&error))?;
        let request = self.transport.post(url)?.bearer_auth(token.expose_secret());
        let answer = read(self.transport.send(request).await?, token)?;
        let team = answer.team_id.clone().unwrap_or_default();
        answer.posted().map(|_| team)
    }

    /// Gives the token back: it opens nothing from then on. One that is gone already is given back.
    pub async fn auth_revoke(&self) -> Result<(), SlackError> {
        let Credential::Token { token, .. } = &self.credential else {
            return Err(refused(&"a webhook cannot be given back"));
        };
        let url = self.api.join("auth.revoke").map_err(|error| refused(&error))?;
        let request = self.transport.post(url)?.bearer_auth(token.expose_secret());
        match read(self.transport.send(request).await?, token)?.posted() {
            Err(SlackError::Gone(_)) => Ok(()),
            answer => answer.map(drop),
        }
    }

    async fn call(
        &self,
        method: &str,
        token: &SecretString,
        call: &Call<'_>,
    ) -> Result<Answer, SlackError> {
        let url = self.api.join(method).map_err(|error| refused(&error))?;
        let request = self.transport.post(url)?.bearer_auth(token.expose_secret());
        read(self.transport.send(json(request, call)?).await?, token)
    }

    async fn call_webhook(
        &self,
        url: &SecretString,
        message: &Message,
    ) -> Result<Posted, SlackError> {
        let request = self.transport.post(webhook(url)?)?;
        let request = json(request, &Payload::from(message))?;
        let Answered { status, retry_after, body } = self.transport.send(request).await?;
        if status.is_success() {
            return Ok(Posted::default());
        }
        let said = String::from_utf8_lossy(&body);
        // A word of Slack's; any other text comes from something in between.
        if said.is_empty() || !said.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Err(refused(&format!("the webhook answers {status}; make a new one")));
        }
        Err(SlackError::from_code(&said, retry_after.as_deref()))
    }
}

/// Workspaces of all tenants, over the same connections.
#[derive(Debug, Clone)]
pub struct Workspaces(Slack);

impl Workspaces {
    /// With the base of the Web API: [`API_URL`], or a double's.
    pub fn new(api_url: &str) -> Result<Self, SlackError> {
        let credential = Credential::Token { token: "".into(), channel: String::new() };
        Slack::new(SlackConfig { api_url: api_url.to_owned(), credential }).map(Self)
    }

    /// One channel of one of them.
    pub(crate) fn slack(&self, token: &SecretString, channel: &str) -> Result<Slack, SlackError> {
        let (token, channel) = (token.clone(), channel.to_owned());
        self.0.with(Credential::Token { token, channel })
    }

    /// As fast as it comes: for a double that takes all at once.
    #[must_use]
    pub fn at_any_pace(self) -> Self {
        Self(Slack { pace: Arc::new(Pace::none()), ..self.0 })
    }
}

impl Connect for Workspaces {
    type Line = Slack;

    fn connect(&self, token: &SecretString, channel: &str) -> Result<Slack, Failure> {
        Ok(self.slack(token, channel)?)
    }

    async fn revoke(&self, token: &SecretString) -> Result<(), Failure> {
        Ok(self.slack(token, "")?.auth_revoke().await?)
    }
}

pub(crate) fn json(
    request: reqwest::RequestBuilder,
    body: &impl Serialize,
) -> Result<reqwest::RequestBuilder, SlackError> {
    let body = serde_json::to_vec(body).map_err(|error| refused(&error))?;
    Ok(request.header(CONTENT_TYPE, "application/json; charset=utf-8").body(body))
}

/// An answer of the Web API.
fn read(answered: Answered, token: &SecretString) -> Result<Answer, SlackError> {
    let Answered { status, retry_after, body } = answered;
    match serde_json::from_slice::<Answer>(&body).ok() {
        Some(answer) if status.is_success() || answer.error.is_some() => {
            let error = answer.error.map(|error| without(&error, token.expose_secret()));
            Ok(Answer { error, retry_after, ..answer })
        }
        _ if status.is_success() => {
            Err(SlackError::Busy("Slack's answer is no answer of its API".to_owned()))
        }
        _ => Err(refused(&format!("Slack answers {status}; check the address of its API"))),
    }
}

/// Everything but secrets.
impl std::fmt::Debug for Slack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slack")
            .field("api", &self.api.as_str())
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

/// A call of the Web API.
#[derive(Serialize)]
struct Call<'a> {
    channel: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_ts: Option<&'a str>,
    #[serde(flatten)]
    message: Payload<'a>,
}

/// A message as Slack takes it: nothing in it becomes a mention, a link or a preview.
#[derive(Serialize)]
pub(crate) struct Payload<'a> {
    #[serde(flatten)]
    message: &'a Message,
    parse: &'static str,
    link_names: bool,
    unfurl_links: bool,
    unfurl_media: bool,
}

impl<'a> From<&'a Message> for Payload<'a> {
    fn from(message: &'a Message) -> Self {
        let (link_names, unfurl_links, unfurl_media) = (false, false, false);
        Self { message, parse: "none", link_names, unfurl_links, unfurl_media }
    }
}

/// What the Web API answers.
#[derive(Deserialize)]
struct Answer {
    ok: bool,
    error: Option<String>,
    channel: Option<String>,
    ts: Option<String>,
    permalink: Option<String>,
    team_id: Option<String>,
    #[serde(skip)]
    retry_after: Option<String>,
}

impl Answer {
    /// Whether a message cannot be changed or answered where it stands; `elsewhere` if that is another
    /// channel, which may be out of reach by now.
    fn is_gone(&self, elsewhere: bool) -> bool {
        let gone =
            |error: &str| GONE.contains(&error) || (elsewhere && OUT_OF_REACH.contains(&error));
        !self.ok && self.error.as_deref().is_some_and(gone)
    }

    fn posted(self) -> Result<Posted, SlackError> {
        if self.ok {
            let (channel, ts) = (self.channel.unwrap_or_default(), self.ts.unwrap_or_default());
            return Ok(Posted { channel, ts });
        }
        let error = self.error.as_deref().unwrap_or("no reason");
        Err(SlackError::from_code(error, self.retry_after.as_deref()))
    }
}

fn webhook(url: &SecretString) -> Result<Url, SlackError> {
    address(url.expose_secret(), "the address of the webhook")
}

/// A foreign text without the secret that it may repeat.
pub(crate) fn without(text: &str, secret: &str) -> String {
    if secret.is_empty() { text.to_owned() } else { text.replace(secret, "(secret)") }
}
