//! Events are signed, and tried again until they are taken.

use crate::app::{App, Says, call};
use serde_json::json;
use slack_double::{Clock, Double, SIGNING_SECRET, TOKEN, WORKSPACE};
use std::collections::HashSet;
use std::time::Duration;

async fn both() -> (Double, App) {
    let app = App::start().await;
    let double = Double::builder()
        .app_url(&app.url)
        .clock(Clock::at(1_780_887_780))
        .time_limit(Duration::from_secs(1))
        .with(|settings| settings.retry_waits = vec![Duration::ZERO; 3])
        .start()
        .await;
    (double.expect("a double"), app)
}

#[tokio::test]
async fn an_event_comes_in_an_envelope() {
    let (double, app) = both().await;
    let tries = double.event(WORKSPACE, &json!({"type": "app_uninstalled"})).await;
    assert_eq!(tries.expect("possible").len(), 1);
    let [got] = &app.got()[..] else { panic!("one request") };
    assert_eq!(
        (got.path.as_str(), got.header("content-type")),
        ("/slack/events", "application/json")
    );
    assert!(got.is_signed(SIGNING_SECRET) && got.header("x-slack-retry-num").is_empty());
    let envelope = got.json();
    assert_eq!(envelope["type"], "event_callback");
    assert_eq!(
        (&envelope["team_id"], &envelope["api_app_id"]),
        (&json!(WORKSPACE), &json!("A0DD0C"))
    );
    assert_eq!(
        (&envelope["event"]["type"], &envelope["event_time"]),
        (&json!("app_uninstalled"), &json!(1_780_887_780))
    );
    assert!(envelope["event_id"].as_str().is_some_and(|id| id.starts_with("Ev")));
}

#[tokio::test]
async fn what_is_not_taken_comes_three_times_more_with_the_same_id() {
    let (double, app) = both().await;
    for says in [Says::Silence, Says::Status(500), Says::Status(302), Says::Status(503)] {
        app.says(says);
    }
    let event = json!({"type": "tokens_revoked"});
    let tries = double.event(WORKSPACE, &event).await.expect("possible");
    assert_eq!(tries.len(), 4);
    let got = app.got();
    let retries: Vec<_> = got
        .iter()
        .map(|got| (got.header("x-slack-retry-num"), got.header("x-slack-retry-reason")))
        .collect();
    assert_eq!(
        retries,
        [("", ""), ("1", "http_timeout"), ("2", "http_error"), ("3", "http_error")]
    );
    let ids: HashSet<_> = got.iter().map(|got| got.json()["event_id"].to_string()).collect();
    assert_eq!(ids.len(), 1);
    assert!(got.iter().all(|got| got.is_signed(SIGNING_SECRET)));
    app.says(Says::Status(500));
    assert_eq!(double.event(WORKSPACE, &event).await.expect("possible").len(), 2);
    let other = app.got().pop().expect("a request").json()["event_id"].to_string();
    assert!(!ids.contains(&other));
}

#[tokio::test]
async fn an_app_can_ask_not_to_be_tried_again() {
    let (double, app) = both().await;
    app.says(Says::DoNotRetry);
    let tries = double.event(WORKSPACE, &json!({"type": "x"})).await.expect("possible");
    assert_eq!((tries.len(), tries[0].status), (1, Some(500)));
}

#[tokio::test]
async fn the_app_gives_back_the_word_that_it_is_asked_for() {
    let (double, app) = both().await;
    app.says(Says::Challenge);
    assert!(double.verify_url().await.is_ok());
    assert_eq!(app.got()[0].json()["type"], "url_verification");
    app.says(Says::Text("something else"));
    assert_eq!(double.verify_url().await.outcome, "challenge_failed");
}

#[tokio::test]
async fn an_admin_takes_the_app_or_its_tokens_away() {
    let (double, app) = both().await;
    double.revoke_tokens(WORKSPACE).await.expect("possible");
    let sent = json!({"channel": slack_double::CHANNEL, "text": "x"});
    let error =
        async |token| call(&double, "chat.postMessage", token, &sent).await.1["error"].clone();
    assert_eq!(error(TOKEN).await, "token_revoked");
    assert_eq!(error(TOKEN).await, "invalid_auth");
    let again = double.install(WORKSPACE, slack_double::CHANNEL).expect("installed");
    double.uninstall(WORKSPACE).await.expect("possible");
    assert_eq!(error(&again.token).await, "account_inactive");
    let told: Vec<_> = app.got().iter().map(|got| got.json()["event"]["type"].clone()).collect();
    assert_eq!(told, ["tokens_revoked", "tokens_revoked", "app_uninstalled"]);
    assert!(double.uninstall("T9").await.is_err());
}
