//! From a link to a connected account.

use crate::house::{
    BUS, EXTERNAL_ID, HANDSHAKE, House, ROLE, account, both, create, message, other,
};
use domain::setup::Stage;
use jiff::SignedDuration;
use journeys::tenant;
use pipeline::error::Failure;
use pipeline::onboarding::{Job, MAX_WAITING, Worked};
use store::{AccountStatus, RoleAccess};

#[tokio::test]
async fn a_stack_that_calls_back_is_an_account_that_is_watched() {
    let mut house = House::new().await;
    let setup = house.begin().await;
    assert_eq!(setup.stage, Stage::Waiting);
    assert_eq!(house.called(&create("1")).await, Ok(Worked::Answered { success: true }));
    assert_eq!(house.setup().await.stage, Stage::Checking { account: account() });
    let answer = house.answers.last();
    assert_eq!((&answer["Status"], &answer["RequestId"]), (&"SUCCESS".into(), &"1".into()));
    assert_eq!(answer["LogicalResourceId"], "Connection");
    house.finish().await;
    assert_eq!(house.setup().await.stage, Stage::Connected { account: account() });
    let connection = house.connection().await.unwrap();
    assert_eq!(connection.status, AccountStatus::Active);
    let (role_arn, external_id) = (ROLE.to_owned(), EXTERNAL_ID.to_owned());
    assert_eq!(connection.access, Some(RoleAccess { role_arn, external_id, regions: both() }));
    let expected = [
        Worked::Connected,
        Worked::Checked { degraded: false },
        Worked::Scanned { finished: true },
        Worked::Rehearsed { finished: true },
    ];
    assert!(expected.iter().all(|worked| house.done.contains(worked)), "{:?}", house.done);
    assert!(house.codes().await.is_empty());
    assert!(house.customer.set().bus.iter().eq([BUS]));
    assert!(house.notes().is_empty());
}

#[tokio::test]
async fn the_same_call_back_gets_the_same_answer_and_connects_once() {
    let mut house = House::new().await;
    house.begin().await;
    house.called(&create("1")).await.unwrap();
    house.called(&create("1")).await.unwrap();
    house.finish().await;
    house.called(&create("1")).await.unwrap();
    house.finish().await;
    let answers = house.answers.all();
    assert_eq!(answers.len(), 3);
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert_eq!(house.done.iter().filter(|worked| **worked == Worked::Connected).count(), 1);
    let audit = house.items_with("connect").await;
    assert_eq!(audit.iter().filter(|key| key.contains("#AUDIT")).count(), 1, "{audit:?}");
}

#[tokio::test]
async fn an_answer_that_is_lost_is_given_again() {
    let house = House::new().await;
    house.begin().await;
    house.answers.failures.lock().unwrap().push(Failure::Retry("no answer".to_owned()));
    assert!(matches!(house.called(&create("1")).await, Err(Failure::Retry(_))));
    assert_eq!(house.called(&create("1")).await, Ok(Worked::Answered { success: true }));
}

#[tokio::test]
async fn a_handshake_begins_one_stack_and_no_second_one() {
    let house = House::new().await;
    house.begin().await;
    house.called(&create("1")).await.unwrap();
    assert_eq!(house.called(&create("2")).await, Ok(Worked::Answered { success: false }));
    let answer = house.answers.last();
    assert_eq!(answer["Status"], "FAILED");
    assert!(answer["Reason"].as_str().unwrap().contains("Get a new one"), "{answer}");
    house.called(&create("2")).await.unwrap();
    assert_eq!(house.answers.last(), answer, "the same request gets the same answer");
    // A request of another stack that calls itself as the first one did.
    let mut foreign = create("1");
    foreign["StackId"] = "arn:aws:cloudformation:us-east-1:444455556666:stack/x/2".into();
    assert_eq!(house.called(&foreign).await, Ok(Worked::Answered { success: false }));
}

#[tokio::test]
async fn a_link_that_has_ended_or_is_nobody_s_begins_nothing() {
    let mut house = House::new().await;
    house.begin().await;
    let mut guessed = create("1");
    guessed["ResourceProperties"]["Handshake"] = "guessed-0123456789-ABCDEFGHIJ".into();
    assert_eq!(house.called(&guessed).await, Ok(Worked::Answered { success: false }));
    house.pass(24 * 3600);
    assert_eq!(house.called(&create("2")).await, Ok(Worked::Answered { success: false }));
    assert_eq!(house.setup().await.stage, Stage::Waiting);
    assert!(house.world.jobs.is_empty());
    assert!(house.items_with("111122223333").await.is_empty());
}

