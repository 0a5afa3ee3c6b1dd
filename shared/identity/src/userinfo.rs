//! What the issuer says of a person besides his token: his own name. Of who signs in with GitHub the
//! token only knows a number.

use crate::claims::{Claims, shown};
use crate::http_keys::address;
use outbound::{is_local, is_safe};
use pipeline::error::Failure;
use reqwest::{Client, RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

/// For all of it: who signs up waits for it, and has a name in any case.
const WITHIN: Duration = Duration::from_secs(2);
/// Bytes of an answer.
const MAX_ANSWER: usize = 64 * 1024;

/// A name, or why there is none.
pub type Naming<'a> = Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>>;

/// Who knows people's names: [`HttpUserinfo`], or an issuer in this process.
pub trait Names: Send + Sync + 'static {
    /// The name of a person, by his own access token. In bounded time.
    fn name<'a>(&'a self, token: &'a SecretString, claims: &'a Claims) -> Naming<'a>;
}

/// The issuer's `userinfo_endpoint`, as its discovery names it.
#[derive(Debug)]
pub struct HttpUserinfo {
    discovery: Url,
    within: Duration,
    http: OnceLock<Client>,
    /// Where it is, once that was looked up.
    endpoint: OnceLock<Url>,
}

#[derive(Deserialize)]
struct Discovery {
    userinfo_endpoint: String,
}

#[derive(Deserialize)]
struct Userinfo {
    sub: String,
    name: Option<String>,
    preferred_username: Option<String>,
}

impl HttpUserinfo {
    /// Of the issuer at this address: `https://…`, or on this machine.
    pub fn of(issuer: &str) -> Result<Self, Failure> {
        let at = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let (http, endpoint) = (OnceLock::new(), OnceLock::new());
        Ok(Self { discovery: address(&at)?, within: WITHIN, http, endpoint })
    }

    /// With another limit than two seconds.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { within: limit, http: OnceLock::new(), ..self }
    }

    async fn ask(&self, token: &SecretString, claims: &Claims) -> Result<String, String> {
        let endpoint = self.endpoint().await?;
        let request = self.http()?.get(endpoint.clone()).bearer_auth(token.expose_secret());
        let said: Userinfo = read(request).await?;
        if said.sub != claims.sub {
            return Err("the issuer speaks of somebody else".to_owned());
        }
        let names = [said.name, said.preferred_username].into_iter().flatten();
        let name = names.map(|name| shown(&name)).find(|name| !name.trim().is_empty());
        name.ok_or_else(|| "the issuer knows no name".to_owned())
    }

    async fn endpoint(&self) -> Result<&Url, String> {
        if let Some(known) = self.endpoint.get() {
            return Ok(known);
        }
        let said: Discovery = read(self.http()?.get(self.discovery.clone())).await?;
        let url = Url::parse(&said.userinfo_endpoint).map_err(|_| "it names no address")?;
        // A token is sent there: never to this machine because somebody elsewhere says so.
        if !is_safe(&url) || is_local(&url) != is_local(&self.discovery) {
            return Err("the issuer names an address that no token is sent to".to_owned());
        }
        Ok(self.endpoint.get_or_init(|| url))
    }

    fn http(&self) -> Result<&Client, String> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let client = outbound::client(is_local(&self.discovery), self.within);
        let client = client.pool_max_idle_per_host(0).build();
        let client = client.map_err(|error| error.without_url().to_string())?;
        Ok(self.http.get_or_init(|| client))
    }
}

impl Names for HttpUserinfo {
    fn name<'a>(&'a self, token: &'a SecretString, claims: &'a Claims) -> Naming<'a> {
        Box::pin(async move {
            let asked = tokio::time::timeout(self.within, self.ask(token, claims)).await;
            asked.unwrap_or_else(|_| Err("the issuer does not answer in time".to_owned()))
        })
    }
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, String> {
    let away = |_| "the issuer cannot be reached".to_owned();
    let answer = request.send().await.map_err(away)?;
    if !answer.status().is_success() {
        return Err(format!("the issuer answers {}", answer.status()));
    }
    let unread = "the issuer's answer cannot be read";
    let body = outbound::body(answer, MAX_ANSWER).await.map_err(|_| unread)?;
    serde_json::from_slice(&body).map_err(|_| unread.to_owned())
}
