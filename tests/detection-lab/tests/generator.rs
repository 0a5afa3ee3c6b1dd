//! What the generator promises: the same plan gives the same bytes, everything that is said to cost
//! does, everyday life has plausible volumes, and every incident is dear enough and ends.

use cloudtrail::{Strictness, parse_record};
use detection_lab::generate::trail;
use detection_lab::trail::{Archetype, Incident, Kind, Plan, Trail};
use domain::cost_event::{Action, CostEvent};
use domain::money::Usd;
use domain::open_resource::OpenResources;
use jiff::{SignedDuration, Timestamp};
use pricing::Book;
use std::collections::{BTreeMap, BTreeSet};

fn plan(seed: u64, accounts: usize) -> Plan {
    Plan {
        seed,
        accounts,
        start: "2026-02-02T00:00:00Z".parse().unwrap(),
        days: 60,
        incidents_from: 14,
        incidents: 3.0,
        kinds: Kind::ALL.to_vec(),
    }
}

/// A plan of one kind of incident.
fn only(kind: Kind, seed: u64) -> Plan {
    Plan { kinds: vec![kind], incidents: 2.0, ..plan(seed, 7) }
}

/// Cost events of a trail with the incident that each is part of.
fn priced(trail: &Trail) -> Vec<(CostEvent, Option<usize>)> {
    let mut resources = OpenResources::default();
    let mut events = Vec::new();
    for labelled in &trail.records {
        let bytes = labelled.record.to_string();
        if let Ok(event) = parse_record(bytes.as_bytes(), Strictness::Strict) {
            let costs = domain::cost::cost(&event, Book::builtin(), &mut resources);
            events.extend(costs.into_iter().map(|cost| (cost, labelled.incident)));
        }
    }
    events
}

/// What the records of one incident cost in its first 24 hours.
fn first_day(priced: &[(CostEvent, Option<usize>)], number: usize, incident: &Incident) -> f64 {
    let end = incident.first + SignedDuration::from_hours(24);
    let of_it = priced.iter().filter(|(event, of)| *of == Some(number) && event.time < end);
    of_it
        .map(|(event, _)| {
            dollars(event.hourly_change) * end.duration_since(event.time).as_secs_f64() / 3600.0
        })
        .sum()
}

fn dollars(amount: Usd) -> f64 {
    amount.amount().to_string().parse().unwrap()
}

fn text<'r>(record: &'r sample_trail::Record, field: &str) -> &'r str {
    record[field].as_str().unwrap_or_default()
}

