//! Each event counts once, whatever is delivered how often, in which portions, and where it breaks
//! off.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::anomaly::Anomaly;
use domain::event::{Change, ResourceEvent};
use domain::policy::Policy;
use journeys::{Known, account, known, pipeline, run, story, table};
use pipeline::process::process;
use pricing::Book;
use sample_trail::{Call, Caller};

async fn undisturbed() -> Known {
    let table = table(None).await;
    run(&table, &story(), usize::MAX).await;
    known(&table, &account()).await
}

#[tokio::test]
async fn the_story_gives_its_two_anomalies_and_both_are_resolved() {
    let known = undisturbed().await;
    assert_eq!(known.anomalies.len(), 2);
    assert_eq!(known.cost_events.len() as u64, known.scored_through);
    for anomaly in &known.anomalies {
        assert!(anomaly.is_resolved(), "{anomaly:?}");
        assert_eq!(anomaly.open.running, 0);
    }
}

#[tokio::test]
async fn portions_do_not_change_the_result() {
    let expected = undisturbed().await;
    for portion in [1, 7, 50] {
        let table = table(None).await;
        run(&table, &story(), portion).await;
        assert_eq!(known(&table, &account()).await, expected, "portions of {portion}");
    }
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_counts_duplicates() {
    let table = table(None).await;
    run(&table, &story(), usize::MAX).await;
    let before = known(&table, &account()).await;
    let again = run(&table, &story(), 40).await;
    assert_eq!(known(&table, &account()).await, before);
    assert_eq!(again.iter().map(|outcome| outcome.cost_events).sum::<u64>(), 0);
    let duplicates: u64 = again.iter().map(|outcome| outcome.duplicates).sum();
    assert_eq!(duplicates, story().len() as u64);
    assert!(again.iter().all(|outcome| outcome.notices.is_empty()));
}

#[tokio::test]
async fn every_event_twice_in_a_row_alerts_once() {
    let twice: Vec<ResourceEvent> =
        story().into_iter().flat_map(|event| [event.clone(), event]).collect();
    for portion in [1, 2, 33] {
        let table = table(None).await;
        run(&table, &twice, portion).await;
        assert_eq!(known(&table, &account()).await, undisturbed().await, "portions of {portion}");
    }
}

#[tokio::test]
async fn old_events_that_come_again_later_do_not_reopen_what_has_ended() {
    let table = table(None).await;
    let story = story();
    for (nth, event) in story.iter().enumerate() {
        run(&table, std::slice::from_ref(event), 1).await;
        // Everything so far once more, oldest first: a redrive in the middle of work.
        if nth % 20 == 0 {
            run(&table, &story[..=nth], 10).await;
        }
    }
    assert_eq!(known(&table, &account()).await, undisturbed().await);
}

#[tokio::test]
async fn a_crash_between_storing_and_scoring_loses_no_alert() {
    let story = story();
    let expected = undisturbed().await;
    for crash_at in [1, 40, 100, story.len()] {
        let (table, policy) = (table(None).await, Policy::default());
        run(&table, &story[..crash_at - 1], usize::MAX).await;
        let stored = process(&table, Book::builtin(), &account(), story[..crash_at].to_vec()).await;
        assert!(!stored.unwrap().cost_events.is_empty());
        // Here the process dies; the next one catches up and goes on.
        pipeline(&table, &policy).catch_up(&account()).await.unwrap();
        run(&table, &story[crash_at - 1..], usize::MAX).await;
        assert_eq!(known(&table, &account()).await, expected, "crash at {crash_at}");
    }
}

#[tokio::test]
async fn what_was_stored_by_a_crashed_run_is_scored_before_what_comes_next() {
    let story = story();
    let table = table(None).await;
    process(&table, Book::builtin(), &account(), story[..60].to_vec()).await.unwrap();
    // Nobody catches up: the next portion finds the gap itself.
    run(&table, &story[60..], 25).await;
    assert_eq!(known(&table, &account()).await, undisturbed().await);
}

#[tokio::test]
async fn two_processes_on_one_account_store_and_score_each_event_once() {
    let (table, policy) = (table(None).await, Policy::default());
    let story = story();
    let (left, right) = (pipeline(&table, &policy), pipeline(&table, &policy));
    for portion in story.chunks(15) {
        let (one, two) = tokio::join!(left.run(portion.to_vec()), right.run(portion.to_vec()));
        assert_eq!(one.unwrap().cost_events + two.unwrap().cost_events, {
            let parts = known(&table, &account()).await.cost_events;
            let ids: std::collections::BTreeSet<_> =
                portion.iter().map(|event| event.id.clone()).collect();
            parts.iter().filter(|numbered| ids.contains(&numbered.event.id.event)).count() as u64
        });
    }
    assert_eq!(known(&table, &account()).await, undisturbed().await);
}

#[tokio::test]
async fn a_kept_table_is_the_same_after_it_was_closed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("table.sqlite");
    let before = {
        let table = table(Some(&file)).await;
        run(&table, &story(), usize::MAX).await;
        known(&table, &account()).await
    };
    let reopened = table(Some(&file)).await;
    assert_eq!(known(&reopened, &account()).await, before);
}

