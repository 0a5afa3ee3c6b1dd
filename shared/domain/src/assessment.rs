//! The whole idea: what an event costs, how unusual that is, what to do about it, and what to
//! remember.

use crate::anomaly::{Anomaly, Fold};
use crate::baseline::{BaselineKey, History};
use crate::breaker::Breaker;
use crate::channels::{self, Observation, Score};
use crate::cost;
use crate::cost_event::{CostEvent, CostEventId, Effect};
use crate::decision::{self, Basis, Context, Decision, Verdict};
use crate::event::ResourceEvent;
use crate::expectation::{Burst, Expectation};
use crate::habits::{Habits, Measures};
use crate::open_resource::OpenResources;
use crate::policy::Policy;
use crate::price::Prices;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Assesses one event: cost, then for each of its cost events score, decision and memory.
pub fn assess(
    event: &ResourceEvent,
    prices: &dyn Prices,
    resources: &mut OpenResources,
    account: &mut AccountState,
    policy: &Policy,
) -> Vec<Assessment> {
    let cost_events = cost::cost(event, prices, resources);
    cost_events.into_iter().map(|event| judge(event, account, policy)).collect()
}

/// The second half of [`assess`], for an event that is priced already.
pub fn judge(event: CostEvent, account: &mut AccountState, policy: &Policy) -> Assessment {
    let keys = BaselineKey::of(&event);
    let looked = account.look_at(&event, &keys, policy);
    let Looked { mut score, burst, measures } = looked;
    let decision = account.decide(&event, &keys, (&mut score, burst), policy);
    if matches!(decision.verdict, Verdict::Alert { .. }) {
        score.tell(&account.observe(&event, &keys));
    }
    let outcome = account.remember(&event, keys, (&score, measures), &decision, policy);
    Assessment { event, score, decision, outcome }
}

/// What is seen of an event before anything is decided.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// How unusual it is; empty where it costs no more than before.
    pub score: Score,
    /// What its actor started within about an hour, the event included.
    pub burst: Burst,
    /// What is measured of its actor, the event included.
    pub measures: Measures,
}

/// Everything that was found out about one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// What it costs.
    pub event: CostEvent,
    /// How unusual it is.
    pub score: Score,
    /// What was decided.
    pub decision: Decision,
    /// What that did to the account's anomalies.
    pub outcome: Outcome,
}

/// What an event did to the anomalies of its account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The anomaly that it began or joined.
    pub alert: Option<(String, Fold)>,
    /// Anomalies of which it ended the last resource.
    pub resolved: Vec<String>,
}

/// What is remembered of one account, as far as a batch of events needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountState {
    /// What is usual.
    pub history: History,
    /// What somebody said is expected.
    pub expectations: Vec<Expectation>,
    /// Anomalies that events of this batch may join or end.
    pub anomalies: BTreeMap<String, Anomaly>,
    /// The last anomaly of each actor, which takes its further alerts.
    pub current: BTreeMap<BaselineKey, String>,
    /// Which anomaly a cost event belongs to.
    pub member_of: BTreeMap<CostEventId, String>,
    /// Anomalies that were begun or changed.
    pub changed: BTreeSet<String>,
    /// Cost events that joined an anomaly, and which.
    pub joined: BTreeMap<CostEventId, String>,
    /// How much each channel has alerted of late.
    pub breakers: BTreeMap<String, Breaker>,
    /// How many answers people had given when this was loaded.
    pub answers: u64,
}

impl AccountState {
    /// Looks at an event that is not learned yet.
    pub fn look_at(
        &mut self,
        event: &CostEvent,
        keys: &[BaselineKey; 4],
        policy: &Policy,
    ) -> Looked {
        if !teaches(event) {
            return Looked { burst: Burst::of(event), ..Looked::default() };
        }
        let [.., actor] = keys;
        if self.history.habits(actor).is_some_and(|habits| habits.held_since.is_some()) {
            self.history.habits_mut(actor).settle(event.time);
        }
        let observation = self.observe(event, keys);
        let score = channels::score(&observation, &policy.channels_off);
        let measures = observation.now;
        Looked { score, burst: Burst::measured(event, &measures), measures }
    }

