//! AWS fails: tries, time limits, circuits.

use super::{LIMITS, access, cloud, cloud_with, deployed, region, requested};
use customer_aws::Failing;
use customer_cloud::Limits;
use pipeline::cloud::{Access, Cloud};
use pipeline::error::Failure;
use std::time::Duration;

const ACTION: &str = "ec2:DescribeRegions";

#[tokio::test]
async fn what_passes_is_tried_again() {
    let aws = deployed().await;
    for failing in [Failing::Broken, Failing::Throttled] {
        aws.forget_requests();
        aws.fail(ACTION, failing, 2);
        assert!(cloud(&aws).regions(&access()).await.is_ok(), "{failing:?}");
        assert_eq!(requested(&aws, ACTION), 3, "{failing:?}");
    }
}

#[tokio::test]
async fn three_tries_are_enough() {
    let aws = deployed().await;
    aws.fail(ACTION, Failing::Broken, 99);
    let failed = cloud(&aws).regions(&access()).await;
    assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    assert_eq!(requested(&aws, ACTION), 3);
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_does_not_end_is_given_up() {
    let aws = deployed().await;
    let limits = Limits { answer_within: Duration::from_millis(200), tries: 1, ..LIMITS };
    let cloud = cloud_with(&aws, limits);
    for failing in [Failing::Silent, Failing::Endless] {
        aws.fail(ACTION, failing, 1);
        let failed = cloud.regions(&access()).await;
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failing:?}: {failed:?}");
    }
}

#[tokio::test]
async fn an_account_that_keeps_failing_rests_without_being_called() {
    let aws = deployed().await;
    let cloud = cloud(&aws);
    aws.fail(ACTION, Failing::Broken, 999);
    for _ in 0..5 {
        assert!(matches!(cloud.regions(&access()).await, Err(Failure::Retry(_))));
    }
    let asked = requested(&aws, ACTION);
    assert_eq!(asked, 15);
    let resting = cloud.regions(&access()).await;
    let Err(Failure::Later(after, _)) = resting else { panic!("{resting:?}") };
    assert!(after <= LIMITS.rest);
    assert_eq!(requested(&aws, ACTION), asked, "nothing went out");
    let clone = cloud.clone();
    assert!(matches!(clone.regions(&access()).await, Err(Failure::Later(..))), "clones share it");
}

#[tokio::test]
async fn a_probe_that_succeeds_ends_the_rest() {
    let aws = deployed().await;
    let cloud = cloud_with(&aws, Limits { rest: Duration::ZERO, ..LIMITS });
    aws.fail(ACTION, Failing::Broken, 999);
    for _ in 0..6 {
        assert!(matches!(cloud.regions(&access()).await, Err(Failure::Retry(_))));
    }
    aws.heal();
    assert!(cloud.regions(&access()).await.is_ok());
    aws.fail(ACTION, Failing::Broken, 3);
    assert!(matches!(cloud.regions(&access()).await, Err(Failure::Retry(_))), "counted anew");
    assert!(cloud.regions(&access()).await.is_ok());
}

#[tokio::test]
async fn a_session_that_has_passed_is_begun_anew() {
    let aws = deployed().await;
    let cloud = cloud(&aws);
    assert!(cloud.regions(&access()).await.is_ok());
    aws.fail(ACTION, Failing::Expired, 1);
    assert!(matches!(cloud.regions(&access()).await, Err(Failure::Retry(_))));
    assert!(cloud.regions(&access()).await.is_ok());
    assert_eq!(aws.assumed().len(), 2);
}

#[tokio::test]
async fn a_connection_that_was_made_anew_has_a_session_of_its_own() {
    let aws = deployed().await;
    let cloud = cloud(&aws);
    assert!(cloud.regions(&access()).await.is_ok());
    let other = Access { external_id: "another".to_owned(), ..access() };
    assert!(matches!(cloud.regions(&other).await, Err(Failure::Gone(_))));
}

#[tokio::test]
async fn nothing_listens_there() {
    let aws = deployed().await;
    let url = aws.url().to_owned();
    drop(aws);
    let limits = Limits { tries: 1, ..LIMITS };
    let cloud = customer_cloud::CustomerCloud::new(&super::own(), Some(&url), limits).unwrap();
    let failed = cloud.check_rules(&access(), &region("us-east-1"), "bus").await;
    assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
}
