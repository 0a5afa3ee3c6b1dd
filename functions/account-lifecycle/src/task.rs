//! What the function can be asked for, as JSON: `{"task": "connect", …}`.

use crate::alerts::{self, AlertTask};
use crate::tenants::{self, TenantTask};
use domain::governance::Asker;
use domain::ids::{AccountId, TenantId};
use domain::policy::{Governance, Mode};
use jiff::Timestamp;
use pipeline::error::Failure;
use pipeline::leaving;
use pipeline::lifecycle::{self, Change};
use pipeline::ports::{Keys, Queue};
use runtime::deadline::Deadline;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Connected, Table, TenantScope};

/// A task.
#[derive(Debug)]
pub(crate) enum Task {
    /// About which accounts are connected, and what they are told.
    Account(AccountTask),
    /// About what was alerted in one.
    Alerts(AlertTask),
    /// About what a tenant settles for himself.
    Tenant(TenantTask),
}

/// A task about accounts.
#[derive(Debug, Deserialize)]
#[serde(tag = "task", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum AccountTask {
    /// An account whose control the tenant has proved.
    Connect(Named),
    /// Its events are refused from now on; its data go after the grace period.
    Disconnect(Named),
    /// Takes a disconnection back.
    Undo(Named),
    /// `strict` or `audit`; a customer's own `strict` holds back the safety net too.
    Govern {
        tenant: String,
        account: String,
        mode: String,
        #[serde(default, rename = "customerStrict")]
        customer_strict: bool,
        #[serde(default = "nobody")]
        by: String,
    },
    /// Lets accounts out of strict mode whose time has come.
    Promote {},
    /// Deletes the data of accounts whose grace period is over.
    Purge {},
    /// Scores and stores everything, sends nothing.
    Panic { on: bool, by: String },
}

/// An account of a tenant, and which operator asks. Customers do not come this way.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    tenant: String,
    account: String,
    #[serde(default = "nobody")]
    by: String,
}

/// For who does not say who he is; AWS knows.
fn nobody() -> String {
    "without a name".to_owned()
}

const EXAMPLES: &str = r#"{"task":"connect","tenant":"acme","account":"111122223333"}, {"task":"panic","on":true,"by":"ana"}; tasks are connect, disconnect, undo, govern, promote, purge, panic, held, release, answer, invite, settings, webhook, leave, stay"#;

impl Task {
    pub(crate) fn read(task: Value) -> Result<Self, Failure> {
        let name = task.get("task").and_then(Value::as_str);
        let is_one_of = |names: &[&str]| name.is_some_and(|name| names.contains(&name));
        let read = if is_one_of(&AlertTask::NAMES) {
            serde_json::from_value(task).map(Self::Alerts)
        } else if is_one_of(&TenantTask::NAMES) {
            serde_json::from_value(task).map(Self::Tenant)
        } else {
            serde_json::from_value(task).map(Self::Account)
        };
        read.map_err(|error| Failure::Reject(format!("no such task: {error}. Write {EXAMPLES}")))
    }
}

/// Does a task; what came of it. What is to be told of alerts goes to their queue.
pub(crate) async fn run<Q: Queue, K: Keys>(
    (table, alerts): (&Table, &Q),
    tenants: (&K, Option<&str>),
    task: Task,
    now: Timestamp,
    deadline: Deadline,
) -> Result<Value, Failure> {
    match task {
        Task::Account(task) => of_account(table, task, now, deadline).await,
        Task::Alerts(task) => alerts::run(table, alerts, task, now).await,
        Task::Tenant(task) => tenants::run(table, tenants, task, now).await,
    }
}

async fn of_account(
    table: &Table,
    task: AccountTask,
    now: Timestamp,
    deadline: Deadline,
) -> Result<Value, Failure> {
    match task {
        AccountTask::Connect(named) => connect(table, &named, now).await,
        AccountTask::Disconnect(named) => change(table, &named, Change::Disconnect, now).await,
        AccountTask::Undo(named) => change(table, &named, Change::Undo, now).await,
        AccountTask::Govern { tenant, account, mode, customer_strict, by } => {
            let change = govern(&mode, customer_strict)?;
            self::change(table, &Named { tenant, account, by }, change, now).await
        }
        AccountTask::Promote {} => promote(table, now).await,
        AccountTask::Purge {} => purge(table, now, deadline).await,
        AccountTask::Panic { on, by } => {
            let entry = lifecycle::panic(table, on, &Asker::Operator(by), now).await?;
            tracing::warn!(change = %entry, "panic mode was set");
            Ok(json!({"panic": on}))
        }
    }
}

