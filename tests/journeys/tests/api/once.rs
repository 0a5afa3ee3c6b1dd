//! A request with an idempotency key: one effect, one answer.

use crate::routes::examples;
use jiff::{SignedDuration, Timestamp};
use journeys::faults::QueueFault;
use journeys::front::{Answer, Ask, Front};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Repeated, Task};

/// Links of Stripe's: none is kept, and the same request again makes a new one.
const LINKS: [&str; 2] = ["/v1/billing/checkout", "/v1/billing/portal"];

/// Sends a request whose answerer dies when all is done but that its answer was kept.
async fn die_before_the_answer_is_kept(front: &Front, ask: Ask) {
    front.watch.keep_no_answer(true);
    tokio::select! {
        answer = ask.send() => unreachable!("it was answered: {answer:?}"),
        () = front.watch.answer_was_not_kept() => {}
    }
    front.watch.keep_no_answer(false);
}

/// Kinds of items in the table, and how many there are of each; but for who asks how often, what is
/// written down, and states of which nobody knows.
async fn counted(front: &Front) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for ((partition, _), item) in front.items().await {
        let entity = item["entity"].as_s().unwrap().clone();
        if !partition.ends_with("#AUDIT") && entity != "OneTimeState" {
            *counted.entry(entity).or_default() += 1;
        }
    }
    counted
}

async fn create_key(front: &Front, by: &str, once: &str, name: &str) -> Answer {
    let body = json!({"name": name, "scopes": ["spend:read"]});
    front.ask("POST", "/v1/api-keys").by(by).once(once).json(&body).send().await
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

#[tokio::test]
async fn the_same_request_again_has_no_effect_and_the_same_answer_without_its_secret() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let first = create_key(&front, &ana, "k1", "program").await;
    assert_eq!(first.status, 201);
    let key = first.json()["key"].as_str().unwrap().to_owned();
    let items = front.items().await;
    let again = create_key(&front, &ana, "k1", "program").await;
    assert!(front.items().await == items, "the second has changed something");
    assert!(!again.everything().contains(&key), "a key was shown twice");
    let mut shown = first.json();
    shown["key"] = Value::Null;
    assert_eq!((again.status, again.json()), (201, shown));
    assert!(!format!("{items:?}").contains(&key), "a key is kept");
}

#[tokio::test]
async fn every_route_that_takes_a_key_answers_the_same_request_as_before() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let document = serde_json::to_value(api::document()).unwrap();
    let takes = |method: &str, route: &str| {
        let operation = &document["paths"][route][method.to_lowercase()];
        let named = operation["parameters"].as_array().cloned().unwrap_or_default();
        named.iter().any(|parameter| parameter["name"] == "Idempotency-Key")
    };
    let mut tried = 0;
    for example in examples(&front.acme) {
        if !takes(example.method, example.route) {
            // What is to be undone has to be done before.
            if example.route == "/v1/accounts/{accountId}" && example.method == "DELETE" {
                assert_eq!(example.ask(&front).by(&ana).send().await.status, 202);
            }
            continue;
        }
        assert_eq!(example.method, "POST", "{example:?}");
        if LINKS.contains(&example.route) {
            continue;
        }
        let first = example.ask(&front).by(&ana).once("the same").send().await;
        let items = front.items().await;
        let (alerts, jobs) = (front.alerts.len(), front.jobs.len());
        let again = example.ask(&front).by(&ana).once("the same").send().await;
        if first.status >= 400 {
            assert_eq!(code(&again), code(&first), "{example:?}");
            continue;
        }
        tried += 1;
        let mut shown = first.json();
        for secret in ["key", "url"] {
            if again.json()[secret].is_null() && !shown[secret].is_null() {
                shown[secret] = Value::Null;
            }
        }
        assert_eq!((again.status, again.json()), (first.status, shown), "{example:?}");
        assert!(front.items().await == items, "{example:?} has had a second effect");
        assert_eq!((front.alerts.len(), front.jobs.len()), (alerts, jobs), "{example:?}");
    }
    assert!(tried >= 8, "only {tried} routes were tried");
}

