//! A tenant leaves as a whole: asked for, taken back, asked for again and gone, whatever breaks on the way.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use journeys::counter::Notes;
use journeys::front::{Answer, Front, Items};
use pipeline::billing::settle;
use pipeline::error::Failure;
use pipeline::leaving;
use pipeline::lifecycle;
use serde_json::{Value, json};
use std::cell::Cell;
use store::{AccountStatus, Connection};
use stripe::{Stripe, StripeSecrets};
use stripe_double::{API_KEY, PRICE, WEBHOOK_SECRET};

async fn ask(front: &Front) -> Answer {
    let ask = front.ask("DELETE", "/v1/tenant").json(&json!({"confirm": "delete"}));
    ask.by(&front.token("ana")).send().await
}

async fn undo(front: &Front) -> Answer {
    front.ask("POST", "/v1/tenant/undo").by(&front.token("ana")).send().await
}

/// As a worker would, at a moment.
async fn look_after_money(front: &Front, notes: &Notes, now: Timestamp) {
    let secrets = StripeSecrets {
        api_key: API_KEY.into(),
        webhook_secrets: vec![WEBHOOK_SECRET.into()],
        price: PRICE.to_owned(),
        earlier_prices: Vec::new(),
    };
    let payments = Stripe::new(&front.stripe.base_url(), &secrets).unwrap().without_pause();
    settle(&front.table, &payments, &notes, &front.acme.scope, now).await.unwrap();
}

async fn connections(front: &Front) -> Vec<Connection> {
    let mut connections = front.table.connections(&front.acme.scope).await.unwrap();
    for each in &mut connections {
        each.version = 0;
    }
    connections
}

fn after(hours: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(hours)
}

/// What names a tenant, or his account.
fn naming<'a>(items: &'a Items, names: &[&str]) -> Vec<&'a (String, String)> {
    let is_his = |(key, item): &(&(String, String), &_)| {
        let text = format!("{key:?} {item:?}");
        names.iter().any(|name| text.contains(name))
    };
    items.iter().filter(is_his).map(|(key, _)| key).collect()
}

#[tokio::test]
async fn without_the_word_nothing_is_deleted_and_a_key_may_not_ask_for_it() {
    let front = Front::open().await;
    // When a key was last used is noted.
    front.ask("GET", "/v1/anomalies").by(&front.acme.key).send().await;
    let before = front.items().await;
    let ana = front.token("ana");
    for (body, status) in [
        (json!({}), 400),
        (json!({"confirm": "yes"}), 400),
        (json!({"confirm": "delete", "really": true}), 400),
    ] {
        let answer = front.ask("DELETE", "/v1/tenant").json(&body).by(&ana).send().await;
        assert_eq!(answer.status, status, "{body}: {answer:?}");
    }
    let by_key = front.ask("DELETE", "/v1/tenant").json(&json!({"confirm": "delete"}));
    assert_eq!(by_key.by(&front.acme.key).send().await.status, 403);
    assert_eq!(front.read(&ana, "/v1/tenant").await["deletion"], Value::Null);
    assert!(front.items().await == before);
}

