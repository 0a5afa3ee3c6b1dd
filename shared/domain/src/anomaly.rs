//! An anomaly: one alert, or several that belong together, from its first event to its end.

use crate::answer::Answered;
use crate::channels::{Score, Term};
use crate::cost_event::{Action, CostEvent, CostEventId, Effect};
use crate::decision::{Basis, Decision, Delivery, Severity, Verdict};
use crate::event::Actor;
use crate::expectation::Burst;
use crate::fixed::Millionths;
use crate::ids::{AccountId, Region};
use crate::money::{MicroUsd, Usd};
use crate::policy::Policy;
use crate::price::{Bound, Line};
use crate::resource::{ResourceId, Service};
use crate::told::{Hooked, Known, Snooze, Told};
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

/// Alerts of one actor in one account within so many hours of the first are one anomaly.
const FOLD_HOURS: i64 = 12;
/// Events kept with all their terms; figures of later ones still count.
pub const MAX_MEMBERS: usize = 50;

/// Something unusual that was started by one actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// ULID: time of the first event and a digest of it, so that the same events give the same id.
    pub id: String,
    /// Who pays.
    pub account: AccountId,
    /// Who answers for it.
    pub actor: Actor,
    /// Where it stands.
    pub status: Status,
    /// The loudest of its events, or of their sum.
    pub severity: Severity,
    /// Whether it is sent.
    pub delivery: Delivery,
    /// Time of the first event.
    pub first_at: Timestamp,
    /// Time of the last alerting event.
    pub last_at: Timestamp,
    /// Its events, the first [`MAX_MEMBERS`] of them.
    pub members: Vec<Member>,
    /// Number of alerting events.
    pub alerts: u64,
    /// Number of resources that they started or made dearer.
    pub count: u64,
    /// US dollars an hour that they added in all, whether or not the earlier still run.
    pub hourly: Usd,
    /// Whether all prices are known.
    pub price_known: bool,
    /// What of it still runs.
    pub open: OpenPart,
    /// The most that its actor started within about an hour.
    pub burst: Burst,
    /// What somebody said of it.
    pub answered: Option<Answered>,
    /// Until when people want to hear nothing of it.
    pub snooze: Option<Snooze>,
    /// What people were told of it.
    pub told: Told,
    /// What was published of it.
    pub published: Known,
    /// What the tenant's own webhook was told of it.
    pub hooked: Hooked,
}

/// Where an anomaly stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Nobody has answered and something still runs.
    Open,
    /// All of it has ended.
    Resolved {
        /// When.
        at: Timestamp,
        /// Who ended the last of it, or reported its end.
        by: Box<Actor>,
        /// What happened to the last of it; `None` where an earlier release did not note it.
        how: Option<Action>,
    },
}

/// What of an anomaly still runs, and what it has cost so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenPart {
    /// Resources that run.
    pub running: i64,
    /// Their rate in micro-dollars an hour.
    pub rate: MicroUsd,
    /// The most that ran at once, in micro-dollars an hour.
    pub peak: MicroUsd,
    /// Spent up to `until`, in micro-dollar-milliseconds an hour: whole numbers, so that the sum is
    /// exact.
    pub spent: i128,
    /// Up to when `spent` is reckoned.
    pub until: Timestamp,
}

/// One event of an anomaly, with all that is needed to compute its figures again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The cost event.
    pub id: CostEventId,
    /// When.
    pub time: Timestamp,
    /// Stem of the call's name.
    pub name: String,
    /// What happened.
    pub action: Action,
    /// Scaling group or fleet behind it.
    pub launcher: Option<ResourceId>,
    /// What kind of thing.
    pub service: Service,
    /// `m5.large`.
    pub resource_type: String,
    /// Where.
    pub region: Region,
    /// How many.
    pub count: u64,
    /// Names of the first few.
    pub examples: Vec<String>,
    /// What they cost before, in US dollars an hour.
    pub hourly_before: Usd,
    /// US dollars an hour that it added: count × estimate − before.
    pub hourly: Usd,
    /// Arithmetic for one resource.
    pub lines: Vec<Line>,
    /// What is not known about the price.
    pub bound: Option<Bound>,
    /// Every term of the score.
    pub terms: Vec<Term>,
    /// The score after expectations.
    pub score: Millionths,
    /// Whether an expectation took something off the score.
    pub partly_expected: bool,
    /// The score from which it alerted.
    pub threshold: Millionths,
    /// What called for the alert.
    pub basis: Basis,
    /// How loudly.
    pub severity: Severity,
    /// Each step of the decision in words.
    pub reasons: Vec<String>,
}

