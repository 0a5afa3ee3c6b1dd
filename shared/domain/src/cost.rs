//! What an event changes about the cost by the hour: from an event and what runs now to cost
//! events, with the arithmetic of each.

mod reported;

use crate::cost_event::{Action, CostEvent, CostEventId, Effect, OpenChange};
use crate::event::{Actor, Change, ResourceEvent};
use crate::ids::Region;
use crate::money::Usd;
use crate::open_resource::{Before, LastChange, OpenResource, OpenResources, Raise, RunState};
use crate::price::{Bound, BoundKind, Estimate, Prices, Unit};
use crate::resource::{
    DatabaseSpec, Deployment, LauncherSpec, ResourceId, Service, Spec, SpecChange, VolumeSpec,
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Resources that one cost event may stop, resume or delete: each may end two anomalies, and all
/// that one cost event does is stored in one transaction.
const MAX_EFFECTS: usize = 40;

/// Prices an event and folds it into what runs. The same event a second time gives the same cost
/// events: differences are taken against the state before the event.
pub fn cost(
    event: &ResourceEvent,
    prices: &dyn Prices,
    resources: &mut OpenResources,
) -> Vec<CostEvent> {
    let actor = responsible(event, resources);
    let mut pricing = Pricing { event, actor, prices, resources, cost_events: Vec::new() };
    for change in &event.changes {
        pricing.change(change);
    }
    pricing.cost_events
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
    cost_events: Vec<CostEvent>,
}

/// Resources that come to the same state with the same spec, so that one estimate holds for each.
struct Turn {
    action: Action,
    service: Service,
    region: Region,
    resources: Vec<ResourceId>,
    spec: Option<Spec>,
    resource_type: String,
    state: RunState,
    estimate: Estimate,
    /// Not for what a later event has overtaken: that changes nothing.
    takes_effect: bool,
}

impl Pricing<'_> {
    fn change(&mut self, change: &Change) {
        match change {
            Change::Started { resources, spec } => self.started(resources, spec),
            Change::Modified { resource, to } => self.modified(resource, to),
            Change::Resumed { resources } => self.moved(Action::Resume, resources),
            Change::Stopped { resources } => self.moved(Action::Stop, resources),
            Change::Deleted { resources } => self.moved(Action::Delete, resources),
        }
    }

    fn started(&mut self, started: &[ResourceId], spec: &Spec) {
        let Some(first) = started.first() else { return };
        let spec = self.complete(first, spec);
        let (known, new): (Vec<_>, Vec<_>) =
            each_once(started).cloned().partition(|id| self.exists_already(id));
        for known in known.chunks(MAX_EFFECTS) {
            let spec = Some(spec.clone());
            let turn = self.turn(Action::Resize, first, known.to_vec(), spec, RunState::Running);
            let cost_event = self.apply(turn);
            self.cost_events.push(cost_event);
        }
        if !new.is_empty() {
            self.started_anew(first, new, &spec);
        }
        self.join_cluster(first, &spec);
    }

    fn started_anew(&mut self, first: &ResourceId, new: Vec<ResourceId>, spec: &Spec) {
        let (over, alive): (Vec<_>, Vec<_>) = new.into_iter().partition(|id| self.over_since(id));
        let turn = self.turn(Action::Start, first, alive, Some(spec.clone()), RunState::Running);
        let estimate = turn.estimate.clone();
        let mut cost_event = self.apply(turn);
        // What has ended already was started all the same.
        cost_event.hourly_change += Usd::new(estimate.hourly()).times(over.len() as u64);
        cost_event.ended_already = u32::try_from(over.len()).unwrap_or(u32::MAX);
        for resource in &over {
            self.open_stopped(resource, &cost_event.id, spec);
        }
        cost_event.resources.extend(over.into_iter().map(|resource| resource.name));
        self.cost_events.push(cost_event);
    }

    /// The stop came before the start: what stays is known now.
    fn open_stopped(&mut self, resource: &ResourceId, opened_by: &CostEventId, spec: &Spec) {
        let known = self.resources.get(resource).cloned();
        let Some(stopped) = known.filter(|entry| entry.state == RunState::Stopped) else { return };
        let estimate = self.prices.estimate(spec, &resource.region);
        self.resources.put(OpenResource {
            spec: Some(spec.clone()),
            hourly: Usd::new(in_state(estimate, RunState::Stopped).hourly()),
            since: self.event.time,
            opened_by: opened_by.clone(),
            actor: self.actor.clone(),
            ..stopped
        });
    }

    /// Whether it was started before: a second `PutProvisionedConcurrencyConfig` takes the place of
    /// the first.
    fn exists_already(&self, id: &ResourceId) -> bool {
        self.resources.get(id).is_some_and(|entry| {
            let state = entry.before(&self.event.id).state;
            state.is_some_and(|state| state != RunState::Gone) && !self.over_since(id)
        })
    }

    /// Whether the end of a resource, or a stop of one whose start had not come, was seen already:
    /// events come in any order.
    fn over_since(&self, id: &ResourceId) -> bool {
        let Some(entry) = self.resources.get(id) else { return false };
        let opened_here = entry.spec.is_none() || entry.opened_by.event == self.event.id;
        let over = match entry.state {
            RunState::Gone => true,
            RunState::Stopped => opened_here,
            RunState::Running => false,
        };
        over && entry.last_change.at >= self.event.time
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

    fn join_cluster(&mut self, member: &ResourceId, spec: &Spec) {
        let Spec::Database(_) = spec else { return };
        let cluster = price_giver(member, spec).and_then(|id| self.resources.get(&id)).cloned();
        if let Some(mut cluster) = cluster
            && cluster.members.insert(member.name.clone())
        {
            self.resources.put(cluster);
        }
    }

    fn modified(&mut self, resource: &ResourceId, to: &SpecChange) {
        let one = vec![resource.clone()];
        let turn = match self.resources.get(resource) {
            Some(entry) if entry.last_change.at > self.event.time => {
                let turn = self.turn(Action::Resize, resource, one, None, RunState::Gone);
                Turn { takes_effect: false, ..turn }
            }
            Some(OpenResource { spec: Some(spec), state, last_change, .. })
                if !last_change.created_by(&self.event.id) =>
            {
                self.turn(Action::Resize, resource, one, Some(spec.with(to)), *state)
            }
            entry => self.resized_unseen(resource, to, entry),
        };
        let cost_event = self.apply(turn);
        self.cost_events.push(cost_event);
        for member in self.resources.members_of(resource) {
            self.reprice_member(&member, resource);
        }
    }

    /// A member of a cluster whose settings changed: priced anew.
    fn reprice_member(&mut self, member: &ResourceId, cluster: &ResourceId) {
        let settings = self.resources.get(cluster).and_then(|entry| entry.spec.clone());
        let known = self.resources.get(member).cloned();
        let (Some(Spec::Cluster(cluster)), Some(entry)) = (settings, known) else { return };
        let gone = entry.before(&self.event.id).state == Some(RunState::Gone);
        let Some(Spec::Database(mut database)) = entry.spec.filter(|_| !gone) else { return };
        (database.acu, database.io_optimized) = (cluster.acu, cluster.io_optimized);
        let spec = Some(Spec::Database(database));
        let turn = self.turn(Action::Resize, member, vec![member.clone()], spec, entry.state);
        let cost_event = self.apply(turn);
        self.cost_events.push(cost_event);
    }

    /// Stop, resume or delete: in groups of equal specs.
    fn moved(&mut self, action: Action, moved: &[ResourceId]) {
        let target = match action {
            Action::Stop => RunState::Stopped,
            Action::Delete => RunState::Gone,
            Action::Start | Action::Resize | Action::Resume => RunState::Running,
        };
        let news = self.event.actor.is_reporting().then(|| self.reported(target, moved));
        for (first, resources, kind) in self.grouped(target, news.as_deref().unwrap_or(moved)) {
            let (unseen, outdated) = (kind == Kind::Unseen, kind == Kind::Outdated);
            let spec = if let Kind::Known(spec) = kind { Some(spec) } else { None };
            let several = self.several_types(&resources);
            let mut turn = self.turn(action, &first, resources, spec, target);
            // What was started before we watched runs again: it costs we do not know what.
            if unseen && action == Action::Resume {
                turn.estimate = unseen_estimate(&first.name);
            }
            turn.takes_effect = !outdated;
            if several {
                "several types".clone_into(&mut turn.resource_type);
            }
            let cost_event = self.apply(turn);
            self.cost_events.push(cost_event);
        }
    }

    fn grouped(&self, target: RunState, moved: &[ResourceId]) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for id in each_once(moved) {
            let kind = self.kind(target, id);
            // What is gone costs nothing, whatever it was.
            let both_end = |group: &Kind| {
                let known = |kind: &Kind| matches!(kind, Kind::Known(_));
                target == RunState::Gone && known(group) && known(&kind)
            };
            let fits = |(_, resources, group): &&mut Group| {
                resources.len() < MAX_EFFECTS && (*group == kind || both_end(group))
            };
            match groups.iter_mut().find(fits) {
                Some((_, resources, _)) => resources.push(id.clone()),
                None => groups.push((id.clone(), vec![id.clone()], kind)),
            }
        }
        groups
    }

    fn several_types(&self, resources: &[ResourceId]) -> bool {
        let known = |id| self.resources.get(id)?.spec.as_ref().map(Spec::resource_type);
        let types: BTreeSet<Option<String>> = resources.iter().map(known).collect();
        types.len() > 1
    }

    fn kind(&self, target: RunState, id: &ResourceId) -> Kind {
        let Some(entry) = self.resources.get(id) else { return Kind::Unseen };
        let gone = entry.before(&self.event.id).state == Some(RunState::Gone);
        if entry.last_change.at > self.event.time || (gone && target != RunState::Running) {
            return Kind::Outdated;
        }
        entry.spec.clone().map_or(Kind::Unseen, Kind::Known)
    }

    fn turn(
        &self,
        action: Action,
        first: &ResourceId,
        resources: Vec<ResourceId>,
        spec: Option<Spec>,
        state: RunState,
    ) -> Turn {
        let estimate = spec.as_ref().map(|spec| self.prices.estimate(spec, &first.region));
        Turn {
            action,
            service: first.service,
            region: first.region.clone(),
            resources,
            resource_type: spec.as_ref().map_or_else(unknown, Spec::resource_type),
            spec,
            state,
            estimate: in_state(estimate.unwrap_or_default(), state),
            takes_effect: true,
        }
    }

    /// A change of a resource whose start was not seen: what it costs now is known only as far as
    /// the change tells.
    fn resized_unseen(
        &self,
        resource: &ResourceId,
        to: &SpecChange,
        entry: Option<&OpenResource>,
    ) -> Turn {
        let before = entry.and_then(|entry| entry.before(&self.event.id).state);
        let state = before.unwrap_or(RunState::Running);
        let spec = match to {
            SpecChange::InstanceType(name) => Some(Spec::plain_instance(name)),
            SpecChange::Function(function) => Some(Spec::Function(function.clone())),
            SpecChange::Launcher { desired, max } => {
                Some(Spec::Launcher(LauncherSpec { desired: *desired, max: *max }))
            }
            _ => None,
        };
        let (one, name) = (vec![resource.clone()], &resource.name);
        let mut turn = self.turn(Action::Resize, resource, one, spec, state);
        match (&turn.spec, guess(to)) {
            (None, Some(guess)) => {
                let now = self.prices.estimate(&guess, &resource.region);
                let what = match guess {
                    Spec::Database(_) => " as PostgreSQL",
                    _ => "",
                };
                turn.estimate = in_state(at_most(&now, name, what), state);
                turn.resource_type = guess.resource_type();
            }
            (None, None) => turn.estimate = in_state(unseen_estimate(name), state),
            // A stopped one is known to have cost nothing before.
            (Some(Spec::Instance(_)), _) if before.is_none() => {
                turn.estimate = at_most(&turn.estimate, name, "");
            }
            (Some(_), _) => {}
        }
        turn
    }

    /// Brings resources to their new state, and says what that means for the cost.
    fn apply(&mut self, turn: Turn) -> CostEvent {
        let id = self.id();
        let hourly = Usd::new(turn.estimate.hourly());
        let mut before = Usd::ZERO;
        let mut effects = Vec::new();
        let mut open: BTreeMap<String, Usd> = BTreeMap::new();
        for resource in turn.resources.iter().filter(|_| turn.takes_effect) {
            let rate = self.turn_one(&id, &turn, resource, hourly, &mut effects);
            before += rate;
            *open.entry(self.owner(resource)).or_default() += hourly - rate;
        }
        CostEvent {
            time: self.event.time,
            account: self.event.account.clone(),
            region: turn.region,
            actor: self.actor.clone(),
            name: self.event.name.clone(),
            launcher: self.event.launcher.clone(),
            service: turn.service,
            resource_type: turn.resource_type,
            action: turn.action,
            hourly_before: before,
            hourly_change: hourly.times(turn.resources.len() as u64) - before,
            resources: turn.resources.into_iter().map(|resource| resource.name).collect(),
            estimate: turn.estimate,
            ended_already: 0,
            effects: merged(effects, &id),
            open_changes: open_changes(open, &self.actor.id),
            id,
        }
    }

    /// Who answers for a resource, once this event has changed it.
    fn owner(&self, resource: &ResourceId) -> String {
        self.resources.get(resource).map_or(&self.actor.id, |entry| &entry.actor.id).clone()
    }

    /// Of the next cost event.
    fn id(&self) -> CostEventId {
        let part = u16::try_from(self.cost_events.len()).unwrap_or(u16::MAX);
        CostEventId { event: self.event.id.clone(), part }
    }

    /// Brings one resource to its new state; gives its rate before. What makes it dearer now takes
    /// the place of what did so before.
    fn turn_one(
        &mut self,
        id: &CostEventId,
        turn: &Turn,
        resource: &ResourceId,
        hourly: Usd,
        effects: &mut Vec<Effect>,
    ) -> Usd {
        let known = self.resources.get(resource).cloned();
        let before = known.as_ref().map(|entry| entry.before(&id.event)).unwrap_or_default();
        let change = hourly - before.hourly;
        let starts = turn.action == Action::Start;
        let mut entry = known.unwrap_or_else(|| self.new_entry(id, resource));
        let opened_now = starts || entry.opened_by == *id;
        let raised_by =
            if opened_now { None } else { raise_after(id, &before, turn.state, change) };
        let opened_changes = if starts { -before.hourly } else { change };
        effects.push(effect_on_opening(&entry, &before, turn, opened_changes));
        effects.extend(effect_on_raise(&before, raised_by.as_ref()));
        if starts {
            entry.opened_by.clone_from(id);
            entry.since = self.event.time;
        }
        if starts || matches!(turn.spec, Some(Spec::Launcher(_))) {
            entry.actor = self.actor.clone();
        }
        let hourly_before = before.hourly;
        entry.raised_by = raised_by;
        entry.last_change = self.last_change(before);
        if turn.state != RunState::Gone {
            entry.spec.clone_from(&turn.spec);
        }
        (entry.state, entry.hourly) = (turn.state, hourly);
        self.resources.put(entry);
        hourly_before
    }

    fn new_entry(&self, id: &CostEventId, resource: &ResourceId) -> OpenResource {
        OpenResource {
            id: resource.clone(),
            spec: None,
            state: RunState::Running,
            hourly: Usd::ZERO,
            since: self.event.time,
            opened_by: id.clone(),
            raised_by: None,
            actor: self.actor.clone(),
            members: BTreeSet::new(),
            last_change: self.last_change(Before::default()),
        }
    }

    fn last_change(&self, before: Before) -> LastChange {
        LastChange { event: self.event.id.clone(), at: self.event.time, before }
    }
}

