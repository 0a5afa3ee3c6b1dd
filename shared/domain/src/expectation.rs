//! What somebody has said is expected, within limits and until a date: "forever, whatever the size"
//! would silence the thief who uses the same role.

use crate::cost_event::CostEvent;
use crate::habits::{Measure, Measures};
use crate::ids::Region;
use crate::money::{MicroUsd, Usd};
use jiff::Timestamp;

/// Events that need no alert. What is `None` fits everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// Identity, for people and for the table.
    pub id: String,
    /// `Actor::id`.
    pub actor: Option<String>,
    /// `p4d.24xlarge`.
    pub resource_type: Option<String>,
    /// Where.
    pub region: Option<Region>,
    /// At most so many resources that the actor starts within about an hour.
    pub max_count: Option<u64>,
    /// At most so many US dollars an hour that it starts within about an hour: a loop of small
    /// launches is no more expected than a large one.
    pub max_hourly: Usd,
    /// Holds until then.
    pub expires_at: Timestamp,
    /// Who said so.
    pub by: String,
}

/// How an expectation meets an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It covers the event.
    Covers,
    /// It would, but more was started than what was expected.
    TooLarge,
}

/// What an actor started within about an hour, the event at hand included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Burst {
    /// Resources.
    pub count: u64,
    /// US dollars an hour.
    pub hourly: Usd,
}

impl Burst {
    /// An event alone.
    pub fn of(event: &CostEvent) -> Self {
        Self { count: event.count(), hourly: event.hourly_change }
    }

    /// As measured; never less than the event alone.
    pub fn measured(event: &CostEvent, measures: &Measures) -> Self {
        let launches = measures[Measure::LaunchesHour as usize];
        let count = u64::try_from((launches + 500_000) / 1_000_000).unwrap_or_default();
        let hourly = MicroUsd(measures[Measure::Hour as usize]).usd();
        Self { count: count.max(event.count()), hourly: hourly.max(event.hourly_change) }
    }

    /// The larger of both, each by itself.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self { count: self.count.max(other.count), hourly: self.hourly.max(other.hourly) }
    }
}

impl Expectation {
    /// Whether it covers an event; `None` when it is about something else or has expired.
    pub fn fit(&self, event: &CostEvent, burst: Burst) -> Option<Fit> {
        let same =
            |expected: Option<&str>, actual: &str| expected.is_none_or(|text| text == actual);
        let about_it = same(self.actor.as_deref(), &event.actor.id)
            && same(self.resource_type.as_deref(), &event.resource_type)
            && same(self.region.as_ref().map(Region::as_str), event.region.as_str())
            && event.time < self.expires_at;
        let small_enough =
            self.max_count.is_none_or(|max| burst.count <= max) && burst.hourly <= self.max_hourly;
        about_it.then_some(if small_enough { Fit::Covers } else { Fit::TooLarge })
    }
}

/// The expectation that fits an event best: one that covers it before one that is too small.
pub fn best<'a>(
    expectations: &'a [Expectation],
    event: &CostEvent,
    burst: Burst,
) -> Option<(&'a Expectation, Fit)> {
    let fits = expectations.iter().filter_map(|each| Some((each, each.fit(event, burst)?)));
    fits.min_by_key(|(each, fit)| (*fit == Fit::TooLarge, each.id.clone()))
}
