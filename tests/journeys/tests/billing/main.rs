//! A tenant and his money: what he may have, what he pays, and what becomes of it when he does not,
//! whatever goes wrong in between.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod dunning;
mod events;
mod faults;
mod leaving;
mod upgrade;
