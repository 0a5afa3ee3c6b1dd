//! From a link that was handed out to an account that is watched, and stays so.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod checks;
mod connecting;
mod house;
mod messages;
mod past;
mod played;
mod proofs;
mod purge;
mod refused;
mod resumed;
mod scans;
mod stalled;
mod told;