async fn connect(table: &Table, named: &Named, now: Timestamp) -> Result<Value, Failure> {
    let (scope, account, asker) = named.read()?;
    let (connected, entry) =
        lifecycle::connect(table, &scope, (&account, None), &asker, now).await?;
    match connected {
        Connected::Now => {
            tracing::info!(change = %entry, "governance was changed");
            Ok(json!({"connected": "now"}))
        }
        Connected::Already => Ok(json!({"connected": "already"})),
        Connected::OfAnother => {
            Err(Failure::Reject("the account belongs to another tenant".to_owned()))
        }
    }
}

fn govern(mode: &str, customer_strict: bool) -> Result<Change, Failure> {
    let unknown = || Failure::Reject("a mode is strict or audit".to_owned());
    let mode = Mode::from_code(mode).ok_or_else(unknown)?;
    Ok(Change::Govern(Governance { mode, customer_strict }))
}

async fn change(
    table: &Table,
    named: &Named,
    change: Change,
    now: Timestamp,
) -> Result<Value, Failure> {
    let (scope, account, asker) = named.read()?;
    let changed = lifecycle::change(table, &scope, &account, (&asker, change), now).await?;
    if let Some(entry) = &changed.entry {
        tracing::info!(change = %entry, "governance was changed");
    }
    Ok(json!({
        "status": changed.connection.status.code(),
        "mode": changed.connection.governance.mode.code(),
        "purgeAt": changed.connection.purge_at.map(|at| at.to_string()),
    }))
}

async fn promote(table: &Table, now: Timestamp) -> Result<Value, Failure> {
    let begun = lifecycle::begin_all_digests(table, now).await;
    let outcome = lifecycle::promote(table, now).await?;
    begun?;
    for (account, why) in &outcome.waiting {
        tracing::info!(%account, %why, "stays in strict mode");
    }
    Ok(json!({"promoted": outcome.promoted.len(), "waiting": outcome.waiting.len()}))
}

async fn purge(table: &Table, now: Timestamp, deadline: Deadline) -> Result<Value, Failure> {
    // What was taken back comes back before anything is purged; what fails there keeps no account waiting.
    let gone = leaving::purge(table, now, || deadline.has_time()).await;
    let purged = lifecycle::purge(table, now, || deadline.has_time()).await;
    let (purged, gone) = (purged?, gone?);
    Ok(json!({
        "purged": purged.accounts.len(),
        "tenants": gone.tenants,
        "items": purged.items + gone.items,
        "unfinished": purged.unfinished + gone.unfinished,
    }))
}

impl Named {
    fn read(&self) -> Result<(TenantScope, AccountId, Asker), Failure> {
        let tenant = TenantId::parse(&self.tenant);
        let tenant = tenant.map_err(|error| Failure::Reject(error.to_string()))?;
        let account = AccountId::parse(&self.account);
        let account = account.map_err(|error| Failure::Reject(error.to_string()))?;
        Ok((TenantScope::of_operator(tenant), account, Asker::Operator(self.by.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_that_is_not_known_is_answered_with_examples() {
        for wrong in [json!({}), json!({"task": "explode"}), json!({"task": "purge", "all": true})]
        {
            let error = Task::read(wrong.clone()).unwrap_err().to_string();
            assert!(error.contains("connect, disconnect"), "{wrong}: {error}");
        }
        assert!(Task::read(json!({"task": "promote"})).is_ok());
        let named = json!({"task": "undo", "tenant": "acme", "account": "111122223333"});
        assert!(Task::read(named).is_ok());
        let further = json!({"task": "undo", "tenant": "acme", "account": "1", "all": true});
        assert!(Task::read(further).is_err());
    }
}
