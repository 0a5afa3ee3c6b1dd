//! Signing in with GitHub, over HTTP from end to end: a browser, Cognito's part, and a GitHub on
//! this machine.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod dance;
mod documents;
mod refusals;
mod trouble;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use github::{Github, Issuer, Secret, routes};
use kms::signing::LocalSigner;
use login_double::github::{GithubDouble, GithubSettings};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use store::Table;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Where Cognito takes people back.
const BACK: &str = "https://auth.example/oauth2/idpresponse";
/// Cognito's own secret with us.
const SECRET: &str = "s3cret-of:cognito&+";

/// The issuer, a GitHub, and a browser.
struct World {
    github: GithubDouble,
    url: String,
    table: Table,
    http: Client,
    server: JoinHandle<()>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn table() -> Table {
    let table = Table::new(store::embedded::client(None).unwrap(), "dd0c-cost-main");
    table.create().await.unwrap();
    table
}

fn secret() -> Secret {
    let text = serde_json::json!({
        "github_client_id": "gh-app", "github_client_secret": "gh-s3cret",
        "client_id": "cognito", "client_secret": SECRET,
        "redirect_uris": [BACK, "https://auth.example/other?keep=1"],
    });
    Secret::from_secret(&text.to_string().into()).unwrap()
}

impl World {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let settings = GithubSettings {
            client_id: "gh-app".to_owned(),
            client_secret: "gh-s3cret".to_owned(),
            callback: format!("{url}/callback"),
        };
        let double = GithubDouble::start(settings).await.unwrap();
        let github = Github::new(double.url(), double.url()).unwrap();
        let github = github.within(Duration::from_secs(3));
        let (table, signer) = (table().await, LocalSigner::fleeting().unwrap());
        let issuer = Issuer::new(table.clone(), signer, github, secret(), &url).unwrap();
        let routes = routes(Arc::new(issuer));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        let http = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { github: double, url, table, http, server }
    }

    async fn get(&self, url: &str, cookies: &str) -> Response {
        self.http.get(url).header(COOKIE, cookies).send().await.unwrap()
    }

    /// Cognito sends a browser; these fields are others than usual.
    async fn authorize(&self, changed: &[(&str, &str)]) -> Response {
        let usual = [
            ("client_id", "cognito"),
            ("redirect_uri", BACK),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "cognitos-state"),
        ];
        let kept = usual.iter().filter(|(name, _)| changed.iter().all(|(it, _)| it != name));
        let mut url = Url::parse(&format!("{}/authorize", self.url)).unwrap();
        url.query_pairs_mut()
            .extend_pairs(kept.chain(changed.iter().filter(|it| !it.1.is_empty())));
        self.get(url.as_str(), "").await
    }

    /// A browser that was sent to GitHub: where to, and with which cookie.
    async fn sent(&self, changed: &[(&str, &str)]) -> (String, String) {
        let answer = self.authorize(changed).await;
        assert_eq!(answer.status(), StatusCode::FOUND);
        let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        (location(&answer), cookie)
    }

    /// Somebody chooses at GitHub; where his browser is sent then.
    async fn choose(&self, at_github: &str, name: &str) -> String {
        let page = self.get(at_github, "").await;
        assert_eq!(page.status(), StatusCode::OK);
        let body = format!("name={name}");
        let answer = self.http.post(at_github).body(body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        location(&answer)
    }

    /// All of it up to the address at Cognito that somebody ends at.
    async fn visit(&self, name: &str, changed: &[(&str, &str)]) -> Url {
        let (at_github, cookie) = self.sent(changed).await;
        let back = self.choose(&at_github, name).await;
        let answer = self.get(&back, &cookie).await;
        assert_eq!(answer.status(), StatusCode::FOUND);
        Url::parse(&location(&answer)).unwrap()
    }

    /// Cognito brings a code, with these fields besides and others than usual.
    async fn token(&self, code: &str, changed: &[(&str, &str)]) -> (StatusCode, Value) {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("client_id", "cognito"),
            ("client_secret", SECRET),
        ];
        let kept = usual.iter().filter(|(name, _)| changed.iter().all(|(it, _)| it != name));
        let all = kept.chain(changed.iter().filter(|it| !it.1.is_empty()));
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(all);
        let request = self.http.post(format!("{}/token", self.url)).body(form.finish());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["cache-control"], "no-store");
        (answer.status(), json(answer).await)
    }

    /// What an `id_token` says, checked with the key that is shown.
    async fn checked(&self, token: &str) -> Value {
        let keys = json(self.get(&format!("{}/jwks", self.url), "").await).await;
        let key = &keys["keys"][0];
        let header = jsonwebtoken::decode_header(token).unwrap();
        assert_eq!(header.kid.as_deref(), key["kid"].as_str());
        let (n, e) = (key["n"].as_str().unwrap(), key["e"].as_str().unwrap());
        let key = jsonwebtoken::DecodingKey::from_rsa_components(n, e).unwrap();
        let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
        rules.set_audience(&["cognito"]);
        rules.set_issuer(&[&self.url]);
        jsonwebtoken::decode::<Value>(token, &key, &rules).unwrap().claims
    }
}

fn location(answer: &Response) -> String {
    answer.headers()[LOCATION].to_str().unwrap().to_owned()
}

async fn json(answer: Response) -> Value {
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

/// A field of an address; empty where it is missing.
fn field(url: &Url, name: &str) -> String {
    let mut pairs = url.query_pairs();
    pairs.find(|(it, _)| it == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}
