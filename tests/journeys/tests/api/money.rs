//! Money: what is free, where to upgrade, and where to change it.

use domain::plan::{SubscriptionStatus, Tier};
use journeys::front::Front;
use serde_json::{Value, json};
use stripe_double::Delivery;

#[tokio::test]
async fn the_second_account_of_the_free_tier_asks_for_an_upgrade_and_says_where() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let billing = front.read(&ana, "/v1/billing").await;
    assert_eq!(
        (&billing["tier"], &billing["accounts"], &billing["accountsAllowed"]),
        (&json!("free"), &json!(1), &json!(1))
    );
    assert_eq!(billing["pricePerAccount"], json!({"amount": "19", "currency": "USD"}));
    let second = front.ask("POST", "/v1/accounts/setup").by(&ana).send().await;
    assert_eq!((second.status, second.code().as_str()), (403, "upgrade_required"), "{second:?}");
    assert!(second.detail().contains("Upgrade under Billing"), "{}", second.detail());
    let page = "https://app.example.com/dashboard/settings/billing";
    assert_eq!(second.json()["upgradeUrl"], page, "{second:?}");
    let checkout = front.ask("POST", "/v1/billing/checkout").by(&ana).once("c").send().await;
    let url = checkout.json()["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with(&front.stripe.base_url()), "{url}");
    let back = front.stripe.pay(&url).unwrap();
    assert!(back.starts_with(page), "{back}");
}

#[tokio::test]
async fn who_never_paid_has_no_portal_and_who_pays_no_checkout() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let portal = || front.ask("POST", "/v1/billing/portal").by(&ana);
    let none = portal().send().await;
    assert_eq!((none.status, none.code().as_str()), (409, "conflict"), "{none:?}");
    let checkout = || front.ask("POST", "/v1/billing/checkout").by(&ana);
    let first = checkout().once("c").send().await;
    front.stripe.pay(first.json()["url"].as_str().unwrap()).unwrap();
    // Nobody has told us yet: he is led to where he changes it, and back without having bought anything.
    let instead = checkout().send().await.json()["url"].as_str().unwrap().to_owned();
    let back = front.stripe.leave(&instead).unwrap();
    assert_eq!(back, "https://app.example.com/dashboard/settings/billing", "{instead}");
    front.stripe.deliver(Delivery::InOrder).await;
    stands(&front, Tier::Pro, SubscriptionStatus::Active).await;
    let billing = front.read(&ana, "/v1/billing").await;
    assert_eq!((&billing["tier"], &billing["accountsAllowed"]), (&json!("pro"), &Value::Null));
    let url = portal().send().await.json()["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with(&front.stripe.base_url()), "{url}");
    let paid = checkout().send().await;
    assert_eq!((paid.status, paid.code().as_str()), (409, "conflict"), "{paid:?}");
    // Of the same request as before no link is kept.
    assert_eq!(checkout().once("c").send().await.status, 409);
    assert_eq!(front.ask("POST", "/v1/accounts/setup").by(&ana).send().await.status, 201);
}

/// As if Stripe's word had been taken in.
async fn stands(front: &Front, tier: Tier, status: SubscriptionStatus) {
    let scope = &front.acme.scope;
    let before = front.table.billing(scope).await.unwrap();
    let mut after = before.billing.clone();
    after.tier = tier;
    after.subscription = Some(front.stripe.subscriptions()[0].id.clone());
    after.status = Some(status);
    front.table.change_billing(scope, &before, after, None).await.unwrap();
}

#[tokio::test]
async fn whose_payment_is_missing_is_led_to_the_portal_and_not_told_that_he_has_pro() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let ask = async |path: &str| front.ask("POST", path).by(&ana).send().await;
    let page = ask("/v1/billing/checkout").await.json()["url"].as_str().unwrap().to_owned();
    front.stripe.pay(&page).unwrap();
    for status in
        [SubscriptionStatus::PastDue, SubscriptionStatus::Unpaid, SubscriptionStatus::Paused]
    {
        stands(&front, Tier::Free, status).await;
        let refused = ask("/v1/billing/checkout").await;
        assert_eq!((refused.status, refused.code().as_str()), (409, "conflict"), "{refused:?}");
        let detail = refused.detail();
        assert!(detail.contains("payment") && detail.contains("missing"), "{status:?}: {detail}");
        assert!(detail.contains("portal") && !detail.contains("on Pro"), "{status:?}: {detail}");
        assert_eq!(ask("/v1/billing/portal").await.status, 200, "there it leads");
        let second = ask("/v1/accounts/setup").await;
        assert_eq!((second.status, second.code().as_str()), (403, "upgrade_required"));
        assert!(second.detail().contains("Pay under Billing"), "{}", second.detail());
    }
    stands(&front, Tier::Free, SubscriptionStatus::Canceled).await;
    assert_ne!(ask("/v1/billing/checkout").await.code(), "conflict", "that is over");
    stands(&front, Tier::Pro, SubscriptionStatus::Active).await;
    assert!(ask("/v1/billing/checkout").await.detail().contains("on Pro already"));
}

#[tokio::test]
async fn a_stripe_that_is_away_is_ours_to_say_and_passes() {
    let front = Front::open().await;
    front.stripe.fail_next(stripe_double::Fault::Status(500));
    front.stripe.fail_next(stripe_double::Fault::Status(500));
    front.stripe.fail_next(stripe_double::Fault::Status(500));
    front.stripe.fail_next(stripe_double::Fault::Status(500));
    let ana = front.token("ana");
    let ask = || front.ask("POST", "/v1/billing/checkout").by(&ana).once("c").send();
    let away = ask().await;
    assert_eq!((away.status, away.code().as_str()), (503, "unavailable"), "{away:?}");
    let mut tries = 0;
    loop {
        let answer = ask().await;
        tries += 1;
        if answer.status == 200 {
            break;
        }
        assert!(answer.status == 503 && tries < 5, "{answer:?}");
    }
}
