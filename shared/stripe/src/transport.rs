//! Calls over HTTP: each has a time limit, follows no redirect, reads a bounded answer, and is tried
//! three times at most where it may pass.

use crate::VERSION;
use crate::error::StripeError;
use crate::form::Form;
use outbound::{Unread, is_local, is_safe};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Method, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::sync::OnceLock;
use std::time::Duration;

/// For one try, connecting included.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// For connecting.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
/// Tries of one call.
const TRIES: u32 = 3;
/// Before the second try, at least half of it; twice that before the third.
const PAUSE: Duration = Duration::from_millis(500);
/// Bytes of an answer that are read: a list of a hundred subscriptions with their invoices.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// Connections to Stripe.
#[derive(Debug)]
pub(crate) struct Transport {
    /// Without a slash at its end.
    base: String,
    /// On this machine: without TLS and proxy.
    local: bool,
    key: SecretString,
    pause: Duration,
    http: OnceLock<Client>,
}

/// A call.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    /// Below `/v1/`.
    pub(crate) path: &'a str,
    pub(crate) form: Form,
    /// Said again with it, it is done once.
    pub(crate) key: Option<&'a str>,
}

impl Transport {
    pub(crate) fn new(api_url: &str, key: SecretString) -> Result<Self, StripeError> {
        let wrong =
            || StripeError::Busy("the address of Stripe's API must begin with https://".to_owned());
        let url = Url::parse(api_url).map_err(|_| wrong())?;
        if !is_safe(&url) {
            return Err(wrong());
        }
        let local = is_local(&url);
        let base = api_url.trim_end_matches('/').to_owned();
        Ok(Self { base, local, key, pause: PAUSE, http: OnceLock::new() })
    }

    /// Tries again at once: for a Stripe on this machine.
    pub(crate) fn without_pause(self) -> Self {
        Self { pause: Duration::ZERO, ..self }
    }

    /// The answer of a call that succeeds.
    pub(crate) async fn call(&self, call: &Call<'_>) -> Result<Value, StripeError> {
        let mut tried = 0;
        loop {
            tried += 1;
            let (error, advice) = match self.try_once(call).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if tried == TRIES || !advice.unwrap_or(error.may_pass()) {
                return Err(error);
            }
            tokio::time::sleep(jittered(self.pause * tried)).await;
        }
    }

    /// One try; where it fails, also what Stripe advises about another one.
    async fn try_once(&self, call: &Call<'_>) -> Result<Value, (StripeError, Option<bool>)> {
        let of_transport = |error| (error, None);
        let request = self.request(call).map_err(of_transport)?;
        let answer = request.send().await.map_err(|error| (unreachable(&error), None))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = read(answer).await.map_err(of_transport)?;
        if status.is_success() {
            let wrong = (StripeError::Unreadable("it is not JSON"), None);
            return serde_json::from_slice(&body).map_err(|_| wrong);
        }
        let error = StripeError::of(status, &body, text(&headers, "request-id"));
        let advice = match text(&headers, "stripe-should-retry") {
            Some("true") => Some(true),
            Some("false") if status != StatusCode::TOO_MANY_REQUESTS => Some(false),
            _ => None,
        };
        Err((error, advice))
    }

    fn request(&self, call: &Call<'_>) -> Result<reqwest::RequestBuilder, StripeError> {
        let (path, form) = (call.path, call.form.encoded());
        let get = call.method == Method::GET;
        let query = if get { format!("?{form}") } else { String::new() };
        let url = format!("{}/v1/{path}{query}", self.base);
        let request = self.http()?.request(call.method.clone(), url);
        let request =
            request.bearer_auth(self.key.expose_secret()).header("Stripe-Version", VERSION);
        let request = match call.key {
            Some(key) => request.header("Idempotency-Key", key),
            None => request,
        };
        Ok(if get {
            request
        } else {
            request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form)
        })
    }

    fn http(&self) -> Result<&Client, StripeError> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let client = outbound::client(self.local, ANSWER_WITHIN)
            .connect_timeout(CONNECT_WITHIN)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_mins(1))
            .build();
        let client = client.map_err(|error| StripeError::Busy(error.without_url().to_string()))?;
        Ok(self.http.get_or_init(|| client))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn unreachable(error: &reqwest::Error) -> StripeError {
    let what = if error.is_timeout() { "does not answer in time" } else { "cannot be reached" };
    StripeError::Busy(format!("Stripe {what}"))
}

async fn read(answer: Response) -> Result<Vec<u8>, StripeError> {
    outbound::body(answer, MAX_ANSWER).await.map_err(|unread| match unread {
        Unread::Endless => StripeError::Unreadable("it is too long"),
        Unread::Broken(error) => unreachable(&error),
    })
}

/// Between half of a time and all of it: who failed together does not come again together.
fn jittered(time: Duration) -> Duration {
    let mut byte = [0];
    // Without randomness all of it is waited for.
    let part = getrandom::fill(&mut byte).map_or(255, |()| u32::from(byte[0]));
    time / 2 + time * part / 510
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sent_to_no_place_without_tls() {
        for wrong in ["http://api.stripe.com", "ftp://api.stripe.com", "api.stripe.com", ""] {
            assert!(Transport::new(wrong, "sk_1".into()).is_err(), "{wrong}");
        }
        assert!(Transport::new("https://api.stripe.com/", "sk_1".into()).is_ok());
        assert!(Transport::new("http://127.0.0.1:9/double", "sk_1".into()).is_ok());
    }

    #[test]
    fn a_pause_lies_between_half_and_all_of_it() {
        for _ in 0..100 {
            let pause = jittered(Duration::from_secs(1));
            assert!((500..=1_000).contains(&pause.as_millis()), "{pause:?}");
        }
    }
}
