//! The rehearsal of an account's past.

use crate::house::{House, account, create};
use crate::played::region;
use domain::decision::{Delivery, Severity};
use domain::setup::RehearsalProgress;
use jiff::{SignedDuration, Timestamp};
use journeys::faults::Fault;
use journeys::tenant;
use journeys::world::Stored;
use pipeline::cloud::Cloud;
use pipeline::error::Failure;
use pipeline::onboarding::{Job, Worked, rehearsal_report};
use pipeline::ports::{Message, Queue};
use sample_trail::{Call, Caller, Record};

const CONNECTED: &str = "2026-06-10T00:00:00Z";

fn connected() -> Timestamp {
    CONNECTED.parse().unwrap()
}

/// What was called so many hours before the account was connected.
fn call(serial: u64, hours: i64, user: &'static str) -> Call {
    Call {
        account: account().to_string(),
        region: if serial.is_multiple_of(3) { "us-east-1" } else { "eu-west-1" },
        at: connected() - SignedDuration::from_hours(hours),
        caller: Caller::User(user),
        serial,
    }
}

/// Small machines each day, and something dear that ended; one call at the edge of each end.
pub(crate) fn past() -> Vec<Record> {
    let mut past: Vec<Record> = (0..8)
        .map(|n| call(n, 100 - 9 * n.cast_signed(), "ops").run_instances("t3.micro", 1, None))
        .collect();
    let dear = call(20, 49, "ci");
    past.push(dear.run_instances("p4d.24xlarge", 4, None));
    let ids: Vec<String> = (0..4).map(|nth| dear.instance_id(nth)).collect();
    past.push(Call { region: dear.region, ..call(21, 47, "ci") }.terminate_instances(&ids));
    past.push(call(22, 48, "ana").create_volume(100));
    past.push(call(23, 24, "ana").create_volume(200));
    past
}

/// An account that is connected and about to be rehearsed; all but its last days are done.
async fn house(past: Vec<Record>) -> House {
    let house = House::new().await;
    house.begin().await;
    house.called(&create("1")).await.unwrap();
    let connect = house.next_job().await.unwrap();
    assert_eq!(house.work(connect, 9).await, Ok(Worked::Connected));
    while house.next_job().await.is_some() {}
    let at = house.connection().await.unwrap().connected_at;
    assert_eq!(at, connected());
    house.customer.remember(&past);
    let progress = RehearsalProgress {
        from: at - SignedDuration::from_hours(90 * 24),
        until: at,
        through: at - SignedDuration::from_hours(5 * 24),
        step: 24 * 3600,
        ..RehearsalProgress::default()
    };
    house.world.truth.put_rehearsal_progress(&account(), &progress).await.unwrap();
    house
}

async fn rehearse(house: &mut House, steps: u32) {
    let worked = house.work(Job::Rehearse { account: account() }, steps).await;
    if house.world.faults.dead() || worked.is_err() {
        house.world.faults.revive();
        house.pass(16 * 60);
        let again = Job::Rehearse { account: account() }.to_json();
        house.world.jobs.send(vec![Message::of(again)]).await.unwrap();
    }
    house.finish_in(steps).await;
}

async fn progress(house: &House) -> RehearsalProgress {
    house.world.truth.rehearsal_progress(&account()).await.unwrap().unwrap()
}

/// What is stored in the end where nothing goes wrong.
async fn undisturbed() -> (Stored, u64) {
    let mut house = house(past()).await;
    let before = house.world.faults.requests();
    rehearse(&mut house, 1_000).await;
    (house.world.result().await, house.world.faults.requests() - before)
}

