//! Whatever breaks between any two writes: the same accounts are watched, the same is paid, and
//! people are told.

use domain::plan::{Billing, Tier};
use journeys::counter::Counter;
use journeys::faults::Fault;
use pipeline::lifecycle::Change;
use std::time::Duration;
use stripe_double::{Card, Delivery, PERIOD};

const DAY: Duration = Duration::from_hours(24);

/// What has to be the same in the end.
#[derive(Debug, PartialEq)]
struct End {
    billing: Billing,
    accounts: Vec<(char, bool)>,
    paid_for: Vec<u64>,
    customers: usize,
}

async fn end(counter: &Counter) -> End {
    let billing = counter.billing().await;
    // Which page he subscribed on, and so what Stripe calls the subscription, depends on how often he
    // had to ask.
    let subscription = billing.subscription.as_ref().map(|_| "sub".to_owned());
    let billing =
        Billing { fetched_at: None, checkout: None, checkouts: 0, subscription, ..billing };
    let subscriptions = counter.stripe.subscriptions();
    End {
        billing: Billing { payment_failed_at: None, reminded_at: None, ..billing },
        accounts: counter.accounts().await,
        paid_for: subscriptions.iter().map(|each| each.quantity).collect(),
        customers: counter.stripe.customers().len(),
    }
}

/// From the first account to three of them, one that leaves, and a subscription.
async fn growing(counter: &mut Counter) {
    counter.may_connect().await.unwrap();
    counter.connect('1').await;
    counter.rest().await;
    counter.subscribe().await;
    counter.connect('2').await;
    counter.connect('3').await;
    counter.rest().await;
    counter.change('1', Change::Disconnect).await;
    counter.rest().await;
}

/// From a payment that fails to the free tier, and back.
async fn shrinking(counter: &mut Counter) -> End {
    counter.stripe.set_card(&counter.customer().await, Card::Declined).unwrap();
    counter.pass(PERIOD).await;
    for _ in 0..9 {
        counter.pass(DAY).await;
    }
    let free = end(counter).await;
    counter.stripe.set_card(&counter.customer().await, Card::Pays).unwrap();
    counter.stripe.deliver(Delivery::InOrder).await;
    counter.rest().await;
    free
}

/// How it ends when a fault meets a request, by its number; and how many requests there were.
async fn run(fault: Option<(u64, Fault)>) -> ([End; 3], Vec<String>, u64) {
    let mut counter = Counter::open().await;
    if let Some((request, fault)) = fault {
        counter.faults.plan(request, fault);
    }
    growing(&mut counter).await;
    let grown = end(&counter).await;
    let free = shrinking(&mut counter).await;
    let ends = [grown, free, end(&counter).await];
    assert!(counter.billing.dead().is_empty(), "{fault:?}: {:?}", counter.billing.dead());
    (ends, counter.notes.titles(), counter.faults.requests())
}

#[tokio::test]
async fn the_undisturbed_run_is_as_it_should_be() {
    let ([grown, free, paid], told, _) = run(None).await;
    assert_eq!((grown.billing.tier, &grown.paid_for[..]), (Tier::Pro, &[2][..]));
    assert_eq!(grown.accounts, [('2', true), ('3', true)]);
    assert_eq!((free.billing.tier, free.accounts), (Tier::Free, vec![('2', true), ('3', false)]));
    assert_eq!((paid.billing.tier, paid.accounts), (Tier::Pro, grown.accounts));
    assert_eq!((told.len(), paid.customers), (4, 1));
}

/// Every request, or every so-manieth: where a process dies after one, it dies before the next.
async fn each(fault: Fault, step: usize) {
    let (wanted, told, requests) = run(None).await;
    assert!(requests > 100, "{requests}");
    for request in (1..=requests).step_by(step) {
        let (ends, heard, _) = run(Some((request, fault))).await;
        assert_eq!(ends, wanted, "{fault:?} at {request}");
        let mut once = heard.clone();
        once.dedup();
        assert!(once.len() >= 2, "{fault:?} at {request}: {heard:?}");
        assert!((told.len()..=told.len() + 1).contains(&heard.len()), "{request}: {heard:?}");
    }
}

#[tokio::test]
async fn a_process_that_dies_before_a_request_loses_nothing() {
    each(Fault::DieBefore, 5).await;
}

#[tokio::test]
async fn a_process_that_dies_after_any_request_loses_nothing() {
    each(Fault::DieAfter, 1).await;
}

#[tokio::test]
async fn a_table_that_throttles_conflicts_or_loses_answers_loses_nothing() {
    for fault in [Fault::Throttle, Fault::Conflict, Fault::LoseAnswer, Fault::Expired] {
        each(fault, 23).await;
    }
}
