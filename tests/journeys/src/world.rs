//! AWS and Slack in small: a FIFO queue, the table with its stream, the alert queue and a channel,
//! each with the promises of the real one and no more. The stages between them are the real ones.

use crate::faults::{Breaking, BreakingQueue, Faults};
use aws_sdk_dynamodb::Client;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use domain::anomaly::Anomaly;
use domain::baseline::{Baseline, BaselineKey};
use domain::card::Note;
use domain::cost_event::CostEvent;
use domain::habits::Habits;
use domain::ids::AccountId;
use domain::told::{Hooked, Known, MessageAt, Told};
use domain::watch::WatchEvent;
use flags::{Document, Evaluator};
use jiff::{SignedDuration, Timestamp};
use pipeline::alert::{About, Alert};
use pipeline::clock::{Queues, strike};
use pipeline::error::Failure;
use pipeline::notify::Notice;
use pipeline::observe::{Arrival, observe};
use pipeline::ports::{Addressee, Announce, Bus, Hooks, Lines, Message, Way};
use pipeline::publish::Published;
use pipeline::rate::RateGate;
use pipeline::receive::receive;
use pipeline::route::{Routed, Router};
use pipeline::switches::Switches;
use pipeline::tell::{Outlets, tell};
use pricing::Book;
use queue::LocalQueue;
use sample_trail::{Record, envelope};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::stream::Put;
use store::{Numbered, Table, Task, TenantScope};

/// Rounds after which a world that does not come to rest is broken.
const MAX_ROUNDS: usize = 10_000;

/// All of it.
pub struct World {
    /// Through the faults.
    pub table: Table,
    /// Past them: for looking at the end.
    pub truth: Table,
    /// What breaks when.
    pub faults: Faults,
    /// Trusted events.
    pub events: LocalQueue,
    /// What is to be told.
    pub alerts: LocalQueue,
    /// Into `events`, as the router sends.
    pub to_events: BreakingQueue,
    /// Into `alerts`, as the scorer sends.
    pub to_alerts: BreakingQueue,
    /// Digests to be written.
    pub digests: LocalQueue,
    /// What is to be done with accounts.
    pub jobs: LocalQueue,
    /// What is to be done about money.
    pub billing: LocalQueue,
    /// Into `jobs`, as the worker sends.
    pub to_jobs: BreakingQueue,
    /// Where people read.
    pub channel: Channel,
    /// What other programs read.
    pub published: Vec<Published>,
    /// What is switched off.
    pub flags: Evaluator,
    /// Alerts that circuit breakers held back, as the scorer counts them.
    pub held_back: u64,
    /// The moment; moves on by itself.
    pub now: Timestamp,
    gate: RateGate,
    /// For looking at items as they are stored.
    raw: Client,
    /// Up to where the stream was taken, by account.
    taken: BTreeMap<AccountId, u64>,
    watch_taken: BTreeSet<String>,
}

/// A channel that keeps what it is told, and fails as it was asked to.
#[derive(Debug, Default)]
pub struct Channel {
    /// What was told.
    pub heard: Vec<Notice>,
    /// Warnings' event ids.
    pub warnings: Vec<String>,
    /// Notes that are about no anomaly.
    pub notes: Vec<Note>,
    /// What happens to the next ones.
    pub failures: VecDeque<ChannelFault>,
}

/// The one channel of all tenants, and what was published.
#[derive(Debug, Default)]
struct Outside {
    channel: Mutex<Channel>,
    published: Mutex<Vec<Published>>,
}

/// The channel, for one telling.
struct Line<'a>(&'a Mutex<Channel>);

impl<'a> Lines for &'a Outside {
    type Line = Line<'a>;

    async fn line(&self, _: &Addressee, _: Option<&str>) -> Result<Way<Line<'a>>, Failure> {
        Ok(Way::Open(Line(&self.channel)))
    }

    async fn part(&self, _: &TenantScope) -> Result<(), Failure> {
        Ok(())
    }
}

impl Bus for &Outside {
    async fn publish(&self, events: &[Published]) -> Result<(), Failure> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(events);
        Ok(())
    }
}

impl Hooks for &Outside {
    async fn post(&self, _: &Addressee, _: &Published) -> Result<(), Failure> {
        Ok(())
    }
}

