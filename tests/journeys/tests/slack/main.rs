//! A tenant and his Slack: what people read, press and ask, whatever goes wrong in between.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cards;
mod chat;
mod digests;
mod door;
mod receivers;
mod rooms;
