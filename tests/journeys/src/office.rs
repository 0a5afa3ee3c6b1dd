//! A tenant with a workspace of Slack: the table, the queues, the door and a Slack that behaves like
//! Slack, with the real stages between them. What Lambda and SQS do is done by [`Office::rest`].

use crate::{connect, events, pipeline, table, tenant};
use domain::anomaly::Anomaly;
use domain::ids::AccountId;
use domain::policy::Policy;
use jiff::{SignedDuration, Timestamp};
use kms::LocalKeys;
use pipeline::alert::{About, Alert, ask_to_tell};
use pipeline::chat::{Asked, work};
use pipeline::clock::{DigestDue, Queues, strike};
use pipeline::error::Failure;
use pipeline::install::{FrontDesk, ReturnTo, invite};
use pipeline::lines::TenantLines;
use pipeline::ports::{Addressee, Bus, Hooks, Message, Queue};
use pipeline::publish::Published;
use pipeline::tell::{Outlets, Telling, tell};
use pipeline::{Pipeline, digest};
use queue::LocalQueue;
use sample_trail::{Call, Caller, Record};
use slack::Workspaces;
use slack::door::{Door, routes};
use slack::oauth::{AppSecrets, OAuth};
use slack::respond::Responder;
use slack_double::{CHANNEL, CLIENT_ID, CLIENT_SECRET, Double, Kept, SIGNING_SECRET, WORKSPACE};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Table, TenantScope};

/// Rounds after which an office that does not come to rest is broken.
const MAX_ROUNDS: usize = 2_000;

/// All of it.
pub struct Office {
    /// The table.
    pub table: Table,
    /// The keys of its secrets.
    pub keys: LocalKeys,
    /// The Slack, with our door beside it.
    pub slack: Double,
    /// What is to be told.
    pub alerts: LocalQueue,
    /// What was asked and pressed.
    pub questions: LocalQueue,
    /// Digests to be written.
    pub digests: LocalQueue,
    /// What is to be done with accounts.
    pub jobs: LocalQueue,
    /// What is to be done about money.
    pub billing: LocalQueue,
    /// What other programs read, and what the tenant's own receiver does.
    pub outside: Outside,
    /// How far the clock was moved on.
    pub ahead: SignedDuration,
    workspaces: Workspaces,
    responder: Responder,
    serial: u64,
}

/// The bus and the tenant's receiver.
#[derive(Debug, Default)]
pub struct Outside {
    /// What was published on the bus.
    pub published: Mutex<Vec<Published>>,
    /// What the receiver took.
    pub hooked: Mutex<Vec<Published>>,
    /// Whether the receiver is away.
    pub away: Mutex<bool>,
}

impl Bus for Outside {
    async fn publish(&self, events: &[Published]) -> Result<(), Failure> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(events);
        Ok(())
    }
}

impl Hooks for Outside {
    async fn post(&self, _: &Addressee, event: &Published) -> Result<(), Failure> {
        if *self.away.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(Failure::Retry("nobody is there".to_owned()));
        }
        self.hooked.lock().unwrap_or_else(PoisonError::into_inner).push(event.clone());
        Ok(())
    }
}

#[expect(clippy::expect_used, reason = "an office that cannot be opened is the end of the test")]
#[expect(clippy::missing_panics_doc, reason = "the same")]
impl Office {
    /// An office whose tenant has connected an account and no workspace yet.
    pub async fn open() -> Self {
        Self::open_beside(None).await
    }

    /// The same beside a dashboard, to which people go back.
    pub async fn open_beside(dashboard: Option<&str>) -> Self {
        let dashboard = dashboard.map(str::to_owned);
        let (table, keys) = (table(None).await, LocalKeys::fleeting().expect("a key"));
        let (alerts, questions) = (LocalQueue::new(1_000), LocalQueue::new(1_000));
        let desk = FrontDesk {
            table: table.clone(),
            keys: keys.clone(),
            questions: questions.clone(),
            alerts: alerts.clone(),
        };
        let app = AppSecrets {
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.into(),
            signing_secret: SIGNING_SECRET.into(),
        };
        let slack = Double::builder().start_beside(|slack| {
            let oauth = OAuth::new(&slack.api_url(), &slack.base_url()).expect("addresses");
            slack.set_app_url(&slack.base_url());
            routes(Arc::new(Door { desk, app, oauth, dashboard }))
        });
        let slack = slack.await.expect("a Slack");
        let office = Self {
            workspaces: Workspaces::new(&slack.api_url()).expect("an address").at_any_pace(),
            responder: Responder::new(&slack.api_url()),
            table,
            keys,
            slack,
            alerts,
            questions,
            digests: LocalQueue::new(1_000),
            jobs: LocalQueue::new(1_000),
            billing: LocalQueue::new(1_000),
            outside: Outside::default(),
            ahead: SignedDuration::ZERO,
            serial: 0,
        };
        connect(&office.table, &account(), office.now()).await;
        office
    }

