//! The preview: what it is given, what it may do, and how markup becomes a tree.

use crate::app::{App, ask, card, send};
use serde_json::{Value, json};
use slack_double::{CHANNEL, Double, TOKEN};
use std::process::Command;

async fn get(double: &Double, path: &str) -> reqwest::Response {
    reqwest::get(format!("{}{path}", double.base_url())).await.expect("an answer")
}

async fn state(double: &Double) -> Value {
    let text = get(double, "/preview/state.json").await.text().await.expect("a text");
    serde_json::from_str(&text).expect("JSON")
}

#[tokio::test]
async fn the_page_and_its_files_run_nothing_from_elsewhere() {
    let double = Double::start().await.expect("a double");
    for path in ["", "/style.css", "/page.js", "/message.js", "/mrkdwn.js"] {
        let answer = get(&double, &format!("/preview{path}")).await;
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        let policy = answer.headers()["content-security-policy"].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
        let text = answer.text().await.expect("a text");
        assert!(
            !text.contains("innerHTML") && !text.contains("style=") && !text.contains("://cdn")
        );
    }
    assert_eq!(get(&double, "/preview/secret").await.status().as_u16(), 404);
}

#[tokio::test]
async fn its_state_holds_what_is_shown_and_no_secret() {
    let double = Double::start().await.expect("a double");
    ask(&double, "chat.postMessage", &card(CHANNEL)).await;
    let state = state(&double).await;
    assert_eq!(state["messages"][0]["blocks"][1]["elements"][0]["action_id"], "expected");
    assert_eq!(state["workspaces"][0]["channels"][0]["name"], "cost-alerts");
    let text = state.to_string();
    assert!(!text.contains(TOKEN) && !text.contains("h00kSecret"), "{text}");
    let since = format!("/preview/state.json?since={}", state["version"].as_str().expect("text"));
    assert_eq!(get(&double, &since).await.status().as_u16(), 204);
    double.say("ana", CHANNEL, "hello").expect("said");
    assert_eq!(get(&double, &since).await.status().as_u16(), 200);
}

#[tokio::test]
async fn its_visitor_presses_buttons_and_runs_the_command() {
    let (double, app) = (Double::start().await.expect("a double"), App::start().await);
    double.set_app_url(&app.url);
    let ts = ask(&double, "chat.postMessage", &card(CHANNEL)).await["ts"].clone();
    let click = json!({"user": "U0ANA", "channel": CHANNEL, "ts": ts, "action_id": "expected"});
    let at = |what: &str| format!("{}/preview/{what}", double.base_url());
    assert_eq!(send(&at("click"), &click).await, (200, "\"ok\"".to_owned()));
    for text in ["/dd0c status", "/dd0c", "/dd0cx", "hello"] {
        let words = json!({"user": "U0ANA", "channel": CHANNEL, "text": text});
        assert_eq!(send(&at("message"), &words).await.0, 200);
    }
    let asked: Vec<_> = app.got().into_iter().map(|got| got.path).collect();
    assert_eq!(asked, ["/slack/actions", "/slack/commands", "/slack/commands"]);
    let said: Vec<_> = double.messages().into_iter().map(|kept| kept.text).collect();
    assert_eq!(said, ["a card", "/dd0cx", "hello"]);
    // A form of another page cannot do it.
    let foreign = reqwest::Client::new().post(at("click")).body(click.to_string());
    assert_eq!(foreign.send().await.expect("an answer").status().as_u16(), 415);
}

#[test]
fn markup_becomes_a_tree() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/preview");
    match Command::new("node").args(["--test", "mrkdwn.test.mjs"]).current_dir(folder).output() {
        Err(_) => println!("skipped: markup of the preview (no node)"),
        Ok(run) => assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout)),
    }
}
