//! Other receivers: the bus, and a tenant's own.

use crate::cards::dear;
use domain::governance::Asker;
use jiff::SignedDuration;
use journeys::office::Office;
use journeys::tenant;
use pipeline::publish::Published;
use serde_json::Value;
use std::collections::BTreeSet;

async fn with_hook() -> Office {
    let office = Office::furnished().await;
    let asker = Asker::Operator("ana".to_owned());
    let hook = ("https://example.com/hook".to_owned(), "whsec_AAAA".into());
    let by = (&asker, office.now());
    pipeline::settings::set_webhook(&office.table, &office.keys, &tenant(), by, Some(hook))
        .await
        .unwrap();
    office
}

fn kinds(events: &[Published]) -> Vec<&str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

#[tokio::test]
async fn every_change_is_published_once_with_a_version_and_an_id() {
    let mut office = with_hook().await;
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    let [card] = office.cards().try_into().unwrap();
    office.press(&card, "expected").await;
    let ids: Vec<String> = (0..4).map(|nth| launch.instance_id(nth)).collect();
    let end = office.call("bo");
    office.happens(&end.terminate_instances(&ids)).await;
    office.rest().await;
    let id = office.anomalies().await.remove(0).id;
    office.ask_to_tell(&journeys::office::account(), &id).await;
    office.rest().await;
    let wanted = ["anomaly.opened", "anomaly.answered", "anomaly.resolved"];
    let published = office.outside.published.lock().unwrap().clone();
    assert_eq!(kinds(&published), wanted);
    assert_eq!(kinds(&office.outside.hooked.lock().unwrap()), wanted);
    let ids: BTreeSet<&String> = published.iter().map(|event| &event.id).collect();
    assert_eq!(ids.len(), 3, "each has its own id");
    let last: Value = serde_json::from_str(&published[2].body).unwrap();
    assert_eq!((&last["version"], &last["type"]), (&"1".into(), &"anomaly.resolved".into()));
    assert_eq!((&last["tenant"], &last["anomaly"]["id"]), (&"acme".into(), &id.into()));
    assert_eq!(last["anomaly"]["answer"]["answer"], "expected");
    assert!(last["anomaly"]["slackMessageUrl"].as_str().unwrap().contains("/archives/"));
}

#[tokio::test]
async fn a_receiver_that_is_away_is_tried_again_and_given_up_after_a_day() {
    let mut office = with_hook().await;
    *office.outside.away.lock().unwrap() = true;
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    assert_eq!(office.cards().len(), 1, "people hear of it all the same");
    office.ahead += SignedDuration::from_mins(2);
    office.rest().await;
    assert_eq!(office.anomalies().await[0].hooked.failures, 2);
    *office.outside.away.lock().unwrap() = false;
    office.ahead += SignedDuration::from_mins(5);
    office.rest().await;
    assert_eq!(kinds(&office.outside.hooked.lock().unwrap()), ["anomaly.opened"]);

    *office.outside.away.lock().unwrap() = true;
    let ids: Vec<String> = (0..4).map(|nth| launch.instance_id(nth)).collect();
    let end = office.call("bo");
    office.happens(&end.terminate_instances(&ids)).await;
    for _ in 0..27 {
        office.rest().await;
        office.ahead += SignedDuration::from_mins(61);
    }
    let hooked = office.anomalies().await.remove(0).hooked;
    assert_eq!((hooked.failures, hooked.failing_since), (0, None), "given up");
    assert_eq!(office.outside.hooked.lock().unwrap().len(), 1);
    assert_eq!(office.cards().len(), 1);
}

#[tokio::test]
async fn without_slack_other_programs_hear_of_it() {
    let mut office = Office::open().await;
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    assert_eq!(kinds(&office.outside.published.lock().unwrap()), ["anomaly.opened"]);
}
