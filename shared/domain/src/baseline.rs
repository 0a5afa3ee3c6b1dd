//! What is usual: integer sums for an account, a service, a type and an actor, which may be added
//! in any order and taken away again without a trace.

use crate::channels::kind_of;
use crate::cost_event::CostEvent;
use crate::fixed::Millionths;
use crate::habits::{self, Habits};
use crate::money::MicroUsd;
use crate::resource::Service;
use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Sums over the events that made an account pay more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Baseline {
    /// How many events, and their sums.
    pub sums: Sums,
    /// The dearest event so far, in micro-dollars an hour.
    pub max: MicroUsd,
    /// Time of the first event.
    pub first_at: Option<Timestamp>,
    /// Time of the last event.
    pub last_at: Option<Timestamp>,
    /// How readily this alerts, where somebody has said so.
    pub sensitivity: Option<Sensitivity>,
    /// How often somebody has changed that.
    pub version: u64,
}

/// Integer sums: order does not matter and nothing rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Number of events.
    pub n: i64,
    /// Σ of the rates, in micro-dollars an hour.
    pub micros: i128,
    /// Σ of the natural logarithms of the rates in micro-dollars, in millionths.
    pub logs: i128,
    /// Σ of the squares of those logarithms, in millionths of millionths.
    pub log_squares: i128,
}

/// How readily a baseline alerts: it moves the threshold, never the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sensitivity {
    /// Only what is far out.
    Low,
    /// The default.
    Medium,
    /// Already what is somewhat unusual.
    High,
}

impl Sensitivity {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// Word in the table and in policies.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The sensitivity with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sensitivity| sensitivity.code() == code)
    }
}

impl Sums {
    /// One event of this rate.
    pub fn of(rate: MicroUsd) -> Self {
        let log = i128::from(Millionths::ln(rate.0).0);
        Self { n: 1, micros: rate.0.into(), logs: log, log_squares: log * log }
    }

    /// Adds.
    pub fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.micros += other.micros;
        self.logs += other.logs;
        self.log_squares += other.log_squares;
    }

    /// Takes away what was once added: used when somebody says that an event was not expected.
    pub fn subtract(&mut self, other: &Self) {
        self.n -= other.n;
        self.micros -= other.micros;
        self.logs -= other.logs;
        self.log_squares -= other.log_squares;
    }

    /// Number of events, never negative.
    pub fn count(&self) -> u64 {
        u64::try_from(self.n).unwrap_or(0)
    }
}

/// Which baseline, within an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BaselineKey {
    /// Everything in the account.
    Account,
    /// One service.
    Service(Service),
    /// One type of one service.
    Type(Service, String),
    /// One actor, by a digest of its identity.
    Actor(String),
}

impl BaselineKey {
    /// The key of an actor.
    pub fn actor(id: &str) -> Self {
        let digest = Sha256::digest(id.as_bytes());
        let first = digest.iter().take(16).fold(0u128, |sum, byte| (sum << 8) | u128::from(*byte));
        Self::Actor(format!("{first:032x}"))
    }

    /// The four baselines that an event is compared with and added to.
    pub fn of(event: &CostEvent) -> [Self; 4] {
        [
            Self::Account,
            Self::Service(event.service),
            Self::Type(event.service, event.resource_type.clone()),
            Self::actor(&event.actor.id),
        ]
    }

    /// Sort key in the table.
    pub fn code(&self) -> String {
        match self {
            Self::Account => "_ACCOUNT".to_owned(),
            Self::Service(service) => service.code().to_owned(),
            Self::Type(service, name) => format!("{service}#{name}"),
            Self::Actor(digest) => format!("ACTOR#{digest}"),
        }
    }

    /// The key with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        if code == "_ACCOUNT" {
            return Some(Self::Account);
        }
        match code.split_once('#') {
            Some(("ACTOR", digest)) => Some(Self::Actor(digest.to_owned())),
            Some((service, name)) => {
                Some(Self::Type(Service::from_code(service)?, name.to_owned()))
            }
            None => Service::from_code(code).map(Self::Service),
        }
    }
}

/// The baselines of one account that a batch of events needs, and the habits of its actors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    baselines: BTreeMap<BaselineKey, Baseline>,
    learned: BTreeMap<BaselineKey, Sums>,
    habits: BTreeMap<BaselineKey, Habits>,
    habits_changed: BTreeSet<BaselineKey>,
    /// How many events each region of the account had.
    regions: BTreeMap<String, u64>,
}

