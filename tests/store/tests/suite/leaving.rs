//! Deleting all that is stored of a tenant, what points to him included, and nothing of another's.

use domain::api_key::ApiKey;
use domain::governance::AuditEntry;
use domain::plan::Billing;
use domain::sealed::Sealed;
use domain::setup::{Setup, Stage};
use domain::tenant::Settings;
use jiff::{SignedDuration, Timestamp};
use store::{AccountStatus, Connection, Installation, Leaving, Table, Task, Work};
use store_engines::on_each_engine;
use store_engines::sample::{account, connection, entry, minute, tenant};

fn leaving_now() -> Leaving {
    Leaving::new(minute(0), "customer ana".to_owned(), minute(60))
}

fn installation(name: &str) -> Installation {
    Installation {
        team: format!("T-{name}"),
        team_name: name.to_owned(),
        bot_user: "U0BOT".to_owned(),
        channel: "C1".to_owned(),
        channel_name: "#alerts".to_owned(),
        token: Sealed { key: "key".to_owned(), ciphertext: "AAAA".to_owned() },
        installed_by: "U0ANA".to_owned(),
        installed_at: minute(1),
        broken: None,
    }
}

fn api_key() -> ApiKey {
    ApiKey {
        id: "01JXA".to_owned(),
        name: "CI".to_owned(),
        hint: "dd0c_Ab3…".to_owned(),
        rights: [].into(),
        created_by: "ana".to_owned(),
        created_at: minute(1),
        last_used_at: None,
        revoked_at: None,
    }
}

fn setup(name: &str) -> Setup {
    Setup {
        id: "01J".to_owned(),
        external_id: "6f1b2d1e-0000-4000-8000-000000000000".to_owned(),
        handshake: handshake(name),
        created_at: minute(0),
        stage: Stage::Waiting,
        looked_for_since: None,
        checking_since: None,
        version: 0,
    }
}

fn handshake(name: &str) -> String {
    format!("handshake-{name}-0123456789-ABCDEFGHIJ")
}

