//! EC2's own word that an instance has stopped or ended: it ends what no call has ended, counts
//! once, and changes nothing where a call has said it already.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::anomaly::{Anomaly, Status};
use domain::card::Resolved;
use domain::cost_event::{Action, CostEvent};
use domain::ids::AccountId;
use domain::money::Usd;
use jiff::{SignedDuration, Timestamp};
use journeys::faults::Fault;
use journeys::world::{Stored, World};
use pipeline::notify::Notice;
use pipeline::receive::receive;
use pipeline::route::Routed;
use pipeline::switches::Switches;
use pricing::Book;
use sample_trail::{Call, Caller, Record, envelope};
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

fn call(serial: u64, minute: i64) -> Call {
    Call {
        account: ACCOUNT.to_owned(),
        region: "us-east-1",
        at: at(minute),
        caller: Caller::User("ops"),
        serial,
    }
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_780_272_000 + minute * 60).unwrap()
}

/// Four instances for 100 dollars an hour and more.
fn launch() -> (Record, Vec<String>) {
    let launch = call(1, 0);
    let ids = (0..4).map(|nth| launch.instance_id(nth)).collect();
    (launch.run_instances("p4d.24xlarge", 4, None), ids)
}

/// EC2's word about one instance, as EventBridge delivers it.
fn word(instance: &str, state: &str, minute: i64) -> Value {
    json!({
        "version": "0",
        "id": format!("{state}-{minute}-{instance}"),
        "detail-type": "EC2 Instance State-change Notification",
        "source": "aws.ec2",
        "account": ACCOUNT,
        "time": at(minute).to_string(),
        "region": "us-east-1",
        "resources": [format!("arn:aws:ec2:us-east-1:{ACCOUNT}:instance/{instance}")],
        "detail": {"instance-id": instance, "state": state},
    })
}

fn words(ids: &[String], state: &str, minute: i64) -> Vec<Value> {
    (minute..).zip(ids).map(|(minute, id)| word(id, state, minute)).collect()
}

/// A world in which all of these have come, one after the other.
async fn after(events: &[Value]) -> World {
    let mut world = World::new(&[ACCOUNT]).await;
    for event in events {
        let routed = world.send_event(&event.to_string()).await.unwrap();
        assert!(matches!(routed, Routed::Sent(_)), "{routed:?}");
        world.rest().await;
    }
    assert!(world.all_is_told().await);
    assert!(world.events.dead().is_empty());
    world
}

async fn anomaly(world: &World) -> Anomaly {
    let account = AccountId::parse(ACCOUNT).unwrap();
    let mut anomalies = world.truth.anomalies(&account).await.unwrap();
    assert_eq!(anomalies.len(), 1);
    anomalies.remove(0)
}

async fn cost_events(world: &World) -> Vec<CostEvent> {
    let account = AccountId::parse(ACCOUNT).unwrap();
    let stored = world.truth.cost_events_after(&account, 0).await.unwrap();
    stored.into_iter().map(|numbered| numbered.event).collect()
}

fn end(anomaly: &Anomaly) -> String {
    Resolved::new(anomaly).unwrap().text()
}

/// How often people were told of the end.
fn ends_told(world: &World) -> usize {
    let ended = |notice: &&Notice| matches!(notice, Notice::Resolved { .. });
    world.channel.heard.iter().filter(ended).count()
}

#[tokio::test]
async fn an_instance_that_shuts_itself_down_ends_its_anomaly_and_no_person_is_named() {
    for (state, said) in [("stopped", "stopped"), ("terminated", "terminated")] {
        let (launch, ids) = launch();
        let events = [vec![envelope(&launch)], words(&ids, state, 60)].concat();
        let world = after(&events).await;
        let anomaly = anomaly(&world).await;
        let Status::Resolved { at: ended, by, .. } = &anomaly.status else { unreachable!() };
        assert_eq!((*ended, by.id.as_str()), (at(63), "service/ec2.amazonaws.com"));
        let text = end(&anomaly);
        let begin =
            format!("as EC2 reported the last of it {said} (no call was seen) after 1 h 03 min: ");
        assert!(text.starts_with(&begin), "{text}");
        assert!(!text.contains("ops"), "{text}");
        assert_eq!(ends_told(&world), 1);
    }
}

