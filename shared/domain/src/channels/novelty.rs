//! How new region, actor and type are to the account: the sum of −ln p, weighted by what the actor
//! started within about an hour, so that cheap novelty never pages.
//!
//! p is the share of the account's events, smoothed: in an account that is new itself, nothing is
//! news.

use super::{Inputs, Observation, log};
use crate::fixed::Millionths;
use crate::habits::Measure;
use crate::words::counted;

/// Events that an account is taken to have had before its first, in millionths.
const ACCOUNT_PRIOR: i128 = 3_000_000;
/// The part of them that was just like this one, in millionths.
const SEEN_PRIOR: i128 = 300_000;
/// One unit of weight: $0.20 an hour.
const UNIT: i128 = 200_000;

pub(super) fn observe(observation: &Observation<'_>) -> Inputs {
    vec![
        ("hour_micros".into(), observation.now(Measure::Hour)),
        ("account_n".into(), observation.account.sums.n.into()),
        ("region_n".into(), observation.region_seen.into()),
        ("actor_n".into(), observation.actor.sums.n.into()),
        ("type_n".into(), observation.of_type.sums.n.into()),
    ]
}

pub(super) fn value(inputs: &[i128]) -> Millionths {
    let &[hour, account, ref seen @ ..] = inputs else { return Millionths::ZERO };
    let all = log(account * 1_000_000 + ACCOUNT_PRIOR);
    let rare = |n: &i128| (all - log(n * 1_000_000 + SEEN_PRIOR)).max(0.0);
    let rarity: f64 = seen.iter().map(rare).sum();
    Millionths::from_f64(rarity * (log(hour.max(0) + UNIT) - log(UNIT)))
}

pub(super) fn tell(observation: &Observation<'_>) -> String {
    let parts = [
        (observation.region_seen, observation.event.region.to_string()),
        (observation.actor.sums.count(), observation.event.actor.id.clone()),
        (observation.of_type.sums.count(), observation.kind()),
    ];
    let all = counted(observation.account.sums.count(), "event");
    let new: Vec<&str> =
        parts.iter().filter(|(seen, _)| *seen == 0).map(|(_, what)| what.as_str()).collect();
    let least = parts.iter().min_by_key(|(seen, _)| *seen);
    match (new.as_slice(), least) {
        ([], Some((seen, what))) => {
            format!("{what} was seen {} in {all} of this account", counted(*seen, "time"))
        }
        ([one], _) => format!("{one} was never seen in this account before ({all})"),
        (several, _) => {
            format!("never seen in this account before: {} ({all})", several.join(", "))
        }
    }
}
