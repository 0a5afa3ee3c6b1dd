//! What a document must not say, and how long a flag lives.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cloudtrail::SkipReason;
use flags::{COMPILED_IN, Document, Flag, PARSER_OFF, PARSERS, Refused, State};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};

/// The compiled-in document with one piece of text of `channel.rate`, which stands first,
/// replaced.
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

fn rate(rollout: u8, renewed: &str) -> Flag {
    let text = COMPILED_IN
        .replacen(r#""rollout_percent": 100"#, &format!(r#""rollout_percent": {rollout}"#), 1)
        .replacen(r#""created": "#, &format!(r#""renewed": {renewed}, "created": "#), 1);
    Document::read(&text).unwrap().flag("channel.rate").unwrap().clone()
}

fn made() -> Date {
    rate(100, "[]").created
}

#[test]
fn what_is_compiled_in_can_be_read() {
    let document = Document::compiled_in().unwrap();
    assert_eq!(document.flags().len(), 16);
}

#[test]
fn each_fault_is_named() {
    for (piece, by, fault) in [
        (r#""owner": "detection""#, r#""owner": """#, "channel.rate has no team as its owner"),
        (r#""owner": "detection""#, r#""owner": "Ann B""#, "channel.rate has no team as its owner"),
        (r#""ttl_days": 14"#, r#""ttl_days": 15"#, "channel.rate must live 1 to 14 days"),
        (r#""ttl_days": 14"#, r#""ttl_days": 0"#, "channel.rate must live 1 to 14 days"),
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
            r#""ttl_days": 14"#,
            r#""ttl_days": 14, "renewed": [{"on": "2026-11-30", "reason": " "}]"#,
            "channel.rate is renewed without a reason",
        ),
        (
            r#""ttl_days": 14"#,
            r#""ttl_days": 14, "renewed": [{"on": "2026-11-01", "reason": "x"}]"#,
            "channel.rate is renewed in no order of days",
        ),
    ] {
        let found = faults(piece, by);
        assert!(found.iter().any(|each| each == fault), "{by}: {found:?}");
    }
}

#[test]
fn what_nobody_knows_is_refused() {
    for by in [r#""owner": "detection", "forever": true"#, r#""owners": "detection""#] {
        assert!(matches!(with(r#""owner": "detection""#, by), Err(Refused::Json(_))), "{by}");
    }
}

#[test]
fn a_flag_lives_its_days_and_the_last_one_counts() {
    let flag = rate(100, "[]");
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
    assert!(rate(100, "[]").state(later).fails());
    assert_eq!(rate(99, "[]").state(later), State::Stuck { days_over: 6 });
    assert!(!rate(99, "[]").state(later).fails());
}

#[test]
fn a_renewal_gives_one_more_term_from_its_own_day() {
    let renewed = r#"[{"on": "2026-12-03", "reason": "two teams still measure"}]"#;
    let flag = rate(100, renewed);
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
