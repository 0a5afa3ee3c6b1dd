//! What a look at an account finds.

use crate::house::{House, account};
use crate::played::region;
use domain::health::{RoleProblem, RuleProblem, TrailProblem};
use jiff::SignedDuration;
use pipeline::error::Failure;
use pipeline::onboarding::Job;
use store::AccountStatus;

fn missing() -> RuleProblem {
    RuleProblem::Missing(vec!["dd0c-cost-calls-1".to_owned()])
}

/// Both regions prove that events come, and the second look is over.
async fn settled() -> House {
    let mut house = House::connected().await;
    house.comes_back("eu-west-1").await;
    house.comes_back("us-east-1").await;
    house.after(15).await;
    house
}

#[tokio::test]
async fn a_region_without_rules_is_named_and_the_account_degraded() {
    let mut house = settled().await;
    house.customer.set().rules.insert(region("eu-west-1"), missing());
    house.after(24 * 60).await;
    let [finding] = house.checkup().await.findings.try_into().unwrap();
    assert_eq!(
        (finding.code.as_str(), finding.region),
        ("rules_missing", Some(region("eu-west-1")))
    );
    assert_eq!(house.status().await, AccountStatus::Degraded);
    let degraded = house.items_with("degrade").await;
    assert!(degraded.iter().any(|key| key.contains("#AUDIT")), "{degraded:?}");
    // Nothing can come back from there: that it does not says nothing new.
    house.comes_back("us-east-1").await;
    house.after(15).await;
    assert_eq!(house.codes().await, ["rules_missing"]);
}

#[tokio::test]
async fn a_rule_that_hears_something_else_degrades_and_says_where_and_what_to_do() {
    let mut house = settled().await;
    let changed = RuleProblem::Changed(vec!["dd0c-cost-calls-2".to_owned()]);
    house.customer.set().rules.insert(region("eu-west-1"), changed);
    house.after(24 * 60).await;
    assert_eq!(house.status().await, AccountStatus::Degraded);
    let [finding] = house.checkup().await.findings.try_into().unwrap();
    assert_eq!(finding.code, "rules_changed");
    for part in ["eu-west-1", "dd0c-cost-calls-2", "create it anew from the link"] {
        assert!(finding.text.contains(part), "{finding:?}");
    }
}

#[tokio::test]
async fn rules_of_an_earlier_template_are_named_and_watch_on_as_they_did() {
    let mut house = settled().await;
    let outdated = || RuleProblem::Outdated(vec!["dd0c-cost-watchdog-1".to_owned()]);
    house.customer.set().regions.push(region("eu-south-1"));
    for code in ["eu-south-1", "eu-west-1"] {
        house.customer.set().rules.insert(region(code), outdated());
    }
    house.after(24 * 60).await;
    assert_eq!(house.codes().await, ["rules_outdated", "rules_outdated"]);
    assert_eq!(house.status().await, AccountStatus::Active, "it is as it was made");
    let watched = house.connection().await.unwrap().access.unwrap().regions;
    assert!(watched.contains(&region("eu-south-1")), "its events come");
    // And so its silence is not what was to be expected.
    house.comes_back("us-east-1").await;
    house.comes_back("eu-south-1").await;
    house.after(15).await;
    assert!(house.codes().await.contains(&"events_silent".to_owned()), "{:?}", house.codes().await);
}

#[tokio::test]
async fn without_a_trail_its_silence_is_not_told_as_well() {
    let mut house = settled().await;
    house.customer.set().trail = Some(TrailProblem::NoTrail);
    house.after(24 * 60).await;
    house.after(15).await;
    assert_eq!(house.codes().await, ["trail_missing"]);
}

#[tokio::test]
async fn regions_that_nobody_watches_are_named_and_watched_once_they_have_rules() {
    let mut house = settled().await;
    house.customer.set().regions.push(region("eu-south-1"));
    house.customer.set().rules.insert(region("eu-south-1"), missing());
    house.after(24 * 60).await;
    let [finding] = house.checkup().await.findings.try_into().unwrap();
    assert_eq!((finding.code.as_str(), &finding.region), ("regions_unwatched", &None));
    assert!(finding.text.contains("eu-south-1"), "{finding:?}");
    assert_eq!(house.status().await, AccountStatus::Active, "it is as it was wanted");
    house.customer.set().rules.clear();
    house.after(24 * 60).await;
    assert!(!house.codes().await.contains(&"regions_unwatched".to_owned()));
    let watched = house.connection().await.unwrap().access.unwrap().regions;
    let all = ["eu-south-1", "eu-west-1", "us-east-1"];
    assert_eq!(watched, all.map(region));
}

#[tokio::test]
async fn a_role_that_changed_is_a_finding_and_the_rest_is_looked_at_all_the_same() {
    let mut house = settled().await;
    let lacks = RoleProblem::MissingActions(vec!["ec2:DescribeVolumes".to_owned()]);
    house.customer.set().role = Some(lacks);
    house.customer.set().rules.insert(region("us-east-1"), missing());
    house.after(24 * 60).await;
    assert_eq!(house.codes().await, ["role_lacks_actions", "rules_missing"]);
}

