//! The double is as strict as Stripe, and people and time do on it what they do there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use reqwest::{Client, Response};
use serde_json::{Value, json};
use std::time::Duration;
use stripe_double::{API_KEY, Card, Delivery, Double, PERIOD, PRICE, Status, signature};

struct App {
    stripe: Double,
    http: Client,
}

impl App {
    async fn new() -> Self {
        let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { stripe: Double::start().await.unwrap(), http: http.build().unwrap() }
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)], key: &str) -> Response {
        let mut body = form_urlencoded::Serializer::new(String::new());
        let request = self.http.post(format!("{}/v1/{path}", self.stripe.base_url()));
        let request = request.bearer_auth(API_KEY).header("stripe-version", "2025-03-31.basil");
        let request = request.header("idempotency-key", key);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(body.extend_pairs(fields).finish()).send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}/v1/{path}", self.stripe.base_url()));
        let request = request.bearer_auth(API_KEY).header("stripe-version", "2025-03-31.basil");
        body(request.send().await.unwrap()).await.1
    }

    async fn customer(&self) -> String {
        let made = self.post("customers", &[("metadata[tenant]", "acme")], "c").await;
        body(made).await.1["id"].as_str().unwrap().to_owned()
    }

    async fn checkout(&self, customer: &str, quantity: &str) -> String {
        let fields = [
            ("mode", "subscription"),
            ("customer", customer),
            ("client_reference_id", "acme"),
            ("metadata[tenant]", "acme"),
            ("line_items[0][price]", PRICE),
            ("line_items[0][quantity]", quantity),
            ("success_url", "https://app.example.com/paid"),
            ("cancel_url", "https://app.example.com/back"),
        ];
        let made = self.post("checkout/sessions", &fields, &format!("s{quantity}")).await;
        body(made).await.1["url"].as_str().unwrap().to_owned()
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.stripe.events().iter().map(|event| event.kind).collect()
    }
}

