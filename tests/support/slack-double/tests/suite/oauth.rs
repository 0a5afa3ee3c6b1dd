//! Installing: the page, the code and the token.

use crate::app::{call, send};
use reqwest::Url;
use serde_json::{Value, json};
use slack_double::{CLIENT_ID, CLIENT_SECRET, CODE_VALID, Clock, Double, SCOPES};
use std::collections::HashMap;
use std::time::Duration;

const BACK: &str = "http://127.0.0.1:9/slack/oauth_redirect";

fn page(double: &Double) -> String {
    let fields =
        [("client_id", CLIENT_ID), ("scope", SCOPES), ("state", "s&t=1"), ("redirect_uri", BACK)];
    let base = format!("{}/oauth/v2/authorize", double.base_url());
    Url::parse_with_params(&base, fields).expect("an address").into()
}

/// The fields of an address.
fn fields(url: &str) -> HashMap<String, String> {
    Url::parse(url).expect("an address").query_pairs().into_owned().collect()
}

async fn with_acme() -> (Double, Clock) {
    let clock = Clock::at(1_780_887_780);
    let double = Double::builder().clock(clock.clone()).start().await.expect("a double");
    double.add_workspace("T0ACME", "Acme Corp");
    let channel = slack_double::Channel::new("C0ACME", "cost-alerts");
    double.set_channel("T0ACME", channel).expect("a channel");
    (double, clock)
}

async fn access(double: &Double, sent: &[(&str, &str)], basic: bool) -> Value {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(sent).finish();
    let request = reqwest::Client::new().post(format!("{}oauth.v2.access", double.api_url()));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = if basic { request.basic_auth(CLIENT_ID, Some(CLIENT_SECRET)) } else { request };
    let answer = request.body(body).send().await.expect("an answer");
    serde_json::from_str(&answer.text().await.expect("a text")).expect("JSON")
}

fn allowed(double: &Double) -> String {
    let back = double.allow(&page(double), "T0ACME", "C0ACME").expect("allowed");
    assert!(back.starts_with(BACK), "{back}");
    assert_eq!(fields(&back)["state"], "s&t=1");
    fields(&back)["code"].clone()
}

#[tokio::test]
async fn a_code_gives_a_token_and_a_webhook_of_its_workspace() {
    let (double, _) = with_acme().await;
    let code = allowed(&double);
    let mut answer = access(&double, &[("code", &code), ("redirect_uri", BACK)], true).await;
    let token = answer["access_token"].as_str().expect("a token").to_owned();
    let hook = answer["incoming_webhook"]["url"].as_str().expect("an address").to_owned();
    assert!(token.starts_with("xoxb-") && hook.starts_with(&double.base_url()), "{token} {hook}");
    answer["access_token"].take();
    answer["incoming_webhook"]["url"].take();
    assert_eq!(
        answer,
        json!({
            "ok": true, "access_token": null, "token_type": "bot", "scope": SCOPES,
            "bot_user_id": "U0BOT", "app_id": "A0DD0C", "enterprise": null,
            "is_enterprise_install": false,
            "team": {"id": "T0ACME", "name": "Acme Corp"}, "authed_user": {"id": "U0ACMEANA"},
            "incoming_webhook": {
                "channel": "#cost-alerts", "channel_id": "C0ACME", "url": null,
                "configuration_url": format!("{}/preview", double.base_url()),
            },
        })
    );
    let sent = json!({"channel": "C0ACME", "text": "by token"});
    assert_eq!(call(&double, "chat.postMessage", &token, &sent).await.1["ok"], true);
    assert_eq!(send(&hook, &json!({"text": "by webhook"})).await, (200, "ok".to_owned()));
    let elsewhere = json!({"channel": slack_double::CHANNEL, "text": "x"});
    let refused = call(&double, "chat.postMessage", &token, &elsewhere).await.1;
    assert_eq!(refused["error"], "channel_not_found");
    let places: Vec<_> = double.messages().into_iter().map(|kept| kept.channel).collect();
    assert_eq!(places, ["C0ACME", "C0ACME"]);
}