#[tokio::test]
async fn a_word_that_comes_again_counts_once() {
    let (launch, ids) = launch();
    let once = [vec![envelope(&launch)], words(&ids, "terminated", 60)].concat();
    let world = after(&once).await;
    let again = after(&[once.clone(), words(&ids, "terminated", 60)].concat()).await;
    assert!(again.result().await == world.result().await);
    assert_eq!(ends_told(&again), 1);
}

#[tokio::test]
async fn a_word_after_the_call_adds_nothing() {
    let (launch, ids) = launch();
    let called = vec![envelope(&launch), envelope(&call(2, 60).terminate_instances(&ids))];
    let without = after(&called).await;
    let with = after(&[called, words(&ids, "terminated", 61)].concat()).await;
    assert!(with.result().await == without.result().await, "not even a cost event");
    assert!(end(&anomaly(&with).await).starts_with("by user/ops after 1 h 00 min: "));
    assert_eq!(ends_told(&with), 1);
}

#[tokio::test]
async fn a_call_after_the_word_changes_nothing() {
    let (launch, ids) = launch();
    let reported = [vec![envelope(&launch)], words(&ids, "terminated", 60)].concat();
    let call = envelope(&call(2, 59).terminate_instances(&ids));
    let without = after(&reported).await;
    let with = after(&[reported, vec![call]].concat()).await;
    assert_eq!(anomaly(&with).await, anomaly(&without).await);
    assert_eq!(ends_told(&with), 1);
    // The call is kept, and took nothing away a second time.
    let last = cost_events(&with).await.pop().unwrap();
    assert_eq!((last.name.as_str(), last.hourly_change), ("TerminateInstances", Usd::ZERO));
}

#[tokio::test]
async fn a_stop_and_then_a_deletion_are_told_as_one_end() {
    let (launch, ids) = launch();
    let events = [
        vec![envelope(&launch)],
        words(&ids, "stopping", 58),
        words(&ids, "stopped", 60),
        words(&ids, "shutting-down", 68),
        words(&ids, "terminated", 70),
    ];
    let world = after(&events.concat()).await;
    assert!(end(&anomaly(&world).await).contains("stopped"));
    assert_eq!(ends_told(&world), 1);
    let actions: Vec<Action> = cost_events(&world).await.iter().map(|event| event.action).collect();
    let expected = [vec![Action::Start], vec![Action::Stop; 4], vec![Action::Delete; 4]].concat();
    assert_eq!(actions, expected, "states on the way are no cost events");
}

#[tokio::test]
async fn an_instance_that_was_never_seen_is_no_cost_event() {
    for state in ["stopped", "terminated"] {
        let unseen = ["i-0aaaaaaaaaaaaaaaa".to_owned(), "i-0bbbbbbbbbbbbbbbb".to_owned()];
        let events = [words(&unseen, state, 10), words(&unseen, "terminated", 20)].concat();
        let world = after(&events).await;
        assert_eq!(cost_events(&world).await, []);
        assert!(world.channel.heard.is_empty());
    }
}

#[tokio::test]
async fn a_start_that_comes_after_the_word_about_its_end_runs_no_more() {
    for state in ["stopped", "terminated"] {
        let (launch, ids) = launch();
        let events = [words(&ids, state, 2), vec![envelope(&launch)]].concat();
        let world = after(&events).await;
        let started = cost_events(&world).await;
        assert_eq!(started.len(), 1);
        assert_eq!((started[0].action, started[0].ended_already), (Action::Start, 4), "{state}");
        let anomaly = anomaly(&world).await;
        assert!(anomaly.is_resolved() && anomaly.open.rate.0 == 0, "{state}: {anomaly:?}");

        // What was only stopped may run again, and costs what it did.
        let again = call(3, 30).record(
            "ec2.amazonaws.com",
            "StartInstances",
            json!({"instancesSet": {"items": [{"instanceId": ids[0]}]}}),
            json!({"instancesSet": {"items": [
                {"instanceId": ids[0], "previousState": {"name": "stopped"}}]}}),
        );
        if state == "stopped" {
            let world = after(&[events, vec![envelope(&again)]].concat()).await;
            let resumed = cost_events(&world).await.pop().unwrap();
            assert_eq!(resumed.action, Action::Resume);
            assert_eq!(resumed.resource_type, "p4d.24xlarge");
            assert_eq!(resumed.hourly_change.times(4), started[0].hourly_change);
        }
    }
}

