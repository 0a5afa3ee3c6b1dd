//! A rehearsal: an account is warmed with its past, nobody is told of it, and a report says what would
//! have been sent.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::anomaly::{Anomaly, Fold};
use domain::decision::{Delivery, Severity};
use domain::event::ResourceEvent;
use domain::policy::{Mode, Policy};
use jiff::{SignedDuration, Timestamp};
use journeys::{account, events, known, pipeline, run, story, table, tenant};
use pipeline::notify::Notice;
use pipeline::process::process;
use pipeline::rehearse::{Rehearsal, Report};
use pricing::Book;
use sample_trail::{Call, Caller};
use std::collections::BTreeSet;
use store::Table;

/// A moment after the story, and the days at which it is cut.
fn after_the_story() -> Timestamp {
    "2026-07-01T00:00:00Z".parse().unwrap()
}

fn call(serial: u64, minute: i64) -> Call {
    Call {
        account: account().to_string(),
        region: "us-east-1",
        at: Timestamp::from_second(1_780_272_000 + minute * 60).unwrap(),
        caller: Caller::User("ops"),
        serial,
    }
}

/// Rehearses what lies before a moment and runs the rest; gives the report and all notices.
async fn rehearse(
    table: &Table,
    events: &[ResourceEvent],
    before: Timestamp,
    portion: usize,
) -> (Report, Vec<Notice>) {
    let policy = Policy::default();
    let pipeline = pipeline(table, &policy);
    let (mut rehearsal, mut notices) = (Rehearsal::before(before), Vec::new());
    let (past, rest): (Vec<ResourceEvent>, Vec<ResourceEvent>) =
        events.iter().cloned().partition(|event| rehearsal.covers(event.time));
    for portion in past.chunks(portion) {
        notices.extend(rehearsal.run(&pipeline, portion.to_vec()).await.unwrap().notices);
    }
    assert!(notices.is_empty(), "{notices:?}");
    for portion in rest.chunks(portion) {
        notices.extend(pipeline.run(portion.to_vec()).await.unwrap().notices);
    }
    (rehearsal.report(table).await.unwrap(), notices)
}

fn ids<'a>(anomalies: impl IntoIterator<Item = &'a Anomaly>) -> BTreeSet<String> {
    anomalies.into_iter().map(|anomaly| anomaly.id.clone()).collect()
}

#[tokio::test]
async fn a_rehearsal_learns_what_a_run_learns_and_nobody_is_ever_told() {
    let (ran, rehearsed) = (table(None).await, table(None).await);
    run(&ran, &story(), usize::MAX).await;
    let (report, _) = rehearse(&rehearsed, &story(), after_the_story(), usize::MAX).await;
    let account = account();
    assert_eq!(
        rehearsed.baselines(&account).await.unwrap(),
        ran.baselines(&account).await.unwrap()
    );
    assert_eq!(rehearsed.habits(&account).await.unwrap(), ran.habits(&account).await.unwrap());
    let (told, silent) = (known(&ran, &account).await, known(&rehearsed, &account).await);
    assert_eq!(silent.cost_events, told.cost_events);
    assert_eq!(ids(&silent.anomalies), ids(&told.anomalies));
    for (silent, told) in silent.anomalies.iter().zip(&told.anomalies) {
        assert_eq!(silent.delivery, Delivery::Rehearsed);
        assert_eq!((silent.severity, &silent.open), (told.severity, &told.open));
        assert!(!silent.is_untold());
    }
    let policy = Policy::default();
    let later = pipeline(&rehearsed, &policy).catch_up(&account).await.unwrap();
    assert!(later.notices.is_empty(), "{later:?}");
    assert_eq!(ids(report.found.iter().map(|found| &found.anomaly)), ids(&told.anomalies));
}

