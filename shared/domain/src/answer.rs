//! Feedback: what somebody says of an anomaly, and what is learned from it.
//!
//! "Expected" makes what alerted usual, and says for a time, within limits, that more of it needs no
//! alert. "Not expected" takes it out of everything that was learned. What nobody answers for a week
//! counts as usual from then on ([`crate::habits::HELD_FOR`]), but never as expected.

use crate::anomaly::Anomaly;
use crate::assessment::AccountState;
use crate::baseline::BaselineKey;
use crate::cost_event::CostEvent;
use crate::expectation::Expectation;
use crate::money::Usd;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// "Expected" holds for so long unless somebody says otherwise: 90 days.
pub const EXPECTED_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);
/// "Expected" covers half as much again as what it was said of, in tenths.
const SLACK_TENTHS: u64 = 15;

/// What somebody says of an anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It was meant to be: the alert was not worth it.
    Expected,
    /// It was not meant to be: the alert was right.
    NotExpected,
}

impl Answer {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Expected, Self::NotExpected];

    /// Word in the table and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::NotExpected => "not_expected",
        }
    }

    /// The answer with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.code() == code)
    }
}

/// An answer, by whom and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What was said.
    pub answer: Answer,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl AccountState {
    /// Takes an answer about one of the anomalies at hand. `events` are all of its events. Gives the
    /// expectations that hold from now on, and those that hold no more: an answer may be changed.
    /// The same answer again changes nothing.
    pub fn answer(
        &mut self,
        anomaly: &str,
        events: &[CostEvent],
        answered: Answered,
        until: Timestamp,
    ) -> Vec<Expectation> {
        let Some(about) = self.anomalies.get_mut(anomaly) else { return Vec::new() };
        let before = about.answered.as_ref().map(|before| before.answer);
        if before == Some(answered.answer) {
            return Vec::new();
        }
        let answer = answered.answer;
        // What is taken back covers nothing more, of a past that is replayed neither.
        let until = if answer == Answer::Expected { until } else { about.first_at };
        let expectations = match (answer, before) {
            (Answer::Expected, _) | (_, Some(Answer::Expected)) => {
                expectations(about, &answered.by, until)
            }
            _ => Vec::new(),
        };
        about.answered = Some(answered);
        let (from, to) = (about.first_at, about.last_at);
        let actor = BaselineKey::actor(&about.actor.id);
        self.changed.insert(anomaly.to_owned());
        let taught = events.iter().filter(|event| event.costs_more());
        match (answer, before) {
            (Answer::Expected, before) => {
                self.history.habits_mut(&actor).expected(from, to);
                if before.is_some() {
                    taught.for_each(|event| self.history.learn(event));
                }
            }
            (Answer::NotExpected, _) => {
                self.history.habits_mut(&actor).not_expected(from, to);
                taught.for_each(|event| self.history.unlearn(event));
            }
        }
        expectations
    }
}

/// One expectation for each type and region of an anomaly: half as much again as its actor started
/// within an hour. The same anomaly gives the same names, so that a later answer replaces them.
fn expectations(anomaly: &Anomaly, by: &str, until: Timestamp) -> Vec<Expectation> {
    let kinds: BTreeSet<_> =
        anomaly.members.iter().map(|member| (&member.resource_type, &member.region)).collect();
    let burst = anomaly.burst;
    let most = Usd::new(burst.hourly.amount() * Decimal::new(SLACK_TENTHS.cast_signed(), 1));
    let kinds = kinds.into_iter().enumerate();
    kinds
        .map(|(nth, (resource_type, region))| Expectation {
            id: format!("{}-{nth}", anomaly.id),
            actor: Some(anomaly.actor.id.clone()),
            resource_type: Some(resource_type.clone()),
            region: Some(region.clone()),
            max_count: Some(burst.count * SLACK_TENTHS / 10),
            max_hourly: most,
            expires_at: until,
            by: by.to_owned(),
        })
        .collect()
}
