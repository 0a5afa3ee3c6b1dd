//! The time of a double, which tests can stand still and move.

use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A clock; clones are the same clock.
#[derive(Debug, Clone)]
pub struct Clock {
    /// `None` for the machine's own.
    start: Option<Duration>,
    /// So much before it.
    behind: Duration,
    moved: Arc<Mutex<Duration>>,
}

impl Clock {
    /// The machine's.
    pub fn system() -> Self {
        Self::behind(Duration::ZERO)
    }

    /// So much behind the machine's, until it is moved.
    pub fn behind(by: Duration) -> Self {
        Self { start: None, behind: by, moved: Arc::default() }
    }

    /// One that stands at a second since 1970 until it is moved.
    pub fn at(unix_seconds: u64) -> Self {
        let start = Some(Duration::from_secs(unix_seconds));
        Self { start, behind: Duration::ZERO, moved: Arc::default() }
    }

    /// Moves it forward; the machine's clock too, as seen from here.
    pub fn advance(&self, by: Duration) {
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        *moved = moved.saturating_add(by);
    }

    /// Time since 1970.
    pub fn now(&self) -> Duration {
        let moved = *self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let start = self.start.or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).ok());
        start.unwrap_or_default().saturating_add(moved).saturating_sub(self.behind)
    }

    /// The same as a moment.
    pub fn timestamp(&self) -> Timestamp {
        let since = SignedDuration::try_from(self.now()).unwrap_or(SignedDuration::MAX);
        Timestamp::from_duration(since).unwrap_or(Timestamp::MAX)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_until_it_is_moved_and_clones_are_moved_with_it() {
        let clock = Clock::at(100);
        let other = clock.clone();
        clock.advance(Duration::from_secs(5));
        assert_eq!(other.now(), Duration::from_secs(105));
        assert_eq!(other.timestamp().as_second(), 105);
    }

    #[test]
    fn one_that_is_behind_goes_on_with_the_machine_s() {
        let (clock, machine) = (Clock::behind(Duration::from_hours(1)), Clock::system());
        let apart = machine.now().abs_diff(clock.now());
        assert!(apart.abs_diff(Duration::from_hours(1)) < Duration::from_mins(1), "{apart:?}");
    }
}
