//! How calls go wrong.

use serde::{Deserialize, Serialize};

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing is done; the answer is this status.
    Status(u16),
    /// Nothing is done; the answer is this status, and it is kept for the call's key.
    Kept(u16),
    /// It is done; the answer is a 500 all the same.
    LoseAnswer,
}
