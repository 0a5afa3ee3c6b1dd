//! A rule on daily spend, as AWS Cost Anomaly Detection's monitors of services describe it: what a
//! service has cost on a day above what is usual for the weekday, if that is 40 % more at least. The
//! limit is in dollars of impact.
//!
//! <https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html>: service
//! monitors, impact in dollars and in percent (40 % is the default), and data that is up to 24 hours
//! late. AWS's model is not published; the median of the last four equal weekdays stands for it.

use super::spend::{Past, Spend};
use crate::runner::{Day, Scorer};
use domain::cost_event::CostEvent;
use jiff::Timestamp;

/// An impact of less than so much of what was expected is none.
const MIN_PART: f64 = 0.4;
/// Weeks that count as past.
const WEEKS: usize = 4;

/// Spend by service and day.
#[derive(Debug, Default)]
pub struct ServiceDays {
    spend: Spend,
    past: Past,
}

impl Scorer for ServiceDays {
    fn see(&mut self, event: &CostEvent) {
        self.spend.see(event);
    }

    fn end_of_day(&mut self, end: Timestamp) -> Vec<Day> {
        let ended = self.spend.end_of_day(end);
        let days = ended.iter().map(|&(service, spent)| {
            let expected = expected(&self.past.of(service));
            let impact = expected.map_or(0.0, |expected| impact(spent, expected));
            Day { service, end, spent, score: impact }
        });
        let days = days.collect();
        self.past.push(end, &ended);
        days
    }

    fn day_not_expected(&mut self, day: &Day) {
        self.past.replace(day.service, day.end, day.spent - day.score);
    }
}

fn impact(spent: f64, expected: f64) -> f64 {
    let impact = spent - expected;
    if impact >= MIN_PART * expected { impact } else { 0.0 }
}

/// The median of the last equal weekdays, in the first week of all days so far; `None` on the first
/// day.
fn expected(past: &[f64]) -> Option<f64> {
    let mut same: Vec<f64> = past.iter().rev().skip(6).step_by(7).take(WEEKS).copied().collect();
    if same.is_empty() {
        same = past.to_vec();
    }
    same.sort_by(f64::total_cmp);
    same.get(same.len() / 2).copied()
}
