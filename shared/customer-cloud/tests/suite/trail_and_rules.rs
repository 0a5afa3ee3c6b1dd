//! Trail, rules and the knock.

use super::{ACCOUNT, BUS, access, cloud, deployed, region, requested};
use customer_aws::{Failing, Fault};
use domain::health::{RuleProblem, TrailProblem};
use pipeline::cloud::{Cloud, PROOF_SESSION};
use pipeline::error::Failure;

async fn trail_with(fault: Option<Fault>) -> Result<(), TrailProblem> {
    let aws = deployed().await;
    if let Some(fault) = fault {
        aws.inject(ACCOUNT, fault);
    }
    let regions = [region("eu-west-1"), region("us-east-1")];
    cloud(&aws).check_trail(&access(), &regions).await.unwrap()
}

async fn rules_with(fault: Option<Fault>) -> Result<(), RuleProblem> {
    let aws = deployed().await;
    if let Some(fault) = fault {
        aws.inject(ACCOUNT, fault);
    }
    cloud(&aws).check_rules(&access(), &region("eu-west-1"), BUS).await.unwrap()
}

#[tokio::test]
async fn a_trail_of_all_regions_with_changes_is_enough() {
    assert_eq!(trail_with(None).await, Ok(()));
    assert_eq!(trail_with(Some(Fault::TrailOfOrganisation)).await, Ok(()));
}

#[tokio::test]
async fn every_way_in_which_a_trail_can_be_wrong_has_its_own_answer() {
    let of_one = TrailProblem::NotAllRegions(vec![region("us-east-1")]);
    for (fault, problem) in [
        (Fault::NoTrail, TrailProblem::NoTrail),
        (Fault::TrailStopped, TrailProblem::NotLogging),
        (Fault::TrailWithoutManagementEvents, TrailProblem::NoManagementEvents),
        (Fault::TrailOfReadsOnly, TrailProblem::NoManagementEvents),
        (Fault::TrailOfOneRegion("eu-west-1".to_owned()), of_one),
    ] {
        assert_eq!(trail_with(Some(fault.clone())).await, Err(problem), "{fault:?}");
    }
    let denied =
        trail_with(Some(Fault::ActionMissing("cloudtrail:GetTrailStatus".to_owned()))).await;
    assert!(matches!(denied, Err(TrailProblem::NotReadable(_))), "{denied:?}");
}

#[tokio::test]
async fn a_trail_of_the_one_watched_region_covers_it() {
    let aws = deployed().await;
    aws.inject(ACCOUNT, Fault::TrailOfOneRegion("eu-west-1".to_owned()));
    let covered = cloud(&aws).check_trail(&access(), &[region("eu-west-1")]).await;
    assert_eq!(covered, Ok(Ok(())));
}

#[tokio::test]
async fn the_rules_of_the_template_are_as_they_should_be() {
    assert_eq!(rules_with(None).await, Ok(()));
}

#[tokio::test]
async fn every_rule_that_is_wrong_is_named() {
    let (here, rule) = ("eu-west-1".to_owned(), "dd0c-cost-watchdog-1".to_owned());
    let named = vec![rule.clone()];
    for (fault, problem) in [
        (Fault::RuleMissing(here.clone(), rule.clone()), RuleProblem::Missing(named.clone())),
        (Fault::RuleDisabled(here.clone(), rule.clone()), RuleProblem::Disabled(named.clone())),
        (
            Fault::RuleWithoutTarget(here.clone(), rule.clone()),
            RuleProblem::NoTarget(named.clone()),
        ),
        (Fault::RuleToOtherBus(here.clone(), rule.clone()), RuleProblem::OtherBus(named.clone())),
    ] {
        assert_eq!(rules_with(Some(fault.clone())).await, Err(problem), "{fault:?}");
    }
    let elsewhere = Fault::RuleMissing("us-east-1".to_owned(), rule);
    assert_eq!(rules_with(Some(elsewhere)).await, Ok(()));
    let denied = rules_with(Some(Fault::ActionMissing("events:ListRules".to_owned()))).await;
    assert!(matches!(denied, Err(RuleProblem::NotReadable(_))), "{denied:?}");
}

