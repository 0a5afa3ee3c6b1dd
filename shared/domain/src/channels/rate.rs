//! How many standard deviations the logarithm of the rate lies above what is usual for this actor
//! and type; with little past, above what is usual for the actor and service, for the service, and
//! for accounts at large.
//!
//! Each level is shrunk to the one above it by [`PRIOR_EVENTS`] pseudo-events.

use super::observation::{per_hour, times};
use super::{Inputs, Observation};
use crate::fixed::Millionths;

/// So many events of the level above count beside one's own.
const PRIOR_EVENTS: f64 = 3.5;
/// Accounts at large: $0.20 an hour, within a factor of three and a third.
const PRIOR_LOG: f64 = 12.206_07;
const PRIOR_SPREAD: f64 = 1.2;
/// A spread of 15 % at least: what differs less is never an outlier.
const MIN_SPREAD: f64 = 0.15;

pub(super) fn observe(observation: &Observation<'_>) -> Inputs {
    let (of_type, of_service) = (observation.actor_type, observation.actor_service);
    let service = observation.service.sums;
    let rate = observation.event.hourly_change.micros();
    vec![
        ("log_rate".into(), Millionths::ln(rate.0).0.into()),
        ("service_n".into(), service.n.into()),
        ("service_logs".into(), service.logs),
        ("service_log_squares".into(), service.log_squares),
        ("actor_service_n".into(), of_service.n.into()),
        ("actor_service_logs".into(), of_service.logs),
        ("actor_service_log_squares".into(), of_service.log_squares),
        ("actor_type_n".into(), of_type.n.into()),
        ("actor_type_logs".into(), of_type.logs),
        ("actor_type_log_squares".into(), of_type.log_squares),
    ]
}

pub(super) fn value(inputs: &[i128]) -> Millionths {
    let &[log_rate, ref levels @ ..] = inputs else { return Millionths::ZERO };
    let usual = usual(levels);
    Millionths::from_f64((real(log_rate) / 1e6 - usual.mean) / usual.spread().max(MIN_SPREAD))
}

pub(super) fn tell(observation: &Observation<'_>) -> String {
    let inputs: Vec<i128> = observe(observation).into_iter().map(|(_, value)| value).collect();
    let mean = usual(inputs.get(1..).unwrap_or_default()).mean;
    #[expect(clippy::cast_possible_truncation, reason = "a rate is far below 2^63 micro-dollars")]
    let usual = libm::round(libm::exp(mean)) as i128;
    let rate = observation.event.hourly_change.micros().0.into();
    format!(
        "{} at once is {} the {} that is usual for {} here",
        per_hour(rate),
        times(rate, usual),
        per_hour(usual),
        observation.kind()
    )
}

/// What is usual, as mean and variance of logarithms.
struct Normal {
    mean: f64,
    variance: f64,
}

impl Normal {
    fn spread(&self) -> f64 {
        libm::sqrt(self.variance)
    }

    /// Shrinks a level with `n` values to this one.
    fn under(&self, n: f64, sum: f64, squares: f64) -> Self {
        let weight = PRIOR_EVENTS + n;
        let mean = (PRIOR_EVENTS * self.mean + sum) / weight;
        let scatter = squares - 2.0 * mean * sum + n * mean * mean;
        let moved = self.mean - mean;
        let variance = (PRIOR_EVENTS * (self.variance + moved * moved) + scatter.max(0.0)) / weight;
        Self { mean, variance }
    }
}

fn usual(levels: &[i128]) -> Normal {
    let at_large = Normal { mean: PRIOR_LOG, variance: PRIOR_SPREAD * PRIOR_SPREAD };
    levels.chunks_exact(3).fold(at_large, |above, level| match *level {
        [n, logs, squares] => above.under(real(n), real(logs) / 1e6, real(squares) / 1e12),
        _ => above,
    })
}

#[expect(clippy::cast_precision_loss, reason = "beyond 53 bits no digit of a score depends on it")]
fn real(value: i128) -> f64 {
    value as f64
}
