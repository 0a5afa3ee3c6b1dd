//! What the login and the GitHub of this machine do, and what they refuse, as the real ones do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod github;
mod login;
mod program;
mod tokens;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::Value;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const BACK: &str = "http://127.0.0.1:3000/signed-in";

fn browser() -> Client {
    Client::builder().no_proxy().redirect(Policy::none()).build().unwrap()
}

fn challenge() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()))
}

/// An address with these fields, those of `changed` in place of the usual ones.
fn with(url: &str, usual: &[(&str, &str)], changed: &[(&str, &str)]) -> Url {
    let kept = usual.iter().filter(|(name, _)| changed.iter().all(|(it, _)| it != name));
    let mut url = Url::parse(url).unwrap();
    url.query_pairs_mut().extend_pairs(kept.chain(changed.iter().filter(|it| !it.1.is_empty())));
    url
}

fn location(answer: &Response) -> Url {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    Url::parse(answer.headers()[LOCATION].to_str().unwrap()).unwrap()
}

fn field(url: &Url, name: &str) -> String {
    let mut pairs = url.query_pairs();
    pairs.find(|(it, _)| it == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

async fn send(url: &str, fields: &[(&str, &str)]) -> (StatusCode, Value) {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let answer = browser().post(url).body(form.finish()).send().await.unwrap();
    let status = answer.status();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

/// What a token says; its signature is not looked at.
fn said(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
