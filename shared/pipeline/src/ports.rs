//! All that a stage may ask of the outside, besides the table.

use crate::error::Failure;
use crate::notify::Notice;

/// Where people read alerts: Slack, a terminal, JSON lines.
pub trait Announce {
    /// Tells people. A notice may come twice after a crash, never not at all.
    fn announce(&mut self, notice: &Notice) -> Result<(), Failure>;
}
