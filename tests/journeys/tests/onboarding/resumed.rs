//! Work that was broken off goes on once somebody looks at the account.

use crate::house::{House, account, all_of, both};
use crate::past::past;
use crate::played::region;
use domain::governance::Asker;
use domain::setup::{RehearsalProgress, ScanProgress};
use jiff::SignedDuration;
use journeys::faults::Fault;
use journeys::tenant;
use pipeline::lifecycle::{self, Change};
use pipeline::onboarding::{Job, Worked};
use store::{AccountStatus, Connection};

const DAY: i64 = 24 * 60;

fn rehearse() -> Job {
    Job::Rehearse { account: account() }
}

/// An account of whose past a few days are rehearsed; nothing waits in the queue.
async fn broken_off() -> House {
    let house = House::connected().await;
    house.customer.remember(&past());
    let worked = house.work(rehearse(), 9).await;
    assert_eq!(worked, Ok(Worked::Rehearsed { finished: false }));
    while house.next_job().await.is_some() {}
    assert!((1..90).contains(&days(&progress(&house).await)));
    house
}

fn days(progress: &RehearsalProgress) -> i64 {
    progress.through.duration_since(progress.from).as_hours() / 24
}

async fn progress(house: &House) -> RehearsalProgress {
    house.world.truth.rehearsal_progress(&account()).await.unwrap().unwrap()
}

async fn is_rehearsed(house: &House) -> bool {
    let progress = progress(house).await;
    // All of it, and the small machines are not forgotten.
    progress.finished_at.is_some_and(|_| progress.cost_events >= 12)
}

/// As the settlement of what a tenant pays for does it.
async fn set(house: &House, status: AccountStatus) {
    let table = &house.world.table;
    let before = house.connection().await.unwrap();
    let after = Connection { status, ..before.clone() };
    let both = (Some(&before), &after);
    let entry = lifecycle::entry("test", &Asker::Rules, both, String::new(), house.world.now);
    assert!(table.change_connection(&tenant(), &before, &after, &entry).await.unwrap());
}

async fn change(house: &House, change: Change) {
    let asked = (&Asker::Customer("ana".to_owned()), change);
    let (table, now) = (&house.world.table, house.world.now);
    lifecycle::change(table, &tenant(), &account(), asked, now).await.unwrap();
}

#[tokio::test]
async fn a_rehearsal_whose_role_was_lost_for_a_day_goes_on_when_it_is_back() {
    let mut house = broken_off().await;
    let id = house.customer.set().external_id.take();
    assert_eq!(house.work(rehearse(), 9).await, Ok(Worked::Rehearsed { finished: false }));
    house.after(15).await;
    assert_eq!(house.codes().await, ["role_not_found_or_not_ours"]);
    assert!(!is_rehearsed(&house).await);
    let before = days(&progress(&house).await);
    house.customer.set().external_id = id;
    house.after(DAY).await;
    assert!(before > 0 && is_rehearsed(&house).await, "{:?}", progress(&house).await);
    assert!(!house.codes().await.contains(&"role_not_found_or_not_ours".to_owned()));
}

#[tokio::test]
async fn a_rehearsal_of_a_paused_account_goes_on_when_it_is_resumed() {
    let mut house = broken_off().await;
    set(&house, AccountStatus::Paused).await;
    assert!(matches!(house.work(rehearse(), 9).await, Ok(Worked::Ignored(_))));
    house.after(DAY).await;
    assert!(!is_rehearsed(&house).await);
    set(&house, AccountStatus::Active).await;
    house.after(0).await;
    assert!(is_rehearsed(&house).await, "{:?}", progress(&house).await);
}

#[tokio::test]
async fn a_rehearsal_goes_on_where_a_disconnect_was_undone() {
    let mut house = broken_off().await;
    change(&house, Change::Disconnect).await;
    assert!(matches!(house.work(rehearse(), 9).await, Ok(Worked::Ignored(_))));
    house.after(60).await;
    change(&house, Change::Undo).await;
    house.after(0).await;
    assert!(is_rehearsed(&house).await, "{:?}", progress(&house).await);
}

