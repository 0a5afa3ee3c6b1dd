//! People press buttons and run the command; the app is asked as Slack asks it.

use crate::app::{App, Says, ask, card, send};
use serde_json::{Value, json};
use slack_double::{
    Author, CHANNEL, Clock, Double, Exchange, Kept, Mischief, RESPONSE_URL_VALID, SIGNING_SECRET,
};
use std::time::Duration;

async fn both() -> (Double, App, Clock) {
    let (app, clock) = (App::start().await, Clock::at(1_780_887_780));
    let double = Double::builder().app_url(&app.url).clock(clock.clone()).start().await;
    (double.expect("a double"), app, clock)
}

async fn posted_card(double: &Double) -> String {
    let answer = ask(double, "chat.postMessage", &card(CHANNEL)).await;
    answer["ts"].as_str().expect("a ts").to_owned()
}

async fn command(double: &Double, text: &str) -> Exchange {
    double.command("ana", CHANNEL, text).await.expect("possible")
}

fn last(double: &Double) -> Kept {
    double.messages().pop().expect("a message")
}

#[tokio::test]
async fn a_pressed_button_is_sent_with_who_where_and_what() {
    let (double, app, clock) = both().await;
    let ts = posted_card(&double).await;
    clock.advance(Duration::from_mins(1));
    let exchange = double.click("bo", CHANNEL, &ts, "expected").await.expect("possible");
    assert_eq!((exchange.outcome, exchange.status), ("ok", Some(200)));
    let [got] = &app.got()[..] else { panic!("one request") };
    assert_eq!(got.path, "/slack/actions");
    assert!(got.is_signed(SIGNING_SECRET));
    let payload = got.payload();
    assert_eq!(payload["type"], "block_actions");
    assert_eq!(
        payload["user"],
        json!({"id": "U0BO", "username": "bo", "name": "bo", "team_id": "T0DOUBLE"})
    );
    assert_eq!(
        (&payload["team"]["id"], &payload["api_app_id"]),
        (&json!("T0DOUBLE"), &json!("A0DD0C"))
    );
    assert_eq!(payload["channel"], json!({"id": CHANNEL, "name": "cost-alerts"}));
    assert_eq!(payload["container"]["message_ts"], json!(ts));
    assert_eq!(payload["message"]["blocks"][1]["elements"][0]["value"], "01ABC");
    let trigger = payload["trigger_id"].as_str().unwrap_or_default();
    assert!(!trigger.is_empty());
    assert_eq!(
        payload["actions"],
        json!([{
            "type": "button", "action_id": "expected", "block_id": "answers", "value": "01ABC",
            "style": "primary", "text": {"type": "plain_text", "text": "Expected"},
            "action_ts": "1780887840.000000",
        }])
    );
}

#[tokio::test]
async fn a_command_is_sent_as_a_form_and_its_answer_shown_to_who_ran_it() {
    let (double, app, _) = both().await;
    app.says(Says::Json(json!({"text": "2 open", "response_type": "ephemeral"})));
    command(&double, "anomalies --open").await;
    let form = app.got()[0].form();
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    for (name, value) in [
        ("team_id", "T0DOUBLE"),
        ("team_domain", "double"),
        ("channel_id", CHANNEL),
        ("channel_name", "cost-alerts"),
        ("user_id", "U0ANA"),
        ("user_name", "ana"),
        ("command", "/dd0c"),
        ("text", "anomalies --open"),
        ("api_app_id", "A0DD0C"),
    ] {
        assert_eq!(field(name), value, "{name}");
    }
    assert!(field("response_url").starts_with(&double.base_url()));
    assert!(!field("trigger_id").is_empty() && !field("token").is_empty());
    assert_eq!(app.got()[0].path, "/slack/commands");
    let shown = last(&double);
    assert_eq!((shown.text.as_str(), shown.author), ("2 open", Author::App));
    assert_eq!(shown.ephemeral_to.as_deref(), Some("U0ANA"));
    app.says(Says::Text("as text"));
    command(&double, "help").await;
    assert_eq!(last(&double).text, "as text");
    app.says(Says::Json(json!({"text": "to all", "response_type": "in_channel"})));
    command(&double, "status").await;
    assert_eq!((last(&double).text.as_str(), last(&double).ephemeral_to), ("to all", None));
    // Nothing, and an acknowledgement that says nothing, show nothing.
    app.says(Says::Json(json!({})));
    command(&double, "status").await;
    command(&double, "status").await;
    assert_eq!(double.messages().len(), 3);
}

#[tokio::test]
async fn an_answer_that_slack_would_not_show_is_told() {
    let (double, app, _) = both().await;
    app.says(Says::Json(json!({"text": "x", "blocks": [{"type": "header"}]})));
    command(&double, "status").await;
    assert!(last(&double).text.contains("invalid_command_response"));
    assert_eq!(double.record().refused[0].error, "invalid_blocks");
}

#[tokio::test]
async fn who_does_not_answer_in_time_is_told_on() {
    let (double, app, _) = both().await;
    let ts = posted_card(&double).await;
    double.set_time_limit(Duration::from_millis(50));
    app.says(Says::Silence);
    assert_eq!(command(&double, "status").await.outcome, "operation_timeout");
    let told = last(&double);
    assert_eq!(told.text, "/dd0c failed with the error \"operation_timeout\"");
    assert_eq!((told.ephemeral_to.as_deref(), told.author), (Some("U0ANA"), Author::Slackbot));
    app.says(Says::Silence);
    let pressed = double.click("bo", CHANNEL, &ts, "snooze").await.expect("possible");
    assert_eq!((pressed.outcome, pressed.status), ("operation_timeout", None));
    assert_eq!(last(&double).ephemeral_to.as_deref(), Some("U0BO"));
    double.set_time_limit(Duration::from_secs(3));
    for (status, outcome) in [(500, "http_service_error"), (401, "http_client_error")] {
        app.says(Says::Status(status));
        assert_eq!(command(&double, "status").await.outcome, outcome);
    }
    drop(app);
    tokio::task::yield_now().await;
    assert_eq!(command(&double, "status").await.outcome, "dispatch_failed");
    assert_eq!(double.exchanges().len(), 5);
}