#[tokio::test]
async fn ninety_days_are_rehearsed_and_nobody_is_told() {
    let mut house = House::new().await;
    house.customer.remember(&past());
    house.begin().await;
    house.called(&create("1")).await.unwrap();
    house.finish().await;
    let progress = progress(&house).await;
    assert_eq!(
        (progress.from, progress.until),
        (connected() - SignedDuration::from_hours(90 * 24), connected())
    );
    assert!(progress.finished_at.is_some() && progress.percent() == 100 && !progress.cut);
    // Two regions for ninety days. At the edge of two days a call is read twice, and counts once.
    assert_eq!((progress.requests, house.waited.get()), (180, 180));
    assert!(progress.records >= 12, "{progress:?}");
    let stored = house.world.result().await;
    assert_eq!(stored, undisturbed().await.0);
    house.world.rest().await;
    assert!(house.world.channel.heard.is_empty());
    assert!(house.notes().is_empty());
}

#[tokio::test]
async fn the_stream_that_brings_the_past_to_the_scorer_tells_nobody_either() {
    // Whoever scores it first: one day by the worker, the rest by who listens to the stream.
    let mut house = house(past()).await;
    for _ in 0..9 {
        house.work(Job::Rehearse { account: account() }, 4).await.unwrap();
        house.world.rest().await;
    }
    while house.next_job().await.is_some() {}
    assert!(house.world.channel.heard.is_empty(), "{:?}", house.world.channel.heard);
    assert_eq!(house.world.result().await, undisturbed().await.0);
    let anomalies = house.world.truth.anomalies(&account()).await.unwrap();
    assert!(!anomalies.is_empty());
    assert!(anomalies.iter().all(|each| each.delivery == Delivery::Rehearsed), "{anomalies:?}");
}

#[tokio::test]
async fn what_happens_after_it_was_connected_alerts_while_its_past_is_rehearsed() {
    let mut house = house(past()).await;
    house.work(Job::Rehearse { account: account() }, 4).await.unwrap();
    let live = Call { at: house.world.now, ..call(90, 0, "thief") };
    house.world.send(&live.run_instances("p4d.24xlarge", 8, None)).await;
    house.world.process().await;
    house.finish().await;
    house.world.rest().await;
    assert!(house.world.is_told_of("thief"), "{:?}", house.world.channel.heard);
}

#[tokio::test]
async fn a_rehearsal_that_is_cut_at_any_step_goes_on_there() {
    let (expected, _) = undisturbed().await;
    for steps in 3..12 {
        let mut house = house(past()).await;
        rehearse(&mut house, steps).await;
        assert_eq!(house.world.result().await, expected, "{steps} steps at a time");
        assert!(progress(&house).await.finished_at.is_some());
    }
}

#[tokio::test]
async fn a_rehearsal_that_dies_at_any_write_learns_what_an_undisturbed_one_learns() {
    let (expected, requests) = undisturbed().await;
    assert!(requests > 40, "{requests}");
    for fault in [Fault::DieBefore, Fault::DieAfter] {
        for request in 1..=requests {
            let mut house = house(past()).await;
            house.world.faults.plan(house.world.faults.requests() + request, fault);
            rehearse(&mut house, 1_000).await;
            assert_eq!(house.world.result().await, expected, "{fault:?} at request {request}");
            assert!(progress(&house).await.finished_at.is_some());
            house.world.rest().await;
            assert!(house.world.channel.heard.is_empty(), "{fault:?} at request {request}");
        }
    }
}

#[tokio::test]
async fn a_throttled_table_delays_it_and_changes_nothing() {
    let (expected, requests) = undisturbed().await;
    for fault in [Fault::Throttle, Fault::Conflict, Fault::LoseAnswer] {
        let mut house = house(past()).await;
        for request in (1..=requests).step_by(3) {
            house.world.faults.plan(house.world.faults.requests() + request, fault);
        }
        rehearse(&mut house, 1_000).await;
        if fault == Fault::LoseAnswer {
            // Who does not hear that the claim is his leaves it, to be looked after: the first look
            // at an account takes its beginning for under way, the second one does not.
            house.after(15).await;
            house.after(15).await;
        }
        assert_eq!(house.world.result().await, expected, "{fault:?}");
    }
}

