//! The score of an event: channels, each of which says in a term how unusual the event is and why.
//!
//! A channel is a function from an observation to a [`Term`]. A term holds the whole numbers that
//! went in, so that [`Term::recompute`] gives the same value again from the stored anomaly alone.
//! To add a channel, write its file and name it in [`CHANNELS`].

mod novelty;
mod z_score;

use crate::baseline::{Baseline, BaselineKey, History};
use crate::cost_event::CostEvent;
use crate::fixed::Millionths;
use std::borrow::Cow;

/// All channels with their weights, in the order in which terms are shown. This is the one place
/// of weights.
pub const CHANNELS: [Channel; 3] = [
    Channel {
        name: "cost_z",
        weight: Millionths::hundredths(100),
        observe: z_score::observe,
        tell: z_score::tell,
        value: z_score::value,
    },
    Channel {
        name: "type_novelty",
        weight: Millionths::hundredths(150),
        observe: novelty::of_type,
        tell: novelty::tell_type,
        value: novelty::value,
    },
    Channel {
        name: "actor_novelty",
        weight: Millionths::hundredths(100),
        observe: novelty::of_actor,
        tell: novelty::tell_actor,
        value: novelty::value,
    },
];

/// One way of being unusual.
pub struct Channel {
    /// Stable name in the table and in JSON output.
    pub name: &'static str,
    /// What its value counts in the score.
    pub weight: Millionths,
    /// Gathers the inputs of an observation.
    observe: fn(&Observation<'_>) -> Inputs,
    /// Says in words what they mean.
    tell: fn(&Observation<'_>) -> String,
    /// From the inputs to the value: pure whole-number arithmetic and IEEE square roots.
    value: fn(&[i128]) -> Millionths,
}

/// An event beside what is usual for it, before the event is learned.
pub struct Observation<'a> {
    /// The event.
    pub event: &'a CostEvent,
    /// Past of its service in the account.
    pub service: Baseline,
    /// Past of its type in the account.
    pub of_type: Baseline,
    /// Past of its actor in the account.
    pub actor: Baseline,
}

impl<'a> Observation<'a> {
    /// An event beside the baselines under its keys.
    pub fn new(event: &'a CostEvent, keys: &[BaselineKey; 4], history: &History) -> Self {
        let [_, service, of_type, actor] = keys.each_ref().map(|key| history.get(key));
        Self { event, service, of_type, actor }
    }

    /// What kind of thing it is about: `ec2 m5.large`, `nat-gateway`.
    fn kind(&self) -> String {
        let (service, name) = (self.event.service.code(), self.event.resource_type.as_str());
        if service == name { name.to_owned() } else { format!("{service} {name}") }
    }
}

/// The whole numbers that a channel computes from, with their names.
type Inputs = Vec<(Cow<'static, str>, i128)>;

/// What one channel says about one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Name of the channel.
    pub name: Cow<'static, str>,
    /// How unusual.
    pub value: Millionths,
    /// What the value counts in the score.
    pub weight: Millionths,
    /// The whole numbers that the value was computed from.
    pub inputs: Vec<(Cow<'static, str>, i128)>,
    /// In words, with the numbers that matter; empty until somebody is told, see [`Score::tell`].
    pub text: String,
}

impl Term {
    /// What the term adds to the score.
    pub fn points(&self) -> Millionths {
        self.value * self.weight
    }

    /// The value computed again from the stored inputs; `None` for a channel that this release
    /// does not know.
    pub fn recompute(&self) -> Option<Millionths> {
        let channel = CHANNELS.iter().find(|channel| channel.name == self.name)?;
        Some(value_of(channel, &self.inputs))
    }
}

/// The score of an event with every term that made it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Score {
    /// Sum of the points of all terms.
    pub total: Millionths,
    /// One for each channel.
    pub terms: Vec<Term>,
}

impl Score {
    /// Puts every term into words. Most events alert nobody, and words take longer than figures.
    pub fn tell(&mut self, observation: &Observation<'_>) {
        for (term, channel) in self.terms.iter_mut().zip(&CHANNELS) {
            term.text = (channel.tell)(observation);
        }
    }
}

/// Scores an event against the past of its account. The event must not have been learned yet.
pub fn score(observation: &Observation<'_>) -> Score {
    let terms: Vec<Term> = CHANNELS.iter().map(|channel| channel.term(observation)).collect();
    Score { total: terms.iter().map(Term::points).sum(), terms }
}

impl Channel {
    fn term(&self, observation: &Observation<'_>) -> Term {
        let inputs = (self.observe)(observation);
        let value = value_of(self, &inputs);
        Term { name: self.name.into(), value, weight: self.weight, inputs, text: String::new() }
    }
}

fn value_of(channel: &Channel, inputs: &[(Cow<'static, str>, i128)]) -> Millionths {
    let inputs: Vec<i128> = inputs.iter().map(|(_, value)| *value).collect();
    (channel.value)(&inputs)
}
