//! The document of flags: what each one is for, whose it is, since when, and for how many accounts.

use crate::names;
use crate::overrides::{Override, Overrides};
use crate::rollout;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeSet;

/// No release flag lives longer than this without somebody renewing it, in days.
pub const MAX_TTL_DAYS: u8 = 14;
/// No operational flag stays longer than this without somebody looking at it again, in days.
pub const MAX_REVIEW_DAYS: i32 = 180;

/// The flags that are compiled in: `shared/flags/flags.json`.
pub const COMPILED_IN: &str = include_str!("../flags.json");

/// One flag.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// `channel.rate`, `parser.ec2`, `detection.thresholds`.
    pub name: String,
    /// What is different when it is on.
    pub description: String,
    /// The team that renews or removes it.
    pub owner: String,
    /// What it decides.
    pub kind: Kind,
    /// The day on which it was made, UTC.
    pub created: Date,
    /// Whether it ends.
    pub lifetime: Lifetime,
    /// How many days it lives from `created` or from the last renewal, 1 to 14; only for
    /// [`Lifetime::Release`].
    pub ttl_days: Option<u8>,
    /// The day by which somebody asks again whether it is still needed, at most 180 days after
    /// `created` or the last renewal; only for [`Lifetime::Operational`].
    pub review_by: Option<Date>,
    /// For how many of a hundred accounts it is on; 0 to 100.
    pub rollout_percent: u8,
    /// What holds where it cannot be evaluated.
    pub default: Setting,
    /// What accounts outside and inside of the rollout get; only for [`Kind::Variant`].
    pub variants: Option<[String; 2]>,
    /// When and why it was given another term, or found to be still needed.
    #[serde(default)]
    pub renewed: Vec<Renewal>,
}

/// What a flag decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Whether a channel of detection counts.
    Channel,
    /// Whether calls of a service are read.
    Parser,
    /// Which of two behaviours holds.
    Variant,
}

/// Whether a flag ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lifetime {
    /// It brings something new to accounts: it ends with its term.
    Release,
    /// It stays as a switch for the night: somebody asks again from time to time whether it is needed.
    Operational,
}

/// A value of a flag.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Setting {
    /// Of a channel or parser.
    Switch(bool),
    /// Of a variant flag.
    Variant(String),
}

/// Another term for a flag, from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renewal {
    /// The day from which the new term runs, UTC.
    pub on: Date,
    /// Why the flag is still needed.
    pub reason: String,
}

/// Why a text is no document of flags.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not the JSON that it should be.
    #[error("flags cannot be read: {0}")]
    Json(String),
    /// Each flag with what is wrong about it.
    #[error("flags are refused: {}", .0.join("; "))]
    Faults(Vec<String>),
}

/// All flags, checked, with what is overridden for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    flags: Vec<Flag>,
    overrides: Overrides,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    flags: Vec<Flag>,
}

impl Document {
    /// The flags that are compiled in.
    pub fn compiled_in() -> Result<Self, Refused> {
        Self::read(COMPILED_IN)
    }

    /// Reads and checks a document. All faults are named at once.
    pub fn read(text: &str) -> Result<Self, Refused> {
        let Wire { flags } =
            serde_json::from_str(text).map_err(|error| Refused::Json(error.to_string()))?;
        let mut faults: Vec<String> = flags.iter().flat_map(faults_of).collect();
        faults.extend(faults_of_names(&flags));
        if faults.is_empty() {
            Ok(Self { flags, overrides: Overrides::default() })
        } else {
            Err(Refused::Faults(faults))
        }
    }

    /// The same flags with other rollouts for a while; see [`Overrides`] for the text. `now` bounds
    /// how far ahead an override may end.
    pub fn with_overrides(self, text: &str, now: Timestamp) -> Result<Self, Refused> {
        let overrides = Overrides::read(text, now, &self)?;
        Ok(Self { overrides, ..self })
    }

    /// All flags, in the order of the document.
    pub fn flags(&self) -> &[Flag] {
        &self.flags
    }

