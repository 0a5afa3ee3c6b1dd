//! How new a type or an actor is to the account: 1 when never seen, 1/2 after one event, 1/10 after
//! nine.

use super::{Observation, Observed};
use crate::baseline::Baseline;
use crate::fixed::Millionths;

pub(super) fn of_type(observation: &Observation<'_>) -> Observed {
    observed(&observation.of_type, &observation.kind())
}

pub(super) fn of_actor(observation: &Observation<'_>) -> Observed {
    observed(&observation.actor, &observation.event.actor.id)
}

fn observed(past: &Baseline, what: &str) -> Observed {
    let seen = past.sums.count();
    let text = match seen {
        0 => format!("{what} was never seen in this account before"),
        1 => format!("{what} was seen once before"),
        _ => format!("{what} was seen {seen} times before"),
    };
    Observed { inputs: vec![("seen", seen.into())], text }
}

pub(super) fn value(inputs: &[i128]) -> Millionths {
    let seen = inputs.first().and_then(|&seen| u64::try_from(seen).ok());
    seen.map_or(Millionths::ZERO, Millionths::one_over_one_plus)
}
