//! Randomness of the operating system.

use domain::words;
use pipeline::error::Failure;

/// 256 bits that nobody can guess, in hexadecimal digits.
pub fn token() -> Result<String, Failure> {
    bytes().map(|bytes| words::hex(&bytes))
}

fn bytes() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Failure::Retry("no randomness".to_owned()))?;
    Ok(bytes)
}