impl Member {
    /// Whether all of its price is known; where not, its rate is an upper bound.
    pub fn price_known(&self) -> bool {
        self.bound.as_ref().is_none_or(Bound::only_varies)
    }
}

/// What an alerting event did to the anomalies of its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fold {
    /// A new anomaly: a card.
    New,
    /// Joined an open one: the card is updated and its thread answered.
    Folded {
        /// The anomaly has become louder.
        escalated: bool,
    },
}

impl Anomaly {
    /// The anomaly that begins with this event; `None` when the event does not alert.
    pub fn begin(
        event: &CostEvent,
        score: &Score,
        decision: &Decision,
        policy: &Policy,
    ) -> Option<Self> {
        let Verdict::Alert { severity, delivery, .. } = decision.verdict else { return None };
        let mut anomaly = Self {
            id: anomaly_id(event),
            account: event.account.clone(),
            actor: event.actor.clone(),
            status: Status::Open,
            severity,
            delivery,
            first_at: event.time,
            last_at: event.time,
            members: Vec::new(),
            alerts: 0,
            count: 0,
            hourly: Usd::ZERO,
            price_known: true,
            open: OpenPart { until: event.time, ..OpenPart::default() },
            burst: Burst::default(),
            answered: None,
            snooze: None,
            told: Told::default(),
            published: Known::default(),
            hooked: Hooked::default(),
        };
        anomaly.add(event, score, decision, policy, true);
        Some(anomaly)
    }

    /// Whether all of it has ended.
    pub const fn is_resolved(&self) -> bool {
        matches!(self.status, Status::Resolved { .. })
    }

    /// Whether an alerting event belongs to this anomaly.
    pub fn takes(&self, event: &CostEvent) -> bool {
        let window_ends = self.first_at.checked_add(FOLD_HOURS.hours()).unwrap_or(Timestamp::MAX);
        self.actor.id == event.actor.id && event.time < window_ends
    }

    /// Adds an alerting event; says how it is to be told. `opens` is false for a change of resources that already belong to this anomaly: what runs was reckoned then.
    pub fn add(
        &mut self,
        event: &CostEvent,
        score: &Score,
        decision: &Decision,
        policy: &Policy,
        opens: bool,
    ) -> Fold {
        let quiet = Fold::Folded { escalated: false };
        let Verdict::Alert { severity, basis, delivery } = decision.verdict else { return quiet };
        self.alerts += 1;
        self.burst = self.burst.max(decision.burst);
        self.hourly += event.hourly_change;
        self.price_known &= event.estimate.price_known();
        self.first_at = self.first_at.min(event.time);
        self.last_at = self.last_at.max(event.time);
        if opens {
            self.count += event.count();
            self.open.start(event);
        }
        self.status = Status::Open;
        self.settle(event);
        // The first one that is sent is new to people, whatever was held back before.
        let first_sent = delivery == Delivery::Send && self.delivery != Delivery::Send;
        if first_sent {
            self.delivery = delivery;
        }
        if self.members.len() < MAX_MEMBERS {
            self.members.push(member(event, score, decision, severity, basis));
        }
        let before = self.severity;
        // What runs at once: starting the same again and again does not make it louder.
        let together = Severity::of_rate(self.open.rate.usd(), policy).unwrap_or(severity);
        self.severity = before.max(severity).max(together);
        if first_sent { Fold::New } else { Fold::Folded { escalated: self.severity > before } }
    }

    /// Takes over what a later event did to resources of this anomaly; says whether all has ended
    /// by it.
    pub fn apply(&mut self, effect: &Effect, event: &CostEvent) -> bool {
        self.open.advance(event.time);
        self.open.running = (self.open.running + effect.running).max(0);
        let rate = self.open.rate.0.saturating_add(effect.hourly.micros().0);
        self.open.rate = MicroUsd(rate.max(0));
        self.open.peak = self.open.peak.max(self.open.rate);
        self.settle(event)
    }

