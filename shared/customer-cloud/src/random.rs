//! Chance: how long to wait.

use std::time::Duration;

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
    fn a_wait_is_no_longer_than_it_may_be() {
        assert!(up_to(Duration::from_secs(1)) <= Duration::from_secs(1));
        assert_eq!(up_to(Duration::ZERO), Duration::ZERO);
    }
}
