//! Posting, answering and changing messages: by a token (Slack's Web API) or by an incoming
//! webhook.
//!
//! Every call has a time limit, follows no redirect and reads a bounded answer. Nothing is tried
//! twice: that is a queue's work.

use crate::blocks::Message;
use crate::error::{SlackError, shown};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Slack's own address.
pub const API_URL: &str = "https://slack.com/api/";
/// Bytes of an answer that are read; Slack repeats the message in it.
const MAX_ANSWER: usize = 256 * 1024;
/// Slack's words for a message that cannot be changed or answered any more.
const GONE: [&str; 5] = [
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "thread_not_found",
    "cannot_reply_to_message",
];

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
    /// From a secret's text: `{"token": "xoxb-…", "channel": "C0123456789"}` or
    /// `{"webhook": "https://hooks.slack.com/services/…"}`.
    pub fn from_json(text: &str) -> Result<Self, SlackError> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Stored {
            Token { token: SecretString, channel: String },
            Webhook { webhook: SecretString },
        }
        // The error of the parser might quote the secret.
        let wrong = "the Slack secret is not {\"token\": …, \"channel\": …} or {\"webhook\": …}";
        match serde_json::from_str(text) {
            Ok(Stored::Token { token, channel }) => Ok(Self::Token { token, channel }),
            Ok(Stored::Webhook { webhook }) => Ok(Self::Webhook { url: webhook }),
            Err(_) => Err(SlackError::Busy(wrong.to_owned())),
        }
    }

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

/// A connection to one channel. Cheap to make: it connects at the first message.
pub struct Slack {
    api: Url,
    credential: Credential,
    /// On this machine: without TLS and proxy.
    local: bool,
    connect_within: Duration,
    answer_within: Duration,
    http: Arc<OnceLock<Client>>,
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
        Ok(Self {
            api,
            credential: config.credential,
            local,
            connect_within: Duration::from_secs(3),
            answer_within: Duration::from_secs(10),
            http: Arc::default(),
        })
    }

    /// With the right to post that a secret holds; see [`Credential::from_json`].
    pub fn from_secret(api_url: &str, secret: &SecretString) -> Result<Self, SlackError> {
        let credential = Credential::from_json(secret.expose_secret())?;
        Self::new(SlackConfig { api_url: api_url.to_owned(), credential })
    }

    /// The same for another channel or workspace, over the same connections.
    pub fn with(&self, credential: Credential) -> Result<Self, SlackError> {
        let other = Self::new(SlackConfig { api_url: self.api.to_string(), credential })?;
        if other.local != self.local {
            return Ok(other.answering_within(self.answer_within));
        }
        let (connect_within, answer_within) = (self.connect_within, self.answer_within);
        Ok(Self { connect_within, answer_within, http: Arc::clone(&self.http), ..other })
    }

    /// With another limit than 10 seconds for a whole call, connecting included.
    #[must_use]
    pub fn answering_within(self, limit: Duration) -> Self {
        Self {
            connect_within: self.connect_within.min(limit),
            answer_within: limit,
            http: Arc::default(),
            ..self
        }
    }

    /// Posts a message.
    pub async fn post(&self, message: &Message) -> Result<Posted, SlackError> {
        match &self.credential {
            Credential::Token { token, channel } => {
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
            if !answer.is_gone() {
                return answer.posted().map(|_| Updated::InPlace);
            }
        }
        self.post(message).await.map(Updated::Anew)
    }

    /// Answers in a message's thread; posts on its own where there is none.
    pub async fn reply(&self, at: &Posted, message: &Message) -> Result<Posted, SlackError> {
        if let (Credential::Token { token, .. }, true) = (&self.credential, at.is_known()) {
            let (channel, thread_ts) = (&at.channel, Some(at.ts.as_str()));
            let call = Call { channel, ts: None, thread_ts, message: message.into() };
            let answer = self.call("chat.postMessage", token, &call).await?;
            if !answer.is_gone() {
                return answer.posted();
            }
        }
        self.post(message).await
    }

    async fn call(
        &self,
        method: &str,
        token: &SecretString,
        call: &Call<'_>,
    ) -> Result<Answer, SlackError> {
        let url = self.api.join(method).map_err(|error| refused(&error))?;
        let request = self.http()?.post(url).bearer_auth(token.expose_secret());
        let (status, retry_after, body) = self.send(request, call).await?;
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

    async fn call_webhook(
        &self,
        url: &SecretString,
        message: &Message,
    ) -> Result<Posted, SlackError> {
        let request = self.http()?.post(webhook(url)?);
        let (status, retry_after, body) = self.send(request, &Payload::from(message)).await?;
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

    /// One call: its status, when to come again if it says so, and its answer.
    async fn send(
        &self,
        request: reqwest::RequestBuilder,
        body: &impl Serialize,
    ) -> Result<(StatusCode, Option<String>, Vec<u8>), SlackError> {
        let body = serde_json::to_vec(body).map_err(|error| refused(&error))?;
        let request = request.header(CONTENT_TYPE, "application/json; charset=utf-8").body(body);
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        let retry_after = response.headers().get(RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| value.to_str().ok()).map(str::to_owned);
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(SlackError::rate_limited(retry_after.as_deref()));
        }
        if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
            return Err(SlackError::Busy(format!("Slack answers {status}")));
        }
        Ok((status, retry_after, self.read(response).await?))
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, SlackError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(SlackError::Busy("Slack's answer does not end".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// The address stays out of it: a webhook's is a secret.
    fn unreachable(&self, error: &reqwest::Error) -> SlackError {
        if error.is_timeout() {
            let limit = self.answer_within.as_secs_f32();
            return SlackError::Busy(format!("Slack does not answer within {limit} s"));
        }
        let mut cause: Option<&(dyn Error + 'static)> = error.source();
        while let Some(deeper) = cause.and_then(Error::source) {
            cause = Some(deeper);
        }
        let cause =
            cause.map_or_else(String::new, |cause| format!(": {}", shown(&cause.to_string())));
        SlackError::Busy(format!("Slack cannot be reached{cause}"))
    }

    fn http(&self) -> Result<&Client, SlackError> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let builder = Client::builder()
            .user_agent(concat!("dd0c-cost/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.connect_within)
            .timeout(self.answer_within)
            .redirect(Policy::none())
            .referer(false)
            .https_only(!self.local)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_mins(1));
        let client = if self.local { builder.no_proxy() } else { builder }.build();
        let client = client.map_err(|error| refused(&error.without_url()))?;
        Ok(self.http.get_or_init(|| client))
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
struct Payload<'a> {
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
    #[serde(skip)]
    retry_after: Option<String>,
}

impl Answer {
    fn is_gone(&self) -> bool {
        !self.ok && self.error.as_deref().is_some_and(|error| GONE.contains(&error))
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

/// An address that secrets may be sent to. The error does not repeat it.
fn address(text: &str, what: &str) -> Result<Url, SlackError> {
    let url = Url::parse(text).map_err(|error| refused(&format!("{what}: {error}")))?;
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_local(&url));
    if !safe {
        return Err(refused(&format!("{what} must begin with https://")));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused(&format!("{what} must not hold a user or password")));
    }
    Ok(url)
}

fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A foreign text without the secret that it may repeat.
fn without(text: &str, secret: &str) -> String {
    if secret.is_empty() { text.to_owned() } else { text.replace(secret, "(secret)") }
}

fn refused(why: &impl ToString) -> SlackError {
    SlackError::Refused(why.to_string())
}
