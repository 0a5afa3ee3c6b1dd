//! The double does as Slack does.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod app;
mod events;
mod limits;
mod oauth;
mod people;
mod preview;
mod program;
mod web_api;
