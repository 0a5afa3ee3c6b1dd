//! What people are told: nothing is lost between the table and the channel, and the first that
//! they hear of an anomaly is a card.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::anomaly::Fold;
use domain::decision::Delivery;
use domain::policy::{Mode, Policy};
use journeys::world::{Channel, ChannelFault};
use journeys::{account, events, known, pipeline, story, table};
use pipeline::error::Failure;
use pipeline::notify::{self, Notice};
use sample_trail::{Call, Caller};
use std::iter::repeat_n;

#[tokio::test]
async fn a_crash_between_scoring_and_telling_loses_no_notice() {
    for breaks_after in 0..5 {
        let (table, policy) = (table(None).await, Policy::default());
        let pipeline = pipeline(&table, &policy);
        let outcome = pipeline.run(story()).await.unwrap();
        let mut broken = Channel::default();
        broken.failures.extend(repeat_n(ChannelFault::Takes, breaks_after));
        let gone = Failure::Retry("the channel is gone".to_owned());
        broken.failures.push_back(ChannelFault::Refuses(gone));
        assert!(notify::notify(&table, &mut broken, &outcome.notices).await.is_err());

        // The next process looks what was not told.
        let mut channel = Channel { heard: broken.heard, ..Channel::default() };
        let caught_up = pipeline.catch_up(&account()).await.unwrap();
        notify::notify(&table, &mut channel, &caught_up.notices).await.unwrap();
        for anomaly in known(&table, &account()).await.anomalies {
            let about = |notice: &&Notice| notice.anomaly().id == anomaly.id;
            let heard: Vec<&Notice> = channel.heard.iter().filter(about).collect();
            assert!(
                heard.iter().any(|notice| matches!(notice, Notice::Alert { fold: Fold::New, .. }))
            );
            assert!(heard.iter().any(|notice| matches!(notice, Notice::Resolved { .. })));
        }
        let again = pipeline.catch_up(&account()).await.unwrap();
        assert!(again.notices.is_empty(), "{again:?}");
    }
}

fn call(serial: u64, minute: i64) -> Call {
    Call {
        account: account().to_string(),
        region: "us-east-1",
        at: jiff::Timestamp::from_second(1_780_272_000 + minute * 60).unwrap(),
        caller: Caller::User("ops"),
        serial,
    }
}

#[tokio::test]
async fn the_first_alert_that_is_sent_is_a_card_even_if_quieter_ones_were_held_back() {
    // A grown account, for which the absolute limits are only the highest.
    let mut records: Vec<_> = (0..30)
        .map(|day| {
            call(day, i64::try_from(day).unwrap() * 1_440).run_instances("t3.micro", 1, None)
        })
        .collect();
    let late = 30 * 1_440;
    records.push(call(100, late).run_instances("m5.24xlarge", 2, None));
    records.push(call(101, late + 5).run_instances("p4d.24xlarge", 4, None));
    let (table, policy) = (table(None).await, Policy { mode: Mode::Strict, ..Policy::default() });
    let outcome = pipeline(&table, &policy).run(events(&records)).await.unwrap();
    let folds: Vec<(Delivery, Fold)> = outcome
        .notices
        .iter()
        .filter_map(|notice| match notice {
            Notice::Alert { anomaly, fold, .. } => Some((anomaly.delivery, *fold)),
            _ => None,
        })
        .collect();
    assert_eq!(folds, [(Delivery::HeldByStrictMode, Fold::New), (Delivery::Send, Fold::New)]);
}

fn start_instances(call: &Call, ids: &[&str]) -> sample_trail::Record {
    let items: Vec<_> = ids.iter().map(|id| serde_json::json!({"instanceId": id})).collect();
    let set = serde_json::json!({"instancesSet": {"items": items}});
    call.record("ec2.amazonaws.com", "StartInstances", set.clone(), set)
}

#[tokio::test]
async fn instances_older_than_the_watch_are_counted_and_never_page() {
    let names: Vec<String> = (0..60).map(|nth| format!("i-{nth:017x}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (table, policy) = (table(None).await, Policy::default());
    let outcome = pipeline(&table, &policy)
        .run(events(&[start_instances(&call(1, 0), &names)]))
        .await
        .unwrap();
    assert!(outcome.notices.is_empty());
    // In groups of forty, as many as one transaction can end again.
    assert_eq!(outcome.silent["older_than_watch"], 2);
}

#[tokio::test]
async fn an_anomaly_ends_with_its_own_resources_whatever_ran_beside_them() {
    let launch = call(3, 30);
    let mut ids: Vec<String> = (0..4).map(|nth| launch.instance_id(nth)).collect();
    let records = [
        start_instances(&call(1, 0), &["i-0aaaaaaaaaaaaaaaa"]),
        start_instances(&call(2, 10), &["i-0aaaaaaaaaaaaaaaa", "i-0bbbbbbbbbbbbbbbb"]),
        launch.run_instances("p4d.24xlarge", 4, None),
        start_instances(&call(4, 40), &["i-0aaaaaaaaaaaaaaaa"]),
        {
            ids.extend(["i-0aaaaaaaaaaaaaaaa", "i-0bbbbbbbbbbbbbbbb"].map(str::to_owned));
            call(5, 60).terminate_instances(&ids)
        },
    ];
    let (table, policy) = (table(None).await, Policy::default());
    pipeline(&table, &policy).run(events(&records)).await.unwrap();
    for anomaly in known(&table, &account()).await.anomalies {
        assert!(anomaly.is_resolved(), "{anomaly:?}");
    }
}
