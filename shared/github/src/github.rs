//! GitHub: where people are sent, and what it says of them. Every call has a time limit, follows no
//! redirect and reads a bounded answer.

use crate::fields::{challenge, with};
use crate::person::{Email, Person, User};
use crate::secret::Secret;
use outbound::{Unread, is_local, is_safe};
use pipeline::error::Failure;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::OnceLock;
use std::time::Duration;

/// For one call, connecting included; there are three.
const WITHIN: Duration = Duration::from_secs(5);
/// Bytes of an answer.
const MAX_ANSWER: usize = 256 * 1024;
/// What we ask for: who he is, and his addresses.
const SCOPE: &str = "read:user user:email";

/// GitHub's two addresses.
#[derive(Debug)]
pub struct Github {
    web: Url,
    api: Url,
    within: Duration,
    http: OnceLock<Client>,
}

/// Why there is nobody.
#[derive(Debug)]
pub(crate) enum Unknown {
    /// The code is worth nothing.
    Code,
    /// GitHub fails, or does not know us.
    Failed(Failure),
}

#[derive(Deserialize)]
struct Granted {
    access_token: Option<SecretString>,
    error: Option<String>,
}

impl Github {
    /// `https://github.com` and `https://api.github.com`, or a machine's own.
    pub fn new(web: &str, api: &str) -> Result<Self, Failure> {
        let web = address(web, "the address of GitHub")?;
        let api = address(api, "the address of GitHub's API")?;
        Ok(Self { web, api, within: WITHIN, http: OnceLock::new() })
    }

    /// With another limit than five seconds a call.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { within: limit, http: OnceLock::new(), ..self }
    }

    /// Where a person is sent.
    pub(crate) fn authorize_url(
        &self,
        secret: &Secret,
        callback: &str,
        (state, verifier): (&str, &str),
    ) -> String {
        let fields = [
            ("client_id", secret.github_client_id.as_str()),
            ("redirect_uri", callback),
            ("scope", SCOPE),
            ("state", state),
            ("code_challenge", &challenge(verifier)),
            ("code_challenge_method", "S256"),
        ];
        with(&join(&self.web, "login/oauth/authorize"), &fields)
    }

    /// Who came back with a code.
    pub(crate) async fn person(
        &self,
        secret: &Secret,
        callback: &str,
        (code, verifier): (&str, &str),
    ) -> Result<Person, Unknown> {
        let token = self.exchange(secret, callback, (code, verifier)).await?;
        let user: User = self.ask("user", &token).await?;
        let emails: Vec<Email> = self.ask("user/emails", &token).await?;
        Ok(Person::new(user, emails))
    }

    async fn exchange(
        &self,
        secret: &Secret,
        callback: &str,
        (code, verifier): (&str, &str),
    ) -> Result<SecretString, Unknown> {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &secret.github_client_id)
            .append_pair("client_secret", secret.github_client_secret.expose_secret())
            .append_pair("code", code)
            .append_pair("redirect_uri", callback)
            .append_pair("code_verifier", verifier)
            .finish();
        let http = self.http()?;
        let request = http.post(join(&self.web, "login/oauth/access_token")).body(body);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let granted: Granted = self.send(request.header(ACCEPT, "application/json")).await?;
        match (granted.access_token, granted.error.as_deref()) {
            (Some(token), None) => Ok(token),
            (_, Some("bad_verification_code")) => Err(Unknown::Code),
            // Its own words, cut: they say what is wrong with our app.
            (_, error) => Err(failed(&format!(
                "GitHub gives no token: {}",
                error.unwrap_or("no reason").chars().take(60).collect::<String>()
            ))),
        }
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        token: &SecretString,
    ) -> Result<T, Unknown> {
        let request = self.http()?.get(join(&self.api, path)).bearer_auth(token.expose_secret());
        self.send(request.header(ACCEPT, "application/vnd.github+json")).await
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Unknown> {
        let answer = request.send().await.map_err(|error| unreachable(&error))?;
        if answer.status() != StatusCode::OK {
            return Err(failed(&format!("GitHub answers {}", answer.status())));
        }
        let body = outbound::body(answer, MAX_ANSWER).await.map_err(|unread| match unread {
            Unread::Endless => failed("GitHub's answer does not end"),
            Unread::Broken(error) => unreachable(&error),
        })?;
        // The error of the parser might quote the answer, a token.
        serde_json::from_slice(&body).map_err(|_| failed("GitHub's answer cannot be read"))
    }

    fn http(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let local = is_local(&self.web) && is_local(&self.api);
        // GitHub refuses who does not say who he is: every client of ours does.
        let client = outbound::client(local, self.within).pool_max_idle_per_host(1).build();
        let client = client.map_err(|error| Failure::Retry(error.without_url().to_string()))?;
        Ok(self.http.get_or_init(|| client))
    }
}

impl From<Failure> for Unknown {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

fn failed(why: &str) -> Unknown {
    Unknown::Failed(Failure::Retry(why.to_owned()))
}

/// Without the address: that of a token holds nothing, but none is needed.
fn unreachable(error: &reqwest::Error) -> Unknown {
    failed(if error.is_timeout() {
        "GitHub does not answer in time"
    } else {
        "GitHub cannot be reached"
    })
}

fn join(base: &Url, path: &str) -> String {
    format!("{}/{path}", base.as_str().trim_end_matches('/'))
}

/// An address that secrets may be sent to.
pub(crate) fn address(text: &str, what: &str) -> Result<Url, Failure> {
    let wrong = || Failure::Reject(format!("{what} must begin with https://"));
    let url = Url::parse(text).map_err(|_| wrong())?;
    if is_safe(&url) && url.username().is_empty() { Ok(url) } else { Err(wrong()) }
}
