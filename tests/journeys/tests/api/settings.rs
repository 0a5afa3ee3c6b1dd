//! Settings: times and the tenant's own receiver.

use journeys::front::Front;
use serde_json::{Value, json};

#[tokio::test]
async fn settings_are_shown_without_what_may_be_secret_and_kept_as_they_are_sent() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let shown = front.read(&ana, "/v1/settings").await;
    assert_eq!(
        (&shown["timezone"], &shown["quietHours"]),
        (&json!("Europe/Berlin"), &json!("22:00-07:00"))
    );
    assert_eq!(shown["webhookHost"], "acme-hooks.example.com");
    assert_eq!(shown["routes"][0]["atLeast"], "critical");
    assert!(!shown.to_string().contains("secret"), "{shown}");
    for (hours, kept) in [(json!("1:00 - 2:30"), json!("01:00-02:30")), (Value::Null, Value::Null)]
    {
        let body = json!({"timezone": "Asia/Tokyo", "quietHours": hours});
        let put = front.ask("PUT", "/v1/settings").by(&ana).json(&body).send().await;
        assert_eq!((put.status, &put.json()["quietHours"]), (200, &kept), "{put:?}");
        let now = front.read(&ana, "/v1/settings").await;
        assert_eq!((&now, &now["webhookHost"]), (&put.json(), &shown["webhookHost"]));
    }
}

#[tokio::test]
async fn channels_are_kept_as_they_are_sent_and_left_alone_where_nothing_is_said_of_them() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let account = front.acme.account.as_str();
    let route = |account: Value, at_least: &str, channel: &str| json!({"accountId": account, "atLeast": at_least, "channel": channel});
    let all = route(Value::Null, "info", "C0123456789");
    let own = route(json!(account), "critical", "G0SECURITY");
    for routes in [json!([all, own]), json!([own]), json!([])] {
        let body = json!({"timezone": "UTC", "routes": routes});
        let put = front.ask("PUT", "/v1/settings").by(&ana).json(&body).send().await;
        assert_eq!((put.status, &put.json()["routes"]), (200, &routes), "{put:?}");
        let times = json!({"timezone": "Asia/Tokyo"});
        let put = front.ask("PUT", "/v1/settings").by(&ana).json(&times).send().await;
        assert_eq!((put.status, &put.json()["routes"]), (200, &routes), "{put:?}");
    }
    let audit = front.read(&ana, "/v1/audit").await;
    let changes = audit["items"].as_array().unwrap().iter();
    let new: Vec<&str> = changes.map(|entry| entry["new"].as_str().unwrap()).collect();
    let words = format!("{account} critical → G0SECURITY");
    assert!(new.iter().any(|new| new.contains(&words)), "{new:?}");
}

#[tokio::test]
async fn a_channel_that_cannot_be_is_refused_and_changes_nothing() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let before = front.items().await;
    let all = json!({"atLeast": "info", "channel": "C0123456789"});
    let many: Vec<Value> = std::iter::repeat_n(all.clone(), 21).collect();
    let of = |account: &str| json!({"accountId": account, "atLeast": "info", "channel": "C0ONE"});
    for (routes, says) in [
        (json!([all, {"atLeast": "info", "channel": "C0OTHER"}]), "routes[1] is about the same"),
        (json!([{"atLeast": "info", "channel": "#cost"}]), "routes[0].channel is the id"),
        (json!([{"atLeast": "info", "channel": "c0123456789"}]), "routes[0].channel is the id"),
        (json!([{"atLeast": "info", "channel": ""}]), "routes[0].channel is the id"),
        (json!([all, of("123")]), "routes[1].accountId is none of your accounts"),
        (json!([of("999988887777")]), "routes[0].accountId is none of your accounts"),
        (json!([of(front.initech.account.as_str())]), "routes[0].accountId is none of your"),
        (json!(many), "at most 20 routes"),
        (json!([{"atLeast": "loud", "channel": "C0ONE"}]), "`info`"),
        (json!([{"channel": "C0ONE"}]), "atLeast"),
    ] {
        let body = json!({"timezone": "UTC", "routes": routes});
        let answer = front.ask("PUT", "/v1/settings").by(&ana).json(&body).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_request"), "{body}");
        assert!(answer.detail().contains(says), "{body}: {}", answer.detail());
        let field = answer.json()["field"].as_str().unwrap().to_owned();
        assert!(field.starts_with("routes"), "{body}: {field}");
    }
    assert!(front.items().await == before, "something has changed");
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_would_do_and_changes_nothing() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let before = front.items().await;
    for (body, says) in [
        (json!({"timezone": "Berlin/Europe"}), "Europe/Berlin"),
        (json!({"timezone": ""}), "Europe/Berlin"),
        (json!({"timezone": "UTC", "quietHours": "22-7"}), "22:00-07:00"),
        (json!({"timezone": "UTC", "quietHours": "22:00-22:00"}), "22:00-07:00"),
        (json!({"timezone": "UTC", "quietHours": "25:00-07:00"}), "22:00-07:00"),
    ] {
        let answer = front.ask("PUT", "/v1/settings").by(&ana).json(&body).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_request"), "{body}");
        assert!(answer.detail().contains(says), "{body}: {}", answer.detail());
    }
    for (url, says) in [
        ("https://10.0.0.7/in", "private network"),
        ("https://127.0.0.1/in", "private network"),
        ("https://169.254.169.254/latest/meta-data", "private network"),
        ("https://[::1]/in", "private network"),
        ("https://[::ffff:10.0.0.1]/in", "private network"),
        ("http://example.com/in", "https://"),
        ("https://ana:pw@example.com/in", "no user or password"),
        ("ftp://example.com", "https://"),
        ("example.com", "https://example.com/path"),
        ("", "https://example.com/path"),
    ] {
        let ask = front.ask("PUT", "/v1/settings/webhook").by(&ana).json(&json!({ "url": url }));
        let answer = ask.send().await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_request"), "{url}");
        assert!(answer.detail().contains(says), "{url}: {}", answer.detail());
    }
    let long = format!("https://example.com/{}", "x".repeat(3_000));
    let ask = front.ask("PUT", "/v1/settings/webhook").by(&ana).json(&json!({ "url": long }));
    assert_eq!(ask.send().await.status, 400, "the document says 2,000 characters");
    assert!(front.items().await == before, "something has changed");
}

#[tokio::test]
async fn a_receivers_key_is_shown_once_and_kept_encrypted() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let body = json!({"url": "https://hooks.example.com/in?token=t0ps3cret"});
    let put = || front.ask("PUT", "/v1/settings/webhook").by(&ana).json(&body).send();
    let (one, other) = (put().await.json(), put().await.json());
    let key = |answer: &Value| answer["key"].as_str().unwrap().to_owned();
    assert!(key(&one).starts_with(webhook::SECRET_PREFIX) && key(&one) != key(&other));
    let items = format!("{:?}", front.items().await);
    let bare = key(&other).replace(webhook::SECRET_PREFIX, "");
    assert!(!items.contains(&bare), "the key is kept as it is");
    let shown = front.read(&ana, "/v1/settings").await;
    assert_eq!(shown["webhookHost"], "hooks.example.com");
    let audit = front.read(&ana, "/v1/audit").await.to_string();
    assert!(!audit.contains("t0ps3cret"), "{audit}");
    let gone = front.ask("DELETE", "/v1/settings/webhook").by(&ana).send().await;
    assert_eq!((gone.status, &gone.json()["webhookHost"]), (200, &Value::Null));
}
