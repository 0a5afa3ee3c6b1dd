//! Setups that get no further: each ends in words, and may be tried again.

use crate::house::{HANDSHAKE, House, ROLE, account, create};
use domain::setup::{CHECKING_TAKES, Finding, Setup, Stage};
use jiff::SignedDuration;
use journeys::tenant;
use pipeline::error::Failure;
use pipeline::onboarding::{Job, Worked};

/// What is said of a setup now.
async fn findings(house: &House) -> Vec<Finding> {
    match house.setup().await.stage_at(house.world.now) {
        Stage::Refused { findings, .. } => findings,
        stage => unreachable!("{stage:?}"),
    }
}

/// What AWS says, with all that must not be repeated.
fn words() -> String {
    format!("{ROLE} is not authorized to perform it")
}

/// A role is named by hand, as the API does it: first the setup, then the work.
async fn name_by_hand(house: &House) -> Job {
    let setup = house.begin().await;
    let checking = setup.clone().checking(account(), house.world.now);
    assert!(house.world.table.change_setup(&tenant(), &checking).await.unwrap());
    Job::Connect {
        tenant: tenant().tenant().clone(),
        setup: setup.id,
        account: account(),
        role_arn: ROLE.to_owned(),
        regions: Vec::new(),
        by_hand: true,
    }
}

#[tokio::test]
async fn a_role_is_refused_before_the_queue_gives_its_message_up() {
    let house = House::new().await;
    house.customer.set().unknown_for = u32::MAX;
    house.begin().await;
    house.called(&create("1")).await.unwrap();
    let job = house.next_job().await.unwrap();
    let (mut house, mut receives) = (house, 1);
    while let Err(Failure::Later(after, _)) = house.work(job.clone(), 9).await {
        receives += 1;
        house.pass(i64::try_from(after.as_secs()).unwrap());
    }
    assert_eq!(findings(&house).await[0].code, "role_not_found_or_not_ours");
    // Of twelve: the rest is for what fails by itself.
    assert_eq!(receives, 9);
}

#[tokio::test]
async fn a_denied_list_of_regions_refuses_the_setup_and_says_what_was_denied() {
    for by_hand in [false, true] {
        let mut house = House::new().await;
        house.customer.set().regions_fail = Some(Failure::Closed(words()));
        if by_hand {
            let job = name_by_hand(&house).await;
            assert_eq!(house.work(job, 9).await, Ok(Worked::Refused));
        } else {
            house.begin().await;
            house.called(&create("1")).await.unwrap();
            house.finish().await;
        }
        let [finding] = findings(&house).await.try_into().unwrap();
        assert_eq!(finding.code, "role_lacks_actions");
        assert!(finding.text.contains("ec2:DescribeRegions"), "{finding:?}");
        assert!(house.items_with("arn:").await.is_empty());
        assert!(house.connection().await.is_none());
    }
}

#[tokio::test]
async fn a_role_that_is_gone_between_two_looks_is_refused() {
    let house = House::new().await;
    house.customer.set().regions_fail = Some(Failure::Gone(words()));
    let job = name_by_hand(&house).await;
    assert_eq!(house.work(job, 9).await, Ok(Worked::Refused));
    assert_eq!(findings(&house).await[0].code, "role_not_found_or_not_ours");
    assert!(house.items_with("arn:").await.is_empty());
}

#[tokio::test]
async fn an_aws_that_refuses_to_answer_refuses_the_setup_in_our_words() {
    for of_role in [true, false] {
        let mut house = House::new().await;
        let refuses = Some(Failure::Reject(words()));
        if of_role {
            house.customer.set().role_fails = refuses;
        } else {
            house.customer.set().regions_fail = refuses;
        }
        house.begin().await;
        house.called(&create("1")).await.unwrap();
        house.finish().await;
        let [finding] = findings(&house).await.try_into().unwrap();
        assert_eq!(finding.code, "role_unreachable");
        assert!(!finding.text.contains("arn:") && finding.text.contains("name the role again"));
        assert!(house.items_with("arn:").await.is_empty());
    }
}

