//! What each route answers, checked in its figures against the table and by its own arithmetic.

use domain::money::Usd;
use jiff::SignedDuration;
use journeys::front::Front;
use rust_decimal::Decimal;
use serde_json::{Value, json};

fn usd(money: &Value) -> Decimal {
    assert_eq!(money["currency"], "USD");
    money["amount"].as_str().unwrap().parse().unwrap()
}

fn exact(usd: Usd) -> Decimal {
    usd.to_string().parse().unwrap()
}

fn sum(shares: &Value) -> (Decimal, u64) {
    let shares = shares.as_array().unwrap();
    let hourly = shares.iter().map(|share| usd(&share["hourly"])).sum();
    (hourly, shares.iter().map(|share| share["resources"].as_u64().unwrap()).sum())
}

#[tokio::test]
async fn spend_comes_to_the_same_by_service_region_actor_and_account() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let open = front.table.open_resources(&front.acme.account).await.unwrap();
    let expected: Decimal = open.iter().map(|resource| exact(resource.hourly)).sum();
    let account = format!("/v1/spend?accountId={}", front.acme.account);
    for path in ["/v1/spend", &account] {
        let spend = front.read(&ana, path).await;
        let total = (usd(&spend["hourly"]), spend["resources"].as_u64().unwrap());
        assert_eq!(total, (expected, open.len() as u64), "{spend}");
        // Six instances and a database.
        assert_eq!(total.1, 6, "{spend}");
        for kind in ["byService", "byRegion", "byActor", "byAccount"] {
            assert_eq!(sum(&spend[kind]), total, "{kind}: {spend}");
            let hourly: Vec<Decimal> =
                spend[kind].as_array().unwrap().iter().map(|share| usd(&share["hourly"])).collect();
            assert!(hourly.is_sorted_by(|a, b| a >= b), "{kind}: {hourly:?}");
        }
        assert_eq!(spend["byRegion"].as_array().unwrap().len(), 2, "{spend}");
        assert_eq!(spend["byAccount"][0]["name"], front.acme.account.as_str());
        assert!(usd(&spend["untilMonthEnd"]) >= Decimal::ZERO);
    }
}

#[tokio::test]
async fn zombies_come_dearest_first_with_what_is_known_in_all() {
    let front = Front::open().await;
    let zombies = front.read(&front.token("ana"), "/v1/zombies").await;
    let shown: Vec<(String, Decimal, bool)> = zombies["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| {
            let name = each["resource"].as_str().unwrap().to_owned();
            (name, usd(&each["monthly"]), each["priceKnown"].as_bool().unwrap())
        })
        .collect();
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    assert_eq!(
        shown,
        [
            ("acme-large".to_owned(), decimal("120"), true),
            ("acme-unpriced".to_owned(), decimal("50"), false),
            ("acme-small".to_owned(), decimal("10.5"), true),
        ]
    );
    assert_eq!(usd(&zombies["total"]), decimal("130.5"), "an upper bound is no sum");
    let first = &zombies["items"][0];
    assert_eq!(first["priceNote"], "AWS Price List, 2026-07");
    assert_eq!(
        (&first["check"], &first["region"]),
        (&json!("unattached_volume"), &json!("eu-west-1"))
    );
    assert!(first["stop"].as_str().unwrap().contains("delete-volume"));
}

