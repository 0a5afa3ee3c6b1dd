//! API keys: made, used, revoked, and not without end.

use journeys::front::{Answer, Front};
use serde_json::{Value, json};

async fn make(front: &Front, name: &str) -> Answer {
    let body = json!({"name": name, "scopes": ["spend:read", "spend:read", "zombies:read"]});
    front.ask("POST", "/v1/api-keys").by(&front.token("ana")).json(&body).send().await
}

#[tokio::test]
async fn a_key_opens_its_routes_until_it_is_revoked() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let made = make(&front, "nightly").await.json();
    let key = made["key"].as_str().unwrap();
    assert_eq!(made["scopes"], json!(["zombies:read", "spend:read"]), "each once");
    assert!(key.starts_with(made["hint"].as_str().unwrap().trim_end_matches('…')));
    assert_eq!((&made["createdBy"], &made["lastUsedAt"]), (&json!("ana"), &Value::Null));
    assert_eq!(front.ask("GET", "/v1/spend").by(key).send().await.status, 200);
    let list = front.read(&ana, "/v1/api-keys").await;
    let listed = |list: &Value| {
        let mut items = list["items"].as_array().unwrap().iter();
        items.find(|each| each["id"] == made["id"]).cloned().unwrap()
    };
    assert!(listed(&list)["lastUsedAt"].is_string() && !list.to_string().contains(key));
    let path = format!("/v1/api-keys/{}", made["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(front.ask("DELETE", &path).by(&ana).send().await.status, 204);
    }
    let refused = front.ask("GET", "/v1/spend").by(key).send().await;
    assert_eq!((refused.status, refused.code().as_str()), (401, "unauthenticated"));
    assert!(listed(&front.read(&ana, "/v1/api-keys").await)["revokedAt"].is_string());
    let audit = front.read(&ana, "/v1/audit?limit=100").await;
    let of_keys = audit["items"].as_array().unwrap().iter().filter(|each| each["new"] == "revoked");
    assert_eq!(of_keys.count(), 1, "{audit}");
}

#[tokio::test]
async fn there_are_twenty_keys_and_one_that_is_revoked_makes_room() {
    let front = Front::open().await;
    // The tenant has one already.
    let mut last = Value::Null;
    for nth in 1..20 {
        let made = make(&front, &format!("program {nth}")).await;
        assert_eq!(made.status, 201, "{nth}: {made:?}");
        last = made.json()["id"].clone();
    }
    let refused = make(&front, "one more").await;
    assert_eq!((refused.status, refused.code().as_str()), (409, "conflict"));
    assert!(refused.detail().contains("20 keys: revoke one"), "{}", refused.detail());
    let path = format!("/v1/api-keys/{}", last.as_str().unwrap());
    let revoked = front.ask("DELETE", &path).by(&front.token("ana")).send().await;
    assert_eq!((revoked.status, make(&front, "one more").await.status), (204, 201));
}