/// The first of some resources, all of them, and what is known about each.
type Group = (ResourceId, Vec<ResourceId>, Kind);

/// Without repetitions, in the order given.
fn each_once(resources: &[ResourceId]) -> impl Iterator<Item = &ResourceId> {
    let mut named = BTreeSet::new();
    resources.iter().filter(move |id| named.insert(*id))
}

/// How much is known about a resource that is stopped, resumed or deleted.
#[derive(PartialEq)]
enum Kind {
    Known(Spec),
    Unseen,
    Outdated,
}

/// What a turn of one resource means for the event that opened it.
fn effect_on_opening(entry: &OpenResource, before: &Before, turn: &Turn, hourly: Usd) -> Effect {
    let running = |state| i64::from(state == Some(RunState::Running));
    let after = if turn.action == Action::Start { None } else { Some(turn.state) };
    let opened_by = entry.opened_by.clone();
    Effect { opened_by, running: running(after) - running(before.state), hourly }
}

/// The event that made a resource dearer, after another one: what makes it dearer still takes its
/// place; what makes it a little cheaper leaves it there.
fn raise_after(id: &CostEventId, before: &Before, state: RunState, change: Usd) -> Option<Raise> {
    if change > Usd::ZERO {
        return Some(Raise { by: id.clone(), hourly: change });
    }
    let runs_on = state == RunState::Running && before.state == Some(RunState::Running);
    let raise = before.raised_by.clone().filter(|_| runs_on)?;
    let left = Raise { hourly: raise.hourly + change, ..raise };
    (left.hourly > Usd::ZERO).then_some(left)
}