fn call(serial: u64, minute: i64) -> Call {
    Call {
        account: account().to_string(),
        region: "us-east-1",
        at: jiff::Timestamp::from_second(1_780_272_000 + minute * 60).unwrap(),
        caller: Caller::User("batch"),
        serial,
    }
}

#[tokio::test]
async fn one_event_that_starts_more_than_a_transaction_holds_is_stored_once_and_resolved() {
    let launch = call(1, 0);
    let ids: Vec<String> = (0..450).map(|nth| launch.instance_id(nth)).collect();
    let events = journeys::events(&[
        launch.run_instances("m5.large", 450, None),
        call(2, 30).terminate_instances(&ids),
    ]);
    let table = table(None).await;
    run(&table, &events[..1], 1).await;
    run(&table, &events[..1], 1).await;
    let open = known(&table, &account()).await;
    assert_eq!(open.cost_events.len(), 1);
    assert_eq!(open.anomalies[0].open.running, 450);
    // 450 × $0.096
    assert_eq!(open.anomalies[0].hourly.to_string(), "43.2");
    run(&table, &events[1..], 1).await;
    run(&table, &events, 2).await;
    let closed = known(&table, &account()).await;
    assert_eq!(closed.anomalies[0].open.running, 0);
    // Half an hour of it.
    assert_eq!(closed.anomalies[0].spent(events[1].time).to_string(), "21.6");
}

#[tokio::test]
async fn an_event_that_the_table_will_not_take_leaves_the_others_alone() {
    let (table, policy) = (table(None).await, Policy::default());
    let mut events = story();
    let starts = |event: &ResourceEvent| matches!(event.changes[0], Change::Started { .. });
    let at = events.iter().position(starts).unwrap() + 1;
    let mut poison = events[at - 1].clone();
    poison.id = domain::ids::EventId::parse("poison").unwrap();
    let Change::Started { resources, .. } = &mut poison.changes[0] else { return };
    // Longer than a key of the table can be. The reader refuses such names before.
    resources[0].name = "x".repeat(5_000);
    events.insert(at, poison.clone());
    let outcome = pipeline(&table, &policy).run(events).await.unwrap();
    let rejected: Vec<_> = outcome.rejected.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!(rejected, [poison.id]);
    assert_eq!(known(&table, &account()).await, undisturbed().await);
}

#[tokio::test]
async fn one_call_ends_more_kinds_of_instances_than_a_transaction_holds() {
    let kinds: Vec<String> =
        Book::builtin().instance_types().take(120).map(str::to_owned).collect();
    let launches: Vec<Call> = (0..120).map(|serial| call(serial, 0)).collect();
    let mut records: Vec<_> = launches
        .iter()
        .zip(&kinds)
        .map(|(launch, kind)| launch.run_instances(kind, 1, None))
        .collect();
    let ids: Vec<String> = launches.iter().map(|launch| launch.instance_id(0)).collect();
    records.push(call(200, 60).terminate_instances(&ids));
    let table = table(None).await;
    let outcomes = run(&table, &journeys::events(&records), usize::MAX).await;
    assert!(outcomes.iter().all(|outcome| outcome.rejected.is_empty()), "{outcomes:?}");
    let known = known(&table, &account()).await;
    assert!(known.anomalies.iter().all(Anomaly::is_resolved));
    let sum: domain::money::Usd =
        known.cost_events.iter().map(|numbered| numbered.event.hourly_change).sum();
    assert_eq!(sum, domain::money::Usd::ZERO);
}

#[tokio::test]
async fn a_large_fleet_that_ends_in_the_second_in_which_it_began_ends() {
    let launch = call(1, 0);
    let ids: Vec<String> = (0..150).map(|nth| launch.instance_id(nth)).collect();
    let mut records = vec![launch.run_instances("m5.large", 150, None)];
    records.push(call(2, 0).terminate_instances(&ids));
    let table = table(None).await;
    for event in journeys::events(&records) {
        run(&table, &[event], 1).await;
    }
    // A second end takes nothing away: all of them are known to be gone.
    records.push(call(3, 5).terminate_instances(&ids));
    run(&table, &journeys::events(&records)[2..], 1).await;
    let known = known(&table, &account()).await;
    assert!(known.anomalies[0].is_resolved());
    let sum: domain::money::Usd =
        known.cost_events.iter().map(|numbered| numbered.event.hourly_change).sum();
    assert_eq!(sum, domain::money::Usd::ZERO);
}
