//! What an event changes about the cost by the hour: from an event and what runs now to cost
//! events, with the arithmetic of each.

use crate::event::{Actor, Change, ResourceEvent};
use crate::ids::{AccountId, Region};
use crate::money::Usd;
use crate::open_resource::{
    Before, CostEventId, LastChange, OpenResource, OpenResources, Raise, RunState,
};
use crate::price::{Bound, BoundKind, Estimate, Prices, Unit};
use crate::resource::{ResourceId, Service, Spec, SpecChange};
use jiff::Timestamp;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Resources that one cost event may stop, resume or delete.
const MAX_EFFECTS: usize = 40;

/// What one change did to the cost by the hour. Append-only: stored once, never altered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostEvent {
    /// Identity: the CloudTrail event and which of its parts.
    pub id: CostEventId,
    /// When it happened, UTC.
    pub time: Timestamp,
    /// Who pays.
    pub account: AccountId,
    /// Where.
    pub region: Region,
    /// Who answers for it: the one behind the scaling group or fleet where that is known.
    pub actor: Actor,
    /// Stem of the call's name.
    pub name: String,
    /// The scaling group or fleet that launched these.
    pub launcher: Option<ResourceId>,
    /// What kind of thing.
    pub service: Service,
    /// `m5.large`, `gp3`, `db.r6g.large` …; `unknown` where no event told.
    pub resource_type: String,
    /// What happened.
    pub action: Action,
    /// Names of the resources.
    pub resources: Vec<String>,
    /// Price of one of them after the change.
    pub estimate: Estimate,
    /// Change of the account's rate in US dollars an hour: positive when it costs more from now.
    pub hourly_change: Usd,
    /// Of the resources that this event started, how many are known to have ended already.
    pub ended_already: u32,
    /// What it means for the cost events that once started these resources.
    pub effects: Vec<Effect>,
}

/// What happened to the resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Created.
    Start,
    /// Made larger, smaller or otherwise dearer or cheaper.
    Resize,
    /// Started again.
    Resume,
    /// Stopped.
    Stop,
    /// Deleted.
    Delete,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 5] = [Self::Start, Self::Resize, Self::Resume, Self::Stop, Self::Delete];

    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Resize => "resize",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Delete => "delete",
        }
    }

    /// The action with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}

/// How a later event changes what an earlier cost event had started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The cost event that started the resources.
    pub opened_by: CostEventId,
    /// How many of them run more (positive) or fewer (negative).
    pub running: i64,
    /// How their rate changes, in US dollars an hour.
    pub hourly: Usd,
}

impl CostEvent {
    /// How many resources.
    pub fn count(&self) -> u64 {
        self.resources.len() as u64
    }

    fn take_effects(&mut self, differences: Vec<Difference>) {
        self.hourly_change = differences.iter().map(|difference| difference.of_account).sum();
        self.effects = merged(differences.into_iter().map(|difference| difference.effect));
    }

    /// Whether it makes the account pay more from now on.
    pub fn costs_more(&self) -> bool {
        self.hourly_change > Usd::ZERO
    }
}

/// The resources that have to be known to price an event: those it touches, the launcher behind
/// it, and the cluster or function that sets their price.
pub fn resources_needed(event: &ResourceEvent) -> BTreeSet<ResourceId> {
    let mut needed: BTreeSet<ResourceId> = event.launcher.iter().cloned().collect();
    for change in &event.changes {
        needed.extend(change.resources().iter().cloned());
        if let Change::Started { resources, spec } = change {
            needed.extend(resources.first().and_then(|first| price_giver(first, spec)));
        }
    }
    needed
}

/// The members whose price follows a cluster that an event touches; to be asked once the
/// resources of [`resources_needed`] are known.
pub fn members_needed(event: &ResourceEvent, known: &OpenResources) -> BTreeSet<ResourceId> {
    let touched = event.changes.iter().flat_map(Change::resources);
    touched.flat_map(|id| known.members_of(id)).collect()
}

/// The cluster or function whose settings decide the price of a new resource.
fn price_giver(resource: &ResourceId, spec: &Spec) -> Option<ResourceId> {
    let name = match spec {
        Spec::Database(database) => database.cluster.clone()?,
        Spec::ProvisionedConcurrency(concurrency) => concurrency.function.clone(),
        _ => return None,
    };
    Some(ResourceId { service: resource.service, region: resource.region.clone(), name })
}