    /// The flag with this name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name == name)
    }

    /// What overrides a flag at a moment.
    pub fn overridden(&self, name: &str, at: Timestamp) -> Option<&Override> {
        self.overrides.of(name, at)
    }

    /// For how many of a hundred accounts a flag is on at a moment.
    pub fn rollout_percent(&self, flag: &Flag, at: Timestamp) -> u8 {
        self.overridden(&flag.name, at).map_or(flag.rollout_percent, |own| own.rollout_percent)
    }

    /// Whether an account has a flag on at a moment. That the flag's term is over changes nothing
    /// here: it fails the checks, not the product.
    pub fn is_on(&self, flag: &Flag, account: &str, at: Timestamp) -> bool {
        rollout::place(&flag.name, account) < self.rollout_percent(flag, at)
    }
}

type Rule = (&'static str, fn(&Flag) -> bool);

/// What is wrong, and how it shows.
const RULES: [Rule; 9] = [
    ("is about the safety net, which has no flag", |flag| names::is_of_the_safety_net(&flag.name)),
    ("has no description", |flag| flag.description.trim().is_empty()),
    ("has no team as its owner", |flag| !is_team(&flag.owner)),
    ("is a release flag: it has ttl_days, 1 to 14, and no review_by", |flag| {
        flag.lifetime == Lifetime::Release && !has_a_term(flag)
    }),
    ("is an operational flag: it has review_by, within 180 days, and no ttl_days", |flag| {
        flag.lifetime == Lifetime::Operational && !has_a_review(flag)
    }),
    ("is for 0 to 100 percent of the accounts", |flag| flag.rollout_percent > 100),
    ("is renewed without a reason", |flag| {
        flag.renewed.iter().any(|renewal| renewal.reason.trim().is_empty())
    }),
    ("is renewed in no order of days", |flag| !days(flag).is_sorted()),
    ("has a kind, a default and variants that do not fit", |flag| !is_of_its_kind(flag)),
];

fn faults_of(flag: &Flag) -> impl Iterator<Item = String> {
    let broken = RULES.iter().filter(|(_, breaks)| breaks(flag));
    broken.map(|(what, _)| format!("{} {what}", flag.name))
}

/// A flag that nobody asks for decides nothing; one that is asked for must be there, once.
fn faults_of_names(flags: &[Flag]) -> Vec<String> {
    let known = names::all();
    let mut seen = BTreeSet::new();
    let double = flags.iter().filter(|flag| !seen.insert(&flag.name));
    let mut faults: Vec<String> =
        double.map(|flag| format!("{} is there twice", flag.name)).collect();
    let unknown = flags.iter().filter(|flag| !known.contains(&flag.name));
    faults.extend(unknown.map(|flag| format!("{} is asked for nowhere", flag.name)));
    let missing = known.iter().filter(|name| !flags.iter().any(|flag| flag.name == **name));
    faults.extend(missing.map(|name| format!("{name} is missing")));
    faults
}

/// A word such as `detection`: people come and go.
fn is_team(owner: &str) -> bool {
    !owner.is_empty() && owner.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

fn has_a_term(flag: &Flag) -> bool {
    flag.ttl_days.is_some_and(|days| (1..=MAX_TTL_DAYS).contains(&days)) && flag.review_by.is_none()
}

fn has_a_review(flag: &Flag) -> bool {
    let within = |day: Date| (1..=MAX_REVIEW_DAYS).contains(&(day - flag.since()).get_days());
    flag.review_by.is_some_and(within) && flag.ttl_days.is_none()
}

fn days(flag: &Flag) -> Vec<Date> {
    let renewed = flag.renewed.iter().map(|renewal| renewal.on);
    std::iter::once(flag.created).chain(renewed).collect()
}

fn is_of_its_kind(flag: &Flag) -> bool {
    match (flag.kind, &flag.default, &flag.variants) {
        (Kind::Channel, Setting::Switch(_), None) => flag.name.starts_with("channel."),
        (Kind::Parser, Setting::Switch(_), None) => flag.name.starts_with("parser."),
        (Kind::Variant, Setting::Variant(default), Some(variants)) => variants.contains(default),
        _ => false,
    }
}