#[tokio::test]
async fn what_may_pass_comes_again_and_connects() {
    let mut house = House::new().await;
    house.customer.set().role_fails = Some(Failure::Retry("it answered 503".to_owned()));
    let job = name_by_hand(&house).await;
    assert!(matches!(house.work(job.clone(), 9).await, Err(Failure::Retry(_))));
    house.customer.set().role_fails = None;
    // Even where it took so long that the setup counted as refused.
    house.pass(3_600);
    findings(&house).await;
    assert_eq!(house.work(job, 9).await, Ok(Worked::Connected));
    assert_eq!(house.setup().await.stage, Stage::Connected { account: account() });
}

#[tokio::test]
async fn a_setup_for_which_nobody_was_sent_may_be_named_again_after_ten_minutes() {
    let mut house = House::new().await;
    // A day's setup: it is not its age that counts.
    house.begin().await;
    house.pass(3_600);
    let waiting = house.setup().await;
    let checking = waiting.checking(account(), house.world.now);
    assert!(house.world.table.change_setup(&tenant(), &checking).await.unwrap());
    house.world.now += CHECKING_TAKES;
    let kept = house.setup().await;
    assert_eq!(kept.stage_at(house.world.now), kept.stage);
    assert_eq!(house.called(&create("2")).await, Ok(Worked::Answered { success: true }));
    while house.next_job().await.is_some() {}
    house.pass(1);
    assert_eq!(findings(&house).await[0].code, "role_unreachable");
    // The stack calls back once more, and then somebody comes.
    assert_eq!(house.called(&create("2")).await, Ok(Worked::Answered { success: true }));
    let since = house.setup().await.checking_since;
    assert_eq!(since, Some(house.world.now));
    house.finish().await;
    let Setup { stage, checking_since, .. } = house.setup().await;
    assert_eq!((stage, checking_since), (Stage::Connected { account: account() }, None));
}

#[tokio::test]
async fn the_link_of_a_refused_setup_begins_another_stack() {
    let mut house = House::new().await;
    house.begin().await;
    house.room.set(false);
    house.called(&create("1")).await.unwrap();
    // While the first one is looked at the link is used up.
    assert_eq!(house.called(&create("2")).await, Ok(Worked::Answered { success: false }));
    house.finish().await;
    assert_eq!(findings(&house).await[0].code, "account_limit_reached");
    house.room.set(true);
    assert_eq!(house.called(&create("2")).await, Ok(Worked::Answered { success: true }));
    assert_eq!(house.setup().await.stage, Stage::Checking { account: account() });
    // It is taken again: a third one comes too late, and so does the first.
    for late in ["3", "1"] {
        assert_eq!(house.called(&create(late)).await, Ok(Worked::Answered { success: false }));
    }
    assert_eq!(house.called(&create("2")).await, Ok(Worked::Answered { success: true }));
    house.finish().await;
    assert_eq!(house.setup().await.stage, Stage::Connected { account: account() });
    assert_eq!(house.called(&create("3")).await, Ok(Worked::Answered { success: false }));
    assert_eq!(house.done.iter().filter(|worked| **worked == Worked::Connected).count(), 1);
}

#[tokio::test]
async fn a_refused_link_ends_with_its_day_all_the_same() {
    let mut house = House::new().await;
    house.begin().await;
    house.room.set(false);
    house.called(&create("1")).await.unwrap();
    house.finish().await;
    house.room.set(true);
    house.world.now = house.setup().await.created_at + SignedDuration::from_hours(24);
    assert_eq!(house.called(&create("2")).await, Ok(Worked::Answered { success: false }));
    assert!(house.world.jobs.is_empty());
}

#[tokio::test]
async fn of_two_stacks_that_take_a_refused_link_at_once_one_gets_it() {
    let mut house = House::new().await;
    house.begin().await;
    house.room.set(false);
    house.called(&create("1")).await.unwrap();
    house.finish().await;
    let table = &house.world.table;
    let of = table.setup_of_handshake(HANDSHAKE).await.unwrap();
    let (scope, refused) = of.unwrap();
    assert_eq!((&scope, &refused), (&tenant(), &house.setup().await));
    let checking = refused.checking(account(), house.world.now);
    assert!(table.retake_handshake(&scope, &checking, "a").await.unwrap());
    assert!(!table.retake_handshake(&scope, &checking, "b").await.unwrap());
    assert!(table.take_handshake(HANDSHAKE, "b", house.world.now).await.unwrap().is_none());
    assert!(table.take_handshake(HANDSHAKE, "a", house.world.now).await.unwrap().is_some());
}