#[tokio::test]
async fn health_tells_what_is_wrong_and_what_nobody_knows_region_by_region() {
    let front = Front::open().await;
    let (ana, account) = (front.token("ana"), front.acme.account.clone());
    let path = format!("/v1/accounts/{account}/health");
    let health = front.read(&ana, &path).await;
    assert_eq!((&health["role"], &health["trail"]), (&json!("ok"), &json!("ok")));
    let regions = health["regions"].as_array().unwrap();
    let states: Vec<[&str; 3]> = regions
        .iter()
        .map(|region| {
            ["region", "rules", "eventsFlow"].map(|field| region[field].as_str().unwrap())
        })
        .collect();
    assert_eq!(states, [["eu-west-1", "ok", "ok"], ["us-east-1", "wrong", "unknown"]]);
    assert!(regions[0]["lastEventAt"].is_string() && regions[1]["lastEventAt"].is_null());
    assert_eq!(health["findings"][0]["code"], "rules_missing");
    let scan = &health["scan"];
    assert_eq!(
        (&scan["regionsDone"], &scan["regions"], &scan["zombies"]),
        (&json!(2), &json!(2), &json!(3))
    );
    assert_eq!(scan["unjudged"], json!({"idle_volume": 2}));
    assert_eq!(usd(&scan["cost"]), "0.01".parse::<Decimal>().unwrap(), "a cent for 1,000 metrics");
    let mut checkup = front.table.checkup(&account).await.unwrap().unwrap();
    checkup.findings[0].code = "role_refuses".to_owned();
    checkup.findings[0].region = None;
    front.table.put_checkup(&account, &checkup).await.unwrap();
    assert_eq!(front.read(&ana, &path).await["role"], "wrong");

    let fresh = domain::ids::AccountId::parse("222233334444").unwrap();
    front.acme.connect_also(&front.table, &fresh, "fresh").await;
    let health = front.read(&ana, &format!("/v1/accounts/{fresh}/health")).await;
    for part in ["role", "trail"] {
        assert_eq!(health[part], "unknown", "nobody has looked yet");
    }
    assert_eq!(
        (&health["checkedAt"], &health["scan"], &health["rehearsal"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(health["regions"][0]["eventsFlow"], "unknown");
}

#[tokio::test]
async fn the_rehearsal_tells_what_would_have_been_told() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let path = format!("/v1/accounts/{}/rehearsal", front.acme.account);
    let report = front.read(&ana, &path).await;
    assert_eq!(report["progress"]["percent"], 50, "{report}");
    assert_eq!((&report["progress"]["records"], &report["days"]), (&json!(1_234), &json!(45)));
    let counted: u64 = report["bySeverity"]
        .as_object()
        .unwrap()
        .values()
        .map(|count| count.as_u64().unwrap())
        .sum();
    let dearest = report["dearest"].as_array().unwrap();
    assert_eq!((counted, dearest.len()), (1, 1), "{report}");
    assert!(dearest[0]["text"].as_str().unwrap().contains("p4d.24xlarge"), "{report}");
    assert_eq!(usd(&dearest[0]["spent"]), usd(&report["spent"]));
    assert!(usd(&report["spent"]) > Decimal::from(1_000), "two of them ran for a day: {report}");

    let fresh = domain::ids::AccountId::parse("222233334444").unwrap();
    front.acme.connect_also(&front.table, &fresh, "fresh").await;
    let report = front.read(&ana, &format!("/v1/accounts/{fresh}/rehearsal")).await;
    let nothing = json!({"amount": "0", "currency": "USD"});
    let expected =
        json!({"progress": null, "days": 0, "bySeverity": {}, "spent": nothing, "dearest": []});
    assert_eq!(report, expected);
}

#[tokio::test]
async fn the_status_counts_what_the_lists_show() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let path = |status: &str| format!("/v1/anomalies?status={status}&limit=100");
    let mut anomalies = Vec::new();
    for (said, body) in
        [("", json!({})), ("snooze", json!({"minutes": 60})), ("expected", json!({}))]
    {
        if !said.is_empty() {
            let path = format!("/v1/anomalies/{}/{said}", front.acme.anomaly);
            assert_eq!(front.ask("POST", &path).by(&ana).json(&body).send().await.status, 200);
        }
        let status = front.read(&ana, "/v1/status").await;
        let mut counts = Vec::new();
        for (word, field) in [("open", "openAnomalies"), ("snoozed", "snoozedAnomalies")] {
            let listed = front.read(&ana, &path(word)).await["items"].as_array().unwrap().len();
            assert_eq!(status[field], listed, "{word} after {said:?}");
            counts.push(listed);
        }
        anomalies.push(counts);
    }
    assert_eq!(anomalies, [[2, 0], [1, 1], [1, 0]]);
    let status = front.read(&ana, "/v1/status").await;
    let spend = front.read(&ana, "/v1/spend").await;
    assert_eq!((&status["hourly"], &status["name"]), (&spend["hourly"], &json!("ana")));
    assert_eq!(
        (&status["tier"], &status["accounts"], &status["degraded"]),
        (&json!("free"), &json!(1), &json!(0))
    );
    assert_eq!(
        (&status["slackConnected"], &status["alertingPaused"]),
        (&json!(true), &json!(false))
    );
    assert!(status["lastEventAt"].is_string());
    assert_eq!(status["secondsToAlert"], Value::Null, "nobody was told yet");
    assert_eq!(status["watched"], 1);
    let account = format!("/v1/accounts/{}", front.acme.account);
    assert_eq!(front.ask("DELETE", &account).by(&ana).send().await.status, 202);
    let status = front.read(&ana, "/v1/status").await;
    assert_eq!((&status["accounts"], &status["watched"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn the_status_tells_how_soon_the_last_alert_came() {
    let front = Front::open().await;
    let account = &front.acme.account;
    let mut anomaly = front.table.anomaly(account, &front.acme.anomaly).await.unwrap().unwrap();
    let posted = anomaly.first_at.checked_add(SignedDuration::from_secs(42)).unwrap();
    anomaly.told.message = Some(domain::told::MessageAt {
        channel: "C0ACME".to_owned(),
        id: format!("{}.000100", posted.as_second()),
        permalink: Some("https://acme.example/p1".to_owned()),
    });
    let ana = front.token("ana");
    let path = format!("/v1/anomalies/{}", anomaly.id);
    assert_eq!(front.read(&ana, &path).await["alertedAt"], Value::Null, "nobody was told yet");
    front.table.note_told(&anomaly).await.unwrap();
    assert_eq!(front.read(&ana, "/v1/status").await["secondsToAlert"], 42);
    let shown = front.read(&ana, &path).await;
    let second = jiff::Timestamp::from_second(posted.as_second()).unwrap();
    assert_eq!(shown["alertedAt"], second.to_string());
    assert_eq!(shown["slackMessageUrl"], "https://acme.example/p1");
}

#[tokio::test]
async fn baselines_and_slack_are_shown_as_they_are_kept() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let path = format!("/v1/accounts/{}/baselines", front.acme.account);
    let baselines = front.read(&ana, &path).await;
    let p4d = baselines["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|each| each["resourceType"] == "p4d.24xlarge");
    let p4d = p4d.unwrap();
    assert!(
        p4d["events"].as_u64().unwrap() >= 1 && usd(&p4d["maxHourly"]) >= usd(&p4d["meanHourly"]),
        "{p4d}"
    );
    let change = format!("{path}/ec2/p4d.24xlarge");
    for (word, kept) in [(json!("low"), json!("low")), (Value::Null, Value::Null)] {
        let body = json!({"sensitivityOverride": word});
        let changed = front.ask("PATCH", &change).by(&ana).json(&body).send().await;
        assert_eq!(
            (changed.status, &changed.json()["sensitivityOverride"]),
            (200, &kept),
            "{changed:?}"
        );
        let again = front.read(&ana, &path).await;
        let again = again["items"].as_array().unwrap().clone();
        assert!(again.contains(&changed.json()), "{again:?}");
    }
    let slack = front.read(&ana, "/v1/slack").await;
    assert_eq!(
        (&slack["connected"], &slack["team"], &slack["channel"]),
        (&json!(true), &json!("acme-workspace"), &json!("#acme-cost"))
    );
    assert!(!slack.to_string().contains("xoxb"));
}

#[tokio::test]
async fn a_link_into_slack_leads_back_to_a_page_of_ours_and_nowhere_else() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let ask = || front.ask("POST", "/v1/slack/install").by(&ana);
    let link = "https://api.example.com/slack/install?state=";
    for (asked, page) in [
        (ask(), "connect"),
        (ask().header("content-type", "application/json"), "connect"),
        (ask().json(&Value::Null), "connect"),
        (ask().json(&json!({})), "connect"),
        (ask().json(&json!({"returnTo": "connect"})), "connect"),
        (ask().json(&json!({"returnTo": "settings"})), "settings"),
    ] {
        let answer = asked.send().await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let url = answer.json()["url"].as_str().unwrap().to_owned();
        let given = (store::StateKind::SlackInstall, url.strip_prefix(link).unwrap());
        let given = front.table.look_at_state(given, jiff::Timestamp::now()).await.unwrap();
        assert_eq!(given.unwrap().payload, page);
    }
    for (asked, field) in [
        (json!({"returnTo": "https://elsewhere.example"}), json!("returnTo")),
        (json!({"returnTo": "settings/billing"}), json!("returnTo")),
        (json!({"back": "settings"}), Value::Null),
        (json!([]), Value::Null),
    ] {
        let answer = ask().json(&asked).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_request"), "{asked}");
        assert_eq!(answer.json()["field"], field, "{answer:?}");
        assert!(!answer.everything().contains("elsewhere"), "{answer:?}");
    }
    let form = ask().header("content-type", "text/plain").body("settings").send().await;
    assert_eq!((form.status, form.code().as_str()), (415, "unsupported_media_type"));
    // Another page is another request.
    let once = async |page: &str| ask().once("k").json(&json!({ "returnTo": page })).send().await;
    assert_eq!(once("settings").await.status, 201);
    assert_eq!(once("connect").await.code(), "idempotency_key_reused");
}
