//! Pace: as fast as an AWS service allows, region by region.

use domain::ids::Region;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Lets each region be asked so often and not more.
#[derive(Debug)]
pub struct Pace {
    gap: Duration,
    next: Mutex<HashMap<Region, Instant>>,
}

impl Pace {
    /// That of CloudTrail's history: two requests a second.
    pub fn of_history() -> Self {
        Self { gap: Duration::from_millis(500), next: Mutex::default() }
    }

    /// Waits until it is one's turn.
    pub async fn wait(&self, region: &Region) {
        tokio::time::sleep_until(self.turn(region)).await;
    }

    fn turn(&self, region: &Region) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.get(region).copied().unwrap_or_else(Instant::now).max(Instant::now());
        next.insert(region.clone(), turn + self.gap);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_region_is_asked_twice_a_second_and_does_not_wait_for_another() {
        let pace = Pace::of_history();
        let began = Instant::now();
        let [one, other] = ["us-east-1", "eu-west-1"].map(|code| Region::parse(code).unwrap());
        for _ in 0..3 {
            pace.wait(&one).await;
        }
        assert_eq!(began.elapsed(), Duration::from_secs(1));
        pace.wait(&other).await;
        assert_eq!(began.elapsed(), Duration::from_secs(1));
    }
}