#[tokio::test]
async fn a_rule_that_hears_something_else_is_named_whatever_else_is_in_order() {
    let here = "eu-west-1".to_owned();
    let with = async |rule: &str, pattern: &str| {
        let fault = Fault::RuleOfPattern(here.clone(), rule.to_owned(), pattern.to_owned());
        rules_with(Some(fault)).await
    };
    for rule in cloudtrail::rules::all() {
        for deaf in [r#"{"source":["nobody"]}"#, "{}", ""] {
            let problem = RuleProblem::Changed(vec![rule.name.clone()]);
            assert_eq!(with(&rule.name, deaf).await, Err(problem), "{deaf}");
        }
        let fewer = rule.pattern.replacen("\"aws.", "\"aws.x", 1);
        assert!(matches!(with(&rule.name, &fewer).await, Err(RuleProblem::Changed(_))), "{fewer}");
    }
}

/// As an earlier template had it.
const EARLIER: &str = r#"{"source":[{"prefix":"aws."}],
    "detail-type":["AWS API Call via CloudTrail","AWS Service Event via CloudTrail"],
    "detail":{
        "eventSource":["cloudtrail.amazonaws.com","events.amazonaws.com","organizations.amazonaws.com"],
        "eventName":["DeleteRule","DeleteTrail","DisableRule","LeaveOrganization","RemoveTargets",
            "StopLogging","UpdateTrail"]}}"#;

#[tokio::test]
async fn a_rule_of_an_earlier_template_is_only_old_unless_more_is_wrong() {
    let (here, rule) = ("eu-west-1".to_owned(), "dd0c-cost-watchdog-1".to_owned());
    let old = Fault::RuleOfPattern(here.clone(), rule.clone(), EARLIER.to_owned());
    let problem = RuleProblem::Outdated(vec![rule.clone()]);
    assert_eq!(rules_with(Some(old.clone())).await, Err(problem));
    let aws = deployed().await;
    aws.inject(ACCOUNT, old);
    aws.inject(ACCOUNT, Fault::RuleWithoutTarget(here, rule.clone()));
    let found = cloud(&aws).check_rules(&access(), &region("eu-west-1"), BUS).await;
    assert_eq!(found, Ok(Err(RuleProblem::NoTarget(vec![rule]))));
}

#[tokio::test]
async fn a_region_that_the_stack_does_not_cover_has_no_rules() {
    let aws = deployed().await;
    aws.switch_on(ACCOUNT, "sa-east-1");
    let all = cloudtrail::rules::all().iter().map(|rule| rule.name.clone()).collect();
    let missing = cloud(&aws).check_rules(&access(), &region("sa-east-1"), BUS).await;
    assert_eq!(missing, Ok(Err(RuleProblem::Missing(all))));
}

#[tokio::test]
async fn a_knock_is_denied_and_comes_back() {
    let aws = deployed().await;
    let cloud = cloud(&aws);
    assert_eq!(cloud.knock(&access(), &region("eu-west-1")).await, Ok(()));
    let knocks = aws.knocks(ACCOUNT);
    assert_eq!(knocks.len(), 1);
    let detail = &knocks[0]["detail"];
    let arn = detail["userIdentity"]["arn"].as_str().unwrap();
    assert!(arn.ends_with(&format!("assumed-role/dd0c-cost-readonly/{PROOF_SESSION}")), "{arn}");
    assert_eq!(detail["errorCode"], "Client.UnauthorizedOperation");
    assert_eq!(detail["requestParameters"]["volumeId"], "vol-00000000000000000");
    assert_eq!(knocks[0]["region"], "eu-west-1");
    assert_eq!(knocks[0]["detail-type"], "AWS API Call via CloudTrail");
    assert!(cloud.regions(&access()).await.is_ok());
    assert_eq!(aws.assumed().len(), 2, "the proof's session is for nothing else");
}

#[tokio::test]
async fn a_knock_that_did_not_arrive_is_tried_again_later() {
    let aws = deployed().await;
    aws.fail("ec2:CreateSnapshot", Failing::Broken, 3);
    let failed = cloud(&aws).knock(&access(), &region("eu-west-1")).await;
    assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    assert!(aws.knocks(ACCOUNT).is_empty());
    assert_eq!(requested(&aws, "ec2:CreateSnapshot"), 3);
}
