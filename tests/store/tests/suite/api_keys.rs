//! API keys: found by their hash, listed at once, never more than twenty live ones, revoked for
//! good.

use domain::api_key::{ApiKey, Right};
use domain::governance::AuditEntry;
use jiff::Timestamp;
use store::{KeyMade, MAX_API_KEYS, Table};
use store_engines::sample::{entry, minute, tenant};
use store_engines::{on_each_engine, patiently};

const EVER: Timestamp = Timestamp::UNIX_EPOCH;

fn key(nth: i64) -> ApiKey {
    ApiKey {
        id: format!("01JXA{nth:021}"),
        name: format!("CI {nth}"),
        hint: "dd0c_Ab3…".to_owned(),
        rights: [Right::AnomaliesRead, Right::SpendRead].into(),
        created_by: "ana".to_owned(),
        created_at: minute(nth),
        last_used_at: None,
        revoked_at: None,
    }
}

fn hash(nth: i64) -> String {
    format!("{nth:064x}")
}

fn about(what: &str, nth: i64) -> AuditEntry {
    AuditEntry { what: what.to_owned(), new: key(nth).name, ..entry(nth) }
}

async fn make(table: &Table, of: &str, nth: i64) -> KeyMade {
    let entry = about("make key", nth);
    patiently(async || table.create_api_key(&tenant(of), &key(nth), &hash(nth), &entry).await).await
}

async fn revoke(table: &Table, of: &str, nth: i64) -> bool {
    let (id, at, entry) = (key(nth).id, minute(nth + 100), about("revoke key", nth + 100));
    patiently(async || table.revoke_api_key(&tenant(of), &id, at, &entry).await).await
}

#[tokio::test]
async fn a_key_is_found_by_its_hash_and_listed_for_its_tenant_at_once() {
    on_each_engine("keys", async |_, table| {
        for nth in [2, 1] {
            assert_eq!(make(&table, "acme", nth).await, KeyMade::Now);
        }
        let found = table.api_key_by_hash(&hash(1)).await.unwrap();
        assert_eq!(found, Some((tenant("acme"), key(1))));
        assert_eq!(table.api_key_by_hash(&hash(3)).await.unwrap(), None);
        assert_eq!(table.api_keys(&tenant("acme")).await.unwrap(), [key(1), key(2)]);
        assert_eq!(table.api_keys(&tenant("initech")).await.unwrap(), []);
        assert_eq!(table.audit(&tenant("acme"), EVER).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn making_the_same_key_twice_makes_it_once() {
    on_each_engine("keys-twice", async |_, table| {
        for _ in 0..2 {
            assert_eq!(make(&table, "acme", 1).await, KeyMade::Now);
        }
        assert_eq!(table.api_keys(&tenant("acme")).await.unwrap().len(), 1);
        let entry = about("make key", 2);
        let other = table.create_api_key(&tenant("acme"), &key(1), &hash(2), &entry).await;
        assert!(other.is_err(), "an id has one key");
        assert_eq!(table.api_key_by_hash(&hash(2)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_is_listed_and_opens_nothing() {
    on_each_engine("keys-revoked", async |_, table| {
        make(&table, "acme", 1).await;
        assert!(!revoke(&table, "initech", 1).await, "it is another tenant's");
        assert!(table.api_key_by_hash(&hash(1)).await.unwrap().is_some());
        assert!(revoke(&table, "acme", 1).await);
        assert_eq!(table.api_key_by_hash(&hash(1)).await.unwrap(), None);
        let revoked = ApiKey { revoked_at: Some(minute(101)), ..key(1) };
        assert_eq!(table.api_keys(&tenant("acme")).await.unwrap(), std::slice::from_ref(&revoked));
        assert!(!revoke(&table, "acme", 1).await, "it is done once");
        assert!(!revoke(&table, "acme", 7).await, "there is no such key");
        assert_eq!(table.api_keys(&tenant("acme")).await.unwrap(), [revoked]);
        assert_eq!(table.audit(&tenant("acme"), EVER).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_tenant_has_twenty_live_keys_at_most_even_if_many_are_made_at_once() {
    on_each_engine("keys-limit", async |_, table| {
        let most = i64::from(MAX_API_KEYS);
        for nth in 0..most - 2 {
            assert_eq!(make(&table, "acme", nth).await, KeyMade::Now);
        }
        let make_one = async |nth| make(&table, "acme", nth).await;
        let made = tokio::join!(make_one(30), make_one(31), make_one(32), make_one(33));
        let made = [made.0, made.1, made.2, made.3];
        assert_eq!(made.iter().filter(|made| **made == KeyMade::Now).count(), 2, "{made:?}");
        assert_eq!(make(&table, "acme", 90).await, KeyMade::TooMany);
        assert_eq!(make(&table, "initech", 91).await, KeyMade::Now, "each tenant has his own");
        assert!(revoke(&table, "acme", 0).await);
        assert!(!revoke(&table, "acme", 0).await, "and makes room once");
        assert_eq!(make(&table, "acme", 92).await, KeyMade::Now);
        assert_eq!(make(&table, "acme", 93).await, KeyMade::TooMany);
    })
    .await;
}

#[tokio::test]
async fn the_last_use_is_written_once_in_ten_minutes() {
    on_each_engine("keys-used", async |_, table| {
        make(&table, "acme", 1).await;
        let note =
            async |minutes| table.note_api_key_used(&hash(1), minute(minutes)).await.unwrap();
        assert!(note(2).await && !note(3).await && !note(11).await && note(12).await);
        let used = table.api_key_by_hash(&hash(1)).await.unwrap().unwrap().1.last_used_at;
        assert_eq!(used, Some(minute(12)));
        assert!(!table.note_api_key_used(&hash(2), minute(2)).await.unwrap());
        assert_eq!(table.api_key_by_hash(&hash(2)).await.unwrap(), None, "nothing is made by it");
        revoke(&table, "acme", 1).await;
        assert!(!note(500).await);
    })
    .await;
}
