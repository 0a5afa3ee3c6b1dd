//! Who changed what: written with the change, in the order of time, and never lost.

use domain::governance::AuditEntry;
use jiff::Timestamp;
use store::{AccountStatus, Connected, Connection};
use store_engines::on_each_engine;
use store_engines::sample::{account, connection, entry, leaving, minute, tenant};

const EVER: Timestamp = Timestamp::UNIX_EPOCH;

#[tokio::test]
async fn a_change_and_its_entry_are_written_together_or_not_at_all() {
    on_each_engine("audit", async |_, table| {
        let (acme, own) = (tenant("acme"), connection(&account()));
        assert_eq!(table.audit(&acme, EVER).await.unwrap(), []);
        let connected = table.connect(&acme, &own, &entry(1)).await.unwrap();
        assert_eq!(connected, Connected::Now);
        table.connect(&acme, &own, &entry(2)).await.unwrap();
        assert_eq!(table.audit(&acme, EVER).await.unwrap(), [entry(1)]);

        let leaving = Connection { status: AccountStatus::Disconnecting, ..own.clone() };
        assert!(table.change_connection(&acme, &own, &leaving, &entry(3)).await.unwrap());
        assert!(!table.change_connection(&acme, &own, &leaving, &entry(4)).await.unwrap());
        assert_eq!(table.audit(&acme, EVER).await.unwrap(), [entry(1), entry(3)]);
        assert_eq!(table.audit(&tenant("other"), EVER).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn entries_come_in_the_order_of_time_from_a_moment_on() {
    on_each_engine("audit-since", async |_, table| {
        let (acme, mut before) = (tenant("acme"), connection(&account()));
        table.connect(&acme, &before, &entry(0)).await.unwrap();
        for (nth, minutes) in [(1, 300), (2, 20), (3, 100)] {
            let after = Connection {
                purge_at: Some(minute(nth)),
                version: before.version + 1,
                ..before.clone()
            };
            let changed = table.change_connection(&acme, &before, &after, &entry(minutes)).await;
            assert!(changed.unwrap());
            before = after;
        }
        let expected = [20, 100, 300].map(entry);
        assert_eq!(table.audit(&acme, minute(1)).await.unwrap(), expected);
        assert_eq!(table.audit(&acme, minute(20)).await.unwrap(), expected);
        assert_eq!(table.audit(&acme, minute(101)).await.unwrap(), expected[2..]);
    })
    .await;
}

#[tokio::test]
async fn an_entry_is_never_written_over() {
    on_each_engine("audit-append", async |_, table| {
        let (acme, own) = (tenant("acme"), connection(&account()));
        table.connect(&acme, &own, &entry(1)).await.unwrap();
        let after = Connection { purge_at: Some(minute(1)), ..own.clone() };
        // Another change at the same moment has a place of its own, the same has none.
        assert!(!table.change_connection(&acme, &own, &after, &entry(1)).await.unwrap());
        let other = AuditEntry { who: "operator bo".to_owned(), ..entry(1) };
        assert!(table.change_connection(&acme, &own, &after, &other).await.unwrap());
        let entries = table.audit(&acme, EVER).await.unwrap();
        assert_eq!(entries.len(), 2);
        assert!(entries.contains(&entry(1)) && entries.contains(&other), "{entries:?}");
    })
    .await;
}

#[tokio::test]
async fn the_audit_of_a_tenant_outlives_his_account() {
    on_each_engine("audit-purged", async |_, table| {
        let acme = tenant("acme");
        table.connect(&acme, &leaving(&account()), &entry(1)).await.unwrap();
        table.purge_some(&account(), 1_000).await.unwrap();
        assert!(table.forget(&acme, &leaving(&account())).await.unwrap());
        assert_eq!(table.audit(&acme, EVER).await.unwrap(), [entry(1)]);
        // He may come back and is written down once more.
        table.connect(&acme, &connection(&account()), &entry(9)).await.unwrap();
        assert_eq!(table.audit(&acme, EVER).await.unwrap(), [entry(1), entry(9)]);
    })
    .await;
}

#[tokio::test]
async fn what_is_changed_for_all_stands_beside_the_switch() {
    on_each_engine("audit-all", async |_, table| {
        for (minutes, on) in (1..).zip([true, false]) {
            let entry = AuditEntry { account: None, ..entry(minutes) };
            table.set_panic_mode(on, &entry).await.unwrap();
        }
        let entries = table.audit_of_all(EVER).await.unwrap();
        let when: Vec<Timestamp> = entries.iter().map(|entry| entry.at).collect();
        assert_eq!(when, [minute(1), minute(2)]);
        assert!(entries.iter().all(|entry| entry.account.is_none()));
        assert_eq!(table.audit(&tenant("acme"), EVER).await.unwrap(), []);
        assert!(!table.panic_mode().await.unwrap());
    })
    .await;
}