/// Prices an event and folds it into what runs. The same event a second time gives the same cost
/// events: differences are taken against the state before the event.
pub fn cost(
    event: &ResourceEvent,
    prices: &dyn Prices,
    resources: &mut OpenResources,
) -> Vec<CostEvent> {
    let actor = responsible(event, resources);
    let mut pricing = Pricing { event, actor, prices, resources };
    let pieces = event.changes.iter().flat_map(small_enough);
    pieces.zip(0u16..).filter_map(|(change, part)| pricing.change(&change, part)).collect()
}

/// Ends and resumptions in pieces of [`MAX_EFFECTS`] resources: each may close an anomaly of its
/// own, and all of them are stored in one transaction.
fn small_enough(change: &Change) -> Vec<Change> {
    let pieces = |resources: &[ResourceId], make: fn(Vec<ResourceId>) -> Change| {
        resources.chunks(MAX_EFFECTS).map(|chunk| make(chunk.to_vec())).collect()
    };
    match change {
        Change::Resumed { resources } => {
            pieces(resources, |resources| Change::Resumed { resources })
        }
        Change::Stopped { resources } => {
            pieces(resources, |resources| Change::Stopped { resources })
        }
        Change::Deleted { resources } => {
            pieces(resources, |resources| Change::Deleted { resources })
        }
        Change::Started { .. } | Change::Modified { .. } => vec![change.clone()],
    }
}

/// Who answers for an event: the one who set up the launcher behind it, where known.
fn responsible(event: &ResourceEvent, resources: &OpenResources) -> Actor {
    let launcher = event.launcher.as_ref().and_then(|id| resources.get(id));
    let behind = launcher.filter(|entry| entry.spec.is_some());
    behind.map_or_else(|| event.actor.clone(), |entry| entry.actor.clone())
}

struct Pricing<'a> {
    event: &'a ResourceEvent,
    actor: Actor,
    prices: &'a dyn Prices,
    resources: &'a mut OpenResources,
}

