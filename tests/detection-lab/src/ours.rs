//! The product's own detector: the score of `domain::channels`, with the memory of
//! `domain::assessment` and the answers of `domain::answer`.

use crate::observed::{Account, may_alert};
use crate::rivals::Candidate;
use crate::runner::{Make, Scorer};
use domain::anomaly::Fold;
use domain::assessment::{AccountState, judge};
use domain::baseline::BaselineKey;
use domain::channels::{CHANNELS, Score};
use domain::cost_event::CostEvent;
use domain::decision::Delivery;
use domain::habits::Measures;
use domain::policy::Policy;
use std::collections::BTreeSet;

/// The product as it is delivered.
pub const OURS: Candidate = Candidate {
    name: "ours",
    about: "the product's detector, with its flags as they are delivered",
    make: || Box::new(Ours::without(&["learned"], the_score)),
};

/// The product with the learned channel switched on.
pub const LEARNED: Candidate = Candidate {
    name: "ours-learned",
    about: "the product's detector with the learned channel switched on",
    make: || Box::new(Ours::without(&[], the_score)),
};

/// Whether a candidate is the product, in one form or the other.
pub fn is_ours(candidate: &Candidate) -> bool {
    [OURS.name, LEARNED.name].contains(&candidate.name)
}

/// Each channel alone, by its own value before the table: for calibration, and to see what each one
/// is worth.
pub const CHANNELS_ALONE: [Make; CHANNELS.len()] =
    [alone::<0>, alone::<1>, alone::<2>, alone::<3>, alone::<4>, alone::<5>, alone::<6>];

fn alone<const N: usize>() -> Box<dyn Scorer> {
    let others: Vec<&str> =
        CHANNELS.iter().enumerate().filter(|(n, _)| *n != N).map(|(_, each)| each.name).collect();
    let raw = |score: &Score| score.terms.first().map_or(0.0, |term| term.raw().to_f64());
    Box::new(Ours { net: false, ..Ours::without(&others, raw) })
}

fn the_score(score: &Score) -> f64 {
    score.total.to_f64()
}

/// An account's state, kept in memory.
pub struct Ours {
    state: AccountState,
    policy: Policy,
    value: fn(&Score) -> f64,
    /// Whether what is above the highest absolute limit alerts whatever its score.
    net: bool,
    measures: Measures,
}

impl Ours {
    fn without(off: &[&str], value: fn(&Score) -> f64) -> Self {
        let channels_off: BTreeSet<String> = off.iter().map(|&name| name.to_owned()).collect();
        let policy = Policy { channels_off, ..Policy::default() };
        let (state, measures) = (AccountState::default(), Measures::default());
        Self { state, policy, value, net: true, measures }
    }

    fn live_through(&mut self, event: &CostEvent, unusual: bool) {
        self.state.live_through(event, BaselineKey::of(event), self.measures, unusual);
    }
}

impl Scorer for Ours {
    fn see(&mut self, event: &CostEvent) {
        if !may_alert(event) {
            self.live_through(event, false);
        }
    }

    /// The score that is compared with the threshold. What is above the highest absolute limit
    /// alerts whatever the threshold, what is too cheap never does, both as in the product. The lower
    /// limits that hold in an account's first days are part of the threshold that is looked for.
    fn score(&mut self, event: &CostEvent) -> f64 {
        let looked = self.state.look_at(event, &BaselineKey::of(event), &self.policy);
        self.measures = looked.measures;
        if self.net && event.hourly_change > self.policy.safety_net.critical {
            f64::INFINITY
        } else if looked.burst.hourly < self.policy.min_hourly {
            f64::NEG_INFINITY
        } else {
            (self.value)(&looked.score)
        }
    }

    fn learn(&mut self, event: &CostEvent) {
        self.live_through(event, false);
    }

    fn alerted(&mut self, event: &CostEvent) {
        self.live_through(event, true);
    }

    fn expected(&mut self, event: &CostEvent) {
        let actor = BaselineKey::actor(&event.actor.id);
        self.state.history.habits_mut(&actor).expected(event.time, event.time);
    }

    fn not_expected(&mut self, event: &CostEvent) {
        let actor = BaselineKey::actor(&event.actor.id);
        self.state.history.habits_mut(&actor).not_expected(event.time, event.time);
        self.state.history.unlearn(event);
    }
}

/// An alert as the whole product gives it, without anybody's answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Alerted {
    /// The event.
    pub event: String,
    /// The anomaly that it began or joined.
    pub anomaly: String,
    /// Whether it began one.
    pub new: bool,
    /// Account-weeks; `None` beyond the events that an anomaly keeps whole.
    pub score: Option<f64>,
}

/// All alerts of an account's life under the policy and the flags that are delivered, as `replay`
/// prints them.
pub fn alerts(account: &Account) -> Vec<Alerted> {
    let (mut state, policy) = (AccountState::default(), Policy::default());
    let mut alerts = Vec::new();
    for observed in &account.events {
        let assessment = judge(observed.event.clone(), &mut state, &policy);
        let Some((anomaly, fold)) = assessment.outcome.alert else { continue };
        let stored = state.anomalies.get(&anomaly);
        let sent = stored.is_some_and(|anomaly| anomaly.delivery == Delivery::Send);
        let kept = stored.is_some_and(|anomaly| {
            anomaly.members.iter().any(|member| member.id == assessment.event.id)
        });
        if sent {
            alerts.push(Alerted {
                event: assessment.event.id.event.to_string(),
                anomaly,
                new: fold == Fold::New,
                score: kept.then(|| assessment.decision.score.to_f64()),
            });
        }
    }
    alerts
}
