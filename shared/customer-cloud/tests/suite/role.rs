//! The role: every way in which it can be wrong.

use super::{ACCOUNT, LIMITS, access, cloud, cloud_with, deployed, region, requested};
use customer_aws::{CustomerAws, Failing, Fault};
use customer_cloud::Limits;
use domain::health::RoleProblem;
use domain::ids::AccountId;
use pipeline::cloud::{Access, Cloud};
use pipeline::error::Failure;
use std::time::Duration;

async fn checked(fault: Option<Fault>) -> Result<(), RoleProblem> {
    let aws = deployed().await;
    if let Some(fault) = fault {
        aws.inject(ACCOUNT, fault);
    }
    cloud(&aws).check_role(&access()).await.unwrap()
}

#[tokio::test]
async fn a_role_is_asked_three_times_and_must_let_us_in_once() {
    let aws = deployed().await;
    assert_eq!(cloud(&aws).check_role(&access()).await, Ok(Ok(())));
    let assumed = aws.assumed();
    assert_eq!(assumed.len(), 3, "{assumed:?}");
    assert_eq!(assumed[0], (None, false));
    let (wrong, let_in) = assumed[1].clone();
    assert!(!let_in && wrong.is_some_and(|id| id != access().external_id && id.len() == 36));
    assert_eq!(assumed[2], (Some(access().external_id), true));
    for action in
        ["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"]
    {
        assert_eq!(requested(&aws, action), 1, "{action}");
    }
}

#[tokio::test]
async fn another_wrong_id_is_tried_each_time() {
    let aws = deployed().await;
    let cloud = cloud(&aws);
    for _ in 0..2 {
        assert_eq!(cloud.check_role(&access()).await, Ok(Ok(())));
    }
    let assumed = aws.assumed();
    assert_ne!(assumed[1].0, assumed[4].0);
}

#[tokio::test]
async fn a_role_that_shuts_us_out_is_said_so() {
    for fault in [Fault::RoleMissing, Fault::OtherExternalId] {
        assert_eq!(checked(Some(fault)).await, Err(RoleProblem::NoSuchRoleOrNotOurs));
    }
}

#[tokio::test]
async fn an_open_role_is_refused_before_it_is_used() {
    let aws = deployed().await;
    aws.inject(ACCOUNT, Fault::OpenWithoutExternalId);
    let problem = cloud(&aws).check_role(&access()).await.unwrap();
    assert_eq!(problem, Err(RoleProblem::OpenWithoutExternalId));
    let any = Fault::OpenToAnyExternalId;
    assert_eq!(checked(Some(any)).await, Err(RoleProblem::OpenToAnyExternalId));
    assert_eq!(aws.assumed().len(), 1);
    assert_eq!(requested(&aws, "iam:GetRole"), 0);
}

#[tokio::test]
async fn a_role_of_another_account_is_told_apart() {
    let other = AccountId::parse("444455556666").unwrap();
    let says = checked(Some(Fault::OtherAccount("444455556666".to_owned()))).await;
    assert_eq!(says, Err(RoleProblem::WrongAccount { found: Some(other.clone()) }));
    let aws = deployed().await;
    let access = Access { role_arn: CustomerAws::role_arn("444455556666"), ..access() };
    let named = cloud(&aws).check_role(&access).await.unwrap();
    assert_eq!(named, Err(RoleProblem::WrongAccount { found: Some(other) }));
    assert!(aws.requests().is_empty(), "nobody else's account is tried");
}

#[tokio::test]
async fn an_arn_that_is_none_is_refused_with_what_it_looks_like() {
    let aws = deployed().await;
    for arn in ["", "dd0c-cost-readonly", "arn:aws:iam::111122223333:role/x/", "arn:aws:s3:::x"] {
        let access = Access { role_arn: arn.to_owned(), ..access() };
        let Err(Failure::Reject(text)) = cloud(&aws).check_role(&access).await else {
            panic!("{arn}")
        };
        assert!(text.contains("arn:aws:iam::ACCOUNT:role/"), "{text}");
    }
    assert!(aws.requests().is_empty());
}

#[tokio::test]
async fn every_line_that_the_policy_lacks_is_named() {
    for action in customer_cloud::ALLOWED {
        let missing = checked(Some(Fault::ActionMissing(action.to_owned()))).await;
        assert_eq!(missing, Err(RoleProblem::MissingActions(vec![action.to_owned()])));
    }
}

#[tokio::test]
async fn a_role_that_may_more_than_the_template_allows_is_changed() {
    for fault in [
        Fault::ActionBesides("s3:ListAllMyBuckets".to_owned()),
        Fault::PolicyAttached("AdministratorAccess".to_owned()),
    ] {
        let named = match &fault {
            Fault::ActionBesides(name) | Fault::PolicyAttached(name) => name.clone(),
            other => panic!("{other:?}"),
        };
        let Err(RoleProblem::ChangedRole(how)) = checked(Some(fault)).await else {
            panic!("{named}")
        };
        assert!(how.contains(&named), "{how}");
    }
}

#[tokio::test]
async fn a_line_that_reaches_other_things_than_the_template_s_is_told() {
    let one = || "arn:aws:s3:::one-bucket/*".to_owned();
    let narrowed = checked(Some(Fault::DeniedOnlyOf(one()))).await;
    let wide = checked(Some(Fault::EveryRoleVisible)).await;
    for (problem, part) in [(narrowed, "no longer denied"), (wide, "may also call iam:")] {
        let Err(RoleProblem::ChangedRole(how)) = problem else { panic!("{problem:?}") };
        assert!(how.contains(part), "{how}");
    }
    let less = checked(Some(Fault::AllowedOnlyOf(one()))).await;
    assert!(matches!(less, Err(RoleProblem::MissingActions(_))), "{less:?}");
}

#[tokio::test]
async fn an_aws_that_does_not_answer_is_nobody_s_fault() {
    let aws = deployed().await;
    aws.fail("sts:AssumeRole", Failing::Broken, 3);
    let problem = cloud(&aws).check_role(&access()).await.unwrap();
    assert!(matches!(problem, Err(RoleProblem::Unreachable(_))), "{problem:?}");
    aws.fail("*", Failing::Silent, 9);
    let limits = Limits { answer_within: Duration::from_millis(30), tries: 1, ..LIMITS };
    let problem = cloud_with(&aws, limits).check_role(&access()).await.unwrap();
    let Err(RoleProblem::Unreachable(why)) = problem else { panic!("{problem:?}") };
    assert!(why.contains("no answer in time"), "{why}");
}

#[tokio::test]
async fn a_role_that_was_closed_since_is_not_looked_at_with_an_old_session() {
    let aws = deployed().await;
    let cloud = cloud(&aws);
    assert!(cloud.regions(&access()).await.is_ok());
    aws.inject(ACCOUNT, Fault::RoleMissing);
    let problem = cloud.check_role(&access()).await.unwrap();
    assert_eq!(problem, Err(RoleProblem::NoSuchRoleOrNotOurs));
    let gone = cloud.regions(&access()).await;
    assert!(matches!(gone, Err(Failure::Gone(_))), "{gone:?}");
}

#[tokio::test]
async fn one_session_serves_many_calls() {
    let aws = deployed().await;
    let cloud = cloud(&aws);
    for _ in 0..3 {
        let regions = cloud.regions(&access()).await.unwrap();
        assert_eq!(regions, [region("eu-west-1"), region("us-east-1")]);
    }
    assert_eq!(aws.assumed().len(), 1);
    assert_eq!(requested(&aws, "ec2:DescribeRegions"), 3);
}
