//! An anomaly: all that is known of it, and what people say of it.

use domain::answer::Answer;
use domain::policy::Policy;
use jiff::{SignedDuration, Timestamp};
use journeys::front::Front;
use pipeline::alert::{About, Alert};
use rust_decimal::Decimal;
use sample_trail::{Call, Caller};
use serde_json::{Value, json};

fn number(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}

async fn alerts(front: &Front) -> Vec<Alert> {
    let mut found = Vec::new();
    while !front.alerts.is_empty() {
        let mut batch = front.alerts.receive(1).await;
        let bodies: Vec<String> = batch.messages().map(|message| message.body.clone()).collect();
        found.extend(bodies.iter().map(|body| Alert::from_json(body).unwrap()));
        batch.done(0);
    }
    found
}

async fn say(front: &Front, what: &str, body: Option<Value>) -> Value {
    let path = format!("/v1/anomalies/{}/{what}", front.acme.anomaly);
    let ask = front.ask("POST", &path).by(&front.token("ana"));
    let ask = match &body {
        Some(body) => ask.json(body),
        None => ask,
    };
    let answer = ask.send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[tokio::test]
async fn the_detail_has_the_card_and_each_term_with_its_arithmetic() {
    let front = Front::open().await;
    let path = format!("/v1/anomalies/{}", front.acme.anomaly);
    let detail = front.read(&front.token("ana"), &path).await;
    assert_eq!(
        (&detail["status"], &detail["service"], &detail["count"]),
        (&json!("open"), &json!("ec2"), &json!(4))
    );
    let card = &detail["card"];
    assert!(card["title"].as_str().unwrap().contains("p4d.24xlarge"), "{card}");
    assert_eq!(card["who"], "ana@acme.example (role/acme-deploy)", "{card}");
    let stop = card["stop"].to_string();
    assert!(stop.contains("stop-instances") || stop.contains("terminate-instances"), "{stop}");
    assert!(
        !card["why"].as_array().unwrap().is_empty() && !card["cost"].as_array().unwrap().is_empty()
    );
    let events = detail["events"].as_array().unwrap();
    assert_eq!(events.len() as u64, detail["alerts"].as_u64().unwrap());
    for event in events {
        assert_eq!(event["priceKnown"], true, "{event}");
        let terms = event["terms"].as_array().unwrap();
        assert!(terms.len() > 3, "{event}");
        let mut highest = Decimal::ZERO;
        for term in terms {
            let (value, weight, points) =
                (number(&term["value"]), number(&term["weight"]), number(&term["points"]));
            let off = (value * weight - points).abs();
            assert!(off <= Decimal::new(1, 6), "{term}: {value} × {weight} is not {points}");
            highest = highest.max(points);
        }
        assert_eq!(number(&event["score"]), highest, "the score is the highest of the terms");
    }
    let stored =
        front.table.anomaly(&front.acme.account, &front.acme.anomaly).await.unwrap().unwrap();
    assert_eq!(detail["hourly"]["amount"], stored.hourly.to_string());
    let related = detail["related"].as_array().unwrap();
    assert_eq!(related.len(), 1, "{related:?}");
    assert_eq!(related[0]["resourceType"], "m5.large");
}

#[tokio::test]
async fn an_event_whose_price_nobody_knows_says_so() {
    let front = Front::open().await;
    let (account, now) = (&front.acme.account, Timestamp::now());
    let call = Call {
        account: account.to_string(),
        region: "eu-west-1",
        at: now.checked_sub(SignedDuration::from_mins(30)).unwrap(),
        caller: Caller::User("acme-lab"),
        serial: 77,
    };
    let policy = Policy::default();
    let started = [call.run_instances("p99.96xlarge", 2, None)];
    journeys::pipeline(&front.table, &policy).run(journeys::events(&started)).await.unwrap();
    let anomalies = front.table.anomalies(account).await.unwrap();
    let unpriced = anomalies.iter().find(|each| each.actor.id == "user/acme-lab").unwrap();
    let detail = front.read(&front.token("ana"), &format!("/v1/anomalies/{}", unpriced.id)).await;
    assert_eq!(
        (&detail["priceKnown"], &detail["events"][0]["priceKnown"]),
        (&json!(false), &json!(false))
    );
}

#[tokio::test]
async fn what_was_expected_is_expected_from_now_on_and_the_card_is_told_anew() {
    let front = Front::open().await;
    let account = &front.acme.account;
    let before = front.table.expectations(account).await.unwrap().len();
    let detail = say(&front, "expected", Some(json!({"days": 7}))).await;
    assert_eq!(
        (&detail["status"], &detail["answer"]["answer"], &detail["answer"]["by"]),
        (&json!("expected"), &json!("expected"), &json!("ana"))
    );
    let after = front.table.expectations(account).await.unwrap();
    assert!(after.len() > before, "nothing is expected from now on");
    let week = Timestamp::now().checked_add(SignedDuration::from_hours(7 * 24)).unwrap();
    let new =
        after.iter().filter(|each| each.by == "customer ana" && each.id != front.acme.expectation);
    for expectation in new {
        let off = expectation.expires_at.duration_since(week).abs();
        assert!(off < SignedDuration::from_mins(5), "{expectation:?}");
    }
    let told = alerts(&front).await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0].account, &told[0].about),
        (account, &About::Anomaly(front.acme.anomaly.clone()))
    );
    // Said before: nothing new, but it is told again, in case that it was not.
    say(&front, "expected", Some(json!({"days": 7}))).await;
    assert_eq!(front.table.expectations(account).await.unwrap(), after);
    // Somebody thinks better of it.
    let detail = say(&front, "confirm", None).await;
    assert_eq!(
        (&detail["status"], &detail["answer"]["answer"]),
        (&json!("open"), &json!("not_expected"))
    );
    let list = format!("/v1/accounts/{account}/expectations");
    let held = front.read(&front.token("ana"), &list).await;
    assert_eq!(held["items"].as_array().unwrap().len(), before, "{held}");
}

