//! Questions and their answers.

use crate::cards::dear;
use domain::decision::Severity;
use domain::governance::Asker;
use domain::ids::{AccountId, TenantId};
use domain::tenant::{MAX_ROUTES, Route};
use journeys::office::{Office, account, shown};
use journeys::tenant;
use pipeline::lifecycle::entry;
use slack_double::CHANNEL;
use store::{AccountStatus, Connection, TenantScope};

#[tokio::test]
async fn every_command_is_answered_so_that_only_who_asked_sees_it() {
    let mut office = Office::furnished().await;
    assert!(office.ask("").await.contains("What dd0c/cost understands"));
    assert!(office.ask("status").await.contains("1 account watched"));
    assert!(office.ask("anomalies").await.contains("No anomaly is open"));
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    let id = office.anomalies().await.remove(0).id;
    let listed = office.ask("anomalies").await;
    assert!(listed.contains(&id) && listed.contains("/archives/"), "{listed}");
    assert!(office.ask("accounts").await.contains("111122223333: alerts"));
    assert!(office.ask("digest now").await.contains("1 anomaly open"));
    assert!(office.ask(&format!("details {id}")).await.contains("burst_dollars"));
    assert!(office.ask("statsu").await.contains("did you mean /dd0c status"));
    assert!(office.ask(&format!("snooze {id} 4h")).await.contains("Snoozed until"));
    assert!(office.ask(&format!("expected {id}")).await.contains("the card says so"));
    assert!(office.ask(&format!("expected {id}")).await.contains("said before"));
    let [card] = office.cards().try_into().unwrap();
    assert!(shown(&card).contains("Expected, says ana"), "{card:?}");
    let none = "00000000000000000000000000";
    assert!(office.ask(&format!("not-expected {none}")).await.contains("no such anomaly"));
}

#[tokio::test]
async fn how_an_account_stands_is_told_as_it_is() {
    let office = Office::furnished().await;
    let stands = async |change: &dyn Fn(&mut Connection)| {
        let before = office.table.connection(&tenant(), &account()).await.unwrap().unwrap();
        let mut after = before.clone();
        change(&mut after);
        let entry = entry("test", &Asker::Rules, (None, &after), String::new(), office.now());
        assert!(office.table.change_connection(&tenant(), &before, &after, &entry).await.unwrap());
        (office.ask("accounts").await, office.ask("status").await)
    };
    let (said, _) = stands(&|it| it.alias = Some("production".to_owned())).await;
    assert!(said.contains("production (111122223333): alerts"), "{said}");
    let (said, _) = stands(&|it| it.status = AccountStatus::Degraded).await;
    assert!(said.contains("alerts; we are partly blind"), "{said}");
    let (said, _) = stands(&|it| it.governance.customer_strict = true).await;
    assert!(said.contains("all is held back, as you asked; we are partly blind"), "{said}");
    let (said, status) = stands(&|it| it.status = AccountStatus::Paused).await;
    assert!(said.contains("paused until it is paid for"), "{said}");
    assert!(status.contains("0 accounts watched"), "{status}");
}

#[tokio::test]
async fn no_more_channels_are_settled_than_the_dashboard_can_show() {
    let office = Office::furnished().await;
    let (mut settings, version) = office.table.settings_with_version(&tenant()).await.unwrap();
    for nth in 0..MAX_ROUTES {
        let channel = format!("C00000000{nth:02}");
        let account = Some(AccountId::parse(&format!("{:012}", nth + 1)).unwrap());
        settings.route(Route { account, at_least: Severity::Info, channel });
    }
    let connection = office.table.connection(&tenant(), &account()).await.unwrap().unwrap();
    let entry = entry("test", &Asker::Rules, (None, &connection), String::new(), office.now());
    let changed = (version, &settings);
    assert!(office.table.change_settings(&tenant(), changed, &entry).await.unwrap());
    let said = office.ask("here").await;
    assert!(said.contains("20 channels are the most"), "{said}");
    assert_eq!(office.table.settings(&tenant()).await.unwrap(), settings);
}