/// What that means for the event that had made it dearer.
fn effect_on_raise(before: &Before, after: Option<&Raise>) -> Option<Effect> {
    let raise = before.raised_by.as_ref()?;
    let left = after.filter(|after| after.by == raise.by);
    Some(Effect {
        opened_by: raise.by.clone(),
        running: if left.is_some() { 0 } else { -1 },
        hourly: left.map(|left| left.hourly).unwrap_or_default() - raise.hourly,
    })
}

fn unknown() -> String {
    "unknown".to_owned()
}

/// What is paid in a state: everything while it runs, storage while it is stopped.
fn in_state(mut estimate: Estimate, state: RunState) -> Estimate {
    let storage = |unit| matches!(unit, Unit::GibMonth | Unit::IopsMonth | Unit::MibpsMonth);
    match state {
        RunState::Running => estimate,
        RunState::Stopped => {
            estimate.lines.retain(|line| storage(line.unit));
            Estimate { lines: estimate.lines, ..Estimate::default() }
        }
        RunState::Gone => Estimate::default(),
    }
}

/// Something runs of which we saw no start: never 0, and never a page, since every account has
/// resources that are older than our watch.
fn unseen_estimate(name: &str) -> Estimate {
    let reason = format!(
        "{name} was created before we began to watch, so what it costs is not known; reckoned with \
         $0.50 an hour, it may be more"
    );
    let hourly = Decimal::new(50, 2);
    Estimate {
        bound: Some(Bound { hourly, kind: BoundKind::OlderThanWatch, reason: reason.into() }),
        ..Estimate::default()
    }
}