#[tokio::test]
async fn the_time_limit_is_three_seconds() {
    let settings = slack_double::Settings::default();
    assert_eq!(settings.time_limit, Duration::from_secs(3));
}

#[tokio::test]
async fn what_is_not_there_cannot_be_pressed() {
    let (double, app, _) = both().await;
    let ts = posted_card(&double).await;
    for (user, channel, ts, action) in [
        ("eve", CHANNEL, ts.as_str(), "expected"),
        ("ana", "C9", ts.as_str(), "expected"),
        ("ana", CHANNEL, "1.0", "expected"),
        ("ana", CHANNEL, ts.as_str(), "no such"),
    ] {
        assert!(double.click(user, channel, ts, action).await.is_err());
    }
    assert!(double.command("eve", CHANNEL, "status").await.is_err());
    assert_eq!(app.got(), []);
}

#[tokio::test]
async fn a_request_can_be_forged_late_cut_repeated_or_replayed() {
    let (double, app, _) = both().await;
    for mischief in [
        Mischief::Forged,
        Mischief::Unsigned,
        Mischief::Late(301),
        Mischief::Late(-301),
        Mischief::Truncated,
        Mischief::CutOnTheWay,
        Mischief::Twice,
    ] {
        double.misbehave_next(mischief);
        command(&double, "status").await;
    }
    let got = app.got();
    let signed: Vec<_> = got.iter().map(|got| got.is_signed(SIGNING_SECRET)).collect();
    assert_eq!(signed, [false, false, true, true, true, false, true, true]);
    let now = 1_780_887_780_u64;
    let stamp = |nth: usize| got[nth].header("x-slack-request-timestamp").to_owned();
    assert_eq!((stamp(2), stamp(3)), ((now - 301).to_string(), (now + 301).to_string()));
    assert_eq!(got[1].header("x-slack-signature"), "");
    assert!(got[4].body.len() < got[0].body.len() && got[5].body.len() < got[0].body.len());
    assert_eq!(got[6], got[7]);
    double.replay().await.expect("something to repeat");
    assert_eq!(app.got()[8], got[7]);
}

/// The address that the last request gave.
fn response_url(app: &App) -> String {
    let got = app.got().pop().expect("a request");
    if got.path == "/slack/actions" {
        got.payload()["response_url"].as_str().expect("an address").to_owned()
    } else {
        got.form()["response_url"].clone()
    }
}

#[tokio::test]
async fn a_response_url_is_good_five_times() {
    let (double, app, _) = both().await;
    command(&double, "status").await;
    let url = response_url(&app);
    for _ in 0..5 {
        // What is not taken does not count.
        assert_eq!(send(&url, &json!({"text": ""})).await.0, 400);
        assert_eq!(send(&url, &json!({"text": "x"})).await.0, 200);
    }
    let (status, answer) = send(&url, &json!({"text": "x"})).await;
    assert_eq!((status, answer.contains("used_url")), (404, true), "{answer}");
    assert_eq!(double.messages().len(), 5);
}

#[tokio::test]
async fn a_response_url_is_good_for_half_an_hour() {
    let (double, app, clock) = both().await;
    command(&double, "status").await;
    let url = response_url(&app);
    clock.advance(RESPONSE_URL_VALID.saturating_sub(Duration::from_secs(1)));
    assert_eq!(send(&url, &json!({"text": "x"})).await.0, 200);
    clock.advance(Duration::from_secs(1));
    let (status, answer) = send(&url, &json!({"text": "x"})).await;
    assert_eq!((status, answer.contains("expired_url")), (404, true), "{answer}");
    let other = url.replace("/response/", "/response/x");
    assert_eq!(send(&other, &json!({"text": "x"})).await.0, 404);
}

#[tokio::test]
async fn an_answer_replaces_deletes_or_stands_beside_the_original() {
    let (double, app, _) = both().await;
    let ts = posted_card(&double).await;
    double.click("ana", CHANNEL, &ts, "expected").await.expect("possible");
    let url = response_url(&app);
    let take = async |sent: Value| assert_eq!(send(&url, &sent).await.0, 200, "{sent}");
    take(json!({"text": "only you"})).await;
    assert_eq!(last(&double).ephemeral_to.as_deref(), Some("U0ANA"));
    take(json!({"text": "in the thread", "response_type": "in_channel", "thread_ts": ts})).await;
    assert_eq!(last(&double).thread_ts, Some(ts.clone()));
    let divider = json!([{"type": "divider"}]);
    take(json!({"blocks": divider, "replace_original": "true"})).await;
    let original = double.messages().remove(0);
    assert_eq!((original.updates, original.blocks), (1, divider));
    assert_eq!(double.record().updated[0]["ts"], json!(ts));
    let wrong = json!({"text": "x", "blocks": [{"type": "header"}]});
    assert_eq!(send(&url, &wrong).await.0, 400);
    take(json!({"delete_original": true})).await;
    assert!(double.messages().iter().all(|kept| kept.ts != ts));
}