#[tokio::test]
async fn who_leaves_may_look_and_take_it_back_and_nothing_else() {
    let front = Front::open().await;
    let (ana, before) = (front.token("ana"), connections(&front).await);
    let first = ask(&front).await;
    assert_eq!(first.status, 202, "{first:?}");
    let deletion = first.json()["deletion"].clone();
    let at = |name: &str| deletion[name].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert_eq!(at("undoUntil").duration_since(at("askedAt")), SignedDuration::from_hours(48));
    assert_eq!(at("goneBy").duration_since(at("askedAt")), SignedDuration::from_hours(72));
    assert_eq!(ask(&front).await.json()["deletion"], deletion, "asked again it is the same");
    assert_eq!(front.read(&ana, "/v1/tenant").await["deletion"], deletion);
    let status = front.read(&ana, "/v1/status").await;
    assert_eq!(status["deletionUndoUntil"], deletion["undoUntil"]);
    let gone = |each: &Connection| each.status == AccountStatus::Disconnecting;
    assert!(connections(&front).await.iter().all(gone));

    let by_key = front.ask("GET", "/v1/anomalies").by(&front.acme.key).send().await;
    assert_eq!((by_key.status, by_key.code().as_str()), (403, "being_deleted"));
    let of_another = front.ask("GET", "/v1/anomalies").by(&front.initech.key).send().await;
    assert_eq!(of_another.status, 200);
    for (method, path) in [
        ("DELETE", "/v1/settings/webhook".to_owned()),
        ("POST", format!("/v1/accounts/{}/undo", front.acme.account)),
        ("POST", "/v1/slack/install".to_owned()),
    ] {
        let answer = front.ask(method, &path).by(&ana).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "being_deleted"), "{path}");
    }
    let third = domain::ids::AccountId::parse("555566667777").unwrap();
    let connecting = lifecycle::connect(
        &front.table,
        &front.acme.scope,
        (&third, None),
        &domain::governance::Asker::Rules,
        Timestamp::now(),
    );
    assert!(connecting.await.unwrap_err().to_string().contains("take that back first"));

    assert_eq!(undo(&front).await.status, 200);
    assert_eq!(connections(&front).await, before);
    let by_key = front.ask("GET", "/v1/anomalies").by(&front.acme.key).send().await;
    assert_eq!(by_key.status, 200);
    assert_eq!(front.read(&ana, "/v1/tenant").await["deletion"], Value::Null);
    assert_eq!(undo(&front).await.status, 200, "it is still being taken back");
    let undone = front.table.leaving(&front.acme.scope).await.unwrap().unwrap();
    assert!(front.table.stay(&front.acme.scope, &undone).await.unwrap());
    let again = undo(&front).await;
    assert_eq!((again.status, again.code().as_str()), (409, "conflict"));
}

#[tokio::test]
async fn an_account_that_was_on_its_way_out_before_stays_so_after_an_undo() {
    let front = Front::open().await;
    let second = domain::ids::AccountId::parse("222233334444").unwrap();
    front.acme.connect_also(&front.table, &second, "second").await;
    let ana = front.token("ana");
    let path = format!("/v1/accounts/{second}");
    assert_eq!(front.ask("DELETE", &path).by(&ana).send().await.status, 202);
    let before = connections(&front).await;
    ask(&front).await;
    undo(&front).await;
    assert_eq!(connections(&front).await, before);
    // Asked for while the first is still being undone, and taken back again.
    ask(&front).await;
    undo(&front).await;
    assert_eq!(connections(&front).await, before);
    let notes = Notes::default();
    look_after_money(&front, &notes, Timestamp::now()).await;
    assert_eq!(front.table.leaving(&front.acme.scope).await.unwrap(), None);
    assert_eq!(connections(&front).await, before);
}