/// What a database or volume is after a change, as far as the change tells; the engine is taken to
/// be PostgreSQL's.
fn guess(to: &SpecChange) -> Option<Spec> {
    match to {
        SpecChange::Database { class: Some(class), deployment, .. } => {
            Some(Spec::Database(DatabaseSpec {
                class: class.clone(),
                engine: "postgres".to_owned(),
                licence: None,
                deployment: deployment.unwrap_or(Deployment::SingleAz),
                storage: None,
                cluster: None,
                acu: None,
                io_optimized: false,
            }))
        }
        SpecChange::Volume { kind, size_gib, iops, throughput_mibps }
            if size_gib.is_some() || iops.is_some() =>
        {
            Some(Spec::Volume(VolumeSpec {
                kind: kind.clone().unwrap_or_else(|| "gp3".to_owned()),
                size_gib: Some(size_gib.unwrap_or(0)),
                iops: *iops,
                throughput_mibps: *throughput_mibps,
            }))
        }
        _ => None,
    }
}

/// A resource was resized of which we saw no start: the difference is at most its new price.
fn at_most(now: &Estimate, name: &str, guessed: &str) -> Estimate {
    let reason =
        format!("what {name} was before is not known; at most its whole new price{guessed} is new");
    Estimate {
        bound: Some(Bound {
            hourly: now.hourly(),
            kind: BoundKind::PriceUnknown,
            reason: reason.into(),
        }),
        ..Estimate::default()
    }
}

/// Nothing where all of it is the actor's own, as it mostly is.
fn open_changes(open: BTreeMap<String, Usd>, actor: &str) -> Vec<OpenChange> {
    if open.keys().all(|owner| owner == actor) {
        return Vec::new();
    }
    open.into_iter().map(|(actor, hourly)| OpenChange { actor, hourly }).collect()
}

/// One effect for each other event, without those that change nothing.
fn merged(effects: Vec<Effect>, own: &CostEventId) -> Vec<Effect> {
    let mut by_opening: BTreeMap<CostEventId, (i64, Usd)> = BTreeMap::new();
    for effect in effects.into_iter().filter(|effect| effect.opened_by != *own) {
        let sum = by_opening.entry(effect.opened_by).or_default();
        sum.0 += effect.running;
        sum.1 += effect.hourly;
    }
    let changed = by_opening.into_iter().filter(|(_, sum)| *sum != (0, Usd::ZERO));
    changed.map(|(opened_by, (running, hourly))| Effect { opened_by, running, hourly }).collect()
}
