//! Randomness of the operating system.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use domain::words;
use pipeline::error::Failure;
use pipeline::onboarding::SetupSecrets;
use secrecy::SecretString;

/// 256 bits that nobody can guess, in hexadecimal digits.
pub fn token() -> Result<String, Failure> {
    bytes().map(|bytes| words::hex(&bytes))
}

/// A new key for a webhook, as receivers are given it: `whsec_` and 256 bits in base64.
pub fn webhook_key() -> Result<SecretString, Failure> {
    Ok(format!("whsec_{}", BASE64_STANDARD.encode(bytes()?)).into())
}

/// What a setup needs that nobody may guess: an external id of its own, and a handshake of 256 bits.
pub fn setup_secrets() -> Result<SetupSecrets, Failure> {
    let handshake = BASE64_URL_SAFE_NO_PAD.encode(bytes()?);
    Ok(SetupSecrets { external_id: uuid(bytes()?), handshake })
}

/// A UUID of version 4 and variant 1 in small letters, out of the first 128 bits.
fn uuid(random: [u8; 32]) -> String {
    let mut bits = random;
    bits[6] = bits[6] & 0x0F | 0x40;
    bits[8] = bits[8] & 0x3F | 0x80;
    let hex = |from: usize, to: usize| words::hex(bits.get(from..to).unwrap_or_default());
    [hex(0, 4), hex(4, 6), hex(6, 8), hex(8, 10), hex(10, 16)].join("-")
}

fn bytes() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Failure::Retry("no randomness".to_owned()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_external_id_is_a_uuid_of_version_4_as_the_template_asks_for() {
        assert_eq!(uuid([0xFF; 32]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid([0; 32]), "00000000-0000-4000-8000-000000000000");
        let (one, other) = (setup_secrets().unwrap(), setup_secrets().unwrap());
        assert_ne!(one.external_id, other.external_id);
        assert_ne!(one.handshake, other.handshake);
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        assert!(one.handshake.len() == 43 && one.handshake.bytes().all(plain));
    }
}
