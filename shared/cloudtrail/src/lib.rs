//! CloudTrail bytes in, resource events and skipped records with their reasons out; nothing is
//! dropped in silence.
//!
//! - [`Reader`] reads whole files: `.json`, `.json.gz`, `Records` files, JSON lines, EventBridge
//!   envelopes, the output of `aws cloudtrail lookup-events`. Memory is bounded whatever the size.
//! - [`parse_record`] and [`parse_envelope`] read one record, as it arrives on a bus. Beside records
//!   they read what EC2 itself says of its instances (`state_change.rs`).
//! - A parser, which is the file that reads the calls of a service, can be switched off for an
//!   account ([`IsOff`]): its records are then skipped and counted.
//! - [`coverage`] is the table of the calls that matter; `record.rs` opens with those that are
//!   priced.
//!
//! One record gives exactly one outcome: a [`domain::event::ResourceEvent`] or a [`Skip`]. Records
//! that share an `eventID` are not dropped here: the store decides what it has seen.

mod actor;
mod autoscaling;
mod commitment;
pub mod coverage;
mod ebs;
mod ec2;
mod elastic_ip;
mod envelope;
mod fleet;
mod guard;
mod json;
mod lambda;
mod loose;
mod nat;
pub mod patterns;
mod plausible;
mod rds;
mod read;
mod record;
pub mod rules;
pub mod selectors;
mod skip;
mod split;
mod state_change;

pub use coverage::coverage_markdown;
pub use envelope::{Distrust, Envelope, parse_envelope};
pub use read::{Counts, Item, Options, Reader};
pub use record::{IsOff, MAX_RECORD_BYTES, Strictness, parse_record, parsers};
pub use skip::{Caller, Skip, SkipReason};
pub use split::{Piece, Splitter};
