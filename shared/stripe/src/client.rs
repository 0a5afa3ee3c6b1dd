//! The calls that we need: a customer, the page on which he subscribes and its end, the page on which
//! he changes how he pays, his subscriptions, how many accounts they are for, and the end of one.

use crate::answer;
use crate::error::StripeError;
use crate::form::Form;
use crate::is_name;
use crate::secrets::StripeSecrets;
use crate::transport::{Call, Transport};
use domain::ids::TenantId;
use domain::plan::Subscription;
use pipeline::billing::{Checkout, Page, Payments};
use pipeline::error::Failure;
use reqwest::Method;
use serde_json::Value;

/// `https://api.stripe.com`
pub const API_URL: &str = "https://api.stripe.com";

/// Stripe.
#[derive(Debug)]
pub struct Stripe {
    transport: Transport,
    price: String,
    /// By which a subscription is known as one of ours.
    prices: Vec<String>,
}

impl Stripe {
    /// At an address, known by these.
    pub fn new(api_url: &str, secrets: &StripeSecrets) -> Result<Self, StripeError> {
        let transport = Transport::new(api_url, secrets.api_key.clone())?;
        Ok(Self { transport, price: secrets.price.clone(), prices: secrets.prices() })
    }

    /// Tries again at once: for a Stripe on this machine.
    #[must_use]
    pub fn without_pause(self) -> Self {
        Self { transport: self.transport.without_pause(), ..self }
    }

    async fn post(&self, path: &str, form: Form, key: &str) -> Result<Value, StripeError> {
        let call = Call { method: Method::POST, path, form, key: Some(key) };
        self.transport.call(&call).await
    }

    async fn make_customer(&self, tenant: &TenantId, key: &str) -> Result<String, StripeError> {
        let form = Form::new().with("metadata[tenant]", tenant);
        answer::name(&self.post("customers", form, key).await?["id"])
    }

    async fn make_checkout(&self, checkout: &Checkout<'_>, key: &str) -> Result<Page, StripeError> {
        let form = Form::new()
            .with("mode", "subscription")
            .with("customer", checkout.customer)
            .with("client_reference_id", checkout.tenant)
            .with("metadata[tenant]", checkout.tenant)
            .with("subscription_data[metadata][tenant]", checkout.tenant)
            .with("line_items[0][price]", &self.price)
            .with("line_items[0][quantity]", checkout.quantity.max(1))
            .with("allow_promotion_codes", true)
            .with("success_url", checkout.success_url)
            .with("cancel_url", checkout.cancel_url);
        let made = self.post("checkout/sessions", form, key).await?;
        Ok(Page { id: answer::name(&made["id"])?, url: answer::page(&made)? })
    }

    /// Of a page that is not open any more Stripe says that the request is wrong.
    async fn expire(&self, page: &str) -> Result<bool, StripeError> {
        if !is_name(page) {
            return Err(StripeError::Unreadable("a page has no name"));
        }
        let path = format!("checkout/sessions/{page}/expire");
        let call = Call { method: Method::POST, path: &path, form: Form::new(), key: None };
        match self.transport.call(&call).await {
            Ok(_) => Ok(true),
            Err(StripeError::Invalid { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn cancel(&self, subscription: &str) -> Result<(), StripeError> {
        if !is_name(subscription) {
            return Err(StripeError::Unreadable("a subscription has no name"));
        }
        let path = format!("subscriptions/{subscription}");
        // What is paid beyond today is credited, and that at once.
        let form = Form::new().with("prorate", true).with("invoice_now", true);
        let call = Call { method: Method::DELETE, path: &path, form, key: None };
        match self.transport.call(&call).await {
            Err(StripeError::Invalid { code, .. }) if code == "resource_missing" => Ok(()),
            answer => answer.map(drop),
        }
    }

    /// Said twice it is the same: no key.
    async fn let_end(&self, subscription: &str, ends: bool) -> Result<(), StripeError> {
        if !is_name(subscription) {
            return Err(StripeError::Unreadable("a subscription has no name"));
        }
        let path = format!("subscriptions/{subscription}");
        let form = Form::new().with("cancel_at_period_end", ends);
        let call = Call { method: Method::POST, path: &path, form, key: None };
        self.transport.call(&call).await.map(drop)
    }

    async fn make_portal(
        &self,
        customer: &str,
        return_url: &str,
        key: &str,
    ) -> Result<String, StripeError> {
        let form = Form::new().with("customer", customer).with("return_url", return_url);
        answer::page(&self.post("billing_portal/sessions", form, key).await?)
    }

    /// The newest hundred: who has had more than that still has the one that counts among them.
    async fn list(&self, customer: &str) -> Result<Vec<Subscription>, StripeError> {
        let form = Form::new()
            .with("customer", customer)
            .with("status", "all")
            .with("limit", 100)
            .with("expand[]", "data.latest_invoice");
        let call = Call { method: Method::GET, path: "subscriptions", form, key: None };
        answer::subscriptions(&self.transport.call(&call).await?, &self.prices)
    }

    async fn set(
        &self,
        subscription: &Subscription,
        quantity: u64,
        key: &str,
    ) -> Result<u64, StripeError> {
        if !is_name(&subscription.item) {
            return Err(StripeError::Unreadable("an item has no name"));
        }
        let form =
            Form::new().with("quantity", quantity).with("proration_behavior", "create_prorations");
        let path = format!("subscription_items/{}", subscription.item);
        answer::quantity(&self.post(&path, form, key).await?)
    }
}

impl Payments for Stripe {
    async fn create_customer(&self, tenant: &TenantId, key: &str) -> Result<String, Failure> {
        Ok(self.make_customer(tenant, key).await?)
    }

    async fn create_checkout(&self, checkout: &Checkout<'_>, key: &str) -> Result<Page, Failure> {
        Ok(self.make_checkout(checkout, key).await?)
    }

    async fn expire_checkout(&self, page: &str) -> Result<bool, Failure> {
        Ok(self.expire(page).await?)
    }

    async fn create_portal(
        &self,
        customer: &str,
        return_url: &str,
        key: &str,
    ) -> Result<String, Failure> {
        Ok(self.make_portal(customer, return_url, key).await?)
    }

    async fn subscriptions(&self, customer: &str) -> Result<Vec<Subscription>, Failure> {
        Ok(self.list(customer).await?)
    }

    async fn set_quantity(
        &self,
        subscription: &Subscription,
        quantity: u64,
        key: &str,
    ) -> Result<u64, Failure> {
        Ok(self.set(subscription, quantity, key).await?)
    }

    async fn end_with_period(
        &self,
        subscription: &Subscription,
        ends: bool,
    ) -> Result<(), Failure> {
        Ok(self.let_end(&subscription.id, ends).await?)
    }

    async fn cancel_subscription(&self, subscription: &Subscription) -> Result<(), Failure> {
        Ok(self.cancel(&subscription.id).await?)
    }
}
