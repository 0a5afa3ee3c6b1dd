//! What the actor started within about four days, against the same sum as it stood on days that lie
//! at least five days back: so a slow ramp cannot teach itself.

use super::observation::{per_hour, times};
use super::{Inputs, Observation, log_ratio};
use crate::fixed::Millionths;
use crate::habits::Measure;

/// Fewer days say nothing about what is usual.
const MIN_DAYS: i128 = 3;
/// What differs by less than a dollar an hour is no ramp.
const FLOOR: i128 = 1_000_000;

pub(super) fn observe(observation: &Observation<'_>) -> Inputs {
    vec![
        ("four_days_micros".into(), observation.now(Measure::FourDays)),
        ("old_days".into(), observation.usual.old_days.into()),
        ("old_sum".into(), observation.usual.old_sum.into()),
    ]
}

pub(super) fn value(inputs: &[i128]) -> Millionths {
    match *inputs {
        [now, days, sum] if days >= MIN_DAYS => {
            Millionths::from_f64(log_ratio(now, sum / days, FLOOR))
        }
        _ => Millionths::ZERO,
    }
}

pub(super) fn tell(observation: &Observation<'_>) -> String {
    let (now, days) = (observation.now(Measure::FourDays), observation.usual.old_days);
    let started =
        format!("{} started {} within four days", observation.event.actor.id, per_hour(now));
    if i128::from(days) < MIN_DAYS {
        return format!("{started}; too few of its days lie five days back to compare with");
    }
    let usual = i128::from(observation.usual.old_sum) / i128::from(days);
    format!("{started}, {} the {} of more than five days ago", times(now, usual), per_hour(usual))
}
