//! A made-up world for the laws: prices, resources of every kind, and random events in the order
//! of time.

use domain::event::{Actor, ActorKind, Change, ResourceEvent};
use domain::ids::{AccountId, EventId, Region};
use domain::price::{Bound, BoundKind, Estimate, Line, Prices, Source, Unit};
use domain::resource::{
    AcuRange, Architecture, ClusterSpec, ConcurrencySpec, DatabaseSpec, Deployment, FunctionSpec,
    LauncherSpec, ResourceId, Service, Spec, SpecChange, VolumeSpec,
};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Types and their rates in cents an hour; the last one has no price.
pub(crate) const TYPES: [(&str, i64); 6] = [
    ("tiny", 3),
    ("small", 30),
    ("plain", 60),
    ("large", 220),
    ("huge", 1_190),
    ("unpriced", 4_100),
];

/// Few prices, one of each shape.
pub(crate) struct Made;

impl Prices for Made {
    fn estimate(&self, spec: &Spec, _: &Region) -> Estimate {
        let mut estimate = Estimate::default();
        let mut line = |quantity: u32, unit, unit_price| {
            let source = Source { name: "made up".into(), as_of: "2026-07".into() };
            let quantity = quantity.into();
            estimate.lines.push(Line { item: "it".into(), quantity, unit, unit_price, source });
        };
        match spec {
            Spec::Instance(instance) => {
                let (name, cents) = of_type(&instance.instance_type);
                if name == "unpriced" {
                    let (hourly, reason) = (Decimal::new(cents, 2), "no price".into());
                    estimate.bound = Some(Bound { hourly, kind: BoundKind::PriceUnknown, reason });
                } else {
                    line(1, Unit::Hour, Decimal::new(cents, 2));
                    line(30, Unit::GibMonth, Decimal::new(88, 3));
                }
            }
            Spec::Volume(volume) => {
                line(volume.size_gib.unwrap_or(1), Unit::GibMonth, Decimal::new(137, 3));
            }
            Spec::Database(database) => match database.acu {
                Some(acu) => line(acu.min_milli / 1_000, Unit::AcuHour, Decimal::new(14, 2)),
                None => line(1, Unit::Hour, Decimal::new(77, 2)),
            },
            Spec::ProvisionedConcurrency(concurrency) => {
                let memory = concurrency.function_spec.as_ref().map_or(10_240, |f| f.memory_mb);
                let megabytes = concurrency.instances * memory;
                line(megabytes, Unit::GbSecond, Decimal::new(41, 10));
            }
            Spec::NatGateway | Spec::PublicIpv4 => line(1, Unit::Hour, Decimal::new(5, 3)),
            Spec::Cluster(_) | Spec::Function(_) | Spec::Launcher(_) => {}
        }
        estimate
    }
}

fn of_type(name: &str) -> (&'static str, i64) {
    TYPES.into_iter().find(|(known, _)| *known == name).unwrap_or(TYPES[0])
}

/// What happens to some of the resources of one kind.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) kind: u8,
    pub(crate) which: Vec<u8>,
    pub(crate) action: u8,
    pub(crate) size: u8,
    pub(crate) actor: u8,
    pub(crate) minutes: i64,
    pub(crate) launched: bool,
}

pub(crate) fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let which = prop::collection::vec(0_u8..4, 1..4);
    let step = (0_u8..8, which, 0_u8..5, 0_u8..6, 0_u8..2, 1_i64..500, any::<bool>()).prop_map(
        |(kind, which, action, size, actor, minutes, launched)| Step {
            kind,
            which,
            action,
            size,
            actor,
            minutes,
            launched,
        },
    );
    prop::collection::vec(step, 1..most)
}

/// The events of some steps, sensible or not, each later than the one before.
pub(crate) fn events(steps: &[Step]) -> Vec<ResourceEvent> {
    let mut at: Timestamp = "2026-07-01T08:00:00Z".parse().unwrap();
    let mut events = Vec::new();
    for (nth, step) in steps.iter().enumerate() {
        at += step.minutes.minutes();
        events.push(event(nth, at, actor(step.actor), launcher(step), change(step)));
    }
    events
}

pub(crate) fn event(
    nth: usize,
    time: Timestamp,
    actor: Actor,
    launcher: Option<ResourceId>,
    change: Change,
) -> ResourceEvent {
    ResourceEvent {
        id: EventId::parse(&format!("event-{nth}")).unwrap(),
        time,
        account: AccountId::parse("111122223333").unwrap(),
        region: region(),
        actor,
        name: "Call".to_owned(),
        launcher,
        changes: vec![change],
    }
}

