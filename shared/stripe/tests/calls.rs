//! Our calls against a Stripe that refuses what Stripe refuses.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::ids::TenantId;
use domain::plan::SubscriptionStatus;
use pipeline::billing::{Checkout, Page, Payments};
use pipeline::error::Failure;
use secrecy::SecretString;
use serde_json::json;
use std::sync::Mutex;
use stripe::{LazyStripe, Stripe, StripeSecrets};
use stripe_double::{API_KEY, Card, Double, Fault, PERIOD, PRICE, WEBHOOK_SECRET};

fn secrets(key: &str, price: &str) -> StripeSecrets {
    StripeSecrets {
        api_key: key.into(),
        webhook_secrets: vec![WEBHOOK_SECRET.into()],
        price: price.to_owned(),
        earlier_prices: Vec::new(),
    }
}

async fn both() -> (Double, Stripe) {
    let double = Double::start().await.unwrap();
    let stripe = Stripe::new(&double.base_url(), &secrets(API_KEY, PRICE)).unwrap();
    (double, stripe.without_pause())
}

fn acme() -> TenantId {
    TenantId::parse("acme").unwrap()
}

async fn page(stripe: &Stripe, customer: &str, key: &str) -> Result<Page, Failure> {
    let tenant = acme();
    let checkout = Checkout {
        tenant: &tenant,
        customer,
        quantity: 2,
        success_url: "https://app.example.com/paid",
        cancel_url: "https://app.example.com/back",
    };
    stripe.create_checkout(&checkout, key).await
}

#[tokio::test]
async fn a_tenant_subscribes_changes_and_is_seen_as_he_stands() {
    let (double, stripe) = both().await;
    let customer = stripe.create_customer(&acme(), "c").await.unwrap();
    assert_eq!(double.customers(), [(customer.clone(), Some("acme".to_owned()))]);
    assert_eq!(stripe.subscriptions(&customer).await.unwrap(), []);
    double.pay(&page(&stripe, &customer, "s").await.unwrap().url).unwrap();
    let [paid] = stripe.subscriptions(&customer).await.unwrap().try_into().unwrap();
    assert_eq!((paid.status, paid.quantity), (SubscriptionStatus::Active, 2));
    assert!(paid.period_end > Some(paid.created), "{paid:?}");
    assert_eq!(stripe.set_quantity(&paid, 5, "q").await.unwrap(), 5);
    assert_eq!(stripe.set_quantity(&paid, 0, "q0").await.unwrap(), 0);
    double.set_card(&customer, Card::Declined).unwrap();
    double.advance(PERIOD);
    let [missing] = stripe.subscriptions(&customer).await.unwrap().try_into().unwrap();
    assert_eq!(
        (missing.status, missing.invoiced_at),
        (SubscriptionStatus::PastDue, paid.period_end)
    );
    let portal = stripe.create_portal(&customer, "https://app.example.com/", "p").await.unwrap();
    double.give_card(&portal, Card::Pays).unwrap();
    double.cancel(&portal).unwrap();
    let [ends] = stripe.subscriptions(&customer).await.unwrap().try_into().unwrap();
    assert!(ends.cancel_at_period_end && ends.status == SubscriptionStatus::Active, "{ends:?}");
}

#[tokio::test]
async fn every_field_and_header_is_as_stripe_wants_it() {
    let (double, stripe) = both().await;
    let customer = stripe.create_customer(&acme(), "c").await.unwrap();
    page(&stripe, &customer, "s").await.unwrap();
    let asked = double.asked();
    assert!(asked.iter().all(|call| call.status == 200 && call.key.is_some()), "{asked:?}");
    let fields = &asked[1].fields;
    for (name, value) in [
        ("mode", "subscription"),
        ("client_reference_id", "acme"),
        ("metadata[tenant]", "acme"),
        ("line_items[0][price]", PRICE),
        ("line_items[0][quantity]", "2"),
        ("allow_promotion_codes", "true"),
    ] {
        assert_eq!(fields.get(name).map(String::as_str), Some(value), "{name}");
    }
}

#[tokio::test]
async fn what_passes_is_tried_again_and_done_once() {
    let (double, stripe) = both().await;
    for faults in [
        [Fault::Status(500), Fault::Status(429)],
        [Fault::Status(409), Fault::LoseAnswer],
        [Fault::LoseAnswer, Fault::Status(503)],
    ] {
        for fault in faults {
            double.fail_next(fault);
        }
        stripe.create_customer(&acme(), &format!("{faults:?}")).await.unwrap();
    }
    assert_eq!(double.customers().len(), 3, "each was made once");
    for _ in 0..3 {
        double.fail_next(Fault::Status(503));
    }
    let before = double.asked().len();
    let failed = stripe.create_customer(&acme(), "k").await;
    assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    assert_eq!(double.asked().len() - before, 3, "three tries and no more");
}

