//! A tenant at the counter: the table behind its faults, a Stripe that behaves like Stripe with our
//! door beside it, and the queue of what is to be done about money. What Lambda and SQS do is done by
//! [`Counter::rest`].

use crate::faults::{Breaking, Faults};
use crate::tenant;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use domain::card::Note;
use domain::cost_event::CostEvent;
use domain::governance::Asker;
use domain::ids::AccountId;
use domain::plan::Billing;
use domain::told::MessageAt;
use domain::watch::WatchEvent;
use jiff::{SignedDuration, Timestamp};
use pipeline::billing::{self, BillingTask, Done, Returns, UpgradeRequired};
use pipeline::clock::{Queues, strike};
use pipeline::error::Failure;
use pipeline::lifecycle::{self, Change};
use pipeline::notify::Notice;
use pipeline::ports::{Addressee, Announce, Lines, Queue, Way};
use queue::LocalQueue;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{AccountStatus, Table, TenantScope};
use stripe::door::{Door, routes};
use stripe::{Stripe, StripeSecrets};
use stripe_double::{API_KEY, Clock, Delivery, Double, PRICE, WEBHOOK_SECRET};

/// Rounds after which a counter that does not come to rest is broken.
const MAX_ROUNDS: usize = 2_000;
/// Receives after which SQS puts a message aside.
const MAX_RECEIVES: u32 = 1_000;

/// All of it.
pub struct Counter {
    /// Through the faults.
    pub table: Table,
    /// Past them: for looking at the end.
    pub truth: Table,
    /// What breaks when.
    pub faults: Faults,
    /// The Stripe, with our door beside it.
    pub stripe: Double,
    /// Our calls to it.
    pub payments: Stripe,
    /// What is to be done about money.
    pub billing: LocalQueue,
    /// What people were told.
    pub notes: Notes,
    /// What came of each message.
    pub done: Vec<Done>,
    /// The moment; Stripe's clock goes with it.
    pub now: Timestamp,
    other: LocalQueue,
}

/// Keeps what people are told.
#[derive(Debug, Default)]
pub struct Notes(Mutex<Vec<Note>>, Mutex<Vec<String>>);

impl Notes {
    /// The first lines, in their order.
    pub fn titles(&self) -> Vec<String> {
        self.all().into_iter().map(|note| note.title).collect()
    }

    /// Tenants whose right to post was given back.
    pub fn parted(&self) -> Vec<String> {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// All of it.
    pub fn all(&self) -> Vec<Note> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A line to them.
#[derive(Debug)]
pub struct Line<'a>(&'a Notes);

impl<'a> Lines for &'a Notes {
    type Line = Line<'a>;

    async fn line(&self, _: &Addressee, _: Option<&str>) -> Result<Way<Line<'a>>, Failure> {
        Ok(Way::Open(Line(self)))
    }

    async fn part(&self, scope: &TenantScope) -> Result<(), Failure> {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).push(scope.tenant().to_string());
        Ok(())
    }
}

impl Announce for Line<'_> {
    async fn announce(
        &mut self,
        _: &Notice,
        _: Option<&CostEvent>,
    ) -> Result<Option<MessageAt>, Failure> {
        Ok(None)
    }

    async fn warn(&mut self, _: &WatchEvent) -> Result<(), Failure> {
        Ok(())
    }

    async fn digest(&mut self, note: &Note) -> Result<(), Failure> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).push(note.clone());
        Ok(())
    }
}

/// Where people come back to.
pub const RETURNS: Returns<'static> = Returns {
    paid: "https://app.example.com/paid",
    left: "https://app.example.com/back",
    portal: "https://app.example.com/billing",
};

#[expect(clippy::expect_used, reason = "a counter that cannot be opened is the end of the test")]
#[expect(clippy::missing_panics_doc, reason = "the same")]
impl Counter {
    /// A counter where nobody has an account yet.
    pub async fn open() -> Self {
        let engine = store::embedded::connector(None).expect("the engine starts");
        let truth = Table::new(store::embedded::client_over(engine.clone()), "dd0c-cost-main");
        truth.create().await.expect("the table is made");
        let faults = Faults::default();
        let breaking = Breaking { engine, faults: faults.clone() };
        let client = store::embedded::client_over(SharedHttpConnector::new(breaking));
        let table = Table::new(client, "dd0c-cost-main");
        Self::over(table, truth, faults).await
    }

    /// The same over a table that is there.
    pub async fn over(table: Table, truth: Table, faults: Faults) -> Self {
        let billing = LocalQueue::new(MAX_RECEIVES);
        let secrets = StripeSecrets {
            api_key: API_KEY.into(),
            webhook_secrets: vec!["whsec_of_before".into(), WEBHOOK_SECRET.into()],
            price: PRICE.to_owned(),
            earlier_prices: Vec::new(),
        };
        let door = Door { queue: billing.clone(), secrets: secrets.webhook_secrets.clone() };
        let now: Timestamp = "2026-06-10T00:00:00Z".parse().expect("a time");
        let second = u64::try_from(now.as_second()).expect("after 1970");
        let stripe = Double::builder().clock(Clock::at(second)).start_beside(|stripe| {
            stripe.set_webhook_url(&format!("{}/stripe/webhook", stripe.base_url()));
            routes(Arc::new(door))
        });
        let stripe = stripe.await.expect("a Stripe");
        let payments = Stripe::new(&stripe.base_url(), &secrets).expect("an address");
        Self {
            payments: payments.without_pause(),
            notes: Notes::default(),
            done: Vec::new(),
            other: LocalQueue::new(MAX_RECEIVES),
            table,
            truth,
            faults,
            stripe,
            billing,
            now,
        }
    }

