//! Laws: what holds whatever happens. The random worlds come from fixed seeds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "laws/seeded.rs"]
mod seeded;
#[path = "laws/world.rs"]
mod world;

use domain::anomaly::Status;
use domain::assessment::{AccountState, Assessment, assess};
use domain::baseline::{BaselineKey, History, Sums};
use domain::cost::{cost, members_needed, resources_needed};
use domain::cost_event::CostEvent;
use domain::decision::{Delivery, Verdict};
use domain::event::{Change, ResourceEvent};
use domain::expectation::Expectation;
use domain::fixed::Millionths;
use domain::habits::Habits;
use domain::money::{MicroUsd, Usd};
use domain::open_resource::{OpenResource, OpenResources, RunState};
use domain::policy::{Mode, Policy};
use domain::price::{Bound, BoundKind, Estimate, Prices};
use domain::recompute;
use domain::resource::{ResourceId, Service, Spec, SpecChange};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use rust_decimal::Decimal;
use seeded::seeded;
use std::collections::{BTreeMap, BTreeSet};
use world::{Made, Step, actor, event, events, id, region, steps, type_name};

const LONGEST: usize = 40;

/// An account that is assessed from its first event.
#[derive(Default)]
struct Account {
    resources: OpenResources,
    state: AccountState,
}

impl Account {
    fn assess(&mut self, event: &ResourceEvent, policy: &Policy) -> Vec<Assessment> {
        assess(event, &Made, &mut self.resources, &mut self.state, policy)
    }

    fn all(&mut self, steps: &[Step], policy: &Policy) -> Vec<Assessment> {
        events(steps).iter().flat_map(|event| self.assess(event, policy)).collect()
    }
}

fn open_rate(resources: &mut OpenResources) -> Usd {
    resources.take_changed().iter().map(|entry| entry.hourly).sum()
}

