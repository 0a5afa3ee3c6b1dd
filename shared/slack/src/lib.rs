//! Slack: cards as Block Kit messages ([`blocks`]), and posting them ([`client`]).
//!
//! What a card says is decided in [`domain::card`]. When to post, and what to do if that fails, is
//! the caller's: nothing is tried twice here.

pub mod blocks;
pub mod client;
#[cfg(feature = "double")]
pub mod double;
pub mod error;
#[cfg(feature = "double")]
pub mod limits;
mod markup;
