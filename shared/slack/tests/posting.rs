//! Posting to a double of Slack: what arrives, and what becomes of failures.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod cards;

use cards::{Told, story};
use domain::card::{Card, Note};
use slack::blocks::Message;
use slack::client::{API_URL, Credential, Posted, Slack, SlackConfig, Updated};
use slack::error::SlackError;
use slack_double::{CHANNEL, Double, Fault, TOKEN};
use std::collections::HashMap;
use std::time::Duration;

fn by_token(double: &Double, token: &str, channel: &str) -> Slack {
    let credential = Credential::Token { token: token.into(), channel: channel.to_owned() };
    Slack::new(SlackConfig { api_url: double.api_url(), credential }).expect("a connection")
}

fn by_webhook(double: &Double) -> Slack {
    let credential = Credential::Webhook { url: double.webhook_url().into() };
    Slack::new(SlackConfig { api_url: API_URL.to_owned(), credential }).expect("a connection")
}

async fn connected() -> (Double, Slack) {
    let double = Double::start().await.expect("a double");
    let slack = by_token(&double, TOKEN, CHANNEL);
    (double, slack)
}

fn line(text: &str) -> Message {
    Message::note(&Note::new(text))
}

#[tokio::test]
async fn the_story_stands_in_the_channel_as_cards_with_threads_and_ends() {
    let (double, slack) = connected().await;
    let mut cards: HashMap<String, (Card, Posted)> = HashMap::new();
    for told in story() {
        match told {
            Told::Alert(card) => {
                let at = slack.post(&Message::alert(&card)).await.expect("posted");
                cards.insert(card.anomaly.clone(), (*card, at));
            }
            Told::Folded(later, folded) => {
                let (card, at) = cards.get_mut(&folded.anomaly).expect("its card");
                (card.severity, card.together) = (later.severity, later.together);
                let updated = slack.update(at, &Message::alert(card)).await;
                assert_eq!(updated, Ok(Updated::InPlace));
                slack.reply(at, &Message::folded(&folded)).await.expect("answered");
            }
            Told::Resolved(end) => {
                let (card, at) = &cards[&end.anomaly];
                let card = Card { end: Some(end), ..card.clone() };
                let updated = slack.update(at, &Message::alert(&card)).await;
                assert_eq!(updated, Ok(Updated::InPlace));
            }
        }
    }
    let stand: Vec<_> = double
        .messages()
        .iter()
        .map(|kept| (kept.thread_ts.is_some(), kept.updates, kept.text.starts_with("RESOLVED")))
        .collect();
    assert_eq!(stand, [(false, 1, true), (false, 3, true), (true, 0, false), (true, 0, false)]);
}

#[tokio::test]
async fn a_webhook_posts_each_message_on_its_own() {
    let double = Double::start().await.expect("a double");
    let slack = by_webhook(&double);
    let at = slack.post(&line("one")).await.expect("posted");
    assert!(!at.is_known());
    assert_eq!(slack.update(&at, &line("two")).await, Ok(Updated::Anew(Posted::default())));
    assert_eq!(slack.reply(&at, &line("three")).await, Ok(Posted::default()));
    let texts: Vec<_> = double.messages().into_iter().map(|kept| kept.text).collect();
    assert_eq!(texts, ["one", "two", "three"]);
}

#[tokio::test]
async fn one_connection_serves_many_workspaces() {
    let (double, slack) = connected().await;
    slack.post(&line("by token")).await.expect("posted");
    let webhook = Credential::Webhook { url: double.webhook_url().into() };
    let other = slack.with(webhook).expect("a connection");
    other.post(&line("by webhook")).await.expect("posted");
    let stranger = Credential::Token { token: "xoxb-other".into(), channel: CHANNEL.to_owned() };
    let refused = slack.with(stranger).expect("a connection").post(&line("a")).await;
    assert!(matches!(refused, Err(SlackError::Gone(_))), "{refused:?}");
    let texts: Vec<_> = double.messages().into_iter().map(|kept| kept.text).collect();
    assert_eq!(texts, ["by token", "by webhook"]);
}

