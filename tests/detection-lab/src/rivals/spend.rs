//! Daily spend of each service: what runs, by the rate of its cost events, over the hours of a day.

use crate::observed::{dollars, hours};
use domain::cost_event::CostEvent;
use domain::resource::Service;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The rate of each service now and what it has cost today.
#[derive(Debug, Default)]
pub struct Spend {
    services: BTreeMap<Service, Meter>,
}

#[derive(Debug, Default)]
struct Meter {
    rate: f64,
    since: Timestamp,
    today: f64,
}

impl Meter {
    fn advance(&mut self, now: Timestamp) {
        self.today += self.rate.max(0.0) * hours(self.since, now);
        self.since = now;
    }
}

impl Spend {
    /// An event changes the rate, up or down.
    pub fn see(&mut self, event: &CostEvent) {
        let new = || Meter { since: event.time, ..Meter::default() };
        let meter = self.services.entry(event.service).or_insert_with(new);
        meter.advance(event.time);
        meter.rate += dollars(event);
    }

    /// What each service has cost on the day that ends now, in US dollars.
    pub fn end_of_day(&mut self, end: Timestamp) -> Vec<(Service, f64)> {
        let ended = self.services.iter_mut().map(|(service, meter)| {
            meter.advance(end);
            (*service, std::mem::take(&mut meter.today))
        });
        ended.collect()
    }
}

/// The days of each service so far, in US dollars.
#[derive(Debug, Default)]
pub struct Past {
    days: Vec<(Timestamp, BTreeMap<Service, f64>)>,
}

impl Past {
    /// Adds the day that ended at `end`.
    pub fn push(&mut self, end: Timestamp, spent: &[(Service, f64)]) {
        self.days.push((end, spent.iter().copied().collect()));
    }

    /// All days of a service, from the account's first on; one without spend is 0.
    pub fn of(&self, service: Service) -> Vec<f64> {
        self.days.iter().map(|(_, day)| day.get(&service).copied().unwrap_or(0.0)).collect()
    }

    /// The days of a service before the one that ended at `end`.
    pub fn of_before(&self, service: Service, end: Timestamp) -> Vec<f64> {
        let before = self.days.iter().take_while(|(day, _)| *day < end);
        before.map(|(_, day)| day.get(&service).copied().unwrap_or(0.0)).collect()
    }

    /// Puts what was expected in the place of a day that was not.
    pub fn replace(&mut self, service: Service, end: Timestamp, expected: f64) {
        if let Some((_, day)) = self.days.iter_mut().find(|(day, _)| *day == end) {
            day.insert(service, expected);
        }
    }
}
