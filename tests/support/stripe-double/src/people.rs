//! What people do on the pages, and what time does.

use crate::settings::PERIOD;
use crate::state::{Impossible, StripeState};
use crate::world::{Session, Status, Subscription, World};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

/// Whether a customer's card pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Card {
    /// It does.
    Pays,
    /// It is declined.
    Declined,
}

/// The last part of a page's address.
fn id_of<'a>(url: &'a str, page: &str) -> Result<&'a str, Impossible> {
    let id = url.rsplit_once(&format!("/{page}/")).map(|(_, id)| id);
    id.ok_or_else(|| Impossible::new(format!("{url} is no page of {page}")))
}

impl StripeState {
    /// Somebody pays on the page where he subscribes: the address that he goes on to.
    pub fn pay(&self, url: &str) -> Result<String, Impossible> {
        let to = self.world().pay(id_of(url, "pay")?)?;
        self.tell_soon();
        Ok(to)
    }

    /// Somebody gives a card that is declined: the page stays.
    pub fn decline(&self, url: &str) -> Result<(), Impossible> {
        let id = id_of(url, "pay")?;
        let open = self.world().sessions.get(id).is_some_and(Session::is_open);
        if open { Ok(()) } else { Err(Impossible::new("the page is not open any more")) }
    }

    /// Somebody leaves the page, or the one where he changes how he pays: the address that he goes on to.
    pub fn leave(&self, url: &str) -> Result<String, Impossible> {
        let world = self.world();
        if let Ok(id) = id_of(url, "portal") {
            let back = world.portals.get(id).map(|portal| portal.return_url.clone());
            return back.ok_or_else(|| Impossible::new("there is no such page"));
        }
        let session = world.sessions.get(id_of(url, "pay")?);
        let to = session.and_then(|session| session.cancel_url.clone());
        to.ok_or_else(|| Impossible::new("there is no way back from this page"))
    }

    /// Somebody ends his subscription with the period that is paid.
    pub fn cancel(&self, portal: &str) -> Result<(), Impossible> {
        self.ending(portal, true)
    }

    /// Somebody takes that back.
    pub fn resume(&self, portal: &str) -> Result<(), Impossible> {
        self.ending(portal, false)
    }

    fn ending(&self, portal: &str, ends: bool) -> Result<(), Impossible> {
        let mut world = self.world();
        let id = world.subscription_of(&world.customer_at(portal)?)?.id;
        world.change(&id, |found| found.cancel_at_period_end = ends);
        world.tell_of("customer.subscription.updated", &id);
        drop(world);
        self.tell_soon();
        Ok(())
    }

    /// Somebody gives another card; what is to be paid is paid with it at once.
    pub fn give_card(&self, portal: &str, card: Card) -> Result<(), Impossible> {
        let customer = self.world().customer_at(portal)?;
        self.set_card(&customer, card)
    }

    /// The same, of a customer by his name: a card expires.
    pub fn set_card(&self, customer: &str, card: Card) -> Result<(), Impossible> {
        let mut world = self.world();
        let missing = || Impossible::new(format!("no customer {customer}"));
        world.customers.get_mut(customer).ok_or_else(missing)?.card = card;
        world.collect_all();
        drop(world);
        self.tell_soon();
        Ok(())
    }

    /// Time passes: what is to be paid by then is paid, or not.
    pub fn advance(&self, time: Duration) {
        let mut world = self.world();
        world.settings.clock.advance(time);
        world.renew_all();
        world.collect_all();
        drop(world);
        self.tell_soon();
    }

    /// Stripe ends a subscription at once: for a customer by his name.
    pub fn end(&self, customer: &str) -> Result<(), Impossible> {
        let mut world = self.world();
        let id = world.subscription_of(customer)?.id;
        world.over(&id);
        drop(world);
        self.tell_soon();
        Ok(())
    }
}

impl World {
    pub(crate) fn customer_at(&self, portal: &str) -> Result<String, Impossible> {
        let portal = self.portals.get(id_of(portal, "portal")?);
        let missing = || Impossible::new("there is no such page");
        portal.map(|portal| portal.customer.clone()).ok_or_else(missing)
    }

    /// The one that is not over.
    pub(crate) fn subscription_of(&self, customer: &str) -> Result<Subscription, Impossible> {
        let running =
            |each: &&Subscription| each.customer == customer && each.status != Status::Canceled;
        let found = self.subscriptions.iter().find(running).cloned();
        found.ok_or_else(|| Impossible::new(format!("{customer} has no subscription")))
    }

    pub(crate) fn pay(&mut self, id: &str) -> Result<String, Impossible> {
        let session = self.sessions.get(id).filter(|each| each.is_open()).cloned();
        let session = session.ok_or_else(|| Impossible::new("the page is not open any more"))?;
        let subscription = self.subscribe(&session);
        if let Some(known) = self.sessions.get_mut(id) {
            known.subscription = Some(subscription.id.clone());
        }
        self.tell_of("customer.subscription.created", &subscription.id);
        self.tell_of_invoice("invoice.paid", &subscription.id);
        let completed = json!({
            "id": id, "object": "checkout.session", "mode": "subscription", "status": "complete",
            "payment_status": "paid", "customer": session.customer,
            "client_reference_id": session.reference, "metadata": session.metadata,
            "subscription": subscription.id,
        });
        self.happened("checkout.session.completed", &completed);
        Ok(session.success_url.replace("{CHECKOUT_SESSION_ID}", id))
    }

    fn card_of(&self, customer: &str) -> Card {
        self.customers.get(customer).map_or(Card::Declined, |customer| customer.card)
    }

    /// Begins the next period of what is paid for longer.
    fn renew_all(&mut self) {
        while let Some(next) = self.due() {
            if next.cancel_at_period_end {
                self.over(&next.id);
                continue;
            }
            let (invoice, pays) = (self.name("in"), self.card_of(&next.customer) == Card::Pays);
            self.change(&next.id, |each| {
                each.invoice = (invoice, each.period_end);
                each.period_end += PERIOD.as_secs();
                each.status = if pays { Status::Active } else { Status::PastDue };
            });
            self.tell_of("customer.subscription.updated", &next.id);
            let kind = if pays { "invoice.paid" } else { "invoice.payment_failed" };
            self.tell_of_invoice(kind, &next.id);
        }
    }

    /// One that is paid and whose period is over.
    fn due(&self) -> Option<Subscription> {
        let now = self.now();
        let due = |each: &&Subscription| each.status == Status::Active && each.period_end <= now;
        self.subscriptions.iter().find(due).cloned()
    }

    /// Tries again to get what is missing.
    fn collect_all(&mut self) {
        let missing = |each: &&Subscription| each.status == Status::PastDue;
        let all: Vec<Subscription> = self.subscriptions.iter().filter(missing).cloned().collect();
        for each in all {
            if self.card_of(&each.customer) == Card::Pays {
                self.change(&each.id, |found| found.status = Status::Active);
                self.tell_of_invoice("invoice.paid", &each.id);
                self.tell_of("customer.subscription.updated", &each.id);
            } else {
                self.tell_of_invoice("invoice.payment_failed", &each.id);
            }
        }
    }

    pub(crate) fn over(&mut self, id: &str) {
        self.change(id, |found| found.status = Status::Canceled);
        self.tell_of("customer.subscription.deleted", id);
    }
}