    /// An event beside what is usual for it.
    pub fn observe<'a>(&self, event: &'a CostEvent, keys: &[BaselineKey; 4]) -> Observation<'a> {
        let [.., actor] = keys;
        let nothing = Habits::default();
        let habits = self.history.habits(actor).unwrap_or(&nothing);
        Observation::new(event, keys, &self.history, habits)
    }

    fn context(
        &self,
        event: &CostEvent,
        keys: &[BaselineKey; 4],
        burst: Burst,
        policy: &Policy,
    ) -> Context<'_> {
        Context {
            cold_start: self.history.cold_start(event.time),
            burst,
            sensitivity: self.history.sensitivity(keys).unwrap_or(policy.sensitivity),
            expectations: &self.expectations,
        }
    }

    /// Decides by the channels whose breakers are closed. What only the others call for is held back.
    fn decide(
        &mut self,
        event: &CostEvent,
        keys: &[BaselineKey; 4],
        (score, burst): (&mut Score, Burst),
        policy: &Policy,
    ) -> Decision {
        let [.., actor] = keys;
        let joins = self.joins(event, actor).is_some();
        // Nobody was ever disturbed by the past, so no breaker has a say in it.
        let rehearsed = policy.rehearses(event.time);
        let mut muted = if rehearsed { BTreeSet::new() } else { self.muted(event.time) };
        loop {
            score.decide_among(&muted);
            let context = self.context(event, keys, burst, policy);
            let decision = decision::decide(event, score, context, policy);
            if !decision.is_sent() {
                return self.held_back(event, keys, (score, burst), policy, (decision, &muted));
            }
            let channel = decision.channel(score).and_then(channels::name_of);
            let Some(channel) = channel.filter(|_| !joins) else { return decision };
            if !self.breakers.entry(channel.to_owned()).or_default().record(event.time) {
                return decision;
            }
            muted.insert(channel);
        }
    }

    /// The decision, unless muted channels would have sent an alert: that is stored, and held back.
    fn held_back(
        &self,
        event: &CostEvent,
        keys: &[BaselineKey; 4],
        (score, burst): (&mut Score, Burst),
        policy: &Policy,
        (decision, muted): (Decision, &BTreeSet<&'static str>),
    ) -> Decision {
        if muted.is_empty() || matches!(decision.verdict, Verdict::Alert { .. }) {
            return decision;
        }
        let spoken = score.clone();
        score.decide_among(&BTreeSet::new());
        let context = self.context(event, keys, burst, policy);
        let loud = decision::decide(event, score, context, policy);
        if !loud.is_sent() {
            *score = spoken;
            return decision;
        }
        let channel = loud.channel(score).unwrap_or_default().to_owned();
        loud.held_by_breaker(&channel)
    }

    /// Channels whose breakers are open.
    fn muted(&self, now: Timestamp) -> BTreeSet<&'static str> {
        let open = self.breakers.iter().filter(|(_, breaker)| breaker.is_open(now));
        open.filter_map(|(channel, _)| channels::name_of(channel)).collect()
    }

    fn remember(
        &mut self,
        event: &CostEvent,
        keys: [BaselineKey; 4],
        (score, measures): (&Score, Measures),
        decision: &Decision,
        policy: &Policy,
    ) -> Outcome {
        let [.., actor] = &keys;
        let actor = actor.clone();
        let unusual = matches!(decision.verdict, Verdict::Alert { basis: Basis::Score, .. });
        self.live_through(event, keys, measures, unusual);
        let mut resolved = self.apply_effects(event);
        let alert = matches!(decision.verdict, Verdict::Alert { .. })
            .then(|| self.fold(event, actor, score, decision, policy))
            .flatten();
        // What the alert has joined goes on.
        let over = |id: &String| self.anomalies.get(id).is_some_and(Anomaly::is_resolved);
        resolved.retain(over);
        Outcome { alert, resolved }
    }

    /// What is usual after an event: its rate and kind, the peaks of its actor unless it alerted
    /// because it is unusual, and what each one has running.
    pub fn live_through(
        &mut self,
        event: &CostEvent,
        keys: [BaselineKey; 4],
        measures: Measures,
        unusual: bool,
    ) {
        let teaches = teaches(event);
        for owner in event.owners().skip(usize::from(teaches)) {
            let change = event.open_change_of(owner).micros().0;
            if change != 0 {
                self.history.habits_mut(&BaselineKey::actor(owner)).change_open(change);
            }
        }
        if teaches {
            let [.., actor] = &keys;
            self.history.habits_mut(actor).note(event, measures, unusual);
            self.history.learn_under(keys, event);
        }
    }

    /// The anomaly that an alert by this event would join.
    fn joins(&self, event: &CostEvent, actor: &BaselineKey) -> Option<String> {
        self.open_owner(event).or_else(|| self.takes(actor, event))
    }

    /// Folding: the event joins the open anomaly that its resources belong to, or its actor's
    /// current one, or begins one.
    fn fold(
        &mut self,
        event: &CostEvent,
        actor: BaselineKey,
        score: &Score,
        decision: &Decision,
        policy: &Policy,
    ) -> Option<(String, Fold)> {
        let Some(id) = self.joins(event, &actor) else {
            let anomaly = Anomaly::begin(event, score, decision, policy)?;
            let id = anomaly.id.clone();
            self.anomalies.insert(id.clone(), anomaly);
            self.current.insert(actor, id.clone());
            self.join(event, &id);
            return Some((id, Fold::New));
        };
        let (mine, resumes) = (self.is_owner(&id, event), self.is_resolved(&id));
        let anomaly = self.anomalies.get_mut(&id)?;
        if mine && resumes {
            // What had ended in this anomaly runs again.
            for effect in staying(event) {
                anomaly.apply(effect, event);
            }
        }
        let fold = anomaly.add(event, score, decision, policy, !mine);
        self.changed.insert(id.clone());
        if !mine {
            self.join(event, &id);
        }
        Some((id, fold))
    }

    fn join(&mut self, event: &CostEvent, id: &str) {
        self.changed.insert(id.to_owned());
        self.member_of.insert(event.id.clone(), id.to_owned());
        self.joined.insert(event.id.clone(), id.to_owned());
    }

    /// The anomaly, not yet over, that resources of the event belong to.
    fn open_owner(&self, event: &CostEvent) -> Option<String> {
        let owners = staying(event).filter_map(|effect| self.member_of.get(&effect.opened_by));
        owners.filter(|id| !self.is_resolved(id)).min().cloned()
    }

    fn is_owner(&self, id: &str, event: &CostEvent) -> bool {
        staying(event)
            .any(|effect| self.member_of.get(&effect.opened_by).is_some_and(|owner| owner == id))
    }

    fn is_resolved(&self, id: &str) -> bool {
        self.anomalies.get(id).is_none_or(Anomaly::is_resolved)
    }

    fn takes(&self, actor: &BaselineKey, event: &CostEvent) -> Option<String> {
        let current = self.anomalies.get(self.current.get(actor)?)?;
        current.takes(event).then(|| current.id.clone())
    }

    /// Resolution: what the event did to resources of earlier anomalies. One that is over stays so:
    /// if its resources run again, that alerts anew or not at all.
    fn apply_effects(&mut self, event: &CostEvent) -> Vec<String> {
        let mut resolved = Vec::new();
        for effect in &event.effects {
            let Some(id) = self.member_of.get(&effect.opened_by) else { continue };
            let Some(anomaly) = self.anomalies.get_mut(id) else { continue };
            if anomaly.is_resolved() && effect.running > 0 {
                continue;
            }
            if anomaly.apply(effect, event) {
                resolved.push(id.clone());
            }
            self.changed.insert(id.clone());
        }
        resolved
    }
}

/// Whether something is learned of an event: a figure that only stands in for a price would teach
/// nothing true.
fn teaches(event: &CostEvent) -> bool {
    event.costs_more() && !event.estimate.older_than_watch()
}

/// Effects on resources that stay what they were. What is started anew under an old name comes in
/// under the new event's name.
fn staying(event: &CostEvent) -> impl Iterator<Item = &Effect> {
    event.effects.iter().filter(|effect| effect.running >= 0)
}

/// First moment of the month after `time`, UTC: what "by the month's end" means.
pub fn month_end(time: Timestamp) -> Timestamp {
    let date = time.to_zoned(jiff::tz::TimeZone::UTC).date();
    let next = date.first_of_month().saturating_add(jiff::ToSpan::month(1));
    next.to_zoned(jiff::tz::TimeZone::UTC).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// First moment of the day after `time`, UTC: what "by midnight" means.
pub fn midnight(time: Timestamp) -> Timestamp {
    let date = time.to_zoned(jiff::tz::TimeZone::UTC).date();
    let next = date.saturating_add(jiff::ToSpan::day(1));
    next.to_zoned(jiff::tz::TimeZone::UTC).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}
