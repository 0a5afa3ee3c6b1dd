//! Roles and accounts that are not connected, and what their owner is told.

use crate::house::{EXTERNAL_ID, HANDSHAKE, House, ROLE, account, create, other};
use domain::governance::Asker;
use domain::health::RoleProblem;
use domain::setup::{Finding, Stage};
use jiff::SignedDuration;
use journeys::tenant;
use pipeline::lifecycle::{self, Change, change};
use pipeline::onboarding::Worked;
use store::{AccountStatus, Connection, TenantScope};

async fn findings(house: &House) -> Vec<Finding> {
    match house.setup().await.stage {
        Stage::Refused { findings, .. } => findings,
        stage => unreachable!("{stage:?}"),
    }
}

/// A stack calls back, and the work on it is done.
async fn call(house: &mut House) {
    house.begin().await;
    house.called(&create("1")).await.unwrap();
    house.finish().await;
}

#[tokio::test]
async fn every_problem_of_a_role_is_told_and_its_arn_is_kept_nowhere() {
    for problem in [
        RoleProblem::NoSuchRoleOrNotOurs,
        RoleProblem::OpenWithoutExternalId,
        RoleProblem::OpenToAnyExternalId,
        RoleProblem::WrongAccount { found: None },
        RoleProblem::MissingActions(vec!["ec2:DescribeVolumes".to_owned()]),
        RoleProblem::ChangedRole("it has the policy AdministratorAccess too".to_owned()),
        RoleProblem::Unreachable("it answered 503".to_owned()),
    ] {
        let mut house = House::new().await;
        house.customer.set().role = Some(problem.clone());
        call(&mut house).await;
        let [finding] = findings(&house).await.try_into().unwrap();
        assert_eq!((finding.code.as_str(), finding.text), (problem.code(), problem.text()));
        assert!(house.items_with(ROLE).await.is_empty(), "{problem:?}");
        assert!(house.items_with(":role/").await.is_empty(), "{problem:?}");
        assert!(house.connection().await.is_none());
    }
}

#[tokio::test]
async fn a_role_that_aws_does_not_know_everywhere_yet_is_waited_for() {
    let mut house = House::new().await;
    house.customer.set().unknown_for = 5;
    let began = house.world.now;
    call(&mut house).await;
    assert_eq!(house.status().await, AccountStatus::Active);
    let took = house.world.now.duration_since(began);
    assert_eq!(took, SignedDuration::from_secs(75));
    assert_eq!(house.setup().await.looked_for_since, None);
}

#[tokio::test]
async fn after_two_minutes_it_is_not_there() {
    let mut house = House::new().await;
    house.customer.set().unknown_for = u32::MAX;
    let began = house.world.now;
    call(&mut house).await;
    assert_eq!(findings(&house).await[0].code, "role_not_found_or_not_ours");
    assert_eq!(house.world.now.duration_since(began), SignedDuration::from_mins(2));
    // Named again, it has its two minutes again.
    assert_eq!(house.setup().await.looked_for_since, None);
}

#[tokio::test]
async fn with_the_external_id_of_another_setup_nobody_gets_in() {
    let mut house = House::new().await;
    house.customer.set().external_id = Some("6f1b2d1e-0000-4000-8000-0000000000ff".to_owned());
    call(&mut house).await;
    assert_eq!(findings(&house).await[0].code, "role_not_found_or_not_ours");
    assert!(house.items_with(ROLE).await.is_empty());
}

/// A further stack calls back, by a link of its own, and the work on it is done; what becomes of the setup.
async fn call_for(house: &mut House, scope: &TenantScope, external_id: &str) -> Stage {
    let nth = house.done.len().to_string();
    let setup = house.begin_with(scope, external_id, &format!("{HANDSHAKE}-{nth}")).await.unwrap();
    let mut called = create(&nth);
    called["ResourceProperties"]["Handshake"] = setup.handshake.into();
    house.called(&called).await.unwrap();
    house.finish().await;
    house.world.truth.setup(scope, &setup.id).await.unwrap().unwrap().stage
}

#[tokio::test]
async fn an_account_of_another_tenant_is_refused_and_nothing_said_of_whose_it_is() {
    let mut house = House::connected().await;
    let stage = call_for(&mut house, &other(), EXTERNAL_ID).await;
    let Stage::Refused { findings, .. } = stage else { unreachable!("{stage:?}") };
    assert_eq!(findings[0].code, "account_of_another");
    let said = format!("{:?}", findings[0]);
    assert!(!said.contains(tenant().tenant().as_str()) && !said.contains("111122223333"), "{said}");
    assert!(house.world.truth.connection(&other(), &account()).await.unwrap().is_none());
    assert_eq!(house.world.truth.owner(&account()).await.unwrap().unwrap().scope, tenant());
}

/// Another tenant's stack in the account, in place of the one that was there; what is found.
async fn taken_over(house: &mut House) -> String {
    let external_id = "6f1b2d1e-0000-4000-8000-0000000000bb";
    house.customer.set().external_id = Some(external_id.to_owned());
    match call_for(house, &other(), external_id).await {
        Stage::Refused { findings, .. } => findings[0].code.clone(),
        stage => format!("{stage:?}"),
    }
}

