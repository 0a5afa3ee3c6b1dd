//! A channel that alerts too much is held back until somebody has looked; the safety net never is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::anomaly::Anomaly;
use domain::decision::Delivery;
use domain::governance::Asker;
use jiff::Timestamp;
use journeys::world::World;
use journeys::{account, call, events, pipeline, run, table};
use pipeline::held::{Verdict, channel_of, held};
use pipeline::notify::{Notice, notices_of, untold};
use sample_trail::Record;
use store::Table;

const MONTH: i64 = 30;
/// Alerts of one channel that are let through within an hour.
const LET_THROUGH: usize = 6;
const USERS: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

/// A month in which a job starts the same every day.
fn month() -> Vec<Record> {
    (0..MONTH).map(|day| call("batch", day, 60).run_instances("m5.4xlarge", 1, None)).collect()
}

/// Nine people who were never seen before start the same within an hour: below the safety net.
fn storm() -> Vec<Record> {
    let launch = |(minute, user)| call(user, MONTH, minute).run_instances("m5.12xlarge", 1, None);
    (360..).step_by(5).zip(USERS).map(launch).collect()
}

fn late(user: &'static str, minute: i64, instance_type: &str) -> Vec<Record> {
    vec![call(user, MONTH, minute).run_instances(instance_type, 1, None)]
}

/// The anomalies of the storm, in its order.
async fn stormed(table: &Table) -> Vec<Anomaly> {
    run(table, &events(&month()), usize::MAX).await;
    let before = table.anomalies(&account()).await.unwrap().len();
    run(table, &events(&storm()), 1).await;
    table.anomalies(&account()).await.unwrap().split_off(before)
}

fn who(anomalies: &[Anomaly]) -> Vec<&str> {
    anomalies.iter().map(|anomaly| anomaly.actor.id.trim_start_matches("user/")).collect()
}

/// What an operator lets go.
async fn release(table: &Table, channel: Option<&str>, verdict: Verdict) -> Vec<Anomaly> {
    let (ana, now) = (Asker::Operator("ana".to_owned()), call("ana", MONTH, 900).at);
    let asked = (&ana, now);
    pipeline::held::release(table, &account(), channel, verdict, asked).await.unwrap().anomalies
}

/// Ids of what people should have been told and were not.
async fn waiting(table: &Table) -> Vec<String> {
    let notices = untold(table, &account()).await.unwrap();
    notices.iter().map(|notice| notice.anomaly().id.clone()).collect()
}

#[tokio::test]
async fn the_seventh_new_anomaly_of_a_channel_within_an_hour_and_later_ones_are_held() {
    let table = table(None).await;
    let storm = stormed(&table).await;
    assert_eq!(who(&storm), USERS);
    let (sent, held_back) = storm.split_at(LET_THROUGH);
    assert!(sent.iter().all(|anomaly| anomaly.delivery == Delivery::Send));
    assert!(held_back.iter().all(|anomaly| anomaly.delivery == Delivery::HeldByBreaker));
    assert_eq!(held(&table, &account(), None).await.unwrap(), held_back);

    let channel = channel_of(&held_back[0]).unwrap();
    assert!(storm.iter().all(|anomaly| channel_of(anomaly) == Some(channel)));
    assert_eq!(held(&table, &account(), Some(channel)).await.unwrap(), held_back);
    assert!(held(&table, &account(), Some("burn_ramp")).await.unwrap().is_empty());
    let reason = held_back[0].members[0].reasons.last().unwrap();
    assert!(reason.starts_with("held back: ") && reason.contains(channel), "{reason}");
    for anomaly in held_back {
        assert!(!waiting(&table).await.contains(&anomaly.id));
    }
}

#[tokio::test]
async fn what_is_released_is_told_once_and_closes_the_breaker() {
    let table = table(None).await;
    stormed(&table).await;
    let released = release(&table, None, Verdict::Send).await;
    assert_eq!(who(&released), USERS[LET_THROUGH..]);
    for anomaly in &released {
        let notices = notices_of(&table, anomaly).await.unwrap();
        assert!(matches!(notices.as_slice(), [Notice::Alert { .. }]), "{notices:?}");
        assert!(waiting(&table).await.contains(&anomaly.id));
        let mut told = anomaly.clone();
        told.told.known = told.known(Timestamp::MAX);
        table.mark_told(&told).await.unwrap();
        assert!(!waiting(&table).await.contains(&anomaly.id));
    }
    assert!(release(&table, None, Verdict::Send).await.is_empty());
    // The next one of the same kind goes out again.
    run(&table, &events(&late("z", 420, "m5.12xlarge")), 1).await;
    let next = table.anomalies(&account()).await.unwrap().pop().unwrap();
    assert_eq!((next.actor.id.as_str(), next.delivery), ("user/z", Delivery::Send));
}

