//! Onboarding: from a link that was handed out to an account that is watched.

mod begin;
mod job;
mod report;

pub use begin::{MAX_WAITING, SetupSecrets, begin, quick_create_url};
pub use job::Job;
pub use report::{RehearsalReport, rehearsal_report};
