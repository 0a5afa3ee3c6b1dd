//! Whatever is sent: the answer is a problem with a stable word and the number of the request, never a
//! fault of ours, and never a repetition of what was sent.

use crate::routes::examples;
use journeys::front::{Answer, Ask, Front};
use serde_json::{Value, json};

/// What it is called, its kind, its bytes, and how it is refused.
type Sent = (&'static str, Option<&'static str>, Vec<u8>, u16, &'static str);

/// Looks like what nobody wants to see again.
const SECRET: &str = "arn:aws:iam::123412341234:role/secret-of-somebody";

fn is_problem(answer: &Answer, status: u16, code: &str, what: &str) {
    assert_eq!(answer.status, status, "{what}: {answer:?}");
    assert_eq!(answer.code(), code, "{what}: {answer:?}");
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {answer:?}");
    let body = answer.json();
    let id = answer.header("x-request-id");
    assert!(id.len() == 16 && body["requestId"] == id, "{what}: {answer:?}");
    assert_eq!(body["status"], status, "{what}: {answer:?}");
    assert_eq!(body["type"], format!("/problems/{code}"), "{what}: {answer:?}");
    assert!(body["title"].is_string(), "{what}: {answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
}

fn repeats_nothing(answer: &Answer, what: &str) {
    for part in ["123412341234", "secret-of-somebody"] {
        assert!(!answer.everything().contains(part), "{what}: {part} in {answer:?}");
    }
}

/// Routes that take a body, without the body.
fn with_bodies(front: &Front) -> Vec<(String, Ask)> {
    let ana = front.token("ana");
    let taking = examples(&front.acme).into_iter().filter(|example| example.body.is_some());
    let asked = taking
        .map(|it| (format!("{} {}", it.method, it.route), front.ask(it.method, &it.path).by(&ana)));
    asked.collect()
}

#[tokio::test]
async fn what_is_no_json_is_refused_by_its_kind() {
    let front = Front::open().await;
    let large = format!("{{\"timezone\":\"{}\"}}", "x".repeat(300_000));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let kinds: [Sent; 10] = [
        ("nothing", None, vec![], 415, "unsupported_media_type"),
        (
            "a form",
            Some("application/x-www-form-urlencoded"),
            b"a=b".to_vec(),
            415,
            "unsupported_media_type",
        ),
        ("a text", Some("text/plain"), b"{}".to_vec(), 415, "unsupported_media_type"),
        ("no body", Some("application/json"), vec![], 400, "invalid_request"),
        ("half of it", Some("application/json"), b"{\"days\":".to_vec(), 400, "invalid_request"),
        ("no text", Some("application/json"), vec![0xFF, 0xFE, 0x00], 400, "invalid_request"),
        ("a list", Some("application/json"), b"[1,2]".to_vec(), 400, "invalid_request"),
        ("null", Some("application/json"), b"null".to_vec(), 400, "invalid_request"),
        ("deep", Some("application/json"), deep.into_bytes(), 400, "invalid_request"),
        ("large", Some("application/json"), large.into_bytes(), 413, "too_large"),
    ];
    for (kind, content, body, status, code) in kinds {
        for (route, ask) in with_bodies(&front) {
            let ask = match content {
                Some(content) => ask.header("content-type", content),
                None => ask,
            };
            let answer = ask.body(body.clone()).send().await;
            is_problem(&answer, status, code, &format!("{kind} to {route}"));
        }
    }
}

#[tokio::test]
async fn a_body_says_no_more_than_it_may_and_what_it_says_is_not_repeated() {
    let front = Front::open().await;
    let tricky = format!("a\"{SECRET}\", expected `{SECRET}");
    let bodies = [
        json!({ SECRET: 1 }),
        json!({ format!("invalid type: {SECRET}"): 1 }),
        json!({ "days": SECRET, "minutes": SECRET, "name": [SECRET], "url": [SECRET] }),
        json!({ "alias": [SECRET], "mode": SECRET, "timezone": [SECRET], "setupId": [SECRET] }),
        json!({ "sensitivityOverride": SECRET }),
        json!({ "sensitivityOverride": tricky }),
        json!({ "sensitivityOverride": { SECRET: SECRET } }),
        json!({ "name": "x", "scopes": [SECRET] }),
        json!({ "name": "x", "scopes": [tricky] }),
        json!({ "name": "x", "scopes": SECRET }),
        json!({ "name": "x", "scopes": [] }),
        json!({ "name": "", "scopes": ["spend:read"] }),
        json!({ "name": "x".repeat(65), "scopes": ["spend:read"] }),
        json!({ "days": 0 }),
        json!({ "days": 366 }),
        json!({ "days": -1 }),
        json!({ "days": 1.5 }),
        json!({ "days": 1e300 }),
        json!({ "minutes": 0 }),
        json!({ "minutes": 43_201 }),
        json!({ "alias": "" }),
        json!({ "alias": "\u{202e}\u{0}" }),
        json!({ "alias": "x".repeat(65) }),
        json!({ "mode": "loud" }),
        json!({ "mode": "strict", "customerStrict": SECRET }),
        json!({ "timezone": SECRET }),
        json!({ "timezone": tricky }),
        json!({ "timezone": "UTC", "quietHours": SECRET }),
        json!({ "timezone": "UTC", "quietHours": tricky }),
        json!({ "timezone": "UTC", "routes": [{ "atLeast": SECRET, "channel": "C0ONE" }] }),
        json!({ "timezone": "UTC", "routes": [{ "atLeast": "info", "channel": SECRET }] }),
        json!({ "timezone": "UTC", "routes": [{ "atLeast": "info", SECRET: SECRET }] }),
        json!({ "timezone": "UTC", "routes": [{ "accountId": SECRET, "atLeast": "info", "channel": "C0ONE" }] }),
        json!({ "url": SECRET }),
        json!({ "url": "http://secret-of-somebody.example/123412341234" }),
        json!({ "url": "https://ana:secret-of-somebody@example.com/" }),
        json!({ "url": "https://127.0.0.1/secret-of-somebody" }),
        json!({ "awsAccountId": "1", "roleArn": SECRET, "setupId": "x" }),
        json!({ "awsAccountId": "111122223333", "roleArn": SECRET, "setupId": "x" }),
        json!({ "awsAccountId": "123412341234", "roleArn": SECRET, "setupId": SECRET, "regions": [SECRET] }),
        json!({ "awsAccountId": "123412341234", "roleArn": SECRET, "setupId": "x", "regions": vec!["eu-west-1"; 41] }),
    ];
    for body in &bodies {
        for (route, ask) in with_bodies(&front) {
            let answer = ask.json(body).send().await;
            let what = format!("{body} to {route}");
            repeats_nothing(&answer, &what);
            if answer.status >= 400 {
                is_problem(&answer, answer.status, &answer.code(), &what);
                assert!((400..500).contains(&answer.status), "{what}: {answer:?}");
            }
            if answer.code() == "invalid_request" {
                assert!(!answer.detail().is_empty(), "{what}: nothing says what is wrong");
            }
        }
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_with_the_field_and_what_would_do() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let wrong = async |method: &str, path: &str, body: Value, field: Option<&str>| {
        let answer = front.ask(method, path).by(&ana).json(&body).send().await;
        is_problem(&answer, 400, "invalid_request", path);
        assert_eq!(answer.json()["field"], json!(field), "{path}: {answer:?}");
        answer.detail()
    };
    let body = json!({"name": "x", "scopes": ["all"]});
    let scopes = wrong("POST", "/v1/api-keys", body, Some("scopes[0]")).await;
    assert!(scopes.contains("scopes[0]") && scopes.contains("anomalies:read"), "{scopes}");
    let missing = wrong("PUT", "/v1/settings", json!({}), Some("timezone")).await;
    assert!(missing.contains("timezone"), "{missing}");
    let body = json!({"timezone": "UTC", "quite": "x"});
    let unknown = wrong("PUT", "/v1/settings", body, None).await;
    assert!(unknown.contains("quietHours"), "{unknown}");
    let body = json!({"timezone": "Mars/Olympus"});
    let zone = wrong("PUT", "/v1/settings", body, Some("timezone")).await;
    assert!(zone.contains("timezone") && zone.contains("Europe/Berlin"), "{zone}");
    let hours = json!({"timezone": "UTC", "quietHours": "late"});
    let hours = wrong("PUT", "/v1/settings", hours, Some("quietHours")).await;
    assert!(hours.contains("quietHours") && hours.contains("22:00-07:00"), "{hours}");
    let body = json!({"timezone": "UTC", "routes": [{"atLeast": "info"}]});
    let channel = wrong("PUT", "/v1/settings", body, Some("routes[0].channel")).await;
    assert!(channel.contains("channel"), "{channel}");
    let role = |account: &str, regions: Value| {
        json!({
            "awsAccountId": account,
            "roleArn": "arn:aws:iam::111122223333:role/dd0c-cost-readonly",
            "setupId": front.acme.setup,
            "regions": regions,
        })
    };
    wrong("POST", "/v1/accounts", role("1", json!([])), Some("awsAccountId")).await;
    wrong("POST", "/v1/accounts", role("444455556666", json!([])), Some("roleArn")).await;
    let regions = json!(["eu-west-1", "Ireland"]);
    wrong("POST", "/v1/accounts", role("111122223333", regions), Some("regions[1]")).await;
    let text = "{\"timezone\": @}";
    let answer =
        front.ask("PUT", "/v1/settings").by(&ana).header("content-type", "application/json");
    let answer = answer.body(text).send().await;
    is_problem(&answer, 400, "invalid_request", text);
    assert!(answer.detail().contains("line 1"), "{answer:?}");
}

#[tokio::test]
async fn a_question_that_cannot_be_read_is_refused_with_what_would_do() {
    let front = Front::open().await;
    let ana = front.token("ana");
    for (question, says) in [
        ("/v1/anomalies?limit=0", "1 to 100"),
        ("/v1/anomalies?limit=101", "1 to 100"),
        ("/v1/anomalies?limit=abc", "limit"),
        ("/v1/anomalies?limit=-1", "limit"),
        ("/v1/anomalies?limit=1&limit=2", "limit"),
        ("/v1/anomalies?all=secret-of-somebody", "all"),
        ("/v1/anomalies?since=secret-of-somebody", "since"),
        ("/v1/anomalies?until=2026", "until"),
        ("/v1/anomalies?status=secret-of-somebody", "snoozed"),
        ("/v1/anomalies?severity=secret-of-somebody", "critical"),
        ("/v1/anomalies?service=secret-of-somebody", "ec2"),
        ("/v1/audit?limit=0", "1 to 100"),
        ("/v1/zombies?limit=1000", "1 to 100"),
        ("/v1/accounts?limit=0", "1 to 100"),
        ("/v1/accounts/111122223333/baselines?limit=0", "1 to 100"),
        ("/v1/accounts/111122223333/expectations?limit=0", "1 to 100"),
    ] {
        let answer = front.ask("GET", question).by(&ana).send().await;
        is_problem(&answer, 400, "invalid_request", question);
        assert!(answer.detail().contains(says), "{question}: {}", answer.detail());
        repeats_nothing(&answer, question);
    }
}

#[tokio::test]
async fn what_is_nowhere_is_not_found_and_what_is_done_otherwise_is_not_allowed() {
    let front = Front::open().await;
    let ana = front.token("ana");
    for path in
        ["/", "/v1", "/v1/", "/v2/status", "/v1/stat%75s/x", "/v1/accounts/", "/v1//accounts"]
    {
        let answer = front.ask("GET", path).by(&ana).send().await;
        is_problem(&answer, 404, "not_found", path);
    }
    for (method, path) in [
        ("POST", "/v1/status"),
        ("DELETE", "/v1/accounts"),
        ("PUT", "/v1/anomalies"),
        ("TRACE", "/v1/spend"),
    ] {
        let answer = front.ask(method, path).by(&ana).send().await;
        is_problem(&answer, 405, "method_not_allowed", path);
        assert!(answer.header("allow").contains("GET"), "{method} {path}: {answer:?}");
    }
}

#[tokio::test]
async fn a_hostile_path_is_not_found_and_never_a_fault_of_ours() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let long = "A".repeat(5_000);
    let arn = SECRET.replace('/', "%2F");
    let segments = [
        "%00",
        "%FF%FE",
        "..%2F..%2Fetc",
        "%2F",
        "%F0%9F%92%A9",
        "%E2%80%AE",
        "a%20b",
        "'%20OR%201=1",
        "%23",
        "ACCOUNT%23111122223333",
        "META",
        "0",
        "1111222233334",
        "%D9%A1".repeat(12).as_str(),
        "null",
        "-1",
        arn.as_str(),
        long.as_str(),
        "%0d%0aset-cookie:x",
    ]
    .map(str::to_owned);
    for example in examples(&front.acme).iter().filter(|example| example.names_something()) {
        for segment in &segments {
            let (path, _) = example.route.split_once('?').unwrap_or((example.route, ""));
            let names = ["{accountId}", "{setupId}", "{anomalyId}", "{expectationId}", "{keyId}"];
            let name = names.iter().rev().find(|name| path.contains(*name));
            let Some(name) = name else { continue };
            // What comes before is as it should be: the hostile part is met by itself, too.
            let path = path.replace(name, segment);
            let path = path
                .replace("{accountId}", front.acme.account.as_str())
                .replace("{service}", "ec2")
                .replace("{resourceType}", "m5.large");
            let ask = front.ask(example.method, &path).by(&ana);
            let ask = match &example.body {
                Some(body) => ask.json(body),
                None => ask,
            };
            let answer = ask.send().await;
            let what = format!("{} {}", example.method, &path[..path.len().min(200)]);
            is_problem(&answer, 404, "not_found", &what);
            repeats_nothing(&answer, &what);
        }
    }
    for (service, kind) in
        [("ec3", "m5.large"), ("ec2", long.as_str()), ("%FF", "x"), ("ec2", "%00"), ("rds", &arn)]
    {
        let path = format!("/v1/accounts/{}/baselines/{service}/{kind}", front.acme.account);
        let answer =
            front.ask("PATCH", &path).by(&ana).json(&json!({"sensitivityOverride": "low"}));
        is_problem(&answer.send().await, 404, "not_found", service);
    }
}

#[tokio::test]
async fn a_hostile_header_is_refused_or_does_nothing() {
    let front = Front::open().await;
    let ana = front.token("ana");
    for key in ["", &"k".repeat(201), "k\u{e9}"] {
        let answer = front.ask("POST", "/v1/slack/install").by(&ana).once(key).send().await;
        is_problem(&answer, 400, "invalid_request", key);
        assert!(answer.detail().contains("1 to 200"), "{answer:?}");
    }
    let long = format!("Bearer {}", "x".repeat(100_000));
    for header in
        [long.as_str(), "Bearer a.b.c", "Bearer \u{e9}", "Bearer dd0c_", "bearer", "Bearer x y z"]
    {
        let answer = front.ask("GET", "/v1/status").header("authorization", header).send().await;
        is_problem(&answer, 401, "unauthenticated", &header[..header.len().min(40)]);
    }
    let answer =
        front.ask("GET", "/v1/status").by(&ana).header("x-request-id", "mine").send().await;
    assert!(answer.status == 200 && answer.header("x-request-id") != "mine", "{answer:?}");
}