#[tokio::test]
async fn a_key_of_another_request_is_refused() {
    let front = Front::open().await;
    let ana = front.token("ana");
    assert_eq!(create_key(&front, &ana, "k1", "one").await.status, 201);
    let reused = create_key(&front, &ana, "k1", "two").await;
    assert_eq!(code(&reused), (409, "idempotency_key_reused".to_owned()));
    assert_eq!(create_key(&front, &ana, "k2", "two").await.status, 201);
}

#[tokio::test]
async fn of_many_of_the_same_request_at_once_one_has_an_effect() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let before = front.read(&ana, "/v1/api-keys").await["items"].as_array().unwrap().len();
    let body = json!({"name": "program", "scopes": ["spend:read"]});
    let ask = || front.ask("POST", "/v1/api-keys").by(&ana).once("at once").json(&body).send();
    let sent: Vec<_> = (0..16).map(|_| tokio::spawn(ask())).collect();
    let (mut made, mut keys) = (Vec::new(), 0);
    for sent in sent {
        let answer = sent.await.unwrap();
        if answer.status == 201 {
            keys += u64::from(answer.json()["key"].is_string());
            made.push(answer.json()["id"].clone());
        } else {
            assert_eq!(code(&answer), (409, "in_progress".to_owned()));
            let left: u64 = answer.header("retry-after").parse().unwrap();
            assert!((1..=30).contains(&left), "what is left of the claim: {left}");
        }
    }
    made.dedup();
    assert_eq!((made.len(), keys), (1, 1), "{made:?}");
    let after = front.read(&ana, "/v1/api-keys").await["items"].as_array().unwrap().len();
    assert_eq!(after, before + 1);
}

#[tokio::test]
async fn a_request_that_is_given_back_while_it_is_looked_up_is_ours_and_nobody_else_s() {
    let front = Front::open().await;
    let (table, scope, now) = (&front.table, &front.acme.scope, Timestamp::now());
    let begin = || table.begin_request(scope, ("route", "k1", "said"), now);
    assert_eq!(begin().await.unwrap(), Repeated::Ours(now, false));
    let halt = front.watch.halt_before_look();
    let (found, ()) = tokio::join!(begin(), async {
        halt.reached().await;
        table.forget_request(scope, ("route", "k1")).await.unwrap();
        halt.open();
    });
    assert_eq!(found.unwrap(), Repeated::Ours(now, false));
    assert_eq!(begin().await.unwrap(), Repeated::InProgress(30));
}

#[tokio::test]
async fn a_request_that_failed_may_be_tried_again_and_the_setup_waits_for_it() {
    let front = Front::open().await;
    let new = front.token("somebody new");
    let setup = front.ask("POST", "/v1/accounts/setup").by(&new).send().await;
    assert_eq!(setup.status, 201, "{setup:?}");
    let body = json!({
        "awsAccountId": "777766665555",
        "roleArn": "arn:aws:iam::777766665555:role/dd0c-cost-readonly",
        "setupId": setup.json()["setupId"],
    });
    let ask = || front.ask("POST", "/v1/accounts").by(&new).once("c1").json(&body).send();
    front.to_queues[1].plan(1, QueueFault::Refuse);
    assert_eq!(code(&ask().await), (503, "unavailable".to_owned()));
    assert!(front.jobs.is_empty());
    let again = ask().await;
    assert_eq!(
        (again.status, again.json()["stage"].clone()),
        (202, json!("checking")),
        "{again:?}"
    );
    assert_eq!(front.jobs.len(), 1);
}

#[tokio::test]
async fn an_answer_whose_telling_failed_is_told_at_the_second_try() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let path = format!("/v1/anomalies/{}/confirm", front.acme.anomaly);
    front.to_queues[0].plan(1, QueueFault::Refuse);
    let failed = front.ask("POST", &path).by(&ana).once("c1").send().await;
    assert_eq!(code(&failed), (503, "unavailable".to_owned()));
    let again = front.ask("POST", &path).by(&ana).once("c1").send().await;
    assert_eq!((again.status, front.alerts.len()), (200, 1), "{again:?}");
    assert_eq!(again.json()["answer"]["answer"], "not_expected");
}