#[tokio::test]
async fn what_never_passes_is_tried_once_and_says_nothing_secret() {
    let (double, stripe) = both().await;
    let unknown = page(&stripe, "cus_unknown", "s").await.unwrap_err();
    assert!(matches!(&unknown, Failure::Reject(why) if why.contains("customer")), "{unknown}");
    assert!(!unknown.to_string().contains("cus_unknown"));
    assert_eq!(double.asked().len(), 1);
    let stranger = Stripe::new(&double.base_url(), &secrets("rk_secret_1", PRICE)).unwrap();
    let refused = stranger.create_customer(&acme(), "c").await.unwrap_err();
    assert!(matches!(&refused, Failure::Retry(why) if why.contains("STRIPE_SECRET")), "{refused}");
    let shown = format!("{refused:?} {stranger:?}");
    assert!(!shown.contains("rk_secret_1"), "{shown}");
    let away = Stripe::new("http://127.0.0.1:9", &secrets(API_KEY, PRICE)).unwrap();
    let away = away.without_pause().create_customer(&acme(), "c").await;
    assert!(matches!(away, Err(Failure::Retry(_))), "{away:?}");
}

#[tokio::test]
async fn what_is_paid_for_other_things_is_not_ours() {
    let (double, stripe) = both().await;
    let customer = stripe.create_customer(&acme(), "c").await.unwrap();
    double.pay(&page(&stripe, &customer, "s").await.unwrap().url).unwrap();
    let other = Stripe::new(&double.base_url(), &secrets(API_KEY, "price_other")).unwrap();
    assert_eq!(other.subscriptions(&customer).await.unwrap(), []);
}

#[tokio::test]
async fn a_page_is_closed_once_and_a_subscription_is_ended_however_often_that_is_asked_for() {
    let (double, stripe) = both().await;
    let customer = stripe.create_customer(&acme(), "c").await.unwrap();
    let closed = page(&stripe, &customer, "s1").await.unwrap();
    assert_eq!(stripe.expire_checkout(&closed.id).await, Ok(true));
    assert_eq!(stripe.expire_checkout(&closed.id).await, Ok(false));
    assert!(double.pay(&closed.url).is_err());
    let paid = page(&stripe, &customer, "s2").await.unwrap();
    double.pay(&paid.url).unwrap();
    assert_eq!(stripe.expire_checkout(&paid.id).await, Ok(false), "it was paid on");
    assert_eq!(stripe.expire_checkout("cs_unknown").await, Ok(false));
    assert!(stripe.expire_checkout("../customers").await.is_err());
    let [running] = stripe.subscriptions(&customer).await.unwrap().try_into().unwrap();
    for _ in 0..2 {
        stripe.cancel_subscription(&running).await.unwrap();
    }
    let [over] = stripe.subscriptions(&customer).await.unwrap().try_into().unwrap();
    assert_eq!(over.status, SubscriptionStatus::Canceled);
    assert!(!format!("{paid:?}").contains("http"), "the address is for who pays");
}

#[tokio::test]
async fn a_secret_that_is_of_no_use_is_fetched_anew_and_a_good_one_is_kept() {
    let double = Double::start().await.unwrap();
    let good = json!({"api_key": API_KEY, "webhook_secrets": [WEBHOOK_SECRET], "price": PRICE});
    let said = Mutex::new(vec![
        Err(Failure::Retry("a secret cannot be read".to_owned())),
        Ok("{".to_owned()),
        Ok(good.to_string()),
    ]);
    let fetch = || {
        let next = said.lock().unwrap().remove(0);
        async move { next.map(SecretString::from) }
    };
    let stripe = LazyStripe::new(&double.base_url(), fetch);
    for _ in 0..2 {
        let refused = stripe.create_customer(&acme(), "c").await;
        assert!(matches!(refused, Err(Failure::Retry(_))), "{refused:?}");
    }
    let customer = stripe.create_customer(&acme(), "c").await.unwrap();
    // Nothing more could be fetched.
    assert_eq!(stripe.subscriptions(&customer).await.unwrap(), []);
    assert_eq!(double.customers().len(), 1);
}
