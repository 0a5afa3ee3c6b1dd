//! What the actor has running at once, against the usual peak of its days before.

use super::observation::{per_hour, times};
use super::{Inputs, Observation, log_ratio, shrunk_mean};
use crate::fixed::Millionths;
use crate::habits::Measure;

/// Accounts at large: $0.50 an hour, and that counts as two days.
const PRIOR: i128 = 500_000;
const PRIOR_DAYS: i128 = 2;

pub(super) fn observe(observation: &Observation<'_>) -> Inputs {
    vec![
        ("open_micros".into(), observation.now(Measure::Open)),
        ("days".into(), observation.usual.days.into()),
        ("open_sum".into(), observation.sum(Measure::Open)),
    ]
}

pub(super) fn value(inputs: &[i128]) -> Millionths {
    let &[open, days, sum] = inputs else { return Millionths::ZERO };
    Millionths::from_f64(log_ratio(open, shrunk_mean(sum, days, PRIOR, PRIOR_DAYS), PRIOR))
}

pub(super) fn tell(observation: &Observation<'_>) -> String {
    let (open, days) = (observation.now(Measure::Open), i128::from(observation.usual.days));
    let running = format!("{} has {} running", observation.event.actor.id, per_hour(open));
    if days == 0 {
        return format!("{running}, and has no day before this to compare with");
    }
    let usual = observation.sum(Measure::Open) / days;
    format!("{running}, {} its usual peak of {}", times(open, usual), per_hour(usual))
}
