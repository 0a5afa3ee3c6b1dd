//! Stripe: the seven calls that we need ([`client`]), and what Stripe tells us ([`door`]).
//!
//! What follows from an answer is decided in [`pipeline::billing`]. A call is tried three times at
//! most; what takes longer than that is a queue's work.

mod answer;
pub mod client;
#[cfg(feature = "door")]
pub mod door;
pub mod error;
mod form;
mod lazy;
mod secrets;
mod transport;

pub use client::Stripe;
pub use lazy::LazyStripe;
pub use secrets::StripeSecrets;

/// The version of the API in which all of this is written. Stripe answers in it whatever the account
/// is set to.
pub const VERSION: &str = "2025-03-31.basil";

/// A name of Stripe's: letters, digits and underscores. It stands in keys and addresses.
fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=128).contains(&text.len()) && text.bytes().all(plain)
}
