//! What a document means for accounts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use flags::{CHANNELS, Document, Evaluator, Flags, PARSERS, Thresholds, of_channel, of_parser};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

const ACCOUNT: &str = "123456789012";

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// Overrides each of these flags to a percentage for an hour.
fn with(flags: &[(&str, u8)]) -> Document {
    let until = now() + 1.hours();
    let parts: Vec<String> = flags
        .iter()
        .map(|(name, percent)| {
            format!(r#""{name}":{{"rollout_percent":{percent},"until":"{until}","reason":"test"}}"#)
        })
        .collect();
    let text = format!("{{{}}}", parts.join(","));
    Document::compiled_in().unwrap().with_overrides(&text, now()).unwrap()
}

fn evaluate(document: Document, account: &str, at: Timestamp) -> Flags {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async { Evaluator::new(document).await.flags(account, at).await })
}

#[test]
fn as_shipped_all_channels_count_but_the_learned_one() {
    let flags = evaluate(Document::compiled_in().unwrap(), ACCOUNT, now());
    assert_eq!(flags.channels_off.iter().copied().collect::<Vec<_>>(), ["learned"]);
    assert!(flags.parsers_off.is_empty());
    assert_eq!(flags.thresholds, Thresholds::V1);
}

#[test]
fn each_channel_is_switched_off_by_its_own_flag_alone() {
    for channel in CHANNELS {
        let flags = evaluate(with(&[(&of_channel(channel), 0)]), ACCOUNT, now());
        for other in CHANNELS {
            let expected = other != channel && other != "learned";
            assert_eq!(flags.channel_on(other), expected, "{other} with {channel} off");
        }
    }
}

#[test]
fn each_parser_is_switched_off_by_its_own_flag_alone() {
    for parser in PARSERS {
        let flags = evaluate(with(&[(&of_parser(parser), 0)]), ACCOUNT, now());
        for other in PARSERS {
            assert_eq!(flags.parser_on(other), other != parser, "{other} with {parser} off");
        }
    }
}

#[test]
fn thresholds_are_the_next_ones_inside_the_rollout() {
    let flags = evaluate(with(&[("detection.thresholds", 100)]), ACCOUNT, now());
    assert_eq!(flags.thresholds, Thresholds::V2);
}

#[test]
fn an_override_counts_until_its_time_and_no_longer() {
    let off = |at| !evaluate(with(&[("channel.rate", 0)]), ACCOUNT, at).channel_on("rate");
    assert!(off(now() + 59.minutes()));
    assert!(!off(now() + 1.hours()));
}

#[test]
fn a_partial_rollout_takes_about_its_share_of_the_accounts() {
    let document = with(&[("channel.learned", 30)]);
    let flag = document.flag("channel.learned").unwrap();
    let inside = (0..10_000_u64)
        .filter(|nth| document.is_on(flag, &format!("{:012}", nth * 7_919_777), now()))
        .count();
    assert!((2_800..3_200).contains(&inside), "{inside} of 10,000");
}

#[test]
fn two_flags_do_not_take_the_same_accounts() {
    let document = with(&[("channel.learned", 50), ("channel.rate", 50)]);
    let on =
        |name: &str, account: &str| document.is_on(document.flag(name).unwrap(), account, now());
    let accounts: Vec<String> = (0..1_000).map(|nth| format!("{nth:012}")).collect();
    let same = accounts.iter().filter(|a| on("channel.learned", a) == on("channel.rate", a));
    let same = same.count();
    assert!((400..600).contains(&same), "{same} of 1,000");
}

#[test]
fn places_in_a_rollout_are_the_same_in_every_release() {
    let document = with(&[("channel.learned", 50)]);
    let flag = document.flag("channel.learned").unwrap();
    let inside: String = (0..16)
        .map(|nth| if document.is_on(flag, &format!("{nth:012}"), now()) { '1' } else { '0' })
        .collect();
    assert_eq!(inside, "0010100111101000");
}

proptest! {
    #[test]
    fn an_account_that_is_in_stays_in_as_the_rollout_grows(
        account in "[0-9]{12}",
        percent in 0_u8..100,
        more in 0_u8..100,
    ) {
        let is_on = |percent| {
            let document = with(&[("channel.learned", percent)]);
            document.is_on(document.flag("channel.learned").unwrap(), &account, now())
        };
        prop_assert!(!is_on(0));
        prop_assert!(is_on(100));
        prop_assert!(is_on(percent.saturating_add(more).min(100)) || !is_on(percent));
    }
}

#[test]
fn who_cannot_wait_is_told_of_each_parser_what_the_others_are_told() {
    let document = with(&[("parser.rds", 0), ("parser.ec2", 40), ("parser.nat", 60)]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let evaluator = Evaluator::new(document).await;
        let mut answers = [0; 2];
        for account in (0..100).map(|n| format!("{n:012}")) {
            let flags = evaluator.flags(&account, now()).await;
            for parser in PARSERS {
                let on = evaluator.is_parser_on(&account, parser, now());
                assert_eq!(on, flags.parser_on(parser), "{parser} of {account}");
                answers[usize::from(on)] += 1;
            }
        }
        assert!(answers.iter().all(|count| *count > 100), "{answers:?}");
    });
}

#[test]
fn overrides_that_are_refused_change_nothing_and_say_why() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let shipped = evaluate(Document::compiled_in().unwrap(), ACCOUNT, now());
    let good =
        r#"{"parser.rds":{"rollout_percent":0,"until":"2026-11-22T00:00:00Z","reason":"x"}}"#;
    let bad = good.replace("\"x\"", "\"\"");
    for (text, off, refused) in [(good, true, false), (bad.as_str(), false, true)] {
        let (flags, why) = runtime.block_on(async {
            let (evaluator, why) = Evaluator::compiled_in(Some(text), now()).await.unwrap();
            (evaluator.flags(ACCOUNT, now()).await, why)
        });
        assert_eq!(!flags.parser_on("rds"), off, "{text}");
        assert_eq!(why.is_some(), refused, "{text}");
        assert_eq!(refused, flags == shipped);
        let says_why = why.is_none_or(|why| why.to_string().contains("parser.rds"));
        assert!(says_why);
    }
}
