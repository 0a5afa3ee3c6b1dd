//! A trail as the product sees it: read, priced, in the order of time, each event with the incident
//! that it is part of.

use crate::trail::{Archetype, Kind, Trail};
use cloudtrail::{Skip, Strictness, parse_record};
use domain::cost::cost;
use domain::cost_event::{CostEvent, CostEventId};
use domain::open_resource::OpenResources;
use domain::resource::Service;
use jiff::{Timestamp, ToSpan};
use pricing::Book;
use std::collections::{BTreeMap, BTreeSet};

/// One account's months, priced.
#[derive(Debug, Clone)]
pub struct Account {
    /// What kind of company it is.
    pub archetype: Archetype,
    /// First moment of the plan, UTC.
    pub start: Timestamp,
    /// Length in days.
    pub days: u32,
    /// In the order of time; no event twice.
    pub events: Vec<Observed>,
    /// What is wrong, under the numbers that events refer to.
    pub incidents: Vec<Costly>,
    /// Records that the reader broke off at: none, unless the generator is wrong.
    pub damaged: u64,
}

/// What one event did to the cost, and the incident that it is part of.
#[derive(Debug, Clone)]
pub struct Observed {
    /// As the product prices it.
    pub event: CostEvent,
    /// Index into [`Account::incidents`]; `None` for what must stay silent.
    pub incident: Option<usize>,
    /// The incident whose resources it ends or changes without being part of it.
    pub touches: Option<usize>,
}

impl Observed {
    /// Whether it is part of, or an answer to, an incident of this kind.
    pub fn is_about(&self, kind: Kind, incidents: &[Costly]) -> bool {
        let index = self.incident.or(self.touches);
        index.and_then(|index| incidents.get(index)).is_some_and(|incident| incident.kind == kind)
    }
}

/// An incident and what it costs over time.
#[derive(Debug, Clone)]
pub struct Costly {
    /// What.
    pub kind: Kind,
    /// Time of its first record.
    pub first: Timestamp,
    /// Time of its last record that starts or enlarges something.
    pub last: Timestamp,
    /// Services that it makes dearer.
    pub services: BTreeSet<Service>,
    /// Changes of its rate in US dollars an hour, in the order of time.
    pub changes: Vec<(Timestamp, f64)>,
}

impl Account {
    /// Reads and prices a trail that begins at `start` and lasts `days` days.
    pub fn observe(trail: &Trail, start: Timestamp, days: u32) -> Self {
        let incidents = trail.incidents.iter().map(|incident| Costly {
            kind: incident.kind,
            first: incident.first,
            last: incident.last,
            services: BTreeSet::new(),
            changes: Vec::new(),
        });
        let mut account = Self {
            archetype: trail.archetype,
            start,
            days,
            events: Vec::new(),
            incidents: incidents.collect(),
            damaged: 0,
        };
        account.read(trail);
        account
    }

    fn read(&mut self, trail: &Trail) {
        let mut resources = OpenResources::default();
        let mut owners = Owners::default();
        let mut seen = BTreeSet::new();
        let mut bytes = Vec::new();
        for labelled in &trail.records {
            bytes.clear();
            // Writing a value into memory does not fail; half a record would be damage below.
            let _ = serde_json::to_writer(&mut bytes, &labelled.record);
            match parse_record(&bytes, Strictness::Strict) {
                Ok(event) if seen.insert(event.id.clone()) => {
                    for event in cost(&event, Book::builtin(), &mut resources) {
                        self.take(event, labelled.incident, &mut owners);
                    }
                    resources.take_changed();
                }
                Ok(_) => {}
                Err(skip) => self.damaged += damage(&skip),
            }
        }
    }

