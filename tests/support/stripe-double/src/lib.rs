//! A Stripe on this machine, for tests and for trying things out: it refuses what Stripe would
//! refuse, people subscribe and pay on its pages, its time can be moved on, and it tells the app what
//! has changed, in any order that a test asks for.
//!
//! [`Double`] has a port of its own; [`routes`] puts the same under somebody else's. The program
//! `stripe-double` is steered by HTTP ([`control`]).

mod api;
pub mod control;
mod double;
mod events;
mod fault;
mod fields;
mod pages;
mod people;
mod refusal;
mod routes;
mod settings;
mod signature;
mod state;
mod world;

pub use double::{Builder, Double};
pub use events::{Delivery, Exchange};
pub use fault::Fault;
pub use loopback::Clock;
pub use people::Card;
pub use refusal::Refusal;
pub use routes::routes;
pub use settings::{API_KEY, PERIOD, PRICE, Settings, WEBHOOK_SECRET};
pub use signature::signature;
pub use state::{Impossible, StripeState};
pub use world::{Asked, Event, Status, Subscription};
