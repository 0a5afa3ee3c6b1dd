//! What the product relies on, checked on each engine that is there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::panic, reason = "the same")]

mod accounts;
mod anomalies;
mod answers;
mod api_keys;
mod audit;
mod billing;
mod claims;
mod differences;
mod leaving;
mod limits;
mod members;
mod numbers;
mod pages;
mod policy;
mod purge;
mod record;
mod scores;
mod setups;
mod states;
mod stream;
mod table;
mod tasks;
mod tenants;
mod watch;