    /// An office with its workspace.
    pub async fn furnished() -> Self {
        let office = Self::open().await;
        let page = office.install(&tenant(), WORKSPACE, CHANNEL).await;
        assert!(page.contains("Connected"), "{page}");
        office
    }

    /// The moment.
    pub fn now(&self) -> Timestamp {
        Timestamp::now().checked_add(self.ahead).expect("a time")
    }

    /// A person of a tenant lets us into a workspace: the page that he sees at the end.
    pub async fn install(&self, scope: &TenantScope, workspace: &str, channel: &str) -> String {
        let state = format!("state-of-{}-{workspace}-{}", scope.tenant(), self.slack.calls());
        invite(&self.table, scope, (&state, ReturnTo::default()), Timestamp::now())
            .await
            .expect("an invitation");
        let (cookie, to) = self.follow(&state).await;
        let back = self.slack.allow(&to, workspace, channel).expect("he allows it");
        self.visit(&back, &cookie).await.1
    }

    /// The link that was given out: the cookie, and where it leads.
    pub async fn follow(&self, state: &str) -> (String, String) {
        let link = format!("{}/slack/install?state={state}", self.slack.base_url());
        let answer = browser().get(link).send().await.expect("an answer");
        let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let cookie = header("set-cookie").unwrap_or_default().split(';').next();
        (cookie.unwrap_or_default().to_owned(), header("location").unwrap_or_default().to_owned())
    }

    /// Where a page leads.
    pub async fn led_from(&self, url: &str, cookie: &str) -> String {
        let answer = browser().get(url).header("cookie", cookie).send().await.expect("an answer");
        let to = answer.headers().get("location").and_then(|value| value.to_str().ok());
        to.unwrap_or_default().to_owned()
    }

    /// A page: its status and its text.
    pub async fn visit(&self, url: &str, cookie: &str) -> (u16, String) {
        let answer = browser().get(url).header("cookie", cookie).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a page"))
    }

    /// A call that somebody makes now.
    pub fn call(&mut self, user: &'static str) -> Call {
        self.serial += 1;
        Call {
            account: account().to_string(),
            region: "eu-west-1",
            at: self.now(),
            caller: Caller::User(user),
            serial: self.serial,
        }
    }

    /// Something happens: it is stored and scored, and what is to be told goes to the queue.
    pub async fn happens(&self, record: &Record) {
        let (policy, account) = (Policy::default(), account());
        let pipeline: Pipeline<'_> = pipeline(&self.table, &policy);
        let outcome = pipeline.run(events(std::slice::from_ref(record))).await.expect("stored");
        for notice in &outcome.notices {
            self.ask_to_tell(&account, &notice.anomaly().id).await;
        }
    }

    /// A message of the alert queue.
    pub async fn ask_to_tell(&self, account: &AccountId, anomaly: &str) {
        let about = About::Anomaly(anomaly.to_owned());
        ask_to_tell(&self.alerts, account, [about], self.now()).await.expect("sent");
    }

    /// Works until nothing waits: alerts, questions, digests, and what is due by now.
    pub async fn rest(&self) {
        for _ in 0..MAX_ROUNDS {
            let (alerts, digests, billing) = (&self.alerts, &self.digests, &self.billing);
            let queues = Queues { alerts, digests, billing, accounts: &self.jobs };
            strike(&self.table, &queues, self.now()).await.expect("it strikes");
            if self.alerts.is_empty() && self.questions.is_empty() && self.digests.is_empty() {
                return;
            }
            self.tell_one().await;
            self.answer_one().await;
            self.write_one().await;
        }
        unreachable!("the office does not come to rest");
    }

