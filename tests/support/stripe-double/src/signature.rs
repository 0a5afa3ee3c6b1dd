//! Stripe's signature of what it tells.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::Write as _;

/// The value of `Stripe-Signature` for a body sent at a second since 1970.
pub fn signature(secret: &str, timestamp: u64, body: &[u8]) -> String {
    // An HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{timestamp}.").as_bytes());
    mac.update(body);
    let mut text = format!("t={timestamp},v1=");
    for byte in mac.finalize().into_bytes() {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