    /// Time passes, here and at Stripe, and what Stripe tells is taken in.
    pub async fn pass(&mut self, time: Duration) {
        self.stripe.advance(time);
        self.now += SignedDuration::try_from(time).expect("a time");
        self.stripe.deliver(Delivery::InOrder).await;
        self.rest().await;
    }

    /// What somebody asks for; asked again where it breaks.
    pub async fn patiently<T>(&self, ask: impl AsyncFn(&Table) -> Result<T, Failure>) -> T {
        for _ in 0..MAX_ROUNDS {
            match ask(&self.table).await {
                Ok(answer) if !self.faults.dead() => return answer,
                Err(Failure::Reject(why)) => unreachable!("{why}"),
                _ => self.faults.revive(),
            }
        }
        unreachable!("it never succeeds");
    }

    /// Whether the tenant may connect one more account.
    pub async fn may_connect(&self) -> Result<(), UpgradeRequired> {
        self.patiently(async |table| billing::may_connect(table, &tenant()).await).await
    }

    /// Connects an account.
    pub async fn connect(&mut self, digit: char) {
        self.now += SignedDuration::from_secs(1);
        let (account, ana, now) = (account(digit), Asker::Customer("ana".to_owned()), self.now);
        let connect = async |table: &Table| {
            lifecycle::connect(table, &tenant(), (&account, None), &ana, now).await.map(drop)
        };
        self.patiently(connect).await;
    }

    /// Changes an account.
    pub async fn change(&mut self, digit: char, change: Change) {
        self.now += SignedDuration::from_secs(1);
        let (account, ana) = (account(digit), Asker::Customer("ana".to_owned()));
        let change = async |table: &Table| {
            lifecycle::change(table, &tenant(), &account, (&ana, change.clone()), self.now)
                .await
                .map(drop)
        };
        self.patiently(change).await;
    }

    /// The page on which the tenant subscribes.
    pub async fn checkout(&self) -> String {
        let (scope, payments, now) = (tenant(), &self.payments, self.now);
        let ask =
            async |table: &Table| billing::checkout(table, payments, &scope, RETURNS, now).await;
        self.patiently(ask).await
    }

    /// The tenant subscribes, and what Stripe tells of it is done.
    pub async fn subscribe(&mut self) {
        self.stripe.pay(&self.checkout().await).expect("it is open");
        self.stripe.deliver(Delivery::InOrder).await;
        self.rest().await;
    }

    /// How the tenant stands.
    pub async fn billing(&self) -> Billing {
        self.truth.billing(&tenant()).await.expect("it can be read").billing
    }

    /// His customer at Stripe.
    pub async fn customer(&self) -> String {
        self.billing().await.customer.expect("he has asked before")
    }

    /// Accounts of a tenant that are not on their way out, by their first digit, and whether they
    /// are watched.
    pub async fn accounts(&self) -> Vec<(char, bool)> {
        let mut connections = self.truth.connections(&tenant()).await.expect("accounts");
        connections.retain(|each| each.status != AccountStatus::Disconnecting);
        let first = |id: &AccountId| id.as_str().chars().next().unwrap_or_default();
        let watched = AccountStatus::is_watched;
        connections.iter().map(|each| (first(&each.account), watched(each.status))).collect()
    }

    /// Works until nothing waits and nothing is due.
    pub async fn rest(&mut self) {
        let notes = std::mem::take(&mut self.notes);
        self.rest_telling(&&notes).await;
        self.notes = notes;
    }

    /// The same, telling people in another way.
    pub async fn rest_telling(&mut self, lines: &impl Lines) {
        for _ in 0..MAX_ROUNDS {
            let (alerts, digests, billing) = (&self.other, &self.other, &self.billing);
            let queues = Queues { alerts, digests, billing, accounts: &self.other };
            let struck = strike(&self.table, &queues, self.now).await.is_ok();
            self.faults.revive();
            if self.billing.is_empty() && struck {
                return;
            }
            self.work(lines).await;
            self.faults.revive();
        }
        unreachable!("the counter does not come to rest");
    }

    /// One message, if there is one; what fails comes again a minute later.
    async fn work(&mut self, lines: &impl Lines) {
        if self.billing.is_empty() {
            return;
        }
        let mut batch = self.billing.receive(1).await;
        let message = batch.messages().next().cloned().expect("a message");
        let task = BillingTask::from_json(&message.body).expect("a task");
        let done = billing::work(&self.table, &self.payments, lines, &task, self.now).await;
        match done {
            _ if self.faults.dead() => self.now += SignedDuration::from_mins(4),
            Ok(done) => {
                self.done.push(done);
                batch.done(0);
            }
            Err(Failure::Reject(why)) => batch.reject(0, &why),
            // Hidden for a while: others come before it.
            Err(_) => {
                self.now += SignedDuration::from_mins(1);
                batch.done(0);
                self.billing.send(vec![message]).await.expect("sent");
            }
        }
    }
}

/// An account, by the digit that it consists of.
#[expect(clippy::expect_used, reason = "twelve digits are an account")]
#[expect(clippy::missing_panics_doc, reason = "the same")]
pub fn account(digit: char) -> AccountId {
    AccountId::parse(&digit.to_string().repeat(12)).expect("twelve digits")
}

/// Another tenant.
#[expect(clippy::expect_used, reason = "it is a constant")]
#[expect(clippy::missing_panics_doc, reason = "the same")]
pub fn initech() -> TenantScope {
    TenantScope::of_operator(domain::ids::TenantId::parse("initech").expect("an id"))
}
