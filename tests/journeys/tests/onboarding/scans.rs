//! The search for zombies, region by region.

use crate::house::{House, account, both};
use crate::played::region;
use domain::ids::Region;
use domain::money::Usd;
use domain::price::{Monthly, Source};
use domain::zombie::{Zombie, ZombieCheck};
use jiff::SignedDuration;
use pipeline::error::Failure;
use pipeline::onboarding::{Job, Worked};

fn zombie(code: &str) -> Zombie {
    let source = Source { name: "a test".into(), as_of: "2026-06-01".into() };
    Zombie {
        check: ZombieCheck::ALL[0],
        region: region(code),
        resource: format!("vol-of-{code}"),
        name: None,
        why: "nobody uses it".to_owned(),
        since: None,
        monthly: Monthly::Priced { amount: Usd::from_cents(250), source },
        stop: "aws ec2 …".to_owned(),
    }
}

/// An account in which each region has one, about to be searched.
async fn house() -> House {
    let house = House::connected().await;
    let far = ["eu-west-1", "sa-east-1", "us-east-1"];
    house.customer.set().zombies = far.map(|code| (region(code), vec![zombie(code)])).into();
    house
}

async fn found(house: &House) -> Vec<Region> {
    let zombies = house.world.truth.zombies(&account()).await.unwrap();
    zombies.into_iter().map(|zombie| zombie.region).collect()
}

fn scan() -> Job {
    Job::Scan { account: account() }
}

#[tokio::test]
async fn a_scan_begins_with_the_account_and_again_each_week() {
    let mut house = house().await;
    assert_eq!(house.customer.set().scans, both());
    assert!(found(&house).await.is_empty());
    for _ in 0..6 {
        house.after(24 * 60).await;
    }
    assert_eq!(house.customer.set().scans.len(), 2);
    house.after(24 * 60).await;
    assert_eq!(house.customer.set().scans.len(), 4);
    assert_eq!(found(&house).await, both());
    let progress = house.world.truth.scan_progress(&account()).await.unwrap().unwrap();
    assert_eq!((progress.zombies, progress.monthly), (2, Usd::from_cents(500)));
    assert_eq!((progress.requests, progress.metrics), (14, 4));
    assert_eq!(progress.unjudged[ZombieCheck::ALL[0].code()], 2);
    // Repeated, it has nothing to do.
    assert_eq!(house.work(scan(), 9).await, Ok(Worked::Scanned { finished: true }));
    assert_eq!(house.customer.set().scans.len(), 4);
}

#[tokio::test]
async fn a_scan_that_is_cut_at_each_region_goes_on_there() {
    for steps in 1..=3 {
        let mut house = house().await;
        house.pass(8 * 24 * 3600);
        house.customer.set().scans.clear();
        assert_eq!(house.work(scan(), 0).await, Ok(Worked::Scanned { finished: false }));
        assert!(house.customer.set().scans.is_empty());
        house.finish_in(steps).await;
        assert_eq!(house.customer.set().scans, both(), "each once, with {steps} at a time");
        assert_eq!(found(&house).await, both());
    }
}

#[tokio::test]
async fn a_region_that_fails_is_noted_and_stops_no_other() {
    let mut house = house().await;
    house.pass(8 * 24 * 3600);
    let away = Failure::Retry("it answered 500".to_owned());
    house.customer.set().failing.insert(region("eu-west-1"), away);
    assert_eq!(house.work(scan(), 9).await, Ok(Worked::Scanned { finished: true }));
    assert_eq!(found(&house).await, [region("us-east-1")]);
    let progress = house.world.truth.scan_progress(&account()).await.unwrap().unwrap();
    assert_eq!(progress.unjudged["region eu-west-1"], 1);
}

#[tokio::test]
async fn a_role_that_is_lost_ends_it_and_is_looked_at() {
    let mut house = house().await;
    house.pass(8 * 24 * 3600);
    let gone = Failure::Gone("no role".to_owned());
    house.customer.set().failing.insert(region("eu-west-1"), gone);
    assert_eq!(house.work(scan(), 9).await, Ok(Worked::Scanned { finished: false }));
    assert_eq!(house.next_job().await, Some(Job::Check { account: account() }));
    assert!(house.world.jobs.is_empty());
}

#[tokio::test]
async fn two_that_scan_at_once_do_not_do_so_twice() {
    let mut house = house().await;
    house.pass(8 * 24 * 3600);
    let claim = (house.world.now, house.world.now + SignedDuration::from_mins(1));
    house.world.table.claim_work(("scan", account().as_str()), claim).await.unwrap();
    assert!(matches!(house.work(scan(), 9).await, Ok(Worked::Ignored(_))));
    assert!(house.world.jobs.is_empty());
    house.pass(61);
    assert_eq!(house.work(scan(), 9).await, Ok(Worked::Scanned { finished: true }));
}

#[tokio::test]
async fn what_was_found_where_nobody_watches_any_more_goes() {
    let mut house = house().await;
    house
        .world
        .table
        .put_zombies(&account(), &region("sa-east-1"), &[zombie("sa-east-1")])
        .await
        .unwrap();
    house.pass(8 * 24 * 3600);
    house.work(scan(), 9).await.unwrap();
    assert_eq!(found(&house).await, both());
}
