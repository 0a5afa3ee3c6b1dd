//! Whole messages, one file a case. `GOLDEN_BLESS=1` writes what comes out as expected; read it
//! before it is committed. The files are checked by Slack's own models too:
//! `tests/infra/test_slack_cards.py`.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod cards;

use cards::{Told, story, tell};
use domain::answer::{Answer, Answered};
use domain::card::{Card, Note, NoteLine};
use domain::event::{Actor, ActorKind};
use domain::ids::{AccountId, EventId, Region};
use domain::money::Usd;
use domain::policy::{Policy, SafetyNet};
use domain::told::Snooze;
use domain::watch::WatchEvent;
use jiff::{SignedDuration, Timestamp};
use sample_trail::{Call, Caller, Record};
use serde_json::Value;
use slack::blocks::Message;
use std::fs;
use std::path::PathBuf;

fn call(serial: u64, region: &'static str) -> Call {
    let begin: Timestamp = "2026-06-08T03:03:00Z".parse().expect("a time");
    let minutes = SignedDuration::from_mins(i64::try_from(serial).expect("a small number"));
    let caller = Caller::Session { role: "Engineer", session: "ana@example.com".to_owned() };
    let account = "111122223333".to_owned();
    Call { account, region, at: begin + minutes, caller, serial }
}

/// Everything that costs a cent an hour is worth knowing.
fn attentive() -> Policy {
    let net = SafetyNet { info: Usd::from_cents(1), ..Policy::default().safety_net };
    Policy { safety_net: net, ..Policy::default() }
}

/// The messages about some records, each as it is first posted.
fn messages(records: &[Record]) -> Vec<Message> {
    tell(records, &attentive()).iter().map(message).collect()
}

fn message(told: &Told) -> Message {
    match told {
        Told::Alert(card) => {
            let at = card.at + SignedDuration::from_secs(38);
            Message::alert(&card.as_ref().clone().told_at(at))
        }
        Told::Folded(_, folded) => Message::folded(folded),
        Told::Resolved(end) => Message::resolved(end),
    }
}

/// The card of the last alert, with all that has joined it.
fn last_card(records: &[Record]) -> Card {
    let told = tell(records, &attentive()).into_iter().rev();
    let mut cards = told.filter_map(|told| match told {
        Told::Alert(card) | Told::Folded(card, _) => Some(*card),
        Told::Resolved(_) => None,
    });
    cards.next().expect("a card")
}