    /// The ways to people.
    pub fn lines(&self) -> TenantLines<'_, LocalKeys, Workspaces> {
        TenantLines::new(&self.table, &self.keys, &self.workspaces)
    }

    /// Tells what one message asks for.
    pub async fn tell(&self, alert: &Alert) -> Result<Telling, Failure> {
        let lines = self.lines();
        let outlets = Outlets { lines: &lines, bus: &self.outside, hooks: &self.outside };
        tell(&self.table, outlets, alert, self.now()).await
    }

    async fn tell_one(&self) {
        let Some(body) = first(&self.alerts).await else { return };
        let alert = Alert::from_json(&body).expect("an alert");
        match self.tell(&alert).await {
            Ok(_) => {}
            Err(Failure::Reject(why)) => unreachable!("{why}"),
            Err(_) => self.alerts.send(vec![again(body)]).await.expect("sent"),
        }
    }

    async fn answer_one(&self) {
        let Some(body) = first(&self.questions).await else { return };
        let asked = Asked::from_json(&body).expect("a question");
        let outside = (&self.alerts, &self.responder);
        match work(&self.table, outside, &asked, self.now()).await {
            Ok(_) => {}
            Err(Failure::Reject(why)) => unreachable!("{why}"),
            Err(_) => self.questions.send(vec![again(body)]).await.expect("sent"),
        }
    }

    async fn write_one(&self) {
        let Some(body) = first(&self.digests).await else { return };
        let due = DigestDue::from_json(&body).expect("a digest");
        let lines = self.lines();
        if digest::send(&self.table, &lines, &due, self.now()).await.is_err() {
            self.digests.send(vec![again(body)]).await.expect("sent");
        }
    }

    /// The anomalies of the account, oldest first.
    pub async fn anomalies(&self) -> Vec<Anomaly> {
        self.table.anomalies(&account()).await.expect("anomalies")
    }

    /// What stands in channels, without the answers in threads and what one person sees alone.
    pub fn cards(&self) -> Vec<Kept> {
        let of_all = |kept: &Kept| kept.thread_ts.is_none() && kept.ephemeral_to.is_none();
        self.slack.messages().into_iter().filter(of_all).collect()
    }

    /// Texts in the threads, in their order.
    pub fn replies(&self) -> Vec<String> {
        let messages = self.slack.messages().into_iter();
        messages.filter(|kept| kept.thread_ts.is_some()).map(|kept| kept.text).collect()
    }

    /// What people were answered so that only they see it, in its order.
    pub fn answers(&self) -> Vec<String> {
        let messages = self.slack.messages().into_iter();
        messages.filter(|kept| kept.ephemeral_to.is_some()).map(|kept| shown(&kept)).collect()
    }

    /// Somebody presses a button of a card, and what follows is done.
    pub async fn press(&self, card: &Kept, button: &str) {
        let action = format!("anomaly:{button}");
        let pressed = self.slack.click("ana", &card.channel, &card.ts, &action).await;
        let exchange = pressed.expect("there is such a button");
        assert!(exchange.is_ok(), "{exchange:?}");
        self.rest().await;
    }

    /// Somebody asks, and is answered.
    pub async fn ask(&self, text: &str) -> String {
        let asked = self.slack.command("ana", CHANNEL, text).await.expect("he may ask");
        assert!(asked.is_ok(), "{asked:?}");
        self.rest().await;
        self.answers().pop().unwrap_or_default()
    }
}

/// The account of the office.
#[expect(clippy::expect_used, reason = "it is a constant")]
pub fn account() -> AccountId {
    AccountId::parse("111122223333").expect("twelve digits")
}

/// All texts of a message.
pub fn shown(kept: &Kept) -> String {
    format!("{}\n{}", kept.text, kept.blocks)
}

/// Follows no redirect, as a test wants to see where it leads.
#[expect(clippy::expect_used, reason = "a test without a browser cannot go on")]
fn browser() -> reqwest::Client {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.no_proxy().build().expect("a browser")
}

async fn first(queue: &LocalQueue) -> Option<String> {
    if queue.is_empty() {
        return None;
    }
    let mut batch = queue.receive(1).await;
    let body = batch.messages().next().map(|message| message.body.clone());
    batch.done(0);
    body
}

fn again(body: String) -> Message {
    Message::of(body)
}
