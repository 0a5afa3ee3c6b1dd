//! Made-up CloudTrail records after the real shapes: calls as an account makes them, with all the
//! fields around them that a reader has to walk past.
//!
//! Everything is determined by its arguments: the same calls give the same bytes.

#![recursion_limit = "256"]

mod call;
mod calls;
mod database;
pub mod fleet;
mod function;
mod lifecycle;
pub mod past;
mod setting_up;
pub mod story;

pub use call::{Call, Caller, Record, envelope};
