//! An EWMA control chart: dollars an hour that an actor started in the running hour, against the
//! exponentially weighted mean and variance of his hours so far, idle ones included.
//!
//! Definition: NIST/SEMATECH e-Handbook, 6.3.2.4,
//! <https://www.itl.nist.gov/div898/handbook/pmc/section3/pmc324.htm>; the variance by Finch (2009),
//! "Incremental calculation of weighted mean and variance". By actor rather than by service,
//! which finds far fewer.

use super::MIN_HOURLY;
use crate::observed::dollars;
use crate::runner::Scorer;
use domain::cost_event::CostEvent;
use std::collections::HashMap;

/// Weight of the last hour: a memory of about two weeks.
const LAMBDA: f64 = 1.0 / 168.0;
/// Idle hours after which nothing changes any more.
const MAX_IDLE: i64 = 24 * 60;
/// A spread of so many dollars an hour at least.
const MIN_SPREAD: f64 = 0.5;

/// One chart for each actor.
#[derive(Debug, Default)]
pub struct Ewma {
    actors: HashMap<String, Chart>,
}

#[derive(Debug, Default)]
struct Chart {
    mean: f64,
    variance: f64,
    /// The hour that runs, what was started in it, and what of that may be learned.
    hour: i64,
    started: f64,
    usual: f64,
}

impl Scorer for Ewma {
    fn score(&mut self, event: &CostEvent) -> f64 {
        let hour = event.time.as_second().div_euclid(3_600);
        let first = || Chart { hour, ..Chart::default() };
        let chart = self.actors.entry(event.actor.id.clone()).or_insert_with(first);
        chart.advance(hour);
        chart.started += dollars(event);
        if chart.started < MIN_HOURLY {
            return f64::NEG_INFINITY;
        }
        (chart.started - chart.mean) / libm::sqrt(chart.variance).max(MIN_SPREAD)
    }

    /// What was expected after all is learned in the hour of the answer.
    fn learn(&mut self, event: &CostEvent) {
        if let Some(chart) = self.actors.get_mut(&event.actor.id) {
            chart.usual += dollars(event);
        }
    }
}

impl Chart {
    /// Learns every hour that is over.
    fn advance(&mut self, hour: i64) {
        if hour <= self.hour {
            return;
        }
        self.absorb(self.usual);
        let idle = (hour - self.hour - 1).min(MAX_IDLE);
        (0..idle).for_each(|_| self.absorb(0.0));
        (self.hour, self.started, self.usual) = (hour, 0.0, 0.0);
    }

    fn absorb(&mut self, x: f64) {
        let difference = x - self.mean;
        let step = LAMBDA * difference;
        self.mean += step;
        self.variance = (1.0 - LAMBDA) * (self.variance + difference * step);
    }
}
