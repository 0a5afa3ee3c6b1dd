//! A small gradient-boosted model over what the other channels see, as a static table. It only ever
//! makes more of a higher rate, burst or count, and less of what was seen before.
//!
//! Trained by `tests/detection-lab/learned/train.py` on made-up accounts; see there. It stands beside
//! the other channels and never below them: the score is the highest of all.

use super::learned_trees::{FEATURES, Node, TREES};
use super::{Inputs, Observation, log, log_ratio, shrunk_mean};
use crate::fixed::Millionths;
use crate::habits::Measure;
use std::borrow::Cow;

/// Constants that keep what is next to nothing from being many times nothing.
const DOLLARS: i128 = 300_000;
const LAUNCHES: i128 = 1_000_000;
const PRIOR_DAYS: i128 = 2;

/// What the model looks at, in millionths, under the names of [`FEATURES`].
pub fn features(observation: &Observation<'_>) -> [i64; FEATURES.len()] {
    let days = i128::from(observation.usual.days);
    let now = |measure| observation.now(measure);
    let over_mean = |measure| {
        let usual = shrunk_mean(observation.sum(measure), days, DOLLARS, PRIOR_DAYS);
        log_ratio(now(measure), usual, DOLLARS)
    };
    let over_most = |measure, least| log_ratio(now(measure), observation.most(measure), least);
    let old_days = i128::from(observation.usual.old_days);
    let old = i128::from(observation.usual.old_sum) / old_days.max(1);
    let rate = i128::from(observation.event.hourly_change.micros().0);
    let count = i128::from(observation.event.count()).max(1);
    let seen = |n: i64| log(i128::from(n.max(0)) * 1_000_000 + 1_000_000) - log(1_000_000);
    let counted = |n: u64| seen(i64::try_from(n).unwrap_or(i64::MAX));
    [
        over_mean(Measure::Hour),
        over_most(Measure::Hour, DOLLARS),
        over_mean(Measure::SixHours),
        over_most(Measure::SixHours, DOLLARS),
        if old_days == 0 { 0.0 } else { log_ratio(now(Measure::FourDays), old, DOLLARS) },
        log(now(Measure::FourDays)),
        log(now(Measure::LaunchesHour) + LAUNCHES),
        log(now(Measure::LaunchesSixHours) + LAUNCHES),
        over_most(Measure::LaunchesHour, LAUNCHES),
        over_most(Measure::LaunchesSixHours, LAUNCHES),
        over_mean(Measure::Open),
        log(rate),
        log(rate / count),
        log_ratio(rate, observation.account.max.0.into(), 50_000),
        seen(observation.actor_type.n),
        counted(observation.actor_region_seen),
        seen(observation.of_type.sums.n),
        counted(observation.region_seen),
        seen(observation.actor.sums.n),
        seen(observation.account.sums.n),
        seen(observation.age_hours),
        seen(observation.actor_age_hours),
        seen(observation.usual.days),
        f64::from(u8::from(observation.event.launcher.is_some())),
    ]
    .map(|feature| Millionths::from_f64(feature).0)
}

pub(super) fn observe(observation: &Observation<'_>) -> Inputs {
    let values = features(observation);
    let named = FEATURES.iter().zip(values);
    named.map(|(name, value)| (Cow::Borrowed(*name), i128::from(value))).collect()
}

pub(super) fn value(inputs: &[i128]) -> Millionths {
    Millionths(TREES.iter().map(|tree| leaf(tree, inputs)).sum())
}

/// Walks down a tree: to the left where the feature is at most the split.
fn leaf(tree: &[Node], inputs: &[i128]) -> i64 {
    let mut node = tree.first();
    while let Some(Node::Split { feature, at, left, right }) = node {
        let value = inputs.get(usize::from(*feature)).copied().unwrap_or_default();
        let next = if value <= i128::from(*at) { left } else { right };
        node = tree.get(usize::from(*next));
    }
    match node {
        Some(Node::Leaf(value)) => (*value).into(),
        _ => 0,
    }
}

pub(super) fn tell(observation: &Observation<'_>) -> String {
    format!(
        "taken together, what {} does looks more like an incident than like everyday life",
        observation.event.actor.id
    )
}