impl Pricing<'_> {
    fn change(&mut self, change: &Change, part: u16) -> Option<CostEvent> {
        let id = CostEventId { event: self.event.id.clone(), part };
        match change {
            Change::Started { resources, spec } => self.started(id, resources, spec),
            Change::Modified { resource, to } => self.modified(id, resource, to),
            Change::Resumed { resources } => self.moved(id, Action::Resume, resources),
            Change::Stopped { resources } => self.moved(id, Action::Stop, resources),
            Change::Deleted { resources } => self.moved(id, Action::Delete, resources),
        }
    }

    fn started(
        &mut self,
        id: CostEventId,
        started: &[ResourceId],
        spec: &Spec,
    ) -> Option<CostEvent> {
        let first = started.first()?;
        let spec = self.complete(first, spec);
        let estimate = self.prices.estimate(&spec, &first.region);
        let hourly = Usd::new(estimate.hourly());
        let mut ended_already = 0;
        for resource in started {
            if self.open(&id, resource, &spec, hourly) == RunState::Gone {
                ended_already += 1;
            }
        }
        self.join_cluster(first, &spec);
        let mut cost_event =
            self.cost_event(id, Action::Start, started, spec.resource_type(), estimate)?;
        cost_event.hourly_change = hourly.times(cost_event.count());
        cost_event.ended_already = ended_already;
        Some(cost_event)
    }

    /// Fills in what the event leaves to an earlier one: capacity and storage mode of the cluster,
    /// memory of the function.
    fn complete(&self, resource: &ResourceId, spec: &Spec) -> Spec {
        let giver = price_giver(resource, spec).and_then(|id| self.resources.get(&id));
        let mut spec = spec.clone();
        match (&mut spec, giver.and_then(|entry| entry.spec.as_ref())) {
            (Spec::Database(database), Some(Spec::Cluster(cluster))) => {
                database.acu = database.acu.or(cluster.acu);
                database.io_optimized |= cluster.io_optimized;
            }
            (Spec::ProvisionedConcurrency(concurrency), Some(Spec::Function(function))) => {
                concurrency.function_spec.get_or_insert_with(|| function.clone());
            }
            _ => {}
        }
        spec
    }

    /// Opens a resource, unless its end was seen already (events come in any order).
    fn open(
        &mut self,
        id: &CostEventId,
        resource: &ResourceId,
        spec: &Spec,
        hourly: Usd,
    ) -> RunState {
        let known = self.resources.get(resource);
        let ended = known.is_some_and(|entry| {
            entry.state == RunState::Gone && entry.last_change.at >= self.event.time
        });
        if ended {
            return RunState::Gone;
        }
        let before = known.map(|entry| entry.before(&id.event)).unwrap_or_default();
        let members = known.map(|entry| entry.members.clone()).unwrap_or_default();
        self.resources.put(OpenResource {
            id: resource.clone(),
            spec: Some(spec.clone()),
            state: RunState::Running,
            hourly,
            since: self.event.time,
            opened_by: id.clone(),
            raised_by: None,
            actor: self.actor.clone(),
            members,
            last_change: self.last_change(before),
        });
        RunState::Running
    }

    fn join_cluster(&mut self, member: &ResourceId, spec: &Spec) {
        let Spec::Database(_) = spec else { return };
        let cluster = price_giver(member, spec).and_then(|id| self.resources.get(&id)).cloned();
        if let Some(mut cluster) = cluster
            && cluster.members.insert(member.name.clone())
        {
            self.resources.put(cluster);
        }
    }

    fn modified(
        &mut self,
        id: CostEventId,
        resource: &ResourceId,
        to: &SpecChange,
    ) -> Option<CostEvent> {
        let Some(mut entry) = self.resources.get(resource).cloned() else {
            return self.modified_unseen(id, resource, to);
        };
        let touched = std::slice::from_ref(resource);
        let Some(spec) = entry.spec.as_ref().filter(|_| entry.last_change.at <= self.event.time)
        else {
            return self.cost_event(id, Action::Resize, touched, unknown(), Estimate::default());
        };
        let spec = apply(spec, to);
        if let Spec::Launcher(_) = spec {
            entry.actor = self.actor.clone();
        }
        let estimate = self.prices.estimate(&spec, &resource.region);
        let hourly = rate(&estimate, entry.state);
        let resource_type = spec.resource_type();
        entry.spec = Some(spec);
        let state = entry.state;
        let mut effects = self.turn(&id, entry, state, hourly);
        for member in self.resources.members_of(resource) {
            effects.extend(self.reprice_member(&id, &member, resource));
        }
        let mut cost_event =
            self.cost_event(id, Action::Resize, touched, resource_type, estimate)?;
        cost_event.take_effects(effects);
        Some(cost_event)
    }

    /// Brings a resource to a state and a rate, and says what that means for those who opened it
    /// and made it dearer. What makes it dearer now takes the place of what did so before.
    fn turn(
        &mut self,
        id: &CostEventId,
        mut entry: OpenResource,
        state: RunState,
        hourly: Usd,
    ) -> Vec<Difference> {
        let before = entry.before(&id.event);
        let running = |state| i64::from(state == Some(RunState::Running));
        let change = hourly - before.hourly;
        let mut effects = vec![Difference {
            of_account: change,
            effect: Effect {
                opened_by: entry.opened_by.clone(),
                running: running(Some(state)) - running(before.state),
                hourly: change,
            },
        }];
        if let Some(Raise { by, hourly }) = &before.raised_by {
            let effect = Effect { opened_by: by.clone(), running: -1, hourly: -*hourly };
            effects.push(Difference { of_account: Usd::ZERO, effect });
        }
        let raise = Raise { by: id.clone(), hourly: change };
        entry.raised_by = (change > Usd::ZERO && entry.opened_by != *id).then_some(raise);
        entry.last_change = self.last_change(before);
        (entry.state, entry.hourly) = (state, hourly);
        self.resources.put(entry);
        effects
    }

    /// A change of a resource whose start was not seen: what it costs now is known only as far as
    /// the change tells.
    fn modified_unseen(
        &self,
        id: CostEventId,
        resource: &ResourceId,
        to: &SpecChange,
    ) -> Option<CostEvent> {
        let resource_type = match to {
            SpecChange::InstanceType(name) => name.clone(),
            SpecChange::Database { class: Some(class), .. } => class.clone(),
            SpecChange::Volume { kind: Some(kind), .. } => kind.clone(),
            SpecChange::Function(_) => "function".to_owned(),
            _ => unknown(),
        };
        let estimate = match to {
            SpecChange::Launcher { .. } => Estimate::default(),
            SpecChange::Function(function) => {
                self.prices.estimate(&Spec::Function(function.clone()), &resource.region)
            }
            SpecChange::InstanceType(name) => {
                let now = self.prices.estimate(&Spec::plain_instance(name), &resource.region);
                at_most(&now, &resource.name)
            }
            _ => unseen(&resource.name),
        };
        let hourly = Usd::new(estimate.hourly());
        let mut cost_event = self.cost_event(
            id,
            Action::Resize,
            std::slice::from_ref(resource),
            resource_type,
            estimate,
        )?;
        cost_event.hourly_change = hourly;
        Some(cost_event)
    }

    /// A member of a cluster whose settings changed: priced anew.
    fn reprice_member(
        &mut self,
        id: &CostEventId,
        member: &ResourceId,
        cluster: &ResourceId,
    ) -> Vec<Difference> {
        let repriced = || {
            let mut entry = self.resources.get(member)?.clone();
            let Some(Spec::Cluster(cluster)) = &self.resources.get(cluster)?.spec else {
                return None;
            };
            let Some(Spec::Database(database)) = &mut entry.spec else { return None };
            (database.acu, database.io_optimized) = (cluster.acu, cluster.io_optimized);
            let estimate = self.prices.estimate(entry.spec.as_ref()?, &member.region);
            let hourly = rate(&estimate, entry.state);
            Some((entry, hourly))
        };
        let Some((entry, hourly)) = repriced() else { return Vec::new() };
        let state = entry.state;
        self.turn(id, entry, state, hourly)
    }

    /// Stop, resume or delete.
    fn moved(
        &mut self,
        id: CostEventId,
        action: Action,
        moved: &[ResourceId],
    ) -> Option<CostEvent> {
        let mut effects = Vec::new();
        let mut estimate = Estimate::default();
        let mut resource_type = None;
        let mut unseen_hourly = Usd::ZERO;
        for resource in moved {
            let Some(entry) = self.resources.get(resource).cloned() else {
                let unseen = self.move_unseen(&id, action, resource);
                unseen_hourly += Usd::new(unseen.hourly());
                if unseen.bound.is_some() {
                    estimate = unseen;
                }
                continue;
            };
            if let Some(spec) = &entry.spec {
                resource_type.get_or_insert_with(|| spec.resource_type());
            }
            if let Some((differences, now)) = self.move_known(&id, action, entry) {
                effects.extend(differences);
                estimate = now;
            }
        }
        let resource_type = resource_type.unwrap_or_else(unknown);
        let mut cost_event = self.cost_event(id, action, moved, resource_type, estimate)?;
        cost_event.take_effects(effects);
        cost_event.hourly_change += unseen_hourly;
        Some(cost_event)
    }

    fn move_known(
        &mut self,
        id: &CostEventId,
        action: Action,
        entry: OpenResource,
    ) -> Option<(Vec<Difference>, Estimate)> {
        if entry.last_change.at > self.event.time {
            return None;
        }
        let target = match action {
            Action::Stop => RunState::Stopped,
            Action::Delete => RunState::Gone,
            Action::Start | Action::Resize | Action::Resume => RunState::Running,
        };
        let gone = entry.before(&id.event).state == Some(RunState::Gone);
        if gone && target != RunState::Running {
            return None;
        }
        let estimate = match &entry.spec {
            Some(spec) if target != RunState::Gone => self.prices.estimate(spec, &entry.id.region),
            _ => Estimate::default(),
        };
        let hourly = rate(&estimate, target);
        Some((self.turn(id, entry, target, hourly), estimate))
    }

    /// A resource whose start was not seen: its end is remembered, so that a start that comes late
    /// does not stay open; its resumption costs we do not know what.
    fn move_unseen(&mut self, id: &CostEventId, action: Action, resource: &ResourceId) -> Estimate {
        if action == Action::Delete {
            self.resources.put(OpenResource {
                id: resource.clone(),
                spec: None,
                state: RunState::Gone,
                hourly: Usd::ZERO,
                since: self.event.time,
                opened_by: id.clone(),
                raised_by: None,
                actor: self.actor.clone(),
                members: BTreeSet::new(),
                last_change: self.last_change(Before::default()),
            });
        }
        if action == Action::Resume { unseen(&resource.name) } else { Estimate::default() }
    }

    fn last_change(&self, before: Before) -> LastChange {
        LastChange { event: self.event.id.clone(), at: self.event.time, before }
    }

    fn cost_event(
        &self,
        id: CostEventId,
        action: Action,
        resources: &[ResourceId],
        resource_type: String,
        estimate: Estimate,
    ) -> Option<CostEvent> {
        let first = resources.first()?;
        Some(CostEvent {
            id,
            time: self.event.time,
            account: self.event.account.clone(),
            region: first.region.clone(),
            actor: self.actor.clone(),
            name: self.event.name.clone(),
            launcher: self.event.launcher.clone(),
            service: first.service,
            resource_type,
            action,
            resources: resources.iter().map(|resource| resource.name.clone()).collect(),
            estimate,
            hourly_change: Usd::ZERO,
            ended_already: 0,
            effects: Vec::new(),
        })
    }
}

