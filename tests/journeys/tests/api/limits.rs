//! Limits: so many requests a minute, so many seconds a request.

use jiff::Timestamp;
use journeys::front::{Answer, Front};
use std::time::Duration;

const LIMIT: u64 = 5;

fn minute() -> i64 {
    Timestamp::now().as_second().div_euclid(60)
}

/// One more request than are allowed, within one minute: where it ends meanwhile, once more with
/// somebody who has not asked yet.
async fn too_many(
    front: &Front,
    credential: impl AsyncFn(usize) -> String,
) -> (String, Vec<Answer>) {
    for attempt in 0..10 {
        let (credential, begun) = (credential(attempt).await, minute());
        let mut answers = Vec::new();
        for place in 0..=LIMIT {
            let ask = front.ask("GET", "/v1/spend").by(&credential);
            answers.push(ask.header("x-forwarded-for", &format!("192.0.2.{place}")).send().await);
        }
        if minute() == begun {
            return (credential, answers);
        }
    }
    unreachable!("each of ten tries met the end of a minute")
}

fn refused(answer: &Answer) {
    assert_eq!((answer.status, answer.code().as_str()), (429, "too_many_requests"), "{answer:?}");
    let seconds: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{answer:?}");
    assert_eq!(answer.header("ratelimit-reset"), answer.header("retry-after"));
    assert_eq!(
        (answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")),
        ("5", "0")
    );
}

#[tokio::test]
async fn one_request_more_than_allowed_is_refused_wherever_it_comes_from() {
    let front = Front::with_limit(LIMIT).await;
    let person = async |attempt: usize| front.token(&format!("person {attempt}"));
    let (_, answers) = too_many(&front, person).await;
    let (last, before) = answers.split_last().unwrap();
    for (place, answer) in before.iter().enumerate() {
        let remaining = LIMIT - 1 - place as u64;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("ratelimit-limit"), LIMIT.to_string());
        assert_eq!(answer.header("ratelimit-remaining"), remaining.to_string());
    }
    refused(last);
}

#[tokio::test]
async fn others_are_free_and_a_key_is_somebody_else_than_who_made_it() {
    let front = Front::with_limit(LIMIT).await;
    let rights = [domain::api_key::Right::SpendRead];
    let key = async |_: usize| front.acme.fresh_key(&front.table, "ana", &rights).await.0;
    let (key, answers) = too_many(&front, key).await;
    refused(answers.last().unwrap());
    for other in
        [front.token("ana"), front.token("ben"), front.initech.key.clone(), front.acme.key.clone()]
    {
        let answer = front.ask("GET", "/v1/spend").by(&other).send().await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    // What is refused anyway is counted, too: nobody tries out ids for nothing.
    let answer = front.ask("GET", "/v1/anomalies/x").by(&key).send().await;
    assert!([403, 429].contains(&answer.status), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_table_is_not_waited_for_longer_than_five_seconds() {
    let front = Front::open().await;
    let ana = front.token("ana");
    assert_eq!(front.ask("GET", "/v1/status").by(&ana).send().await.status, 200);
    front.watch.slow_down(Some(Duration::from_secs(6)));
    let begun = tokio::time::Instant::now();
    let answer = front.ask("GET", "/v1/status").by(&ana).send().await;
    assert_eq!(begun.elapsed().as_secs(), 5);
    assert_eq!((answer.status, answer.code().as_str()), (503, "too_slow"), "{answer:?}");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.json()["requestId"], answer.header("x-request-id"));
    assert_eq!(answer.header("x-request-id").len(), 16);
    front.watch.slow_down(None);
    assert_eq!(front.ask("GET", "/v1/status").by(&ana).send().await.status, 200);
}