#[tokio::test]
async fn after_the_grace_period_nothing_of_him_is_left_and_he_begins_anew() {
    let front = Front::open().await;
    let names = ["acme", front.acme.account.as_str()];
    let of_others = |items: Items| -> Items {
        items
            .into_iter()
            .filter(|(key, item)| {
                let text = format!("{key:?} {item:?}");
                text.contains("initech") || text.contains(front.initech.account.as_str())
            })
            .collect()
    };
    let others = of_others(front.items().await);
    assert!(others.len() > 30 && naming(&front.items().await, &names).len() > 30);
    assert_eq!(ask(&front).await.status, 202);
    let notes = Notes::default();
    look_after_money(&front, &notes, Timestamp::now()).await;
    look_after_money(&front, &notes, Timestamp::now()).await;
    assert_eq!(notes.titles().len(), 1, "{:?}", notes.titles());
    let early = leaving::purge(&front.table, after(47), || true).await.unwrap();
    assert_eq!((early.tenants, early.items, early.unfinished), (0, 0, 0));

    // In portions; the workspace is left in between.
    let (mut tenants, mut runs) = (0, 0);
    while tenants == 0 {
        runs += 1;
        assert!(runs < 100, "it never ends");
        let steps = Cell::new(1);
        let go_on = || steps.replace(0) > 0;
        lifecycle::purge(&front.table, after(49), go_on).await.unwrap();
        steps.set(1);
        let gone = leaving::purge(&front.table, after(49), go_on).await.unwrap();
        tenants = gone.tenants;
        if tenants == 0 {
            assert_eq!(gone.unfinished, 1);
            assert_eq!(undo(&front).await.status, 409, "it is too late");
            look_after_money(&front, &notes, after(49)).await;
        }
    }
    assert!(runs > 2, "{runs}");
    assert_eq!(notes.parted(), ["acme"]);
    let items = front.items().await;
    let left: Vec<_> = naming(&items, &names)
        .into_iter()
        // They go by themselves within a day.
        .filter(|(partition, _)| !partition.starts_with("IDEMPOTENCY#"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(of_others(items) == others, "something of initech has changed");
    assert_eq!(front.table.count_left_of_tenant(&front.acme.scope).await.unwrap(), 0);
    let line = front.table.audit_of_all(Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!(line.len(), 1);
    assert!(!line[0].to_string().contains("acme"), "{}", line[0]);

    assert_eq!(front.ask("GET", "/v1/anomalies").by(&front.acme.key).send().await.status, 401);
    let ana = front.token("ana");
    assert_eq!(front.read(&ana, "/v1/accounts").await["items"], json!([]));
    assert_eq!(front.read(&ana, "/v1/tenant").await["deletion"], Value::Null);
    let sub = journeys::front::subject(&front.login, "ana");
    let anew = front.table.tenant_of_login(&sub).await.unwrap().unwrap();
    assert_ne!(anew, front.acme.scope);
}

#[tokio::test]
async fn purges_that_meet_leave_the_rest_to_the_next_and_are_no_failure() {
    let front = Front::open().await;
    ask(&front).await;
    let purge = || leaving::purge(&front.table, after(49), || true);
    let met = tokio::join!(purge(), purge(), purge(), purge());
    for gone in [met.0, met.1, met.2, met.3] {
        assert_eq!(gone.unwrap().tenants, 0, "what lies with others is given back first");
    }
    look_after_money(&front, &Notes::default(), after(49)).await;
    let met = tokio::join!(purge(), purge(), purge(), purge());
    for gone in [met.0, met.1, met.2, met.3] {
        gone.unwrap();
    }
    let last = leaving::purge(&front.table, after(50), || true).await.unwrap();
    assert_eq!(last.unfinished, 0);
    assert_eq!(front.table.leaving(&front.acme.scope).await.unwrap(), None);
}

#[tokio::test]
async fn who_asks_or_takes_back_at_the_same_time_as_others_hinders_nobody() {
    let front = Front::open().await;
    for digit in 2..9 {
        let account = domain::ids::AccountId::parse(&digit.to_string().repeat(12)).unwrap();
        front.acme.connect_also(&front.table, &account, "further").await;
    }
    let before = connections(&front).await;
    let asked = tokio::join!(ask(&front), ask(&front), ask(&front));
    assert_eq!([asked.0.status, asked.1.status, asked.2.status], [202; 3]);
    let down = |each: &Connection| each.status == AccountStatus::Disconnecting;
    assert!(connections(&front).await.iter().all(down));
    let undone = tokio::join!(undo(&front), undo(&front), undo(&front));
    assert_eq!([undone.0.status, undone.1.status, undone.2.status], [200; 3]);
    assert_eq!(connections(&front).await, before);
}

#[tokio::test]
async fn one_account_that_cannot_be_read_keeps_no_other_from_its_purge_nor_a_tenant_from_leaving() {
    let front = Front::open().await;
    // It stands in front of all others.
    let spoilt = domain::ids::AccountId::parse("000000000001").unwrap();
    front.initech.connect_also(&front.table, &spoilt, "spoilt").await;
    let update = front.client.update_item().table_name("dd0c-cost-main");
    let update = update
        .key("PK", AttributeValue::S("TENANT#initech".to_owned()))
        .key("SK", AttributeValue::S(format!("ACCOUNT#{spoilt}")))
        .update_expression("SET connectedAt = :nonsense")
        .expression_attribute_values(":nonsense", AttributeValue::S("never".to_owned()));
    update.send().await.unwrap();
    ask(&front).await;
    let by = domain::governance::Asker::Rules;
    leaving::ask(&front.table, &front.initech.scope, &by, Timestamp::now()).await.unwrap_err();

    let rejected = |failed: Result<(), Failure>| {
        assert!(matches!(failed, Err(Failure::Reject(_))), "{failed:?}");
    };
    rejected(lifecycle::purge(&front.table, after(49), || true).await.map(drop));
    assert_eq!(front.table.owner(&front.acme.account).await.unwrap(), None);
    look_after_money(&front, &Notes::default(), after(49)).await;
    rejected(leaving::purge(&front.table, after(49), || true).await.map(drop));
    look_after_money(&front, &Notes::default(), after(49)).await;
    rejected(leaving::purge(&front.table, after(50), || true).await.map(drop));
    assert_eq!(front.table.leaving(&front.acme.scope).await.unwrap(), None);
    rejected(lifecycle::begin_all_digests(&front.table, after(50)).await);
    rejected(lifecycle::promote(&front.table, after(50)).await.map(drop));
}
