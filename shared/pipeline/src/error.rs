//! Ways to fail: worth another try, now or later, or never.

use std::time::Duration;
use store::StoreError;

/// Why a stage did not finish.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The same input may succeed later: hand it back to the queue.
    #[error("{0}; trying again may help")]
    Retry(String),
    /// The same input may succeed, but not before this has passed.
    #[error("{1}; to be tried again in {0:?}")]
    Later(Duration, String),
    /// Nobody can be reached until somebody has put something right; the text says what.
    #[error("{0}")]
    Closed(String),
    /// The same, and not in any channel: the right to post is gone.
    #[error("{0}")]
    Gone(String),
    /// The same input will never succeed: put it aside with this reason.
    #[error("{0}")]
    Reject(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) => Self::Retry(error.to_string()),
            StoreError::Corrupt { .. } | StoreError::TooLarge(_) | StoreError::Refused(_) => {
                Self::Reject(error.to_string())
            }
        }
    }
}
