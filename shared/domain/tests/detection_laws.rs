//! Laws of detection: what is usual, how it is learned, held back and taken out again.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "laws/seeded.rs"]
mod seeded;

use domain::answer::{Answer, Answered};
use domain::assessment::{AccountState, Assessment, judge};
use domain::baseline::BaselineKey;
use domain::channels::{CHANNELS, Score};
use domain::cost_event::{Action, CostEvent, CostEventId};
use domain::decision::{Basis, Delivery, Silence, Verdict};
use domain::event::{Actor, ActorKind};
use domain::habits::{HELD_FOR, Habits, MAX_DAYS, MAX_KINDS, MAX_REGIONS, Measure};
use domain::ids::{AccountId, EventId, Region};
use domain::money::Usd;
use domain::policy::Policy;
use domain::price::Estimate;
use domain::resource::Service;
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;
use seeded::seeded;
use std::collections::BTreeSet;

fn start() -> Timestamp {
    "2026-01-05T00:00:00Z".parse().unwrap()
}

/// So many instances for so many cents an hour in all.
#[derive(Debug, Clone)]
struct Launch {
    seconds: i64,
    actor: u8,
    kind: u8,
    region: u8,
    cents: i64,
    count: usize,
}

fn event(nth: usize, launch: &Launch) -> CostEvent {
    let id = format!("user/{}", launch.actor);
    CostEvent {
        id: CostEventId { event: EventId::parse(&format!("event-{nth}")).unwrap(), part: 0 },
        time: start() + launch.seconds.seconds(),
        account: AccountId::parse("111122223333").unwrap(),
        region: Region::parse(&format!("region-{}", launch.region)).unwrap(),
        actor: Actor {
            id: id.clone(),
            kind: ActorKind::IamUser,
            principal: id,
            person: None,
            invoked_by: None,
        },
        name: "RunInstances".to_owned(),
        launcher: None,
        service: Service::Ec2,
        resource_type: format!("m5.{}", launch.kind),
        action: Action::Start,
        resources: (0..launch.count).map(|one| format!("i-{nth}-{one}")).collect(),
        estimate: Estimate::default(),
        hourly_before: Usd::ZERO,
        hourly_change: Usd::from_cents(launch.cents),
        ended_already: 0,
        effects: Vec::new(),
        open_changes: Vec::new(),
    }
}

fn launches(most: usize) -> impl Strategy<Value = Vec<Launch>> {
    let launch = (0_i64..40_000, 0_u8..3, 0_u8..5, 0_u8..3, 1_i64..400, 1_usize..4).prop_map(
        |(seconds, actor, kind, region, cents, count)| Launch {
            seconds,
            actor,
            kind,
            region,
            cents,
            count,
        },
    );
    prop::collection::vec(launch, 1..most).prop_map(|mut launches| {
        let mut at = 0;
        for launch in &mut launches {
            at += launch.seconds;
            launch.seconds = at;
        }
        launches
    })
}

/// Everything is silent: only what is learned is looked at.
fn live_through(state: &mut AccountState, event: &CostEvent) {
    let keys = BaselineKey::of(event);
    let measures = state.look_at(event, &keys, &Policy::default()).measures;
    state.live_through(event, keys, measures, false);
}

fn actor(number: u8) -> BaselineKey {
    BaselineKey::actor(&format!("user/{number}"))
}

/// An account in which each of three actors starts something small every day, for so many days.
fn quiet(days: i64) -> AccountState {
    let mut state = AccountState::default();
    for day in 0..days {
        for by in 0..3 {
            let seconds = day * 86_400 + 36_000 + i64::from(by) * 60;
            let launch = Launch { seconds, actor: by, kind: 0, region: 0, cents: 10, count: 1 };
            let nth = usize::try_from(day).unwrap() * 3 + usize::from(by);
            live_through(&mut state, &event(10_000 + nth, &launch));
        }
    }
    state
}

/// Twenty of another kind elsewhere, a little after that many days.
fn incident(days: i64, nth: usize) -> CostEvent {
    let seconds = days * 86_400 + 40_000;
    event(nth, &Launch { seconds, actor: 1, kind: 4, region: 2, cents: 2_000, count: 20 })
}

fn by_score(assessment: &Assessment) -> bool {
    matches!(assessment.decision.verdict, Verdict::Alert { basis: Basis::Score, .. })
}

fn answer(state: &mut AccountState, id: &str, events: &[CostEvent], what: Answer) {
    let at = events.last().unwrap().time + 2.hours();
    let answered = Answered { answer: what, by: "ana".to_owned(), at };
    let until = at + SignedDuration::from_hours(24 * 90);
    state.answer(id, events, answered, until);
}

