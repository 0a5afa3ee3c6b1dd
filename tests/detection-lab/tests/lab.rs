//! The lab itself: rivals find what is obvious and stay silent where nothing happens, the rules are
//! the same for all, and the same command gives the same report.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use detection_lab::evaluate::{Fleets, Scale, evaluate};
use detection_lab::feedback::expectation;
use detection_lab::metrics::{Part, Summary};
use detection_lab::observed::{Account, Costly, Observed, dollars};
use detection_lab::ours::OURS;
use detection_lab::report::Report;
use detection_lab::rivals::{Candidate, RIVALS};
use detection_lab::runner::{Alert, Day, Outcome, Scorer, Setting, run};
use detection_lab::trail::{Archetype, Kind};
use detection_lab::{json, plot};
use domain::cost_event::{Action, CostEvent, CostEventId};
use domain::event::{Actor, ActorKind};
use domain::expectation::{Burst, Expectation, Fit};
use domain::ids::{AccountId, EventId, Region};
use domain::money::Usd;
use domain::price::Estimate;
use domain::resource::Service;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeSet;

const DAYS: u32 = 60;

fn start() -> Timestamp {
    "2026-01-05T00:00:00Z".parse().unwrap()
}

/// An event of so many cents an hour, by an actor, so many hours after the start.
fn event(hour: i64, actor: &str, cents: i64, count: usize) -> CostEvent {
    let name = format!("event-{hour}-{actor}-{cents}");
    CostEvent {
        id: CostEventId { event: EventId::parse(&name).unwrap(), part: 0 },
        time: start() + hour.hours(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-west-1").unwrap(),
        actor: Actor {
            id: actor.to_owned(),
            kind: ActorKind::IamUser,
            principal: actor.to_owned(),
            person: None,
            invoked_by: None,
        },
        name: "RunInstances".to_owned(),
        launcher: None,
        service: Service::Ec2,
        resource_type: "m5.large".to_owned(),
        action: if cents > 0 { Action::Start } else { Action::Delete },
        resources: (0..count).map(|n| format!("i-{n}")).collect(),
        estimate: Estimate::default(),
        hourly_before: Usd::ZERO,
        hourly_change: Usd::from_cents(cents),
        ended_already: 0,
        effects: Vec::new(),
        open_changes: Vec::new(),
    }
}

/// Every day the same: at 9 something of $1/h begins, at 17 it ends.
fn constant() -> Account {
    let days = (0..i64::from(DAYS)).flat_map(|day| {
        [event(day * 24 + 9, "user/alice", 100, 1), event(day * 24 + 17, "user/alice", -100, 1)]
    });
    let benign = |event| Observed { event, incident: None, touches: None };
    Account {
        archetype: Archetype::Startup,
        start: start(),
        days: DAYS,
        events: days.map(benign).collect(),
        incidents: Vec::new(),
        damaged: 0,
    }
}

/// On day 40 the same actor starts fifty for $60/h, and again for three days.
fn planted() -> Account {
    let mut account = constant();
    let hours: Vec<i64> = (0..4).map(|day| 40 * 24 + 10 + day * 24).collect();
    let changes = hours.iter().map(|hour| (start() + hour.hours(), 60.0)).collect();
    account.incidents.push(Costly {
        kind: Kind::FatFinger,
        first: start() + hours[0].hours(),
        last: start() + hours[3].hours(),
        services: BTreeSet::from([Service::Ec2]),
        changes,
    });
    for hour in hours {
        let event = event(hour, "user/alice", 6_000, 50);
        account.events.push(Observed { event, incident: Some(0), touches: None });
    }
    account.events.sort_by_key(|observed| observed.event.time);
    account
}

/// A threshold for each candidate that what is constant must stay below and what is planted reach.
fn threshold(name: &str) -> f64 {
    match name {
        "fixed" => 10.0,
        "z" | "mad" | "ewma" | "holt-winters" => 4.0,
        "iforest" => 0.6,
        "rcf" => 2.0,
        "days" => 100.0,
        _ => 3.0,
    }
}

fn play(account: &Account, candidate: Candidate) -> Outcome {
    let setting = Setting { threshold: threshold(candidate.name), left_out: None };
    run(account, (candidate.make)().as_mut(), setting)
}

fn candidates() -> impl Iterator<Item = Candidate> {
    RIVALS.into_iter().chain([OURS])
}

#[test]
fn every_candidate_finds_what_is_obvious() {
    for candidate in candidates() {
        let outcome = play(&planted(), candidate);
        let found = outcome.found[0];
        assert!(found.is_some(), "{}: {outcome:?}", candidate.name);
        assert!(found.unwrap() <= start() + (44 * 24).hours(), "{}: {found:?}", candidate.name);
    }
}

#[test]
fn no_candidate_alerts_where_every_day_is_the_same() {
    for candidate in candidates() {
        let outcome = play(&constant(), candidate);
        let from = start() + (14 * 24).hours();
        assert_eq!(outcome.benign(from), 0, "{}: {:?}", candidate.name, outcome.alerts);
    }
}

/// Alerts on everything and notes what it is told.
#[derive(Default)]
struct Listener {
    told: Vec<String>,
}

impl Scorer for Listener {
    fn score(&mut self, event: &CostEvent) -> f64 {
        dollars(event)
    }

    fn learn(&mut self, event: &CostEvent) {
        self.told.push(format!("learn {}", event.id.event));
    }

    fn not_expected(&mut self, event: &CostEvent) {
        self.told.push(format!("not expected {}", event.id.event));
    }
}

fn account_of(events: Vec<Observed>) -> Account {
    let incident = Costly {
        kind: Kind::FatFinger,
        first: start(),
        last: start() + 1.hours(),
        services: BTreeSet::from([Service::Ec2]),
        changes: Vec::new(),
    };
    Account { events, incidents: vec![incident], ..constant() }
}

fn listen(events: Vec<Observed>) -> (Outcome, Vec<String>) {
    let mut listener = Listener::default();
    let setting = Setting { threshold: 0.0, left_out: None };
    let outcome = run(&account_of(events), &mut listener, setting);
    (outcome, listener.told)
}

fn seen(event: CostEvent, incident: Option<usize>) -> Observed {
    Observed { event, incident, touches: None }
}

#[test]
fn alerts_of_one_actor_within_twelve_hours_of_the_first_are_one() {
    let at = |hour, actor: &str| seen(event(hour, actor, 100 + hour * 100, 1), None);
    let (outcome, _) = listen(vec![at(0, "a"), at(1, "b"), at(11, "a"), at(12, "a"), at(13, "b")]);
    let alerts: Vec<Timestamp> = outcome.alerts.iter().map(|alert| alert.at).collect();
    let expected = [0, 1, 12, 13].map(|hour| start() + hour.hours());
    assert_eq!(alerts, expected);
}

#[test]
fn an_alert_with_anything_of_an_incident_in_it_is_real() {
    let (outcome, _) = listen(vec![
        seen(event(0, "a", 100, 1), None),
        seen(event(1, "a", 300, 1), Some(0)),
        seen(event(1, "b", 300, 1), None),
    ]);
    let real: Vec<bool> = outcome.alerts.iter().map(|alert| alert.real).collect();
    assert_eq!(real, [true, false]);
    assert_eq!(outcome.found, [Some(start() + 1.hours())]);
    assert_eq!(outcome.benign(start()), 1);
}

#[test]
fn what_was_expected_is_learned_two_hours_later_and_covers_half_as_much_again() {
    let (outcome, told) = listen(vec![
        seen(event(0, "a", 100, 2), None),
        seen(event(1, "a", 101, 2), None),
        seen(event(24, "a", 150, 3), None),
        seen(event(48, "a", 160, 3), None),
        seen(event(49, "a", 150, 4), None),
    ]);
    assert_eq!(outcome.alerts.len(), 2, "{outcome:?}");
    assert_eq!(
        told,
        [
            "learn event-0-a-100",
            "learn event-1-a-101",
            "learn event-24-a-150",
            "learn event-48-a-160",
            "learn event-49-a-150"
        ]
    );
    let fit = |event: CostEvent, limits: &Expectation| limits.fit(&event, Burst::of(&event));
    let said_of = event(0, "a", 100, 2);
    let limits = &expectation(&said_of, Burst::of(&said_of), start());
    assert_eq!(fit(event(1, "a", 150, 3), limits), Some(Fit::Covers));
    assert_eq!(fit(event(1, "a", 151, 3), limits), Some(Fit::TooLarge));
    assert_eq!(fit(event(1, "a", 150, 4), limits), Some(Fit::TooLarge));
    assert_eq!(fit(event(1, "b", 10, 1), limits), None);
    assert_eq!(fit(event(24 * 90, "a", 10, 1), limits), None);
    let loop_of_small_ones = Burst { count: 40, hourly: Usd::from_cents(400) };
    assert_eq!(limits.fit(&event(1, "a", 10, 1), loop_of_small_ones), Some(Fit::TooLarge));
}

#[test]
fn what_was_not_expected_is_never_learned() {
    let (_, told) =
        listen(vec![seen(event(0, "a", 100, 2), Some(0)), seen(event(3, "a", 200, 2), Some(0))]);
    assert_eq!(told, ["not expected event-0-a-100", "not expected event-3-a-200"]);
}

#[test]
fn a_kind_that_is_left_out_never_happened() {
    let setting = Setting { threshold: 0.5, left_out: Some(Kind::FatFinger) };
    let outcome = run(&planted(), &mut Listener::default(), setting);
    assert_eq!(outcome.found, [None]);
    assert!(outcome.alerts.iter().all(|alert| !alert.real));
}

/// Says of each day that ends from a moment on that it is unusual.
struct EveryDay(Timestamp);

impl Scorer for EveryDay {
    fn end_of_day(&mut self, end: Timestamp) -> Vec<Day> {
        let day = Day { service: Service::Ec2, end, spent: 8.0, score: 1.0 };
        if end >= self.0 { vec![day] } else { Vec::new() }
    }
}

#[test]
fn a_daily_alert_comes_a_day_after_the_end_of_the_day() {
    let setting = Setting { threshold: 1.0, left_out: None };
    let outcome = run(&constant(), &mut EveryDay(start()), setting);
    // The answer to the first covers all that follow.
    assert_eq!(outcome.alerts, [Alert { at: start() + 48.hours(), real: false }]);
    let outcome = run(&planted(), &mut EveryDay(start() + (41 * 24).hours()), setting);
    assert_eq!(outcome.found, [Some(start() + (42 * 24).hours())]);
    assert!(outcome.alerts.len() > 1 && outcome.alerts.iter().all(|alert| alert.real));
}

#[test]
fn figures_are_those_of_a_hand_count() {
    let account = planted();
    let found = account.incidents[0].first + 6.hours();
    let outcome = Outcome {
        found: vec![Some(found)],
        alerts: vec![
            Alert { at: start() + 1.hours(), real: false },
            Alert { at: start() + (20 * 24).hours(), real: false },
            Alert { at: found, real: true },
        ],
    };
    let fleet = [account.clone(), account];
    let missed = Outcome { found: vec![None], alerts: Vec::new() };
    let summary = Summary::of(&fleet, &[outcome, missed], 14);
    assert_eq!(summary.found, Part { some: 1, all: 2 });
    assert_eq!(summary.benign, 1);
    assert!((summary.weeks - 2.0 * 46.0 / 7.0).abs() < 1e-9);
    assert!((summary.benign_rate() - 7.0 / 92.0).abs() < 1e-9);
    assert_eq!(summary.precision, Part { some: 1, all: 2 });
    assert_eq!(summary.hours_at(0.5), Some(6.0));
    // Of 24 hours at $60, of two incidents, 18 hours of one.
    assert!((summary.saved - 18.0 / 48.0).abs() < 1e-9, "{}", summary.saved);
    let (low, high) = summary.bootstrap;
    assert!(low.abs() < 1e-9 && (high - 1.0).abs() < 1e-9);
}

#[test]
fn an_alert_more_than_a_day_after_the_last_event_is_too_late() {
    let account = planted();
    let last = account.incidents[0].last;
    let found = |at| {
        let outcome = Outcome { found: vec![Some(at)], alerts: Vec::new() };
        Summary::of(std::slice::from_ref(&account), &[outcome], 14)
    };
    assert_eq!(found(last + 24.hours()).found.some, 1);
    assert_eq!(found(last + 25.hours()).found.some, 0);
    assert_eq!(found(last + 25.hours()).found_late.some, 1);
}

#[test]
fn wilson_is_the_published_interval() {
    // Agresti and Coull (1998): 0 of 10 and 5 of 10.
    let close = |a: f64, b: f64| assert!((a - b).abs() < 5e-4, "{a} is not {b}");
    let (low, high) = Part { some: 0, all: 10 }.wilson();
    close(low, 0.0);
    close(high, 0.2775);
    let (low, high) = Part { some: 5, all: 10 }.wilson();
    close(low, 0.2366);
    close(high, 0.7634);
}

#[test]
fn the_same_command_gives_the_same_report() {
    let once = report();
    assert_eq!(once, report());
    assert!(once[0].contains("## Where ours is behind"));
    assert!(once[0].contains("leaked-key"));
}

fn report() -> Vec<String> {
    let scale = Scale { accounts: 2, days: 17, quick: true, seeds: Vec::new() };
    let fleets = Fleets::new(&scale);
    assert!(fleets.dev.iter().chain(&fleets.test).all(|account| account.damaged == 0));
    let chosen = candidates().filter(|each| ["fixed", "ours"].contains(&each.name));
    let evaluations: Vec<_> = chosen.map(|candidate| evaluate(candidate, &fleets)).collect();
    let report =
        Report { command: "test", scale: &scale, fleets: &fleets, evaluations: &evaluations };
    let mut texts = vec![report.markdown(), json::report(&report)];
    texts.extend(plot::all(&evaluations).into_iter().map(|(_, text)| text));
    texts
}
