//! Who leaves is told nothing any more, and who stays hears of what he missed.

use domain::governance::Asker;
use domain::ids::AccountId;
use jiff::SignedDuration;
use journeys::tenant;
use journeys::world::World;
use pipeline::clock::DigestDue;
use pipeline::leaving;
use pipeline::route::Routed;
use sample_trail::{Call, Caller, Record};
use store::AccountStatus;

const ACCOUNT: &str = "111122223333";

/// Four large instances, by somebody.
fn launch(world: &World, who: &'static str, serial: u64) -> Record {
    let call = Call {
        account: ACCOUNT.to_owned(),
        region: "eu-west-1",
        at: world.now,
        caller: Caller::User(who),
        serial,
    };
    call.run_instances("p4d.24xlarge", 4, None)
}

#[tokio::test]
async fn what_is_under_way_when_he_leaves_is_told_when_he_stays_and_what_comes_later_is_refused() {
    let mut world = World::new(&[ACCOUNT]).await;
    let ana = Asker::Customer("ana".to_owned());
    let account = AccountId::parse(ACCOUNT).unwrap();
    // Stored and scored, and not told yet.
    let first = launch(&world, "ops", 1);
    world.send(&first).await;
    while world.process().await | world.score().await {}
    assert!(!world.alerts.is_empty());
    leaving::ask(&world.table, &tenant(), &ana, world.now).await.unwrap();
    assert_eq!(
        world.truth.owner(&account).await.unwrap().unwrap().status,
        AccountStatus::Disconnecting
    );
    world.rest().await;
    assert!(world.channel.heard.is_empty(), "{:?}", world.channel.heard);
    let second = launch(&world, "thief", 2);
    assert!(matches!(world.send(&second).await, Routed::Refused(_)));
    let due = DigestDue { tenant: tenant().tenant().clone(), at: world.now };
    let notes = journeys::counter::Notes::default();
    let said = pipeline::digest::send(&world.table, &&notes, &due, world.now).await.unwrap();
    assert_eq!(said, pipeline::tell::Telling::Nothing);

    assert!(leaving::undo(&world.table, &tenant(), &ana, world.now).await.unwrap());
    world.now += SignedDuration::from_mins(2);
    world.strike().await;
    world.rest().await;
    assert!(world.is_told_of("ops"));
    let third = launch(&world, "thief", 3);
    world.send(&third).await;
    world.rest().await;
    assert!(world.is_told_of("thief"));
}
