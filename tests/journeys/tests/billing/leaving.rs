//! A tenant who pays leaves: his subscription ends with its period while it can be taken back, and at
//! once when everything goes; whatever breaks in between.

use domain::governance::Asker;
use domain::ids::AccountId;
use jiff::{SignedDuration, Timestamp};
use journeys::counter::{Counter, Line, RETURNS, account};
use journeys::faults::Fault;
use journeys::tenant;
use pipeline::billing::{self, BillingTask};
use pipeline::error::Failure;
use pipeline::leaving;
use pipeline::lifecycle::{self, Change};
use pipeline::ports::{Addressee, Lines, Way};
use std::time::Duration;
use store::{AccountStatus, Leaving, Table, TenantScope};

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
    let tenants = leaving::purge(&counter.table, now, || true).await;
    let accounts = lifecycle::purge(&counter.table, now, go_on).await;
    for failed in [tenants.err(), accounts.err()].into_iter().flatten() {
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

/// A Slack that is away.
struct Away;

impl Lines for Away {
    type Line = Line<'static>;

    async fn line(&self, _: &Addressee, _: Option<&str>) -> Result<Way<Self::Line>, Failure> {
        Err(Failure::Retry("Slack is away".to_owned()))
    }

    async fn part(&self, _: &TenantScope) -> Result<(), Failure> {
        Err(Failure::Retry("Slack is away".to_owned()))
    }
}

async fn settle(counter: &Counter, lines: &impl Lines) -> Result<billing::Done, Failure> {
    let task = BillingTask::Settle { tenant: tenant().tenant().clone() };
    billing::work(&counter.table, &counter.payments, lines, &task, counter.now).await
}

#[tokio::test]
async fn what_was_taken_back_and_is_not_back_yet_is_not_purged() {
    let mut counter = paying().await;
    let before = standing(&counter).await;
    ask(&counter).await;
    counter.rest().await;
    // Whoever takes it back dies before any account is back, and the grace period ends.
    let leaving = counter.truth.leaving(&tenant()).await.unwrap().unwrap();
    let undone = Leaving { undone_at: Some(counter.now), ..leaving };
    assert!(counter.truth.change_leaving(&tenant(), &undone, None).await.unwrap());
    counter.pass(HOUR * 49).await;
    let purged = lifecycle::purge(&counter.table, counter.now, || true).await.unwrap();
    assert_eq!(purged.accounts, [account('3')], "it was on its way out by itself");
    assert!(matches!(settle(&counter, &Away).await, Ok(billing::Done::Settled(_))));
    let subscription = counter.stripe.subscriptions().remove(0);
    assert!(subscription.cancel_at_period_end, "who is not back yet pays for nothing");
    leaving::purge(&counter.table, counter.now, || true).await.unwrap();
    counter.rest().await;
    assert_eq!(standing(&counter).await, before[..2]);
    assert!(!counter.billing().await.cancel_at_period_end);
    assert_eq!(counter.truth.leaving(&tenant()).await.unwrap(), None);
}

#[tokio::test]
async fn no_slack_that_is_away_costs_a_subscription_and_no_stripe_keeps_people_from_hearing() {
    let mut counter = paying().await;
    ask(&counter).await;
    counter.stripe.fail_next(stripe_double::Fault::Status(503));
    for _ in 0..9 {
        counter.stripe.fail_next(stripe_double::Fault::Status(503));
    }
    assert!(settle(&counter, &&counter.notes).await.is_err());
    assert_eq!(counter.notes.titles().len(), 1, "{:?}", counter.notes.titles());
    while counter.stripe.asked().iter().filter(|asked| asked.status == 503).count() < 10 {
        let _ = settle(&counter, &&counter.notes).await;
    }
    counter.rest().await;
    assert_eq!(counter.notes.titles().len(), 1, "nobody hears it twice");
    assert!(counter.billing().await.cancel_at_period_end);

    undo(&counter).await;
    assert!(settle(&counter, &Away).await.is_err());
    assert!(!counter.stripe.subscriptions()[0].cancel_at_period_end, "Stripe knows already");
    counter.rest().await;
    assert_eq!(counter.notes.titles().len(), 2, "{:?}", counter.notes.titles());
    assert_eq!(counter.truth.leaving(&tenant()).await.unwrap(), None);
}

#[tokio::test]
async fn who_stays_after_his_paid_time_hears_that_he_has_to_subscribe_again() {
    let mut counter = paying().await;
    ask(&counter).await;
    counter.rest().await;
    let customer = counter.customer().await;
    counter.stripe.end(&customer).unwrap();
    counter.pass(HOUR).await;
    undo(&counter).await;
    counter.rest().await;
    let said = format!("{:?}", counter.notes.all());
    assert!(said.contains("subscribes again") && !said.contains("as they were before"), "{said}");
}

#[tokio::test]
async fn a_page_to_subscribe_on_is_closed_when_he_leaves() {
    let mut counter = Counter::open().await;
    counter.connect('1').await;
    let page = counter.checkout().await;
    ask(&counter).await;
    counter.rest().await;
    assert!(counter.stripe.pay(&page).is_err(), "he pays for nothing");
}
