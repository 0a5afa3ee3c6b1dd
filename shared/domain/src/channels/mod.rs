//! The score of an event: channels, each of which says how rarely something like it comes by chance.
//!
//! A channel turns what it sees into a value, and the value by a table into "once in so many
//! account-weeks", which count more or less by how often the channel is right. The score is the highest
//! of them, so it explains itself. A [`Term`] holds the whole numbers that went in: [`Term::recompute`]
//! gives the same again from the stored anomaly alone.
//! To add a channel, write its file and name it in [`CHANNELS`].

mod burst;
mod calibration;
#[expect(clippy::unreadable_literal, reason = "written by a program")]
mod calibration_table;
mod launches;
mod learned;
#[expect(clippy::unreadable_literal, reason = "written by a program")]
mod learned_trees;
mod novelty;
mod observation;
mod open_burn;
mod ramp;
mod rate;

pub use learned::features;
pub use learned_trees::FEATURES;
pub use observation::Observation;
pub(crate) use observation::kind_of;

use crate::fixed::Millionths;
use calibration::Curves;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// All channels, in the order in which terms are shown.
pub const CHANNELS: [Channel; 7] = [
    Channel {
        name: "rate",
        observe: rate::observe,
        value: rate::value,
        tell: rate::tell,
        curves: &calibration_table::RATE,
        trust: [35, 35, 25],
    },
    Channel {
        name: "burst_dollars",
        observe: burst::observe,
        value: burst::value,
        tell: burst::tell,
        curves: &calibration_table::BURST_DOLLARS,
        trust: [70, 70, 150],
    },
    Channel {
        name: "launch_rate",
        observe: launches::observe,
        value: launches::value,
        tell: launches::tell,
        curves: &calibration_table::LAUNCH_RATE,
        trust: [35, 35, 100],
    },
    Channel {
        name: "novelty",
        observe: novelty::observe,
        value: novelty::value,
        tell: novelty::tell,
        curves: &calibration_table::NOVELTY,
        trust: [140, 140, 150],
    },
    Channel {
        name: "burn_ramp",
        observe: ramp::observe,
        value: ramp::value,
        tell: ramp::tell,
        curves: &calibration_table::BURN_RAMP,
        trust: [20, 20, 100],
    },
    Channel {
        name: "open_burn",
        observe: open_burn::observe,
        value: open_burn::value,
        tell: open_burn::tell,
        curves: &calibration_table::OPEN_BURN,
        trust: [70, 70, 75],
    },
    Channel {
        name: "learned",
        observe: learned::observe,
        value: learned::value,
        tell: learned::tell,
        curves: &calibration_table::LEARNED,
        trust: [140, 140, 150],
    },
];

/// Name of the input that says which curve holds; the last of each term.
const AGE_CLASS: &str = "age_class";