proptest! {
    #![proptest_config(seeded(31))]

    #[test]
    fn events_of_one_second_leave_the_same_behind_in_any_order(
        before in launches(12),
        together in launches(8),
        turn in 0_usize..8,
    ) {
        let now = before.last().unwrap().seconds + 500;
        let together: Vec<CostEvent> = (together.iter().enumerate())
            .map(|(nth, launch)| event(100 + nth, &Launch { seconds: now, ..launch.clone() }))
            .collect();
        let mut turned = together.clone();
        turned.rotate_left(turn % together.len());
        turned.reverse();
        let mut states = [AccountState::default(), AccountState::default()];
        for (state, events) in states.iter_mut().zip([&together, &turned]) {
            for (nth, launch) in before.iter().enumerate() {
                live_through(state, &event(nth, launch));
            }
            for event in events {
                live_through(state, event);
            }
        }
        let [one, other] = states;
        prop_assert_eq!(one, other);
    }

    #[test]
    fn what_comes_late_counts_as_if_it_had_come_in_time(launches in launches(20), late in 0_usize..20) {
        let late = late % launches.len();
        let mut order: Vec<usize> = (0..launches.len()).filter(|nth| *nth != late).collect();
        order.push(late);
        let mut states = [AccountState::default(), AccountState::default()];
        for (nth, launch) in launches.iter().enumerate() {
            live_through(&mut states[0], &event(nth, launch));
        }
        for nth in order {
            live_through(&mut states[1], &event(nth, &launches[nth]));
        }
        let by = launches[late].actor;
        let [one, other] = states.each_ref().map(|state| state.history.habits(&actor(by)).unwrap());
        for (a, b) in one.now.iter().zip(other.now) {
            // Each step rounds to the nearest micro-dollar.
            prop_assert!((a - b).abs() <= 40, "{one:?} {other:?}");
        }
        prop_assert_eq!(&one.kinds, &other.kinds);
    }

    #[test]
    fn a_dearer_event_is_never_less_unusual(
        launches in launches(30),
        cents in 1_i64..5_000,
        more in 1_i64..50_000,
    ) {
        let mut state = quiet(20);
        let base = 20 * 86_400;
        for (nth, launch) in launches.iter().enumerate() {
            let at = base + launch.seconds;
            live_through(&mut state, &event(nth, &Launch { seconds: at, ..launch.clone() }));
        }
        let last = Launch { seconds: base + 2_000_000, cents, ..launches[0].clone() };
        let dearer = Launch { cents: cents + more, ..last.clone() };
        let policy = Policy { channels_off: BTreeSet::new(), ..Policy::default() };
        let mut score = |launch: &Launch| -> Score {
            let event = event(999, launch);
            state.look_at(&event, &BaselineKey::of(&event), &policy).score
        };
        let (one, other) = (score(&last), score(&dearer));
        for (one, other) in one.terms.iter().zip(&other.terms) {
            prop_assert!(other.value >= one.value, "{} {} {}", one.name, one.value, other.value);
        }
        prop_assert!(other.total >= one.total);
    }

    #[test]
    fn habits_stay_small_whatever_happens(launches in launches(60), spread in 1_i64..200_000) {
        let mut habits = Habits::default();
        for (nth, launch) in launches.iter().cycle().take(400).enumerate() {
            let seconds = i64::try_from(nth).unwrap() * spread + launch.seconds % 40_000;
            let event = event(nth, &Launch { seconds, ..launch.clone() });
            let kind = format!("ec2#{}", nth % 97);
            let region = Region::parse(&format!("region-{}", nth % 61)).unwrap();
            habits.note(&event, habits.after(&event), nth % 7 == 0);
            habits.learn(&kind, &region, domain::fixed::Millionths::ln(launch.cents));
            prop_assert!(habits.days.len() <= MAX_DAYS && habits.kinds.len() <= MAX_KINDS);
            prop_assert!(habits.regions.len() <= MAX_REGIONS);
            prop_assert!(habits.days.is_sorted_by_key(|day| day.number));
        }
    }
}

#[test]
fn an_incident_alerts_and_not_expected_takes_it_out_again() {
    // Fewer days than are kept: none has to make room.
    let mut state = quiet(20);
    let before = state.history.clone();
    let incident = incident(20, 1);
    let assessment = judge(incident.clone(), &mut state, &Policy::default());
    assert!(by_score(&assessment), "{assessment:?}");
    let (id, _) = assessment.outcome.alert.unwrap();
    answer(&mut state, &id, std::slice::from_ref(&incident), Answer::NotExpected);
    let (was, now) = (before.habits(&actor(1)).unwrap(), state.history.habits(&actor(1)).unwrap());
    assert_eq!((&now.days, &now.kinds, &now.regions), (&was.days, &was.kinds, &was.regions));
    assert_eq!(now.held_since, None);
    assert_eq!(now.now[Measure::Hour as usize], 0, "what is counted begins anew");
    for key in BaselineKey::of(&incident) {
        assert_eq!(state.history.get(&key).sums, before.get(&key).sums, "{key:?}");
    }
}

#[test]
fn an_incident_that_comes_every_day_alerts_every_day_if_it_is_not_expected() {
    let mut state = quiet(30);
    for day in 0..21 {
        let event = incident(30 + day, usize::try_from(day).unwrap());
        let assessment = judge(event.clone(), &mut state, &Policy::default());
        assert!(by_score(&assessment), "day {day}: {:?}", assessment.decision);
        let (id, _) = assessment.outcome.alert.unwrap();
        answer(&mut state, &id, &[event], Answer::NotExpected);
    }
}