#[tokio::test]
async fn whoever_dies_while_he_undoes_a_disconnect_leaves_no_account_without_a_next_look() {
    for fault in [Fault::DieBefore, Fault::DieAfter, Fault::LoseAnswer] {
        for nth in 1.. {
            let mut house = House::connected().await;
            change(&house, Change::Disconnect).await;
            // The look that was due finds an account on its way out, and sets no other.
            house.after(DAY).await;
            let (table, now) = (&house.world.table, house.world.now);
            let begun = house.world.faults.requests();
            house.world.faults.plan(begun + nth, fault);
            let undo = (&Asker::Customer("ana".to_owned()), Change::Undo);
            let _ = lifecycle::change(table, &tenant(), &account(), undo, now).await;
            if house.world.faults.requests() < begun + nth {
                break;
            }
            if house.status().await == AccountStatus::Active {
                assert_eq!(house.next_look().await, SignedDuration::ZERO, "{fault:?} at {nth}");
            }
        }
    }
}

#[tokio::test]
async fn a_rehearsal_that_never_began_begins_and_a_finished_one_is_left_alone() {
    let mut house = House::connected().await;
    house.customer.remember(&past());
    assert!(house.world.truth.rehearsal_progress(&account()).await.unwrap().is_none());
    house.after(DAY).await;
    assert!(is_rehearsed(&house).await);
    let lookups = house.customer.set().lookups;
    house.after(DAY).await;
    assert_eq!(house.customer.set().lookups, lookups);
}

#[tokio::test]
async fn where_somebody_is_at_it_nobody_else_is_sent() {
    let mut house = broken_off().await;
    house.pass(15 * 60);
    let until = house.world.now + SignedDuration::from_mins(6);
    let claim = (house.world.now, until);
    house.world.table.claim_work(("rehearse", account().as_str()), claim).await.unwrap();
    house.after(0).await;
    assert!(!house.done.iter().any(|worked| matches!(worked, Worked::Rehearsed { .. })));
    // Who comes to it all the same ends quietly, and has somebody look whether the other lives.
    let worked = house.work(rehearse(), 9).await;
    assert_eq!(worked, Ok(Worked::Ignored("somebody else is at it")));
    assert!(house.world.jobs.is_empty());
    house.after(7).await;
    assert!(is_rehearsed(&house).await, "{:?}", progress(&house).await);
}

/// A scan of which one region is done.
async fn half_scanned(house: &House) {
    let [first, _] = both().try_into().unwrap();
    let began_at = house.world.now;
    let scan = ScanProgress { began_at, of: both(), done: vec![first], ..Default::default() };
    house.world.truth.put_scan_progress(&account(), &scan).await.unwrap();
    house.customer.set().scans.clear();
}

#[tokio::test]
async fn a_scan_whose_worker_died_goes_on_when_his_claim_is_over() {
    let mut house = House::connected().await;
    half_scanned(&house).await;
    let claim = (house.world.now, house.world.now + SignedDuration::from_mins(6));
    house.world.table.claim_work(("scan", account().as_str()), claim).await.unwrap();
    // The message that he was at comes again.
    let scan = Job::Scan { account: account() };
    assert!(matches!(house.work(scan, 9).await, Ok(Worked::Ignored(_))));
    house.after(0).await;
    assert!(house.searched().is_empty(), "he may still be at it");
    house.after(7).await;
    assert_eq!(house.searched(), all_of(&[region("us-east-1")]), "the rest of it");
    let scan = house.world.truth.scan_progress(&account()).await.unwrap().unwrap();
    assert!(scan.finished_at.is_some());
}

#[tokio::test]
async fn a_scan_whose_role_was_lost_goes_on_when_it_is_back() {
    let mut house = House::connected().await;
    half_scanned(&house).await;
    let id = house.customer.set().external_id.take();
    let scan = Job::Scan { account: account() };
    assert_eq!(house.work(scan, 9).await, Ok(Worked::Scanned { finished: false }));
    house.finish().await;
    house.customer.set().external_id = id;
    house.after(DAY).await;
    let scan = house.world.truth.scan_progress(&account()).await.unwrap().unwrap();
    assert!(scan.finished_at.is_some() && scan.done == both(), "{scan:?}");
}
