//! Made-up values: valid, and each with all that its kind can hold.

use domain::anomaly::{Anomaly, OpenPart, Status};
use domain::cost_event::{Action, CostEvent, CostEventId, Effect};
use domain::decision::{Delivery, Severity};
use domain::event::{Actor, ActorKind};
use domain::expectation::{Burst, Expectation};
use domain::governance::AuditEntry;
use domain::ids::{AccountId, EventId, Region, TenantId};
use domain::money::{MicroUsd, Usd};
use domain::open_resource::{Before, LastChange, OpenResource, Raise, RunState};
use domain::policy::{Governance, Mode};
use domain::price::{Bound, BoundKind, Estimate, Line, Source, Unit, UsageRate};
use domain::resource::{ResourceId, Service, Spec};
use domain::told::{Hooked, Known, MessageAt, Told};
use domain::watch::WatchEvent;
use jiff::{SignedDuration, Timestamp};
use std::borrow::Cow;
use std::collections::BTreeSet;
use store::{AccountStatus, Connection, TenantScope};

/// The account of most tests.
pub fn account() -> AccountId {
    account_named("111111111111")
}

/// An account.
pub fn account_named(digits: &str) -> AccountId {
    AccountId::parse(digits).expect("twelve digits")
}

/// The right to a tenant's data.
pub fn tenant(name: &str) -> TenantScope {
    TenantScope::of_operator(TenantId::parse(name).expect("a tenant id"))
}

/// So many minutes after the beginning.
pub fn minute(minutes: i64) -> Timestamp {
    let beginning: Timestamp = "2026-06-10T08:00:00.123Z".parse().expect("a time");
    beginning + SignedDuration::from_mins(minutes)
}

/// An amount of dollars.
pub fn usd(amount: &str) -> Usd {
    Usd::new(amount.parse().expect("a decimal"))
}

/// Someone who starts things.
pub fn actor(name: &str) -> Actor {
    Actor {
        id: format!("role/Admin/{name}"),
        kind: ActorKind::AssumedRole,
        principal: format!("arn:aws:sts::111111111111:assumed-role/Admin/{name}"),
        person: Some(name.to_owned()),
        invoked_by: Some("cloudformation.amazonaws.com".to_owned()),
    }
}

/// The name of an event.
pub fn event_id(serial: u64) -> EventId {
    EventId::parse(&format!("event-{serial:06}")).expect("an event id")
}

/// The name of an event's first cost event.
pub fn cost_event_id(serial: u64) -> CostEventId {
    CostEventId { event: event_id(serial), part: 0 }
}

/// An instance.
pub fn instance(name: &str) -> ResourceId {
    ResourceId { service: Service::Ec2, region: region(), name: name.to_owned() }
}

/// Where all of it is.
pub fn region() -> Region {
    Region::parse("eu-central-1").expect("a region")
}

/// An instance is started, that many minutes after the beginning, for a dollar an hour.
pub fn start(serial: u64) -> CostEvent {
    CostEvent {
        id: cost_event_id(serial),
        time: minute(i64::try_from(serial).expect("a small number")),
        account: account(),
        region: region(),
        actor: actor("alice"),
        name: "RunInstances".to_owned(),
        launcher: Some(instance("asg-web")),
        service: Service::Ec2,
        resource_type: "m5.large".to_owned(),
        action: Action::Start,
        resources: vec![format!("i-{serial:017x}")],
        estimate: estimate(),
        hourly_before: usd("0.25"),
        hourly_change: usd("1"),
        ended_already: 0,
        effects: Vec::new(),
        open_changes: Vec::new(),
    }
}

/// Something so dear that it always is an anomaly.
pub fn dear(serial: u64) -> CostEvent {
    CostEvent { hourly_change: usd("98.316"), ..start(serial) }
}

/// The end of what an event had started.
pub fn end_of(started: &CostEvent, serial: u64) -> CostEvent {
    let (hourly, count) = (-started.hourly_change, started.count());
    let running = -i64::try_from(count).expect("a small number");
    CostEvent {
        action: Action::Delete,
        name: "TerminateInstances".to_owned(),
        resources: started.resources.clone(),
        estimate: Estimate::default(),
        hourly_change: hourly,
        effects: vec![Effect { opened_by: started.id.clone(), running, hourly }],
        ..start(serial)
    }
}