fn digest(name: &str) -> String {
    format!("{name}#{}", minute(0).to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// Something of everything that is no account's.
async fn fill(table: &Table, name: &str) {
    let scope = tenant(name);
    for nth in 0..3 {
        let sub = format!("{name}-{nth}");
        table.sign_up(&sub, "Ana", scope.tenant(), &entry(nth), minute(nth)).await.unwrap();
    }
    table.change_settings(&scope, (0, &Settings::default()), &entry(4)).await.unwrap();
    table.install(&scope, &installation(name), &entry(5)).await.unwrap();
    let hash = format!("hash-{name}");
    table.create_api_key(&scope, &api_key(), &hash, &entry(6)).await.unwrap();
    table.begin_setup(&scope, &setup(name)).await.unwrap();
    let kept = table.billing(&scope).await.unwrap();
    let billing = Billing { customer: Some(format!("cus_{name}")), ..Billing::default() };
    table.change_billing(&scope, &kept, billing, None).await.unwrap();
    table.set_due(&Task::Digest { tenant: scope.tenant().clone() }, minute(9)).await.unwrap();
    for (kind, id) in claims(name) {
        table.claim_work((kind, &id), (minute(0), minute(9))).await.unwrap();
    }
    for nth in 10..60 {
        let changed = AuditEntry { what: "settings".to_owned(), ..entry(nth) };
        let settings = table.settings_with_version(&scope).await.unwrap();
        let version = settings.1;
        table.change_settings(&scope, (version, &settings.0), &changed).await.unwrap();
    }
}

fn claims(name: &str) -> [(&'static str, String); 3] {
    let asked_at = minute(0);
    [
        ("digest", digest(name)),
        ("billing", name.to_owned()),
        ("leaving", format!("{name}#{asked_at}#asked")),
    ]
}

/// What points to a tenant: how many of it.
async fn pointing_to(table: &Table, name: &str) -> usize {
    let scope = tenant(name);
    let mut found = 0;
    for nth in 0..3 {
        let login = table.tenant_of_login(&format!("{name}-{nth}")).await.unwrap();
        found += usize::from(login == Some(scope.clone()));
    }
    let key = table.api_key_by_hash(&format!("hash-{name}")).await.unwrap();
    let team = table.tenant_of_team(&format!("T-{name}")).await.unwrap();
    let customer = table.tenant_of_customer(&format!("cus_{name}")).await.unwrap();
    let setup = table.setup_of_handshake(&handshake(name)).await.unwrap();
    let taken = table.take_handshake(&handshake(name), "one", minute(1)).await.unwrap();
    found
        + usize::from(key.is_some())
        + usize::from(team.is_some())
        + usize::from(customer.is_some())
        + usize::from(setup.is_some())
        + usize::from(taken.is_some())
}

#[tokio::test]
async fn nothing_is_left_of_a_tenant_and_nothing_points_to_him_and_another_is_untouched() {
    on_each_engine("tenant-purged", async |_, table| {
        fill(&table, "acme").await;
        fill(&table, "initech").await;
        let (acme, initech) = (tenant("acme"), tenant("initech"));
        assert_eq!(pointing_to(&table, "acme").await, 8);
        let of_other = table.count_left_of_tenant(&initech).await.unwrap();
        assert!(table.change_leaving(&acme, &leaving_now(), Some(&entry(61))).await.unwrap());
        let mut left = table.count_left_of_tenant(&acme).await.unwrap();
        assert!(left > 60, "{left}");
        while left > 0 {
            let deleted = table.purge_tenant_some(&acme, 7).await.unwrap();
            assert!((1..=7).contains(&deleted), "{deleted} of {left}");
            left -= u64::try_from(deleted).unwrap();
            assert_eq!(table.count_left_of_tenant(&acme).await.unwrap(), left);
        }
        assert_eq!(table.purge_tenant_some(&acme, 7).await.unwrap(), 0);
        assert_eq!(pointing_to(&table, "acme").await, 0);
        table.purge_claims_of_tenant(&acme, minute(0), minute(60)).await.unwrap();
        for (kind, id) in claims("acme") {
            // As if nobody had ever been at it.
            let again = table.claim_work((kind, &id), (minute(1), minute(9))).await.unwrap();
            assert_eq!(again, Work::Ours, "{kind}");
        }
        let leaving = table.leaving(&acme).await.unwrap().unwrap();
        assert!(table.left(&acme, &leaving, &entry(62)).await.unwrap());
        assert_eq!(table.leaving(&acme).await.unwrap(), None);
        assert!(table.leavers().await.unwrap().is_empty());
        assert_eq!(table.audit_of_all(Timestamp::UNIX_EPOCH).await.unwrap(), [entry(62)]);

        assert_eq!(table.count_left_of_tenant(&initech).await.unwrap(), of_other);
        assert_eq!(pointing_to(&table, "initech").await, 8);
        for (kind, id) in claims("initech") {
            let again = table.claim_work((kind, &id), (minute(1), minute(9))).await.unwrap();
            assert_eq!(again, Work::InProgress, "{kind}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_points_to_another_tenant_by_now_stays_his() {
    on_each_engine("tenant-lookups", async |_, table| {
        fill(&table, "acme").await;
        let (acme, initech) = (tenant("acme"), tenant("initech"));
        let team = installation("acme");
        // As after an uninstallation of which one half is still to be seen.
        table.uninstall(&acme, (&team.team, Some(&team)), &entry(70)).await.unwrap();
        table.install(&initech, &team, &entry(71)).await.unwrap();
        while table.purge_tenant_some(&acme, 100).await.unwrap() > 0 {}
        assert_eq!(table.tenant_of_team(&team.team).await.unwrap(), Some(initech));
    })
    .await;
}

#[tokio::test]
async fn an_account_is_disconnected_with_its_tenant_only_as_long_as_that_leaves() {
    on_each_engine("leaver-account", async |_, table| {
        let acme = tenant("acme");
        table.connect(&acme, &connection(&account()), &entry(0)).await.unwrap();
        assert!(table.change_leaving(&acme, &leaving_now(), Some(&entry(1))).await.unwrap());
        let leaving = table.leaving(&acme).await.unwrap().unwrap();
        assert_eq!(leaving, Leaving { version: 1, ..leaving_now() });
        assert_eq!(table.leavers().await.unwrap(), std::slice::from_ref(&acme));
        let before = table.connection(&acme, &account()).await.unwrap().unwrap();
        let after = Connection { status: AccountStatus::Disconnecting, ..before.clone() };
        let undone = Leaving { undone_at: Some(minute(2)), ..leaving.clone() };
        assert!(table.change_leaving(&acme, &undone, None).await.unwrap());
        assert!(!table.change_leaving(&acme, &undone, None).await.unwrap(), "it has changed");
        let both = (&before, &after);
        let change = table.change_connection_of_leaver(&acme, &leaving, both, &entry(3)).await;
        assert!(!change.unwrap());
        assert_eq!(table.connection(&acme, &account()).await.unwrap(), Some(before.clone()));
        let now = table.leaving(&acme).await.unwrap().unwrap();
        assert!(!now.holds());
        let change = table.change_connection_of_leaver(&acme, &now, both, &entry(3)).await;
        assert!(change.unwrap());
        assert!(!table.stay(&acme, &leaving).await.unwrap());
        assert!(table.stay(&acme, &now).await.unwrap());
        assert_eq!(table.leaving(&acme).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_task_that_was_taken_away_does_not_begin_anew() {
    on_each_engine("due-again", async |_, table| {
        let task = Task::Digest { tenant: tenant("acme").tenant().clone() };
        let later = minute(0) + SignedDuration::from_hours(24);
        assert!(!table.set_due_again(&task, minute(1)).await.unwrap());
        assert!(table.due(later, 9).await.unwrap().tasks.is_empty());
        table.set_due(&task, minute(1)).await.unwrap();
        assert!(table.set_due_again(&task, minute(2)).await.unwrap());
        assert_eq!(table.due(later, 9).await.unwrap().tasks[0].task, task);
    })
    .await;
}
