//! Any bytes as an EventBridge envelope: what is trusted has its own account in it.
#![no_main]

use cloudtrail::{Strictness, parse_envelope};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(envelope) = parse_envelope(bytes) else { return };
    if envelope.check(None).is_ok() {
        assert!(envelope.source.starts_with("aws."));
        if let Ok(event) = envelope.event(Strictness::Strict) {
            assert_eq!(event.account.as_str(), envelope.account);
        }
    }
});