    fn settle(&mut self, event: &CostEvent) -> bool {
        let over = self.open.running == 0;
        match (&self.status, over) {
            (Status::Open, true) => {
                let (at, by, how) = (event.time, event.actor.clone(), Some(event.action));
                self.status = Status::Resolved { at, by: Box::new(by), how };
                true
            }
            (Status::Resolved { .. }, false) => {
                self.status = Status::Open;
                false
            }
            _ => false,
        }
    }

    /// What it has cost up to a moment.
    pub fn spent(&self, at: Timestamp) -> Usd {
        self.open.spent(at)
    }

    /// What the most that ran at once would have cost from its end to a moment, less what is paid on for it:
    /// the storage of what is only stopped.
    pub fn avoided(&self, until: Timestamp) -> Usd {
        let end = match &self.status {
            Status::Resolved { at, .. } => *at,
            Status::Open => return Usd::ZERO,
        };
        let millis = until.as_millisecond().saturating_sub(end.as_millisecond()).max(0);
        let ended = self.open.peak.0.saturating_sub(self.open.rate.0).max(0);
        let left = i128::from(ended).saturating_mul(i128::from(millis));
        dollars(left)
    }
}

impl OpenPart {
    fn start(&mut self, event: &CostEvent) {
        self.advance(event.time);
        let running = event.count().saturating_sub(u64::from(event.ended_already));
        self.running += i64::try_from(running).unwrap_or(i64::MAX);
        if running > 0 {
            let all_of_it = event.hourly_change;
            let share = Decimal::from(running).checked_div(Decimal::from(event.count()));
            let rate = share.map_or(all_of_it, |share| all_of_it * share);
            self.rate = MicroUsd(self.rate.0.saturating_add(rate.micros().0));
            self.peak = self.peak.max(self.rate);
        }
    }

    /// Reckons what was spent up to a moment; an earlier moment changes nothing.
    fn advance(&mut self, to: Timestamp) {
        let millis = to.as_millisecond().saturating_sub(self.until.as_millisecond()).max(0);
        self.spent = self.spent.saturating_add(i128::from(self.rate.0) * i128::from(millis));
        self.until = self.until.max(to);
    }

    fn spent(mut self, at: Timestamp) -> Usd {
        self.advance(at);
        dollars(self.spent)
    }
}

/// From micro-dollar-milliseconds an hour to dollars, to the micro-dollar.
fn dollars(spent: i128) -> Usd {
    const MILLIS_PER_HOUR: i128 = 3_600_000;
    let micros = spent / MILLIS_PER_HOUR;
    MicroUsd(i64::try_from(micros).unwrap_or(i64::MAX)).usd()
}

fn member(
    event: &CostEvent,
    score: &Score,
    decision: &Decision,
    severity: Severity,
    basis: Basis,
) -> Member {
    Member {
        id: event.id.clone(),
        time: event.time,
        name: event.name.clone(),
        action: event.action,
        launcher: event.launcher.clone(),
        service: event.service,
        resource_type: event.resource_type.clone(),
        region: event.region.clone(),
        count: event.count(),
        examples: event.resources.iter().take(3).cloned().collect(),
        hourly_before: event.hourly_before,
        hourly: event.hourly_change,
        lines: event.estimate.lines.clone(),
        bound: event.estimate.bound.clone(),
        terms: score.terms.clone(),
        score: decision.score,
        partly_expected: decision.partly_expected,
        threshold: decision.threshold,
        basis,
        severity,
        reasons: decision.reasons.clone(),
    }
}

/// A ULID whose random part is a digest of the account and the event.
fn anomaly_id(event: &CostEvent) -> String {
    let mut digest = Sha256::new();
    digest.update(event.account.as_str());
    digest.update([0]);
    digest.update(event.id.event.as_str());
    digest.update(event.id.part.to_be_bytes());
    let digest = digest.finalize();
    let random = digest.iter().take(10).fold(0u128, |sum, byte| (sum << 8) | u128::from(*byte));
    let millis = u64::try_from(event.time.as_millisecond()).unwrap_or(0);
    ulid::Ulid::from_parts(millis, random).to_string()
}
