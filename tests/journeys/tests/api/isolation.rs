//! A tenant's things are for nobody else: every route with every credential that is not the tenant's,
//! and nothing of his is seen, changed or told.

use crate::logged::Log;
use crate::routes::{Example, examples};
use jiff::{SignedDuration, Timestamp};
use journeys::front::{Answer, Front, Items};
use login_double::Signed;
use serde_json::{Value, json};

/// What a wrong credential is called, the header, and the word of the refusal.
fn worthless(front: &Front, revoked: &str) -> Vec<(&'static str, Option<String>, &'static str)> {
    let now = Timestamp::now();
    let login = &front.login;
    let minted = |change: &dyn Fn(&mut Value), signed| {
        let mut claims = login.access_claims("ana", now);
        change(&mut claims);
        Some(format!("Bearer {}", login.mint(&claims, signed)))
    };
    let rightly = |change: &dyn Fn(&mut Value)| minted(change, Signed::Rightly);
    let signed = |signed| minted(&|_| (), signed);
    let past = now.checked_sub(SignedDuration::from_hours(2)).unwrap();
    let expired = format!("Bearer {}", login.access_token("ana", past));
    let typo = format!("Bearer {}x", front.acme.key);
    let id = login.mint(&login.id_claims("ana", now), Signed::Rightly);
    vec![
        ("no credential", None, "unauthenticated"),
        ("an empty header", Some(String::new()), "unauthenticated"),
        ("a bearer of nothing", Some("Bearer ".to_owned()), "unauthenticated"),
        ("a password", Some("Basic YW5hOmFuYQ==".to_owned()), "unauthenticated"),
        ("a revoked key", Some(format!("Bearer {revoked}")), "unauthenticated"),
        ("a key with a typo", Some(typo), "unauthenticated"),
        ("an expired token", Some(expired), "expired"),
        ("an id token", Some(format!("Bearer {id}")), "unauthenticated"),
        ("another client", rightly(&|it| it["client_id"] = json!("another")), "unauthenticated"),
        (
            "another audience",
            rightly(&|it| {
                it["aud"] = json!("dd0c-cost");
                it["client_id"] = Value::Null;
            }),
            "unauthenticated",
        ),
        (
            "another issuer",
            rightly(&|it| it["iss"] = json!("https://evil.example")),
            "unauthenticated",
        ),
        ("alg none", signed(Signed::Not), "unauthenticated"),
        ("the public key for a secret", signed(Signed::WithThePublicKey), "unauthenticated"),
        ("a stranger's key", signed(Signed::ByAStranger), "unauthenticated"),
        ("an unknown key", signed(Signed::WithAnUnknownKey), "unauthenticated"),
    ]
}

fn nothing_of(planted: &[String], answer: &Answer, what: &str, example: &Example) {
    let everything = answer.everything();
    for value in planted {
        assert!(!everything.contains(value), "{what}, {example:?}: {value} in {answer:?}");
    }
}

/// What is of this tenant's, with what he did himself.
fn items_of(items: &Items, tenant: &journeys::front::Tenant) -> Items {
    let (name, account) = (tenant.scope.tenant().as_str(), tenant.account.as_str());
    let ours = |item: &Items| {
        let text = format!("{item:?}");
        text.contains(name) || text.contains(account)
    };
    let each = items.iter().map(|(key, item)| (key.clone(), item.clone()));
    each.filter(|(key, item)| ours(&Items::from([(key.clone(), item.clone())]))).collect()
}