fn time(record: &sample_trail::Record) -> Timestamp {
    text(record, "eventTime").parse().unwrap()
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_others() {
    let bytes = |seed, index| {
        let trail = trail(&plan(seed, 7), index);
        trail.records.iter().map(|labelled| labelled.record.to_string()).collect::<String>()
    };
    for index in [0, 4, 6] {
        assert_eq!(bytes(1, index), bytes(1, index));
        assert_ne!(bytes(1, index), bytes(2, index));
    }
}

/// Guards against platforms and versions of libraries that draw otherwise: a change here is a
/// change of every figure in the report.
#[test]
fn a_known_plan_gives_a_known_digest() {
    let trail = trail(&plan(7, 7), 6);
    let digest = trail.records.iter().flat_map(|labelled| labelled.record.to_string().into_bytes());
    let digest = digest.fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    assert_eq!(format!("{digest:016x}"), "0");
}

#[test]
fn records_are_in_the_order_of_time_within_the_plan_and_no_two_share_an_id() {
    let plan = plan(3, 14);
    let end = plan.start + SignedDuration::from_hours(24 * i64::from(plan.days));
    let mut ids = BTreeSet::new();
    let mut accounts = BTreeSet::new();
    for index in 0..plan.accounts {
        let trail = trail(&plan, index);
        assert!(accounts.insert(trail.account.clone()));
        let mut before = plan.start;
        for labelled in &trail.records {
            let at = time(&labelled.record);
            assert!(before <= at && at < end, "{at}");
            before = at;
            assert!(ids.insert(text(&labelled.record, "eventID").to_owned()));
            assert_eq!(text(&labelled.record, "recipientAccountId"), trail.account);
        }
    }
}

#[test]
fn everyday_life_has_plausible_volumes_and_is_labelled_as_no_incident() {
    let plan = Plan { incidents: 0.0, ..plan(5, 14) };
    for index in 0..plan.accounts {
        let trail = trail(&plan, index);
        assert!(trail.incidents.is_empty());
        assert!(trail.records.iter().all(|labelled| labelled.incident.is_none()));
        let days = f64::from(plan.days);
        let records = f64::from(u32::try_from(trail.records.len()).unwrap()) / days;
        let starts = priced(&trail).iter().filter(|(event, _)| event.costs_more()).count();
        let starts = f64::from(u32::try_from(starts).unwrap()) / days;
        let (least, most) = match trail.archetype {
            Archetype::Startup => (1.0, 90.0),
            Archetype::Scaling => (8.0, 220.0),
            Archetype::Ci => (25.0, 220.0),
            Archetype::Batch => (2.0, 110.0),
            Archetype::Ml => (1.0, 80.0),
            Archetype::Enterprise => (4.0, 190.0),
            Archetype::Sleepy => (0.02, 3.0),
        };
        let archetype = trail.archetype;
        assert!((least..most).contains(&starts), "{archetype:?} {index}: {starts} starts a day");
        assert!(records < 450.0, "{archetype:?} {index}: {records} records a day");
    }
}

/// Every call that should cost something does, by whom and where the record says.
#[test]
fn every_start_is_a_priced_cost_event() {
    let costly = [
        "RunInstances",
        "StartInstances",
        "CreateFleet",
        "CreateVolume",
        "CreateDBInstance",
        "StartDBInstance",
        "CreateNatGateway",
        "AllocateAddress",
        "PutProvisionedConcurrencyConfig",
    ];
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let plan = plan(11, 28);
    for index in 0..plan.accounts {
        let trail = trail(&plan, index);
        let mut resources = OpenResources::default();
        for labelled in &trail.records {
            let record = &labelled.record;
            let name = text(record, "eventName");
            let outcome = parse_record(record.to_string().as_bytes(), Strictness::Strict);
            let Ok(event) = outcome else {
                let is_free = record["errorCode"].is_string() || !costly.contains(&name);
                assert!(is_free, "{outcome:?}");
                continue;
            };
            for cost in domain::cost::cost(&event, Book::builtin(), &mut resources) {
                assert_eq!(cost.region.as_str(), text(record, "awsRegion"));
                if costly.contains(&name) {
                    assert!(!cost.estimate.lines.is_empty(), "{name}: {}", cost.resource_type);
                    *seen.entry(name.to_owned()).or_default() += 1;
                }
                if labelled.incident.is_some()
                    && cost.action == Action::Start
                    && costly.contains(&name)
                {
                    assert!(cost.costs_more(), "{name}: {cost:?}");
                    assert!(cost.estimate.bound.is_none(), "{name}: {:?}", cost.estimate.bound);
                }
            }
        }
    }
    for name in costly {
        assert!(seen.contains_key(name), "{name} never happens");
    }
}

#[test]
fn the_launches_of_a_group_that_was_seen_made_are_answered_for_by_its_maker() {
    let plan = Plan { incidents: 0.0, ..plan(5, 14) };
    let mut by_maker = 0;
    for index in [1, 8] {
        for (event, _) in priced(&trail(&plan, index)) {
            let launcher = event.launcher.is_some() && event.action == Action::Start;
            by_maker += u32::from(launcher && event.actor.id.starts_with("role/"));
        }
    }
    assert!(by_maker > 100, "{by_maker}");
}

#[test]
fn every_kind_happens_alone_costs_enough_and_ends() {
    for kind in Kind::ALL {
        let mut happened = 0;
        for index in 0..7 {
            let trail = trail(&only(kind, 21), index);
            let priced = priced(&trail);
            for (number, incident) in trail.incidents.iter().enumerate() {
                assert_eq!(incident.kind, kind);
                check_incident(&priced, number, incident);
                happened += 1;
            }
        }
        assert!(happened >= 5, "{kind:?} happens {happened} times");
    }
}

fn check_incident(priced: &[(CostEvent, Option<usize>)], number: usize, incident: &Incident) {
    let kind = incident.kind;
    let spent = first_day(priced, number, incident);
    assert!(spent >= 20.0, "{kind:?}: ${spent} in the first day");
    let of_it = || priced.iter().filter(|(_, of)| *of == Some(number)).map(|(event, _)| event);
    let raises: Vec<_> = of_it().filter(|event| event.costs_more()).collect();
    assert!(raises.iter().all(|event| (incident.first..=incident.last).contains(&event.time)));
    assert_eq!(raises.last().map(|event| event.time), Some(incident.last), "{kind:?}");
    let left: f64 = of_it().map(|event| dollars(event.hourly_change)).sum();
    assert!(left < 1e-6, "{kind:?}: ${left}/h never ends");
}

#[test]
fn incidents_come_from_the_day_on_apart_and_in_order() {
    let plan = Plan { incidents: 5.0, days: 90, ..plan(31, 14) };
    let from = plan.start + SignedDuration::from_hours(24 * i64::from(plan.incidents_from) - 12);
    let mut total = 0;
    for index in 0..plan.accounts {
        let incidents = trail(&plan, index).incidents;
        total += incidents.len();
        assert!(incidents.iter().all(|incident| incident.first >= from));
        for pair in incidents.windows(2) {
            let gap = pair[1].first.duration_since(pair[0].last);
            assert!(gap >= SignedDuration::from_hours(72), "{pair:?}");
        }
    }
    assert!(total > 2 * plan.accounts, "{total}");
}

#[test]
fn a_plan_without_kinds_has_no_incidents() {
    let plan = Plan { kinds: Vec::new(), ..plan(1, 7) };
    assert!((0..7).all(|index| trail(&plan, index).incidents.is_empty()));
}