#[tokio::test]
async fn the_report_says_what_it_would_have_sent_and_what_was_learned() {
    let table = table(None).await;
    let (report, _) = rehearse(&table, &story(), after_the_story(), 50).await;
    assert_eq!(report.days, 8);
    assert_eq!(report.cost_events, known(&table, &account()).await.scored_through);
    let habits = table.habits(&account()).await.unwrap();
    assert!(report.actors > 1 && report.actors <= habits.len() as u64, "{}", report.actors);
    let counts: u64 = report.counts().values().sum();
    assert_eq!(counts, report.found.len() as u64);
    assert_eq!(report.counts()[&(&account(), Severity::Critical)], 1);
    let thief = report.found.iter().find(|each| each.anomaly.actor.id == "user/ci-legacy").unwrap();
    assert!(thief.anomaly.is_resolved());
    assert_eq!(thief.spent, thief.anomaly.spent(after_the_story()));
    assert!(report.found.windows(2).all(|pair| pair[0].spent >= pair[1].spent));
}

#[tokio::test]
async fn wherever_it_is_cut_each_anomaly_is_either_rehearsed_or_told() {
    let plain = table(None).await;
    run(&plain, &story(), usize::MAX).await;
    let all = ids(&known(&plain, &account()).await.anomalies);
    for hours in [1, 24, 100, 150, 171, 172, 200] {
        let before = story()[0].time + SignedDuration::from_hours(hours);
        let mut outcomes = Vec::new();
        for portion in [1, 7, usize::MAX] {
            let table = table(None).await;
            let (report, notices) = rehearse(&table, &story(), before, portion).await;
            let rehearsed = ids(report.found.iter().map(|found| &found.anomaly));
            let alerts = notices.iter().filter(|notice| matches!(notice, Notice::Alert { .. }));
            let told = ids(alerts.map(Notice::anomaly));
            assert!(rehearsed.is_disjoint(&told), "{hours} hours");
            assert_eq!(&rehearsed | &told, all, "{hours} hours");
            outcomes.push((rehearsed, told));
        }
        assert!(outcomes.windows(2).all(|pair| pair[0] == pair[1]), "{hours}: {outcomes:?}");
    }
}

#[tokio::test]
async fn an_alert_after_the_rehearsal_that_joins_it_is_a_card() {
    let records = [
        call(1, 0).run_instances("p4d.24xlarge", 1, None),
        call(2, 60).run_instances("p4d.24xlarge", 2, None),
    ];
    let table = table(None).await;
    let events = events(&records);
    let (report, notices) = rehearse(&table, &events, events[1].time, usize::MAX).await;
    let [Notice::Alert { anomaly, fold: Fold::New, .. }] = notices.as_slice() else {
        unreachable!("{notices:?}");
    };
    assert_eq!((anomaly.delivery, anomaly.alerts), (Delivery::Send, 2));
    assert!(anomaly.is_untold());
    assert!(report.found.is_empty(), "people know of it");
}

#[tokio::test]
async fn breakers_do_not_count_what_is_rehearsed() {
    // A grown account, then a storm: seven in an hour would trip a breaker.
    let mut records: Vec<_> = (0..30)
        .map(|day: u64| call(day, day.cast_signed() * 1_440).run_instances("t3.micro", 1, None))
        .collect();
    let callers = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let storm = |(serial, user): (u64, &'static str), minute| {
        let from = Call { caller: Caller::User(user), ..call(serial, minute) };
        from.run_instances("m5.12xlarge", 1, None)
    };
    for each in (100..).zip(callers) {
        records.push(storm(each, 31 * 1_440));
    }
    let events = events(&records);
    let table = table(None).await;
    let before = events[39].time + SignedDuration::from_secs(1);
    let (report, _) = rehearse(&table, &events, before, 11).await;
    let in_the_storm = report.found.iter().filter(|each| each.anomaly.first_at == events[39].time);
    assert!(in_the_storm.count() > 6, "{:?}", report.counts());
    let state = table.load_for_scoring(&account(), &[]).await.unwrap().state;
    assert!(state.breakers.is_empty(), "{:?}", state.breakers);
}

