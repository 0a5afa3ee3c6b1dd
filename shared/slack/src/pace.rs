//! A pace that Slack bears: about one message a second in a channel, and a few at once.

use crate::error::SlackError;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Between two messages in a channel, over time.
const STEP: Duration = Duration::from_secs(1);
/// Messages that may come at once.
const AT_ONCE: u32 = 4;
/// Who would have to wait longer comes again later.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// Channels that are remembered.
const MAX_CHANNELS: usize = 10_000;

/// When each channel may get its next message.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    turns: Mutex<HashMap<String, Instant>>,
    none: bool,
}

impl Pace {
    /// No pace: nobody waits.
    pub(crate) fn none() -> Self {
        Self { none: true, ..Self::default() }
    }

    /// Waits until a channel may get one more message.
    pub(crate) async fn wait(&self, channel: &str) -> Result<(), SlackError> {
        if self.none {
            return Ok(());
        }
        let wait = self.reserve(channel, Instant::now());
        if wait > MAX_WAIT {
            return Err(SlackError::RateLimited { after: wait });
        }
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// How long to wait for a turn, which is taken unless that is too long.
    fn reserve(&self, channel: &str, now: Instant) -> Duration {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() >= MAX_CHANNELS {
            turns.retain(|_, turn| *turn > now);
        }
        // The time at which all turns so far would be used up, one a second.
        let used_up = turns.get(channel).copied().unwrap_or(now).max(now) + STEP;
        let wait = used_up.saturating_duration_since(now + STEP * AT_ONCE);
        if wait <= MAX_WAIT {
            turns.insert(channel.to_owned(), used_up);
        }
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_at_once_then_one_a_second_and_then_later() {
        let (pace, now) = (Pace::default(), Instant::now());
        let waits: Vec<u64> = (0..12).map(|_| pace.reserve("C1", now).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 6, 6]);
        assert_eq!(pace.reserve("C2", now), Duration::ZERO, "another channel has its own pace");
        assert_eq!(pace.reserve("C1", now + Duration::from_mins(1)), Duration::ZERO);
    }
}
