//! What the double remembers.

use crate::fault::Fault;
use crate::people::Card;
use crate::settings::{PERIOD, Settings};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};

/// All of it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) customers: BTreeMap<String, Customer>,
    pub(crate) sessions: BTreeMap<String, Session>,
    pub(crate) portals: BTreeMap<String, Portal>,
    pub(crate) subscriptions: Vec<Subscription>,
    /// What was answered to a key: the call, the status and the body.
    pub(crate) answered: BTreeMap<String, (String, u16, Value)>,
    /// All that was to be told, in its order.
    pub(crate) events: Vec<Event>,
    pub(crate) asked: Vec<Asked>,
    pub(crate) faults: VecDeque<Fault>,
    serial: u64,
}

/// A customer, and whether his card pays.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub(crate) card: Card,
    pub(crate) metadata: BTreeMap<String, String>,
}

/// A page on which somebody subscribes.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) customer: String,
    pub(crate) reference: Option<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) subscription_metadata: BTreeMap<String, String>,
    pub(crate) quantity: u64,
    pub(crate) success_url: String,
    pub(crate) cancel_url: Option<String>,
    /// Once it is paid.
    pub(crate) subscription: Option<String>,
    /// It was closed before it was paid.
    pub(crate) expired: bool,
}

impl Session {
    /// `open`, `complete` or `expired`, as Stripe calls it.
    pub(crate) const fn status(&self) -> &'static str {
        match (&self.subscription, self.expired) {
            (Some(_), _) => "complete",
            (None, true) => "expired",
            (None, false) => "open",
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.status() == "open"
    }
}

/// A page on which a customer changes how he pays.
#[derive(Debug, Clone)]
pub(crate) struct Portal {
    pub(crate) customer: String,
    pub(crate) return_url: String,
}

/// How a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Paid.
    Active,
    /// A payment has failed.
    PastDue,
    /// Over.
    Canceled,
}

/// A subscription.
#[derive(Debug, Clone, Serialize)]
pub struct Subscription {
    /// `sub_…`
    pub id: String,
    /// `si_…`
    pub item: String,
    /// Whose.
    pub customer: String,
    /// How it stands.
    pub status: Status,
    /// Accounts that are paid for.
    pub quantity: u64,
    /// Second in which it began.
    pub created: u64,
    /// Second up to which it is paid, or was to be.
    pub period_end: u64,
    /// Whether it ends then.
    pub cancel_at_period_end: bool,
    /// Its last invoice, by its number and second.
    pub invoice: (String, u64),
    metadata: BTreeMap<String, String>,
}

/// Something that is told to the app.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// `evt_…`
    pub id: String,
    /// `invoice.paid`
    pub kind: &'static str,
    /// As it is sent.
    pub body: String,
    /// How often the app has taken it.
    pub taken: u32,
}

/// A call of the app's.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// `POST`
    pub method: String,
    /// Below `/v1/`.
    pub path: String,
    /// Its fields.
    pub fields: BTreeMap<String, String>,
    /// Its idempotency key.
    pub key: Option<String>,
    /// What it was answered.
    pub status: u16,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            customers: BTreeMap::new(),
            sessions: BTreeMap::new(),
            portals: BTreeMap::new(),
            subscriptions: Vec::new(),
            answered: BTreeMap::new(),
            events: Vec::new(),
            asked: Vec::new(),
            faults: VecDeque::new(),
            serial: 0,
        }
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.settings.clock.now().as_secs()
    }

    /// A name that nothing else has.
    pub(crate) fn name(&mut self, what: &str) -> String {
        self.serial += 1;
        format!("{what}_double{:06}", self.serial)
    }

    /// The address of a page.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}/{path}", self.settings.base_url.trim_end_matches('/'))
    }

    /// Begins the subscription of a page.
    pub(crate) fn subscribe(&mut self, session: &Session) -> Subscription {
        let now = self.now();
        let subscription = Subscription {
            id: self.name("sub"),
            item: self.name("si"),
            customer: session.customer.clone(),
            status: Status::Active,
            quantity: session.quantity,
            created: now,
            period_end: now + PERIOD.as_secs(),
            cancel_at_period_end: false,
            invoice: (self.name("in"), now),
            metadata: session.subscription_metadata.clone(),
        };
        self.subscriptions.push(subscription.clone());
        subscription
    }

    /// Notes that something is to be told.
    pub(crate) fn happened(&mut self, kind: &'static str, object: &Value) {
        let (id, created) = (self.name("evt"), self.now());
        let body = json!({
            "id": id, "object": "event", "type": kind, "created": created, "livemode": false,
            "api_version": "2025-03-31.basil", "pending_webhooks": 1, "data": {"object": object},
        });
        self.events.push(Event { id, kind, body: body.to_string(), taken: 0 });
    }

    /// As Stripe writes a subscription, its last invoice whole where that is asked for.
    pub(crate) fn written(&self, subscription: &Subscription, whole_invoice: bool) -> Value {
        let invoice =
            if whole_invoice { Self::invoice(subscription) } else { json!(subscription.invoice.0) };
        json!({
            "id": subscription.id, "object": "subscription", "customer": subscription.customer,
            "status": subscription.status, "created": subscription.created,
            "cancel_at_period_end": subscription.cancel_at_period_end,
            "metadata": subscription.metadata, "latest_invoice": invoice,
            "items": {"object": "list", "has_more": false, "data": [self.item(subscription)]},
        })
    }

    /// As Stripe writes what is paid for.
    pub(crate) fn item(&self, subscription: &Subscription) -> Value {
        json!({
            "id": subscription.item, "object": "subscription_item",
            "subscription": subscription.id, "quantity": subscription.quantity,
            "current_period_end": subscription.period_end,
            "price": {"id": self.settings.price, "object": "price", "unit_amount": 1900},
        })
    }

    /// As Stripe writes its last invoice.
    fn invoice(subscription: &Subscription) -> Value {
        let (id, at) = &subscription.invoice;
        let status = if subscription.status == Status::PastDue { "open" } else { "paid" };
        json!({
            "id": id, "object": "invoice", "customer": subscription.customer, "status": status,
            "created": at, "status_transitions": {"finalized_at": at},
            "parent": {"type": "subscription_details",
                "subscription_details": {"subscription": subscription.id}},
        })
    }

    /// Tells of a subscription as it is now.
    pub(crate) fn tell_of(&mut self, kind: &'static str, id: &str) {
        let found = self.subscriptions.iter().find(|each| each.id == id);
        let Some(object) = found.map(|each| self.written(each, false)) else { return };
        self.happened(kind, &object);
    }

    /// Tells of its last invoice.
    pub(crate) fn tell_of_invoice(&mut self, kind: &'static str, id: &str) {
        let found = self.subscriptions.iter().find(|each| each.id == id);
        let Some(object) = found.map(Self::invoice) else { return };
        self.happened(kind, &object);
    }

    /// Changes one subscription.
    pub(crate) fn change(&mut self, id: &str, change: impl FnOnce(&mut Subscription)) {
        if let Some(found) = self.subscriptions.iter_mut().find(|each| each.id == id) {
            change(found);
        }
    }
}
