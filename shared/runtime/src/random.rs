//! Randomness of the operating system.

use domain::words;
use pipeline::error::Failure;
use secrecy::SecretString;

/// 256 bits that nobody can guess, in hexadecimal digits.
pub fn token() -> Result<String, Failure> {
    bytes().map(|bytes| words::hex(&bytes))
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
