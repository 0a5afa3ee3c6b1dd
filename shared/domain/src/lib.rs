//! The product's rules as plain types and plain functions: no I/O, async, clock, environment, AWS
//! or serde. The same input gives the same output, bit for bit, on every machine.
//!
//! Begin with [`assessment`].

pub mod anomaly;
pub mod answer;
pub mod api_key;
pub mod assessment;
pub mod baseline;
pub mod breaker;
pub mod card;
pub mod channels;
pub mod cost;
pub mod cost_event;
pub mod decision;
pub mod event;
pub mod expectation;
pub mod fixed;
pub mod governance;
pub mod habits;
pub mod health;
pub mod how_to_stop;
pub mod ids;
pub mod money;
pub mod open_resource;
pub mod plan;
pub mod policy;
pub mod price;
pub mod recompute;
pub mod resource;
pub mod sealed;
pub mod setup;
pub mod tenant;
pub mod told;
pub mod watch;
pub mod words;
pub mod zombie;
