//! How new a type or an actor is to the account: 1 when never seen, 1/2 after one event, 1/10 after
//! nine.

use super::{Inputs, Observation};
use crate::baseline::Baseline;
use crate::fixed::Millionths;

pub(super) fn of_type(observation: &Observation<'_>) -> Inputs {
    seen(&observation.of_type)
}

pub(super) fn of_actor(observation: &Observation<'_>) -> Inputs {
    seen(&observation.actor)
}

fn seen(past: &Baseline) -> Inputs {
    vec![("seen".into(), past.sums.count().into())]
}

pub(super) fn tell_type(observation: &Observation<'_>) -> String {
    tell(&observation.of_type, &observation.kind())
}

pub(super) fn tell_actor(observation: &Observation<'_>) -> String {
    tell(&observation.actor, &observation.event.actor.id)
}

fn tell(past: &Baseline, what: &str) -> String {
    match past.sums.count() {
        0 => format!("{what} was never seen in this account before"),
        1 => format!("{what} was seen once before"),
        seen => format!("{what} was seen {seen} times before"),
    }
}

pub(super) fn value(inputs: &[i128]) -> Millionths {
    let seen = inputs.first().and_then(|&seen| u64::try_from(seen).ok());
    seen.map_or(Millionths::ZERO, Millionths::one_over_one_plus)
}
