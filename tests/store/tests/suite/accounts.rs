//! Accounts and the tenants that own them.

use domain::governance::AuditEntry;
use domain::policy::{Governance, Mode};
use store::{AccountStatus, Connected, Connection, Due, RoleAccess, Table, Task, TenantScope};
use store_engines::sample::{account, account_named, connection, entry, leaving, minute, tenant};
use store_engines::{on_each_engine, patiently};

async fn connect(table: &Table, scope: &TenantScope, connection: &Connection) -> Connected {
    let entry = AuditEntry { account: Some(connection.account.clone()), ..entry(0) };
    patiently(async || table.connect(scope, connection, &entry).await).await
}

#[tokio::test]
async fn an_account_is_connected_once() {
    on_each_engine("connected", async |_, table| {
        let (acme, own) = (tenant("acme"), connection(&account()));
        assert_eq!(table.owner(&account()).await.unwrap(), None);
        assert_eq!(table.connection(&acme, &account()).await.unwrap(), None);
        assert_eq!(connect(&table, &acme, &own).await, Connected::Now);
        let later = Connection { connected_at: minute(5), ..own.clone() };
        assert_eq!(connect(&table, &acme, &later).await, Connected::Already);
        assert_eq!(table.connection(&acme, &account()).await.unwrap(), Some(own));
        let owner = table.owner(&account()).await.unwrap().unwrap();
        assert_eq!((owner.scope, owner.status), (acme, AccountStatus::Active));
    })
    .await;
}

#[tokio::test]
async fn an_account_of_another_tenant_cannot_be_connected_or_seen() {
    on_each_engine("of-another", async |_, table| {
        let (acme, evil, own) = (tenant("acme"), tenant("evil"), connection(&account()));
        connect(&table, &acme, &own).await;
        assert_eq!(connect(&table, &evil, &own).await, Connected::OfAnother);
        assert_eq!(table.connection(&evil, &account()).await.unwrap(), None);
        assert_eq!(table.owner(&account()).await.unwrap().unwrap().scope, acme);
        let changed = table.change_connection(&evil, &own, &own, &entry(1)).await.unwrap();
        assert!(!changed, "a tenant has changed what is not there");
        assert_eq!(table.owner(&account()).await.unwrap().unwrap().scope, acme);
    })
    .await;
}

#[tokio::test]
async fn of_two_tenants_who_connect_an_account_at_once_one_gets_it() {
    on_each_engine("two-tenants", async |_, table| {
        let (acme, evil, own) = (tenant("acme"), tenant("evil"), connection(&account()));
        let ends = tokio::join!(connect(&table, &acme, &own), connect(&table, &evil, &own));
        let winner = match ends {
            (Connected::Now, Connected::OfAnother) => acme,
            (Connected::OfAnother, Connected::Now) => evil,
            other => panic!("{other:?}"),
        };
        assert_eq!(table.owner(&account()).await.unwrap().unwrap().scope, winner);
    })
    .await;
}