    fn take(&mut self, event: CostEvent, incident: Option<usize>, owners: &mut Owners) {
        let mut touches = None;
        match incident {
            Some(index) => {
                let costly = event.costs_more().then_some(event.service);
                owners.0.insert(event.id.clone(), index);
                if let Some(incident) = self.incidents.get_mut(index) {
                    incident.services.extend(costly);
                    incident.changes.push((event.time, dollars(&event)));
                }
            }
            // What ends or changes resources of an incident need not be part of it.
            None => owners.each_effect(&event, |index, hourly| {
                touches = Some(index);
                if let Some(incident) = self.incidents.get_mut(index) {
                    incident.changes.push((event.time, hourly));
                }
            }),
        }
        self.events.push(Observed { event, incident, touches });
    }

    /// Last moment, UTC.
    pub fn end(&self) -> Timestamp {
        self.start + (i64::from(self.days) * 24).hours()
    }
}

/// Which incident a cost event belongs to.
#[derive(Default)]
struct Owners(BTreeMap<CostEventId, usize>);

impl Owners {
    fn each_effect(&self, event: &CostEvent, mut each: impl FnMut(usize, f64)) {
        for effect in &event.effects {
            if let Some(&index) = self.0.get(&effect.opened_by) {
                each(index, to_f64(effect.hourly.micros().0));
            }
        }
    }
}

fn damage(skip: &Skip) -> u64 {
    u64::from(skip.reason.is_damage())
}

/// The change of an event's account's rate in US dollars an hour.
pub fn dollars(event: &CostEvent) -> f64 {
    to_f64(event.hourly_change.micros().0)
}

#[expect(clippy::cast_precision_loss, reason = "a rate has fewer than 53 bits of micro-dollars")]
fn to_f64(micros: i64) -> f64 {
    micros as f64 / 1e6
}

/// Whether an event may alert at all: it costs more, and what it costs is known at all. The same
/// for every candidate.
pub fn may_alert(event: &CostEvent) -> bool {
    event.costs_more() && !event.estimate.older_than_watch()
}

/// Hours between two moments; negative when `to` is earlier.
#[expect(clippy::cast_precision_loss, reason = "months in milliseconds have fewer than 53 bits")]
pub fn hours(from: Timestamp, to: Timestamp) -> f64 {
    (to.as_millisecond() - from.as_millisecond()) as f64 / 3_600_000.0
}

impl Costly {
    /// Dollars that it costs between two moments: the integral of its rate.
    pub fn spent(&self, from: Timestamp, to: Timestamp) -> f64 {
        let mut sum = 0.0;
        let (mut rate, mut at) = (0.0_f64, from);
        for &(time, change) in &self.changes {
            let time = time.clamp(from, to.max(from));
            sum += rate.max(0.0) * hours(at, time);
            at = time;
            rate += change;
        }
        sum + rate.max(0.0) * hours(at, to).max(0.0)
    }

    /// Dollars of its first 24 hours.
    pub fn first_day(&self) -> f64 {
        self.spent(self.first, self.first + 24.hours())
    }

    /// Dollars of its first 24 hours that fall after an alert.
    pub fn first_day_after(&self, alert: Timestamp) -> f64 {
        let end = self.first + 24.hours();
        if alert < end { self.spent(alert.max(self.first), end) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn dollars_are_the_integral_of_the_rate() {
        let incident = Costly {
            kind: Kind::FatFinger,
            first: at("2026-01-05T10:00:00Z"),
            last: at("2026-01-05T12:00:00Z"),
            services: BTreeSet::new(),
            changes: vec![
                (at("2026-01-05T10:00:00Z"), 3.0),
                (at("2026-01-05T12:00:00Z"), 7.0),
                (at("2026-01-05T20:00:00Z"), -10.0),
            ],
        };
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} is not {b}");
        close(incident.first_day(), 2.0 * 3.0 + 8.0 * 10.0);
        close(incident.first_day_after(at("2026-01-05T11:00:00Z")), 3.0 + 80.0);
        close(incident.first_day_after(at("2026-01-05T19:30:00Z")), 5.0);
        close(incident.first_day_after(at("2026-01-07T00:00:00Z")), 0.0);
        close(incident.spent(at("2026-01-05T00:00:00Z"), at("2026-01-05T10:30:00Z")), 1.5);
    }
}
