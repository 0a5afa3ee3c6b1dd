//! Which accounts a partial rollout takes: always the same, and more of them as it grows.

use sha2::{Digest, Sha256};

/// Place of an account in the rollout of a flag, 0 to 99: it is in once the percentage is above
/// its place. Each flag has an order of its own, so that it is not always the same accounts that
/// try what is new.
pub(crate) fn place(flag: &str, account: &str) -> u8 {
    let mut hash = Sha256::new();
    hash.update(flag);
    hash.update(":");
    hash.update(account);
    let hash = hash.finalize();
    let number = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    u8::try_from(number % 100).unwrap_or_default()
}
