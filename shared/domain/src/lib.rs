//! The product's rules as plain types and plain functions: no I/O, async, clock, environment, AWS
//! or serde. The same input gives the same output, bit for bit, on every machine.

pub mod event;
pub mod ids;
pub mod price;
pub mod resource;
