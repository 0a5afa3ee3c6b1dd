//! The product's own detector, as it stands: `domain::assessment::judge` over the account's life.

use crate::observed::may_alert;
use crate::rivals::Candidate;
use crate::runner::Scorer;
use domain::assessment::{AccountState, judge};
use domain::baseline::{Baseline, BaselineKey, History, Sums};
use domain::cost_event::CostEvent;
use domain::policy::Policy;
use std::collections::BTreeSet;

/// The product beside its rivals.
pub const OURS: Candidate =
    Candidate { name: "ours", about: "the product's detector", make: || Box::new(Ours::default()) };

/// An account's state, kept in memory.
#[derive(Debug, Default)]
pub struct Ours {
    state: AccountState,
    policy: Policy,
    known: BTreeSet<BaselineKey>,
}

impl Scorer for Ours {
    fn see(&mut self, event: &CostEvent) {
        if !may_alert(event) {
            judge(event.clone(), &mut self.state, &self.policy);
        }
    }

    /// The score that is compared with the threshold. What is above the highest absolute limit
    /// alerts whatever the threshold, what is too cheap never does, both as in the product. The lower
    /// limits that hold in an account's first days are part of the threshold that is looked for.
    fn score(&mut self, event: &CostEvent) -> f64 {
        let score = judge(event.clone(), &mut self.state, &self.policy).score.total;
        if event.hourly_change > self.policy.safety_net.critical {
            f64::INFINITY
        } else if event.hourly_change < self.policy.min_hourly {
            f64::NEG_INFINITY
        } else {
            score.to_f64()
        }
    }

    /// Takes the event out of its baselines again.
    fn not_expected(&mut self, event: &CostEvent) {
        let history = &self.state.history;
        self.known.extend(history.changes().map(|(key, ..)| key.clone()));
        let wrong = BaselineKey::of(event);
        let rate = Sums::of(event.hourly_change.micros());
        let without = |key: &BaselineKey| {
            let mut baseline: Baseline = history.get(key);
            if wrong.contains(key) {
                baseline.sums.subtract(&rate);
            }
            (key.clone(), baseline)
        };
        self.state.history = History::new(self.known.iter().map(without));
    }
}