impl History {
    /// What the table holds.
    pub fn new(stored: impl IntoIterator<Item = (BaselineKey, Baseline)>) -> Self {
        Self { baselines: stored.into_iter().collect(), ..Self::default() }
    }

    /// With what the table holds of actors' habits and of the account's regions.
    #[must_use]
    pub fn with_habits(
        self,
        habits: impl IntoIterator<Item = (BaselineKey, Habits)>,
        regions: BTreeMap<String, u64>,
    ) -> Self {
        Self { habits: habits.into_iter().collect(), regions, ..self }
    }

    /// The baseline with this key; an empty one if nothing was seen yet.
    pub fn get(&self, key: &BaselineKey) -> Baseline {
        self.baselines.get(key).copied().unwrap_or_default()
    }

    /// What the actor with this key is used to, if anything was seen of it.
    pub fn habits(&self, actor: &BaselineKey) -> Option<&Habits> {
        self.habits.get(actor)
    }

    /// What the actor with this key is used to, to be changed.
    pub fn habits_mut(&mut self, actor: &BaselineKey) -> &mut Habits {
        if !self.habits_changed.contains(actor) {
            self.habits_changed.insert(actor.clone());
        }
        self.habits.entry(actor.clone()).or_default()
    }

    /// How many events each region of the account had.
    pub const fn regions(&self) -> &BTreeMap<String, u64> {
        &self.regions
    }

    /// Adds an event to its four baselines, and its kind and region to what was seen.
    pub fn learn(&mut self, event: &CostEvent) {
        self.learn_under(BaselineKey::of(event), event);
    }

    /// [`Self::learn`], for those who have the keys already.
    pub(crate) fn learn_under(&mut self, keys: [BaselineKey; 4], event: &CostEvent) {
        let rate = event.hourly_change.micros();
        let sums = Sums::of(rate);
        habits::count_region(&mut self.regions, &event.region);
        let [.., actor] = &keys;
        self.habits_mut(actor).learn(&kind_of(event), &event.region, Millionths::ln(rate.0));
        for key in keys {
            let baseline = self.baselines.entry(key.clone()).or_default();
            baseline.sums.add(&sums);
            baseline.max = baseline.max.max(rate);
            baseline.first_at = Some(baseline.first_at.map_or(event.time, |at| at.min(event.time)));
            baseline.last_at = baseline.last_at.max(Some(event.time));
            self.learned.entry(key).or_default().add(&sums);
        }
    }

    /// Takes an event out again that somebody said was not expected. The dearest event and the times
    /// of the first and last stay: they are not sums.
    pub fn unlearn(&mut self, event: &CostEvent) {
        let rate = event.hourly_change.micros();
        let sums = Sums::of(rate);
        habits::uncount_region(&mut self.regions, &event.region);
        let keys = BaselineKey::of(event);
        let [.., actor] = &keys;
        self.habits_mut(actor).unlearn(&kind_of(event), &event.region, Millionths::ln(rate.0));
        for key in keys {
            self.baselines.entry(key.clone()).or_default().sums.subtract(&sums);
            self.learned.entry(key).or_default().subtract(&sums);
        }
    }

    /// What was learned since this was made: for each baseline the sums to add and its new state.
    pub fn changes(&self) -> impl Iterator<Item = (&BaselineKey, &Sums, Baseline)> {
        self.learned.iter().map(|(key, sums)| (key, sums, self.get(key)))
    }

    /// Actors whose habits have changed since this was made.
    pub fn changed_habits(&self) -> impl Iterator<Item = (&BaselineKey, &Habits)> {
        self.habits_changed.iter().filter_map(|key| self.habits.get_key_value(key))
    }

    /// Whether an account is too young for its statistics: fewer than 14 days or 20 events.
    pub fn cold_start(&self, now: Timestamp) -> bool {
        let account = self.get(&BaselineKey::Account);
        let old_enough = account.first_at.is_some_and(|first| {
            first.checked_add((14 * 24).hours()).is_ok_and(|grown| grown <= now)
        });
        !old_enough || account.sums.count() < 20
    }

    /// Sensitivity of the most specific baseline that has one: type, service, account.
    pub fn sensitivity(&self, keys: &[BaselineKey; 4]) -> Option<Sensitivity> {
        let [account, service, of_type, _] = keys;
        [of_type, service, account].into_iter().find_map(|key| self.get(key).sensitivity)
    }
}
