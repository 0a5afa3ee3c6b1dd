//! The search for zombies, region by region.

use crate::house::{House, account, all_of, both};
use crate::played::region;
use domain::ids::Region;
use domain::money::Usd;
use domain::price::{Monthly, Source};
use domain::setup::ScanProgress;
use domain::zombie::{Part, Zombie, ZombieCheck};
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

async fn progress(house: &House) -> ScanProgress {
    house.world.truth.scan_progress(&account()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_scan_begins_with_the_account_and_again_each_week() {
    let mut house = house().await;
    assert_eq!(house.searched(), all_of(&both()));
    assert!(found(&house).await.is_empty());
    let once = house.searched().len();
    for _ in 0..6 {
        house.after(24 * 60).await;
    }
    assert_eq!(house.searched().len(), once);
    house.after(24 * 60).await;
    assert_eq!(house.searched().len(), 2 * once);
    assert_eq!(found(&house).await, both());
    let progress = progress(&house).await;
    assert_eq!((progress.zombies, progress.monthly), (2, Usd::from_cents(500)));
    assert_eq!((progress.requests, progress.metrics), (14, 4));
    assert_eq!(progress.unjudged[ZombieCheck::ALL[0].code()], 2);
    // Repeated, it has nothing to do.
    assert_eq!(house.work(scan(), 9).await, Ok(Worked::Scanned { finished: true }));
    assert_eq!(house.searched().len(), 2 * once);
}

/// An account in which each region has one, a week later; nothing was searched since.
async fn due() -> House {
    let mut house = house().await;
    house.pass(8 * 24 * 3600);
    house.customer.set().scans.clear();
    house
}

#[tokio::test]
async fn a_scan_that_is_cut_at_each_part_goes_on_there() {
    for steps in 1..=3 {
        let mut house = due().await;
        assert_eq!(house.work(scan(), 0).await, Ok(Worked::Scanned { finished: false }));
        assert!(house.searched().is_empty());
        house.finish_in(steps).await;
        assert_eq!(house.searched(), all_of(&both()), "each once, with {steps} at a time");
        assert_eq!(found(&house).await, both());
    }
}

#[tokio::test]
async fn a_part_that_is_cut_is_begun_again_with_all_the_time_that_there_is() {
    let mut house = due().await;
    let far = (region("eu-west-1"), Part::Tables);
    house.customer.set().takes.insert(far.clone(), 4);
    // Four parts, and one step of its four are done before the time is over.
    assert_eq!(house.work(scan(), 5).await, Ok(Worked::Scanned { finished: false }));
    assert_eq!(progress(&house).await.tries, Some(1));
    house.finish_in(5).await;
    let mut expected = all_of(&both());
    expected.insert(3, far);
    assert_eq!(house.searched(), expected, "it alone comes twice");
    let progress = progress(&house).await;
    assert!(progress.finished_at.is_some() && progress.tries.is_none(), "{progress:?}");
    assert_eq!((progress.requests, progress.metrics), (15, 4), "what was cut was charged for, too");
    assert_eq!(found(&house).await, both());
}

#[tokio::test]
async fn a_part_that_is_never_done_in_time_is_set_aside_and_keeps_nothing_waiting() {
    let mut house = due().await;
    house.customer.set().takes.insert((region("eu-west-1"), Part::Tables), 99);
    assert_eq!(house.work(scan(), 9).await, Ok(Worked::Scanned { finished: false }));
    house.finish_in(9).await;
    let tried = |part| move |place: &&(Region, Part)| *place == &(region("eu-west-1"), part);
    assert_eq!(house.searched().iter().filter(tried(Part::Tables)).count(), 3);
    assert_eq!(house.searched().iter().filter(tried(Part::Functions)).count(), 1);
    let progress = progress(&house).await;
    assert_eq!(progress.unjudged["region eu-west-1"], 1);
    assert!(progress.finished_at.is_some() && progress.done == both(), "{progress:?}");
}

#[tokio::test]
async fn a_part_at_which_everybody_dies_is_set_aside_and_keeps_nothing_waiting() {
    let mut house = due().await;
    house.customer.set().hangs.insert((region("eu-west-1"), Part::Logs));
    for dead in 1..=3 {
        tokio::select! {
            worked = house.work(scan(), 1_000) => panic!("{worked:?}"),
            () = house.customer.hanging.notified() => {}
        }
        assert_eq!(progress(&house).await.tries, Some(dead));
        // His message comes again, and finds his claim.
        assert!(matches!(house.work(scan(), 1_000).await, Ok(Worked::Ignored(_))));
        house.pass(7 * 60);
    }
    house.after(0).await;
    let progress = progress(&house).await;
    assert_eq!(progress.unjudged["region eu-west-1"], 1);
    assert!(progress.finished_at.is_some() && progress.done == both(), "{progress:?}");
    assert_eq!(found(&house).await, both());
}

#[tokio::test]
async fn what_is_searched_anew_takes_the_place_of_its_own_part_alone() {
    let mut house = due().await;
    let address = Zombie {
        check: ZombieCheck::UnassociatedAddress,
        resource: "eipalloc-0a".to_owned(),
        ..zombie("us-east-1")
    };
    house.customer.set().zombies.get_mut(&region("us-east-1")).unwrap().push(address);
    house.work(scan(), 1_000).await.unwrap();
    assert_eq!(found(&house).await.len(), 3);
    house.pass(8 * 24 * 3600);
    house.customer.set().zombies.clear();
    // The network of the second region is never done in time.
    house.customer.set().takes.insert((region("us-east-1"), Part::Network), 9_999);
    house.work(scan(), 99).await.unwrap();
    house.finish_in(99).await;
    let left = house.world.truth.zombies(&account()).await.unwrap();
    let left: Vec<ZombieCheck> = left.iter().map(|zombie| zombie.check).collect();
    assert_eq!(left, [ZombieCheck::UnassociatedAddress], "nobody knows that it is gone");
}

#[tokio::test]
async fn what_could_not_be_listed_again_is_not_gone() {
    let mut house = due().await;
    house.work(scan(), 1_000).await.unwrap();
    house.pass(8 * 24 * 3600);
    house.customer.set().zombies.clear();
    house.customer.set().unlisted = vec![ZombieCheck::ALL[0]];
    house.work(scan(), 1_000).await.unwrap();
    assert_eq!(found(&house).await, both(), "nobody has looked");
    house.pass(8 * 24 * 3600);
    house.customer.set().unlisted.clear();
    house.work(scan(), 1_000).await.unwrap();
    assert_eq!(found(&house).await, []);
}

#[tokio::test]
async fn a_region_that_fails_is_noted_and_stops_no_other() {
    let mut house = due().await;
    let away = Failure::Retry("it answered 500".to_owned());
    house.customer.set().failing.insert(region("eu-west-1"), away);
    // It is tried three times before the others come.
    assert_eq!(house.work(scan(), 1_000).await, Ok(Worked::Scanned { finished: false }));
    house.finish().await;
    assert_eq!(house.searched().len(), 3 * Part::ALL.len() + Part::ALL.len());
    assert_eq!(found(&house).await, [region("us-east-1")]);
    assert_eq!(progress(&house).await.unjudged["region eu-west-1"], 1);
}

#[tokio::test]
async fn a_role_that_is_lost_ends_it_and_is_looked_at() {
    let mut house = house().await;
    house.pass(8 * 24 * 3600);
    let gone = Failure::Gone("no role".to_owned());
    house.customer.set().failing.insert(region("eu-west-1"), gone);
    assert_eq!(house.work(scan(), 1_000).await, Ok(Worked::Scanned { finished: false }));
    assert_eq!(house.next_job().await, Some(Job::Check { account: account() }));
    assert!(house.world.jobs.is_empty());
}

#[tokio::test]
async fn two_that_scan_at_once_do_not_do_so_twice() {
    let mut house = house().await;
    house.pass(8 * 24 * 3600);
    let claim = (house.world.now, house.world.now + SignedDuration::from_mins(1));
    house.world.table.claim_work(("scan", account().as_str()), claim).await.unwrap();
    assert!(matches!(house.work(scan(), 1_000).await, Ok(Worked::Ignored(_))));
    assert!(house.world.jobs.is_empty());
    house.pass(61);
    assert_eq!(house.work(scan(), 1_000).await, Ok(Worked::Scanned { finished: true }));
}

#[tokio::test]
async fn what_was_found_where_nobody_watches_any_more_goes() {
    let mut house = house().await;
    house
        .world
        .table
        .put_zombies(
            &account(),
            (&region("sa-east-1"), Part::Compute),
            (&[zombie("sa-east-1")], &[]),
        )
        .await
        .unwrap();
    house.pass(8 * 24 * 3600);
    house.work(scan(), 1_000).await.unwrap();
    assert_eq!(found(&house).await, both());
}