#[tokio::test]
async fn a_day_with_more_than_fits_is_read_in_smaller_parts() {
    // 21,000 calls within two hours, of which each says that it has changed nothing.
    let busy = |n: u64| {
        let at = connected() - SignedDuration::from_secs(30 * 3600 - (n / 3).cast_signed());
        let call = Call { region: "us-east-1", at, ..call(1_000 + n, 0, "robot") };
        call.list_buckets()
    };
    let mut calls: Vec<Record> = (0..21_000).map(busy).collect();
    calls.extend(past());
    let mut house = house(calls).await;
    rehearse(&mut house, 100_000).await;
    let progress = progress(&house).await;
    assert!(progress.finished_at.is_some() && !progress.cut, "{progress:?}");
    assert!(progress.records >= 21_012, "{progress:?}");
    // 420 pages, and what was begun in vain.
    assert!(progress.requests < 2_000, "{progress:?}");
    assert_eq!(house.world.result().await, undisturbed().await.0);
}

#[tokio::test]
async fn what_may_not_be_read_is_left_out_and_said_to_be() {
    // The second is what a policy of the organisation comes to.
    for denied in [Failure::Reject("refused".to_owned()), Failure::Closed("denied".to_owned())] {
        let mut house = house(past()).await;
        house.customer.set().hidden.insert(region("us-east-1"), denied);
        rehearse(&mut house, 1_000).await;
        let progress = progress(&house).await;
        assert!(progress.cut && progress.finished_at.is_some(), "{progress:?}");
        assert_eq!(progress.skipped_regions, [region("us-east-1")]);
        // Those of the other one: of twelve calls every third was made here.
        assert!(progress.cost_events >= 7, "{progress:?}");
        let table = &house.world.truth;
        let report = rehearsal_report(table, &tenant(), &account()).await.unwrap().unwrap();
        assert_eq!(report.progress, progress);
    }
}

#[tokio::test]
async fn with_very_many_records_it_ends_early_and_says_so() {
    let mut house = house(past()).await;
    let mut kept = progress(&house).await;
    kept.records = pipeline::onboarding::MAX_RECORDS - 1;
    house.world.truth.put_rehearsal_progress(&account(), &kept).await.unwrap();
    rehearse(&mut house, 1_000).await;
    let progress = progress(&house).await;
    assert!(progress.cut && progress.finished_at.is_some(), "{progress:?}");
    assert!(progress.through < progress.until);
}

#[tokio::test]
async fn a_role_that_is_lost_keeps_what_was_rehearsed() {
    let house = house(past()).await;
    house.customer.set().external_id = None;
    let worked = house.work(Job::Rehearse { account: account() }, 9).await;
    assert_eq!(worked, Ok(Worked::Rehearsed { finished: false }));
    assert!(house.world.jobs.is_empty());
    assert_eq!(house.next_look().await, SignedDuration::ZERO);
    assert!(house.customer.check_role(&access()).await.unwrap().is_err());
}

fn access() -> pipeline::cloud::Access {
    pipeline::cloud::Access {
        account: account(),
        role_arn: crate::house::ROLE.to_owned(),
        external_id: crate::house::EXTERNAL_ID.to_owned(),
    }
}

#[tokio::test]
async fn the_report_says_what_we_would_have_told() {
    let mut house = house(past()).await;
    let table = house.world.truth.clone();
    let report = async || rehearsal_report(&table, &tenant(), &account()).await.unwrap();
    assert_eq!(report().await.unwrap().days, 85);
    rehearse(&mut house, 1_000).await;
    let report = report().await.unwrap();
    assert_eq!(report.days, 90);
    assert_eq!(report.found[&Severity::Critical], 1);
    let (dearest, text) = &report.dearest[0];
    assert!(text.contains("p4d.24xlarge"), "{text}");
    assert!(report.dearest.len() <= 3 && report.spent >= dearest.spent);
    assert_eq!(dearest.anomaly.actor.id, "user/ci");
    let theirs = rehearsal_report(&table, &crate::house::other(), &account()).await;
    assert_eq!(theirs, Ok(None));
}