#[tokio::test]
async fn a_message_that_is_gone_is_posted_anew_and_said_to_be() {
    let (double, slack) = connected().await;
    let at = slack.post(&line("a card")).await.expect("posted");
    double.forget_messages();
    let Ok(Updated::Anew(anew)) = slack.update(&at, &line("a card, louder")).await else {
        panic!("not posted anew");
    };
    assert_ne!(anew, at);
    assert_eq!(slack.reply(&at, &line("an answer")).await.map(|at| at.is_known()), Ok(true));
    let stand: Vec<_> =
        double.messages().into_iter().map(|kept| (kept.text, kept.thread_ts)).collect();
    assert_eq!(stand, [("a card, louder".to_owned(), None), ("an answer".to_owned(), None)]);
    for error in ["cant_update_message", "edit_window_closed"] {
        double.fail_next(Fault::Error(error.to_owned()));
        let updated = slack.update(&anew, &line("again")).await;
        assert!(matches!(updated, Ok(Updated::Anew(_))), "{error}: {updated:?}");
    }
}

#[tokio::test]
async fn a_429_is_answered_with_the_seconds_of_its_header() {
    let (double, slack) = connected().await;
    for (header, seconds) in [(Some("7"), 7), (Some("99999"), 900), (Some("soon"), 30), (None, 30)]
    {
        double.fail_next(Fault::RateLimited(header.map(str::to_owned)));
        let after = Duration::from_secs(seconds);
        assert_eq!(slack.post(&line("a")).await, Err(SlackError::RateLimited { after }));
    }
    double.fail_next(Fault::Error("ratelimited".to_owned()));
    let after = Duration::from_secs(30);
    assert_eq!(slack.post(&line("a")).await, Err(SlackError::RateLimited { after }));
    assert_eq!(double.messages(), []);
    assert_eq!(double.calls(), 5, "nothing is tried twice");
}

