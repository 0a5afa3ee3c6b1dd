//! Onboarding: from a link that was handed out to an account that is watched.

mod job;

pub use job::Job;
