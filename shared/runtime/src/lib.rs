//! What every function has in common: settings read once, batches of messages, deadlines,
//! telemetry and secrets. [`lambda::serve`] puts them together.

pub mod aws;
pub mod batch;
pub mod deadline;
pub mod flags;
pub mod lambda;
pub mod secrets;
pub mod settings;
pub mod telemetry;
