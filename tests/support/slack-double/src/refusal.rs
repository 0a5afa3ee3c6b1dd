//! Slack's word for what is wrong, and what it says of it.

/// Why something is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Slack's word: `invalid_blocks`.
    pub code: &'static str,
    /// What it is about, for whoever reads a failed test.
    pub why: String,
}

impl Refusal {
    /// A word and what it is about.
    pub fn new(code: &'static str, why: impl Into<String>) -> Self {
        Self { code, why: why.into() }
    }
}