async fn body(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

async fn code(answer: Response) -> (u16, String) {
    let (status, body) = body(answer).await;
    (status, body["error"]["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn what_stripe_does_not_take_is_refused() {
    let app = App::new().await;
    let customer = app.customer().await;
    let wrong = app.post("customers", &[("mail", "ana@example.com")], "1").await;
    assert_eq!(code(wrong).await, (400, "parameter_unknown".to_owned()));
    let session = |price: &'static str, quantity: &'static str| {
        [
            ("mode", "subscription"),
            ("customer", customer.as_str()),
            ("line_items[0][price]", price),
            ("line_items[0][quantity]", quantity),
            ("success_url", "https://app.example.com/"),
        ]
    };
    let path = "checkout/sessions";
    let price = app.post(path, &session("price_other", "1"), "2").await;
    assert_eq!(code(price).await, (400, "resource_missing".to_owned()));
    let none = app.post(path, &session(PRICE, "0"), "3").await;
    assert_eq!(code(none).await, (400, "parameter_invalid_integer".to_owned()));
    let few = app.post(path, &session(PRICE, "1")[..4], "4").await;
    assert_eq!(code(few).await, (400, "parameter_missing".to_owned()));
    let nobody = app.post("billing_portal/sessions", &[("customer", "cus_x")], "5").await;
    assert_eq!(code(nobody).await.0, 404);
    let url = format!("{}/v1/customers", app.stripe.base_url());
    let stranger = app.http.post(url).bearer_auth("sk_other").send().await.unwrap();
    assert_eq!(code(stranger).await.0, 401);
    assert_eq!(app.post("charges", &[], "6").await.status().as_u16(), 404);
}

#[tokio::test]
async fn a_key_stands_for_one_call_and_one_answer() {
    let app = App::new().await;
    let first = body(app.post("customers", &[("name", "Acme")], "k").await).await;
    assert_eq!(body(app.post("customers", &[("name", "Acme")], "k").await).await, first);
    let other = app.post("customers", &[("name", "Initech")], "k").await;
    assert_eq!(code(other).await, (400, "idempotency_key_reused".to_owned()));
    assert_eq!(app.stripe.customers().len(), 1);
}

#[tokio::test]
async fn somebody_subscribes_on_the_page_once() {
    let app = App::new().await;
    let customer = app.customer().await;
    let page = app.checkout(&customer, "2").await;
    let shown = app.http.get(&page).send().await.unwrap().text().await.unwrap();
    assert!(shown.contains("$38.00") && shown.contains("declined"), "{shown}");
    let press = async |what: &str| app.http.post(format!("{page}/{what}")).send().await.unwrap();
    assert_eq!(press("decline").await.status().as_u16(), 200);
    assert_eq!(press("cancel").await.headers()["location"], "https://app.example.com/back");
    assert_eq!(app.kinds(), Vec::<&str>::new());
    assert_eq!(press("pay").await.headers()["location"], "https://app.example.com/paid");
    assert_eq!(press("pay").await.status().as_u16(), 409, "a page is paid once");
    let told = ["customer.subscription.created", "invoice.paid", "checkout.session.completed"];
    assert_eq!(app.kinds(), told);
    let list = app.get(&format!("subscriptions?customer={customer}&status=all")).await;
    assert_eq!(list["data"][0]["items"]["data"][0]["quantity"], 2);
}

#[tokio::test]
async fn a_renewal_is_paid_or_missing_and_paid_later() {
    let app = App::new().await;
    let customer = app.customer().await;
    app.stripe.pay(&app.checkout(&customer, "1").await).unwrap();
    app.stripe.advance(PERIOD);
    assert_eq!(app.stripe.subscriptions()[0].status, Status::Active);
    app.stripe.set_card(&customer, Card::Declined).unwrap();
    app.stripe.advance(PERIOD + Duration::from_secs(1));
    assert_eq!(app.stripe.subscriptions()[0].status, Status::PastDue);
    assert!(app.kinds().contains(&"invoice.payment_failed"));
    app.stripe.set_card(&customer, Card::Pays).unwrap();
    assert_eq!(app.stripe.subscriptions()[0].status, Status::Active);
}

#[tokio::test]
async fn who_ends_it_in_the_portal_has_it_until_the_end_of_the_period() {
    let app = App::new().await;
    let customer = app.customer().await;
    app.stripe.pay(&app.checkout(&customer, "1").await).unwrap();
    let fields = [("customer", customer.as_str()), ("return_url", "https://app.example.com/")];
    let portal = body(app.post("billing_portal/sessions", &fields, "p").await).await.1;
    let portal = portal["url"].as_str().unwrap();
    assert_eq!(app.http.get(portal).send().await.unwrap().status().as_u16(), 200);
    let cancel = app.http.post(format!("{portal}/cancel")).send().await.unwrap();
    assert_eq!(cancel.status().as_u16(), 303);
    assert!(app.stripe.subscriptions()[0].cancel_at_period_end);
    app.stripe.resume(portal).unwrap();
    assert!(!app.stripe.subscriptions()[0].cancel_at_period_end);
    app.stripe.cancel(portal).unwrap();
    app.stripe.advance(PERIOD);
    assert_eq!(app.stripe.subscriptions()[0].status, Status::Canceled);
    assert_eq!(app.kinds().last(), Some(&"customer.subscription.deleted"));
}

#[tokio::test]
async fn what_nobody_takes_waits() {
    let app = App::new().await;
    let customer = app.customer().await;
    app.stripe.pay(&app.checkout(&customer, "1").await).unwrap();
    app.stripe.set_webhook_url("http://127.0.0.1:9/stripe/webhook");
    let tries = app.stripe.deliver(Delivery::Twice).await;
    assert_eq!((tries.len(), tries[0].status), (6, None));
    assert!(app.stripe.events().iter().all(|event| event.taken == 0));
    let header = signature("whsec_x", 1, b"{}");
    assert!(header.starts_with("t=1,v1=") && header.len() == 7 + 64, "{header}");
    assert_eq!(json!(app.stripe.asked())[0]["path"], "customers");
}