#[test]
fn what_nobody_answers_alerts_for_a_week_and_is_usual_after_it() {
    let mut state = quiet(30);
    let mut alerted = Vec::new();
    for day in 0..21 {
        let event = incident(30 + day, usize::try_from(day).unwrap());
        alerted.push(by_score(&judge(event, &mut state, &Policy::default())));
    }
    let week = usize::try_from(HELD_FOR.as_hours() / 24).unwrap();
    assert!(alerted[..week].iter().all(|alerted| *alerted), "{alerted:?}");
    assert!(!alerted[20], "{alerted:?}");
}

#[test]
fn what_was_expected_is_silent_within_its_limits_and_alerts_beyond() {
    let mut state = quiet(30);
    let first = incident(30, 1);
    let assessment = judge(first.clone(), &mut state, &Policy::default());
    let (id, _) = assessment.outcome.alert.unwrap();
    let at = first.time + 2.hours();
    let answered = Answered { answer: Answer::Expected, by: "ana".to_owned(), at };
    let expectations =
        state.answer(&id, &[first], answered, at + SignedDuration::from_hours(24 * 90));
    assert_eq!(expectations.len(), 1);
    assert_eq!(expectations[0].max_hourly, Usd::from_cents(3_000));
    assert_eq!(expectations[0].max_count, Some(30));
    state.expectations = expectations;
    let again = judge(incident(31, 2), &mut state, &Policy::default());
    assert_eq!(again.decision.verdict, Verdict::Silent(Silence::Expected));
    let twice = CostEvent { hourly_change: Usd::from_cents(8_000), ..incident(32, 3) };
    let larger = judge(twice, &mut state, &Policy::default());
    assert!(matches!(larger.decision.verdict, Verdict::Alert { .. }), "{:?}", larger.decision);
}

#[test]
fn an_expectation_of_one_is_not_one_of_a_loop() {
    let mut state = quiet(30);
    let one = |nth: usize, minute: i64| {
        let seconds = 30 * 86_400 + 40_000 + minute * 60;
        event(nth, &Launch { seconds, actor: 1, kind: 1, region: 0, cents: 60, count: 1 })
    };
    let expected = domain::expectation::Expectation {
        id: "one".to_owned(),
        actor: Some("user/1".to_owned()),
        resource_type: None,
        region: None,
        max_count: Some(2),
        max_hourly: Usd::from_cents(90),
        expires_at: start() + SignedDuration::from_hours(24 * 365),
        by: "ana".to_owned(),
    };
    state.expectations.push(expected);
    let verdicts: Vec<Verdict> = (0..40)
        .map(|nth| {
            let minute = i64::try_from(nth).unwrap();
            judge(one(nth, minute), &mut state, &Policy::default()).decision.verdict
        })
        .collect();
    assert_eq!(verdicts[0], Verdict::Silent(Silence::Expected));
    assert!(matches!(verdicts[39], Verdict::Alert { .. }), "{verdicts:?}");
}

#[test]
fn a_channel_whose_flag_is_off_has_no_term_and_calls_for_nothing() {
    let all: BTreeSet<String> = CHANNELS.iter().map(|each| each.name.to_owned()).collect();
    let mut state = quiet(30);
    let policy = Policy { channels_off: all, ..Policy::default() };
    let assessment = judge(incident(30, 1), &mut state, &policy);
    assert!(assessment.score.terms.is_empty());
    assert_eq!(assessment.decision.verdict, Verdict::Silent(Silence::Usual));
    let mut state = quiet(30);
    let others = CHANNELS.iter().map(|each| each.name).filter(|name| *name != "novelty");
    let policy = Policy { channels_off: others.map(str::to_owned).collect(), ..Policy::default() };
    let assessment = judge(incident(30, 1), &mut state, &policy);
    assert_eq!(assessment.score.terms.len(), 1);
    assert_eq!(assessment.score.decisive().unwrap().name, "novelty");
}

#[test]
fn the_seventh_new_anomaly_of_a_channel_within_an_hour_is_held_back_and_the_net_never_is() {
    let mut state = quiet(30);
    let of = |nth: u8, cents: i64| {
        let seconds = 30 * 86_400 + 40_000 + i64::from(nth) * 30;
        let launch = Launch { seconds, actor: 100 + nth, kind: 4, region: 2, cents, count: 3 };
        event(usize::from(nth), &launch)
    };
    let policy = Policy::default();
    let deliveries: Vec<Delivery> = (0..40)
        .filter_map(|nth| match judge(of(nth, 2_000), &mut state, &policy).decision.verdict {
            Verdict::Alert { delivery, .. } => Some(delivery),
            Verdict::Silent(_) => None,
        })
        .collect();
    assert!(deliveries[..6].iter().all(|delivery| *delivery == Delivery::Send), "{deliveries:?}");
    assert_eq!(deliveries.last(), Some(&Delivery::HeldByBreaker));
    let net = judge(of(50, 3_000), &mut state, &policy);
    let sent = matches!(net.decision.verdict, Verdict::Alert { delivery: Delivery::Send, .. });
    assert!(sent, "{:?}", net.decision);
}
