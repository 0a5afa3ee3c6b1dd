//! Made-up cost events of every kind that has steps of its own.

use domain::cost_event::{Action, CostEvent, CostEventId};
use domain::event::{Actor, ActorKind};
use domain::ids::{AccountId, EventId, Region};
use domain::money::Usd;
use domain::price::{Bound, BoundKind, Estimate, Line, Source, Unit};
use domain::resource::{ResourceId, Service};
use jiff::Timestamp;
use rust_decimal::Decimal;

/// Regions of the made-up events.
pub(crate) const REGIONS: [&str; 3] = ["eu-west-1", "us-gov-west-1", "us-west-2"];

fn region(nth: usize) -> Region {
    Region::parse(REGIONS[nth % REGIONS.len()]).expect("a region")
}

/// An event in `eu-west-1`, of a price that tells nothing.
pub(crate) fn event(service: Service, of_type: &str, action: Action, names: &[&str]) -> CostEvent {
    CostEvent {
        id: CostEventId { event: EventId::parse("e-1").expect("an id"), part: 0 },
        time: Timestamp::UNIX_EPOCH,
        account: AccountId::parse("111122223333").expect("an id"),
        region: region(0),
        actor: Actor {
            id: "user/ana".to_owned(),
            kind: ActorKind::IamUser,
            principal: "arn:aws:iam::111122223333:user/ana".to_owned(),
            person: None,
            invoked_by: None,
        },
        name: "RunInstances".to_owned(),
        launcher: None,
        service,
        resource_type: of_type.to_owned(),
        action,
        resources: names.iter().map(|&name| name.to_owned()).collect(),
        estimate: Estimate::default(),
        hourly_before: Usd::ZERO,
        hourly_change: Usd::from_cents(1_000),
        ended_already: 0,
        effects: Vec::new(),
        open_changes: Vec::new(),
    }
}

/// Changes that a test asks for.
pub(crate) trait But: Sized {
    fn called(self, name: &str) -> Self;
    fn launched_by(self, service: Service, name: &str) -> Self;
    fn priced(self, item: &str, unit: Unit, quantity: &str) -> Self;
    fn up_to(self, hourly: &str, reason: &str) -> Self;
    fn before(self, cents: i64) -> Self;
    fn by(self, actor: &str) -> Self;
    fn in_region(self, nth: usize) -> Self;
}

