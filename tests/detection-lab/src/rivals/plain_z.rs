//! A plain z-score: by how many standard deviations the logarithm of an event's $/h lies above the
//! mean of its service and type.
//!
//! Definition: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.17,
//! <https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm>.

use super::MIN_HOURLY;
use crate::observed::dollars;
use crate::runner::Scorer;
use domain::cost_event::CostEvent;
use domain::resource::Service;
use std::collections::HashMap;

/// Fewer events say nothing about what is usual.
pub(crate) const MIN_EVENTS: f64 = 5.0;
/// A spread of 10 % at least, so that what is always the same may differ by a little.
pub(crate) const MIN_SPREAD: f64 = 0.1;

/// Mean and variance of log $/h for each service and type.
#[derive(Debug, Default)]
pub struct PlainZ {
    of_type: HashMap<(Service, String), Moments>,
}

impl Scorer for PlainZ {
    fn score(&mut self, event: &CostEvent) -> f64 {
        if dollars(event) < MIN_HOURLY {
            return f64::NEG_INFINITY;
        }
        let past = self.of_type.get(&(event.service, event.resource_type.clone()));
        past.and_then(|past| past.z(log_rate(event))).unwrap_or(0.0)
    }

    fn learn(&mut self, event: &CostEvent) {
        let key = (event.service, event.resource_type.clone());
        self.of_type.entry(key).or_default().add(log_rate(event));
    }
}

/// Natural logarithm of an event's rate in US dollars an hour.
pub(crate) fn log_rate(event: &CostEvent) -> f64 {
    libm::log(dollars(event).max(1e-6))
}

/// Number, mean and sum of squared differences, by Welford's recurrence.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Moments {
    pub(crate) n: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    pub(crate) fn add(&mut self, x: f64) {
        self.n += 1.0;
        let difference = x - self.mean;
        self.mean += difference / self.n;
        self.squares += difference * (x - self.mean);
    }

    /// How many standard deviations above the mean; `None` with too few events.
    pub(crate) fn z(&self, x: f64) -> Option<f64> {
        let spread = libm::sqrt(self.squares / (self.n - 1.0).max(1.0)).max(MIN_SPREAD);
        (self.n >= MIN_EVENTS).then(|| (x - self.mean) / spread)
    }
}