proptest! {
    #![proptest_config(seeded(1))]

    #[test]
    fn what_is_open_costs_the_sum_of_all_changes(steps in steps(LONGEST)) {
        let mut resources = OpenResources::default();
        let changes: Vec<CostEvent> =
            events(&steps).iter().flat_map(|event| cost(event, &Made, &mut resources)).collect();
        let sum: Usd = changes.iter().map(|change| change.hourly_change).sum();
        prop_assert_eq!(sum, open_rate(&mut resources));
    }

    #[test]
    fn every_figure_of_an_event_is_count_times_estimate_less_before(steps in steps(LONGEST)) {
        for assessment in Account::default().all(&steps, &Policy::default()) {
            let event = assessment.event;
            let one = Usd::new(event.estimate.hourly());
            prop_assert_eq!(event.hourly_change, one.times(event.count()) - event.hourly_before);
        }
    }

    #[test]
    fn an_event_delivered_twice_gives_the_same_cost_and_the_same_state(steps in steps(LONGEST)) {
        let mut resources = OpenResources::default();
        for event in events(&steps) {
            let first = cost(&event, &Made, &mut resources);
            let after = resources.clone();
            let second = cost(&event, &Made, &mut resources);
            prop_assert_eq!(&first, &second);
            prop_assert_eq!(after, resources.clone());
        }
    }

    #[test]
    fn every_anomaly_can_be_computed_again(steps in steps(LONGEST)) {
        let mut account = Account::default();
        account.all(&steps, &Policy::default());
        for check in account.state.anomalies.values().flat_map(recompute::anomaly) {
            prop_assert!(check.holds(), "{check:?}");
        }
    }

    #[test]
    fn what_an_anomaly_has_open_is_never_negative(steps in steps(LONGEST)) {
        let mut account = Account::default();
        for event in events(&steps) {
            account.assess(&event, &Policy::default());
            for anomaly in account.state.anomalies.values() {
                prop_assert!(anomaly.open.running >= 0 && anomaly.open.rate >= MicroUsd(0));
                prop_assert_eq!(anomaly.is_resolved(), anomaly.open.running == 0);
            }
        }
    }

    #[test]
    fn governance_moves_the_delivery_and_nothing_else(steps in steps(LONGEST)) {
        let standard = Policy::default();
        let ladder = [
            standard.clone(),
            Policy { mode: Mode::Strict, ..standard.clone() },
            Policy { customer_strict: true, ..standard.clone() },
            Policy { panic: true, ..standard },
        ];
        let outcomes: Vec<Vec<Assessment>> =
            ladder.iter().map(|policy| Account::default().all(&steps, policy)).collect();
        for pair in outcomes.windows(2) {
            for (freer, stricter) in pair[0].iter().zip(&pair[1]) {
                prop_assert_eq!(&freer.score, &stricter.score);
                prop_assert_eq!(loudness(freer), loudness(stricter));
                prop_assert!(sent(freer) || !sent(stricter));
            }
        }
        for held in &outcomes[2..] {
            for assessment in held {
                prop_assert!(!sent(assessment));
            }
        }
    }

    #[test]
    fn an_expectation_never_makes_anything_louder(
        steps in steps(LONGEST),
        max_cents in 0_i64..3_000,
        max_count in prop::option::of(1_u64..3),
        size in prop::option::of(0_u8..6),
    ) {
        let expectation = Expectation {
            id: "x".to_owned(),
            actor: Some("user/0".to_owned()),
            resource_type: size.map(|size| type_name(size).to_owned()),
            region: None,
            max_count,
            max_hourly: Usd::from_cents(max_cents),
            expires_at: "2026-07-03T00:00:00Z".parse().unwrap(),
            by: "alice".to_owned(),
        };
        let mut expecting = Account::default();
        expecting.state.expectations.push(expectation);
        let expected = expecting.all(&steps, &Policy::default());
        let unexpected = Account::default().all(&steps, &Policy::default());
        for (with, without) in expected.iter().zip(&unexpected) {
            prop_assert!(with.decision.score <= without.decision.score);
            prop_assert!(loudness(with) <= loudness(without));
        }
    }

    #[test]
    fn the_same_events_give_the_same_assessments(steps in steps(LONGEST)) {
        let policy = Policy::default();
        let (mut one, mut other) = (Account::default(), Account::default());
        prop_assert_eq!(one.all(&steps, &policy), other.all(&steps, &policy));
        prop_assert_eq!(one.state, other.state);
    }

    #[test]
    fn batches_of_any_size_give_the_same_as_one_account_in_memory(
        steps in steps(LONGEST),
        size in 1_usize..7,
    ) {
        let policy = Policy::default();
        let mut whole = Account::default();
        let expected = whole.all(&steps, &policy);
        let mut table = Table::default();
        let mut assessments = Vec::new();
        for batch in events(&steps).chunks(size) {
            assessments.extend(table.batch(batch, &policy));
        }
        prop_assert_eq!(assessments, expected);
        let open: Vec<OpenResource> = table.resources.into_values().collect();
        prop_assert_eq!(open, whole.resources.take_changed());
        prop_assert_eq!(table.state.anomalies, whole.state.anomalies);
    }

    #[test]
    fn an_anomaly_is_over_exactly_when_all_that_it_counts_has_ended(lives in lives()) {
        let mut account = Account::default();
        let mut model = Model::default();
        for (nth, life) in lives.iter().enumerate() {
            let Some(event) = model.event(nth, life) else { continue };
            let assessments = account.assess(&event, &Policy::default());
            model.follow(&event, &assessments);
            for (id, anomaly) in &account.state.anomalies {
                let open = &anomaly.open;
                prop_assert_eq!(matches!(anomaly.status, Status::Open), open.running > 0);
                // What was over once may leave out what runs again without an alert.
                if !model.over.contains(id) {
                    prop_assert_eq!(open.running, model.running_of(id), "{} {:?}", id, event);
                    let off = open.rate.0 - model.rate_of(id).micros().0;
                    prop_assert!(off.abs() <= 100, "{id} {event:?}: {off} micro-dollars off");
                }
            }
            let over = account.state.anomalies.values().filter(|anomaly| anomaly.is_resolved());
            model.over.extend(over.map(|anomaly| anomaly.id.clone()));
        }
    }
}

