//! The worker in its world: the table with its faults, the queues, the clock, and a customer's account.

use crate::played::{Answers, Played, region};
use domain::ids::{AccountId, Region, TenantId};
use domain::setup::{Checkup, Setup, Stage};
use domain::zombie::Part;
use jiff::SignedDuration;
use journeys::tenant;
use journeys::world::World;
use pipeline::error::Failure;
use pipeline::onboarding::{Job, Jobs, SetupSecrets, Worked, Worker, begin};
use pipeline::ports::{Message, Queue};
use pipeline::switches::Switches;
use pricing::Book;
use serde_json::{Value, json};
use std::cell::Cell;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use store::{AccountStatus, Connection, Task, TenantScope};

pub(crate) const EXTERNAL_ID: &str = "6f1b2d1e-0000-4000-8000-00000000000a";
pub(crate) const HANDSHAKE: &str = "handshake-0123456789-ABCDEFGHIJ-abcdefghij";
pub(crate) const ROLE: &str = "arn:aws:iam::111122223333:role/dd0c-cost-readonly";
pub(crate) const BUS: &str = "arn:aws:events:us-east-1:123456789012:event-bus/dd0c-cost-bus";
const ADDRESS: &str =
    "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/a?s=1";
/// Rounds after which the work never ends.
const MAX_ROUNDS: usize = 10_000;

/// All of it.
pub(crate) struct House {
    pub(crate) world: World,
    pub(crate) customer: Played,
    pub(crate) answers: Answers,
    /// Whether the tenant may connect one more account.
    pub(crate) room: Cell<bool>,
    /// What was done, in its order.
    pub(crate) done: Vec<Worked>,
    /// How often somebody waited for his turn.
    pub(crate) waited: Cell<u64>,
}

/// All parts of these regions, in the order in which they are searched.
pub(crate) fn all_of(regions: &[Region]) -> Vec<(Region, Part)> {
    let parts = |region: &Region| Part::ALL.map(|part| (region.clone(), part));
    regions.iter().flat_map(parts).collect()
}

pub(crate) fn account() -> AccountId {
    AccountId::parse("111122223333").unwrap()
}

/// A second tenant.
pub(crate) fn other() -> TenantScope {
    TenantScope::of_operator(TenantId::parse("initech").unwrap())
}

impl House {
    pub(crate) async fn new() -> Self {
        Self {
            world: World::new(&[]).await,
            customer: Played::of(EXTERNAL_ID),
            answers: Answers::default(),
            room: Cell::new(true),
            done: Vec::new(),
            waited: Cell::new(0),
        }
    }

    /// One whose account is connected and was looked at; its past is empty.
    pub(crate) async fn connected() -> Self {
        let mut house = Self::new().await;
        house.begin().await;
        house.called(&create("1")).await.unwrap();
        house.finish_without_past().await;
        assert!(matches!(house.setup().await.stage, Stage::Connected { .. }));
        house
    }

    /// Somebody gets a link.
    pub(crate) async fn begin(&self) -> Setup {
        self.begin_with(&tenant(), EXTERNAL_ID, HANDSHAKE).await.unwrap()
    }

    pub(crate) async fn begin_with(
        &self,
        scope: &TenantScope,
        external_id: &str,
        handshake: &str,
    ) -> Result<Setup, Failure> {
        let (external_id, handshake) = (external_id.to_owned(), handshake.to_owned());
        let secrets = SetupSecrets { external_id, handshake };
        let id = random::ulid(self.world.now).unwrap();
        begin(&self.world.table, scope, (id, secrets), self.world.now).await
    }

    /// The tenant's first setup as it is now.
    pub(crate) async fn setup(&self) -> Setup {
        self.world.truth.setups(&tenant()).await.unwrap().remove(0)
    }

    pub(crate) async fn connection(&self) -> Option<Connection> {
        self.world.truth.connection(&tenant(), &account()).await.unwrap()
    }

    pub(crate) async fn status(&self) -> AccountStatus {
        self.connection().await.unwrap().status
    }

    pub(crate) async fn checkup(&self) -> Checkup {
        self.world.truth.checkup(&account()).await.unwrap().unwrap()
    }

    /// The codes of what is wrong with the account.
    pub(crate) async fn codes(&self) -> Vec<String> {
        self.checkup().await.findings.into_iter().map(|finding| finding.code).collect()
    }

    /// One piece of work, with time for so many steps.
    pub(crate) async fn work(&self, job: Job, steps: u32) -> Result<Worked, Failure> {
        self.work_on(&job.to_json(), steps).await
    }

    /// A message as it stands in the queue, whoever has sent it.
    pub(crate) async fn message(&self, body: &str) -> Result<Worked, Failure> {
        self.work_on(body, 1_000).await
    }

