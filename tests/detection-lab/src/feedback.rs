//! What somebody answers two hours after an alert, the same for every candidate: "Not expected" to
//! what is part of an incident, "Expected" to the rest.

use crate::observed::Observed;
use domain::cost_event::CostEvent;
use domain::expectation::{Burst, Expectation, Fit};
use domain::habits::Habits;
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
    /// What its actor had started within about an hour.
    pub burst: Burst,
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
    bursts: BTreeMap<&'a str, Habits>,
}

impl<'a> Feedback<'a> {
    /// What the actor of an event has started within about an hour, the event included; to be asked
    /// once for each event.
    pub fn burst(&mut self, event: &'a CostEvent) -> Burst {
        let habits = self.bursts.entry(&event.actor.id).or_default();
        habits.now = habits.after(event);
        habits.at = habits.at.max(Some(event.time));
        Burst::measured(event, &habits.now)
    }

    /// An alert that somebody will answer.
    pub fn alerted(&mut self, about: &'a Observed, burst: Burst) {
        let at = about.event.time + ANSWER_HOURS.hours();
        self.waiting.push_back(Answer { at, about, burst });
    }

    /// The next answer that was given until `now`; what it says is expected is so from then on.
    pub fn next(&mut self, now: Timestamp) -> Option<Answer<'a>> {
        let answer = self.waiting.pop_front_if(|answer| answer.at <= now)?;
        if answer.is_expected() {
            let expectation = expectation(&answer.about.event, answer.burst, answer.at);
            let actor = answer.about.event.actor.id.clone();
            self.expectations.entry(actor).or_default().push(expectation);
        }
        Some(answer)
    }

    /// Whether an event is covered by what was said.
    pub fn covers(&self, event: &CostEvent, burst: Burst) -> bool {
        let covers = |each: &Expectation| each.fit(event, burst) == Some(Fit::Covers);
        self.expectations.get(&event.actor.id).is_some_and(|all| all.iter().any(covers))
    }
}

/// "Expected", with limits: same actor, type and region, a half more of count and rate within an
/// hour, 90 days. The product says so of a whole anomaly ([`domain::answer`]), the lab of each of its
/// events, since it folds for candidates that know no anomalies.
pub fn expectation(event: &CostEvent, burst: Burst, at: Timestamp) -> Expectation {
    let factor = Decimal::new(SLACK_TENTHS.cast_signed(), 1);
    Expectation {
        id: event.id.event.to_string(),
        actor: Some(event.actor.id.clone()),
        resource_type: Some(event.resource_type.clone()),
        region: Some(event.region.clone()),
        max_count: Some(burst.count * SLACK_TENTHS / 10),
        max_hourly: Usd::new(burst.hourly.amount() * factor),
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
