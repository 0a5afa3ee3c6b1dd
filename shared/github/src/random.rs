//! What nobody can guess.

use domain::words;
use pipeline::error::Failure;
use sha2::{Digest, Sha256};

/// 256 random bits in 64 hexadecimal digits: short enough for GitHub's `state`, long enough for a
/// verifier of PKCE.
pub(crate) fn random() -> Result<String, Failure> {
    ::random::token()
}

/// Under which name something random is kept: who reads the table cannot bring it back.
pub(crate) fn kept_as(random: &str) -> String {
    words::hex(&Sha256::digest(random.as_bytes()))
}
