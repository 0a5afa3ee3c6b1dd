//! An event as a point, for the forests: rate, count, hour, weekday, how rare actor, type and region
//! are, and what its actor has launched within an hour.

use crate::observed::dollars;
use domain::cost_event::CostEvent;
use domain::resource::Service;
use jiff::Timestamp;
use std::collections::{HashMap, VecDeque};

/// Number of coordinates.
pub const DIMENSIONS: usize = 9;
/// An event as a point; all coordinates of about equal range.
pub type Point = [f64; DIMENSIONS];

/// What has to be remembered to make points.
#[derive(Debug, Default)]
pub struct Features {
    events: f64,
    actors: HashMap<String, f64>,
    types: HashMap<(Service, String), f64>,
    regions: HashMap<String, f64>,
    last_hour: HashMap<String, VecDeque<(Timestamp, f64, f64)>>,
}

/// A point and the dollars an hour that its actor has started within an hour.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// The coordinates.
    pub point: Point,
    /// US dollars an hour.
    pub started: f64,
}

impl Features {
    /// The point of an event, by what is usual so far and what happens now.
    pub fn describe(&mut self, event: &CostEvent) -> Described {
        let (launched, started) = self.within_an_hour(event);
        let zoned = event.time.to_zoned(jiff::tz::TimeZone::UTC);
        let hour = f64::from(zoned.hour()) / 24.0 * core::f64::consts::TAU;
        let seen =
            |n: Option<&f64>| libm::log((n.copied().unwrap_or(0.0) + 0.5) / (self.events + 1.0));
        let point = [
            libm::log(dollars(event).max(1e-3)),
            libm::log(count(event)),
            libm::sin(hour),
            libm::cos(hour),
            f64::from(zoned.weekday().to_monday_zero_offset()) / 3.0,
            seen(self.actors.get(&event.actor.id)),
            seen(self.types.get(&(event.service, event.resource_type.clone()))),
            seen(self.regions.get(event.region.as_str())),
            libm::log1p(launched) + libm::log1p(started),
        ];
        Described { point, started }
    }

    /// Counts an event among the usual ones.
    pub fn learn(&mut self, event: &CostEvent) {
        self.events += 1.0;
        *self.actors.entry(event.actor.id.clone()).or_default() += 1.0;
        let key = (event.service, event.resource_type.clone());
        *self.types.entry(key).or_default() += 1.0;
        *self.regions.entry(event.region.as_str().to_owned()).or_default() += 1.0;
    }

    /// Resources and dollars an hour that the actor has started within an hour, this event included.
    fn within_an_hour(&mut self, event: &CostEvent) -> (f64, f64) {
        let recent = self.last_hour.entry(event.actor.id.clone()).or_default();
        recent.push_back((event.time, count(event), dollars(event)));
        let old = event.time.as_second() - 3_600;
        while recent.pop_front_if(|(time, ..)| time.as_second() <= old).is_some() {}
        let sum =
            |(n, rate), &(_, count, hourly): &(Timestamp, f64, f64)| (n + count, rate + hourly);
        recent.iter().fold((0.0, 0.0), sum)
    }
}

fn count(event: &CostEvent) -> f64 {
    f64::from(u32::try_from(event.count()).unwrap_or(u32::MAX)).max(1.0)
}
