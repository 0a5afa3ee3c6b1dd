//! Dollars an hour that the actor started within about one hour, and within about six, against the
//! usual peak of its days before.

use super::observation::{per_hour, times};
use super::{Inputs, Observation, log_ratio, shrunk_mean};
use crate::fixed::Millionths;
use crate::habits::Measure;

/// Accounts at large: an actor starts $0.30 an hour on a day, and that counts as two days.
const PRIOR: i128 = 300_000;
const PRIOR_DAYS: i128 = 2;

pub(super) fn observe(observation: &Observation<'_>) -> Inputs {
    vec![
        ("hour_micros".into(), observation.now(Measure::Hour)),
        ("six_hours_micros".into(), observation.now(Measure::SixHours)),
        ("days".into(), observation.usual.days.into()),
        ("hour_sum".into(), observation.sum(Measure::Hour)),
        ("six_hours_sum".into(), observation.sum(Measure::SixHours)),
    ]
}

pub(super) fn value(inputs: &[i128]) -> Millionths {
    let &[hour, six_hours, days, hour_sum, six_hours_sum] = inputs else {
        return Millionths::ZERO;
    };
    let over = |now, sum| log_ratio(now, shrunk_mean(sum, days, PRIOR, PRIOR_DAYS), PRIOR);
    Millionths::from_f64(over(hour, hour_sum).max(over(six_hours, six_hours_sum)))
}

pub(super) fn tell(observation: &Observation<'_>) -> String {
    let days = observation.usual.days.into();
    let usual = |measure| shrunk_mean(observation.sum(measure), days, PRIOR, PRIOR_DAYS);
    let ratio = |measure| observation.now(measure) * 1_000 / usual(measure).max(1);
    let by_hour = ratio(Measure::Hour) >= ratio(Measure::SixHours);
    let (measure, within) =
        if by_hour { (Measure::Hour, "an hour") } else { (Measure::SixHours, "six hours") };
    let (now, actor) = (observation.now(measure), &observation.event.actor.id);
    let started = format!("{actor} started {} within {within}", per_hour(now));
    if days == 0 {
        return format!("{started}, and has no day before this to compare with");
    }
    let usual = observation.sum(measure) / days;
    let (times, over) = (times(now, usual), observation.over_days());
    format!("{started}, {times} its usual peak of {} ({over})", per_hour(usual))
}
