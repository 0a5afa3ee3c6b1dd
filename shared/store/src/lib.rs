//! The single table `dd0c-cost-main` over the DynamoDB API: one implementation, whether the other
//! side is AWS or the engine embedded in this process.
//!
//! Writes that must happen once are one conditional transaction: [`Table::record`] for the
//! processor, [`Table::commit_scores`] for the scorer.

mod anomaly;
mod attribute;
mod baseline;
mod cost_event;
#[cfg(feature = "embedded")]
pub mod embedded;
mod expectation;
mod keys;
mod open_resource;
mod record;
mod scores;
mod table;
mod values;

pub use attribute::Corrupt;
pub use cost_event::Numbered;
pub use record::{Head, Recorded};
pub use scores::{Committed, Loaded};
pub use table::{StoreError, Table};