#[tokio::test]
async fn a_connection_is_changed_only_as_it_was_read() {
    on_each_engine("changed", async |_, table| {
        let (acme, before) = (tenant("acme"), connection(&account()));
        connect(&table, &acme, &before).await;
        let strict = Governance { mode: Mode::Strict, customer_strict: false };
        let after =
            Connection { governance: strict, promote_at: None, version: 1, ..before.clone() };
        assert!(table.change_connection(&acme, &before, &after, &entry(2)).await.unwrap());
        assert_eq!(table.connection(&acme, &account()).await.unwrap(), Some(after.clone()));
        assert!(!table.change_connection(&acme, &before, &before, &entry(3)).await.unwrap());
        assert_eq!(table.connection(&acme, &account()).await.unwrap(), Some(after.clone()));

        let status = AccountStatus::Disconnecting;
        let leaving =
            Connection { status, purge_at: Some(minute(99)), version: 2, ..after.clone() };
        assert!(table.change_connection(&acme, &after, &leaving, &entry(4)).await.unwrap());
        assert_eq!(table.connection(&acme, &account()).await.unwrap(), Some(leaving));
        assert_eq!(table.owner(&account()).await.unwrap().unwrap().status, status);
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_watched_again_is_looked_at_in_the_same_write() {
    on_each_engine("watched-again", async |_, table| {
        let acme = tenant("acme");
        let access = Some(RoleAccess {
            role_arn: format!("arn:aws:iam::{}:role/dd0c-cost-readonly", account()),
            external_id: "6f1b2d1e-0000-4000-8000-000000000000".to_owned(),
            regions: Vec::new(),
        });
        let mut before = Connection { access, ..connection(&account()) };
        connect(&table, &acme, &before).await;
        let looks = async || {
            let due = table.due(minute(60), 10).await.unwrap().tasks;
            let of = |due: &Due| due.task == Task::Check { account: account() };
            due.into_iter().filter(of).map(|due| due.at).collect::<Vec<_>>()
        };
        for (minutes, status) in [
            (1, AccountStatus::Disconnecting),
            (2, AccountStatus::Active),
            (3, AccountStatus::Degraded),
            (4, AccountStatus::Paused),
            (5, AccountStatus::Disconnecting),
            (6, AccountStatus::Active),
        ] {
            let after = Connection { status, ..before.clone() };
            assert!(
                table.change_connection(&acme, &before, &after, &entry(minutes)).await.unwrap()
            );
            let looked = match minutes {
                1 => vec![],
                2..=5 => vec![moment(2)],
                _ => vec![moment(6)],
            };
            assert_eq!(looks().await, looked, "{minutes}");
            before = Connection { version: before.version + 1, ..after };
        }
    })
    .await;
}

/// As a task says its time.
fn moment(minutes: i64) -> String {
    format!("{:.3}", minute(minutes))
}

#[tokio::test]
async fn of_two_who_change_a_connection_at_once_one_does() {
    on_each_engine("two-change", async |_, table| {
        let (acme, before) = (tenant("acme"), connection(&account()));
        connect(&table, &acme, &before).await;
        let status = AccountStatus::Disconnecting;
        let leaving = Connection { status, version: 1, ..before.clone() };
        let change = async || table.change_connection(&acme, &before, &leaving, &entry(5)).await;
        let (one, other) = tokio::join!(patiently(change), patiently(change));
        assert!(one != other, "{one} {other}");
        assert_eq!(table.connection(&acme, &account()).await.unwrap(), Some(leaving));
    })
    .await;
}

#[tokio::test]
async fn owned_accounts_are_listed_in_their_order_while_they_are_owned() {
    on_each_engine("owned", async |_, table| {
        let named = ["333333333333", "111111111111", "222222222222"].map(account_named);
        for (account, name) in named.iter().zip(["acme", "beta", "acme"]) {
            connect(&table, &tenant(name), &leaving(account)).await;
        }
        let [third, first, second] = named;
        let owned = async || table.owned_accounts().await.unwrap();
        assert_eq!(owned().await, [first.clone(), second.clone(), third.clone()]);
        assert!(table.forget(&tenant("beta"), &leaving(&first)).await.unwrap());
        assert_eq!(owned().await, [second, third]);
    })
    .await;
}

#[tokio::test]
async fn only_what_is_on_its_way_out_and_as_it_was_read_is_forgotten() {
    on_each_engine("not-forgotten", async |_, table| {
        let (acme, beta, own) = (tenant("acme"), tenant("beta"), connection(&account()));
        connect(&table, &acme, &own).await;
        assert!(!table.forget(&acme, &own).await.unwrap(), "it is watched");
        let gone = Connection { version: 1, ..leaving(&account()) };
        assert!(table.change_connection(&acme, &own, &gone, &entry(1)).await.unwrap());
        assert!(!table.forget(&acme, &own).await.unwrap(), "it was read before");
        assert!(!table.forget(&beta, &gone).await.unwrap(), "it is another tenant's");
        assert_eq!(table.owner(&account()).await.unwrap().unwrap().scope, acme);
        assert!(table.forget(&acme, &gone).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn an_account_that_was_forgotten_may_go_to_another_tenant() {
    on_each_engine("forgotten", async |_, table| {
        let (acme, beta, own) = (tenant("acme"), tenant("beta"), leaving(&account()));
        connect(&table, &acme, &own).await;
        for gone in [true, false] {
            assert_eq!(table.forget(&acme, &own).await.unwrap(), gone);
        }
        assert_eq!(table.owner(&account()).await.unwrap(), None);
        assert_eq!(table.connection(&acme, &account()).await.unwrap(), None);
        assert_eq!(connect(&table, &beta, &own).await, Connected::Now);
    })
    .await;
}
