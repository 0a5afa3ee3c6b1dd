//! CloudTrail's own history, page by page.

use super::{ACCOUNT, access, cloud, deployed, region, requested};
use customer_aws::Failing;
use jiff::{SignedDuration, Timestamp};
use pipeline::cloud::Cloud;
use pipeline::error::Failure;
use serde_json::{Value, json};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn records(count: i64) -> Vec<Value> {
    let first = at("2026-06-01T00:00:00Z");
    let nth = |number: i64| {
        let at = first.checked_add(SignedDuration::from_mins(number)).unwrap();
        json!({"eventID": format!("e-{number}"), "eventName": "RunInstances", "readOnly": false,
               "eventTime": at.to_string(), "awsRegion": "us-east-1"})
    };
    (0..count).map(nth).collect()
}

#[tokio::test]
async fn all_pages_together_are_every_change_of_the_span_newest_first() {
    let aws = deployed().await;
    aws.remember(ACCOUNT, "us-east-1", records(120));
    let read = json!({"eventID": "r", "readOnly": true, "eventTime": "2026-06-01T00:30:00Z"});
    aws.remember(ACCOUNT, "us-east-1", [read]);
    let (cloud, span) = (cloud(&aws), (at("2026-06-01T00:10:00Z"), at("2026-06-01T01:59:00Z")));
    let (mut ids, mut next) = (Vec::new(), None);
    loop {
        let page = cloud.lookup(&access(), &region("us-east-1"), span, next).await.unwrap();
        assert!(page.records.len() <= 50);
        for record in &page.records {
            let record: Value = serde_json::from_str(record).unwrap();
            ids.push(record["eventID"].as_str().unwrap().to_owned());
        }
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    let wanted: Vec<String> = (10..120).rev().map(|number| format!("e-{number}")).collect();
    assert_eq!(ids, wanted);
    assert_eq!(requested(&aws, "cloudtrail:LookupEvents"), 3);
}

#[tokio::test]
async fn a_made_up_trail_comes_back_byte_by_byte() {
    let aws = deployed().await;
    let lines: Vec<Value> = sample_trail::story::records().into_iter().take(40).collect();
    aws.remember(ACCOUNT, "eu-west-1", lines.clone());
    let span = (at("2000-01-01T00:00:00Z"), at("2100-01-01T00:00:00Z"));
    let page = cloud(&aws).lookup(&access(), &region("eu-west-1"), span, None).await.unwrap();
    let changes = lines.iter().filter(|record| record["readOnly"] != true).count();
    assert_eq!(page.records.len(), changes);
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    assert!(page.records.iter().all(|record| lines.contains(record)));
}

#[tokio::test]
async fn throttled_for_long_it_is_to_be_asked_again_later() {
    let aws = deployed().await;
    let span = (at("2026-06-01T00:00:00Z"), at("2026-06-02T00:00:00Z"));
    aws.fail("cloudtrail:LookupEvents", Failing::Throttled, 2);
    let cloud = cloud(&aws);
    assert!(cloud.lookup(&access(), &region("us-east-1"), span, None).await.is_ok());
    aws.fail("cloudtrail:LookupEvents", Failing::Throttled, 3);
    let later = cloud.lookup(&access(), &region("us-east-1"), span, None).await;
    assert!(matches!(later, Err(Failure::Later(..))), "{later:?}");
    assert_eq!(requested(&aws, "cloudtrail:LookupEvents"), 6);
}
