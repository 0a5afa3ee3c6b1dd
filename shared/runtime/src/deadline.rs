//! Work that ends before Lambda ends the process: what is unfinished is handed back.

use jiff::Timestamp;
use pipeline::error::Failure;
use std::time::Duration;

/// Time kept for handing back, telling and answering.
const RESERVE: Duration = Duration::from_secs(2);

/// When Lambda will end the process.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(tokio::time::Instant);

impl Deadline {
    /// From the moment that Lambda names, in milliseconds since 1970. Half of the time is kept if
    /// there is little.
    pub fn at(millis: u64, now: Timestamp) -> Self {
        let now = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let left = Duration::from_millis(millis.saturating_sub(now));
        let usable = left.saturating_sub(RESERVE).max(left / 2);
        Self(tokio::time::Instant::now() + usable)
    }

    /// Whether there is time for more.
    pub fn has_time(&self) -> bool {
        tokio::time::Instant::now() < self.0
    }

    /// So much earlier, or half as far away if it is near: for work after which something has to be
    /// put in order.
    #[must_use]
    pub fn earlier(&self, reserve: Duration) -> Self {
        let left = self.0.saturating_duration_since(tokio::time::Instant::now());
        Self(self.0 - reserve.min(left / 2))
    }

    /// Does the work, or gives up in good time. All work here may be broken off at any point and
    /// repeated.
    pub async fn guard<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        tokio::time::timeout_at(self.0, work)
            .await
            .map_err(|_| Failure::Retry("there was not enough time".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_is_given_up_two_seconds_before_the_end() {
        let now = Timestamp::from_millisecond(1_000_000).unwrap();
        let deadline = Deadline::at(1_010_000, now);
        let sleep = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
        assert!(deadline.guard(sleep(7)).await.is_ok());
        assert!(deadline.has_time());
        assert!(deadline.guard(sleep(7)).await.is_err());
        assert!(!deadline.has_time());
    }
}
