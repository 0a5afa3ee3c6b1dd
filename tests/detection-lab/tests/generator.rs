//! What the generator promises: the same plan gives the same bytes, everything that is said to cost
//! does, everyday life has plausible volumes, and every incident is dear enough and ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use cloudtrail::{Strictness, parse_record};
use detection_lab::generate::trail;
use detection_lab::trail::{Archetype, Incident, Kind, Plan, Trail};
use domain::cost_event::{Action, CostEvent};
use domain::money::Usd;
use domain::open_resource::OpenResources;
use jiff::{SignedDuration, Timestamp};
use pricing::Book;
use sample_trail::{Call, Caller, Record};
use std::collections::{BTreeMap, BTreeSet};

fn plan(seed: u64, accounts: usize) -> Plan {
    Plan {
        seed,
        accounts,
        start: "2026-02-02T00:00:00Z".parse().unwrap(),
        days: 30,
        incidents_from: 4,
        incidents: 3.0,
        kinds: Kind::ALL.to_vec(),
    }
}

/// A plan of one kind of incident.
fn only(kind: Kind, seed: u64) -> Plan {
    Plan { kinds: vec![kind], incidents: 2.0, days: 30, ..plan(seed, 7) }
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

fn text<'r>(record: &'r Record, field: &str) -> &'r str {
    record[field].as_str().unwrap_or_default()
}

fn time(record: &Record) -> Timestamp {
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
    assert_eq!(format!("{digest:016x}"), "509b635490be6b69");
}

#[test]
fn records_are_in_the_order_of_time_within_the_plan_and_no_two_share_an_id() {
    let plan = plan(3, 7);
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
    let plan = Plan { incidents: 0.0, ..plan(5, 7) };
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
            Archetype::Sleepy => (0.02, 1.5),
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
    let plan = plan(11, 7);
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
                    is_priced(&cost, labelled.incident.is_some());
                    *seen.entry(name.to_owned()).or_default() += 1;
                }
            }
        }
    }
    for name in ["RunInstances", "StartInstances", "CreateVolume", "CreateDBInstance"] {
        assert!(seen.contains_key(name), "{name} never happens");
    }
}

/// What an incident starts is priced exactly, so that what it costs is known.
fn is_priced(cost: &CostEvent, of_incident: bool) {
    assert!(!cost.estimate.lines.is_empty(), "{}: {}", cost.name, cost.resource_type);
    if of_incident && cost.action == Action::Start {
        assert!(cost.costs_more(), "{cost:?}");
        assert!(cost.estimate.bound.is_none(), "{}: {:?}", cost.name, cost.estimate.bound);
    }
}

/// The calls one by one: who answers, what it is, and that its end brings the rate back to 0.
#[test]
fn each_call_that_costs_is_priced_until_it_ends() {
    let call = |second: i64| Call {
        account: "111122223333".to_owned(),
        region: "eu-west-1",
        at: Timestamp::from_second(1_780_000_000 + second).unwrap(),
        caller: Caller::User("ana"),
        serial: u64::try_from(second).unwrap(),
    };
    let (first, end) = (call(0), call(60));
    let instances = [first.instance_id(0), first.instance_id(1)];
    let stopped = call(30).stop_instances(&instances);
    let cases: [(&str, Vec<Record>, Record); 9] = [
        (
            "m5.large",
            vec![
                first.run_instances("m5.large", 2, None),
                stopped,
                call(40).start_instances(&instances),
            ],
            end.terminate_instances(&instances),
        ),
        (
            "c5.large",
            vec![first.run_spot_instances("c5.large", 2)],
            end.terminate_instances(&instances),
        ),
        (
            "c5.large",
            vec![first.create_instant_fleet("c5.large", 2)],
            end.terminate_instances(&instances),
        ),
        (
            "r5.24xlarge",
            vec![
                first.run_instances("m5.large", 1, None),
                call(30).change_instance_type(&instances[0], "r5.24xlarge"),
            ],
            end.terminate_instances(&instances[..1]),
        ),
        (
            "gp3",
            vec![first.create_volume(50), call(30).enlarge_volume(&first.volume_id(), 50, 90)],
            end.delete_volume(&first.volume_id()),
        ),
        (
            "db.r5.large",
            vec![
                first.create_database("a", "db.m5.large", false),
                call(20).stop_database("a"),
                call(30).start_database("a"),
                call(40).change_database_class("a", "db.m5.large", "db.r5.large"),
            ],
            end.delete_database("a"),
        ),
        (
            "db.r5.large",
            vec![
                first.create_cluster("c"),
                call(30).create_cluster_member("c", "m", "db.r5.large"),
            ],
            end.delete_database("m"),
        ),
        (
            "nat-gateway",
            vec![first.create_nat_gateway()],
            end.delete_nat_gateway(&first.nat_gateway_id()),
        ),
        (
            "public-ipv4",
            vec![first.allocate_address()],
            end.release_address(&first.allocation_id()),
        ),
    ];
    for (kind, records, end) in cases {
        ends_as_it_began(kind, &records, &end);
    }
    let function = first.create_function("f", 1024);
    let warm = call(30).put_concurrency("f", 100);
    ends_as_it_began("provisioned-concurrency", &[function, warm], &end.delete_concurrency("f"));
}

fn ends_as_it_began(kind: &str, records: &[Record], end: &Record) {
    let mut resources = OpenResources::default();
    let mut rate = Usd::ZERO;
    let mut read = |record: &Record| {
        let event = parse_record(record.to_string().as_bytes(), Strictness::Strict).unwrap();
        let costs = domain::cost::cost(&event, Book::builtin(), &mut resources);
        assert!(costs.iter().all(|cost| cost.actor.id == "user/ana"), "{kind}");
        rate += costs.iter().map(|cost| cost.hourly_change).sum();
        (rate, costs.last().unwrap().resource_type.clone())
    };
    let (before, is) = records.iter().map(&mut read).last().unwrap();
    assert!(before > Usd::ZERO, "{kind} costs nothing");
    assert_eq!(is, kind);
    assert_eq!(read(end).0, Usd::ZERO, "{kind} never ends");
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
        // Without the three archetypes of most records: the mixed plan has them.
        for index in [0, 3, 4, 6] {
            let trail = trail(&only(kind, 21), index);
            assert!(trail.incidents.iter().all(|incident| incident.kind == kind));
            happened += check_incidents(&trail);
        }
        assert!(happened >= 4, "{kind:?} happens {happened} times");
    }
}

#[test]
fn mixed_incidents_cost_enough_and_end_in_every_archetype() {
    let plan = Plan { days: 40, incidents: 3.0, ..plan(23, 7) };
    let mut kinds = BTreeSet::new();
    for index in 0..plan.accounts {
        let trail = trail(&plan, index);
        check_incidents(&trail);
        kinds.extend(trail.incidents.iter().map(|incident| incident.kind));
    }
    assert!(kinds.len() >= 7, "{kinds:?}");
}

/// Checks all incidents of a trail; gives their number.
fn check_incidents(trail: &Trail) -> usize {
    let priced = priced(trail);
    for (number, incident) in trail.incidents.iter().enumerate() {
        check_incident(&priced, number, incident);
    }
    trail.incidents.len()
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
    let plan = Plan { incidents: 5.0, days: 50, incidents_from: 14, ..plan(31, 7) };
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
