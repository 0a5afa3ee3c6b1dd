//! The stages of the pipeline under a time that is played.

use super::super::App;
use super::super::chat::Preview;
use super::super::tenants::Tenants;
use crate::error::CliError;
use domain::anomaly::Anomaly;
use domain::answer::{Answer, Answered, EXPECTED_FOR};
use domain::governance::Asker;
use domain::ids::{AccountId, TenantId};
use domain::told::Snooze;
use jiff::{SignedDuration, Timestamp};
use kms::LocalKeys;
use pipeline::alert::{About, Alert, ask_to_tell};
use pipeline::lifecycle;
use pipeline::lines::TenantLines;
use pipeline::observe::{Arrival, observe};
use pipeline::onboarding::{self, Job};
use pipeline::receive::{Received, receive};
use pipeline::tell::{Outlets, tell};
use pipeline::{answer, ports};
use ports::Queue as _;
use queue::LocalQueue;
use queue::local::Batch;
use sample_trail::{Record, envelope};
use slack::Workspaces;
use std::time::Duration;
use store::stream::Put;

/// From a call to the moment at which it is scored.
const ARRIVES: SignedDuration = SignedDuration::from_secs(4);
/// How long people want to hear nothing.
const SILENCE: SignedDuration = SignedDuration::from_hours(24);

/// What acts, and when.
pub(super) struct Stage<'a> {
    app: &'a App,
    tenants: &'a Tenants,
    lines: TenantLines<'a, LocalKeys, Workspaces>,
    /// Slack's clock.
    clock: slack_double::Clock,
    /// Queues of its own: whatever waits elsewhere has another time.
    alerts: LocalQueue,
    jobs: LocalQueue,
    now: Timestamp,
}

/// A setup that was begun.
pub(super) struct Begun {
    id: String,
    tenant: TenantId,
    pub(super) external_id: String,
}

