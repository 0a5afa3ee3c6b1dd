//! What the API asks of the outside, besides the table: queues, keys, and who takes money. The ports
//! of the pipeline, in a form that a router can hold without naming their types.

use domain::ids::AccountId;
use domain::tenant::Webhook;
use jiff::Timestamp;
use pipeline::alert::{About, ask_to_tell};
use pipeline::billing::{self, Payments, Returns};
use pipeline::error::Failure;
use pipeline::onboarding::Job;
use pipeline::ports::{Keys, Message, Queue};
use pipeline::settings;
use secrecy::SecretString;
use std::pin::Pin;
use store::{Table, TenantScope};

/// An answer that comes.
pub type Coming<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// The outside.
pub trait Outside: Send + Sync {
    /// Has something done with an account.
    fn begin<'a>(&'a self, job: &'a Job) -> Coming<'a, ()>;

    /// Asks for people to be told of an anomaly.
    fn tell<'a>(
        &'a self,
        account: &'a AccountId,
        anomaly: &'a str,
        now: Timestamp,
    ) -> Coming<'a, ()>;

    /// Encrypts the key of a tenant's own receiver.
    fn seal<'a>(
        &'a self,
        scope: &'a TenantScope,
        url: String,
        key: SecretString,
    ) -> Coming<'a, Webhook>;

    /// Where a tenant pays.
    fn checkout<'a>(
        &'a self,
        scope: &'a TenantScope,
        returns: Returns<'a>,
        now: Timestamp,
    ) -> Coming<'a, String>;

    /// Where a tenant looks after what he pays; `None` for who never has.
    fn portal<'a>(
        &'a self,
        scope: &'a TenantScope,
        return_url: &'a str,
    ) -> Coming<'a, Option<String>>;
}

/// The outside by the ports of the pipeline.
#[derive(Debug, Clone)]
pub struct Ports<Q, K, P> {
    /// The one table.
    pub table: Table,
    /// Of what is to be done with accounts.
    pub accounts: Q,
    /// Of what is to be told.
    pub alerts: Q,
    /// Encrypt secrets.
    pub keys: K,
    /// Takes money.
    pub payments: P,
}

impl<Q, K, P> Outside for Ports<Q, K, P>
where
    Q: Queue + Send + Sync,
    K: Keys + Send + Sync,
    P: Payments + Send + Sync,
{
    fn begin<'a>(&'a self, job: &'a Job) -> Coming<'a, ()> {
        Box::pin(self.accounts.send(vec![Message::of(job.to_json())]))
    }

    fn tell<'a>(
        &'a self,
        account: &'a AccountId,
        anomaly: &'a str,
        now: Timestamp,
    ) -> Coming<'a, ()> {
        let about = About::Anomaly(anomaly.to_owned());
        Box::pin(async move { ask_to_tell(&self.alerts, account, [about], now).await.map(drop) })
    }

    fn seal<'a>(
        &'a self,
        scope: &'a TenantScope,
        url: String,
        key: SecretString,
    ) -> Coming<'a, Webhook> {
        Box::pin(settings::seal_webhook(&self.keys, scope, url, key))
    }

    fn checkout<'a>(
        &'a self,
        scope: &'a TenantScope,
        returns: Returns<'a>,
        now: Timestamp,
    ) -> Coming<'a, String> {
        Box::pin(billing::checkout(&self.table, &self.payments, scope, returns, now))
    }

    fn portal<'a>(
        &'a self,
        scope: &'a TenantScope,
        return_url: &'a str,
    ) -> Coming<'a, Option<String>> {
        Box::pin(billing::portal(&self.table, &self.payments, scope, return_url))
    }
}
