//! Any bytes as one record: one outcome, the same every time, and no empty events.
#![no_main]

use cloudtrail::{Strictness, parse_record};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let strict = parse_record(bytes, Strictness::Strict);
    let lenient = parse_record(bytes, Strictness::Lenient);
    if strict.is_ok() {
        assert_eq!(strict, lenient);
    }
    if let Ok(event) = lenient {
        assert!(!event.changes.is_empty());
        assert!(event.changes.iter().all(|change| !change.resources().is_empty()));
        assert!(!event.actor.id.contains('#'));
    }
});