fn launcher(step: &Step) -> Option<ResourceId> {
    (step.kind < 3 && step.launched).then(|| id(Service::AutoScaling, "group-0"))
}

fn change(step: &Step) -> Change {
    let mut which = step.which.clone();
    // A call names functions, or what is kept warm of them, one at a time.
    which.truncate(if step.kind == 6 { 1 } else { which.len() });
    let resources: Vec<ResourceId> =
        which.iter().map(|which| resource(step.kind, *which)).collect();
    match step.action {
        0 => Change::Started { spec: spec(step, &resources[0]), resources },
        1 => Change::Modified { resource: resources[0].clone(), to: modification(step) },
        2 => Change::Resumed { resources },
        3 => Change::Stopped { resources },
        _ => Change::Deleted { resources },
    }
}

fn resource(kind: u8, which: u8) -> ResourceId {
    match kind {
        0..=2 => id(Service::Ec2, &format!("i-{which}")),
        3 => id(Service::Ebs, &format!("vol-{which}")),
        4 => id(Service::Rds, &format!("db-{which}")),
        5 => id(Service::Rds, "cluster:shop"),
        6 => id(Service::Lambda, if which < 2 { "function" } else { "function:live" }),
        _ => id(Service::AutoScaling, "group-0"),
    }
}

fn spec(step: &Step, resource: &ResourceId) -> Spec {
    match step.kind {
        0..=2 => Spec::plain_instance(type_name(step.size)),
        3 => Spec::Volume(VolumeSpec {
            kind: "gp3".to_owned(),
            size_gib: Some(1_000 * (u32::from(step.size) + 1)),
            iops: None,
            throughput_mibps: None,
        }),
        4 => Spec::Database(DatabaseSpec {
            class: "db.serverless".to_owned(),
            engine: "aurora-mysql".to_owned(),
            licence: None,
            deployment: Deployment::SingleAz,
            storage: None,
            cluster: Some("cluster:shop".to_owned()),
            acu: None,
            io_optimized: false,
        }),
        5 => Spec::Cluster(ClusterSpec {
            engine: "aurora-mysql".to_owned(),
            instance_class: None,
            storage: None,
            acu: Some(acu(step)),
            io_optimized: false,
        }),
        6 if resource.name == "function" => Spec::Function(function(step)),
        6 => Spec::ProvisionedConcurrency(ConcurrencySpec {
            function: "function".to_owned(),
            instances: 100 * (u32::from(step.size) + 1),
            function_spec: None,
        }),
        _ => Spec::Launcher(LauncherSpec { desired: Some(1), max: Some(9) }),
    }
}

fn modification(step: &Step) -> SpecChange {
    match step.kind {
        0..=2 => SpecChange::InstanceType(type_name(step.size).to_owned()),
        3 => SpecChange::Volume {
            kind: None,
            size_gib: (step.size > 0).then(|| 1_000 * u32::from(step.size)),
            iops: None,
            throughput_mibps: None,
        },
        4 => SpecChange::Database {
            class: (step.size > 2).then(|| "db.r6g.large".to_owned()),
            deployment: None,
            storage: None,
        },
        5 => SpecChange::Cluster { acu: Some(acu(step)), io_optimized: None, instance_class: None },
        6 => SpecChange::Function(function(step)),
        _ => SpecChange::Launcher { desired: Some(step.size.into()), max: None },
    }
}

fn acu(step: &Step) -> AcuRange {
    let min_milli = 2_000 * (u32::from(step.size) + 1);
    AcuRange { min_milli, max_milli: 128_000 }
}

fn function(step: &Step) -> FunctionSpec {
    FunctionSpec {
        memory_mb: 128 << step.size,
        architecture: Architecture::Arm,
        ephemeral_storage_mb: 512,
    }
}

pub(crate) fn type_name(size: u8) -> &'static str {
    TYPES[usize::from(size) % TYPES.len()].0
}

pub(crate) fn id(service: Service, name: &str) -> ResourceId {
    ResourceId { service, region: region(), name: name.to_owned() }
}

pub(crate) fn region() -> Region {
    Region::parse("eu-west-1").unwrap()
}

pub(crate) fn actor(nth: u8) -> Actor {
    Actor {
        id: format!("user/{nth}"),
        kind: ActorKind::IamUser,
        principal: format!("user/{nth}"),
        person: None,
        invoked_by: None,
    }
}