#[tokio::test]
async fn a_code_is_good_once_for_ten_minutes_and_one_page() {
    let (double, clock) = with_acme().await;
    let error = async |code: &str, uri: &str| {
        let sent = [("code", code), ("redirect_uri", uri)];
        access(&double, &sent, true).await["error"].as_str().unwrap_or_default().to_owned()
    };
    let code = allowed(&double);
    assert_eq!(error(&code, "http://127.0.0.1:9/other").await, "bad_redirect_uri");
    assert_eq!(error(&code, BACK).await, "");
    assert_eq!(error(&code, BACK).await, "code_already_used");
    assert_eq!(error("made-up", BACK).await, "invalid_code");
    let (early, late) = (allowed(&double), allowed(&double));
    clock.advance(CODE_VALID.saturating_sub(Duration::from_secs(1)));
    assert_eq!(error(&early, BACK).await, "");
    clock.advance(Duration::from_secs(1));
    assert_eq!(error(&late, BACK).await, "invalid_code");
}

#[tokio::test]
async fn the_app_has_to_say_who_it_is() {
    let (double, _) = with_acme().await;
    let code = allowed(&double);
    for (id, secret, error) in [
        ("other", CLIENT_SECRET, "invalid_client_id"),
        (CLIENT_ID, "other", "bad_client_secret"),
        (CLIENT_ID, CLIENT_SECRET, ""),
    ] {
        let sent =
            [("client_id", id), ("client_secret", secret), ("code", &code), ("redirect_uri", BACK)];
        let answer = access(&double, &sent, false).await;
        assert_eq!(answer["error"].as_str().unwrap_or_default(), error);
    }
}

#[tokio::test]
async fn somebody_allows_or_cancels_on_the_page() {
    let (double, _) = with_acme().await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let http = http.build().expect("a client");
    let shown = http.get(page(&double)).send().await.expect("a page").text().await.expect("text");
    assert!(shown.contains("Acme Corp · #cost-alerts") && shown.contains("chat:write"), "{shown}");
    let chosen = async |body: &'static str| {
        let answer = http.post(page(&double)).body(body).send().await.expect("an answer");
        fields(answer.headers()["location"].to_str().expect("text"))
    };
    let back = chosen("place=T0ACME%2FC0ACME&choice=allow").await;
    let sent = [("code", back["code"].as_str()), ("redirect_uri", BACK)];
    assert_eq!(access(&double, &sent, true).await["team"]["id"], "T0ACME");
    let back = chosen("place=T0ACME%2FC0ACME&choice=cancel").await;
    assert_eq!((back["error"].as_str(), back["state"].as_str()), ("access_denied", "s&t=1"));
    assert_eq!(fields(&double.cancel(&page(&double)).expect("cancelled")), back);
}

#[tokio::test]
async fn a_page_for_another_app_or_with_a_strange_way_back_sends_nobody_on() {
    let double = Double::builder()
        .with(|settings| settings.redirect_uris = vec!["http://127.0.0.1:9/".to_owned()])
        .start()
        .await
        .expect("a double");
    let good = page(&double);
    assert!(double.allow(&good, slack_double::WORKSPACE, slack_double::CHANNEL).is_ok());
    for bad in [
        good.replace(CLIENT_ID, "other"),
        good.replace("127.0.0.1%3A9", "evil.example"),
        good.replace("http%3A", "javascript%3A"),
        good.replace("scope=", "other="),
    ] {
        let answer = double.allow(&bad, slack_double::WORKSPACE, slack_double::CHANNEL);
        assert!(answer.is_err(), "{bad}");
        let page = reqwest::get(&bad).await.expect("an answer");
        assert_eq!(page.status().as_u16(), 400);
    }
    assert!(double.allow(&good, "T9", "C9").is_err());
}
