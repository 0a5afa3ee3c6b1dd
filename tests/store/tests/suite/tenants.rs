//! What belongs to a tenant beside his accounts: settings, a workspace of Slack, states given out.

use domain::decision::Severity;
use domain::sealed::Sealed;
use domain::tenant::{QuietHours, Route, Settings, Webhook, Zone};
use jiff::{SignedDuration, Timestamp};
use store::{Installation, Installed, StateKind, Table};
use store_engines::on_each_engine;
use store_engines::sample::{account, entry, minute, tenant};

fn sealed(text: &str) -> Sealed {
    Sealed { key: "1".to_owned(), ciphertext: text.to_owned() }
}

fn workspace(team: &str, at: i64) -> Installation {
    Installation {
        team: team.to_owned(),
        team_name: "Acme".to_owned(),
        bot_user: "U0BOT".to_owned(),
        channel: "C1".to_owned(),
        channel_name: "#alerts".to_owned(),
        token: sealed("AAAA"),
        installed_by: "U0ANA".to_owned(),
        installed_at: minute(at),
        broken: None,
    }
}

async fn install(table: &Table, of: &str, team: &str, at: i64) -> Installed {
    table.install(&tenant(of), &workspace(team, at), &entry(at)).await.unwrap()
}

#[tokio::test]
async fn settings_come_back_as_they_were() {
    on_each_engine("settings", async |_, table| {
        let acme = tenant("acme");
        assert_eq!(table.settings(&acme).await.unwrap(), Settings::default());
        let settings = Settings {
            zone: Zone::parse("America/New_York").unwrap(),
            quiet: Some(QuietHours::parse("22:00-07:00").unwrap()),
            routes: vec![Route {
                account: Some(account()),
                at_least: Severity::Critical,
                channel: "C2".to_owned(),
            }],
            webhook: Some(Webhook {
                url: "https://example.com/hook".to_owned(),
                key: sealed("BBBB"),
            }),
        };
        let changed = table.change_settings(&acme, (0, &settings), &entry(1)).await.unwrap();
        assert!(changed);
        let of_old = table.change_settings(&acme, (0, &Settings::default()), &entry(2)).await;
        assert!(!of_old.unwrap(), "somebody else has changed them meanwhile");
        assert_eq!(table.settings_with_version(&acme).await.unwrap(), (settings.clone(), 1));
        assert_eq!(table.settings(&acme).await.unwrap(), settings);
        assert_eq!(table.settings(&tenant("other")).await.unwrap(), Settings::default());
        assert_eq!(table.audit(&acme, minute(0)).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_workspace_is_of_one_tenant_and_a_tenant_has_one_workspace() {
    on_each_engine("workspaces", async |_, table| {
        assert_eq!(install(&table, "acme", "T1", 1).await, Installed::Now);
        assert_eq!(install(&table, "other", "T1", 2).await, Installed::OfAnother);
        assert_eq!(table.installation(&tenant("other")).await.unwrap(), None);
        assert_eq!(install(&table, "acme", "T2", 3).await, Installed::Now);
        let now = table.installation(&tenant("acme")).await.unwrap();
        assert_eq!(now, Some(workspace("T2", 3)));
        assert_eq!(table.tenant_of_team("T1").await.unwrap(), None);
        assert_eq!(table.tenant_of_team("T2").await.unwrap(), Some(tenant("acme")));
        assert_eq!(install(&table, "other", "T1", 4).await, Installed::Now, "it is free again");
    })
    .await;
}

#[tokio::test]
async fn a_broken_workspace_says_why_and_an_uninstalled_one_is_gone() {
    on_each_engine("broken", async |_, table| {
        let acme = tenant("acme");
        install(&table, "acme", "T1", 1).await;
        table.mark_broken(&acme, &workspace("T1", 0), "of an older installation").await.unwrap();
        assert_eq!(table.installation(&acme).await.unwrap().unwrap().broken, None);
        table.mark_broken(&acme, &workspace("T1", 1), "revoked").await.unwrap();
        let broken = table.installation(&acme).await.unwrap().unwrap().broken;
        assert_eq!(broken.as_deref(), Some("revoked"));
        table.mark_broken(&acme, &workspace("T9", 1), "nothing is made").await.unwrap();
        install(&table, "acme", "T1", 3).await;
        assert_eq!(table.installation(&acme).await.unwrap().unwrap().broken, None);
        table.uninstall(&acme, ("T1", Some(&workspace("T1", 1))), &entry(2)).await.unwrap();
        assert!(table.installation(&acme).await.unwrap().is_some(), "let in again meanwhile");
        table.uninstall(&acme, ("T1", Some(&workspace("T1", 3))), &entry(4)).await.unwrap();
        assert_eq!(table.installation(&acme).await.unwrap(), None);
        assert_eq!(table.tenant_of_team("T1").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_state_is_taken_back_once_and_within_ten_minutes() {
    on_each_engine("states", async |_, table| {
        let state = (StateKind::SlackInstall, "s1");
        let later = |minutes| minute(0) + SignedDuration::from_mins(minutes);
        table.give_state(&tenant("acme"), state, minute(0)).await.unwrap();
        let has = async |at: Timestamp| table.has_state(state, at).await.unwrap();
        assert!(has(later(9)).await && !has(later(10)).await);
        assert_eq!(table.take_state(state, later(10)).await.unwrap(), None, "too late");
        let (one, other) =
            tokio::join!(table.take_state(state, later(9)), table.take_state(state, later(9)));
        let taken = [one.unwrap(), other.unwrap()];
        assert_eq!(taken.iter().flatten().count(), 1, "{taken:?}");
        assert!(taken.contains(&Some(tenant("acme"))));
        assert!(!has(later(1)).await);
    })
    .await;
}
