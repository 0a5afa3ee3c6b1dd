//! A customer's AWS account, looked at by the role that he made for us. A few dozen kinds of calls,
//! all of them reads, signed by AWS's own signer and sent by one HTTP client: every call has a time
//! limit, a bounded answer and three tries, and an account that keeps failing rests.
//!
//! Begin with [`CustomerCloud`]. What is called stands in `operation.rs`; nothing else can be.

mod aws_error;
mod checks;
mod circuit;
mod client;
mod endpoint;
mod input;
mod node;
mod operation;
mod own;
mod pages;
mod policy_document;
mod random;
mod role;
mod rules;
mod scan;
mod session;
mod sign;
mod template;
mod trail;
mod transport;
mod when;

pub use client::{CustomerCloud, Limits};
pub use operation::{actions, denied_on_purpose};
pub use own::{OwnCredentials, SettingsError};
pub use template::{ALLOWED, DENIED};
