//! From the free tier to Pro and back, and what is paid for.

use domain::governance::Asker;
use domain::plan::Tier;
use jiff::{SignedDuration, Timestamp};
use journeys::counter::{Counter, RETURNS, account};
use journeys::faults::Fault;
use journeys::tenant;
use pipeline::billing::{Checkout, Done, Payments, UpgradeRequired, checkout, portal};
use pipeline::lifecycle::{Change, connect};
use pipeline::rate::RateGate;
use pipeline::route::{Refusal, Routed, Router};
use sample_trail::{Call, Caller, envelope};
use stripe_double::{PERIOD, Status};

fn paid_for(counter: &Counter) -> u64 {
    counter.stripe.subscriptions().last().unwrap().quantity
}

#[tokio::test]
async fn a_second_account_needs_pro_and_paying_allows_it() {
    let mut counter = Counter::open().await;
    assert_eq!(counter.may_connect().await, Ok(()));
    counter.connect('1').await;
    counter.rest().await;
    let refused = counter.may_connect().await;
    assert_eq!(refused, Err(UpgradeRequired { accounts: 1, allowed: 1, unpaid: false }));
    let page = counter.checkout().await;
    counter.stripe.pay(&page).unwrap();
    counter.stripe.deliver(stripe_double::Delivery::InOrder).await;
    counter.rest().await;
    let billing = counter.billing().await;
    assert_eq!((billing.tier, billing.is_subscribed()), (Tier::Pro, true));
    assert_eq!(counter.may_connect().await, Ok(()));
    let [entry] = tiers(&counter).await.try_into().unwrap();
    assert_eq!(entry, ("free".to_owned(), "pro".to_owned()));
}

#[tokio::test]
async fn a_fault_that_stripe_keeps_keeps_nobody_from_paying_for_a_day() {
    let mut counter = Counter::open().await;
    counter.stripe.fail_next(stripe_double::Fault::Kept(500));
    let (scope, table) = (tenant(), counter.table.clone());
    for minutes in [0, 1] {
        let now = counter.now + SignedDuration::from_mins(minutes);
        let asked = checkout(&table, &counter.payments, &scope, RETURNS, now).await;
        assert!(asked.is_err(), "{asked:?}");
    }
    counter.pass(std::time::Duration::from_mins(5)).await;
    let page = counter.checkout().await;
    counter.stripe.pay(&page).unwrap();
    assert_eq!(counter.stripe.customers().len(), 1);
}

#[tokio::test]
async fn a_customer_whose_answer_was_lost_is_the_same_one_when_it_is_asked_for_again() {
    let counter = Counter::open().await;
    let (scope, table, now) = (tenant(), counter.table.clone(), counter.now);
    for _ in 0..9 {
        counter.stripe.fail_next(stripe_double::Fault::LoseAnswer);
    }
    while counter.stripe.asked().len() < 9 {
        let asked = checkout(&table, &counter.payments, &scope, RETURNS, now).await;
        assert!(asked.is_err(), "{asked:?}");
    }
    counter.checkout().await;
    assert_eq!(counter.stripe.customers().len(), 1);
}

#[tokio::test]
async fn of_two_pages_to_subscribe_on_the_earlier_is_closed() {
    let mut counter = Counter::open().await;
    counter.connect('1').await;
    let (earlier, later) = (counter.checkout().await, counter.checkout().await);
    assert!(counter.stripe.pay(&earlier).is_err(), "two pages are open");
    counter.stripe.pay(&later).unwrap();
    // Nobody has told us yet: Stripe is asked.
    assert!(counter.checkout().await.contains("/portal/"), "he may subscribe a second time");
    counter.stripe.deliver(stripe_double::Delivery::InOrder).await;
    counter.rest().await;
    assert_eq!((counter.stripe.subscriptions().len(), paid_for(&counter)), (1, 1));
}

#[tokio::test]
async fn of_two_who_ask_for_a_page_at_once_one_has_an_open_one() {
    let counter = Counter::open().await;
    counter.checkout().await;
    let (scope, table, payments, now) = (tenant(), &counter.table, &counter.payments, counter.now);
    let ask = || checkout(table, payments, &scope, RETURNS, now);
    let (one, other, third) = tokio::join!(ask(), ask(), ask());
    let given: Vec<String> = [one, other, third].into_iter().flatten().collect();
    let last = counter.checkout().await;
    for page in &given {
        assert!(counter.stripe.pay(page).is_err(), "{page} is open beside {last}");
    }
    counter.stripe.pay(&last).unwrap();
}