impl Announce for Line<'_> {
    async fn announce(
        &mut self,
        notice: &Notice,
        opening: Option<&CostEvent>,
    ) -> Result<Option<MessageAt>, Failure> {
        let mut channel = std::mem::take(&mut *locked(self.0));
        let told = channel.announce(notice, opening).await;
        *locked(self.0) = channel;
        told
    }

    async fn warn(&mut self, event: &WatchEvent) -> Result<(), Failure> {
        locked(self.0).warnings.push(event.id.to_string());
        Ok(())
    }

    async fn digest(&mut self, note: &Note) -> Result<(), Failure> {
        let mut channel = std::mem::take(&mut *locked(self.0));
        let told = channel.digest(note).await;
        *locked(self.0) = channel;
        told
    }
}

fn locked(channel: &Mutex<Channel>) -> MutexGuard<'_, Channel> {
    channel.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How a channel fails.
#[derive(Debug, Clone)]
pub enum ChannelFault {
    /// Not at all: for those before one that fails.
    Takes,
    /// It takes nothing: 429, 500.
    Refuses(Failure),
    /// The message appears, but the answer is lost.
    LosesAnswer,
}

impl Announce for Channel {
    async fn announce(
        &mut self,
        notice: &Notice,
        _: Option<&CostEvent>,
    ) -> Result<Option<MessageAt>, Failure> {
        let fault = self.failures.pop_front();
        if let Some(ChannelFault::Refuses(failure)) = fault {
            return Err(failure);
        }
        self.heard.push(notice.clone());
        if let Some(ChannelFault::LosesAnswer) = fault {
            return Err(Failure::Retry("no answer".to_owned()));
        }
        let id = self.heard.len().to_string();
        Ok(Some(MessageAt { channel: "C1".to_owned(), id, permalink: None }))
    }

    async fn warn(&mut self, event: &WatchEvent) -> Result<(), Failure> {
        self.warnings.push(event.id.to_string());
        Ok(())
    }

    async fn digest(&mut self, note: &Note) -> Result<(), Failure> {
        let fault = self.failures.pop_front();
        if let Some(ChannelFault::Refuses(failure)) = fault {
            return Err(failure);
        }
        self.notes.push(note.clone());
        match fault {
            Some(ChannelFault::LosesAnswer) => Err(Failure::Retry("no answer".to_owned())),
            _ => Ok(()),
        }
    }
}

/// What must be the same after every fault: all that is stored, but for what was told when.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// By account.
    pub accounts: BTreeMap<AccountId, OfAccount>,
}

/// What is stored of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct OfAccount {
    /// Each with its number.
    pub cost_events: Vec<Numbered>,
    /// Without what was told.
    pub anomalies: Vec<Anomaly>,
    /// All sums.
    pub baselines: Vec<(BaselineKey, Baseline)>,
    /// What each actor is used to.
    pub habits: Vec<(BaselineKey, Habits)>,
    /// The last number scored.
    pub scored_through: u64,
}

#[expect(clippy::expect_used, reason = "a world that cannot be made is the end of the test")]
#[expect(clippy::missing_panics_doc, reason = "the same")]
impl World {
    /// A world in which these accounts are connected and alert.
    pub async fn new(accounts: &[&str]) -> Self {
        let engine = store::embedded::connector(None).expect("the engine starts");
        let raw = store::embedded::client_over(engine.clone());
        let truth = Table::new(store::embedded::client_over(engine.clone()), "dd0c-cost-main");
        truth.create().await.expect("the table is made");
        let faults = Faults::default();
        let breaking = Breaking { engine, faults: faults.clone() };
        let client = store::embedded::client_over(SharedHttpConnector::new(breaking));
        let (events, alerts) = (LocalQueue::new(1_000), LocalQueue::new(1_000));
        let jobs = LocalQueue::new(1_000);
        let world = Self {
            table: Table::new(client, "dd0c-cost-main"),
            truth,
            faults,
            to_events: BreakingQueue::new(events.clone()),
            to_alerts: BreakingQueue::new(alerts.clone()),
            events,
            alerts,
            digests: LocalQueue::new(1_000),
            billing: LocalQueue::new(1_000),
            to_jobs: BreakingQueue::new(jobs.clone()),
            jobs,
            channel: Channel::default(),
            published: Vec::new(),
            flags: Evaluator::new(Document::compiled_in().expect("a document")).await,
            held_back: 0,
            now: "2026-06-10T00:00:00Z".parse().expect("a time"),
            gate: RateGate::new(1_000_000),
            raw,
            taken: BTreeMap::new(),
            watch_taken: BTreeSet::new(),
        };
        for account in accounts {
            world.connect(account).await;
        }
        world
    }

