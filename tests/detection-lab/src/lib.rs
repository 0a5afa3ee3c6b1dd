//! The lab that proves the detector: a seeded generator of months of account activity as real
//! CloudTrail records, the incidents in it with labels, rivals to beat, and the report.

pub mod generate;
pub mod trail;