#[tokio::test]
async fn a_page_whose_asker_died_is_open_for_nobody_who_knows_it() {
    let requests = {
        let counter = Counter::open().await;
        counter.checkout().await;
        let before = counter.faults.requests();
        counter.checkout().await;
        (before + 1)..=counter.faults.requests()
    };
    for request in requests {
        let counter = Counter::open().await;
        let first = counter.checkout().await;
        counter.faults.plan(request, Fault::DieAfter);
        let second = counter.checkout().await;
        assert!(counter.stripe.pay(&first).is_err(), "died after {request}");
        counter.stripe.pay(&second).unwrap();
    }
}

#[tokio::test]
async fn of_two_subscriptions_the_newer_is_ended_at_once() {
    let mut counter = Counter::open().await;
    counter.connect('1').await;
    counter.subscribe().await;
    let older = counter.billing().await.subscription.unwrap();
    let customer = counter.customer().await;
    // A page that somebody made by hand.
    let scope = tenant();
    let wanted = Checkout {
        tenant: scope.tenant(),
        customer: &customer,
        quantity: 1,
        success_url: "https://app.example.com/",
        cancel_url: "https://app.example.com/",
    };
    counter.stripe.clock().advance(std::time::Duration::from_mins(1));
    let page = counter.payments.create_checkout(&wanted, "by-hand").await.unwrap();
    counter.stripe.pay(&page.url).unwrap();
    counter.stripe.deliver(stripe_double::Delivery::InOrder).await;
    counter.rest().await;
    let [kept, ended] = counter.stripe.subscriptions().try_into().unwrap();
    assert_eq!((&kept.id, kept.status), (&older, Status::Active));
    assert_eq!(ended.status, Status::Canceled);
    assert_eq!(counter.done.iter().map(Done::ended).sum::<u64>(), 1, "it is counted once");
    let billing = counter.billing().await;
    assert_eq!((billing.tier, billing.subscription), (Tier::Pro, Some(older)));
}

async fn tiers(counter: &Counter) -> Vec<(String, String)> {
    let entries = counter.truth.audit(&tenant(), Timestamp::MIN).await.unwrap();
    let tiers = entries.into_iter().filter(|entry| entry.what == "tier");
    tiers.map(|entry| (entry.old, entry.new)).collect()
}

#[tokio::test]
async fn what_is_paid_for_follows_accounts_that_come_and_go() {
    let mut counter = Counter::open().await;
    counter.connect('1').await;
    counter.subscribe().await;
    for (digit, accounts) in [('2', 2), ('3', 3)] {
        counter.connect(digit).await;
        counter.rest().await;
        assert_eq!(paid_for(&counter), accounts);
    }
    counter.change('2', Change::Disconnect).await;
    counter.rest().await;
    assert_eq!(paid_for(&counter), 2);
    counter.change('2', Change::Undo).await;
    counter.rest().await;
    assert_eq!(paid_for(&counter), 3);
    for digit in ['1', '2', '3'] {
        counter.change(digit, Change::Disconnect).await;
    }
    counter.rest().await;
    assert_eq!((paid_for(&counter), counter.billing().await.quantity), (0, Some(0)));
    assert_eq!(counter.billing().await.tier, Tier::Pro);
}

#[tokio::test]
async fn who_subscribes_already_is_led_to_where_he_changes_it() {
    let mut counter = Counter::open().await;
    assert_eq!(portal_of(&counter).await, None, "who never paid has nothing to change");
    counter.connect('1').await;
    counter.subscribe().await;
    let instead = counter.checkout().await;
    assert!(instead.contains("/portal/"), "{instead}");
    let back = counter.stripe.leave(&instead).unwrap();
    assert_eq!(back, RETURNS.portal, "nothing was bought there");
    assert!(portal_of(&counter).await.unwrap().contains("/portal/"));
    assert_eq!(counter.stripe.subscriptions().len(), 1);
    assert_eq!(counter.stripe.customers().len(), 1);
}

async fn portal_of(counter: &Counter) -> Option<String> {
    portal(&counter.table, &counter.payments, &tenant(), RETURNS.portal).await.unwrap()
}

