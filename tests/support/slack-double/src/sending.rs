//! Sending to the app as Slack does: signed, and with three seconds to answer.

use crate::signature::signature;
use crate::state::SlackState;
use crate::world::World;
use reqwest::header::{HeaderMap, USER_AGENT};
use reqwest::{Client, Response};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// Bytes of an answer that are read.
const MAX_ANSWER: usize = 256 * 1024;

/// How the next request to the app goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mischief {
    /// With a signature that somebody made up.
    Forged,
    /// Without a signature.
    Unsigned,
    /// Signed, so many seconds ago; below 0, so many seconds ahead.
    Late(i64),
    /// Half of the body, signed as it is.
    Truncated,
    /// Half of the body, signed as a whole.
    CutOnTheWay,
    /// The same request a second time, once it was answered.
    Twice,
}

/// A request to the app and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// `command`, `action`, `event` or `url_verification`.
    pub kind: &'static str,
    /// Where it went: `/slack/commands`.
    pub path: &'static str,
    /// What was sent.
    pub body: String,
    /// `None` where there was no answer.
    pub status: Option<u16>,
    /// `ok`, or Slack's word: `operation_timeout`, `dispatch_failed`, `http_client_error`,
    /// `http_service_error`.
    pub outcome: &'static str,
    /// How long it took.
    pub millis: u64,
    /// What was answered.
    pub answer: String,
    /// An event's id, the same for all tries.
    pub event_id: Option<String>,
    /// 0 for the first try.
    pub retry: u32,
    /// The app asked not to try again.
    pub no_retry: bool,
}

impl Exchange {
    /// The app took it within its time.
    pub fn is_ok(&self) -> bool {
        self.outcome == "ok"
    }
}

/// A request that is not signed yet.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) kind: &'static str,
    pub(crate) path: &'static str,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    pub(crate) event_id: Option<String>,
    /// Number and reason of a try again.
    pub(crate) retry: Option<(u32, &'static str)>,
}

/// A request as it went out, to the byte.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    outgoing: Outgoing,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// An answer: status, text, and whether no further try is wanted.
struct Received {
    status: u16,
    text: String,
    no_retry: bool,
}

impl SlackState {
    /// Sends, waits for the answer and notes both.
    pub(crate) async fn send(&self, outgoing: Outgoing) -> Exchange {
        let (sent, twice) = {
            let mut world = self.world();
            let mischief = world.mischief.pop_front();
            let sent = prepared(&world, outgoing, mischief);
            world.last_sent = Some(sent.clone());
            (sent, mischief == Some(Mischief::Twice))
        };
        let exchange = self.transmit(&sent).await;
        if twice {
            self.transmit(&sent).await;
        }
        exchange
    }

    /// Sends the last request again, to the byte: somebody listened. `None` where there was none.
    pub async fn replay(&self) -> Option<Exchange> {
        let sent = self.world().last_sent.clone()?;
        Some(self.transmit(&sent).await)
    }

    async fn transmit(&self, sent: &Sent) -> Exchange {
        let (url, limit) = {
            let world = self.world();
            let app = world.settings.app_url.as_ref();
            let app = app.map(|app| format!("{}{}", app.trim_end_matches('/'), sent.outgoing.path));
            (app, world.settings.time_limit)
        };
        let began = Instant::now();
        let received = match (url, self.http()) {
            (Some(url), Some(http)) => {
                let answer = tokio::time::timeout(limit, ask(http, &url, sent)).await;
                answer.unwrap_or(Err("operation_timeout"))
            }
            _ => Err("dispatch_failed"),
        };
        let exchange = noted(&sent.outgoing, received, began.elapsed());
        self.world().exchanges.push(exchange.clone());
        exchange
    }
}

fn prepared(world: &World, outgoing: Outgoing, mischief: Option<Mischief>) -> Sent {
    let whole = outgoing.body.as_bytes();
    let half = whole.get(..whole.len() / 2).unwrap_or_default();
    let (signed, body) = match mischief {
        Some(Mischief::Truncated) => (half, half),
        Some(Mischief::CutOnTheWay) => (whole, half),
        _ => (whole, whole),
    };
    let late = if let Some(Mischief::Late(seconds)) = mischief { seconds } else { 0 };
    let now = world.now().as_secs().saturating_add_signed(late.saturating_neg());
    let secret = match mischief {
        Some(Mischief::Forged) => "somebody else's",
        _ => &world.settings.signing_secret,
    };
    let mut headers = vec![("content-type", outgoing.content_type.to_owned())];
    if mischief != Some(Mischief::Unsigned) {
        headers.push(("x-slack-request-timestamp", now.to_string()));
        headers.push(("x-slack-signature", signature(secret, now, signed)));
    }
    if let Some((number, reason)) = outgoing.retry {
        headers.push(("x-slack-retry-num", number.to_string()));
        headers.push(("x-slack-retry-reason", reason.to_owned()));
    }
    let body = body.to_vec();
    Sent { outgoing, headers, body }
}

async fn ask(http: &Client, url: &str, sent: &Sent) -> Result<Received, &'static str> {
    let mut request = http.post(url).body(sent.body.clone());
    for (name, value) in &sent.headers {
        request = request.header(*name, value);
    }
    let response = request.send().await.map_err(|_| "dispatch_failed")?;
    let status = response.status().as_u16();
    let no_retry = response.headers().get("x-slack-no-retry").is_some_and(|value| value == "1");
    let text = read(response).await?;
    Ok(Received { status, text, no_retry })
}

async fn read(mut response: Response) -> Result<String, &'static str> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| "dispatch_failed")? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err("dispatch_failed");
        }
        body.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

fn noted(
    outgoing: &Outgoing,
    received: Result<Received, &'static str>,
    took: Duration,
) -> Exchange {
    let outcome = match &received {
        Err(word) => word,
        Ok(Received { status: 200..300, .. }) => "ok",
        Ok(Received { status: 300..500, .. }) => "http_client_error",
        Ok(_) => "http_service_error",
    };
    let received = received.ok();
    Exchange {
        kind: outgoing.kind,
        path: outgoing.path,
        body: outgoing.body.clone(),
        outcome,
        millis: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        no_retry: received.as_ref().is_some_and(|received| received.no_retry),
        status: received.as_ref().map(|received| received.status),
        answer: received.map(|received| received.text).unwrap_or_default(),
        event_id: outgoing.event_id.clone(),
        retry: outgoing.retry.map_or(0, |(number, _)| number),
    }
}

/// A connection to the app: without proxy, and a redirect is an answer.
pub(crate) fn client() -> Option<Client> {
    let mut headers = HeaderMap::new();
    let agent = "Slackbot 1.0 (+https://api.slack.com/robots)";
    headers.insert(USER_AGENT, agent.parse().ok()?);
    let builder = Client::builder().default_headers(headers).no_proxy();
    builder.redirect(reqwest::redirect::Policy::none()).pool_max_idle_per_host(0).build().ok()
}
