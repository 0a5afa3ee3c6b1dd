//! The Web API answers as Slack does.

use crate::app::{App, ask, call, card, send};
use serde_json::{Value, json};
use slack_double::{CHANNEL, Channel, Clock, Double, Fault, SIGNING_SECRET, TOKEN, WORKSPACE};
use std::time::Duration;

async fn posted(double: &Double, sent: &Value) -> String {
    let answer = ask(double, "chat.postMessage", sent).await;
    assert_eq!(answer["ok"], true, "{answer}");
    answer["ts"].as_str().expect("a ts").to_owned()
}

fn words(text: &str) -> Value {
    json!({"channel": CHANNEL, "text": text})
}

#[tokio::test]
async fn a_posted_message_comes_back_as_slack_shows_it() {
    let double = Double::start().await.expect("a double");
    let answer = ask(&double, "chat.postMessage", &card(CHANNEL)).await;
    assert_eq!((&answer["ok"], &answer["channel"]), (&json!(true), &json!(CHANNEL)));
    assert_eq!(answer["message"]["ts"], answer["ts"]);
    assert_eq!(answer["message"]["bot_id"], "B0DD0C");
    assert_eq!(answer["message"]["blocks"][1]["block_id"], "answers");
    let [kept] = &double.messages()[..] else { panic!("one message") };
    assert_eq!((kept.workspace.as_str(), kept.channel.as_str()), (WORKSPACE, CHANNEL));
    assert_eq!(double.record().posted[0]["ts"], answer["ts"]);
}

#[tokio::test]
async fn threads_and_changes_need_a_message() {
    let double = Double::start().await.expect("a double");
    let ts = posted(&double, &words("a card")).await;
    let reply =
        posted(&double, &json!({"channel": CHANNEL, "text": "a reply", "thread_ts": ts})).await;
    for (thread, error) in
        [("1.0", "thread_not_found"), (reply.as_str(), "cannot_reply_to_message")]
    {
        let sent = json!({"channel": CHANNEL, "text": "x", "thread_ts": thread});
        assert_eq!(ask(&double, "chat.postMessage", &sent).await["error"], error);
    }
    let change = |ts: &str| json!({"channel": CHANNEL, "ts": ts, "text": "louder"});
    let changed = ask(&double, "chat.update", &change(&ts)).await;
    assert_eq!((&changed["ok"], &changed["ts"]), (&json!(true), &json!(ts)));
    assert_eq!((double.messages()[0].text.as_str(), double.messages()[0].updates), ("louder", 1));
    assert_eq!(ask(&double, "chat.update", &change("1.0")).await["error"], "message_not_found");
    let of_ana = double.say("ana", CHANNEL, "who was that?").expect("said");
    assert_eq!(ask(&double, "chat.update", &change(&of_ana)).await["error"], "cant_update_message");
}

#[tokio::test]
async fn a_channel_can_be_unknown_archived_or_without_the_bot() {
    let double = Double::start().await.expect("a double");
    let archived = Channel { archived: true, ..Channel::new("C0OLD", "old") };
    double.set_channel(WORKSPACE, archived).expect("a channel");
    for (channel, error) in [
        ("C0OTHER", "channel_not_found"),
        ("C0OLD", "is_archived"),
        ("C0GENERAL", "not_in_channel"),
        ("", "channel_not_found"),
    ] {
        let sent = json!({"channel": channel, "text": "x"});
        assert_eq!(ask(&double, "chat.postMessage", &sent).await["error"], error);
    }
    assert_eq!(double.record().refused.len(), 4);
    assert_eq!(double.messages(), []);
}

#[tokio::test]
async fn an_ephemeral_message_is_for_one_person_and_cannot_be_changed() {
    let double = Double::start().await.expect("a double");
    let sent = json!({"channel": CHANNEL, "text": "psst", "user": "U0ANA"});
    let answer = ask(&double, "chat.postEphemeral", &sent).await;
    assert_eq!(double.messages()[0].ephemeral_to.as_deref(), Some("U0ANA"));
    let change = json!({"channel": CHANNEL, "ts": answer["message_ts"], "text": "x"});
    assert_eq!(ask(&double, "chat.update", &change).await["error"], "message_not_found");
    let stranger = json!({"channel": CHANNEL, "text": "psst", "user": "U9"});
    assert_eq!(ask(&double, "chat.postEphemeral", &stranger).await["error"], "user_not_in_channel");
}

#[tokio::test]
async fn a_permalink_leads_to_the_message_in_the_preview() {
    let double = Double::start().await.expect("a double");
    let ts = posted(&double, &words("a card")).await;
    let url = format!("{}chat.getPermalink?channel={CHANNEL}&message_ts={ts}", double.api_url());
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let http = http.build().expect("a client");
    let answer = http.get(url).bearer_auth(TOKEN).send().await.expect("an answer");
    let answer: Value = serde_json::from_str(&answer.text().await.expect("a text")).expect("JSON");
    let link = answer["permalink"].as_str().expect("a link");
    let digits = ts.replace('.', "");
    assert_eq!(link, format!("{}/archives/{CHANNEL}/p{digits}", double.base_url()));
    let led = http.get(link).send().await.expect("an answer");
    assert_eq!(led.headers()["location"], format!("/preview#{CHANNEL}/{ts}").as_str());
    let unknown = json!({"channel": CHANNEL, "message_ts": "1.0"});
    assert_eq!(ask(&double, "chat.getPermalink", &unknown).await["error"], "message_not_found");
}

