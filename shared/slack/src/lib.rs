//! Slack: cards as Block Kit messages ([`blocks`]), and posting them ([`client`]).
//!
//! What a card says is decided in [`domain::card`]. When to post, and what to do if that fails, is
//! the caller's: nothing is tried twice here.

mod announce;
pub mod blocks;
pub mod client;
#[cfg(feature = "door")]
pub mod door;
mod draft;
pub mod error;
mod kit;
mod markup;
#[cfg(feature = "door")]
pub mod oauth;
mod pace;
pub mod respond;
mod transport;

pub use client::{API_URL, Credential, Slack, SlackConfig, Workspaces};
