//! What a document must not say, and how long a flag lives.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cloudtrail::SkipReason;
use flags::{COMPILED_IN, Document, Flag, Lifetime, PARSER_OFF, PARSERS, Refused, State};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

/// The compiled-in document with the first occurrence of a piece of text replaced: of
/// `channel.rate`, or of `channel.learned`, which is the first release flag.
fn with(piece: &str, by: &str) -> Result<Document, Refused> {
    assert!(COMPILED_IN.contains(piece), "{piece} is not in the document");
    Document::read(&COMPILED_IN.replacen(piece, by, 1))
}

fn faults(piece: &str, by: &str) -> Vec<String> {
    match with(piece, by) {
        Err(Refused::Faults(faults)) => faults,
        other => vec![format!("{other:?}")],
    }
}

/// A release flag, made at another time than the one that is compiled in.
fn learned(rollout: u8, renewed: &str) -> Flag {
    let mut document: Value = serde_json::from_str(COMPILED_IN).unwrap();
    let flags = document["flags"].as_array_mut().unwrap();
    let flag = flags.iter_mut().find(|flag| flag["name"] == "channel.learned").unwrap();
    flag["rollout_percent"] = rollout.into();
    flag["renewed"] = serde_json::from_str(renewed).unwrap();
    let document = Document::read(&document.to_string()).unwrap();
    document.flag("channel.learned").unwrap().clone()
}

fn made() -> Date {
    learned(100, "[]").created
}

/// An operational flag.
fn rate() -> Flag {
    Document::compiled_in().unwrap().flag("channel.rate").unwrap().clone()
}

#[test]
fn what_is_compiled_in_can_be_read() {
    let document = Document::compiled_in().unwrap();
    assert_eq!(document.flags().len(), 16);
}

const TERM: &str = "channel.learned is a release flag: it has ttl_days, 1 to 14, and no review_by";
const REVIEW: &str =
    "channel.rate is an operational flag: it has review_by, within 180 days, and no ttl_days";