fn unknown() -> String {
    "unknown".to_owned()
}

/// What a resource costs in a state: everything while it runs, storage while it is stopped.
fn rate(estimate: &Estimate, state: RunState) -> Usd {
    let storage = |unit| matches!(unit, Unit::GibMonth | Unit::IopsMonth | Unit::MibpsMonth);
    match state {
        RunState::Running => Usd::new(estimate.hourly()),
        RunState::Stopped => {
            let lines = estimate.lines.iter().filter(|line| storage(line.unit));
            Usd::new(lines.map(crate::price::Line::hourly).sum())
        }
        RunState::Gone => Usd::ZERO,
    }
}

/// Something runs of which we saw no start: never 0, and never a page by itself, since every
/// account has resources that are older than our watch.
fn unseen(name: &str) -> Estimate {
    let reason = format!(
        "{name} was created before we began to watch, so its type is not known; reckoned with $0.50 \
         an hour, it may be more"
    );
    let hourly = Decimal::new(50, 2);
    Estimate {
        bound: Some(Bound { hourly, kind: BoundKind::PriceUnknown, reason: reason.into() }),
        ..Estimate::default()
    }
}

/// A resource was resized of which we saw no start: the difference is at most its new price.
fn at_most(now: &Estimate, name: &str) -> Estimate {
    let reason = format!("what {name} was before is not known; at most its whole new price is new");
    Estimate {
        bound: Some(Bound {
            hourly: now.hourly(),
            kind: BoundKind::PriceUnknown,
            reason: reason.into(),
        }),
        ..Estimate::default()
    }
}