/// A price with all of its parts.
pub fn estimate() -> Estimate {
    let source = Source { name: Cow::Borrowed("AWS Price List"), as_of: Cow::Borrowed("2026-07") };
    let price = "0.115".parse().expect("a decimal");
    Estimate {
        lines: vec![Line {
            item: Cow::Borrowed("m5.large Linux on demand"),
            quantity: 1.into(),
            unit: Unit::Hour,
            unit_price: price,
            source: source.clone(),
        }],
        as_used: vec![UsageRate {
            item: Cow::Borrowed("traffic out"),
            unit: Unit::Gb,
            unit_price: price,
            source,
        }],
        bound: Some(Bound {
            hourly: 7.into(),
            kind: BoundKind::Varies,
            reason: Cow::Borrowed("Spot prices move"),
        }),
    }
}

/// What a cost event has opened.
pub fn opened_by(event: &CostEvent, name: &str) -> OpenResource {
    let before = Before {
        state: Some(RunState::Stopped),
        hourly: usd("0.0104"),
        raised_by: Some(Raise { by: cost_event_id(7), hourly: usd("0.5") }),
    };
    OpenResource {
        id: instance(name),
        spec: Some(Spec::plain_instance("m5.large")),
        state: RunState::Running,
        hourly: usd("1"),
        since: event.time,
        opened_by: event.id.clone(),
        raised_by: Some(Raise { by: cost_event_id(8), hourly: usd("0.75") }),
        actor: event.actor.clone(),
        members: BTreeSet::from(["one".to_owned(), "two".to_owned()]),
        last_change: LastChange { event: event.id.event.clone(), at: event.time, before },
    }
}

/// An anomaly without members, begun at that minute.
pub fn anomaly(serial: u64) -> Anomaly {
    let event = dear(serial);
    Anomaly {
        id: format!("01JXA{serial:021}"),
        account: event.account,
        actor: event.actor,
        status: Status::Open,
        severity: Severity::Critical,
        delivery: Delivery::Send,
        first_at: event.time,
        last_at: event.time,
        members: Vec::new(),
        alerts: 1,
        count: 1,
        hourly: event.hourly_change,
        price_known: true,
        open: OpenPart {
            running: 1,
            rate: MicroUsd(98_316_000),
            peak: MicroUsd(98_316_000),
            spent: 0,
            until: event.time,
        },
        burst: Burst { count: 1, hourly: event.hourly_change },
        answered: None,
        snooze: None,
        told: Told::default(),
        published: Known::default(),
        hooked: Hooked::default(),
    }
}

/// Somebody was told of so many alerts.
pub fn told(alerts: u64) -> Told {
    let message = MessageAt {
        channel: "C1".to_owned(),
        id: "1760000000.000100".to_owned(),
        permalink: Some("https://acme.slack.com/archives/C1/p1760000000000100".to_owned()),
    };
    let known = Known { alerts, severity: Some(Severity::Warning), ..Known::default() };
    Told { known, message: Some(message), ..Told::default() }
}

/// An account that is connected and takes events.
pub fn connection(account: &AccountId) -> Connection {
    let governance = Governance { mode: Mode::Audit, customer_strict: true };
    Connection {
        promote_at: Some(minute(14 * 24 * 60)),
        ..Connection::new(account.clone(), governance, minute(0))
    }
}

/// An account that is on its way out.
pub fn leaving(account: &AccountId) -> Connection {
    Connection { status: AccountStatus::Disconnecting, ..connection(account) }
}

/// A change that was made at that minute.
pub fn entry(minutes: i64) -> AuditEntry {
    AuditEntry {
        at: minute(minutes),
        who: "operator ana".to_owned(),
        what: "govern".to_owned(),
        account: Some(account()),
        old: "active, strict".to_owned(),
        new: "active, audit".to_owned(),
        why: "it is time".to_owned(),
    }
}

/// Something that somebody has said is expected.
pub fn expectation(id: &str) -> Expectation {
    Expectation {
        id: id.to_owned(),
        actor: Some("role/Admin/alice".to_owned()),
        resource_type: Some("m5.large".to_owned()),
        region: Some(region()),
        max_count: Some(4),
        max_hourly: usd("2.5"),
        expires_at: minute(60),
        by: "bob".to_owned(),
    }
}

/// A trail was stopped at that minute.
pub fn stopped_trail(serial: u64) -> WatchEvent {
    WatchEvent {
        id: event_id(serial),
        time: minute(i64::try_from(serial).expect("a small number")),
        account: account(),
        region: region(),
        actor: actor("mallory"),
        event_source: "cloudtrail.amazonaws.com".to_owned(),
        event_name: "StopLogging".to_owned(),
        commits_to: None,
    }
}
