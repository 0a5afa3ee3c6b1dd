//! The double's time, which tests can stand still and move.

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
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}
