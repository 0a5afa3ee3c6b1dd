//! Spans go to a collector that others may read: none of them, whosever they are, holds an id,
//! an ARN, a name, an address or a token of a customer. What they say of a score is all there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::channels::CHANNELS;
use jiff::Timestamp;
use journeys::collector::Collector;
use journeys::faults::Fault;
use journeys::world::{ChannelFault, World};
use pipeline::digest::digest_of;
use pipeline::error::Failure;
use runtime::telemetry::redact::{redact, set_key};
use runtime::telemetry::traces::{Traces, invocation};
use sample_trail::{Call, Caller, Record, envelope};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{self, Id};
use tracing::{Instrument, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

const ACCOUNT: &str = "314159265358";
const STRANGER: &str = "271828182845";
const PERSON: &str = "planted.person@example.com";
const ROLE: &str = "planted-role";
const USER: &str = "planted-user";
const DATABASE: &str = "planted-database";
const OF_A_SCORE: [&str; 10] = [
    "cost.account_id_hash",
    "cost.service",
    "cost.anomaly_score",
    "cost.z_score",
    "cost.instance_novelty",
    "cost.actor_novelty",
    "cost.alert_triggered",
    "cost.baseline_days",
    "cost.fast_path_triggered",
    "cost.hourly_rate",
];

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
    let scope = journeys::tenant();
    let day = digest_of(&world.truth, &scope, world.now).instrument(invocation("daily-digest"));
    assert!(day.await.unwrap().lines[0].text.contains(ACCOUNT), "people may know");
}

#[tokio::test]
async fn no_span_holds_what_is_a_customer_s() {
    set_key(&"the key of this test".into());
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
    for part in functions.into_iter().chain(["invocation", pipeline::span::NAME]) {
        assert!(exported.contains(part), "no span of {part}");
    }
    let hash = redact(ACCOUNT).into_owned();
    assert!(hash.starts_with('#') && exported.contains(&hash), "no account by its hash {hash}");
    for planted in [ACCOUNT, PERSON, ROLE, USER, DATABASE, &instance, "arn:aws:"] {
        assert!(told.contains(planted), "{planted} went nowhere, so that it proves nothing");
        assert!(!exported.contains(planted), "{planted} stands in a span");
    }
    for never in [STRANGER, "AKIA", "ASIA", "xoxb-", "RESOURCE#", "ACCOUNT#"] {
        assert!(!exported.contains(never), "{never} stands in a span");
    }
}

/// Keeps what spans of scores say, as texts.
#[derive(Clone, Default)]
struct Scores(Arc<Mutex<BTreeMap<u64, BTreeMap<String, String>>>>);

struct Texts<'a>(&'a mut BTreeMap<String, String>);

impl Visit for Texts<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Scores {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, id: &Id, _: Context<'_, S>) {
        if attributes.metadata().name() == pipeline::span::NAME {
            self.0.lock().unwrap().insert(id.into_u64(), BTreeMap::new());
        }
    }

    fn on_record(&self, id: &Id, values: &span::Record<'_>, _: Context<'_, S>) {
        if let Some(texts) = self.0.lock().unwrap().get_mut(&id.into_u64()) {
            values.record(&mut Texts(texts));
        }
    }
}

#[tokio::test]
async fn each_event_that_costs_more_has_one_span_with_all_that_made_its_score() {
    let scores = Scores::default();
    let mut world = World::new(&[ACCOUNT]).await;
    let (records, _) = records();
    for record in &records {
        world.send(record).await;
    }
    while world.process().await {}
    let subscriber = tracing_subscriber::registry().with(scores.clone());
    let guard = tracing::subscriber::set_default(subscriber);
    world.score().await;
    drop(guard);

    // Of the four calls two cost more: one blinds the watch, one ends something.
    let scores: Vec<_> = scores.0.lock().unwrap().values().cloned().collect();
    assert_eq!(scores.len(), 2, "{scores:?}");
    let off = world.flags.flags(ACCOUNT, world.now).await.channels_off;
    let on = CHANNELS.iter().filter(|channel| !off.contains(channel.name));
    let terms = on.map(|channel| format!("cost.term.{}", channel.name));
    let names: Vec<String> = OF_A_SCORE.map(str::to_owned).into_iter().chain(terms).collect();
    for score in &scores {
        let missing: Vec<_> = names.iter().filter(|name| !score.contains_key(*name)).collect();
        assert!(missing.is_empty() && score.len() == names.len(), "{missing:?}: {score:?}");
        assert_eq!(score["cost.alert_triggered"], "true");
        assert_eq!(score["cost.fast_path_triggered"], "true");
        assert_eq!(score["cost.baseline_days"], "0");
        assert_eq!(score["cost.actor_novelty"], "1.0");
    }
    let launch = scores.iter().find(|score| score["cost.service"].contains("ec2")).unwrap();
    assert!(launch["cost.hourly_rate"].starts_with("87."), "{launch:?}");
}
