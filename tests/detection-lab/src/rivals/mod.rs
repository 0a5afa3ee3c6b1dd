//! What the detector has to beat: each rival in its own file, with the definition that it follows.
//!
//! A rival keeps what alerted out of what it learns until somebody has said that it was expected, as
//! the runner gives it. None sees cheaper events than the product does: see [`MIN_HOURLY`].

pub mod ewma;
pub mod features;
pub mod fixed_rate;
pub mod holt_winters;
pub mod isolation_forest;
pub mod mad;
pub mod plain_z;
pub mod random_cut_forest;
pub mod service_days;
pub mod spend;
pub mod z_novelty;

use crate::runner::{Make, Scorer};

/// Below this many US dollars an hour an event, or what its actor started within an hour, alerts
/// nobody: the product's own floor, given to the rivals too, since it makes each of them stronger.
pub const MIN_HOURLY: f64 = 0.5;

/// A detector in the comparison.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Short name, as `--candidates` takes it.
    pub name: &'static str,
    /// What it is, for the report.
    pub about: &'static str,
    /// A new one, for one account.
    pub make: Make,
}

/// Every rival, from simple to elaborate.
pub const RIVALS: [Candidate; 9] = [
    Candidate {
        name: "fixed",
        about: "fixed limit on the $/h of an event",
        make: || Box::new(fixed_rate::FixedRate),
    },
    Candidate {
        name: "z",
        about: "z-score of log $/h for each service and type",
        make: || boxed::<plain_z::PlainZ>(),
    },
    Candidate {
        name: "z-novelty",
        about: "the same with type and actor novelty: the literal requirement",
        make: || boxed::<z_novelty::ZNovelty>(),
    },
    Candidate {
        name: "mad",
        about: "median and median absolute deviation of log $/h",
        make: || boxed::<mad::Mad>(),
    },
    Candidate {
        name: "ewma",
        about: "EWMA control chart of the dollars that an actor starts in an hour",
        make: || boxed::<ewma::Ewma>(),
    },
    Candidate {
        name: "iforest",
        about: "Isolation Forest, trained daily on a window",
        make: || boxed::<isolation_forest::IsolationForest>(),
    },
    Candidate {
        name: "rcf",
        about: "Random Cut Forest on the stream of events",
        make: || boxed::<random_cut_forest::RandomCutForest>(),
    },
    Candidate {
        name: "days",
        about: "daily spend of a service against the same weekday, with AWS's delay",
        make: || boxed::<service_days::ServiceDays>(),
    },
    Candidate {
        name: "holt-winters",
        about: "Holt-Winters with a weekly season on the daily spend of a service, same delay",
        make: || boxed::<holt_winters::HoltWinters>(),
    },
];

fn boxed<S: Scorer + Default + 'static>() -> Box<dyn Scorer> {
    Box::new(S::default())
}
