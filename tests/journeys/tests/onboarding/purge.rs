//! After a purge nothing names the account but what was written down about it.

use crate::house::{HANDSHAKE, House, account, message};
use domain::decision::Severity;
use domain::governance::Asker;
use domain::health::TrailProblem;
use domain::tenant::Route;
use jiff::SignedDuration;
use journeys::tenant;
use pipeline::lifecycle::{Change, change, purge};
use pipeline::settings;
use sample_trail::{Call, Caller};

#[tokio::test]
async fn nothing_is_left_that_names_it_but_the_audit_trail() {
    let mut house = House::connected().await;
    // That it is blind is told, under a claim that outlives the account.
    house.customer.set().trail = Some(TrailProblem::NotLogging);
    house.after(24 * 60).await;
    assert_eq!(house.notes().len(), 1);
    house.customer.set().trail = None;
    house.comes_back("eu-west-1").await;
    let live = Call {
        account: account().to_string(),
        region: "eu-west-1",
        at: house.world.now,
        caller: Caller::User("ops"),
        serial: 1,
    };
    house.world.send(&live.run_instances("p4d.24xlarge", 4, None)).await;
    house.world.rest().await;
    house.after(24 * 60).await;
    // A further setup of another account, and one of this one that came to nothing.
    let second = house.begin_with(&tenant(), "another", &format!("{HANDSHAKE}-2")).await.unwrap();
    let third = house.begin_with(&tenant(), "third", &format!("{HANDSHAKE}-3")).await.unwrap();
    let mut again = message("Create", "2");
    again["ResourceProperties"]["Handshake"] = second.handshake.clone().into();
    house.called(&again).await.unwrap();
    house.finish().await;
    let asker = Asker::Customer("ana".to_owned());
    let now = house.world.now;
    let route = Route { account: Some(account()), at_least: Severity::Info, channel: "C2".into() };
    settings::change(&house.world.table, &tenant(), (&asker, now), |settings| {
        settings.route(route.clone());
    })
    .await
    .unwrap();
    assert!(house.items_with("111122223333").await.len() > 20);
    let leave = (&asker, Change::Disconnect);
    change(&house.world.table, &tenant(), &account(), leave, now).await.unwrap();
    let later = now + SignedDuration::from_hours(49);
    let purged = purge(&house.world.table, later, || true).await.unwrap();
    assert_eq!(purged.accounts, [account()]);
    let left: Vec<(String, String)> = house.world.items().await;
    let named = left.iter().filter(|(_, item)| item.contains("111122223333"));
    for (key, item) in named {
        assert!(key.starts_with("TENANT#acme#AUDIT "), "{key}: {item}");
    }
    let keys: Vec<&str> = left.iter().map(|(key, _)| key.as_str()).collect();
    assert!(keys.iter().any(|key| key.starts_with("CLAIM#health#")), "{keys:?}");
    assert!(!keys.iter().any(|key| key.contains("111122223333")), "{keys:?}");
    let setups = house.world.truth.setups(&tenant()).await.unwrap();
    assert_eq!(setups.iter().map(|setup| &setup.id).collect::<Vec<_>>(), [&third.id]);
}