fn check(case: &str, messages: &[Message]) {
    assert!(!messages.is_empty(), "{case} tells nothing");
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(case);
    let file = file.with_extension("json");
    let written = serde_json::to_string_pretty(messages).expect("JSON") + "\n";
    if std::env::var_os("GOLDEN_BLESS").is_some() {
        fs::write(&file, &written).expect("the file is written");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert!(expected == written, "{case} differs: cargo xtask bless, then read the difference");
    for message in serde_json::from_str::<Vec<Value>>(&written).expect("JSON") {
        assert_eq!(slack_double::limits::check(&message), Ok(()), "{case}");
    }
}

#[test]
fn machines() {
    check("ec2", &messages(&[call(1, "eu-west-1").run_instances("p4d.24xlarge", 4, None)]));
}

#[test]
fn a_database() {
    let create = call(1, "eu-west-1").create_database("reporting", "db.r6g.4xlarge", true);
    check("rds", &messages(&[create]));
}

#[test]
fn a_function_with_provisioned_concurrency() {
    let (create, put) = (call(1, "eu-west-1"), call(2, "eu-west-1"));
    let records =
        [create.create_function("thumbnails", 1_024), put.put_concurrency("thumbnails", 500)];
    check("lambda", &messages(&records));
}

#[test]
fn a_volume() {
    check("ebs", &messages(&[call(1, "eu-west-1").create_volume(16_000)]));
}

#[test]
fn a_nat_gateway() {
    check("nat", &messages(&[call(1, "eu-west-1").create_nat_gateway()]));
}

#[test]
fn a_type_that_nobody_knows() {
    let launch = call(1, "eu-west-1").run_instances("p9x.96xlarge", 2, None);
    check("unknown_price", &messages(&[launch]));
}

#[test]
fn a_call_that_may_have_blinded_us() {
    let called = |source: &str, name: &str| {
        let (event_source, event_name) = (source.to_owned(), name.to_owned());
        Message::warning(&WatchEvent { event_source, event_name, commits_to: None, ..bought() })
    };
    let put = called("events.amazonaws.com", "PutRule");
    check("blind", &[put, called("cloudtrail.amazonaws.com", "PutEventSelectors")]);
}

#[test]
fn a_commitment() {
    check("commitment", &[Message::warning(&bought())]);
}

fn bought() -> WatchEvent {
    WatchEvent {
        id: EventId::parse("e-1").expect("an id"),
        time: "2026-06-08T03:03:00Z".parse().expect("a time"),
        account: AccountId::parse("111122223333").expect("an id"),
        region: Region::parse("us-east-1").expect("a region"),
        actor: Actor {
            id: "role/Finance".to_owned(),
            kind: ActorKind::AssumedRole,
            principal: String::new(),
            person: Some("bo@example.com".to_owned()),
            invoked_by: None,
        },
        event_source: "savingsplans.amazonaws.com".to_owned(),
        event_name: "CreateSavingsPlan".to_owned(),
        commits_to: Some("a Savings Plan of $50.00/h, $0.00 at once".to_owned()),
    }
}

#[test]
fn a_burst_of_sixty_launches() {
    let launch = |nth| {
        Call { serial: nth, ..call(nth / 10, "eu-west-1") }.run_instances("g5.xlarge", 1, None)
    };
    let records: Vec<Record> = (1..=60).map(launch).collect();
    let told = tell(&records, &attentive());
    let folded = told.iter().rev().find_map(|told| match told {
        Told::Folded(_, folded) => Some(folded.clone()),
        _ => None,
    });
    let mut folded = folded.expect("alerts that joined");
    folded.alerts = 59;
    check("burst", &[Message::alert(&last_card(&records)), Message::folded(&folded)]);
}

#[test]
fn several_regions() {
    let regions = ["eu-west-1", "ap-southeast-2", "us-east-1"];
    let launch = |(nth, region): (u64, &'static str)| {
        call(nth, region).run_instances("p4d.24xlarge", 1, None)
    };
    let records: Vec<Record> = (1..).zip(regions).map(launch).collect();
    let mut all = messages(&records);
    all.push(Message::alert(&last_card(&records)));
    check("regions", &all);
}

#[test]
fn a_card_from_its_beginning_to_its_end() {
    let mut told = story().into_iter();
    let first = told.find_map(|told| match told {
        Told::Alert(card) if card.title().contains("p4d") => Some(*card),
        _ => None,
    });
    let first = first.expect("the card");
    let end = story().into_iter().find_map(|told| match told {
        Told::Resolved(end) if end.anomaly == first.anomaly => Some(end),
        _ => None,
    });
    let at = first.at + SignedDuration::from_mins(5);
    let (by, answer) = ("ana (U0ANA in Slack)".to_owned(), Answer::Expected);
    let answered = Answered { answer, by: by.clone(), at };
    let unwanted = Answered { answer: Answer::NotExpected, ..answered.clone() };
    let snooze = Snooze { until: at + SignedDuration::from_hours(1), by, at };
    let cards = [
        Card { answered: Some(answered), ..first.clone() },
        Card { answered: Some(unwanted), ..first.clone() },
        Card { snoozed: Some(snooze), ..first.clone() },
        Card { end, ..first },
    ];
    check("standing", &cards.iter().map(Message::alert).collect::<Vec<_>>());
}

#[test]
fn notes() {
    let link = Some("https://acme.slack.com/archives/C1/p1780887780000100".to_owned());
    let open = NoteLine { text: "critical: user/ci started 4 × p4d.24xlarge".to_owned(), link };
    let notes = [
        Note::new("A quiet day: nothing unusual in 3 accounts, nothing open."),
        Note { title: "1 anomaly open".to_owned(), lines: vec![open] },
        Note::new("There is no \"statsu\"; did you mean /dd0c status?"),
    ];
    let said = Message::said("💤", "Snoozed. Until 2026-06-08 04:08:00 UTC, says ana", "01KTJJ");
    let notes = notes.iter().map(Message::note).chain([said]);
    check("notes", &notes.collect::<Vec<_>>());
}
