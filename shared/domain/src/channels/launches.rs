//! How many resources the actor started within about one hour, and within about six, against the
//! usual peak of its days before.
//!
//! Counts are compared by twice their square root (Anscombe 1948): there a Poisson count has a spread
//! of one, whether it is 2 or 200.

use super::{Inputs, Observation, shrunk_mean};
use crate::fixed::Millionths;
use crate::habits::Measure;
use crate::words::counted;

/// Accounts at large: two launches on a day, and that counts as one day.
const PRIOR: i128 = 2_000_000;
const PRIOR_DAYS: i128 = 1;

pub(super) fn observe(observation: &Observation<'_>) -> Inputs {
    vec![
        ("hour_launches".into(), observation.now(Measure::LaunchesHour)),
        ("six_hours_launches".into(), observation.now(Measure::LaunchesSixHours)),
        ("days".into(), observation.usual.days.into()),
        ("hour_sum".into(), observation.sum(Measure::LaunchesHour)),
        ("six_hours_sum".into(), observation.sum(Measure::LaunchesSixHours)),
    ]
}

pub(super) fn value(inputs: &[i128]) -> Millionths {
    let &[hour, six_hours, days, hour_sum, six_hours_sum] = inputs else {
        return Millionths::ZERO;
    };
    let over = |now, sum| root(now) - root(shrunk_mean(sum, days, PRIOR, PRIOR_DAYS));
    Millionths::from_f64(over(hour, hour_sum).max(over(six_hours, six_hours_sum)))
}

/// `2√(x + 3/8)` of a count in millionths.
#[expect(clippy::cast_precision_loss, reason = "a count has fewer than 53 bits of millionths")]
fn root(count: i128) -> f64 {
    2.0 * libm::sqrt((count.max(0) as f64) / 1e6 + 0.375)
}

pub(super) fn tell(observation: &Observation<'_>) -> String {
    let whole = |millionths: i128| (millionths + 500_000) / 1_000_000;
    let (actor, days) = (&observation.event.actor.id, i128::from(observation.usual.days));
    let now = whole(observation.now(Measure::LaunchesSixHours)).max(1);
    let now = counted(u64::try_from(now).unwrap_or(u64::MAX), "resource");
    let started = format!("{actor} started about {now} within six hours");
    if days == 0 {
        return format!("{started}, and has no day before this to compare with");
    }
    let usual = whole(observation.sum(Measure::LaunchesSixHours) / days);
    format!("{started}; its usual peak is {usual} ({})", observation.over_days())
}