impl But for CostEvent {
    fn called(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    fn launched_by(self, service: Service, name: &str) -> Self {
        let launcher = ResourceId { service, region: self.region.clone(), name: name.to_owned() };
        Self { launcher: Some(launcher), ..self }
    }

    /// One line at a dollar a unit, in the words of the price book.
    fn priced(mut self, item: &str, unit: Unit, quantity: &str) -> Self {
        self.estimate.lines.push(Line {
            item: item.to_owned().into(),
            quantity: quantity.parse().expect("a number"),
            unit,
            unit_price: Decimal::ONE,
            source: Source { name: "test".into(), as_of: "2026-01".into() },
        });
        self
    }

    fn up_to(mut self, hourly: &str, reason: &str) -> Self {
        self.estimate.bound = Some(Bound {
            hourly: hourly.parse().expect("a number"),
            kind: BoundKind::Varies,
            reason: reason.to_owned().into(),
        });
        self
    }

    fn before(self, cents: i64) -> Self {
        Self { hourly_before: Usd::from_cents(cents), ..self }
    }

    fn by(mut self, actor: &str) -> Self {
        actor.clone_into(&mut self.actor.id);
        self
    }

    fn in_region(self, nth: usize) -> Self {
        Self { region: region(nth), ..self }
    }
}

/// Names that somebody might have chosen to harm whoever copies a command.
pub(crate) const HOSTILE: [&str; 15] = [
    "x; touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "a'b\"c",
    "a\" $(touch pwned) \"b",
    ")\"; touch pwned; echo \"(",
    "-rf",
    "--profile=evil",
    "a b && touch pwned",
    "*",
    "~root",
    "größe",
    "a,b=c",
    "x > pwned",
    "a\\",
];

/// Names that no command line can take.
pub(crate) const NOT_TO_BE_TYPED: [&str; 8] = [
    "",
    "--",
    "a\nb",
    "a\u{202e}b",
    "file:///etc/passwd",
    "https://example.invalid/x",
    "{\"a\": 1}",
    "[1]",
];

/// Every service, action and variant, with names as they are and with hostile ones.
pub(crate) fn all() -> Vec<CostEvent> {
    let mut events = Vec::new();
    for (nth, action) in Action::ALL.into_iter().enumerate() {
        for one in machines(action).into_iter().chain(others(action)) {
            events.push(one.clone().in_region(nth));
            for name in HOSTILE.into_iter().chain(NOT_TO_BE_TYPED) {
                events.extend(renamed(&one, name));
            }
        }
    }
    events
}

/// With the name everywhere where a name from outside stands.
fn renamed(event: &CostEvent, name: &str) -> [CostEvent; 2] {
    let prefix = if event.resources[0].starts_with("cluster:") { "cluster:" } else { "" };
    let mut target = event.clone();
    target.resources[0] = format!("{prefix}{name}");
    let mut launcher = event.clone();
    if let Some(behind) = &mut launcher.launcher {
        name.clone_into(&mut behind.name);
    } else {
        launcher.resources[0] = format!("{prefix}{name}:{name}");
    }
    [target, launcher]
}

fn machines(action: Action) -> Vec<CostEvent> {
    let ids: Vec<String> = (0..23).map(|nth| format!("i-{nth:017x}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let of = |of_type: &str| event(Service::Ec2, of_type, action, &ids[..3]);
    let spot = of("m5.large").priced("m5.large Linux Spot, average", Unit::Hour, "1");
    let group = |event: CostEvent| event.launched_by(Service::AutoScaling, "web");
    let fleet = |event: CostEvent| event.launched_by(Service::Ec2Fleet, "fleet-0abc");
    let spot_fleet = |event: CostEvent| event.launched_by(Service::Ec2Fleet, "sfr-0abc-1");
    vec![
        of("m5.large"),
        of("i3.metal"),
        of("m3.large"),
        of("unknown"),
        event(Service::Ec2, "p5.48xlarge", action, &ids),
        group(of("c6gd.large")),
        group(spot.clone()),
        fleet(of("m5.large")),
        fleet(of("m5.large")).called("CreateFleet"),
        fleet(spot.clone()),
        fleet(spot.clone()).called("CreateFleet"),
        spot_fleet(spot.clone()),
        spot,
    ]
}

fn others(action: Action) -> Vec<CostEvent> {
    let of = |service, of_type: &str, name: &str| event(service, of_type, action, &[name]);
    let volume = |kind| of(Service::Ebs, kind, "vol-0abc");
    let mut events = vec![
        volume("gp3"),
        volume("gp3").priced("gp3 IOPS above 3,000", Unit::IopsMonth, "100"),
        volume("io2"),
        volume("st1"),
        of(Service::NatGateway, "nat-gateway", "nat-0abc"),
        of(Service::PublicIpv4, "public-ipv4", "eipalloc-0abc"),
        of(Service::PublicIpv4, "public-ipv4", "203.0.113.7"),
        of(Service::AutoScaling, "launcher", "web"),
        of(Service::Ec2Fleet, "launcher", "fleet-0abc"),
        of(Service::Ec2Fleet, "launcher", "sfr-0abc"),
        of(Service::Lambda, "function", "checkout"),
        of(Service::Lambda, "provisioned-concurrency", "checkout:live"),
        raised(of(Service::Lambda, "provisioned-concurrency", "checkout:live")),
        raised(of(Service::Lambda, "provisioned-concurrency", "checkout:7"))
            .by("role/AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency"),
    ];
    events.extend(databases(action));
    events
}

fn raised(event: CostEvent) -> CostEvent {
    let item = "Lambda Arm provisioned concurrency, 500 × 2048 MB";
    event.priced(item, Unit::Hour, "10").before(100)
}

fn databases(action: Action) -> Vec<CostEvent> {
    let of = |of_type: &str, name: &str| event(Service::Rds, of_type, action, &[name]);
    let class = |item: &str| of("db.r6g.large", "shop-1").priced(item, Unit::Hour, "1");
    let serverless = of("db.serverless", "shop-1");
    let item = "aurora-mysql serverless at its minimum capacity";
    vec![
        of("db.r6g.large", "shop"),
        class("db.r6g.large postgres Multi-AZ"),
        class("db.r6g.large sqlserver-se license-included Multi-AZ"),
        class("db.r6g.large custom-oracle-ee"),
        class("db.r6g.large postgres").called("CreateDBInstanceReadReplica"),
        class("db.r6g.large aurora-postgresql"),
        class("db.r6g.large docdb"),
        class("db.r6g.large neptune"),
        serverless.priced(item, Unit::AcuHour, "64").up_to("128", "scales").before(50),
        of("cluster", "cluster:shop"),
        of("cluster", "cluster:shop").up_to("1", "docdb storage"),
        of("cluster", "cluster:shop").up_to("1", "neptune storage"),
        of("db.r6gd.large", "cluster:shop"),
    ]
}
