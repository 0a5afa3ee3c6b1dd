//! Spans go to a collector that others may read: none of them, whosever they are, holds an id,
//! an ARN, a name, an address or a token of a customer.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::ids::AccountId;
use jiff::Timestamp;
use journeys::collector::Collector;
use journeys::faults::Fault;
use journeys::world::{ChannelFault, World};
use pipeline::digest::digest;
use pipeline::error::Failure;
use runtime::telemetry::traces::{Traces, invocation};
use sample_trail::{Call, Caller, Record, envelope};
use serde_json::json;
use tracing::Instrument;
use tracing_subscriber::layer::SubscriberExt;

const ACCOUNT: &str = "314159265358";
const STRANGER: &str = "271828182845";
const PERSON: &str = "planted.person@example.com";
const ROLE: &str = "planted-role";
const USER: &str = "planted-user";
const DATABASE: &str = "planted-database";

fn call(serial: u64, caller: Caller) -> Call {
    let minute = i64::try_from(serial).unwrap();
    Call {
        account: ACCOUNT.to_owned(),
        region: "us-east-1",
        at: Timestamp::from_second(1_780_272_000 + minute * 60).unwrap(),
        caller,
        serial,
    }
}

fn person() -> Caller {
    Caller::Session { role: ROLE, session: PERSON.to_owned() }
}

/// What is told, what ends, what blinds the watch, and what is broken.
fn records() -> (Vec<Record>, String) {
    let launch = call(1, person());
    let instance = launch.instance_id(0);
    let trail = json!({"name": format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/main")});
    let records = vec![
        launch.run_instances("p4d.24xlarge", 4, None),
        call(2, Caller::User(USER)).create_database(DATABASE, "db.r6g.16xlarge", true),
        call(3, person()).record("cloudtrail.amazonaws.com", "StopLogging", trail, json!(null)),
        call(4, person()).terminate_instances(std::slice::from_ref(&instance)),
    ];
    (records, instance)
}

async fn everything(world: &mut World, records: &[Record]) {
    let mut forged = envelope(&records[0]);
    forged["account"] = json!(STRANGER);
    let mut broken = envelope(&records[0]);
    broken["detail"]["eventTime"] = json!(PERSON);
    let events = records.iter().map(envelope).chain([forged, broken]);
    for event in events {
        // A refusal or a rejection is an end of an invocation like any other.
        let _ = world.send_event(&event.to_string()).instrument(invocation("event-router")).await;
    }
    let refuses = Failure::Retry(format!("the channel of {ACCOUNT} is gone"));
    world.channel.failures.push_back(ChannelFault::Refuses(refuses));
    for fault in [Fault::Throttle, Fault::Conflict, Fault::Expired, Fault::ServerError] {
        world.faults.plan(world.faults.requests() + 3, fault);
        world.process().instrument(invocation("event-processor")).await;
        world.score().instrument(invocation("anomaly-scorer")).await;
        world.tell().instrument(invocation("notifier")).await;
    }
    world.rest().instrument(invocation("notifier")).await;
    let accounts = [AccountId::parse(ACCOUNT).unwrap()];
    let day = digest(&world.truth, &accounts, world.now).instrument(invocation("daily-digest"));
    assert!(day.await.unwrap().lines[0].contains(ACCOUNT), "people may know");
}

#[tokio::test]
async fn no_span_holds_what_is_a_customer_s() {
    let collector = Collector::start();
    let traces = Traces::to(collector.address(), "all-of-them").unwrap();
    let subscriber = tracing_subscriber::registry().with(traces.layer());
    let (records, instance) = records();
    let mut world = World::new(&[ACCOUNT]).await;
    let guard = tracing::subscriber::set_default(subscriber);
    everything(&mut world, &records).await;
    drop(guard);
    traces.flush();

    assert!(world.all_is_told().await && !world.channel.warnings.is_empty());
    let told = format!("{:?}", world.channel.heard);
    let exported = collector.received();
    let functions =
        ["event-router", "event-processor", "anomaly-scorer", "notifier", "daily-digest"];
    for part in functions.into_iter().chain(["invocation"]) {
        assert!(exported.contains(part), "no span of {part}");
    }
    for planted in [ACCOUNT, PERSON, ROLE, USER, DATABASE, &instance, "arn:aws:"] {
        assert!(told.contains(planted), "{planted} went nowhere, so that it proves nothing");
        assert!(!exported.contains(planted), "{planted} stands in a span");
    }
    for never in [STRANGER, "AKIA", "ASIA", "xoxb-", "RESOURCE#", "ACCOUNT#"] {
        assert!(!exported.contains(never), "{never} stands in a span");
    }
}
