//! Answers as CloudFormation's bucket gets them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::put;
use pipeline::error::Failure;
use pipeline::ports::StackReply;
use serde_json::{Value, json};
use stack_reply::StackReplies;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// A bucket that answers as it was asked to, and keeps what it got.
#[derive(Clone, Default)]
struct Bucket {
    answers: Arc<Mutex<VecDeque<StatusCode>>>,
    got: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
}

async fn take(State(bucket): State<Bucket>, headers: HeaderMap, body: String) -> StatusCode {
    bucket.got.lock().unwrap().push((headers, serde_json::from_str(&body).unwrap()));
    bucket.answers.lock().unwrap().pop_front().unwrap_or(StatusCode::OK)
}

/// Sends an answer to a bucket that answers so; what came of it, and how often it was put.
async fn send(answers: &[StatusCode]) -> (Result<bool, Failure>, Vec<(HeaderMap, Value)>) {
    let bucket = Bucket::default();
    bucket.answers.lock().unwrap().extend(answers);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/answer?signature=secret", listener.local_addr().unwrap());
    let routes = Router::new().route("/answer", put(take)).with_state(bucket.clone());
    let server = tokio::spawn(async { axum::serve(listener, routes).await.unwrap() });
    let sent = StackReplies::new(true).reply(&url, &json!({"Status": "SUCCESS"})).await;
    server.abort();
    let got = bucket.got.lock().unwrap().clone();
    (sent, got)
}

#[tokio::test]
async fn an_answer_is_put_without_a_content_type() {
    let (sent, got) = send(&[]).await;
    assert_eq!(sent, Ok(true));
    let [(headers, body)] = got.try_into().unwrap();
    assert_eq!(body, json!({"Status": "SUCCESS"}));
    assert!(!headers.contains_key("content-type"), "{headers:?}");
}

#[tokio::test]
async fn what_is_out_of_order_is_tried_twice_and_then_comes_again() {
    let busy = StatusCode::SERVICE_UNAVAILABLE;
    let (sent, got) = send(&[busy]).await;
    assert_eq!((sent, got.len()), (Ok(true), 2));
    let (sent, got) = send(&[busy, busy, busy]).await;
    assert!(matches!(&sent, Err(Failure::Retry(why)) if !why.contains("secret")), "{sent:?}");
    assert_eq!(got.len(), 2);
}

#[tokio::test]
async fn an_answer_that_is_too_late_is_wanted_no_more() {
    let (sent, got) = send(&[StatusCode::FORBIDDEN]).await;
    assert_eq!((sent, got.len()), (Ok(false), 1));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (sent, got) = send(&[StatusCode::TEMPORARY_REDIRECT]).await;
    assert_eq!((sent, got.len()), (Ok(false), 1));
}

#[tokio::test]
async fn nothing_is_sent_to_anybody_else() {
    for url in ["https://evil.example/", "http://127.0.0.1:1/"] {
        let sent = StackReplies::new(false).reply(url, &json!({})).await;
        assert!(matches!(&sent, Err(Failure::Reject(why)) if !why.contains("evil")), "{sent:?}");
    }
    let nobody = StackReplies::new(true).reply("http://127.0.0.1:1/x?secret", &json!({})).await;
    assert!(matches!(&nobody, Err(Failure::Retry(why)) if !why.contains("secret")), "{nobody:?}");
}
