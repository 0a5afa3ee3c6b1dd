//! Clock: what is due at a time is handed to whom it concerns. Asked every minute; what was handed
//! over twice is done once.

use crate::alert::{About, ask_to_tell};
use crate::billing::BillingTask;
use crate::error::Failure;
use crate::onboarding::Job;
use crate::ports::{Message, Queue};
use domain::ids::TenantId;
use jiff::Timestamp;
use jiff::civil::Time;
use serde_json::{Value, json};
use store::{Due, Dues, Table, Task, TenantScope};

/// Tasks that are handed over at once.
const AT_ONCE: i32 = 500;
/// When the digest comes, in the tenant's time zone.
pub(crate) const DIGEST_AT: Time = Time::constant(9, 0, 0, 0);

/// What was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Struck {
    /// Anomalies to be told of.
    pub tellings: u64,
    /// Digests.
    pub digests: u64,
    /// Accounts to be looked at.
    pub checks: u64,
    /// Tenants whose money is to be looked after.
    pub settlings: u64,
    /// What could not be read and was put aside: it says nothing that could be done.
    pub rejected: u64,
}

/// A digest to be written: of the day up to a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestDue {
    /// Whose.
    pub tenant: TenantId,
    /// When it was due.
    pub at: Timestamp,
}

impl DigestDue {
    /// As a message body.
    pub fn to_json(&self) -> String {
        json!({"tenant": self.tenant.as_str(), "at": self.at.to_string()}).to_string()
    }

    /// From a message body.
    pub fn from_json(body: &str) -> Result<Self, Failure> {
        let reject = |what: &str| Failure::Reject(format!("not a digest message: {what}"));
        let body: Value = serde_json::from_str(body).map_err(|_| reject("it is not JSON"))?;
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        Ok(Self {
            tenant: TenantId::parse(text("tenant")).map_err(|_| reject("it names no tenant"))?,
            at: text("at").parse().map_err(|_| reject("it has no time"))?,
        })
    }
}

/// Where what is due goes.
#[derive(Debug)]
pub struct Queues<'a, Q> {
    /// What is to be told.
    pub alerts: &'a Q,
    /// Digests to be written.
    pub digests: &'a Q,
    /// What is to be done about money.
    pub billing: &'a Q,
    /// What is to be done with accounts.
    pub accounts: &'a Q,
}

/// Hands over all that is due. One that fails keeps no other waiting; the first failure is the answer.
pub async fn strike<Q: Queue>(
    table: &Table,
    queues: &Queues<'_, Q>,
    now: Timestamp,
) -> Result<Struck, Failure> {
    let mut struck = Struck::default();
    loop {
        let Dues { tasks, unreadable } = table.due(now, AT_ONCE).await?;
        let asked_for = tasks.len() + unreadable.len();
        let (mut taken, mut failed) = (0, None);
        for unreadable in &unreadable {
            tracing::error!(why = %unreadable.why, "what is due cannot be read and is put aside");
            match table.set_aside(unreadable).await {
                Ok(()) => {
                    struck.rejected += 1;
                    taken += 1;
                }
                Err(error) => failed = failed.or(Some(error.into())),
            }
        }
        for due in &tasks {
            match hand_over(table, queues, due, now, &mut struck).await {
                Ok(off) => taken += u64::from(off),
                Err(failure) => {
                    tracing::error!(why = %failure, "what is due could not be handed over");
                    failed = failed.or(Some(failure));
                }
            }
        }
        if let Some(failure) = failed {
            return Err(failure);
        }
        // What an index still names though it was taken off is not asked for without end.
        if asked_for < AT_ONCE.unsigned_abs() as usize || taken == 0 {
            return Ok(struck);
        }
    }
}

/// First handed over, then taken off: a crash in between hands it over twice.
async fn hand_over<Q: Queue>(
    table: &Table,
    queues: &Queues<'_, Q>,
    due: &Due,
    now: Timestamp,
    struck: &mut Struck,
) -> Result<bool, Failure> {
    send(queues, due, now, struck).await?;
    if matches!(due.task, Task::Digest { .. }) {
        schedule_next(table, &due.task, now).await?;
        return Ok(true);
    }
    Ok(table.done_due(due).await?)
}

async fn send<Q: Queue>(
    queues: &Queues<'_, Q>,
    due: &Due,
    now: Timestamp,
    struck: &mut Struck,
) -> Result<(), Failure> {
    let (queue, body, count) = match &due.task {
        Task::Tell { account, anomaly } => {
            let about = About::Anomaly(anomaly.clone());
            ask_to_tell(queues.alerts, account, [about], now).await?;
            struck.tellings += 1;
            return Ok(());
        }
        Task::Check { account } => {
            let body = Job::Check { account: account.clone() }.to_json();
            (queues.accounts, body, &mut struck.checks)
        }
        Task::Digest { tenant } => {
            let at = due.at.parse().unwrap_or(now);
            let body = DigestDue { tenant: tenant.clone(), at }.to_json();
            (queues.digests, body, &mut struck.digests)
        }
        Task::Billing { tenant } => {
            let body = BillingTask::Settle { tenant: tenant.clone() }.to_json();
            (queues.billing, body, &mut struck.settlings)
        }
    };
    queue.send(vec![Message::of(body)]).await?;
    *count += 1;
    Ok(())
}

async fn schedule_next(table: &Table, task: &Task, now: Timestamp) -> Result<(), Failure> {
    let nobody_s = || Failure::Reject("a digest belongs to a tenant".to_owned());
    let next = next_digest(table, &task.scope().ok_or_else(nobody_s)?, now).await?;
    // What was taken away meanwhile, with its tenant, does not begin anew.
    Ok(table.set_due_again(task, next).await.map(drop)?)
}

/// Sets the time of a tenant's next digest, by his own clock.
pub async fn schedule_digest(
    table: &Table,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<Timestamp, Failure> {
    let next = next_digest(table, scope, now).await?;
    let task = Task::Digest { tenant: scope.tenant().clone() };
    table.set_due(&task, next).await?;
    Ok(next)
}

async fn next_digest(
    table: &Table,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<Timestamp, Failure> {
    Ok(table.settings(scope).await?.zone.next(DIGEST_AT, now))
}