#[tokio::test]
async fn the_same_key_of_another_tenant_is_another() {
    let front = Front::open().await;
    let (ana, ben) = (front.token("ana"), front.token("ben"));
    let of_ana = create_key(&front, &ana, "k1", "one").await;
    let of_ben = create_key(&front, &ben, "k1", "two").await;
    assert_eq!((of_ana.status, of_ben.status), (201, 201));
    assert!(of_ben.json()["key"].is_string(), "the answer of another was given");
    assert_ne!(of_ana.json()["id"], of_ben.json()["id"]);
}

#[tokio::test]
async fn an_account_is_looked_at_once_however_often_that_is_asked_for() {
    let front = Front::open().await;
    let path = format!("/v1/accounts/{}/check", front.acme.account);
    let ask = || front.ask("POST", &path).by(&front.token("ana")).send();
    assert_eq!((ask().await.status, ask().await.status), (202, 202));
    let soon = Timestamp::now() + SignedDuration::from_mins(11);
    let due = front.table.due(soon, 100).await.unwrap().tasks;
    let look = Task::Check { account: front.acme.account.clone() };
    assert_eq!(due.iter().filter(|due| due.task == look).count(), 1);
    assert!(front.jobs.is_empty());
}

#[tokio::test]
async fn who_dies_before_his_answer_is_kept_has_made_what_the_next_try_answers_with() {
    let mut tried = 0;
    let examples = examples(&Front::open().await.acme);
    let posts = examples.iter().enumerate().filter(|(_, each)| each.method == "POST");
    for (at, _) in posts {
        // Each in a world of its own.
        let front = Front::open().await;
        let ana = front.token("ana");
        let example = self::examples(&front.acme).remove(at);
        if example.route == "/v1/accounts/{accountId}/undo" {
            let path = format!("/v1/accounts/{}", front.acme.account);
            assert_eq!(front.ask("DELETE", &path).by(&ana).send().await.status, 202);
        }
        if example.route == "/v1/billing/portal" {
            // Who has never wanted to pay has none.
            let checkout = front.ask("POST", "/v1/billing/checkout").by(&ana).send().await;
            assert_eq!(checkout.status, 200, "{checkout:?}");
        }
        // The free tier has one account.
        let path = match example.route {
            "/v1/accounts/setup" => format!("{}?accountId={}", example.path, front.acme.account),
            _ => example.path.clone(),
        };
        let ask = || {
            let ask = front.ask("POST", &path).by(&ana).once("the same");
            if let Some(body) = &example.body { ask.json(body) } else { ask }
        };
        die_before_the_answer_is_kept(&front, ask()).await;
        let (made, jobs) = (counted(&front).await, front.jobs.len());
        let busy = ask().send().await;
        assert_eq!(code(&busy), (409, "in_progress".to_owned()), "{example:?}");
        front.let_claims_run_out().await;
        let again = ask().send().await;
        assert!(again.status < 300, "{example:?}: {again:?}");
        let mut after = counted(&front).await;
        if LINKS.contains(&example.route) {
            // Of these nothing is kept.
            assert_eq!(after.insert("Idempotency".to_owned(), 1), None, "{example:?}");
        }
        assert_eq!(after, made, "{example:?} was done twice");
        assert!(front.jobs.len() <= jobs + 1 && front.stripe.customers().len() <= 2);
        tried += 1;
    }
    assert!(tried >= 11, "only {tried} routes were tried");
}

