//! Tasks of operators about what a tenant settles for himself in the dashboard: an invitation to install
//! us into Slack, his time zone and quiet hours, his own receiver; and that he leaves.

use domain::governance::Asker;
use domain::ids::TenantId;
use domain::tenant::{QuietHours, Zone};
use jiff::Timestamp;
use pipeline::error::Failure;
use pipeline::ports::Keys;
use pipeline::{
    install::{self, ReturnTo},
    leaving, settings,
};

use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Table, TenantScope};

/// A task about a tenant.
#[derive(Debug, Deserialize)]
#[serde(tag = "task", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum TenantTask {
    /// Gives out a link that installs us into a workspace of Slack, once, within ten minutes.
    Invite { tenant: String },
    /// Sets his time zone and quiet hours; what is not named stays. `off` ends quiet hours.
    Settings {
        tenant: String,
        by: String,
        #[serde(default)]
        timezone: Option<String>,
        #[serde(default)]
        quiet: Option<String>,
    },
    /// Sets his own receiver and gives its new key, once; without a URL takes the receiver away.
    Webhook {
        tenant: String,
        by: String,
        #[serde(default)]
        url: Option<String>,
    },
    /// Deletes everything of him, after the grace period.
    Leave { tenant: String, by: String },
    /// Takes that back.
    Stay { tenant: String, by: String },
}

impl TenantTask {
    /// Their names.
    pub(crate) const NAMES: [&str; 5] = ["invite", "settings", "webhook", "leave", "stay"];
}

/// Does a task; what came of it.
pub(crate) async fn run(
    table: &Table,
    (keys, public_url): (&impl Keys, Option<&str>),
    task: TenantTask,
    now: Timestamp,
) -> Result<Value, Failure> {
    match task {
        TenantTask::Invite { tenant } => invite(table, &scope(&tenant)?, public_url, now).await,
        TenantTask::Settings { tenant, by, timezone, quiet } => {
            let asked = (&Asker::Operator(by), now);
            settle(table, &scope(&tenant)?, asked, (timezone, quiet)).await
        }
        TenantTask::Webhook { tenant, by, url } => {
            let asked = (&Asker::Operator(by), now);
            set_webhook(table, keys, &scope(&tenant)?, asked, url).await
        }
        TenantTask::Leave { tenant, by } => leave(table, &tenant, &Asker::Operator(by), now).await,
        TenantTask::Stay { tenant, by } => stay(table, &tenant, &Asker::Operator(by), now).await,
    }
}

async fn invite(
    table: &Table,
    scope: &TenantScope,
    public_url: Option<&str>,
    now: Timestamp,
) -> Result<Value, Failure> {
    let nowhere = || Failure::Reject("PUBLIC_URL is not set: nobody could come back".to_owned());
    let url = public_url.ok_or_else(nowhere)?;
    let state = random::token()?;
    install::invite(table, scope, (&state, ReturnTo::default()), now).await?;
    Ok(json!({"url": format!("{url}/slack/install?state={state}")}))
}

async fn stay(
    table: &Table,
    tenant: &str,
    asker: &Asker,
    now: Timestamp,
) -> Result<Value, Failure> {
    let undone = leaving::undo(table, &scope(tenant)?, asker, now).await?;
    Ok(json!({"undone": undone}))
}

async fn leave(
    table: &Table,
    tenant: &str,
    asker: &Asker,
    now: Timestamp,
) -> Result<Value, Failure> {
    let leaving = leaving::ask(table, &scope(tenant)?, asker, now).await?;
    Ok(json!({
        "undoUntil": leaving.purge_at.to_string(),
        "goneBy": leaving::gone_by(&leaving).to_string(),
    }))
}

async fn settle(
    table: &Table,
    scope: &TenantScope,
    asked: (&Asker, Timestamp),
    (timezone, quiet): (Option<String>, Option<String>),
) -> Result<Value, Failure> {
    let zone = timezone.map(|name| Zone::parse(&name)).transpose().map_err(wrong)?;
    let quiet = quiet.map(|hours| read_quiet(&hours)).transpose()?;
    let after = settings::change(table, scope, asked, |settings| {
        settings.zone = zone.clone().unwrap_or_else(|| settings.zone.clone());
        settings.quiet = quiet.unwrap_or(settings.quiet);
    });
    let after = after.await?;
    let quiet = after.quiet.map(|hours| hours.to_string());
    Ok(json!({"timezone": after.zone.name(), "quiet": quiet}))
}

async fn set_webhook(
    table: &Table,
    keys: &impl Keys,
    scope: &TenantScope,
    asked: (&Asker, Timestamp),
    url: Option<String>,
) -> Result<Value, Failure> {
    let new = url.map(|url| Ok::<_, Failure>((read_url(&url)?, webhook::fresh_key()?)));
    let new = new.transpose()?;
    let key = new.as_ref().map(|(_, key)| key.expose_secret().to_owned());
    settings::set_webhook(table, keys, scope, asked, new).await?;
    Ok(json!({ "key": key }))
}

fn scope(tenant: &str) -> Result<TenantScope, Failure> {
    TenantId::parse(tenant).map(TenantScope::of_operator).map_err(wrong)
}

fn read_quiet(hours: &str) -> Result<Option<QuietHours>, Failure> {
    if hours == "off" { Ok(None) } else { QuietHours::parse(hours).map(Some).map_err(wrong) }
}

fn read_url(url: &str) -> Result<String, Failure> {
    webhook::check(url, false).map(|_| url.to_owned()).map_err(Failure::Reject)
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn wrong(error: impl ToString) -> Failure {
    Failure::Reject(error.to_string())
}