/// What one resource's change means for the account, and for the one cost event behind it.
struct Difference {
    of_account: Usd,
    effect: Effect,
}

/// One effect for each opening event, without those that change nothing.
fn merged(effects: impl Iterator<Item = Effect>) -> Vec<Effect> {
    let mut by_opening: BTreeMap<CostEventId, (i64, Usd)> = BTreeMap::new();
    for effect in effects {
        let sum = by_opening.entry(effect.opened_by).or_default();
        sum.0 += effect.running;
        sum.1 += effect.hourly;
    }
    let changed = by_opening.into_iter().filter(|(_, sum)| *sum != (0, Usd::ZERO));
    changed.map(|(opened_by, (running, hourly))| Effect { opened_by, running, hourly }).collect()
}

/// A spec with a change applied; a change that does not fit the kind leaves it as it is.
fn apply(spec: &Spec, to: &SpecChange) -> Spec {
    let mut spec = spec.clone();
    match (&mut spec, to) {
        (Spec::Instance(instance), SpecChange::InstanceType(name)) => {
            instance.instance_type.clone_from(name);
        }
        (Spec::Volume(volume), SpecChange::Volume { kind, size_gib, iops, throughput_mibps }) => {
            if let Some(kind) = kind {
                // Provisioned performance belongs to the kind it was bought for.
                if volume.kind != *kind {
                    (volume.iops, volume.throughput_mibps) = (None, None);
                }
                volume.kind.clone_from(kind);
            }
            volume.size_gib = size_gib.or(volume.size_gib);
            volume.iops = iops.or(volume.iops);
            volume.throughput_mibps = throughput_mibps.or(volume.throughput_mibps);
        }
        (Spec::Database(database), SpecChange::Database { class, deployment, storage }) => {
            if let Some(class) = class {
                database.class.clone_from(class);
            }
            database.deployment = deployment.unwrap_or(database.deployment);
            if let Some(storage) = storage {
                database.storage = Some(storage.clone());
            }
        }
        (Spec::Cluster(cluster), SpecChange::Cluster { acu, io_optimized, instance_class }) => {
            cluster.acu = acu.or(cluster.acu);
            cluster.io_optimized = io_optimized.unwrap_or(cluster.io_optimized);
            if instance_class.is_some() {
                cluster.instance_class.clone_from(instance_class);
            }
        }
        (Spec::Function(function), SpecChange::Function(to)) => function.clone_from(to),
        (Spec::Launcher(launcher), SpecChange::Launcher { desired, max }) => {
            launcher.desired = desired.or(launcher.desired);
            launcher.max = max.or(launcher.max);
        }
        _ => {}
    }
    spec
}
