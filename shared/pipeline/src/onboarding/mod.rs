//! Onboarding: from a link that was handed out to an account that is watched, and that stays so.

mod begin;
mod check;
mod connect;
mod job;
mod jobs;
mod past;
mod proof;
mod report;
mod scan;
mod stack;
mod verdict;
mod watched;
mod worker;

pub use begin::{MAX_WAITING, SetupSecrets, begin, quick_create_url};
pub use check::look_soon;
pub use job::Job;
pub use jobs::Jobs;
pub use past::MAX_RECORDS;
pub use report::{RehearsalReport, rehearsal_report};
pub use worker::{Worked, Worker};
