//! The double as tests hold it.

use crate::events::client;
use crate::fault::Fault;
use crate::settings::Settings;
use crate::world::{Asked, Subscription, World};
use loopback::Clock;
use reqwest::Client;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// A Stripe; clones are the same one.
#[derive(Debug, Clone)]
pub struct StripeState {
    world: Arc<Mutex<World>>,
    http: Arc<OnceLock<Option<Client>>>,
}

/// Something that nobody can do at Stripe: pay twice on one page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Impossible(String);

impl Impossible {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl StripeState {
    /// Without customers.
    pub fn new(settings: Settings) -> Self {
        Self { world: Arc::new(Mutex::new(World::new(settings))), http: Arc::default() }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn http(&self) -> Option<&Client> {
        self.http.get_or_init(client).as_ref()
    }

    /// Where it is reached itself; the address of its API too.
    pub fn base_url(&self) -> String {
        self.world().settings.base_url.trim_end_matches('/').to_owned()
    }

    /// Where it is reached itself, once that is known.
    pub fn set_base_url(&self, url: &str) {
        url.clone_into(&mut self.world().settings.base_url);
    }

    /// Where the app is told what has changed.
    pub fn set_webhook_url(&self, url: &str) {
        self.world().settings.webhook_url = Some(url.to_owned());
    }

    /// Whether what changes is told at once.
    pub fn tell_at_once(&self, on: bool) {
        self.world().settings.tell_at_once = on;
    }

    /// Its clock.
    pub fn clock(&self) -> Clock {
        self.world().settings.clock.clone()
    }

    /// The next call goes wrong; said twice, the next two.
    pub fn fail_next(&self, fault: Fault) {
        self.world().faults.push_back(fault);
    }

    /// All calls, in their order.
    pub fn asked(&self) -> Vec<Asked> {
        self.world().asked.clone()
    }

    /// All subscriptions, the oldest first.
    pub fn subscriptions(&self) -> Vec<Subscription> {
        self.world().subscriptions.clone()
    }

    /// All customers, by what they were made with.
    pub fn customers(&self) -> Vec<(String, Option<String>)> {
        let world = self.world();
        let tenant = |id: &String| world.metadata_of(id)?.get("tenant").cloned();
        world.customers.keys().map(|id| (id.clone(), tenant(id))).collect()
    }
}
