//! A login on this machine, for tests and for trying things out. It has the form of Cognito's: people
//! sign in on a page by choosing a name, and programs get tokens for it. [`github`] has the form of
//! GitHub's. Both refuse what the real ones refuse.
//!
//! [`LoginDouble`] has a port of its own; [`routes`] puts the same under somebody else's. Tokens that
//! are wrong in one way or another come from [`LoginState::mint`].

mod double;
mod form;
pub mod github;
mod key;
mod mint;
mod oauth;
mod page;
mod random;
mod routes;
mod session;
mod state;

pub use double::{Builder, LoginDouble};
pub use loopback::Clock;
pub use mint::Signed;
pub use routes::routes;
pub use state::{Flaw, LoginState, Settings};
