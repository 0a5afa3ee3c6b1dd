//! Calls over HTTP: every one has a time limit, follows no redirect and reads a bounded answer.
//! Nothing is tried twice: that is a queue's work.

use crate::error::{SlackError, shown};
use outbound::is_safe;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

/// Bytes of an answer that are read; Slack repeats the message in it.
const MAX_ANSWER: usize = 256 * 1024;

/// Connections to one kind of place: this machine, or the world.
#[derive(Debug)]
pub(crate) struct Transport {
    /// On this machine: without TLS and proxy.
    pub(crate) local: bool,
    connect_within: Duration,
    answer_within: Duration,
    http: OnceLock<Client>,
}

/// An answer: its status, when to come again if it says so, and its bytes.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Transport {
    /// With 10 seconds for a whole call, connecting included.
    pub(crate) fn new(local: bool) -> Self {
        let (connect_within, answer_within) = (Duration::from_secs(3), Duration::from_secs(10));
        Self { local, connect_within, answer_within, http: OnceLock::new() }
    }

    /// With another limit.
    pub(crate) fn answering_within(&self, limit: Duration) -> Self {
        let connect_within = self.connect_within.min(limit);
        Self { local: self.local, connect_within, answer_within: limit, http: OnceLock::new() }
    }

    pub(crate) fn post(&self, url: Url) -> Result<RequestBuilder, SlackError> {
        Ok(self.http()?.post(url))
    }

    pub(crate) fn get(&self, url: Url) -> Result<RequestBuilder, SlackError> {
        Ok(self.http()?.get(url))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Answered, SlackError> {
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
        Ok(Answered { status, retry_after, body: self.read(response).await? })
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
        SlackError::Unreachable(format!("Slack cannot be reached{cause}"))
    }

    fn http(&self) -> Result<&Client, SlackError> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let client = outbound::client(self.local, self.answer_within)
            .connect_timeout(self.connect_within)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_mins(1))
            .build();
        let client = client.map_err(|error| refused(&error.without_url()))?;
        Ok(self.http.get_or_init(|| client))
    }
}

/// An address that secrets may be sent to. The error does not repeat it.
pub(crate) fn address(text: &str, what: &str) -> Result<Url, SlackError> {
    let url = Url::parse(text).map_err(|error| refused(&format!("{what}: {error}")))?;
    if !is_safe(&url) {
        return Err(refused(&format!("{what} must begin with https://")));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused(&format!("{what} must not hold a user or password")));
    }
    Ok(url)
}

pub(crate) fn refused(why: &impl ToString) -> SlackError {
    SlackError::Refused(why.to_string())
}
