//! Codes and tokens that nobody can guess.

use std::fmt::Write as _;

/// 256 random bits in hexadecimal digits.
///
/// # Panics
/// Where the machine has no randomness: nothing here can go on without.
#[expect(clippy::expect_used, reason = "nothing here can go on without randomness")]
pub(crate) fn random() -> String {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).expect("the machine has randomness");
    hex(&bytes)
}

/// A random UUID.
pub(crate) fn uuid() -> String {
    as_uuid(&random())
}

/// The first 32 hexadecimal digits in the form of a UUID.
pub(crate) fn as_uuid(digits: &str) -> String {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
    parts.join("-")
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
