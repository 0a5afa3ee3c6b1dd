//! A parser that is switched off skips its own records and no others, for one account alone.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cloudtrail::{Counts, Item, Options, Reader, SkipReason, Strictness, parse_envelope, parsers};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ACCOUNT: &str = "111122223333";
const OTHER: &str = "444455556666";

/// A record of each parser.
const OF_PARSER: [(&str, &str); 8] = [
    ("ec2", "run_instances"),
    ("fleet", "create_fleet_instant"),
    ("autoscaling", "create_auto_scaling_group"),
    ("ebs", "create_volume_from_snapshot"),
    ("nat", "create_nat_gateway"),
    ("elastic_ip", "allocate_address"),
    ("rds", "create_db_instance"),
    ("lambda", "put_provisioned_concurrency"),
];

fn record(fixture: &str, account: &str) -> Value {
    let path = format!("{}/tests/fixtures/{fixture}.json", env!("CARGO_MANIFEST_DIR"));
    let mut record: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    record["recipientAccountId"] = json!(account);
    record
}

/// Reads a record of each parser of two accounts, with one parser off for the first account.
fn read_without(off: &str) -> (Vec<Item>, Counts) {
    let of = |account| OF_PARSER.map(|(_, fixture)| record(fixture, account).to_string());
    let lines = [of(ACCOUNT), of(OTHER)].concat().join("\n");
    let mut reader = Reader::new(lines.as_bytes(), "two accounts", Options::default());
    let mut items = Vec::new();
    while let Some(item) =
        reader.next_unless(&|account, parser| account.as_str() == ACCOUNT && parser == off)
    {
        items.push(item);
    }
    (items, reader.counts().clone())
}

#[test]
fn each_parser_has_a_record_here() {
    let here: BTreeSet<&str> = OF_PARSER.iter().map(|(parser, _)| *parser).collect();
    assert_eq!(here, parsers());
    let (items, counts) = read_without("none");
    assert!(items.iter().all(|item| matches!(item, Item::Event(_))), "{items:?}");
    assert_eq!(counts.events, 16);
}

#[test]
fn a_parser_that_is_off_skips_its_records_in_that_account_and_no_others() {
    for (place, (parser, _)) in OF_PARSER.iter().enumerate() {
        let (items, counts) = read_without(parser);
        assert_eq!((counts.events, counts.skipped(SkipReason::ParserOff)), (15, 1), "{parser}");
        let Item::Skipped(skip) = &items[place] else { panic!("{parser} has read a record") };
        assert_eq!(skip.reason, SkipReason::ParserOff);
        assert!(skip.detail.contains(parser), "{skip}");
        assert!(skip.caller.is_some(), "who called is known all the same");
    }
}

#[test]
fn a_record_that_its_parser_cannot_read_is_skipped_without_being_tried() {
    let mut broken = record("run_instances", ACCOUNT);
    broken["responseElements"] = json!([]);
    let text = broken.to_string();
    let mut reader = Reader::new(text.as_bytes(), "broken", Options::default());
    let Some(Item::Skipped(skip)) = reader.next_unless(&|_, _| true) else { panic!("an event") };
    assert_eq!(skip.reason, SkipReason::ParserOff);
}

#[test]
fn calls_that_no_parser_reads_are_what_they_were() {
    for (fixture, reason) in [
        ("describe_instances", SkipReason::ReadOnly),
        ("put_parameter", SkipReason::NotCostRelevant),
        ("run_instances_unauthorised", SkipReason::FailedCall),
    ] {
        let text = record(fixture, ACCOUNT).to_string();
        let mut reader = Reader::new(text.as_bytes(), fixture, Options::default());
        let Some(Item::Skipped(skip)) = reader.next_unless(&|_, _| true) else {
            panic!("{fixture} is an event")
        };
        assert_eq!(skip.reason, reason);
    }
}

#[test]
fn an_envelope_is_skipped_by_the_account_of_its_record() {
    let text = json!({
        "id": "1", "source": "aws.ec2", "detail-type": "AWS API Call via CloudTrail",
        "account": ACCOUNT, "region": "us-east-1", "detail": record("run_instances", ACCOUNT),
    })
    .to_string();
    let envelope = parse_envelope(text.as_bytes()).unwrap();
    let asked = |off: &'static str| {
        envelope.event_unless(
            &move |account, parser| account.as_str() == ACCOUNT && parser == off,
            Strictness::Strict,
        )
    };
    assert_eq!(asked("ec2").unwrap_err().reason, SkipReason::ParserOff);
    assert!(asked("rds").is_ok());
}
