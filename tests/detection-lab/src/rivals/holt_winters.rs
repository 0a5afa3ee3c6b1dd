//! Holt-Winters: level, trend and a weekly season of a service's daily spend; unusual is a day that
//! lies many standard errors above its forecast.
//!
//! Definition: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 8.3, additive
//! method, <https://otexts.com/fpp3/holt-winters.html>.

use super::spend::{Past, Spend};
use crate::runner::{Day, Scorer};
use domain::cost_event::CostEvent;
use jiff::Timestamp;

const WEEK: usize = 7;
/// Smoothing of level, trend and season.
const ALPHA: f64 = 0.3;
const BETA: f64 = 0.05;
const GAMMA: f64 = 0.2;
/// Weight of the last day's error in the spread.
const ERROR_WEIGHT: f64 = 0.1;
/// A spread of so many dollars a day at least.
const MIN_SPREAD: f64 = 5.0;

/// Spend by service and day.
#[derive(Debug, Default)]
pub struct HoltWinters {
    spend: Spend,
    past: Past,
}

impl Scorer for HoltWinters {
    fn see(&mut self, event: &CostEvent) {
        self.spend.see(event);
    }

    fn end_of_day(&mut self, end: Timestamp) -> Vec<Day> {
        let ended = self.spend.end_of_day(end);
        let days = ended.iter().map(|&(service, spent)| {
            let score = forecast(&self.past.of(service)).map_or(0.0, |next| next.score(spent));
            Day { service, end, spent, score }
        });
        let days = days.collect();
        self.past.push(end, &ended);
        days
    }

    fn day_not_expected(&mut self, day: &Day) {
        let before: Vec<f64> = self.past.of_before(day.service, day.end);
        if let Some(next) = forecast(&before) {
            self.past.replace(day.service, day.end, next.expected.max(0.0));
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Forecast {
    expected: f64,
    spread: f64,
}

impl Forecast {
    fn score(self, spent: f64) -> f64 {
        (spent - self.expected) / self.spread.max(MIN_SPREAD)
    }
}

/// What the next day should cost; `None` before there is a whole week.
fn forecast(days: &[f64]) -> Option<Forecast> {
    let (first, rest) = days.split_at_checked(WEEK)?;
    let mut level = first.iter().sum::<f64>() / 7.0;
    let mut season: Vec<f64> = first.iter().map(|day| day - level).collect();
    let (mut trend, mut variance) = (0.0, 0.0);
    for (day, weekday) in rest.iter().zip((0..WEEK).cycle()) {
        let seasonal = season.get_mut(weekday)?;
        let error = day - (level + trend + *seasonal);
        variance += ERROR_WEIGHT * (error * error - variance);
        let before = level;
        level = ALPHA * (day - *seasonal) + (1.0 - ALPHA) * (level + trend);
        trend = BETA * (level - before) + (1.0 - BETA) * trend;
        *seasonal += GAMMA * (day - level - *seasonal);
    }
    let next = season.get(rest.len() % WEEK)?;
    Some(Forecast { expected: level + trend + next, spread: libm::sqrt(variance) })
}
