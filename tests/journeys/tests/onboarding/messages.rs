//! Messages that CloudFormation never sent: anybody may send to its topic.

use crate::house::{HANDSHAKE, House, create, message};
use pipeline::error::Failure;
use pipeline::onboarding::{Job, Worked};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any JSON, not deep.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(json!(HANDSHAKE)),
        Just(json!("x".repeat(5_000))),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(".{0,8}", inner, 0..4)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

/// A message of which one part, at any place, is something else or is missing.
fn hostile() -> impl Strategy<Value = Value> {
    let kinds = prop_oneof![Just("Create"), Just("Update"), Just("Delete")];
    let names = vec![
        "RequestType",
        "ResponseURL",
        "StackId",
        "RequestId",
        "LogicalResourceId",
        "PhysicalResourceId",
        "ResourceProperties",
        "Handshake",
        "RoleArn",
        "AccountId",
        "Regions",
    ];
    let change = (proptest::sample::select(names), anything());
    (kinds, proptest::collection::vec(change, 1..4)).prop_map(|(kind, changes)| {
        let mut message = message(kind, "1");
        for (name, value) in changes {
            let within = message["ResourceProperties"].get(name).is_some();
            let at = if within { &mut message["ResourceProperties"] } else { &mut message };
            at[name] = value;
        }
        message
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_message_breaks_the_worker_or_connects_what_it_should_not(message in hostile()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut house = House::new().await;
            house.begin().await;
            let worked = house.work(Job::StackCalled(message.clone()), 9).await;
            // Put aside is nothing: a stranger does not fill the queue of dead letters.
            let fine = matches!(worked, Ok(Worked::Answered { .. } | Worked::Ignored(_) | Worked::Stranger(_)));
            assert!(fine || message.get("RequestType").is_none(), "{worked:?}: {message}");
            house.finish().await;
            let connected = house.connection().await;
            let properties = &message["ResourceProperties"];
            let whole = properties["Handshake"] == HANDSHAKE && properties["AccountId"] == "111122223333";
            assert!(connected.is_none() || whole, "{message}");
            for answer in house.answers.all() {
                assert!(answer.to_string().len() <= 4_096, "{answer}");
            }
        });
    }
}

#[tokio::test]
async fn an_answer_goes_to_nobody_but_cloudformation() {
    let house = House::new().await;
    house.begin().await;
    for url in [
        "https://evil.example/",
        "http://169.254.169.254/latest/meta-data",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com.evil.example/a",
        "https://a@cloudformation-custom-resource-response-useast1.s3.amazonaws.com/a",
        "",
    ] {
        let mut message = message("Delete", "1");
        message["ResponseURL"] = url.into();
        assert!(matches!(house.called(&message).await, Ok(Worked::Ignored(_))), "{url}");
    }
    assert!(house.answers.all().is_empty());
}

#[tokio::test]
async fn a_body_that_is_no_work_is_put_aside() {
    let house = House::new().await;
    let body = create("1").to_string();
    for wrong in ["", "null", "[1]", "{}", &body[..body.len() / 2]] {
        assert!(matches!(Job::from_json(wrong), Err(Failure::Reject(_))), "{wrong}");
    }
    let mut nameless = create("1");
    nameless["RequestType"] = json!("Destroy");
    assert!(matches!(house.called(&nameless).await, Ok(Worked::Ignored(_))));
}

/// A message of somebody who has no link of ours.
fn stranger(request: &str) -> Value {
    let mut message = create(request);
    message["ResourceProperties"]["Handshake"] = json!("f".repeat(43));
    message
}

#[tokio::test]
async fn strangers_are_answered_once_and_beyond_sixty_a_minute_not_at_all() {
    let mut house = House::new().await;
    house.begin().await;
    let before = house.world.items().await.len();
    for nth in 0..60 {
        let worked = house.called(&stranger(&nth.to_string())).await;
        assert_eq!(worked, Ok(Worked::Answered { success: false }));
    }
    for nth in 60..80 {
        let worked = house.called(&stranger(&nth.to_string())).await;
        assert!(matches!(worked, Ok(Worked::Stranger(_))), "{worked:?}");
    }
    assert_eq!(house.answers.all().len(), 60);
    assert_eq!(house.world.items().await.len(), before + 1, "a counter, and nothing else");
    // Who has a link is not kept from using it.
    assert_eq!(house.called(&create("mine")).await, Ok(Worked::Answered { success: true }));
    house.pass(60);
    let worked = house.called(&stranger("later")).await;
    assert_eq!(worked, Ok(Worked::Answered { success: false }));
}

#[tokio::test]
async fn a_refusal_that_cannot_be_put_is_never_tried_again() {
    let house = House::new().await;
    house.begin().await;
    let away = || Failure::Retry("the bucket does not answer".to_owned());
    house.answers.failures.lock().unwrap().push(away());
    let worked = house.called(&stranger("1")).await;
    assert_eq!(worked, Ok(Worked::Stranger("his answer cannot be put")));
    let mut wrong = create("2");
    wrong["ResourceProperties"]["Regions"] = json!([]);
    house.answers.failures.lock().unwrap().push(away());
    assert_eq!(house.called(&wrong).await, Ok(Worked::Ignored("a refusal cannot be put")));
    // What is well is told, however long that takes.
    house.answers.failures.lock().unwrap().push(away());
    assert_eq!(house.called(&create("3")).await, Err(away()));
    assert_eq!(house.called(&create("3")).await, Ok(Worked::Answered { success: true }));
}

#[tokio::test]
async fn what_cannot_be_read_is_acknowledged_and_not_put_aside() {
    let house = House::new().await;
    let deep = format!(r#"{{"RequestType":"Create","a":{}{}}}"#, "[".repeat(500), "]".repeat(500));
    let long = format!(r#"{{"RequestType":"Create","a":"{}"}}"#, "x".repeat(64 * 1024));
    for body in ["", "no JSON", &deep, &long] {
        assert!(matches!(house.message(body).await, Ok(Worked::Stranger(_))), "{body:.40}");
    }
    // A task of ours that this release does not know is a mistake of ours.
    assert!(matches!(house.message(r#"{"job":"dance"}"#).await, Err(Failure::Reject(_))));
    // A task that says it is a call-back, too, is one.
    let forged = json!({"RequestType": "Create", "job": "check", "account": "111122223333"});
    assert!(matches!(house.message(&forged.to_string()).await, Ok(Worked::Ignored(_))));
}
