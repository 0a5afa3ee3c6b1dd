//! A fixed limit: the $/h of one event, whatever its past. What most budgets and scripts do.

use crate::observed::dollars;
use crate::runner::Scorer;
use domain::cost_event::CostEvent;

/// Knows nothing and learns nothing.
#[derive(Debug, Default)]
pub struct FixedRate;

impl Scorer for FixedRate {
    fn score(&mut self, event: &CostEvent) -> f64 {
        dollars(event)
    }
}
