//! Answers to SQS: what comes again, what is put aside, and that nothing is lost when it cannot be
//! put aside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use aws_lambda_events::sqs::SqsEvent;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
use pipeline::error::Failure;
use queue::SqsQueue;
use runtime::batch::{answer, bodies, is_from};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

/// A queue behind this address.
fn queue(endpoint: &str) -> SqsQueue {
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::for_tests())
        .endpoint_url(endpoint)
        .retry_config(RetryConfig::disabled())
        .build();
    SqsQueue::new(aws_sdk_sqs::Client::from_conf(config), format!("{endpoint}/1/queue"))
}

/// An address at which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Takes requests and answers each with an empty object; gives their bodies.
fn somebody(requests: usize) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let taken = std::thread::spawn(move || {
        (0..requests)
            .map(|_| {
                let (mut stream, _) = listener.accept().unwrap();
                let mut text = Vec::new();
                let mut chunk = [0; 4096];
                while !text.ends_with(b"}") {
                    let read = stream.read(&mut chunk).unwrap();
                    text.extend_from_slice(&chunk[..read]);
                }
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
                stream.write_all(answer.as_bytes()).unwrap();
                String::from_utf8(text).unwrap()
            })
            .collect()
    });
    (address, taken)
}

fn event() -> SqsEvent {
    let record = |nth: u32| {
        json!({"messageId": format!("m-{nth}"), "receiptHandle": format!("r-{nth}"),
            "body": format!("body {nth}"), "attributes": {"MessageGroupId": "111122223333",
            "MessageDeduplicationId": format!("d-{nth}"), "ApproximateReceiveCount": "3"}})
    };
    serde_json::from_value(json!({"Records": [record(0), record(1), record(2)]})).unwrap()
}

fn again(response: &aws_lambda_events::sqs::SqsBatchResponse) -> Vec<&str> {
    let failures = response.batch_item_failures.iter();
    failures.map(|failure| failure.item_identifier.as_str()).collect()
}

#[test]
fn a_batch_is_known_by_the_queue_that_it_comes_out_of() {
    let from = |arn: &str| {
        let event = json!({"Records": [{"messageId": "1", "eventSourceARN": arn}]});
        let event: SqsEvent = serde_json::from_value(event).unwrap();
        is_from(&event, &queue("http://127.0.0.1:1"))
    };
    assert!(from("arn:aws:sqs:us-east-1:1:queue"));
    assert!(!from("arn:aws:sqs:us-east-1:1:another-queue"));
    assert!(!is_from(&SqsEvent::default(), &queue("http://127.0.0.1:1")));
}

#[tokio::test]
async fn what_will_never_succeed_is_put_aside_with_its_reason_and_its_order() {
    let (address, taken) = somebody(1);
    let event = event();
    assert_eq!(bodies(&event), ["body 0", "body 1", "body 2"]);
    let failed = BTreeMap::from([
        (0, Failure::Reject("it is poison".to_owned())),
        (2, Failure::Retry("busy".to_owned())),
    ]);
    let response = answer(&event, &failed, &queue(&address), None).await;
    assert_eq!(again(&response), ["m-2"]);
    let sent = taken.join().unwrap().remove(0);
    for part in ["body 0", "it is poison", "reason", "111122223333", "m-0"] {
        assert!(sent.contains(part), "{part}: {sent}");
    }
}

#[tokio::test]
async fn a_queue_of_dead_letters_that_takes_nothing_loses_nothing() {
    let failed = BTreeMap::from([(1, Failure::Reject("it is poison".to_owned()))]);
    let response = answer(&event(), &failed, &queue(&nobody()), None).await;
    assert_eq!(again(&response), ["m-1"]);
}

#[tokio::test]
async fn what_is_to_come_later_is_hidden_until_then_and_longer_after_each_failure() {
    let (address, taken) = somebody(2);
    let failed = BTreeMap::from([
        (0, Failure::Later(Duration::from_secs(77), "Slack asks to wait".to_owned())),
        (1, Failure::Retry("no answer".to_owned())),
    ]);
    let (dead, alerts) = (queue(&nobody()), queue(&address));
    let response = answer(&event(), &failed, &dead, Some(&alerts)).await;
    assert_eq!(again(&response), ["m-0", "m-1"]);
    let sent = taken.join().unwrap();
    assert!(sent[0].contains("\"VisibilityTimeout\":77") && sent[0].contains("r-0"), "{sent:?}");
    // The third failure: 5 s, doubled twice.
    assert!(sent[1].contains("\"VisibilityTimeout\":20") && sent[1].contains("r-1"), "{sent:?}");
}