impl Begun {
    /// Has the role of an account looked at.
    pub(super) fn job(self, account: AccountId) -> Job {
        Job::Connect {
            tenant: self.tenant,
            setup: self.id,
            role_arn: customer_aws::CustomerAws::role_arn(account.as_str()),
            account,
            regions: Vec::new(),
            by_hand: true,
        }
    }
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        app: &'a App,
        preview: &'a Preview,
        tenants: &'a Tenants,
        now: Timestamp,
    ) -> Self {
        Self {
            app,
            tenants,
            lines: TenantLines::new(&app.table, &app.keys, &preview.workspaces),
            clock: preview.slack.clock(),
            alerts: LocalQueue::new(1),
            jobs: LocalQueue::new(1),
            now,
        }
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Time goes on, and never back.
    pub(super) fn go_to(&mut self, to: Timestamp) {
        if let Ok(by) = Duration::try_from(to.duration_since(self.now)) {
            self.clock.advance(by);
            self.now = to;
        }
    }

    /// Calls arrive; what they call for is told.
    pub(super) async fn happen(
        &mut self,
        calls: &mut Vec<(Timestamp, Record)>,
    ) -> Result<(), CliError> {
        let Some((last, _)) = calls.last() else { return Ok(()) };
        self.go_to(*last + ARRIVES);
        let app = self.app;
        let bodies: Vec<String> =
            calls.drain(..).map(|(_, record)| envelope(&record).to_string()).collect();
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        let received = receive(&app.table, app.prices, app.switches(), &bodies, None).await;
        let observed =
            observe(&app.table, &self.alerts, app.switches(), arrivals(&received, self.now)).await;
        let mut failed = received.failed.into_values().chain(observed.failed.into_values());
        failed.next().map_or(Ok(()), Err)?;
        self.tell().await
    }

    /// Tells all that is to be told.
    async fn tell(&mut self) -> Result<(), CliError> {
        while let Some(mut batch) = ready(&self.alerts).await {
            for body in bodies(&batch) {
                let (lines, hooks) = (&self.lines, &self.app.hooks);
                let outlets = Outlets { lines, bus: &self.app.published, hooks };
                tell(&self.app.table, outlets, &Alert::from_json(&body)?, self.now).await?;
            }
            batch.done(0);
        }
        Ok(())
    }

    pub(super) async fn begin_setup(&self) -> Result<Begun, CliError> {
        let (table, scope) = (&self.app.table, &self.app.scope);
        let fresh = (random::ulid(self.now)?, random::setup_secrets()?);
        let setup = onboarding::begin(table, scope, fresh, self.now).await?;
        Ok(Begun { id: setup.id, tenant: scope.tenant().clone(), external_id: setup.external_id })
    }

    /// Does a piece of work on an account, and all that follows from it.
    pub(super) async fn work(&mut self, job: Job) -> Result<(), CliError> {
        self.jobs.send(vec![ports::Message::of(job.to_json())]).await?;
        while let Some(mut batch) = ready(&self.jobs).await {
            for body in bodies(&batch) {
                let queues = (&self.jobs, &self.alerts);
                self.tenants.work_at(self.app, queues, &body, self.now).await?;
            }
            batch.done(0);
        }
        self.tell().await
    }

    /// Who has learned long enough is told of what is unusual, too.
    pub(super) async fn promote(&mut self) -> Result<(), CliError> {
        lifecycle::promote(&self.app.table, self.now).await?;
        Ok(())
    }

    /// Somebody answers about the newest anomaly of an account that runs.
    pub(super) async fn answer(
        &mut self,
        account: &AccountId,
        said: Answer,
        by: &str,
    ) -> Result<(), CliError> {
        let Some(about) = self.newest(account).await? else { return Ok(()) };
        let answered = Answered { answer: said, by: by.to_owned(), at: self.now };
        let until = self.now + EXPECTED_FOR;
        answer::answer(&self.app.table, account, &about.id, &answered, until).await?;
        self.tell_of(account, about).await
    }

    /// Somebody wants to hear nothing of it for a day.
    pub(super) async fn snooze(&mut self, account: &AccountId, by: &str) -> Result<(), CliError> {
        let Some(about) = self.newest(account).await? else { return Ok(()) };
        let snooze = Snooze { until: self.now + SILENCE, by: by.to_owned(), at: self.now };
        let asker = Asker::Customer(format!("{by} of Slack"));
        let (table, scope) = (&self.app.table, &self.app.scope);
        answer::snooze(table, scope, &about, (&asker, &snooze)).await?;
        self.tell_of(account, about).await
    }

    async fn newest(&self, account: &AccountId) -> Result<Option<Anomaly>, CliError> {
        let open = self.app.table.open_anomalies(account).await?;
        Ok(open.into_iter().filter(|it| it.answered.is_none()).max_by_key(|it| it.last_at))
    }

    async fn tell_of(&mut self, account: &AccountId, about: Anomaly) -> Result<(), CliError> {
        let about = vec![About::Anomaly(about.id)];
        ask_to_tell(&self.alerts, account, about, self.now).await?;
        self.tell().await
    }
}

async fn ready(queue: &LocalQueue) -> Option<Batch> {
    tokio::time::timeout(Duration::ZERO, queue.receive(1)).await.ok()
}

fn bodies(batch: &Batch) -> Vec<String> {
    batch.messages().map(|message| message.body.clone()).collect()
}

fn arrivals(received: &Received, at: Timestamp) -> Vec<Arrival> {
    let costs = received.cost_events.iter().map(|each| Put::CostEvent(Box::new(each.clone())));
    let watch = received.watch_events.iter().map(|each| Put::Watch(Box::new(each.clone())));
    costs.chain(watch).map(|put| Arrival { at, put }).collect()
}

pub(super) fn account(id: &str) -> Result<AccountId, CliError> {
    AccountId::parse(id).map_err(|error| CliError::Failed(error.to_string()))
}

/// When a call was made.
pub(super) fn time(record: &Record) -> Option<Timestamp> {
    record.get("eventTime")?.as_str()?.parse().ok()
}
