//! What every function has in common: settings read once, batches of messages, deadlines,
//! telemetry and secrets. [`lambda::serve`] puts them together.

pub mod aws;
pub mod batch;
pub mod deadline;
pub mod flags;
#[cfg(feature = "http")]
pub mod http;
pub mod in_time;
pub mod lambda;
pub mod pace;
pub mod secrets;
pub mod settings;
pub mod telemetry;