#[tokio::test]
async fn a_stop_that_was_overtaken_by_a_new_start_stops_nothing() {
    let (launch, ids) = launch();
    let set = json!({"instancesSet": {"items": [{"instanceId": ids[0]}]}});
    let stop = call(2, 10).record("ec2.amazonaws.com", "StopInstances", set.clone(), set.clone());
    let start = call(3, 12).record("ec2.amazonaws.com", "StartInstances", set.clone(), set);
    let calls = vec![envelope(&launch), envelope(&stop), envelope(&start)];
    let without = after(&calls).await;
    let with = after(&[calls, vec![word(&ids[0], "stopped", 11)]].concat()).await;
    assert!(with.result().await == without.result().await);
    assert_eq!(anomaly(&with).await.open.running, 4);
}

#[tokio::test]
async fn every_word_is_counted_under_what_became_of_it() {
    let (launch, ids) = launch();
    let events = [
        vec![envelope(&launch)],
        words(&ids[..2], "stopping", 58),
        words(&ids[..2], "stopped", 60),
        words(&ids[..1], "stopped", 61),
        vec![word("i-0aaaaaaaaaaaaaaaa", "terminated", 62)],
    ];
    let bodies: Vec<String> = events.concat().iter().map(Value::to_string).collect();
    let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
    let world = World::new(&[ACCOUNT]).await;
    let received = receive(&world.truth, Book::builtin(), Switches::NONE, &bodies, None).await;
    let skipped = received.skipped.iter().map(|(reason, count)| (reason.code(), *count));
    assert_eq!(skipped.collect::<Vec<_>>(), [("no_price_effect", 2), ("state_not_final", 2)]);
    assert_eq!((received.cost_events.len(), received.failed.len()), (3, 0));
}

#[tokio::test]
async fn a_word_that_is_forged_or_misshapen_ends_nothing() {
    let (launch, ids) = launch();
    let mut world = after(&[envelope(&launch)]).await;
    let changed = |pointer: &str, value: &str| {
        let mut forged = word(&ids[0], "terminated", 60);
        *forged.pointer_mut(pointer).unwrap() = json!(value);
        forged.to_string()
    };
    for (pointer, value, code) in [
        ("/source", "my.app", "source_is_not_aws"),
        ("/source", "aws.autoscaling", "source_is_not_ec2"),
        ("/detail-type", "EC2 Instance State", "no_account"),
        ("/account", "999988887777", "unknown_account"),
    ] {
        let routed = world.send_event(&changed(pointer, value)).await.unwrap();
        assert!(
            matches!(routed, Routed::Refused(why) if why.code() == code),
            "{value}: {routed:?}"
        );
    }
    for (pointer, value, why) in [
        ("/detail/instance-id", "i-1; rm", "wrong_shape"),
        ("/detail/state", "", "missing_field"),
        ("/id", "a#b", "bad_event_id"),
        ("/account", "one", "bad_account_id"),
    ] {
        let refused = world.send_event(&changed(pointer, value)).await.unwrap_err();
        assert!(refused.contains(why), "{pointer}: {refused}");
    }
    world.rest().await;
    assert_eq!(anomaly(&world).await.open.running, 4);
}

async fn disturbed(fault: Option<(u64, Fault)>) -> (Stored, u64) {
    let (launch, ids) = launch();
    let unseen = vec![word("i-0aaaaaaaaaaaaaaaa", "terminated", 50)];
    let events = [unseen, vec![envelope(&launch)], words(&ids, "stopped", 60)].concat();
    let mut world = World::new(&[ACCOUNT]).await;
    if let Some((request, fault)) = fault {
        world.faults.plan(request, fault);
    }
    for event in events {
        world.send_event(&event.to_string()).await.unwrap();
        world.now += SignedDuration::from_secs(1);
    }
    world.rest().await;
    assert!(world.all_is_told().await);
    (world.result().await, world.faults.requests())
}

#[tokio::test]
async fn whatever_request_breaks_the_end_is_the_same() {
    let (expected, requests) = disturbed(None).await;
    for request in 1..=requests {
        for fault in [Fault::Throttle, Fault::LoseAnswer, Fault::DieBefore, Fault::DieAfter] {
            let (stored, _) = disturbed(Some((request, fault))).await;
            assert!(stored == expected, "{fault:?} at request {request}");
        }
    }
}
