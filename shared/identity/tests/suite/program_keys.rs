//! Programs: by a key that a person of the tenant has made.

use super::{identity, login, second};
use domain::api_key::{ApiKey, Right};
use domain::governance::{Asker, AuditEntry};
use identity::{Caller, FreshKey, Identity, Refusal, Who, fresh_key};
use secrecy::ExposeSecret;
use store::{KeyMade, Table};

fn entry(what: &str, seconds: i64) -> AuditEntry {
    AuditEntry {
        at: second(seconds),
        who: "customer ana".to_owned(),
        what: what.to_owned(),
        account: None,
        old: String::new(),
        new: "CI".to_owned(),
        why: String::new(),
    }
}

/// Ana, a key of her tenant, and how it is asked with.
async fn world() -> (Table, Identity, Caller, FreshKey, String) {
    let login = login();
    let (table, identity) = identity(&login).await;
    let header = format!("Bearer {}", login.access_token("ana", second(0)));
    let ana = identity.authenticate(Some(&header), second(0)).await.unwrap();
    let fresh = fresh_key().unwrap();
    let key = ApiKey {
        id: "01JXA000000000000000000001".to_owned(),
        name: "CI".to_owned(),
        hint: fresh.hint.clone(),
        rights: [Right::AnomaliesRead].into(),
        created_by: "ana".to_owned(),
        created_at: second(0),
        last_used_at: None,
        revoked_at: None,
    };
    let made = table.create_api_key(&ana.scope, &key, &fresh.hash, &entry("make key", 0)).await;
    assert_eq!(made.unwrap(), KeyMade::Now);
    let header = format!("Bearer {}", fresh.secret.expose_secret());
    (table, identity, ana, fresh, header)
}

#[tokio::test]
async fn a_key_asks_for_its_tenant_within_its_rights() {
    let (_, identity, ana, _, header) = world().await;
    let program = identity.authenticate(Some(&header), second(5)).await.unwrap();
    assert_eq!(program.scope, ana.scope);
    assert!(program.may(Right::AnomaliesRead) && !program.may(Right::AnomaliesWrite));
    assert_eq!(program.asker(), Asker::Customer("key CI".to_owned()));
    assert_ne!(program.principal(), ana.principal());
    assert!(matches!(program.who, Who::Key(key) if key.id == "01JXA000000000000000000001"));
}

#[tokio::test]
async fn its_last_use_is_noted_once_in_ten_minutes() {
    let (table, identity, ana, fresh, header) = world().await;
    let used = async |seconds| {
        identity.authenticate(Some(&header), second(seconds)).await.unwrap();
        table.api_keys(&ana.scope).await.unwrap()[0].last_used_at
    };
    assert_eq!(used(5).await, Some(second(5)));
    assert_eq!(used(6).await, Some(second(5)));
    assert_eq!(used(604).await, Some(second(5)));
    assert_eq!(used(605).await, Some(second(605)));
    assert!(!table.note_api_key_used(&fresh.hash, second(606)).await.unwrap());
}

#[tokio::test]
async fn a_revoked_key_is_good_for_nothing_from_then_on() {
    let (table, identity, ana, fresh, header) = world().await;
    identity.authenticate(Some(&header), second(1)).await.unwrap();
    let id = "01JXA000000000000000000001";
    let revoke = entry("revoke key", 2);
    assert!(table.revoke_api_key(&ana.scope, id, second(2), &revoke).await.unwrap());
    let answer = identity.authenticate(Some(&header), second(3)).await;
    assert_eq!(answer, Err(Refusal::Invalid("no live key")));
    assert!(!table.note_api_key_used(&fresh.hash, second(9_000)).await.unwrap());
}

#[tokio::test]
async fn a_typo_and_a_key_that_nobody_made_open_nothing() {
    let (_, identity, _, fresh, header) = world().await;
    let (start, end) = header.split_at(header.len() - 8);
    let end: String = end.chars().rev().collect();
    let typo = identity.authenticate(Some(&format!("{start}{end}")), second(1)).await;
    assert_eq!(typo, Err(Refusal::Invalid("the checksum of the key is wrong")));
    let another = format!("Bearer {}", fresh_key().unwrap().secret.expose_secret());
    let answer = identity.authenticate(Some(&another), second(1)).await;
    assert_eq!(answer, Err(Refusal::Invalid("no live key")));
    // What is kept of a key is not the key.
    let hash = format!("Bearer dd0c_{}", fresh.hash);
    assert!(identity.authenticate(Some(&hash), second(1)).await.is_err());
}