fn loudness(assessment: &Assessment) -> Option<domain::decision::Severity> {
    match assessment.decision.verdict {
        Verdict::Silent(_) => None,
        Verdict::Alert { severity, .. } => Some(severity),
    }
}

fn sent(assessment: &Assessment) -> bool {
    matches!(assessment.decision.verdict, Verdict::Alert { delivery: Delivery::Send, .. })
}

/// What a table would keep between batches, and no more.
#[derive(Default)]
struct Table {
    resources: BTreeMap<ResourceId, OpenResource>,
    baselines: BTreeMap<BaselineKey, domain::baseline::Baseline>,
    habits: BTreeMap<BaselineKey, Habits>,
    regions: BTreeMap<String, u64>,
    state: AccountState,
}

impl Table {
    /// As a stage does it: loads what the batch asks for, computes, stores what has changed.
    fn batch(&mut self, batch: &[ResourceEvent], policy: &Policy) -> Vec<Assessment> {
        let named: BTreeSet<_> = batch.iter().flat_map(resources_needed).collect();
        let mut resources = OpenResources::new(self.load(&named));
        let members: BTreeSet<_> =
            batch.iter().flat_map(|event| members_needed(event, &resources)).collect();
        resources.extend(self.load(&members));
        self.state.history = History::new(self.baselines.clone())
            .with_habits(self.habits.clone(), self.regions.clone());
        let mut assessments = Vec::new();
        for event in batch {
            assessments.extend(assess(event, &Made, &mut resources, &mut self.state, policy));
        }
        let changed = resources.take_changed();
        self.resources.extend(changed.into_iter().map(|entry| (entry.id.clone(), entry)));
        let learned = self.state.history.changes();
        self.baselines.extend(learned.map(|(key, _, baseline)| (key.clone(), baseline)));
        let habits = self.state.history.changed_habits();
        self.habits.extend(habits.map(|(key, habits)| (key.clone(), habits.clone())));
        self.regions.clone_from(self.state.history.regions());
        assessments
    }

    fn load(&self, ids: &BTreeSet<ResourceId>) -> Vec<OpenResource> {
        ids.iter().filter_map(|id| self.resources.get(id).cloned()).collect()
    }
}

/// A step in the life of an instance: what it does depends on how the instance is.
#[derive(Debug, Clone)]
struct Life {
    which: u8,
    how_many: u8,
    choice: u8,
    size: u8,
    actor: u8,
    minutes: i64,
}

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let life = (0_u8..3, 1_u8..4, 0_u8..3, 0_u8..6, 0_u8..2, 1_i64..400).prop_map(
        |(which, how_many, choice, size, actor, minutes)| Life {
            which,
            how_many,
            choice,
            size,
            actor,
            minutes,
        },
    );
    prop::collection::vec(life, 1..60)
}

/// What should be: which instances run, and which anomalies count them.
#[derive(Default)]
struct Model {
    minutes: i64,
    started: usize,
    slots: BTreeMap<u8, Vec<ResourceId>>,
    states: BTreeMap<ResourceId, RunState>,
    rates: BTreeMap<ResourceId, Usd>,
    /// By how much the last raise that is not undone made it dearer.
    raised: BTreeMap<ResourceId, Usd>,
    /// The anomaly that counts an instance from its start, and the one that counts its raise.
    by_start: BTreeMap<ResourceId, String>,
    by_raise: BTreeMap<ResourceId, String>,
    over: BTreeSet<String>,
}