#[tokio::test]
async fn what_is_discarded_stays_stored_and_nobody_is_told() {
    let table = table(None).await;
    let held_back = stormed(&table).await.split_off(LET_THROUGH);
    release(&table, None, Verdict::Discard).await;
    assert!(held(&table, &account(), None).await.unwrap().is_empty());
    let waiting = waiting(&table).await;
    for anomaly in held_back {
        let stored = table.anomaly(&account(), &anomaly.id).await.unwrap().unwrap();
        assert_eq!(stored, Anomaly { delivery: Delivery::Discarded, ..anomaly });
        assert!(!stored.is_untold() && !waiting.contains(&stored.id));
    }
}

#[tokio::test]
async fn only_the_channel_that_was_looked_at_is_switched_on_again() {
    let table = table(None).await;
    let held_back = stormed(&table).await.split_off(LET_THROUGH);
    assert!(release(&table, Some("burn_ramp"), Verdict::Send).await.is_empty());
    assert_eq!(held(&table, &account(), None).await.unwrap(), held_back);
    let channel = channel_of(&held_back[0]).unwrap();
    let released = release(&table, Some(channel), Verdict::Send).await;
    assert_eq!(released.len(), held_back.len());
}

#[tokio::test]
async fn the_safety_net_is_never_held() {
    let table = table(None).await;
    stormed(&table).await;
    run(&table, &events(&late("y", 418, "m5.12xlarge")), 1).await;
    run(&table, &events(&late("z", 420, "p4d.24xlarge")), 1).await;
    let anomalies = table.anomalies(&account()).await.unwrap();
    let of = |user: &str| anomalies.iter().find(|each| each.actor.id == user).unwrap().delivery;
    assert_eq!(of("user/y"), Delivery::HeldByBreaker);
    assert_eq!(of("user/z"), Delivery::Send);
}

#[tokio::test]
async fn a_release_beside_a_scorer_releases_each_once() {
    let table = table(None).await;
    stormed(&table).await;
    let more = events(&[late("y", 418, "m5.large"), late("z", 420, "p4d.24xlarge")].concat());
    let account = account();
    let (_, one, two) = tokio::join!(
        run(&table, &more, 1),
        release(&table, None, Verdict::Send),
        release(&table, None, Verdict::Send),
    );
    let mut released = [who(&one), who(&two)].concat();
    released.sort_unstable();
    assert_eq!(released, USERS[LET_THROUGH..]);
    let policy = domain::policy::Policy::default();
    let later = pipeline(&table, &policy).catch_up(&account).await.unwrap();
    assert!(later.notices.iter().any(|notice| notice.anomaly().actor.id == "user/z"));
}

#[tokio::test]
async fn where_the_stages_stand_apart_it_holds_back_as_well() {
    let mut world = World::new(&[account().as_str()]).await;
    for record in month().iter().chain(&storm()) {
        world.send(record).await;
        world.rest().await;
    }
    let told = |world: &World, user: &str| {
        let heard = world.channel.heard.iter();
        heard.filter(|notice| notice.anomaly().actor.id == format!("user/{user}")).count()
    };
    let heard: Vec<usize> = USERS.iter().map(|user| told(&world, user)).collect();
    assert_eq!(heard, [1, 1, 1, 1, 1, 1, 0, 0, 0]);
}

#[tokio::test]
async fn a_breaker_has_no_say_in_what_is_rehearsed() {
    let table = table(None).await;
    stormed(&table).await;
    let (policy, late) =
        (domain::policy::Policy::default(), events(&late("z", 420, "m5.12xlarge")));
    let mut rehearsal = pipeline::rehearse::Rehearsal::before(Timestamp::MAX);
    rehearsal.run(&pipeline(&table, &policy), late).await.unwrap();
    let report = rehearsal.report(&table).await.unwrap();
    assert_eq!(report.found.len(), 1);
    assert_eq!(report.found[0].anomaly.actor.id, "user/z");
}