#[tokio::test]
async fn a_token_says_whose_it_is_until_it_is_taken_back() {
    let double = Double::start().await.expect("a double");
    let known = ask(&double, "auth.test", &json!({})).await;
    assert_eq!((&known["team_id"], &known["user_id"]), (&json!(WORKSPACE), &json!("U0BOT")));
    assert_eq!(ask(&double, "auth.revoke", &json!({"test": true})).await["revoked"], false);
    assert_eq!(ask(&double, "auth.revoke", &json!({})).await["revoked"], true);
    for error in ["token_revoked", "invalid_auth", "invalid_auth"] {
        assert_eq!(ask(&double, "chat.postMessage", &words("x")).await["error"], error);
    }
    assert_eq!(call(&double, "auth.test", "", &json!({})).await.1["error"], "not_authed");
    assert_eq!(call(&double, "auth.test", "x", &json!({})).await.1["error"], "invalid_auth");
}

#[tokio::test]
async fn an_uninstalled_app_is_told_and_its_token_dies() {
    let (double, app) = (Double::start().await.expect("a double"), App::start().await);
    double.set_app_url(&app.url);
    let sent = json!({"client_id": slack_double::CLIENT_ID, "client_secret": "wrong"});
    assert_eq!(ask(&double, "apps.uninstall", &sent).await["error"], "bad_client_secret");
    let sent = json!({
        "client_id": slack_double::CLIENT_ID, "client_secret": slack_double::CLIENT_SECRET,
    });
    assert_eq!(ask(&double, "apps.uninstall", &sent).await["ok"], true);
    for error in ["account_inactive", "invalid_auth"] {
        assert_eq!(ask(&double, "chat.postMessage", &words("x")).await["error"], error);
    }
    assert_eq!(
        send(&double.webhook_url(), &json!({"text": "x"})).await,
        (404, "no_service".into())
    );
    while double.exchanges().len() < 2 {
        tokio::task::yield_now().await;
    }
    let told: Vec<_> = app.got().iter().map(|got| got.json()["event"]["type"].clone()).collect();
    assert_eq!(told, ["tokens_revoked", "app_uninstalled"]);
    assert!(app.got().iter().all(|got| got.is_signed(SIGNING_SECRET)));
}

#[tokio::test]
async fn one_message_a_second_and_channel_where_that_is_switched_on() {
    let clock = Clock::at(1_780_887_780);
    let double = Double::builder().clock(clock.clone()).start().await.expect("a double");
    double.set_channel(WORKSPACE, Channel::new("C0OTHER", "other")).expect("a channel");
    posted(&double, &words("one")).await;
    posted(&double, &words("two")).await;
    double.enforce_rate(true);
    let busy = call(&double, "chat.postMessage", TOKEN, &words("three")).await;
    assert_eq!(busy, (429, json!({"ok": false, "error": "ratelimited"})));
    posted(&double, &json!({"channel": "C0OTHER", "text": "elsewhere"})).await;
    clock.advance(Duration::from_secs(1));
    posted(&double, &words("three")).await;
}

#[tokio::test]
async fn a_lost_answer_is_obeyed_and_a_storm_ends() {
    let double = Double::start().await.expect("a double");
    double.fail_next(Fault::Lost);
    let (lost, kept) = (words("unheard"), async {
        while double.messages().is_empty() {
            tokio::task::yield_now().await;
        }
    });
    tokio::select! {
        answer = ask(&double, "chat.postMessage", &lost) => panic!("{answer}"),
        () = kept => assert_eq!(double.messages()[0].text, "unheard"),
    }
    double.storm(2, 7);
    for _ in 0..2 {
        assert_eq!(call(&double, "chat.postMessage", TOKEN, &words("x")).await.0, 429);
    }
    posted(&double, &words("x")).await;
    assert_eq!(double.calls(), 4);
}

#[tokio::test]
async fn a_form_is_taken_as_json_is() {
    let double = Double::start().await.expect("a double");
    let blocks = json!([{"type": "divider"}]).to_string();
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("token", TOKEN), ("channel", CHANNEL), ("text", "x"), ("blocks", &blocks)])
        .finish();
    let request = reqwest::Client::new().post(format!("{}chat.postMessage", double.api_url()));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request.body(body).send().await.expect("an answer");
    assert_eq!(double.messages()[0].blocks, json!([{"type": "divider"}]));
}

#[tokio::test]
async fn nothing_that_is_sent_ends_it() {
    let double = Double::start().await.expect("a double");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [&[u8]; 9] = [
        b"", b"null", b"[]", b"{", b"\xff\xfe", b"payload=%ff%00{", deep.as_bytes(),
        br#"{"channel": {}, "text": [], "blocks": {"type": 1}, "ts": 7, "thread_ts": {}}"#,
        br#"{"channel": "C0DOUBLE", "text": "x", "blocks": [1, null, {"type": "actions", "elements": {"a": 1}}]}"#,
    ];
    let base = double.base_url();
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let http = http.build().expect("a client");
    for path in [
        "/api/chat.postMessage",
        "/api/chat.update",
        "/api/oauth.v2.access",
        "/api/no.such",
        "/api/%ff",
        "/services/T0DOUBLE/B0DOUBLE/h00kSecret",
        "/response/a/b/c",
        "/oauth/v2/authorize?client_id=%ff&redirect_uri=%0d%0a",
        "/preview/click",
        "/preview/message",
        "/archives/a/pü",
        "/archives/C/p1",
    ] {
        for body in bodies {
            for kind in ["application/json", "application/x-www-form-urlencoded", "text/plain"] {
                let request = http.post(format!("{base}{path}")).header("content-type", kind);
                let answer = request.bearer_auth(TOKEN).body(body.to_vec()).send().await;
                assert!(answer.expect("an answer").status().as_u16() != 500, "{path}");
            }
        }
        http.get(format!("{base}{path}")).send().await.expect("an answer");
    }
    double.forget();
    posted(&double, &words("still there")).await;
}