#[tokio::test]
async fn faults_of_slack_and_of_the_line_are_worth_another_try() {
    let (double, slack) = connected().await;
    let slack = slack.answering_within(Duration::from_secs(3));
    for fault in [
        Fault::Status(500, "oops".to_owned()),
        Fault::Status(503, String::new()),
        Fault::Status(200, "<html>".to_owned()),
        Fault::Error("internal_error".to_owned()),
        Fault::Error("request_timeout".to_owned()),
        Fault::Endless(10_000_000),
        Fault::Silence,
    ] {
        double.fail_next(fault.clone());
        let posted = slack.post(&line("a")).await;
        assert!(matches!(posted, Err(SlackError::Busy(_))), "{fault:?}: {posted:?}");
    }
    slack.post(&line("a")).await.expect("posted after all");
    drop(double);
    let posted = slack.post(&line("a")).await;
    assert!(matches!(posted, Err(SlackError::Unreachable(_))), "{posted:?}");
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let (double, slack) = connected().await;
    let refusal = async |slack: &Slack| match slack.post(&line("a")).await {
        Err(SlackError::Refused(text) | SlackError::Gone(text)) => text,
        other => panic!("{other:?}"),
    };
    assert!(
        refusal(&by_token(&double, "xoxb-old", CHANNEL)).await.contains("install the app again")
    );
    assert!(
        refusal(&by_token(&double, TOKEN, "C0OTHER")).await.contains("choose the channel again")
    );
    double.fail_next(Fault::Error("is_archived".to_owned()));
    assert!(refusal(&slack).await.contains("choose another"));
    double.fail_next(Fault::Status(404, "no_service".to_owned()));
    assert!(refusal(&by_webhook(&double)).await.contains("make a new one"));
    double.fail_next(Fault::Status(403, "<html>a proxy of ours</html>".to_owned()));
    assert!(refusal(&by_webhook(&double)).await.contains("403"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (double, slack) = connected().await;
    double.fail_next(Fault::Redirect(double.webhook_url()));
    assert!(matches!(slack.post(&line("a")).await, Err(SlackError::Refused(_))));
    assert_eq!((double.messages().len(), double.calls()), (0, 1));
}

#[tokio::test]
async fn secrets_are_in_no_debug_and_in_no_error() {
    let double = Double::start().await.expect("a double");
    let secrets = [TOKEN, "h00kSecret"];
    let mut said = Vec::new();
    for slack in [by_token(&double, TOKEN, CHANNEL), by_webhook(&double)] {
        said.push(format!("{slack:?}"));
        for fault in [
            Fault::Status(500, double.webhook_url()),
            Fault::Status(404, double.webhook_url()),
            Fault::Error(format!("bad token {TOKEN}")),
            Fault::Redirect(double.webhook_url()),
            Fault::Silence,
        ] {
            double.fail_next(fault);
            let message = line("a");
            let limited = slack.post(&message);
            said.push(match tokio::time::timeout(Duration::from_millis(100), limited).await {
                Ok(posted) => format!("{posted:?}"),
                Err(_) => "silence".to_owned(),
            });
        }
    }
    let gone = by_webhook(&double).answering_within(Duration::from_secs(1));
    drop(double);
    tokio::task::yield_now().await;
    said.push(format!("{:?}", gone.post(&line("a")).await));
    let credential = Credential::Webhook { url: "https://me:h00kSecret@example.com/".into() };
    said.push(format!("{:?}", Slack::new(SlackConfig { api_url: API_URL.to_owned(), credential })));
    for secret in secrets {
        assert!(!said.iter().any(|said| said.contains(secret)), "{said:#?}");
    }
}

#[test]
fn secrets_go_only_where_nobody_can_read_along() {
    let config = |api_url: &str, webhook: Option<&str>| SlackConfig {
        api_url: api_url.to_owned(),
        credential: webhook.map_or_else(
            || Credential::Token { token: TOKEN.into(), channel: CHANNEL.to_owned() },
            |url| Credential::Webhook { url: url.into() },
        ),
    };
    let takes = |api_url, webhook| Slack::new(config(api_url, webhook)).is_ok();
    assert!(takes(API_URL, None));
    assert!(takes(API_URL, Some("https://hooks.slack.com/services/T/B/x")));
    for local in ["http://127.0.0.1:9/api", "http://[::1]:9/", "http://localhost:9/"] {
        assert!(takes(local, None), "{local}");
    }
    for open in ["http://slack.com/api/", "http://127.0.0.1.example.com/", "ftp://localhost/", "x"]
    {
        assert!(!takes(open, None), "{open}");
        assert!(!takes(API_URL, Some(open)), "{open}");
    }
}

#[tokio::test]
async fn a_message_has_an_address_and_a_token_its_workspace() {
    let (double, slack) = connected().await;
    let at = slack.post(&line("a card")).await.expect("posted");
    let address = slack.permalink(&at).await.expect("an address");
    assert!(address.contains(&format!("/archives/{CHANNEL}/p")), "{address}");
    assert_eq!(slack.auth_test().await.as_deref(), Ok(slack_double::WORKSPACE));
    let old = by_token(&double, "xoxb-old", CHANNEL);
    assert!(matches!(old.auth_test().await, Err(SlackError::Gone(_))));
    assert!(matches!(old.permalink(&at).await, Err(SlackError::Gone(_))));
    assert!(by_webhook(&double).permalink(&at).await.is_err());
}

#[tokio::test]
async fn a_token_that_is_given_back_opens_nothing_more() {
    let (double, slack) = connected().await;
    slack.auth_revoke().await.expect("given back");
    let refused = slack.post(&line("after")).await;
    assert!(matches!(refused, Err(SlackError::Gone(_))), "{refused:?}");
    assert_eq!(slack.auth_revoke().await, Ok(()), "it is gone already");
    assert!(double.messages().is_empty());
}

#[tokio::test]
async fn a_token_that_could_not_be_given_back_is_told_to_still_open() {
    let (double, slack) = connected().await;
    for fault in [
        Fault::RateLimited(Some("7".to_owned())),
        Fault::Status(500, "oops".to_owned()),
        Fault::Error("fatal_error".to_owned()),
    ] {
        double.fail_next(fault.clone());
        let failed = slack.auth_revoke().await;
        let passes = matches!(failed, Err(SlackError::Busy(_) | SlackError::RateLimited { .. }));
        assert!(passes, "{failed:?}");
    }
    slack.post(&line("still")).await.expect("it opens");
    let webhook = by_webhook(&double).auth_revoke().await;
    assert!(webhook.is_err(), "{webhook:?}");
}
