//! Stripe, for who can do most of his work without: known by a secret that is fetched when the first
//! call is made.

use crate::{Stripe, StripeSecrets};
use domain::ids::TenantId;
use domain::plan::Subscription;
use pipeline::billing::{Checkout, Page, Payments};
use pipeline::error::Failure;
use secrecy::SecretString;
use tokio::sync::OnceCell;

/// Stripe, by a secret that is fetched when the first call is made, and kept once it is good. One that
/// cannot be read, or says nothing that we can use, fails that call alone: the next one fetches it
/// anew, so that who puts it right has nothing else to do.
#[derive(Debug)]
pub struct LazyStripe<F> {
    api_url: String,
    fetch: F,
    made: OnceCell<Stripe>,
}

impl<F, Fetched> LazyStripe<F>
where
    F: Fn() -> Fetched + Sync,
    Fetched: Future<Output = Result<SecretString, Failure>> + Send,
{
    /// At an address; `fetch` fetches the text of the secret, as [`StripeSecrets::from_secret`] reads
    /// it, in bounded time.
    pub fn new(api_url: &str, fetch: F) -> Self {
        Self { api_url: api_url.to_owned(), fetch, made: OnceCell::new() }
    }

    async fn get(&self) -> Result<&Stripe, Failure> {
        let made = async || -> Result<_, Failure> {
            let secrets = StripeSecrets::from_secret(&(self.fetch)().await?)?;
            Ok(Stripe::new(&self.api_url, &secrets)?)
        };
        let made = self.made.get_or_try_init(made).await;
        made.inspect_err(|why| tracing::error!(%why, "nobody can pay"))
    }
}

impl<F, Fetched> Payments for LazyStripe<F>
where
    F: Fn() -> Fetched + Sync + Send,
    Fetched: Future<Output = Result<SecretString, Failure>> + Send,
{
    async fn create_customer(&self, tenant: &TenantId, key: &str) -> Result<String, Failure> {
        self.get().await?.create_customer(tenant, key).await
    }

    async fn create_checkout(&self, checkout: &Checkout<'_>, key: &str) -> Result<Page, Failure> {
        self.get().await?.create_checkout(checkout, key).await
    }

    async fn expire_checkout(&self, page: &str) -> Result<bool, Failure> {
        self.get().await?.expire_checkout(page).await
    }

    async fn create_portal(
        &self,
        customer: &str,
        return_url: &str,
        key: &str,
    ) -> Result<String, Failure> {
        self.get().await?.create_portal(customer, return_url, key).await
    }

    async fn subscriptions(&self, customer: &str) -> Result<Vec<Subscription>, Failure> {
        self.get().await?.subscriptions(customer).await
    }

    async fn set_quantity(
        &self,
        subscription: &Subscription,
        quantity: u64,
        key: &str,
    ) -> Result<u64, Failure> {
        self.get().await?.set_quantity(subscription, quantity, key).await
    }

    async fn end_with_period(
        &self,
        subscription: &Subscription,
        ends: bool,
    ) -> Result<(), Failure> {
        self.get().await?.end_with_period(subscription, ends).await
    }

    async fn cancel_subscription(&self, subscription: &Subscription) -> Result<(), Failure> {
        self.get().await?.cancel_subscription(subscription).await
    }
}
