//! Randomness of the operating system.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::words;
use jiff::Timestamp;
use pipeline::error::Failure;
use pipeline::onboarding::SetupSecrets;

/// 256 bits that nobody can guess, in hexadecimal digits.
pub fn token() -> Result<String, Failure> {
    bytes::<32>().map(|bytes| words::hex(&bytes))
}

/// A ULID: of a moment, and of 80 bits that nobody can guess.
pub fn ulid(at: Timestamp) -> Result<String, Failure> {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or_default();
    Ok(ulid::Ulid::from_parts(millis, u128::from_be_bytes(bytes()?)).to_string())
}

/// What a setup needs that nobody may guess: an external id of its own, and a handshake of 256 bits.
pub fn setup_secrets() -> Result<SetupSecrets, Failure> {
    let handshake = BASE64_URL_SAFE_NO_PAD.encode(bytes::<32>()?);
    Ok(SetupSecrets { external_id: uuid()?, handshake })
}

/// A random UUID, version 4, in small letters.
pub fn uuid() -> Result<String, Failure> {
    bytes().map(uuid_of)
}

/// Of version 4 and variant 1.
fn uuid_of(random: [u8; 16]) -> String {
    let mut bits = random;
    bits[6] = bits[6] & 0x0F | 0x40;
    bits[8] = bits[8] & 0x3F | 0x80;
    let hex = |from: usize, to: usize| words::hex(bits.get(from..to).unwrap_or_default());
    [hex(0, 4), hex(4, 6), hex(6, 8), hex(8, 10), hex(10, 16)].join("-")
}

/// Bytes that nobody can guess.
pub fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Failure::Retry("no randomness".to_owned()))?;
    Ok(bytes)
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
    fn an_external_id_is_a_uuid_of_version_4_as_the_template_asks_for() {
        assert_eq!(uuid_of([0xFF; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid_of([0; 16]), "00000000-0000-4000-8000-000000000000");
        let (one, other) = (setup_secrets().unwrap(), setup_secrets().unwrap());
        assert_ne!(one.external_id, other.external_id);
        assert_ne!(one.handshake, other.handshake);
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        assert!(one.handshake.len() == 43 && one.handshake.bytes().all(plain));
    }
}
