//! The issuer's keys over HTTP: in bounded time, of bounded size, without following anybody
//! elsewhere.

use crate::keys::{FetchKeys, Fetching};
use outbound::{Unread, is_local, is_safe};
use pipeline::error::Failure;
use reqwest::{Client, Url};
use std::sync::OnceLock;
use std::time::Duration;

/// For the whole of it, connecting included.
const WITHIN: Duration = Duration::from_secs(3);
/// Bytes of the answer.
const MAX_ANSWER: usize = 64 * 1024;

/// Keys at `<issuer>/.well-known/jwks.json`.
#[derive(Debug)]
pub struct HttpKeys {
    url: Url,
    within: Duration,
    http: OnceLock<Client>,
}

impl HttpKeys {
    /// Of the issuer at this address: `https://…`, or on this machine.
    pub fn of(issuer: &str) -> Result<Self, Failure> {
        Self::at(&format!("{}/.well-known/jwks.json", issuer.trim_end_matches('/')))
    }

    /// At this address.
    pub fn at(address: &str) -> Result<Self, Failure> {
        Ok(Self { url: self::address(address)?, within: WITHIN, http: OnceLock::new() })
    }

    /// With another limit than three seconds.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { within: limit, http: OnceLock::new(), ..self }
    }

    fn http(&self) -> Result<&Client, String> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let client = outbound::client(is_local(&self.url), self.within);
        let client = client.pool_max_idle_per_host(0).build();
        let client = client.map_err(|error| error.without_url().to_string())?;
        Ok(self.http.get_or_init(|| client))
    }

    async fn read(&self) -> Result<Vec<u8>, String> {
        let answer = self.http()?.get(self.url.clone()).send().await.map_err(|it| said(&it))?;
        if !answer.status().is_success() {
            return Err(format!("the issuer answers {}", answer.status()));
        }
        outbound::body(answer, MAX_ANSWER).await.map_err(|unread| match unread {
            Unread::Endless => "the issuer's keys do not end".to_owned(),
            Unread::Broken(error) => said(&error),
        })
    }
}

/// An address of the issuer's.
pub(crate) fn address(text: &str) -> Result<Url, Failure> {
    let wrong = |why: &str| Failure::Reject(format!("the address of the issuer {why}"));
    let url = Url::parse(text).map_err(|_| wrong("is none; it begins with https://"))?;
    if is_safe(&url) { Ok(url) } else { Err(wrong("must begin with https://")) }
}

impl FetchKeys for HttpKeys {
    fn fetch(&self) -> Fetching<'_> {
        Box::pin(self.read())
    }
}

fn said(error: &reqwest::Error) -> String {
    let why = if error.is_timeout() { "does not answer in time" } else { "cannot be reached" };
    format!("the issuer {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_over_tls_or_from_this_machine() {
        for good in ["https://issuer.example/pool", "http://127.0.0.1:3000/login", "http://[::1]:9"]
        {
            assert!(HttpKeys::of(good).is_ok(), "{good}");
        }
        for wrong in ["", "issuer.example", "http://issuer.example", "file:///etc/keys"] {
            assert!(HttpKeys::of(wrong).is_err(), "{wrong}");
        }
    }
}
