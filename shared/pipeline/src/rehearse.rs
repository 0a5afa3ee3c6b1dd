//! Rehearse: an account is warmed with its past, so that it knows what is usual before anybody is
//! told anything. What would have been sent is stored, and comes back as a report.

use crate::error::Failure;
use crate::notify::Notice;
use crate::{Outcome, Pipeline};
use domain::anomaly::{Anomaly, Status};
use domain::baseline::BaselineKey;
use domain::decision::{Delivery, Severity};
use domain::event::ResourceEvent;
use domain::ids::AccountId;
use domain::money::Usd;
use domain::policy::Policy;
use jiff::Timestamp;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use store::Table;

const HOURS_A_DAY: i64 = 24;

/// A rehearsal under way. Which events it is about depends on their times alone, so batches may be cut
/// anywhere, broken off and repeated, and one who scores live beside it still alerts.
///
/// It is for the time before an account is watched: an alert that joins an anomaly of which people know
/// already is told with it.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    before: Timestamp,
    spans: BTreeMap<AccountId, Span>,
    cost_events: u64,
}

/// The times of the first and the last event that was rehearsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: Timestamp,
    to: Timestamp,
}

impl Rehearsal {
    /// Nobody is told of what happened before a moment; what comes later alerts as ever.
    pub const fn before(moment: Timestamp) -> Self {
        Self { before: moment, spans: BTreeMap::new(), cost_events: 0 }
    }

    /// Whether what happens at a moment is rehearsed.
    pub fn covers(&self, at: Timestamp) -> bool {
        at < self.before
    }

    /// [`Pipeline::run`], with every alert that would be sent stored as rehearsed. The notices that
    /// are left are those of events after the rehearsal.
    pub async fn run(
        &mut self,
        pipeline: &Pipeline<'_>,
        events: Vec<ResourceEvent>,
    ) -> Result<Outcome, Failure> {
        for event in &events {
            self.note(event);
        }
        let policy = self.policy(pipeline.policy);
        let outcome = Pipeline { policy: &policy, ..*pipeline }.run(events).await?;
        self.cost_events += outcome.cost_events;
        Ok(without_rehearsed(outcome))
    }

    /// [`Pipeline::catch_up`], for an account whose rehearsal may have been broken off.
    pub async fn catch_up(
        &self,
        pipeline: &Pipeline<'_>,
        account: &AccountId,
    ) -> Result<Outcome, Failure> {
        let policy = self.policy(pipeline.policy);
        let outcome = Pipeline { policy: &policy, ..*pipeline }.catch_up(account).await?;
        Ok(without_rehearsed(outcome))
    }

    /// What it would have sent, and what the accounts have learned.
    pub async fn report(&self, table: &Table) -> Result<Report, Failure> {
        let mut report = Report { cost_events: self.cost_events, ..Report::default() };
        for (account, span) in &self.spans {
            report.actors += learned_actors(table, account, span.to).await?;
            report.days = report.days.max(span.days());
            let anomalies = table.anomalies(account).await?.into_iter();
            let rehearsed = anomalies.filter(|each| self.is_of(each, *span));
            report.found.extend(rehearsed.map(|anomaly| Found::by(anomaly, span.to)));
        }
        report.found.sort_by(|a, b| a.order().cmp(&b.order()));
        Ok(report)
    }

    fn is_of(&self, anomaly: &Anomaly, span: Span) -> bool {
        let rehearsed = anomaly.delivery == Delivery::Rehearsed;
        rehearsed && self.covers(anomaly.first_at) && span.from <= anomaly.last_at
    }

    fn policy(&self, policy: &Policy) -> Policy {
        Policy { rehearsed_before: Some(self.before), ..policy.clone() }
    }

    fn note(&mut self, event: &ResourceEvent) {
        let at = event.time;
        if self.covers(at) {
            let first = Span { from: at, to: at };
            let span = self.spans.entry(event.account.clone()).or_insert(first);
            *span = Span { from: span.from.min(at), to: span.to.max(at) };
        }
    }
}

impl Span {
    /// Days, of which the last may be a part.
    fn days(self) -> u64 {
        let hours = self.to.duration_since(self.from).as_hours();
        u64::try_from(hours / HOURS_A_DAY).unwrap_or_default() + 1
    }
}

fn without_rehearsed(mut outcome: Outcome) -> Outcome {
    let told = |notice: &Notice| notice.anomaly().delivery != Delivery::Rehearsed;
    outcome.notices.retain(told);
    outcome
}

/// How many actors were seen by a moment to start something.
async fn learned_actors(table: &Table, account: &AccountId, by: Timestamp) -> Result<u64, Failure> {
    let baselines = table.baselines(account).await?.into_iter();
    let actors = baselines.filter(|(key, baseline)| {
        matches!(key, BaselineKey::Actor(_)) && baseline.first_at.is_some_and(|first| first <= by)
    });
    Ok(actors.count() as u64)
}

/// What a rehearsal gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Days of the account with the longest past, begun ones too.
    pub days: u64,
    /// Cost events that were stored by it.
    pub cost_events: u64,
    /// Actors whose habits are known by its end.
    pub actors: u64,
    /// What it would have sent, the dearest first. What people were told of since, because it went on
    /// after the rehearsal, is left out.
    pub found: Vec<Found>,
}

impl Report {
    /// How many anomalies it would have sent of an account, by their severity.
    pub fn counts(&self) -> BTreeMap<(&AccountId, Severity), u64> {
        let mut counts = BTreeMap::new();
        for Found { anomaly, .. } in &self.found {
            *counts.entry((&anomaly.account, anomaly.severity)).or_default() += 1;
        }
        counts
    }
}

/// An anomaly of a rehearsal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As it is known now.
    pub anomaly: Anomaly,
    /// What it has cost in US dollars: all of it, or up to the end of the rehearsal if it still runs.
    pub spent: Usd,
}

impl Found {
    pub(crate) fn by(anomaly: Anomaly, end: Timestamp) -> Self {
        let at = match anomaly.status {
            Status::Resolved { at, .. } => at,
            Status::Open => end,
        };
        Self { spent: anomaly.spent(at), anomaly }
    }

    pub(crate) fn order(&self) -> (Reverse<Usd>, Reverse<Usd>, &str) {
        (Reverse(self.spent), Reverse(self.anomaly.hourly), &self.anomaly.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_begun_day_counts_as_a_day() {
        let from = at("2026-06-01T03:00:00Z");
        for (to, days) in
            [("2026-06-01T03:00:00Z", 1), ("2026-06-02T02:59:59Z", 1), ("2026-06-02T03:00:00Z", 2)]
        {
            assert_eq!(Span { from, to: at(to) }.days(), days, "{to}");
        }
    }
}