impl Model {
    fn event(&mut self, nth: usize, life: &Life) -> Option<ResourceEvent> {
        self.minutes += life.minutes;
        let begin: Timestamp = "2026-07-01T00:00:00Z".parse().unwrap();
        let slot = self.slots.get(&life.which).cloned().unwrap_or_default();
        let first = slot.first().cloned();
        let state = first.as_ref().and_then(|first| self.states.get(first)).copied();
        let change = match (state, life.choice) {
            (None | Some(RunState::Gone), _) => {
                let named = (0..life.how_many).map(|nth| format!("i-{}-{nth}", self.started));
                let resources: Vec<_> = named.map(|name| id(Service::Ec2, &name)).collect();
                self.started += 1;
                self.slots.insert(life.which, resources.clone());
                Change::Started { resources, spec: Spec::plain_instance(type_name(life.size)) }
            }
            (Some(RunState::Running), 0) => Change::Stopped { resources: vec![first?] },
            (Some(RunState::Stopped), 0) => Change::Resumed { resources: vec![first?] },
            (Some(_), 1) => {
                let to = type_name(life.size).to_owned();
                let to = SpecChange::InstanceType(to);
                Change::Modified { resource: first?, to }
            }
            (Some(_), _) => Change::Deleted { resources: slot },
        };
        Some(event(nth, begin + self.minutes.minutes(), actor(life.actor), None, change))
    }

    fn follow(&mut self, event: &ResourceEvent, assessments: &[Assessment]) {
        for assessment in assessments {
            let anomaly = assessment.outcome.alert.as_ref().map(|(id, _)| id.clone());
            let each = Usd::new(assessment.event.estimate.hourly());
            for name in &assessment.event.resources {
                self.turn(&id(Service::Ec2, name), &event.changes[0], each, anomaly.as_ref());
            }
        }
    }

    fn turn(&mut self, id: &ResourceId, change: &Change, rate: Usd, anomaly: Option<&String>) {
        let before = self.rates.insert(id.clone(), rate).unwrap_or_default();
        let raise = rate - before;
        let (state, starts) = match change {
            Change::Started { .. } => (RunState::Running, true),
            Change::Modified { .. } => (self.states[id], false),
            Change::Resumed { .. } => (RunState::Running, false),
            Change::Stopped { .. } => (RunState::Stopped, false),
            Change::Deleted { .. } => (RunState::Gone, false),
        };
        self.states.insert(id.clone(), state);
        if starts {
            self.by_start.extend(anomaly.map(|anomaly| (id.clone(), anomaly.clone())));
            return;
        }
        let left = self.raised.remove(id).unwrap_or_default() + raise;
        if raise <= Usd::ZERO && state == RunState::Running && left > Usd::ZERO {
            self.raised.insert(id.clone(), left);
            return;
        }
        self.by_raise.remove(id);
        if raise > Usd::ZERO {
            self.raised.insert(id.clone(), raise);
            let other = anomaly.filter(|anomaly| self.by_start.get(id) != Some(anomaly));
            self.by_raise.extend(other.map(|anomaly| (id.clone(), anomaly.clone())));
        }
    }

    /// All that it counts from the start, and of the raises what they add.
    fn rate_of(&self, anomaly: &str) -> Usd {
        let started = self.by_start.iter().filter(|(_, by)| *by == anomaly);
        let raised = self.by_raise.iter().filter(|(_, by)| *by == anomaly);
        let started: Usd = started.map(|(id, _)| self.rates[id]).sum();
        started + raised.map(|(id, _)| self.raised[id]).sum()
    }

    fn running_of(&self, anomaly: &str) -> i64 {
        let counted = self.by_start.iter().chain(&self.by_raise);
        let running = counted
            .filter(|(id, by)| *by == anomaly && self.states.get(*id) == Some(&RunState::Running));
        i64::try_from(running.count()).unwrap()
    }
}

