//! Chance: an external id that nobody agreed upon, and how long to wait.

use pipeline::error::Failure;
use std::fmt::Write as _;
use std::time::Duration;

/// A random UUID, version 4.
pub(crate) fn uuid() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::Retry(format!("no randomness: {error}")))?;
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// Between nothing and this, so that who failed together does not come again together.
pub(crate) fn up_to(longest: Duration) -> Duration {
    let mut bytes = [0_u8; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => longest.mul_f64(f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)),
        Err(_) => longest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_version_4_and_no_two_are_equal() {
        let (one, other) = (uuid().unwrap(), uuid().unwrap());
        assert_ne!(one, other);
        assert_eq!((one.len(), &one[14..15]), (36, "4"));
        assert!(matches!(&one[19..20], "8" | "9" | "a" | "b"));
    }

    #[test]
    fn a_wait_is_no_longer_than_it_may_be() {
        assert!(up_to(Duration::from_secs(1)) <= Duration::from_secs(1));
        assert_eq!(up_to(Duration::ZERO), Duration::ZERO);
    }
}
