//! What messages say, and that Slack takes them whatever stands in them.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod cards;

use cards::{Told, story};
use domain::answer::{Answer, Answered};
use domain::card::{Card, Cost, Note, NoteLine, Resolved, Step};
use domain::decision::Severity;
use domain::event::{Actor, ActorKind};
use domain::ids::{AccountId, EventId, Region};
use domain::money::Usd;
use domain::told::Snooze;
use domain::watch::WatchEvent;
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;
use slack::blocks::Message;
use slack_double::limits;
use std::fs;

fn json(message: &Message) -> Value {
    serde_json::to_value(message).expect("JSON")
}

/// All texts of a message, as Slack would show them.
fn shown(message: &Message) -> String {
    fn texts(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                into.extend(fields.get("text").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|value| texts(value, into));
            }
            Value::Array(values) => values.iter().for_each(|value| texts(value, into)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    texts(&json(message), &mut all);
    all.join("\n").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// `$1,234.50` and the like.
fn amounts(text: &str) -> Vec<String> {
    let figure = |c: char| c.is_ascii_digit() || ".,".contains(c);
    let amount = |part: &str| part.chars().take_while(|c| figure(*c)).collect::<String>();
    text.split('$')
        .skip(1)
        .map(|part| amount(part).trim_end_matches(['.', ',']).to_owned())
        .collect()
}

fn alert_of_the_story() -> Card {
    let loudest = story().into_iter().filter_map(|told| match told {
        Told::Alert(card) => Some(*card),
        _ => None,
    });
    loudest.max_by_key(|card| card.severity).expect("an alert")
}

#[test]
fn the_terminal_and_slack_say_the_same_amounts() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = fs::read_to_string(readme).expect("the README");
    let (_, rest) = readme.split_once("┌─ CRITICAL").expect("a card");
    let (terminal, _) = rest.split_once("```").expect("its end");
    let slack: String = story()
        .iter()
        .map(|told| match told {
            Told::Alert(card) => shown(&Message::alert(card)),
            Told::Folded(card, folded) => {
                shown(&Message::alert(card)) + &shown(&Message::folded(folded))
            }
            Told::Resolved(end) => shown(&Message::resolved(end)),
        })
        .collect();
    let (said, expected) = (amounts(&slack), amounts(terminal));
    assert!(expected.len() > 10, "{expected:?}");
    for amount in expected {
        assert!(said.contains(&amount), "{amount} is not in {said:?}");
    }
}

#[test]
fn an_alert_says_who_what_where_when_at_what_cost_why_and_how_to_stop_it() {
    let card = alert_of_the_story();
    let text =
        shown(&Message::alert(&card.clone().told_at(card.at + SignedDuration::from_secs(38))));
    for part in [
        "🔴 CRITICAL  $114.18/h  4 × p4d.24xlarge",
        "*Account*\n111122223333",
        "*Resource*\n4 × p4d.24xlarge",
        "*Region*\nap-southeast-2",
        "*Actor*\nuser/ci-legacy",
        "*Started*\n2026-06-08 03:03:00 UTC, ec2 RunInstances",
        "*Told*\n38 s after it happened",
        "*Cost*\n$114.18/h; $2,392.07 by midnight UTC, $62,678.96 by the month's end\n4 × $28.54493/h",
        "*Why this alert*\n• $114.18/h is above $25.00/h",
        "*Stop it*\n```# can be started again; instance-store data is lost\naws ec2 stop-instances",
        "anomaly 01KTJJXYN0E4WAYWXP74REWHRA",
        "CRITICAL: user/ci-legacy started 4 × p4d.24xlarge in ap-southeast-2: $114.18/h",
    ] {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
}

#[test]
fn a_message_that_is_told_late_says_how_late_and_a_wrong_clock_says_nothing() {
    let card = alert_of_the_story();
    let told = |seconds| {
        let at = card.at + SignedDuration::from_secs(seconds);
        shown(&Message::alert(&card.clone().told_at(at)))
    };
    assert!(told(0).contains("0 s after"));
    assert!(told(7_500).contains("2 h 05 min after"));
    assert!(!told(-5).contains("*Told*"));
    assert!(!shown(&Message::alert(&card)).contains("*Told*"));
}

#[test]
fn the_end_replaces_the_head_and_the_commands() {
    let card = alert_of_the_story();
    let end = story().into_iter().find_map(|told| match told {
        Told::Resolved(end) if end.anomaly == card.anomaly => Some(end),
        _ => None,
    });
    let message = Message::alert(&Card { end: Some(end.expect("an end")), ..card });
    let text = shown(&message);
    assert!(text.contains("✅ RESOLVED  $114.18/h  4 × p4d.24xlarge"), "{text}");
    assert!(text.contains("after 40 min: spent $106.76"), "{text}");
    assert!(text.contains("*Actor*\nuser/ci-legacy"), "{text}");
    assert!(!text.contains("CRITICAL") && !text.contains("stop-instances"), "{text}");
    assert!(message.text().starts_with("RESOLVED by"), "{}", message.text());
}

#[test]
fn a_quiet_day_is_one_line() {
    let quiet = Note::new("$12.40/h, as last week; nothing unusual");
    let message = json(&Message::note(&quiet));
    assert_eq!(message["blocks"].as_array().map(Vec::len), Some(1));
    assert_eq!(message["blocks"][0]["text"]["text"], quiet.title.as_str());
    let day = Note::new("A day").with(["2 open", "role/a: $3.00/h more"]);
    let message = json(&Message::note(&day));
    assert_eq!(message["blocks"][0]["type"], "header");
    assert_eq!(message["blocks"][1]["text"]["text"], "• 2 open\n• role/a: $3.00/h more");
}

#[test]
fn a_line_may_lead_to_a_card_and_nowhere_else() {
    let line = |link: &str| NoteLine { text: "one".to_owned(), link: Some(link.to_owned()) };
    let shown = |link: &str| {
        json(&Message::note(&Note { title: "A list".to_owned(), lines: vec![line(link)] }))
            ["blocks"][1]["text"]["text"]
            .clone()
    };
    let card = "https://acme.slack.com/archives/C1/p1?thread_ts=1&cid=C1";
    assert_eq!(shown(card), format!("• one <{}|open>", card.replace('&', "&amp;")));
    for elsewhere in
        ["javascript:alert(1)", "https://a|b", "https://a>b", "http://example.com/", ""]
    {
        assert_eq!(shown(elsewhere), "• one", "{elsewhere}");
    }
}

#[test]
fn a_warning_says_what_happened_and_what_to_do() {
    let event = WatchEvent {
        id: EventId::parse("e-1").expect("an id"),
        time: Timestamp::UNIX_EPOCH,
        account: AccountId::parse("111122223333").expect("an id"),
        region: Region::parse("eu-west-1").expect("a region"),
        actor: Actor {
            id: "user/<!here>".to_owned(),
            kind: ActorKind::IamUser,
            principal: String::new(),
            person: None,
            invoked_by: None,
        },
        event_source: "cloudtrail.amazonaws.com".to_owned(),
        event_name: "StopLogging".to_owned(),
        commits_to: None,
    };
    let message = Message::warning(&event);
    assert_eq!(limits::check(&json(&message)), Ok(()));
    assert!(!json(&message).to_string().contains('<'));
    let text = shown(&message);
    assert!(text.contains("StopLogging in account 111122223333"), "{text}");
    assert!(text.contains(event.what_to_do()) && text.contains("user/<!here>"), "{text}");
}

#[test]
fn a_name_calls_nobody_and_cannot_leave_the_code_block() {
    let hostile = "<!channel> <@U0> @here *b* ``` <https://example.invalid|click>".to_owned();
    let mut message = json(&Message::alert(&card(&[hostile], 2)));
    let all = message.to_string();
    assert!(!all.contains(['<', '>']) && !all.contains("@here"), "{all}");
    // Slack formats all but the header and the foot.
    let blocks = message["blocks"].as_array_mut().expect("blocks");
    blocks.retain(|block| block["type"] == "section");
    let formatted = message.to_string();
    let before_code = formatted.split("*Stop it*").next().unwrap_or_default();
    assert!(!before_code.contains("*b*") && !before_code.contains('`'), "{formatted}");
    // A fence before and one after each of the two blocks of code.
    assert_eq!(formatted.matches("```").count(), 4, "{formatted}");
}

#[test]
fn a_command_is_shown_whole_or_not_at_all() {
    let mut card = alert_of_the_story();
    let command = format!("aws ec2 stop-instances --instance-ids {}END", "i-0 ".repeat(150));
    card.stop[0].commands = vec![command.clone(); 6];
    let text = shown(&Message::alert(&card));
    let whole = text.matches(&command).count();
    assert_eq!(text.matches("aws ec2 stop-instances").count(), whole);
    assert!((1..6).contains(&whole), "{whole}");
    assert!(text.contains(&format!("{} commands too long to stand here", 6 - whole)), "{text}");
}

#[test]
fn what_does_not_fit_is_counted() {
    let lines: Vec<String> = (0..500).map(|nth| format!("line {nth}")).collect();
    let message = Message::note(&Note::new("Much").with(lines));
    assert_eq!(limits::check(&json(&message)), Ok(()));
    let text = shown(&message);
    let last = text.lines().filter(|line| line.starts_with("• line")).count();
    assert!(text.contains(&format!("… and {} more", 500 - last)), "{text}");
}

/// A card with these texts, wherever texts from outside may stand.
fn card(outside: &[String], steps: usize) -> Card {
    let nth = |nth: usize| outside.get(nth % outside.len().max(1)).cloned().unwrap_or_default();
    let lines = |from: usize| (from..from + outside.len()).map(nth).collect::<Vec<_>>();
    let step = |from| Step { remark: nth(from), commands: lines(from) };
    Card {
        anomaly: nth(0),
        severity: Severity::Critical,
        what: nth(1),
        who: nth(2),
        account: AccountId::parse("111122223333").expect("an id"),
        region: Region::parse("eu-west-1").expect("a region"),
        at: "2026-06-08T03:03:00Z".parse().expect("a time"),
        call: nth(3),
        cost: Cost {
            hourly: Usd::from_cents(11_418),
            price_known: false,
            by_midnight: Usd::from_cents(239_207),
            by_month_end: Usd::from_cents(6_267_896),
        },
        arithmetic: lines(4),
        why: lines(5),
        stop: (0..steps).map(step).collect(),
        sentence: nth(6),
        burst: None,
        burst_count: 0,
        together: None,
        answered: None,
        snoozed: None,
        end: None,
        told_after: None,
    }
}

fn outside() -> impl Strategy<Value = Vec<String>> {
    let text = prop_oneof![
        any::<String>(),
        "[a-z&<>`*_~@\u{202e}\u{0}\n…]{0,80}",
        Just("&<>".repeat(1_200)),
        Just("<!channel>```".repeat(400)),
        Just("ü".repeat(45_000)),
        Just(String::new()),
    ];
    vec(text, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn slack_takes_any_strings(outside in outside(), steps in 0_usize..60, told in any::<i64>()) {
        let mut card = card(&outside, steps);
        card.told_after = Some(SignedDuration::from_secs(told));
        let nth = |nth: usize| outside.get(nth).cloned().unwrap_or_default();
        let end = Resolved {
            anomaly: nth(0),
            at: Timestamp::UNIX_EPOCH,
            ended: nth(1),
            after: nth(2),
            spent: Usd::from_cents(1),
            avoided: Usd::from_cents(2),
        };
        let note = Note::new(nth(3)).with(outside.clone());
        let over = Card { end: Some(end.clone()), ..card.clone() };
        let answered = Answered { answer: Answer::Expected, by: nth(4), at: Timestamp::UNIX_EPOCH };
        let snooze = Snooze { until: Timestamp::MAX, by: nth(5), at: Timestamp::UNIX_EPOCH };
        let spoken = Card { answered: Some(answered), snoozed: Some(snooze), ..card.clone() };
        for message in [
            Message::alert(&card),
            Message::alert(&over),
            Message::alert(&spoken),
            Message::said("💬", &nth(6), &nth(0)),
            Message::resolved(&end),
            Message::note(&note),
        ] {
            let json = json(&message);
            prop_assert_eq!(limits::check(&json), Ok(()));
            // What is ours has none of these; what is foreign is escaped.
            let text = json.to_string();
            prop_assert!(!text.contains(['<', '>', '\u{202e}']), "{}", text);
        }
    }
}