#[tokio::test]
async fn who_cannot_show_any_more_that_an_account_is_his_gives_way_to_who_can() {
    let mut house = House::connected().await;
    assert_eq!(taken_over(&mut house).await, "account_becomes_free");
    assert_eq!(house.status().await, AccountStatus::Disconnecting, "he hears nothing any more");
    let ana = Asker::Customer("ana".to_owned());
    let (table, scope, id, now) = (&house.world.table, tenant(), account(), house.world.now);
    let undo = change(table, &scope, &id, (&ana, Change::Undo), now);
    assert!(undo.await.unwrap_err().to_string().contains("connects it again from a new link"));
    assert_eq!(taken_over(&mut house).await, "account_becomes_free", "it is not free yet");

    house.world.now += SignedDuration::from_hours(49);
    lifecycle::purge(&house.world.table, house.world.now, || true).await.unwrap();
    assert!(taken_over(&mut house).await.starts_with("Connected"));
    assert_eq!(house.world.truth.owner(&account()).await.unwrap().unwrap().scope, other());
}

#[tokio::test]
async fn who_shows_it_anew_within_the_grace_period_has_all_of_it_back() {
    let mut house = House::connected().await;
    let before = house.connection().await.unwrap();
    taken_over(&mut house).await;
    house.customer.set().external_id = Some(EXTERNAL_ID.to_owned());
    call_for(&mut house, &tenant(), EXTERNAL_ID).await;
    let after = house.connection().await.unwrap();
    assert_eq!((after.lapsed_at, after.purge_at, after.access), (None, None, before.access));
    assert_eq!((after.status, after.connected_at), (AccountStatus::Active, before.connected_at));
}

#[tokio::test]
async fn an_account_that_an_operator_connected_stays() {
    let mut house = House::connected().await;
    let before = house.connection().await.unwrap();
    let without = Connection { access: None, ..before.clone() };
    let (table, now) = (&house.world.truth, house.world.now);
    let entry = lifecycle::entry("test", &Asker::Rules, (None, &without), String::new(), now);
    assert!(table.change_connection(&tenant(), &before, &without, &entry).await.unwrap());
    assert_eq!(taken_over(&mut house).await, "account_of_another");
    assert_eq!(house.status().await, AccountStatus::Active);
}

#[tokio::test]
async fn who_is_being_deleted_connects_nothing_and_hears_why() {
    let mut house = House::new().await;
    let ana = Asker::Customer("ana".to_owned());
    let (table, now) = (&house.world.table, house.world.now);
    pipeline::leaving::ask(table, &tenant(), &ana, now).await.unwrap();
    call(&mut house).await;
    let [finding] = findings(&house).await.try_into().unwrap();
    assert_eq!(finding.code, "being_deleted");
    assert!(house.world.jobs.is_empty(), "nothing is put aside");
}

#[tokio::test]
async fn a_plan_without_room_connects_no_further_account_and_keeps_those_that_are() {
    let mut house = House::new().await;
    house.room.set(false);
    call(&mut house).await;
    let [finding] = findings(&house).await.try_into().unwrap();
    assert_eq!(finding.code, "account_limit_reached");
    assert!(finding.text.contains("See Billing"), "{finding:?}");
    assert!(house.items_with(ROLE).await.is_empty());
    let house = House::connected().await;
    house.room.set(false);
    let setup = house.begin_with(&tenant(), EXTERNAL_ID, &format!("{HANDSHAKE}-2")).await.unwrap();
    let mut again = create("2");
    again["ResourceProperties"]["Handshake"] = setup.handshake.into();
    house.called(&again).await.unwrap();
    let job = house.next_job().await.unwrap();
    assert_eq!(house.work(job, 9).await, Ok(Worked::Connected));
}

#[tokio::test]
async fn an_account_on_its_way_out_is_taken_back_and_not_connected_again() {
    let mut house = House::connected().await;
    let asked = (&Asker::Customer("ana".to_owned()), Change::Disconnect);
    change(&house.world.table, &tenant(), &account(), asked, house.world.now).await.unwrap();
    let setup = house.begin_with(&tenant(), EXTERNAL_ID, &format!("{HANDSHAKE}-2")).await.unwrap();
    let mut again = create("2");
    again["ResourceProperties"]["Handshake"] = setup.handshake.into();
    house.called(&again).await.unwrap();
    house.finish().await;
    let setup = house.world.truth.setup(&tenant(), &setup.id).await.unwrap().unwrap();
    let Stage::Refused { findings, .. } = setup.stage else { unreachable!("{:?}", setup.stage) };
    assert_eq!(findings[0].code, "account_disconnecting");
    assert_eq!(house.status().await, AccountStatus::Disconnecting);
    // Nobody looks into it any more, and looking begins again when it is taken back.
    house.after(24 * 60).await;
    assert!(matches!(house.done.last(), Some(Worked::Ignored(_))), "{:?}", house.done);
    let asked = (&Asker::Customer("ana".to_owned()), Change::Undo);
    change(&house.world.table, &tenant(), &account(), asked, house.world.now).await.unwrap();
    assert_eq!(house.next_look().await, SignedDuration::ZERO);
}
