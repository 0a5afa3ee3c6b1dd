//! The modified z-score: 0.6745 × (x − median) / MAD of log $/h for each service and type.
//!
//! Definition: Iglewicz and Hoaglin (1993), as in the NIST/SEMATECH e-Handbook, 1.3.5.17,
//! <https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm>.

use super::MIN_HOURLY;
use super::plain_z::{MIN_SPREAD, log_rate};
use crate::observed::dollars;
use crate::runner::Scorer;
use domain::cost_event::CostEvent;
use domain::resource::Service;
use std::collections::{HashMap, VecDeque};

const MIN_EVENTS: usize = 5;
/// The last so many events of a type are its past.
const WINDOW: usize = 200;
/// The standard deviation of a normal distribution is so many MADs.
const MADS: f64 = 1.4826;

/// The last log rates of each service and type.
#[derive(Debug, Default)]
pub struct Mad {
    of_type: HashMap<(Service, String), VecDeque<f64>>,
}

impl Scorer for Mad {
    fn score(&mut self, event: &CostEvent) -> f64 {
        if dollars(event) < MIN_HOURLY {
            return f64::NEG_INFINITY;
        }
        let past = self.of_type.get(&(event.service, event.resource_type.clone()));
        past.filter(|past| past.len() >= MIN_EVENTS)
            .map_or(0.0, |past| modified_z(log_rate(event), past))
    }

    fn learn(&mut self, event: &CostEvent) {
        let key = (event.service, event.resource_type.clone());
        let past = self.of_type.entry(key).or_default();
        past.push_back(log_rate(event));
        if past.len() > WINDOW {
            past.pop_front();
        }
    }
}

fn modified_z(x: f64, past: &VecDeque<f64>) -> f64 {
    let mut values: Vec<f64> = past.iter().copied().collect();
    let median = median(&mut values);
    let mut distances: Vec<f64> = past.iter().map(|value| (value - median).abs()).collect();
    let spread = (MADS * self::median(&mut distances)).max(MIN_SPREAD);
    (x - median) / spread
}

/// The upper median; reorders the values.
fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    let (_, median, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    *median
}
