//! Whether events flow: our own call comes back over the bus, and is of no further use.

use crate::house::{House, account};
use crate::played::region;
use jiff::{SignedDuration, Timestamp};
use journeys::world::World;
use pipeline::cloud::{PROOF_CALL, PROOF_SESSION};
use pipeline::error::Failure;
use pipeline::route::Routed;
use sample_trail::{Call, Caller, Record};
use serde_json::json;
use store::AccountStatus;

fn ours(region: &'static str, at: Timestamp) -> Call {
    let caller = Caller::Session { role: "dd0c-cost-readonly", session: PROOF_SESSION.to_owned() };
    Call { account: account().to_string(), region, at, caller, serial: 1 }
}

/// The call that we have made, as CloudTrail tells of it.
pub(crate) fn proof(region: &'static str, at: Timestamp) -> Record {
    let request = json!({"volumeId": "vol-0123456789abcdef0", "dryRun": true});
    let code = "Client.UnauthorizedOperation";
    ours(region, at).failed("ec2.amazonaws.com", PROOF_CALL, request, code)
}

#[tokio::test]
async fn our_own_call_is_noted_where_it_came_from_and_goes_no_further() {
    let mut world = World::new(&["111122223333"]).await;
    let routed = world.send(&proof("eu-west-1", world.now)).await;
    assert_eq!(routed, Routed::Proof);
    assert!(world.events.is_empty());
    let beats = world.truth.heartbeats(&account()).await.unwrap();
    assert_eq!(beats.into_iter().collect::<Vec<_>>(), [(region("eu-west-1"), world.now)]);
}

#[tokio::test]
async fn nothing_else_hides_behind_the_name_of_our_session() {
    let mut world = World::new(&["111122223333"]).await;
    let now = world.now;
    let launched = ours("eu-west-1", now).run_instances("p4d.24xlarge", 4, None);
    let mut done = proof("eu-west-1", now);
    done["errorCode"] = serde_json::Value::Null;
    let user = Call { caller: Caller::User("dd0c-cost-proof"), ..ours("eu-west-1", now) };
    let named_so = user.failed("ec2.amazonaws.com", PROOF_CALL, json!({}), "Client.X");
    for (nth, mut record) in [launched, done, named_so].into_iter().enumerate() {
        record["eventID"] = format!("d5b0a2a6-000{nth}").into();
        assert!(matches!(world.send(&record).await, Routed::Sent(_)), "{record}");
    }
    assert_eq!(world.events.len(), 3);
    assert!(world.truth.heartbeats(&account()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_proof_of_an_account_that_nobody_owns_is_noted_nowhere() {
    let mut world = World::new(&[]).await;
    assert!(matches!(world.send(&proof("eu-west-1", world.now)).await, Routed::Refused(_)));
    assert!(world.truth.heartbeats(&account()).await.unwrap().is_empty());
}

#[tokio::test]
async fn proofs_that_come_back_show_that_all_is_well() {
    let mut house = House::connected().await;
    assert_eq!(house.customer.set().knocks, crate::house::both());
    let minutes = house.next_look().await.as_mins();
    assert!((14..=15).contains(&minutes), "{minutes}");
    house.pass(60);
    house.comes_back("eu-west-1").await;
    house.comes_back("us-east-1").await;
    house.after(15).await;
    assert!(house.codes().await.is_empty());
    assert_eq!(house.customer.set().knocks.len(), 2, "the second look does not knock again");
    assert_eq!(house.next_look().await, SignedDuration::from_hours(24));
    house.after(24 * 60).await;
    assert_eq!(house.customer.set().knocks.len(), 4);
    assert!(house.codes().await.is_empty());
    assert!(house.notes().is_empty());
}

#[tokio::test]
async fn a_region_from_which_no_proof_comes_back_is_silent_until_one_does() {
    let mut house = House::connected().await;
    house.comes_back("us-east-1").await;
    house.after(15).await;
    let findings = house.checkup().await.findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].code, "events_silent");
    assert_eq!(findings[0].region, Some(region("eu-west-1")));
    assert_eq!(house.status().await, AccountStatus::Degraded);
    assert_eq!(house.next_look().await, SignedDuration::from_hours(24), "not without end");
    // The next day it is still so, and it is knocked again.
    house.after(24 * 60).await;
    assert_eq!(house.codes().await, ["events_silent"]);
    house.comes_back("eu-west-1").await;
    house.comes_back("us-east-1").await;
    house.after(15).await;
    assert!(house.codes().await.is_empty());
    assert_eq!(house.status().await, AccountStatus::Active);
    assert_eq!(house.notes().len(), 2, "{:?}", house.notes());
}

/// A day after it was connected and found in order, nobody can knock in these regions any more.
async fn unreachable(regions: &[&str]) -> House {
    let mut house = House::connected().await;
    house.comes_back("eu-west-1").await;
    house.comes_back("us-east-1").await;
    house.after(15).await;
    let fails = || Failure::Retry("AWS does not answer".to_owned());
    house.customer.set().knocks_fail = regions.iter().map(|code| (region(code), fails())).collect();
    house.after(24 * 60).await;
    house
}

#[tokio::test]
async fn a_region_in_which_nobody_could_knock_is_not_proved_until_somebody_has() {
    let mut house = unreachable(&["eu-west-1"]).await;
    assert_eq!(house.codes().await, ["events_not_asked"]);
    assert_eq!(house.status().await, AccountStatus::Active, "AWS may be back at once");
    let told = house.notes().len();
    house.comes_back("us-east-1").await;
    house.after(15).await;
    assert_eq!(house.codes().await, ["events_not_asked"], "it was not tried again");
    house.after(60).await;
    assert_eq!(house.notes().len(), told + 1, "{:?}", house.notes());
    let findings = house.checkup().await.findings;
    assert_eq!(house.codes().await, ["events_unproven"]);
    assert_eq!(findings[0].region, Some(region("eu-west-1")));
    assert_eq!(house.status().await, AccountStatus::Degraded);
    assert_eq!(house.checkup().await.regions, [region("us-east-1")]);
    // That the other region's comes back proves nothing of this one; nor does looking again.
    house.comes_back("us-east-1").await;
    house.after(15).await;
    assert_eq!(house.codes().await, ["events_unproven"]);
    assert_eq!(house.next_look().await, SignedDuration::from_hours(1));
    house.customer.set().knocks_fail.clear();
    house.after(60).await;
    assert!(house.codes().await.is_empty());
    house.comes_back("us-east-1").await;
    house.after(15).await;
    assert_eq!(house.codes().await, ["events_silent"], "now it has to come back, and it does not");
}

#[tokio::test]
async fn where_nobody_could_knock_at_all_nothing_counts_as_a_proof() {
    let mut house = unreachable(&["eu-west-1", "us-east-1"]).await;
    let knocked_at = house.checkup().await.knocked_at;
    assert_eq!(house.codes().await, ["events_not_asked", "events_not_asked"]);
    assert!(knocked_at.is_some_and(|at| at < house.world.now - SignedDuration::from_hours(23)));
    assert_eq!(house.next_look().await, SignedDuration::from_hours(1));
    house.customer.set().knocks_fail.clear();
    house.after(60).await;
    assert_eq!(house.checkup().await.knocked_at, Some(house.world.now));
    assert!(house.codes().await.is_empty());
}