proptest! {
    #![proptest_config(seeded(2))]

    #[test]
    fn a_delete_that_comes_before_its_start_leaves_it_closed(
        count in 1_usize..6,
        ended in 0_usize..6,
        size in 0_u8..6,
        later in 0_i64..600,
    ) {
        let begin: Timestamp = "2026-07-01T00:00:00Z".parse().unwrap();
        let names: Vec<_> = (0..count).map(|nth| id(Service::Ec2, &format!("i-{nth}"))).collect();
        let ended = ended.min(count);
        let spec = Spec::plain_instance(type_name(size));
        let start = Change::Started { resources: names.clone(), spec };
        let mut account = Account::default();
        if ended > 0 {
            let delete = Change::Deleted { resources: names[..ended].to_vec() };
            let delete = event(1, begin + later.minutes(), actor(0), None, delete);
            account.assess(&delete, &Policy::default());
        }
        let assessed = account.assess(&event(2, begin, actor(0), None, start), &Policy::default());
        let one = Usd::new(assessed[0].event.estimate.hourly());
        prop_assert_eq!(assessed[0].event.hourly_change, one.times(count as u64));
        for (nth, name) in names.iter().enumerate() {
            let state = account.resources.get(name).map(|entry| entry.state);
            let expected = if nth < ended { RunState::Gone } else { RunState::Running };
            prop_assert_eq!(state, Some(expected));
        }
        for anomaly in account.state.anomalies.values() {
            prop_assert_eq!(anomaly.open.running, i64::try_from(count - ended).unwrap());
        }
    }

    #[test]
    fn what_a_later_event_has_overtaken_changes_nothing(
        deleted in any::<bool>(),
        late in 0_usize..4,
        size in 0_u8..6,
    ) {
        let begin: Timestamp = "2026-07-01T00:00:00Z".parse().unwrap();
        let resources = vec![id(Service::Ec2, "i-0")];
        let to = SpecChange::InstanceType(type_name(size + 1).to_owned());
        let late = [
            Change::Resumed { resources: resources.clone() },
            Change::Stopped { resources: resources.clone() },
            Change::Deleted { resources: resources.clone() },
            Change::Modified { resource: resources[0].clone(), to },
        ][late].clone();
        let last = if deleted {
            Change::Deleted { resources: resources.clone() }
        } else {
            Change::Stopped { resources: resources.clone() }
        };
        let spec = Spec::plain_instance(type_name(size));
        let mut known = OpenResources::default();
        for (hours, change) in [(0, Change::Started { resources, spec }), (2, last)] {
            let at = begin + hours.hours();
            let nth = usize::try_from(hours).unwrap();
            cost(&event(nth, at, actor(0), None, change), &Made, &mut known);
        }
        let before = known.clone();
        let costs = cost(&event(9, begin + 1.hours(), actor(1), None, late), &Made, &mut known);
        prop_assert_eq!(known, before);
        prop_assert!(costs.iter().all(|cost| cost.hourly_change == Usd::ZERO));
        prop_assert!(costs.iter().all(|cost| cost.effects.is_empty()));
    }

    #[test]
    fn cost_grows_with_the_count(count in 1_usize..80, size in 0_u8..6) {
        let rate = |count: usize| {
            let named = (0..count).map(|nth| id(Service::Ec2, &format!("i-{nth}")));
            let spec = Spec::plain_instance(type_name(size));
            let start = Change::Started { resources: named.collect(), spec };
            let event = event(1, Timestamp::UNIX_EPOCH, actor(0), None, start);
            cost(&event, &Made, &mut OpenResources::default())[0].hourly_change
        };
        prop_assert!(rate(count + 1) > rate(count));
        prop_assert_eq!(rate(count), rate(1).times(count as u64));
    }

    #[test]
    fn the_order_of_learning_does_not_matter(steps in steps(LONGEST), turn in 0_usize..40) {
        let learned: Vec<CostEvent> = Account::default()
            .all(&steps, &Policy::default())
            .into_iter()
            .map(|assessment| assessment.event)
            .filter(CostEvent::costs_more)
            .collect();
        let mut turned = learned.clone();
        turned.rotate_left(turn.min(learned.len()));
        turned.reverse();
        let (mut one, mut other) = (History::default(), History::default());
        for event in &learned {
            one.learn(event);
        }
        for event in &turned {
            other.learn(event);
        }
        prop_assert_eq!(one, other);
    }

    #[test]
    fn what_is_taken_away_from_a_baseline_leaves_no_trace(
        rates in prop::collection::vec(1_i64..1_000_000_000_000, 1..50),
        taken in 0_usize..50,
    ) {
        let all: Vec<Sums> = rates.iter().map(|rate| Sums::of(MicroUsd(*rate))).collect();
        let taken = taken % all.len();
        let (mut sums, mut without) = (Sums::default(), Sums::default());
        for each in &all {
            sums.add(each);
        }
        all.iter().skip(taken).for_each(|each| without.add(each));
        all.iter().take(taken).rev().for_each(|each| sums.subtract(each));
        prop_assert_eq!(sums, without);
    }

    #[test]
    fn money_is_the_same_in_any_order_and_keeps_every_digit(
        parts in prop::collection::vec(-1_000_000_000_000_000_i64..1_000_000_000_000_000, 1..60),
    ) {
        // Ten places are what is kept, so this is every digit there is.
        let amounts: Vec<Usd> = parts.iter().map(|part| Usd::new(Decimal::new(*part, 10))).collect();
        let exact: i128 = parts.iter().map(|part| i128::from(*part)).sum();
        let sum: Usd = amounts.iter().copied().sum();
        prop_assert_eq!(sum, amounts.iter().rev().copied().sum());
        prop_assert_eq!(sum.amount(), Decimal::from_i128_with_scale(exact, 10));
        for amount in amounts {
            prop_assert_eq!(Usd::new(amount.to_string().parse().unwrap()), amount);
        }
    }

    #[test]
    fn micro_dollars_lose_nothing_on_the_way_to_dollars_and_back(micros in any::<i64>()) {
        prop_assert_eq!(MicroUsd(micros).usd().micros(), MicroUsd(micros));
    }

    #[test]
    fn millionths_keep_the_laws_of_arithmetic(
        a in -1_000_000_000_i64..1_000_000_000,
        b in -1_000_000_000_i64..1_000_000_000,
        c in -1_000_000_000_i64..1_000_000_000,
    ) {
        let (a, b, c) = (Millionths(a), Millionths(b), Millionths(c));
        let one = Millionths::hundredths(100);
        prop_assert_eq!(a + b, b + a);
        prop_assert_eq!((a + b) + c, a + (b + c));
        prop_assert_eq!(a + b - b, a);
        prop_assert_eq!(a * b, b * a);
        prop_assert_eq!(a * one, a);
        prop_assert_eq!(a * Millionths::ZERO, Millionths::ZERO);
        prop_assert_eq!([a, b, c].into_iter().sum::<Millionths>(), [c, a, b].into_iter().sum());
        prop_assert_eq!(Millionths::from_f64(a.to_f64()), a);
        let shown: Decimal = a.to_string().parse().unwrap();
        prop_assert_eq!(shown, Decimal::new(a.0, 6));
    }

    #[test]
    fn the_logarithm_grows(value in 1_i64..1_000_000_000) {
        prop_assert!(Millionths::ln(value + 1) >= Millionths::ln(value));
    }

    #[test]
    fn an_unknown_price_counts_as_its_bound(cents in 1_i64..1_000_000, size in 0_u8..6) {
        let known = Made.estimate(&Spec::plain_instance(type_name(size)), &region());
        let hourly = Decimal::new(cents, 2);
        let bound = Bound { hourly, kind: BoundKind::PriceUnknown, reason: "new".into() };
        let estimate = Estimate { bound: Some(bound), ..known };
        prop_assert!(!estimate.price_known());
        prop_assert_eq!(estimate.hourly(), hourly);
    }
}

#[test]
fn what_started_before_the_watch_never_counts_as_free() {
    let resumed = Change::Resumed { resources: vec![id(Service::Ec2, "i-old")] };
    let event = event(1, Timestamp::UNIX_EPOCH, actor(0), None, resumed);
    let cost_events = cost(&event, &Made, &mut OpenResources::default());
    assert!(cost_events[0].costs_more());
    assert!(!cost_events[0].estimate.price_known());
}
