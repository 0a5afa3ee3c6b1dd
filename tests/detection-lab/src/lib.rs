//! The lab that proves the detector: a seeded generator of months of account activity as real
//! CloudTrail records, the incidents in it with labels, rivals to beat, and the report.

pub mod evaluate;
pub mod feedback;
pub mod generate;
pub mod json;
pub mod metrics;
pub mod observed;
pub mod ours;
pub mod plot;
pub mod report;
pub mod rivals;
pub mod runner;
pub mod search;
pub mod trail;
