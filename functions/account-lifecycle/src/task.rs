//! What the function can be asked for, as JSON: `{"task": "connect", …}`.

use domain::ids::{AccountId, TenantId};
use domain::policy::{Governance, Mode};
use jiff::Timestamp;
use pipeline::error::Failure;
use pipeline::lifecycle::{self, Change};
use runtime::deadline::Deadline;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Connected, Table, TenantScope};

/// A task.
#[derive(Debug, Deserialize)]
#[serde(tag = "task", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Task {
    /// An account whose control the tenant has proved.
    Connect { tenant: String, account: String },
    /// Its events are refused from now on; its data go after the grace period.
    Disconnect { tenant: String, account: String },
    /// Takes a disconnection back.
    Undo { tenant: String, account: String },
    /// `strict` or `audit`; a customer's own `strict` holds back the safety net too.
    Govern {
        tenant: String,
        account: String,
        mode: String,
        #[serde(default, rename = "customerStrict")]
        customer_strict: bool,
    },
    /// Lets accounts out of strict mode whose time has come.
    Promote {},
    /// Deletes the data of accounts whose grace period is over.
    Purge {},
    /// Scores and stores everything, sends nothing.
    Panic { on: bool, by: String },
}

const EXAMPLES: &str = r#"{"task":"connect","tenant":"acme","account":"111122223333"}, {"task":"panic","on":true,"by":"ana"}; tasks are connect, disconnect, undo, govern, promote, purge, panic"#;

impl Task {
    pub(crate) fn read(task: Value) -> Result<Self, Failure> {
        serde_json::from_value(task)
            .map_err(|error| Failure::Reject(format!("no such task: {error}. Write {EXAMPLES}")))
    }
}

/// Does a task; what came of it.
pub(crate) async fn run(
    table: &Table,
    task: Task,
    now: Timestamp,
    deadline: Deadline,
) -> Result<Value, Failure> {
    match task {
        Task::Connect { tenant, account } => {
            let (scope, account) = names(&tenant, &account)?;
            match lifecycle::connect(table, &scope, &account, now).await? {
                Connected::Now => Ok(json!({"connected": "now"})),
                Connected::Already => Ok(json!({"connected": "already"})),
                Connected::OfAnother => {
                    Err(Failure::Reject("the account belongs to another tenant".to_owned()))
                }
            }
        }
        Task::Disconnect { tenant, account } => {
            change(table, (&tenant, &account), Change::Disconnect, now).await
        }
        Task::Undo { tenant, account } => {
            change(table, (&tenant, &account), Change::Undo, now).await
        }
        Task::Govern { tenant, account, mode, customer_strict } => {
            let unknown = || Failure::Reject("a mode is strict or audit".to_owned());
            let mode = Mode::from_code(&mode).ok_or_else(unknown)?;
            let governance = Governance { mode, customer_strict };
            change(table, (&tenant, &account), Change::Govern(governance), now).await
        }
        Task::Promote {} => {
            let promoted = lifecycle::promote(table, now).await?;
            tracing::info!(accounts = promoted.len(), "left strict mode");
            Ok(json!({"promoted": promoted.len()}))
        }
        Task::Purge {} => {
            let purged = lifecycle::purge(table, now, || deadline.has_time()).await?;
            let (accounts, items) = (purged.accounts.len(), purged.items);
            tracing::info!(accounts, items, unfinished = purged.unfinished, "purged");
            Ok(json!({"purged": accounts, "items": items, "unfinished": purged.unfinished}))
        }
        Task::Panic { on, by } => {
            table.set_panic_mode(on, &by, now).await?;
            tracing::warn!(on, "panic mode was set");
            Ok(json!({"panic": on}))
        }
    }
}

async fn change(
    table: &Table,
    (tenant, account): (&str, &str),
    change: Change,
    now: Timestamp,
) -> Result<Value, Failure> {
    let (scope, account) = names(tenant, account)?;
    let connection = lifecycle::change(table, &scope, &account, change, now).await?;
    Ok(json!({
        "status": connection.status.code(),
        "mode": connection.governance.mode.code(),
        "purgeAt": connection.purge_at.map(|at| at.to_string()),
    }))
}

fn names(tenant: &str, account: &str) -> Result<(TenantScope, AccountId), Failure> {
    let tenant = TenantId::parse(tenant).map_err(|error| Failure::Reject(error.to_string()))?;
    let account = AccountId::parse(account).map_err(|error| Failure::Reject(error.to_string()))?;
    Ok((TenantScope::of_operator(tenant), account))
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
    }
}
