//! Randomness of the operating system.

use pipeline::error::Failure;
use secrecy::SecretString;
use std::fmt::Write;

/// 256 bits that nobody can guess, in hexadecimal digits.
pub fn token() -> Result<String, Failure> {
    let bytes = bytes()?;
    Ok(bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

/// A new key for a webhook, as receivers are given it: `whsec_` and 256 bits in base64.
pub fn webhook_key() -> Result<SecretString, Failure> {
    use base64::Engine;
    Ok(format!("whsec_{}", base64::prelude::BASE64_STANDARD.encode(bytes()?)).into())
}

fn bytes() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Failure::Retry("no randomness".to_owned()))?;
    Ok(bytes)
}