#[tokio::test]
async fn a_role_that_is_gone_or_open_is_all_that_is_said_and_is_not_used() {
    for problem in [RoleProblem::NoSuchRoleOrNotOurs, RoleProblem::OpenWithoutExternalId] {
        let mut house = settled().await;
        let knocks = house.customer.set().knocks.len();
        house.customer.set().role = Some(problem.clone());
        house.customer.set().trail = Some(TrailProblem::NoTrail);
        house.after(24 * 60).await;
        assert_eq!(house.codes().await, [problem.code()]);
        assert_eq!(house.status().await, AccountStatus::Degraded);
        assert_eq!(house.customer.set().knocks.len(), knocks);
        assert_eq!(house.next_look().await, SignedDuration::from_hours(24));
    }
}

#[tokio::test]
async fn an_aws_that_does_not_answer_degrades_nobody_and_is_asked_again_soon() {
    let mut house = settled().await;
    house.customer.set().role = Some(RoleProblem::Unreachable("it answered 503".to_owned()));
    house.after(24 * 60).await;
    assert_eq!(house.codes().await, ["role_unreachable"]);
    assert_eq!(house.status().await, AccountStatus::Active);
    assert_eq!(house.next_look().await, SignedDuration::from_mins(15));
    assert!(house.notes().is_empty());
}

#[tokio::test]
async fn somebody_who_changes_the_account_meanwhile_loses_nothing() {
    use domain::governance::Asker;
    use domain::policy::{Governance, Mode};
    use pipeline::lifecycle::{Change, change};
    let mut house = settled().await;
    let govern = Change::Govern(Governance { mode: Mode::Strict, customer_strict: true });
    let asked = (&Asker::Customer("ana".to_owned()), govern);
    change(&house.world.table, &journeys::tenant(), &account(), asked, house.world.now)
        .await
        .unwrap();
    house.customer.set().trail = Some(TrailProblem::NotLogging);
    house.after(24 * 60).await;
    let connection = house.connection().await.unwrap();
    assert_eq!(connection.status, AccountStatus::Degraded);
    assert!(connection.governance.customer_strict);
}

/// What AWS says the next time too.
fn refusals() -> [Failure; 2] {
    [Failure::Reject("AWS refuses it".to_owned()), Failure::Closed("denied".to_owned())]
}

#[tokio::test]
async fn trails_that_cannot_be_judged_are_a_finding_and_the_rest_is_judged() {
    for refusal in refusals() {
        let mut house = settled().await;
        house.customer.set().trail_fails = Some(refusal);
        house.customer.set().rules.insert(region("us-east-1"), missing());
        house.after(24 * 60).await;
        assert_eq!(house.codes().await, ["trail_not_readable", "rules_missing"]);
    }
}

#[tokio::test]
async fn where_regions_are_not_listed_the_watched_ones_are_looked_at() {
    for refusal in refusals() {
        let mut house = settled().await;
        house.customer.set().regions_fail = Some(refusal);
        house.customer.set().rules.insert(region("eu-west-1"), missing());
        house.after(24 * 60).await;
        let [finding] = house.checkup().await.findings.try_into().unwrap();
        assert_eq!(finding.code, "rules_missing");
        assert_eq!(finding.region, Some(region("eu-west-1")));
    }
}

#[tokio::test]
async fn a_region_that_does_not_answer_is_named_and_the_others_are_judged() {
    use std::time::Duration;
    let [reject, closed] = refusals();
    let busy = Failure::Retry("it answered 503".to_owned());
    let slow = Failure::Later(Duration::from_secs(30), "slow down".to_owned());
    for failure in [reject, closed, busy, slow] {
        let mut house = settled().await;
        house.customer.set().rules_fail.insert(region("eu-west-1"), failure);
        house.customer.set().rules.insert(region("us-east-1"), missing());
        house.after(24 * 60).await;
        let [one, other] = house.checkup().await.findings.try_into().unwrap();
        assert_eq!(
            (one.code.as_str(), one.region),
            ("rules_not_readable", Some(region("eu-west-1")))
        );
        assert_eq!(
            (other.code.as_str(), other.region),
            ("rules_missing", Some(region("us-east-1")))
        );
    }
}

#[tokio::test]
async fn where_no_region_answers_the_look_comes_again_and_nobody_is_degraded() {
    let house = settled().await;
    for code in ["eu-west-1", "us-east-1"] {
        let busy = Failure::Retry("it answered 503".to_owned());
        house.customer.set().rules_fail.insert(region(code), busy);
    }
    let worked = house.work(Job::Check { account: account() }, 9).await;
    assert!(matches!(worked, Err(Failure::Retry(_))), "{worked:?}");
    assert_eq!(house.status().await, AccountStatus::Active);
    assert!(house.codes().await.is_empty());
}