    /// Connects an account, past its time in strict mode.
    pub async fn connect(&self, account: &str) {
        let account = AccountId::parse(account).expect("an id");
        crate::connect(&self.truth, &account, self.now).await;
    }

    /// Puts a record on the bus; Lambda tries again what fails.
    pub async fn send(&mut self, record: &Record) -> Routed {
        self.send_event(&envelope(record).to_string()).await.expect("it can be read")
    }

    /// Puts an event on the bus.
    pub async fn send_event(&mut self, event: &str) -> Result<Routed, String> {
        for _ in 0..MAX_ROUNDS {
            let (table, queue, gate) = (&self.table, &self.to_events, &self.gate);
            let router = Router { table, queue, gate, test_source: None };
            match router.route(event, self.now).await {
                Ok(outcome) if !self.faults.dead() => return Ok(outcome),
                Err(Failure::Reject(why)) => return Err(why),
                _ => self.faults.revive(),
            }
        }
        Err("the router never comes to rest".to_owned())
    }

    /// Works until nothing waits anywhere.
    pub async fn rest(&mut self) {
        for _ in 0..MAX_ROUNDS {
            self.now += SignedDuration::from_secs(61);
            let idle = !self.process().await & !self.score().await & !self.tell().await;
            let idle = idle & !self.strike().await;
            self.faults.revive();
            if idle {
                return;
            }
        }
        unreachable!("the world does not come to rest");
    }

    /// One batch of the FIFO queue; whether there was one.
    pub async fn process(&mut self) -> bool {
        if self.events.is_empty() {
            return false;
        }
        let mut batch = self.events.receive(10).await;
        let messages: Vec<Message> = batch.messages().cloned().collect();
        let bodies: Vec<&str> = messages.iter().map(|message| message.body.as_str()).collect();
        let switches = Switches::at(&self.flags, self.now);
        let received = receive(&self.table, Book::builtin(), switches, &bodies, None).await;
        if !self.faults.dead() {
            for place in 0..messages.len() {
                match received.failed.get(&place) {
                    None => batch.done(place),
                    Some(Failure::Reject(why)) => batch.reject(place, why),
                    Some(_) => {}
                }
            }
        }
        true
    }

    /// What the stream brings; whether there was something.
    pub async fn score(&mut self) -> bool {
        let mut batch = Vec::new();
        let mut through = self.taken.clone();
        let mut watch = BTreeSet::new();
        for account in self.truth.owned_accounts().await.expect("accounts") {
            let taken = through.get(&account).copied().unwrap_or(0);
            for numbered in self.truth.cost_events_after(&account, taken).await.expect("events") {
                through.insert(account.clone(), numbered.number);
                batch.push(Put::CostEvent(Box::new(numbered)));
            }
            for event in self.truth.untold_watch_events(&account).await.expect("watch events") {
                if !self.watch_taken.contains(event.id.as_str()) {
                    watch.insert(event.id.to_string());
                    batch.push(Put::Watch(Box::new(event)));
                }
            }
        }
        if batch.is_empty() {
            return false;
        }
        let arrivals = batch.into_iter().map(|put| Arrival { at: self.now, put }).collect();
        let switches = Switches::at(&self.flags, self.now);
        let observed = observe(&self.table, &self.to_alerts, switches, arrivals).await;
        self.held_back += observed.held_back;
        if observed.failed.is_empty() && !self.faults.dead() {
            self.taken = through;
            self.watch_taken.extend(watch);
        }
        true
    }

    /// Delivers the whole stream of every account once more: an iterator that was set back.
    pub fn rewind_stream(&mut self) {
        self.taken.clear();
    }

