//! The safety net has no flag, and must never have one: it is what still alerts when all that is
//! clever has been switched off.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use flags::{CHANNELS, COMPILED_IN, Document, Evaluator, PARSERS, Refused, THRESHOLDS};
use jiff::Timestamp;

const NAMES: [&str; 5] = [
    "channel.safety_net",
    "channel.safety",
    "detection.safety_net",
    "policy.SafetyNet",
    "channel.floor",
];

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

#[test]
fn no_flag_that_the_code_asks_for_is_about_the_safety_net() {
    for name in CHANNELS.iter().chain(&PARSERS).chain([&THRESHOLDS]) {
        assert!(!name.contains("safety") && !name.contains("net"), "{name}");
    }
}

#[test]
fn a_document_with_a_flag_for_it_is_refused() {
    for name in NAMES {
        let text = COMPILED_IN.replacen("channel.rate", name, 1);
        let Err(Refused::Faults(faults)) = Document::read(&text) else {
            panic!("{name} was accepted")
        };
        let fault = format!("{name} is about the safety net, which has no flag");
        assert!(faults.contains(&fault), "{faults:?}");
    }
}

#[test]
fn an_override_for_it_is_refused() {
    for name in NAMES {
        let text = format!(
            r#"{{"{name}":{{"rollout_percent":0,"until":"2026-11-22T00:00:00Z","reason":"x"}}}}"#
        );
        let refused = Document::compiled_in().unwrap().with_overrides(&text, now()).unwrap_err();
        assert!(refused.to_string().contains("safety net"), "{refused}");
    }
}

#[test]
fn with_everything_off_it_still_counts() {
    let text = COMPILED_IN.replace(r#""rollout_percent": 100"#, r#""rollout_percent": 0"#);
    let document = Document::read(&text).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let flags = runtime
        .block_on(async { Evaluator::new(document).await.flags("123456789012", now()).await });
    assert_eq!(flags.channels_off.len(), CHANNELS.len());
    assert!(flags.channel_on("safety_net"));
}
