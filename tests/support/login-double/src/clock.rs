//! The double's time, which tests can stand still and move.

use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};

/// A clock; clones are the same clock.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// `None` for the machine's own.
    start: Option<Timestamp>,
    moved: Arc<Mutex<SignedDuration>>,
}

impl Clock {
    /// One that stands at a moment until it is moved.
    pub fn at(start: Timestamp) -> Self {
        Self { start: Some(start), moved: Arc::default() }
    }

    /// Moves it forward; the machine's clock too, as seen from here.
    pub fn advance(&self, by: SignedDuration) {
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        *moved = moved.saturating_add(by);
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        let moved = *self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let start = self.start.unwrap_or_else(Timestamp::now);
        start.saturating_add(moved).unwrap_or(start)
    }
}
