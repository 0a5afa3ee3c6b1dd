//! A tenant who pays leaves: his subscription ends with its period while it can be taken back, and at
//! once when everything goes; whatever breaks in between.

use domain::governance::Asker;
use domain::ids::AccountId;
use jiff::{SignedDuration, Timestamp};
use journeys::counter::{Counter, RETURNS, account};
use journeys::faults::Fault;
use journeys::tenant;
use pipeline::billing;
use pipeline::error::Failure;
use pipeline::leaving;
use pipeline::lifecycle::{self, Change};
use std::time::Duration;
use store::{AccountStatus, Table};

const HOUR: Duration = Duration::from_hours(1);

async fn paying() -> Counter {
    let mut counter = Counter::open().await;
    counter.may_connect().await.unwrap();
    counter.connect('1').await;
    counter.rest().await;
    counter.subscribe().await;
    counter.connect('2').await;
    counter.connect('3').await;
    counter.change('3', Change::Disconnect).await;
    counter.rest().await;
    counter
}

async fn ask(counter: &Counter) {
    let (ana, now) = (Asker::Customer("ana".to_owned()), counter.now);
    let ask = async |table: &Table| leaving::ask(table, &tenant(), &ana, now).await.map(drop);
    counter.patiently(ask).await;
}

async fn undo(counter: &Counter) {
    let (ana, now) = (Asker::Customer("ana".to_owned()), counter.now);
    let undo = async |table: &Table| leaving::undo(table, &tenant(), &ana, now).await.map(drop);
    counter.patiently(undo).await;
}

/// How each account stands.
async fn standing(counter: &Counter) -> Vec<(AccountId, AccountStatus, Option<Timestamp>)> {
    let connections = counter.truth.connections(&tenant()).await.unwrap();
    connections.into_iter().map(|each| (each.account, each.status, each.purge_at)).collect()
}

/// The hourly run; what fails is tried again in the next one.
async fn hourly(counter: &mut Counter) {
    counter.pass(HOUR).await;
    let (now, left) = (counter.now, std::cell::Cell::new(2));
    let go_on = || left.replace(left.get() - 1) > 0;
    let accounts = lifecycle::purge(&counter.table, now, go_on).await;
    let tenants = leaving::purge(&counter.table, now, || true).await;
    for failed in [accounts.err(), tenants.err()].into_iter().flatten() {
        assert!(matches!(failed, Failure::Retry(_)), "{failed}");
    }
    counter.faults.revive();
    counter.rest().await;
}

/// Asked for, taken back, asked for again and gone; requests that it took.
async fn run(fault: Option<(u64, Fault)>) -> u64 {
    let mut counter = paying().await;
    let before = standing(&counter).await;
    let first = counter.faults.requests();
    if let Some((request, fault)) = fault {
        counter.faults.plan(first + request, fault);
    }
    ask(&counter).await;
    counter.rest().await;
    let stands = counter.billing().await;
    assert!(stands.cancel_at_period_end && stands.is_subscribed(), "{fault:?}: {stands:?}");
    assert_eq!(stands.quantity, Some(2), "{fault:?}");
    let out = |(_, status, _): &(_, AccountStatus, _)| *status == AccountStatus::Disconnecting;
    assert!(standing(&counter).await.iter().all(out), "{fault:?}");

    undo(&counter).await;
    counter.rest().await;
    hourly(&mut counter).await;
    assert_eq!(standing(&counter).await, before, "{fault:?}");
    let stands = counter.billing().await;
    assert!(!stands.cancel_at_period_end && stands.is_subscribed(), "{fault:?}: {stands:?}");
    assert_eq!(stands.quantity, Some(2), "{fault:?}");
    assert_eq!(counter.truth.leaving(&tenant()).await.unwrap(), None, "{fault:?}");

    let asked_at = counter.now;
    ask(&counter).await;
    counter.rest().await;
    while counter.truth.leaving(&tenant()).await.unwrap().is_some() {
        hourly(&mut counter).await;
        let hours = counter.now.duration_since(asked_at).as_hours();
        assert!(hours < 72, "{fault:?}: {:?}", counter.truth.leaving(&tenant()).await);
    }
    counter.rest().await;
    assert_eq!(counter.truth.count_left_of_tenant(&tenant()).await.unwrap(), 0, "{fault:?}");
    for digit in ['1', '2', '3'] {
        assert_eq!(counter.truth.owner(&account(digit)).await.unwrap(), None, "{fault:?}");
    }
    let far = counter.now + SignedDuration::from_hours(999);
    assert!(counter.truth.due(far, 99).await.unwrap().tasks.is_empty(), "{fault:?}");
    let parted = counter.notes.parted();
    assert!(!parted.is_empty() && parted.iter().all(|name| name == "acme"), "{fault:?}");
    let runs = |each: &&stripe_double::Subscription| format!("{:?}", each.status) != "Canceled";
    assert_eq!(counter.stripe.subscriptions().iter().filter(runs).count(), 0, "{fault:?}");
    assert_eq!(counter.stripe.customers().len(), 1, "invoices are kept");
    assert!(counter.billing.dead().is_empty(), "{fault:?}: {:?}", counter.billing.dead());
    counter.faults.requests() - first
}

#[tokio::test]
async fn he_pays_until_he_is_gone_and_as_before_when_he_stays() {
    assert!(run(None).await > 100);
}

async fn each(fault: Fault, step: usize) {
    let requests = run(None).await;
    for request in (1..=requests).step_by(step) {
        run(Some((request, fault))).await;
    }
}

#[tokio::test]
async fn a_process_that_dies_anywhere_leaves_what_the_next_one_finishes() {
    each(Fault::DieBefore, 23).await;
    each(Fault::DieAfter, 29).await;
}

#[tokio::test]
async fn a_lost_answer_and_a_busy_table_change_nothing() {
    each(Fault::LoseAnswer, 31).await;
    each(Fault::Conflict, 37).await;
}

#[tokio::test]
async fn who_has_ended_his_subscription_himself_has_ended_it_after_an_undo_too() {
    let mut counter = paying().await;
    let scope = tenant();
    let portal = billing::portal(&counter.table, &counter.payments, &scope, RETURNS.portal);
    counter.stripe.cancel(&portal.await.unwrap().unwrap()).unwrap();
    counter.pass(HOUR).await;
    ask(&counter).await;
    counter.rest().await;
    undo(&counter).await;
    counter.rest().await;
    assert!(counter.billing().await.cancel_at_period_end);
    assert_eq!(counter.notes.titles().len(), 2, "{:?}", counter.notes.titles());
}