#[tokio::test]
async fn what_a_stack_says_of_itself_has_to_fit_together() {
    let house = House::new().await;
    house.begin().await;
    for (name, value, part) in [
        ("AccountId", "12".into(), "twelve digits"),
        ("AccountId", "444455556666".into(), "own account"),
        ("RoleArn", "arn:aws:iam::444455556666:role/dd0c-cost-readonly".into(), "own account"),
        ("RoleArn", "arn:aws:iam::111122223333:role/audit".into(), "the role dd0c-cost-readonly"),
        ("Regions", "us-east-1".into(), "codes such as"),
        ("Regions", serde_json::json!(["US"]), "codes such as"),
        ("Regions", serde_json::json!([]), "codes such as"),
    ] {
        let mut wrong = create("1");
        wrong["ResourceProperties"][name] = value;
        assert_eq!(house.called(&wrong).await, Ok(Worked::Answered { success: false }));
        let answer = house.answers.last();
        assert!(answer["Reason"].as_str().unwrap().contains(part), "{answer}");
    }
    // None of it has used the handshake up.
    assert_eq!(house.called(&create("2")).await, Ok(Worked::Answered { success: true }));
}

#[tokio::test]
async fn a_tenant_may_have_ten_setups_waiting() {
    let mut house = House::new().await;
    let begin = async |house: &House, n: usize| {
        let handshake = format!("{HANDSHAKE}{n}");
        house.begin_with(&tenant(), EXTERNAL_ID, &handshake).await
    };
    for n in 0..MAX_WAITING {
        begin(&house, n).await.unwrap();
    }
    let refused = begin(&house, 10).await;
    assert!(
        matches!(&refused, Err(Failure::Reject(why)) if why.contains("24 hours")),
        "{refused:?}"
    );
    assert!(house.begin_with(&other(), EXTERNAL_ID, HANDSHAKE).await.is_ok());
    house.pass(24 * 3600);
    assert!(begin(&house, 11).await.is_ok());
}

#[tokio::test]
async fn regions_that_are_not_on_are_not_watched() {
    let mut house = House::new().await;
    house.begin().await;
    let mut called = create("1");
    let regions = serde_json::json!(["us-east-1", "eu-south-1"]);
    called["ResourceProperties"]["Regions"] = regions;
    house.called(&called).await.unwrap();
    let Some(job @ Job::Connect { .. }) = house.next_job().await else { unreachable!() };
    house.work(job, 9).await.unwrap();
    let access = house.connection().await.unwrap().access.unwrap();
    assert_eq!(access.regions, [crate::played::region("us-east-1")]);
    house.finish().await;
}

#[tokio::test]
async fn an_updated_stack_is_looked_at_and_one_from_a_new_link_is_connected_anew() {
    let mut house = House::connected().await;
    house.pass(3_600);
    assert_eq!(house.called(&message("Update", "9")).await, Ok(Worked::Answered { success: true }));
    assert_eq!(house.answers.last()["PhysicalResourceId"], "dd0c-cost-of-before");
    assert_eq!(house.next_look().await, SignedDuration::ZERO);
    let (id, handshake) = ("6f1b2d1e-0000-4000-8000-00000000000b", format!("{HANDSHAKE}-new"));
    house.begin_with(&tenant(), id, &handshake).await.unwrap();
    house.customer.set().external_id = Some(id.to_owned());
    let mut update = message("Update", "10");
    update["ResourceProperties"]["Handshake"] = handshake.into();
    house.called(&update).await.unwrap();
    house.finish().await;
    assert_eq!(house.connection().await.unwrap().access.unwrap().external_id, id);
    assert_eq!(house.items_with("reconnect").await.len(), 1);
}

#[tokio::test]
async fn a_deleted_stack_is_told_that_all_is_well_and_believed_in_nothing() {
    let mut house = House::connected().await;
    house.pass(3_600);
    let deleted = message("Delete", "9");
    assert_eq!(house.called(&deleted).await, Ok(Worked::Answered { success: true }));
    assert_eq!(
        (house.status().await, house.next_look().await),
        (AccountStatus::Active, SignedDuration::ZERO)
    );
    // Whoever asks again and again has no more looked at than that.
    house.after(0).await;
    for request in ["10", "11"] {
        house.called(&message("Delete", request)).await.unwrap();
        assert_eq!(house.next_look().await, SignedDuration::from_mins(10));
    }
    let mut strange = message("Delete", "12");
    strange["ResourceProperties"] = "?".into();
    assert_eq!(house.called(&strange).await, Ok(Worked::Answered { success: true }));
}