#[test]
fn each_fault_is_named() {
    for (piece, by, fault) in [
        (r#""owner": "detection""#, r#""owner": """#, "channel.rate has no team as its owner"),
        (r#""owner": "detection""#, r#""owner": "Ann B""#, "channel.rate has no team as its owner"),
        (r#""ttl_days": 14"#, r#""ttl_days": 15"#, TERM),
        (r#""ttl_days": 14"#, r#""ttl_days": 0"#, TERM),
        (r#""ttl_days": 14"#, r#""review_by": "2026-12-01""#, TERM),
        (r#""ttl_days": 14"#, r#""ttl_days": 14, "review_by": "2026-12-01""#, TERM),
        (r#""review_by": "2027-05-20""#, r#""review_by": "2027-05-21""#, REVIEW),
        (r#""review_by": "2027-05-20""#, r#""review_by": "2026-11-21""#, REVIEW),
        (r#""review_by": "2027-05-20""#, r#""ttl_days": 14"#, REVIEW),
        (r#""lifetime": "operational""#, r#""lifetime": "operational", "ttl_days": 14"#, REVIEW),
        (
            r#""lifetime": "operational""#,
            r#""lifetime": "release""#,
            "channel.rate is a release flag: it has ttl_days, 1 to 14, and no review_by",
        ),
        (
            r#""rollout_percent": 100"#,
            r#""rollout_percent": 101"#,
            "channel.rate is for 0 to 100 percent of the accounts",
        ),
        (
            r#""default": true"#,
            r#""default": "v1""#,
            "channel.rate has a kind, a default and variants that do not fit",
        ),
        (
            r#""kind": "channel""#,
            r#""kind": "parser""#,
            "channel.rate has a kind, a default and variants that do not fit",
        ),
        (
            r#""default": "v1""#,
            r#""default": "v3""#,
            "detection.thresholds has a kind, a default and variants that do not fit",
        ),
        (
            r#""name": "channel.rate""#,
            r#""name": "channel.novelty""#,
            "channel.novelty is there twice",
        ),
        (
            r#""name": "channel.rate""#,
            r#""name": "channel.old""#,
            "channel.old is asked for nowhere",
        ),
        (r#""name": "channel.rate""#, r#""name": "channel.old""#, "channel.rate is missing"),
        (
            r#""lifetime": "operational""#,
            r#""lifetime": "operational", "renewed": [{"on": "2026-11-30", "reason": " "}]"#,
            "channel.rate is renewed without a reason",
        ),
        (
            r#""lifetime": "operational""#,
            r#""lifetime": "operational", "renewed": [{"on": "2026-11-01", "reason": "x"}]"#,
            "channel.rate is renewed in no order of days",
        ),
    ] {
        let found = faults(piece, by);
        assert!(found.iter().any(|each| each == fault), "{by}: {found:?}");
    }
}

#[test]
fn what_nobody_knows_is_refused() {
    for by in [
        r#""owner": "detection", "forever": true"#,
        r#""owners": "detection""#,
        r#""owner": "detection", "lifetime": "forever""#,
    ] {
        assert!(matches!(with(r#""owner": "detection""#, by), Err(Refused::Json(_))), "{by}");
    }
}

#[test]
fn a_flag_lives_its_days_and_the_last_one_counts() {
    let flag = learned(100, "[]");
    let on = |day: i32| flag.state(made() + day.days());
    assert_eq!(on(0), State::Live { days_left: 14 });
    assert_eq!(on(14), State::Live { days_left: 0 });
    assert_eq!(on(15), State::Expired { days_over: 1 });
    assert_eq!(on(-1), State::Ahead);
    assert_eq!(flag.age_days(made() + 40.days()), 40);
}

#[test]
fn past_its_term_a_full_rollout_fails_and_a_partial_one_warns() {
    let later = made() + 20.days();
    assert!(learned(100, "[]").state(later).fails());
    assert_eq!(learned(99, "[]").state(later), State::Stuck { days_over: 6 });
    assert!(!learned(99, "[]").state(later).fails());
}

#[test]
fn an_operational_flag_warns_for_thirty_days_after_its_review_and_fails_then() {
    let flag = rate();
    let review = flag.review_by.unwrap();
    assert_eq!(flag.ends(), review);
    assert_eq!(flag.state(review), State::Live { days_left: 0 });
    assert_eq!(flag.state(review + 1.days()), State::ToReview { days_over: 1 });
    assert_eq!(flag.state(review + 30.days()), State::ToReview { days_over: 30 });
    assert!(!flag.state(review + 30.days()).fails());
    assert_eq!(flag.state(review + 31.days()), State::Forgotten { days_over: 31 });
    assert!(flag.state(review + 31.days()).fails());
    let partly = Flag { rollout_percent: 50, ..flag };
    assert!(partly.state(review + 31.days()).fails(), "on for whomever: nobody has looked");
}

#[test]
fn switches_that_stay_are_on_for_all_and_what_is_tried_ends() {
    for flag in Document::compiled_in().unwrap().flags() {
        let stays = flag.rollout_percent == 100;
        let wanted = if stays { Lifetime::Operational } else { Lifetime::Release };
        assert_eq!(flag.lifetime, wanted, "{}", flag.name);
    }
}

#[test]
fn a_renewal_gives_one_more_term_from_its_own_day() {
    let renewed = r#"[{"on": "2026-12-03", "reason": "two teams still measure"}]"#;
    let flag = learned(100, renewed);
    assert_eq!(flag.ends(), date(2026, 12, 17));
    assert_eq!(flag.state(date(2026, 12, 17)), State::Live { days_left: 0 });
    assert!(flag.state(date(2026, 12, 18)).fails());
    assert!(flag.state(date(2026, 12, 2)).fails(), "renewed on a day that has not come");
}

#[test]
fn overrides_are_checked() {
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let given = |text: &str| Document::compiled_in().unwrap().with_overrides(text, now);
    let own = |name: &str, percent: u16, until: &str, reason: &str| {
        given(&format!(
            r#"{{"{name}":{{"rollout_percent":{percent},"until":"{until}","reason":"{reason}"}}}}"#
        ))
    };
    let soon = "2026-11-22T00:00:00Z";
    assert!(given("").is_ok());
    assert!(own("channel.rate", 0, soon, "floods one customer").is_ok());
    assert!(own("channel.none", 0, soon, "x").is_err());
    assert!(own("channel.rate", 101, soon, "x").is_err());
    assert!(own("channel.rate", 300, soon, "x").is_err());
    assert!(own("channel.rate", 0, "2026-12-06T00:00:00Z", "x").is_err(), "15 days ahead");
    assert!(own("channel.rate", 0, soon, " ").is_err());
    assert!(given("off").is_err());
    assert!(given(r#"{"channel.rate": 0}"#).is_err());
}

#[test]
fn each_reader_of_calls_has_a_flag_and_each_flag_a_reader() {
    assert_eq!(cloudtrail::parsers(), PARSERS.into());
    assert_eq!(SkipReason::ParserOff.code(), PARSER_OFF);
}