#[tokio::test]
async fn a_key_that_nobody_has_seen_is_replaced_by_one_of_the_same_id() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let body = json!({"name": "program", "scopes": ["spend:read"]});
    let ask = || front.ask("POST", "/v1/api-keys").by(&ana).once("k1").json(&body);
    let before = front.read(&ana, "/v1/api-keys").await["items"].as_array().unwrap().len();
    for _ in 0..3 {
        die_before_the_answer_is_kept(&front, ask()).await;
        front.let_claims_run_out().await;
    }
    let listed = front.read(&ana, "/v1/api-keys").await;
    let unseen = listed["items"].as_array().unwrap().last().unwrap();
    let made = ask().send().await;
    assert_eq!((made.status, &made.json()["id"]), (201, &unseen["id"]));
    let key = made.json()["key"].as_str().unwrap().to_owned();
    assert_eq!(front.ask("GET", "/v1/spend").by(&key).send().await.status, 200);
    let listed = front.read(&ana, "/v1/api-keys").await;
    let listed = listed["items"].as_array().unwrap();
    assert_eq!(listed.len(), before + 1, "{listed:?}");
    assert_ne!(listed.last().unwrap()["hint"], unseen["hint"], "the unseen one is still there");
    let items = front.items().await;
    let hashes = items.keys().filter(|(partition, _)| partition.starts_with("APIKEY#"));
    assert_eq!(hashes.count(), before + 2, "of each tenant one, and the new one");
    let again = ask().send().await;
    assert_eq!((again.status, again.json()["key"].clone()), (201, Value::Null));
}

#[tokio::test]
async fn a_setup_that_nobody_was_told_of_is_the_one_of_the_next_try() {
    let front = Front::open().await;
    let new = front.token("somebody new");
    let ask = || front.ask("POST", "/v1/accounts/setup").by(&new).once("s1");
    die_before_the_answer_is_kept(&front, ask()).await;
    let made = counted(&front).await["Setup"];
    front.let_claims_run_out().await;
    let (told, again) = (ask().send().await, ask().send().await);
    assert_eq!((told.status, again.status), (201, 201));
    assert_eq!(told.json(), again.json());
    assert_eq!(counted(&front).await["Setup"], made);
}

#[tokio::test]
async fn a_role_is_looked_at_though_who_sent_for_it_died_and_the_same_key_means_it_once() {
    let front = Front::open().await;
    let new = front.token("somebody new");
    let setup = front.ask("POST", "/v1/accounts/setup").by(&new).send().await;
    let body = json!({
        "awsAccountId": "777766665555",
        "roleArn": "arn:aws:iam::777766665555:role/dd0c-cost-readonly",
        "setupId": setup.json()["setupId"],
    });
    let ask = || front.ask("POST", "/v1/accounts").by(&new).once("c1").json(&body);
    die_before_the_answer_is_kept(&front, ask()).await;
    front.let_claims_run_out().await;
    let told = ask().send().await;
    assert_eq!((told.status, &told.json()["stage"]), (202, &json!("checking")), "{told:?}");
    assert_eq!(front.jobs.len(), 2, "the first message may never have been sent");
    // Another request for the same is another one.
    let other = front.ask("POST", "/v1/accounts").by(&new).once("c2").json(&body).send().await;
    assert_eq!(code(&other), (409, "conflict".to_owned()));
}

#[tokio::test]
async fn the_same_key_a_day_later_makes_something_else() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let first = create_key(&front, &ana, "k1", "program").await;
    front.expire_idempotency().await;
    let later = create_key(&front, &ana, "k1", "program").await;
    assert_eq!((first.status, later.status), (201, 201));
    assert!(later.json()["key"].is_string());
    assert_ne!(first.json()["id"], later.json()["id"]);
}

#[tokio::test]
async fn a_link_to_pay_is_kept_nowhere() {
    let front = Front::open().await;
    let ana = front.token("ana");
    for route in LINKS {
        let ask = || front.ask("POST", route).by(&ana).once("the same").send();
        let (one, other) = (ask().await, ask().await);
        assert_eq!((one.status, other.status), (200, 200), "{route}: {one:?}");
        let url = |answer: &Answer| answer.json()["url"].as_str().unwrap().to_owned();
        assert_ne!(url(&one), url(&other), "{route}");
        let items = format!("{:?}", front.items().await);
        assert!(!items.contains(&url(&one)) && !items.contains(&url(&other)), "{route}");
    }
}
