//! What Stripe tells: in any order, twice, too early, of others, and what others tell in its name.

use domain::plan::{Billing, Tier};
use journeys::counter::{Counter, RETURNS, initech};
use journeys::tenant;
use pipeline::billing::{
    BillingTask, Checkout, Done, Followed, Payments, StripeEvent, checkout, work,
};
use proptest::test_runner::{Config, TestRunner};
use std::time::Duration;
use stripe_double::{Delivery, signature};

/// What is kept, but for when it was asked for.
async fn kept(counter: &Counter) -> Billing {
    let billing = counter.billing().await;
    Billing { fetched_at: None, customer: None, checkout: None, ..billing }
}

/// A tenant who has subscribed, changed his mind twice and got another account; nothing of it was
/// told yet.
async fn story() -> Counter {
    let mut counter = Counter::open().await;
    counter.may_connect().await.unwrap();
    counter.connect('1').await;
    counter.stripe.pay(&counter.checkout().await).unwrap();
    let portal = counter.checkout().await;
    counter.stripe.cancel(&portal).unwrap();
    counter.stripe.resume(&portal).unwrap();
    counter.stripe.cancel(&portal).unwrap();
    counter
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_in_any_order_and_number_end_in_what_stripe_says() {
    let mut counter = story().await;
    counter.stripe.deliver(Delivery::InOrder).await;
    counter.rest().await;
    let wanted = kept(&counter).await;
    assert!(wanted.tier == Tier::Pro && wanted.cancel_at_period_end, "{wanted:?}");
    for delivery in [Delivery::Reversed, Delivery::Twice] {
        let mut counter = story().await;
        counter.stripe.deliver(delivery).await;
        counter.rest().await;
        assert_eq!(kept(&counter).await, wanted, "{delivery:?}");
    }
    let runtime = tokio::runtime::Handle::current();
    let order = proptest::collection::vec(0..6_usize, 1..12);
    let mut runner = TestRunner::new(Config { cases: 24, ..Config::default() });
    let wanted = &wanted;
    tokio::task::block_in_place(|| {
        runner.run(&order, |order| {
            runtime.block_on(async {
                let mut counter = story().await;
                let events = counter.stripe.events();
                assert_eq!(events.len(), 6);
                for place in &order {
                    counter.stripe.tell(&events[*place].id).await.unwrap();
                    counter.rest().await;
                }
                assert_eq!(kept(&counter).await, *wanted);
            });
            Ok(())
        })
    })
    .unwrap();
}

#[tokio::test]
async fn an_event_that_comes_twice_is_followed_once() {
    let mut counter = story().await;
    counter.stripe.deliver(Delivery::Twice).await;
    counter.rest().await;
    let followed = |wanted: fn(&Followed) -> bool| {
        let all = counter.done.iter();
        all.filter(|done| matches!(done, Done::Followed(followed) if wanted(followed))).count()
    };
    assert_eq!(followed(|each| matches!(each, Followed::Kept(_))), 6);
    assert_eq!(followed(|each| *each == Followed::Before), 6);
}

/// Somebody pays on a page that was made for a tenant, as a customer that we have never heard of.
async fn paid_by_hand(counter: &Counter, reference: &domain::ids::TenantId) {
    let customer = counter.payments.create_customer(reference, "by-hand").await.unwrap();
    let checkout = Checkout {
        tenant: reference,
        customer: &customer,
        quantity: 1,
        success_url: "https://app.example.com/",
        cancel_url: "https://app.example.com/",
    };
    let page = counter.payments.create_checkout(&checkout, "page-by-hand").await.unwrap();
    counter.stripe.pay(&page.url).unwrap();
}

#[tokio::test]
async fn what_is_told_before_we_know_whose_it_is_waits_for_it() {
    let mut counter = Counter::open().await;
    counter.connect('1').await;
    paid_by_hand(&counter, tenant().tenant()).await;
    counter.stripe.deliver(Delivery::InOrder).await;
    let events = counter.stripe.events();
    assert_eq!(events[0].kind, "customer.subscription.created", "the page comes after it");
    counter.rest().await;
    assert_eq!(counter.billing().await.tier, Tier::Pro);
    assert!(counter.billing.dead().is_empty());
}

#[tokio::test]
async fn what_is_of_no_tenant_of_ours_is_counted_and_done() {
    let mut counter = Counter::open().await;
    // Another product on the same account calls its customers by names that might be tenants of ours.
    let theirs = domain::ids::TenantId::parse("order-17").unwrap();
    paid_by_hand(&counter, &theirs).await;
    counter.stripe.deliver(Delivery::InOrder).await;
    let began = counter.now;
    counter.rest().await;
    let skipped: Vec<_> = counter.done.iter().map(Done::skipped).collect();
    assert_eq!(skipped, [Some("billing.foreign"); 3]);
    assert!(counter.billing.dead().is_empty(), "{:?}", counter.billing.dead());
    assert_eq!(counter.now, began, "nothing was tried again");
    assert_eq!(counter.billing().await, Billing::default());
    let customer = counter.stripe.customers().remove(0).0;
    assert_eq!(counter.truth.tenant_of_customer(&customer).await.unwrap(), None);
}

#[tokio::test]
async fn what_another_tenant_pays_changes_nothing_of_ours() {
    let mut counter = Counter::open().await;
    counter.connect('1').await;
    let (table, payments, now) = (&counter.table, &counter.payments, counter.now);
    let theirs = checkout(table, payments, &initech(), RETURNS, now).await;
    counter.stripe.pay(&theirs.unwrap()).unwrap();
    counter.stripe.deliver(Delivery::InOrder).await;
    counter.rest().await;
    assert_eq!(counter.billing().await.tier, Tier::Free);
    let theirs = counter.truth.billing(&initech()).await.unwrap().billing;
    assert_eq!(theirs.tier, Tier::Pro);
    let whose = counter.truth.tenant_of_customer(&theirs.customer.unwrap()).await.unwrap();
    assert_eq!(whose, Some(initech()));
}

#[tokio::test]
async fn a_tenant_that_is_a_customer_does_not_become_another_one() {
    let mut counter = Counter::open().await;
    counter.connect('1').await;
    counter.subscribe().await;
    let before = counter.billing().await;
    // Signed and named after us, of a customer whom we do not know.
    paid_by_hand(&counter, tenant().tenant()).await;
    let completed = counter.stripe.events().pop().unwrap();
    counter.stripe.tell(&completed.id).await.unwrap();
    counter.rest().await;
    assert_eq!(counter.done.last(), Some(&Done::Followed(Followed::OfAnother)));
    let after = counter.billing().await;
    assert_eq!((after.customer, after.subscription), (before.customer, before.subscription));
}

#[tokio::test]
async fn what_stripe_has_not_signed_now_is_401_and_leaves_nothing() {
    let counter = story().await;
    let event = counter.stripe.events().remove(0).body;
    let genuine = counter.stripe.sign(&event);
    let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap();
    let at = |second: u64| signature(stripe_double::WEBHOOK_SECRET, second, event.as_bytes());
    let url = format!("{}/stripe/webhook", counter.stripe.base_url());
    let send = async |header: Option<&str>, body: &str| {
        let request = reqwest::Client::builder().no_proxy().build().unwrap().post(&url);
        let request = match header {
            Some(header) => request.header("stripe-signature", header),
            None => request,
        };
        let answer = request.body(body.to_owned()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let v0 = genuine.replace("v1=", "v0=");
    let other = signature("whsec_other", now, event.as_bytes());
    let nobody = signature("", now, event.as_bytes());
    for header in [None, Some(&v0), Some(&other), Some(&nobody), Some(&at(now - 400))]
        .into_iter()
        .chain([Some(&at(now + 400)), Some(&String::new())])
    {
        let header = header.map(String::as_str);
        assert_eq!(send(header, &event).await, (401, String::new()), "{header:?}");
    }
    assert_eq!(send(Some(&genuine), &event[1..]).await.0, 401, "tampered");
    let long = " ".repeat(256 * 1024 + 1);
    assert_eq!(send(Some(&counter.stripe.sign(&long)), &long).await.0, 401, "too long");
    assert!(counter.billing.is_empty(), "nothing was taken in");
    assert_eq!(send(Some(&counter.stripe.sign("{}")), "{}").await.0, 400, "signed, and no event");
    let old = signature("whsec_of_before", now, event.as_bytes());
    assert_eq!(send(Some(&old), &event).await.0, 200, "the secret of before still holds");
    assert_eq!(counter.billing.len(), 1);
}

#[tokio::test]
async fn what_says_nothing_of_money_is_acknowledged_and_counted() {
    let counter = Counter::open().await;
    let event = StripeEvent {
        id: "evt_1".to_owned(),
        kind: "customer.updated".to_owned(),
        customer: Some("cus_1".to_owned()),
        tenant: None,
        created: counter.now,
    };
    let task = BillingTask::Event(event);
    let (payments, now) = (&counter.payments, counter.now);
    let done = work(&counter.table, payments, &&counter.notes, &task, now).await.unwrap();
    assert_eq!(done.skipped(), Some("stripe_event_of_another_kind"));
    assert_eq!(counter.stripe.asked().len(), 0);
    counter.stripe.advance(Duration::from_secs(1));
    assert_eq!(counter.stripe.events().len(), 0);
}