#[tokio::test]
async fn what_governance_holds_back_would_not_have_been_sent() {
    let table = table(None).await;
    let policy = Policy { mode: Mode::Strict, customer_strict: true, ..Policy::default() };
    let mut rehearsal = Rehearsal::before(after_the_story());
    rehearsal.run(&pipeline(&table, &policy), story()).await.unwrap();
    assert!(rehearsal.report(&table).await.unwrap().found.is_empty());
    let anomalies = known(&table, &account()).await.anomalies;
    assert!(!anomalies.is_empty());
    assert!(anomalies.iter().all(|each| each.delivery == Delivery::HeldByStrictMode));
}

#[tokio::test]
async fn a_rehearsal_that_was_broken_off_is_taken_up_again_and_tells_nothing() {
    let story = story();
    let expected = table(None).await;
    rehearse(&expected, &story, after_the_story(), usize::MAX).await;
    for crash_at in [1, 60, story.len()] {
        let (table, policy) = (table(None).await, Policy::default());
        process(&table, Book::builtin(), &account(), story[..crash_at].to_vec()).await.unwrap();
        // Here the process dies: events are stored, and nobody has scored them.
        let (pipeline, mut rehearsal) =
            (pipeline(&table, &policy), Rehearsal::before(after_the_story()));
        let caught_up = rehearsal.catch_up(&pipeline, &account()).await.unwrap();
        assert!(caught_up.notices.is_empty(), "{caught_up:?}");
        let again = rehearsal.run(&pipeline, story.clone()).await.unwrap();
        assert!(again.notices.is_empty(), "{again:?}");
        assert_eq!(known(&table, &account()).await, known(&expected, &account()).await);
    }
}

#[tokio::test]
async fn what_happens_beside_a_rehearsal_alerts_whoever_scores_it() {
    let live = events(&[call(1, 100).run_instances("p4d.24xlarge", 1, None)]);
    let past = events(&[call(2, 0).run_instances("m5.large", 8, None)]);
    let (table, policy) = (table(None).await, Policy::default());
    // Stored by who serves, and scored by who rehearses.
    process(&table, Book::builtin(), &account(), live.clone()).await.unwrap();
    let mut rehearsal = Rehearsal::before(live[0].time);
    rehearsal.run(&pipeline(&table, &policy), past).await.unwrap();
    let anomalies = known(&table, &account()).await.anomalies;
    let of = |at: Timestamp| anomalies.iter().find(|each| each.last_at == at).unwrap();
    assert!(of(live[0].time).is_untold(), "{anomalies:?}");
}

#[tokio::test]
async fn the_digest_of_the_day_knows_nothing_of_a_rehearsal() {
    let (ran, rehearsed) = (table(None).await, table(None).await);
    let events = events(&[call(1, 0).run_instances("p4d.24xlarge", 4, None)]);
    run(&ran, &events, usize::MAX).await;
    rehearse(&rehearsed, &events, after_the_story(), usize::MAX).await;
    let now = events[0].time + SignedDuration::from_hours(1);
    for table in [&ran, &rehearsed] {
        journeys::connect(table, &account(), now).await;
    }
    let digest =
        async |table| pipeline::digest::digest_of(table, &tenant(), now).await.unwrap().title;
    assert!(digest(&ran).await.starts_with("1 anomaly open"), "{}", digest(&ran).await);
    assert!(digest(&rehearsed).await.starts_with("A quiet day"));
}

#[tokio::test]
async fn the_strict_mode_of_the_first_days_is_not_about_the_past() {
    let table = table(None).await;
    let policy = Policy { mode: Mode::Strict, ..Policy::default() };
    let mut rehearsal = Rehearsal::before(after_the_story());
    rehearsal.run(&pipeline(&table, &policy), story()).await.unwrap();
    let anomalies = known(&table, &account()).await.anomalies;
    assert!(anomalies.iter().any(|each| each.severity == Severity::Info), "{anomalies:?}");
    assert!(anomalies.iter().all(|each| each.delivery == Delivery::Rehearsed), "{anomalies:?}");
}