    /// One message of the alert queue; whether there was one.
    pub async fn tell(&mut self) -> bool {
        if self.alerts.is_empty() {
            return false;
        }
        let mut batch = self.alerts.receive(1).await;
        let body = batch.messages().next().map(|message| message.body.clone());
        let alert = Alert::from_json(&body.unwrap_or_default()).expect("an alert");
        let outside = Outside::default();
        *locked(&outside.channel) = std::mem::take(&mut self.channel);
        let outlets = Outlets { lines: &&outside, bus: &&outside, hooks: &&outside };
        let told = tell(&self.table, outlets, &alert, self.now).await;
        let Outside { channel, published } = outside;
        self.channel = channel.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.published.extend(published.into_inner().unwrap_or_else(PoisonError::into_inner));
        if !self.faults.dead() {
            match told {
                Ok(_) => batch.done(0),
                Err(Failure::Reject(why)) => batch.reject(0, &why),
                Err(_) => {}
            }
        }
        true
    }

    /// The clock strikes; whether something is due or will be within minutes.
    pub async fn strike(&mut self) -> bool {
        // What fails is due at the next stroke.
        let (alerts, digests, billing) = (&self.alerts, &self.digests, &self.billing);
        let _ = strike(
            &self.table,
            &Queues { alerts, digests, billing, accounts: &self.jobs },
            self.now,
        )
        .await;
        let soon = self.now + SignedDuration::from_mins(15);
        let due = self.truth.due(soon, 100).await.expect("what is due").tasks;
        due.iter().any(|due| matches!(due.task, Task::Tell { .. }))
    }

    /// Asks to be told of an anomaly again.
    pub fn alert(account: &AccountId, anomaly: &str, at: Timestamp) -> Alert {
        Alert { account: account.clone(), about: About::Anomaly(anomaly.to_owned()), stored_at: at }
    }

    /// All that is stored.
    pub async fn result(&self) -> Stored {
        let mut accounts = BTreeMap::new();
        for account in self.truth.owned_accounts().await.expect("accounts") {
            let mut anomalies = self.truth.anomalies(&account).await.expect("anomalies");
            for anomaly in &mut anomalies {
                anomaly.told = Told::default();
                anomaly.published = Known::default();
                anomaly.hooked = Hooked::default();
            }
            let of_account = OfAccount {
                cost_events: self.truth.cost_events_after(&account, 0).await.expect("events"),
                anomalies,
                baselines: self.truth.baselines(&account).await.expect("baselines"),
                habits: self.truth.habits(&account).await.expect("habits"),
                scored_through: self.truth.scored_through(&account).await.expect("a number"),
            };
            accounts.insert(account, of_account);
        }
        Stored { accounts }
    }

    /// Every item of the table as it is stored: its key, and all of it.
    pub async fn items(&self) -> Vec<(String, String)> {
        let mut items = Vec::new();
        let mut from = None;
        loop {
            let scan = self.raw.scan().table_name("dd0c-cost-main").consistent_read(true);
            let answer = scan.set_exclusive_start_key(from).send().await.expect("items");
            for item in answer.items.unwrap_or_default() {
                let key = ["PK", "SK"].map(|name| item[name].as_s().expect("a text").clone());
                items.push((key.join(" "), format!("{item:?}")));
            }
            from = answer.last_evaluated_key;
            if from.is_none() {
                return items;
            }
        }
    }

    /// Whether people have heard of what somebody did.
    pub fn is_told_of(&self, user: &str) -> bool {
        let by_him = |heard: &Notice| heard.anomaly().actor.id == format!("user/{user}");
        self.channel.heard.iter().any(by_him)
    }

    /// Whether people know all that is to be known.
    pub async fn all_is_told(&self) -> bool {
        for account in self.truth.owned_accounts().await.expect("accounts") {
            let anomalies = self.truth.anomalies(&account).await.expect("anomalies");
            let heard = |anomaly: &Anomaly| {
                self.channel.heard.iter().any(|heard| heard.anomaly().id == anomaly.id)
            };
            if anomalies.iter().any(|anomaly| anomaly.is_untold() || !heard(anomaly)) {
                return false;
            }
        }
        true
    }
}
