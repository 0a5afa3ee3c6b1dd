//! Logins: each belongs to one tenant, whoever else signs up at the same moment.

use domain::governance::AuditEntry;
use domain::ids::TenantId;
use domain::tenant::Settings;
use jiff::Timestamp;
use store::{Member, StoreError, Table, TenantScope};
use store_engines::sample::{entry, minute, tenant};
use store_engines::{on_each_engine, patiently};

const EVER: Timestamp = Timestamp::UNIX_EPOCH;

fn id(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

fn signed_up(of: &str) -> AuditEntry {
    AuditEntry { account: None, new: of.to_owned(), what: "sign up".to_owned(), ..entry(1) }
}

async fn sign_up(table: &Table, sub: &str, of: &str) -> Result<TenantScope, StoreError> {
    let login = table.sign_up(sub, "ana", &id(of), &signed_up(of), minute(1)).await?;
    assert_eq!(login.name.as_deref(), Some("ana"));
    Ok(login.scope)
}

#[tokio::test]
async fn a_login_leads_to_its_tenant_from_the_moment_it_signed_up() {
    on_each_engine("login", async |_, table| {
        assert_eq!(table.tenant_of_login("s1").await.unwrap(), None);
        assert_eq!(sign_up(&table, "s1", "acme").await.unwrap(), tenant("acme"));
        assert_eq!(table.tenant_of_login("s1").await.unwrap(), Some(tenant("acme")));
        assert_eq!(table.tenant_of_login("s").await.unwrap(), None);
        let member = Member { sub: "s1".to_owned(), name: "ana".to_owned(), joined_at: minute(1) };
        assert_eq!(table.members(&tenant("acme")).await.unwrap(), [member]);
        assert_eq!(table.members(&tenant("initech")).await.unwrap(), []);
        assert_eq!(table.audit(&tenant("acme"), EVER).await.unwrap(), [signed_up("acme")]);
    })
    .await;
}

#[tokio::test]
async fn a_login_that_has_a_tenant_gets_no_other() {
    on_each_engine("login-again", async |_, table| {
        sign_up(&table, "s1", "acme").await.unwrap();
        assert_eq!(sign_up(&table, "s1", "initech").await.unwrap(), tenant("acme"));
        assert_eq!(table.members(&tenant("initech")).await.unwrap(), []);
        assert_eq!(table.audit(&tenant("initech"), EVER).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_tenant_that_is_there_keeps_what_it_has_settled() {
    on_each_engine("login-joins", async |_, table| {
        let settings = Settings {
            quiet: Some(domain::tenant::QuietHours::parse("22:00-07:00").unwrap()),
            ..Settings::default()
        };
        assert!(table.change_settings(&tenant("acme"), (0, &settings), &entry(0)).await.unwrap());
        sign_up(&table, "s1", "acme").await.unwrap();
        assert_eq!(table.settings(&tenant("acme")).await.unwrap(), settings);
        sign_up(&table, "s2", "initech").await.unwrap();
        assert_eq!(table.settings(&tenant("initech")).await.unwrap(), Settings::default());
    })
    .await;
}

#[tokio::test]
async fn those_who_lose_a_race_have_the_winners_tenant() {
    on_each_engine("login-race", async |_, table| {
        // As everyone does who works with it: again while it is busy.
        let come = async |of: &str| patiently(async || sign_up(&table, "s1", of).await).await;
        let scopes = tokio::join!(come("a"), come("b"), come("c"), come("d"), come("e"));
        let scopes = [scopes.0, scopes.1, scopes.2, scopes.3, scopes.4];
        let winner = table.tenant_of_login("s1").await.unwrap().unwrap();
        assert!(scopes.iter().all(|scope| *scope == winner), "{scopes:?}");
        let mut members = 0;
        for of in ["a", "b", "c", "d", "e"] {
            members += table.members(&tenant(of)).await.unwrap().len();
        }
        assert_eq!(members, 1);
    })
    .await;
}
