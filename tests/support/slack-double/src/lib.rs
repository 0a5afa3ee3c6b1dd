//! A Slack on this machine, for tests and for trying things out: it refuses what Slack would
//! refuse, keeps what was posted, acts as people do, and fails when it is told to.
//!
//! [`Double`] has a port of its own; [`routes`] puts the same under somebody else's. The program
//! `slack-double` is steered by HTTP ([`control`]).

mod arguments;
mod authorize;
pub mod control;
mod double;
mod events;
mod fault;
pub mod limits;
mod message;
mod oauth;
mod people;
mod preview;
mod refusal;
mod response_url;
mod routes;
mod sending;
mod settings;
mod signature;
mod state;
mod web_api;
mod webhook;
mod workspace;
mod world;

pub use double::{Builder, Double};
pub use fault::Fault;
pub use loopback::Clock;
pub use message::{Author, Kept};
pub use oauth::CODE_VALID;
pub use refusal::Refusal;
pub use response_url::{USES as RESPONSE_URL_USES, VALID as RESPONSE_URL_VALID};
pub use routes::routes;
pub use sending::{Exchange, Mischief};
pub use settings::{
    APP_ID, BOT_ID, BOT_NAME, BOT_USER, CLIENT_ID, CLIENT_SECRET, SCOPES, SIGNING_SECRET, Settings,
};
pub use signature::signature;
pub use state::{Impossible, Installed, SlackState};
pub use workspace::{CHANNEL, Channel, Person, TOKEN, WORKSPACE};
pub use world::{Record, Refused};