#[tokio::test]
async fn of_two_accounts_that_were_connected_at_once_the_later_is_paused() {
    let mut counter = Counter::open().await;
    assert_eq!((counter.may_connect().await, counter.may_connect().await), (Ok(()), Ok(())));
    counter.connect('5').await;
    counter.connect('1').await;
    counter.rest().await;
    assert_eq!(counter.accounts().await, [('1', false), ('5', true)], "the first is watched");
    counter.change('5', Change::Disconnect).await;
    counter.rest().await;
    assert_eq!(counter.accounts().await, [('1', true)], "it takes its place");
    counter.change('5', Change::Undo).await;
    counter.rest().await;
    assert_eq!(counter.accounts().await, [('1', false), ('5', true)]);
}

#[tokio::test]
async fn what_operators_connect_for_a_tenant_is_not_paused() {
    let mut counter = Counter::open().await;
    let operator = Asker::Operator("ana".to_owned());
    for digit in ['1', '2'] {
        let now = counter.now;
        connect(&counter.table, &tenant(), (&account(digit), None), &operator, now).await.unwrap();
    }
    counter.rest().await;
    assert_eq!(counter.accounts().await, [('1', true), ('2', true)]);
    assert!(counter.may_connect().await.is_err(), "what he asks for himself is another thing");
}

#[tokio::test]
async fn what_is_paused_cannot_be_undone_into_being_watched_and_its_events_are_refused() {
    let mut counter = Counter::open().await;
    counter.may_connect().await.unwrap();
    counter.connect('1').await;
    counter.connect('2').await;
    counter.rest().await;
    counter.change('2', Change::Undo).await;
    counter.rest().await;
    assert_eq!(counter.accounts().await, [('1', true), ('2', false)]);
    for (digit, refusal) in [('1', None), ('2', Some(Refusal::Paused))] {
        assert_eq!(refused(&counter, digit).await, refusal, "{digit}");
    }
    assert_eq!(Refusal::Paused.code(), "paused");
}

async fn refused(counter: &Counter, digit: char) -> Option<Refusal> {
    let call = Call {
        account: account(digit).to_string(),
        region: "us-east-1",
        at: counter.now,
        caller: Caller::User("ana"),
        serial: 1,
    };
    let event = envelope(&call.run_instances("m5.large", 1, None)).to_string();
    let (queue, gate) = (queue::LocalQueue::new(5), RateGate::new(1_000));
    let router = Router { table: &counter.table, queue: &queue, gate: &gate, test_source: None };
    match router.route(&event, counter.now).await.unwrap() {
        Routed::Sent(_) | Routed::Proof => None,
        Routed::Refused(refusal) => Some(refusal),
    }
}

#[tokio::test]
async fn who_ends_it_keeps_what_is_paid_and_comes_back_with_what_he_had() {
    let mut counter = Counter::open().await;
    counter.may_connect().await.unwrap();
    counter.connect('1').await;
    counter.subscribe().await;
    counter.connect('2').await;
    counter.rest().await;
    counter.stripe.cancel(&portal_of(&counter).await.unwrap()).unwrap();
    counter.pass(PERIOD / 2).await;
    assert!(counter.billing().await.cancel_at_period_end);
    assert_eq!(counter.accounts().await, [('1', true), ('2', true)], "it is paid for");
    counter.pass(PERIOD).await;
    assert_eq!(counter.billing().await.tier, Tier::Free);
    assert_eq!(counter.accounts().await, [('1', true), ('2', false)]);
    counter.subscribe().await;
    let subscriptions = counter.stripe.subscriptions();
    assert_eq!((subscriptions.len(), subscriptions[0].status), (2, Status::Canceled));
    assert_eq!(paid_for(&counter), 2, "two accounts, and no third one that nobody asked for");
    assert_eq!(counter.accounts().await, [('1', true), ('2', true)]);
}

#[tokio::test]
async fn an_event_that_was_lost_is_made_up_for_within_a_day() {
    let mut counter = Counter::open().await;
    counter.connect('1').await;
    counter.subscribe().await;
    counter.stripe.end(&counter.customer().await).unwrap();
    counter.rest().await;
    assert_eq!(counter.billing().await.tier, Tier::Pro, "nobody has told us");
    counter.now += SignedDuration::from_hours(25);
    counter.rest().await;
    assert_eq!(counter.billing().await.tier, Tier::Free);
}