    async fn work_on(&self, body: &str, steps: u32) -> Result<Worked, Failure> {
        let left = AtomicU32::new(steps);
        let go_on = || left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok();
        let pace = async |_: &_| self.waited.set(self.waited.get() + 1);
        let may_connect = async |_: &TenantScope| Ok(self.room.get());
        let worker = Worker {
            table: &self.world.table,
            prices: Book::builtin(),
            switches: Switches::NONE,
            cloud: &self.customer,
            reply: &self.answers,
            jobs: Jobs::in_one(&self.world.to_jobs),
            alerts: &self.world.to_alerts,
            bus_arn: BUS,
            pace: &pace,
            may_connect: &may_connect,
        };
        worker.handle(body, self.world.now, go_on).await
    }

    /// What was searched so far, in its order.
    pub(crate) fn searched(&self) -> Vec<(Region, Part)> {
        self.customer.set().scans.clone()
    }

    pub(crate) async fn called(&self, message: &Value) -> Result<Worked, Failure> {
        self.work(Job::StackCalled(message.clone()), 1_000).await
    }

    /// Works on all that waits in the queue, with time for so many steps each, as SQS would: what
    /// fails comes again, and a process that dies is replaced.
    pub(crate) async fn finish_in(&mut self, steps: u32) {
        for _ in 0..MAX_ROUNDS {
            let Some(job) = self.next_job().await else { return };
            let worked = self.work(job.clone(), steps).await;
            let died = self.world.faults.dead();
            self.world.faults.revive();
            match worked {
                Ok(worked) if !died => self.done.push(worked),
                Err(Failure::Reject(why)) => unreachable!("{why}"),
                failed => {
                    let after = match failed {
                        Err(Failure::Later(after, _)) => after.as_secs(),
                        _ => 5,
                    };
                    self.pass(i64::try_from(after).unwrap());
                    self.world.jobs.send(vec![Message::of(job.to_json())]).await.unwrap();
                }
            }
        }
        unreachable!("the work never ends");
    }

    pub(crate) async fn finish(&mut self) {
        self.finish_in(1_000).await;
    }

    /// The same, but for ninety days in which nothing happened.
    pub(crate) async fn finish_without_past(&mut self) {
        while let Some(job) = self.next_job().await {
            if !matches!(job, Job::Rehearse { .. }) {
                self.done.push(self.work(job, 1_000).await.unwrap());
            }
        }
    }

    pub(crate) async fn next_job(&self) -> Option<Job> {
        if self.world.jobs.is_empty() {
            return None;
        }
        let mut batch = self.world.jobs.receive(1).await;
        let body = batch.messages().next().unwrap().body.clone();
        batch.done(0);
        Some(Job::from_json(&body).unwrap())
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.world.now += SignedDuration::from_secs(seconds);
    }

    /// The clock strikes after so many minutes, and what is due is done and told.
    pub(crate) async fn after(&mut self, minutes: i64) {
        self.pass(minutes * 60);
        self.world.strike().await;
        self.finish().await;
        while self.world.tell().await {
            if self.world.faults.dead() {
                self.world.faults.revive();
                // His claim runs out.
                self.pass(61);
            }
        }
    }

    /// When the account is looked at next.
    pub(crate) async fn next_look(&self) -> SignedDuration {
        let far = self.world.now + SignedDuration::from_hours(99);
        let due = self.world.truth.due(far, 100).await.unwrap().tasks;
        let check = Task::Check { account: account() };
        let [look] =
            due.into_iter().filter(|due| due.task == check).collect::<Vec<_>>().try_into().unwrap();
        let at: jiff::Timestamp = look.at.parse().unwrap();
        at.duration_since(self.world.now)
    }

    /// The proof of a region comes back over the bus.
    pub(crate) async fn comes_back(&mut self, code: &'static str) {
        let event = crate::proofs::proof(code, self.world.now);
        self.world.send(&event).await;
    }

    /// People's notes.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.world.channel.notes.iter().map(|note| note.title.clone()).collect()
    }

    /// Keys of all items that hold a text.
    pub(crate) async fn items_with(&self, text: &str) -> Vec<String> {
        let items = self.world.items().await.into_iter();
        items.filter(|(_, item)| item.contains(text)).map(|(key, _)| key).collect()
    }
}

/// CloudFormation's message about a new stack.
pub(crate) fn create(request: &str) -> Value {
    message("Create", request)
}

pub(crate) fn message(kind: &str, request: &str) -> Value {
    let mut message = json!({
        "RequestType": kind,
        "ResponseURL": ADDRESS,
        "StackId": "arn:aws:cloudformation:us-east-1:111122223333:stack/dd0c-cost-readonly/1",
        "RequestId": request,
        "ResourceType": "Custom::Dd0cCostConnection",
        "LogicalResourceId": "Connection",
        "ResourceProperties": {
            "ServiceToken": "arn:aws:sns:us-east-1:123456789012:dd0c-cost-callback",
            "ServiceTimeout": "300",
            "Handshake": HANDSHAKE,
            "RoleArn": ROLE,
            "AccountId": "111122223333",
            "Regions": ["us-east-1", "eu-west-1"],
            "TemplateVersion": "858aca3069e6",
        },
    });
    if kind != "Create" {
        message["PhysicalResourceId"] = json!("dd0c-cost-of-before");
    }
    message
}

pub(crate) fn both() -> Vec<Region> {
    vec![region("eu-west-1"), region("us-east-1")]
}
