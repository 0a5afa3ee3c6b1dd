//! What somebody answers two hours after an alert, the same for every candidate: "Not expected" to
//! what is part of an incident, "Expected" to the rest.

use crate::observed::Observed;
use domain::cost_event::CostEvent;
use domain::expectation::{Expectation, Fit};
use domain::money::Usd;
use domain::resource::Service;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, VecDeque};

/// From an alert to its answer, in hours.
pub const ANSWER_HOURS: i64 = 2;
/// How long an expectation holds, in days.
pub const EXPECTED_DAYS: i64 = 90;
/// An expectation covers so much more than what it was said of, in tenths.
const SLACK_TENTHS: u64 = 15;

/// An answer to one alerting event.
#[derive(Debug)]
pub struct Answer<'a> {
    /// When it is given.
    pub at: Timestamp,
    /// What it is about.
    pub about: &'a Observed,
}

impl Answer<'_> {
    /// Whether it says "Expected".
    pub fn is_expected(&self) -> bool {
        self.about.incident.is_none()
    }
}

/// Alerts that wait for their answers, and what the answers so far have made expected.
#[derive(Debug, Default)]
pub struct Feedback<'a> {
    waiting: VecDeque<Answer<'a>>,
    expectations: BTreeMap<String, Vec<Expectation>>,
}

impl<'a> Feedback<'a> {
    /// An alert that somebody will answer.
    pub fn alerted(&mut self, about: &'a Observed) {
        let at = about.event.time + ANSWER_HOURS.hours();
        self.waiting.push_back(Answer { at, about });
    }

    /// The next answer that was given until `now`; what it says is expected is so from then on.
    pub fn next(&mut self, now: Timestamp) -> Option<Answer<'a>> {
        let answer = self.waiting.pop_front_if(|answer| answer.at <= now)?;
        if answer.is_expected() {
            let expectation = expectation(&answer.about.event, answer.at);
            let actor = answer.about.event.actor.id.clone();
            self.expectations.entry(actor).or_default().push(expectation);
        }
        Some(answer)
    }

    /// Whether an event is covered by what was said.
    pub fn covers(&self, event: &CostEvent) -> bool {
        let of_actor = self.expectations.get(&event.actor.id);
        of_actor.is_some_and(|all| all.iter().any(|each| each.fit(event) == Some(Fit::Covers)))
    }
}

/// "Expected", with limits: same actor, type and region, a half more of count and rate, 90 days.
pub fn expectation(event: &CostEvent, at: Timestamp) -> Expectation {
    let factor = Decimal::new(SLACK_TENTHS.cast_signed(), 1);
    Expectation {
        id: event.id.event.to_string(),
        actor: Some(event.actor.id.clone()),
        resource_type: Some(event.resource_type.clone()),
        region: Some(event.region.clone()),
        max_count: Some(event.count() * SLACK_TENTHS / 10),
        max_hourly: Usd::new(event.hourly_change.amount() * factor),
        expires_at: at + (EXPECTED_DAYS * 24).hours(),
        by: "the account's owner".to_owned(),
    }
}

/// Daily alerts know no actor: what was said is expected of a service, up to a half more dollars a
/// day than that day.
#[derive(Debug, Default)]
pub struct ExpectedDays {
    limits: BTreeMap<Service, Vec<(f64, Timestamp)>>,
}

impl ExpectedDays {
    /// "Expected", said of a day on which a service cost so many dollars.
    pub fn expect(&mut self, service: Service, spent: f64, at: Timestamp) {
        let until = at + (EXPECTED_DAYS * 24).hours();
        self.limits.entry(service).or_default().push((spent * 1.5, until));
    }

    /// Whether a day of a service is covered by what was said.
    pub fn covers(&self, service: Service, spent: f64, at: Timestamp) -> bool {
        let limits = self.limits.get(&service);
        limits.is_some_and(|all| all.iter().any(|&(most, until)| spent <= most && at < until))
    }
}