#[tokio::test]
async fn another_tenant_s_anomaly_does_not_exist() {
    let office = Office::furnished().await;
    let stranger = TenantScope::of_operator(TenantId::parse("stranger").unwrap());
    let other = AccountId::parse("999988887777").unwrap();
    let connection = Connection {
        account: other.clone(),
        ..office.table.connection(&tenant(), &account()).await.unwrap().unwrap()
    };
    let asker = Asker::Operator("ana".to_owned());
    let entry = entry("connect", &asker, (None, &connection), String::new(), office.now());
    office.table.connect(&stranger, &connection, &entry).await.unwrap();
    let call = sample_trail::Call {
        account: other.to_string(),
        region: "eu-west-1",
        at: office.now(),
        caller: sample_trail::Caller::User("eve"),
        serial: 77,
    };
    office.happens(&dear(&call)).await;
    let theirs = office.table.anomalies(&other).await.unwrap().remove(0).id;
    for command in ["expected", "not-expected", "details"] {
        let said = office.ask(&format!("{command} {theirs}")).await;
        assert!(said.contains("no such anomaly"), "{said}");
    }
    assert!(office.ask(&format!("snooze {theirs} 1h")).await.contains("no such anomaly"));
    assert!(office.ask("anomalies --all").await.contains("No anomaly"));
    assert!(office.ask(&format!("anomalies {other}")).await.contains("No anomaly"));
    assert!(office.ask(&format!("here {other}")).await.contains("not connected"));
    assert_eq!(office.table.anomalies(&other).await.unwrap()[0].answered, None);
}

#[tokio::test]
async fn settings_are_kept_with_who_set_them() {
    let office = Office::furnished().await;
    assert!(office.ask("timezone Europe/Berlin").await.contains("Europe/Berlin"));
    assert!(office.ask("timezone Atlantis").await.contains("looks like Europe/Berlin"));
    assert!(office.ask("quiet 22:00-07:00").await.contains("22:00-07:00"));
    assert!(office.ask("here critical").await.contains("from critical on"));
    let settings = office.table.settings(&tenant()).await.unwrap();
    assert_eq!(settings.zone.name(), "Europe/Berlin");
    assert_eq!(settings.quiet.unwrap().to_string(), "22:00-07:00");
    assert_eq!(settings.routes[0].channel, CHANNEL);
    let audit = office.table.audit(&tenant(), jiff::Timestamp::MIN).await.unwrap();
    let of_settings = audit.iter().filter(|entry| entry.what == "settings");
    assert!(of_settings.clone().all(|entry| entry.who.contains("ana")));
    assert_eq!(of_settings.count(), 3);
    office.ask("here off").await;
    office.ask("quiet off").await;
    let settings = office.table.settings(&tenant()).await.unwrap();
    assert!(settings.routes.is_empty() && settings.quiet.is_none());
}

#[tokio::test]
async fn details_and_a_second_thought_by_buttons() {
    let mut office = Office::furnished().await;
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    let [card] = office.cards().try_into().unwrap();
    office.press(&card, "details").await;
    assert!(office.answers()[0].contains("score"), "{:?}", office.answers());
    office.press(&card, "expected").await;
    let [card] = office.cards().try_into().unwrap();
    office.press(&card, "not_expected").await;
    let [card] = office.cards().try_into().unwrap();
    assert!(shown(&card).contains("NOT EXPECTED"), "{card:?}");
    let answers = office.table.answers(&account()).await.unwrap();
    assert_eq!((answers.expected, answers.not_expected), (0, 1));
}

#[tokio::test]
async fn who_leaves_may_look_and_changes_nothing_until_he_stays() {
    let mut office = Office::furnished().await;
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    let id = office.anomalies().await.remove(0).id;
    let ana = Asker::Customer("ana".to_owned());
    pipeline::leaving::ask(&office.table, &tenant(), &ana, office.now()).await.unwrap();
    let settings = office.table.settings(&tenant()).await.unwrap();
    for command in [
        format!("snooze {id} 4h"),
        format!("expected {id}"),
        format!("not-expected {id}"),
        "timezone Europe/Berlin".to_owned(),
        "quiet 22:00-07:00".to_owned(),
        "here".to_owned(),
    ] {
        let said = office.ask(&command).await;
        assert!(said.contains("is being deleted") && said.contains("dashboard"), "{said}");
    }
    let [card] = office.cards().try_into().unwrap();
    for button in ["expected", "not_expected", "snooze_1h", "snooze_24h"] {
        office.press(&card, button).await;
    }
    let refused = office.answers().iter().filter(|said| said.contains("being deleted")).count();
    assert_eq!(refused, 6 + 4, "commands and buttons: {:?}", office.answers());
    assert_eq!(office.table.settings(&tenant()).await.unwrap(), settings);
    let anomaly = office.anomalies().await.remove(0);
    assert!(anomaly.answered.is_none() && anomaly.snooze.is_none(), "{anomaly:?}");
    assert!(office.ask(&format!("details {id}")).await.contains("burst_dollars"));
    assert!(office.ask("statsu").await.contains("did you mean"));
    assert!(pipeline::leaving::undo(&office.table, &tenant(), &ana, office.now()).await.unwrap());
    assert!(office.ask(&format!("expected {id}")).await.contains("the card says so"));
}