#[tokio::test]
async fn a_worthless_credential_is_refused_by_every_route_and_hears_nothing() {
    let front = Front::open().await;
    let (revoked, id, _) =
        front.acme.fresh_key(&front.table, "ana", &domain::api_key::Right::ALL).await;
    let path = format!("/v1/api-keys/{id}");
    assert_eq!(front.ask("DELETE", &path).by(&front.token("ana")).send().await.status, 204);
    let before = front.items().await;
    for (what, header, code) in worthless(&front, &revoked) {
        for example in examples(&front.acme) {
            let ask = example.ask(&front);
            let ask = match &header {
                Some(header) => ask.header("authorization", header),
                None => ask,
            };
            let answer = ask.send().await;
            assert_eq!(answer.status, 401, "{what}, {example:?}: {answer:?}");
            assert_eq!(answer.code(), code, "{what}, {example:?}: {answer:?}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            nothing_of(&front.acme.planted, &answer, what, &example);
        }
    }
    assert!(front.items().await == before, "a refused request has changed something");
    assert!(front.alerts.is_empty() && front.jobs.is_empty());
}

#[tokio::test]
async fn a_person_of_another_tenant_finds_nothing_and_changes_nothing() {
    let front = Front::open().await;
    let ben = front.token("ben");
    let before = items_of(&front.items().await, &front.acme);
    assert!(before.len() > 30, "there is little to find: {}", before.len());
    for example in examples(&front.acme) {
        let answer = example.ask(&front).by(&ben).send().await;
        if example.names_something() {
            assert_eq!(answer.status, 404, "{example:?}: {answer:?}");
            assert_eq!(answer.code(), "not_found");
        }
        assert!(answer.status < 500, "{example:?}: {answer:?}");
        nothing_of(&front.acme.planted, &answer, "ben", &example);
    }
    assert!(items_of(&front.items().await, &front.acme) == before, "something of acme has changed");
    assert!(front.alerts.is_empty() && front.jobs.is_empty(), "something was asked for");
}

#[tokio::test]
async fn a_key_of_another_tenant_finds_nothing_and_changes_nothing() {
    let front = Front::open().await;
    let before = items_of(&front.items().await, &front.acme);
    let documented = crate::routes::documented();
    for example in examples(&front.acme) {
        let answer = example.ask(&front).by(&front.initech.key).send().await;
        let route = example.route.split('?').next().unwrap().to_owned();
        let for_keys = !documented[&(example.method.to_owned(), route)].is_empty();
        let expected = match (for_keys, example.names_something()) {
            (false, _) => (403, "forbidden"),
            (true, true) => (404, "not_found"),
            (true, false) => (200, ""),
        };
        assert_eq!((answer.status, answer.code().as_str()), expected, "{example:?}: {answer:?}");
        nothing_of(&front.acme.planted, &answer, "the key of initech", &example);
    }
    assert!(items_of(&front.items().await, &front.acme) == before, "something of acme has changed");
    assert!(front.alerts.is_empty() && front.jobs.is_empty(), "something was asked for");
}

#[tokio::test]
async fn who_comes_for_the_first_time_has_a_tenant_of_his_own_with_nothing_in_it() {
    let front = Front::open().await;
    let stranger = front.token("a stranger");
    let before = items_of(&front.items().await, &front.acme);
    for example in examples(&front.acme) {
        let answer = example.ask(&front).by(&stranger).send().await;
        assert!(answer.status < 500, "{example:?}: {answer:?}");
        if example.names_something() {
            assert_eq!(answer.status, 404, "{example:?}: {answer:?}");
        }
        for planted in [&front.acme.planted, &front.initech.planted] {
            nothing_of(planted, &answer, "a stranger", &example);
        }
    }
    assert!(items_of(&front.items().await, &front.acme) == before, "something of acme has changed");
    assert_eq!(front.read(&stranger, "/v1/accounts").await["items"], json!([]));
}

#[tokio::test]
async fn what_is_another_tenants_is_refused_as_what_does_not_exist_and_an_operator_is_warned() {
    let front = Front::open().await;
    let ben = front.token("ben");
    let refused = async |path: &str| {
        let (log, guard) = Log::keep();
        let answer = front.ask("GET", path).by(&ben).send().await;
        drop(guard);
        let mut body = answer.json();
        body["requestId"] = Value::Null;
        (answer.status, body, log.text())
    };
    let pairs = [
        (format!("/v1/accounts/{}", front.acme.account), "/v1/accounts/999900001111"),
        (
            format!("/v1/anomalies/{}", front.acme.anomaly),
            "/v1/anomalies/01ARZ3NDEKTSV4RRFFQ69G5FAV",
        ),
        (
            format!("/v1/accounts/setup/{}", front.acme.setup),
            "/v1/accounts/setup/01ARZ3NDEKTSV4RRFFQ69G5FAV",
        ),
        (format!("/v1/spend?accountId={}", front.acme.account), "/v1/spend?accountId=999900001111"),
    ];
    for (foreign, nobodys) in pairs {
        let (of_other, of_nobody) = (refused(&foreign).await, refused(nobodys).await);
        assert_eq!((of_other.0, &of_other.1), (404, &of_nobody.1), "{foreign}");
        let warning = "refused: it is another tenant's";
        assert!(of_other.2.contains(warning), "{foreign}: {}", of_other.2);
        assert!(!of_nobody.2.contains(warning), "{nobodys}: {}", of_nobody.2);
        for planted in &front.acme.planted {
            assert!(!of_other.2.contains(planted), "{planted} was logged: {}", of_other.2);
        }
    }
}

#[tokio::test]
async fn an_operator_is_warned_of_every_request_that_names_what_is_another_tenants() {
    let front = Front::open().await;
    let (ben, documented) = (front.token("ben"), crate::routes::documented());
    let (acme, initech) = (&front.acme, &front.initech);
    let mut tried = 0;
    for example in examples(acme) {
        let route = example.route.split('?').next().unwrap().to_owned();
        let for_keys = !documented[&(example.method.to_owned(), route)].is_empty();
        for by in [Some(&ben), Some(&initech.key).filter(|_| for_keys)].into_iter().flatten() {
            let (log, guard) = Log::keep();
            let answer = example.ask(&front).by(by).send().await;
            drop(guard);
            let asked = format!("{} {:?}", example.path, example.body);
            let names = [&acme.setup, &acme.anomaly, &acme.expectation, &acme.key_id];
            let foreign = names.iter().any(|id| asked.contains(id.as_str()))
                || asked.contains(acme.account.as_str());
            let warned = log.text().contains("refused: it is another tenant's");
            assert_eq!(warned, foreign, "{example:?}: {answer:?}, {}", log.text());
            tried += u32::from(foreign);
        }
    }
    assert!(tried > 25, "{tried}");
    // What is another's within what is ours.
    let of_ours = format!("/v1/accounts/{}/expectations/{}", initech.account, acme.expectation);
    let (log, guard) = Log::keep();
    let answer = front.ask("DELETE", &of_ours).by(&ben).send().await;
    drop(guard);
    assert_eq!(answer.status, 404, "{answer:?}");
    assert!(log.text().contains("refused: it is another tenant's"), "{}", log.text());
}