#[tokio::test]
async fn what_was_not_expected_is_kept_with_who_said_so() {
    let front = Front::open().await;
    say(&front, "confirm", None).await;
    let stored =
        front.table.anomaly(&front.acme.account, &front.acme.anomaly).await.unwrap().unwrap();
    let answered = stored.answered.unwrap();
    assert_eq!((answered.answer, answered.by.as_str()), (Answer::NotExpected, "customer ana"));
    assert_eq!(front.table.answers(&front.acme.account).await.unwrap().not_expected, 1);
    assert_eq!(alerts(&front).await.len(), 1);
    let audit = front.read(&front.token("ana"), "/v1/audit?limit=1").await;
    assert!(audit["items"][0].to_string().contains(&front.acme.anomaly), "{audit}");
}

#[tokio::test]
async fn a_snooze_holds_for_its_time_and_what_has_ended_cannot_be_snoozed() {
    let front = Front::open().await;
    let detail = say(&front, "snooze", Some(json!({"minutes": 90}))).await;
    assert_eq!((&detail["status"], &detail["snoozedBy"]), (&json!("snoozed"), &json!("ana")));
    let at: Timestamp = detail["snoozedAt"].as_str().unwrap().parse().unwrap();
    assert!(Timestamp::now().duration_since(at) < SignedDuration::from_mins(5), "{detail}");
    let until: Timestamp = detail["snoozedUntil"].as_str().unwrap().parse().unwrap();
    let left = until.duration_since(Timestamp::now());
    assert!(left > SignedDuration::from_mins(85) && left <= SignedDuration::from_mins(90));
    let stored =
        front.table.anomaly(&front.acme.account, &front.acme.anomaly).await.unwrap().unwrap();
    assert_eq!(stored.snooze.unwrap().by, "customer ana");
    assert_eq!(alerts(&front).await.len(), 1);
    let anomalies = front.table.anomalies(&front.acme.account).await.unwrap();
    let ended = anomalies
        .iter()
        .find(|each| matches!(each.status, domain::anomaly::Status::Resolved { .. }));
    let path = format!("/v1/anomalies/{}", ended.unwrap().id);
    let shown = front.read(&front.token("ana"), &path).await;
    assert_eq!(shown["resolvedBy"], "ana@acme.example (role/acme-deploy)");
    assert_eq!((&detail["resolvedBy"], &shown["snoozedBy"]), (&Value::Null, &Value::Null));
    let path = format!("{path}/snooze");
    let ask = front.ask("POST", &path).by(&front.token("ana")).json(&json!({"minutes": 5}));
    let refused = ask.send().await;
    assert_eq!((refused.status, refused.code().as_str()), (409, "conflict"), "{refused:?}");
    assert!(refused.detail().contains("ended"));
}

#[tokio::test]
async fn a_key_answers_under_its_own_name() {
    let front = Front::open().await;
    let path = format!("/v1/anomalies/{}/confirm", front.acme.anomaly);
    let answer = front.ask("POST", &path).by(&front.acme.key).send().await.json();
    assert_eq!(answer["answer"]["by"], "key acme-program", "{answer}");
}

#[tokio::test]
async fn an_expectation_that_is_taken_back_is_gone_and_only_once() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let list = format!("/v1/accounts/{}/expectations", front.acme.account);
    let shown = front.read(&ana, &list).await;
    let one = &shown["items"][0];
    assert_eq!(
        (&one["maxCount"], &one["maxHourly"]["amount"], &one["actor"]),
        (&json!(3), &json!("1.5"), &json!("role/acme-nightly"))
    );
    let path = format!("{list}/{}", front.acme.expectation);
    let gone = front.ask("DELETE", &path).by(&ana).send().await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_eq!(front.read(&ana, &list).await["items"], json!([]));
    assert_eq!(front.ask("DELETE", &path).by(&ana).send().await.status, 404);
}