/// One way of being unusual.
pub struct Channel {
    /// Stable name: of its flag, in the table and in JSON output.
    pub name: &'static str,
    /// Gathers the whole numbers that the value is computed from.
    observe: fn(&Observation<'_>) -> Inputs,
    /// From the inputs to the value: exact sums, and `libm` for logarithms and roots.
    value: fn(&[i128]) -> Millionths,
    /// Says in words what they mean.
    tell: fn(&Observation<'_>) -> String,
    /// From the value to account-weeks.
    curves: &'static Curves,
    /// What its account-weeks count, in hundredths, by the account's age class: a channel that is more
    /// often right may speak earlier. Found on development fleets, never on those of the report.
    trust: [i64; 3],
}

/// The whole numbers that a channel computes from, with their names.
type Inputs = Vec<(Cow<'static, str>, i128)>;

/// What one channel says about one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Name of the channel.
    pub name: Cow<'static, str>,
    /// How rare: by chance once in so many account-weeks.
    pub value: Millionths,
    /// What that counts: the channel's trust; 0 while its breaker is open.
    pub weight: Millionths,
    /// The whole numbers that the value was computed from.
    pub inputs: Vec<(Cow<'static, str>, i128)>,
    /// In words, with the numbers that matter; empty until somebody is told, see [`Score::tell`].
    pub text: String,
}

impl Term {
    /// What the term says, by how much its channel is trusted. The highest makes the score.
    pub fn points(&self) -> Millionths {
        self.value * self.weight
    }

    /// The value computed again from the stored inputs; `None` for a channel that this release
    /// does not know.
    pub fn recompute(&self) -> Option<Millionths> {
        let channel = channel(&self.name)?;
        let inputs: Vec<i128> = self.inputs.iter().map(|(_, value)| *value).collect();
        Some(channel.weeks(&inputs))
    }

    /// The channel's own value, before the table; 0 for a channel that this release does not know.
    pub fn raw(&self) -> Millionths {
        let inputs: Vec<i128> = self.inputs.iter().map(|(_, value)| *value).collect();
        channel(&self.name).map_or(Millionths::ZERO, |channel| channel.raw(&inputs))
    }

    /// The channel's trust in accounts of the age that the term is of.
    fn trust(&self) -> Millionths {
        let class = self.inputs.last().map_or(0, |(_, class)| *class);
        let class = usize::try_from(class.clamp(0, 2)).unwrap_or_default();
        channel(&self.name)
            .map_or(Millionths::ZERO, |channel| Millionths::hundredths(channel.trust[class]))
    }
}

/// The score of an event with every term that made it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Score {
    /// By chance once in so many account-weeks: the points of the term that decides.
    pub total: Millionths,
    /// One for each channel that counts.
    pub terms: Vec<Term>,
}

impl Score {
    /// Puts every term into words. Most events alert nobody, and words take longer than figures.
    pub fn tell(&mut self, observation: &Observation<'_>) {
        for term in &mut self.terms {
            term.text = channel(&term.name).map_or(String::new(), |each| (each.tell)(observation));
        }
    }

    /// The term that makes the score; the first of equals.
    pub fn decisive(&self) -> Option<&Term> {
        self.terms.iter().rev().max_by_key(|term| term.points())
    }

    /// Lets the highest term decide among channels that are not muted.
    pub(crate) fn decide_among(&mut self, muted: &BTreeSet<&'static str>) {
        for term in &mut self.terms {
            let speaks = !muted.contains(&*term.name);
            term.weight = if speaks { term.trust() } else { Millionths::ZERO };
        }
        self.total = highest(&self.terms);
    }
}

/// The highest points of some terms: the score that they make.
pub fn highest(terms: &[Term]) -> Millionths {
    terms.iter().map(Term::points).max().unwrap_or_default()
}

/// Scores an event against the past of its account, by the channels that are not off. The event must
/// not have been learned yet.
pub fn score(observation: &Observation<'_>, off: &BTreeSet<String>) -> Score {
    let count = CHANNELS.iter().filter(|channel| !off.contains(channel.name));
    let terms = count.map(|channel| channel.term(observation)).collect();
    let mut score = Score { total: Millionths::ZERO, terms };
    score.decide_among(&BTreeSet::new());
    score
}

/// The channel's own name, of a text that may come from a table.
pub(crate) fn name_of(name: &str) -> Option<&'static str> {
    channel(name).map(|channel| channel.name)
}

fn channel(name: &str) -> Option<&'static Channel> {
    CHANNELS.iter().find(|channel| channel.name == name)
}

impl Channel {
    fn term(&self, observation: &Observation<'_>) -> Term {
        let mut inputs = (self.observe)(observation);
        inputs.push((AGE_CLASS.into(), calibration::age_class(observation.age_hours)));
        let values: Vec<i128> = inputs.iter().map(|(_, value)| *value).collect();
        let (name, value) = (self.name.into(), self.weeks(&values));
        Term { name, value, weight: Millionths::ZERO, inputs, text: String::new() }
    }

    fn weeks(&self, inputs: &[i128]) -> Millionths {
        let class = inputs.last().copied().unwrap_or_default();
        calibration::weeks(self.curves, class, self.raw(inputs))
    }

    fn raw(&self, inputs: &[i128]) -> Millionths {
        let (_, inputs) = inputs.split_last().unwrap_or((&0, &[]));
        (self.value)(inputs)
    }
}

/// `ln((a + c) / (b + c))`, with all three in millionths; `a` and `b` not negative. The constant
/// keeps what is next to nothing from being many times nothing.
fn log_ratio(a: i128, b: i128, c: i128) -> f64 {
    log(a.max(0) + c) - log(b.max(0) + c)
}

#[expect(clippy::cast_precision_loss, reason = "a logarithm needs no more than 53 bits")]
fn log(value: i128) -> f64 {
    libm::log(value.max(1) as f64)
}

/// Mean of `n` values with so many more of a prior.
fn shrunk_mean(sum: i128, n: i128, prior: i128, prior_n: i128) -> i128 {
    (sum + prior * prior_n) / (n + prior_n).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_curve_rises_and_every_account_has_one() {
        for channel in &CHANNELS {
            for curve in channel.curves {
                assert!(!curve.is_empty(), "{}", channel.name);
                let rises = |pair: &[(i64, i64)]| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1;
                assert!(curve.windows(2).all(rises), "{}", channel.name);
            }
        }
    }

    #[test]
    fn names_are_those_of_the_flags() {
        let names: BTreeSet<&str> = CHANNELS.iter().map(|channel| channel.name).collect();
        assert_eq!(names.len(), CHANNELS.len());
        assert!(names.iter().all(|name| name_of(name) == Some(*name)));
        assert_eq!(name_of("safety_net"), None);
    }
}
