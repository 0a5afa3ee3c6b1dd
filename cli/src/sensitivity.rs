//! `sensitivity`: how readily an account, a service or a type alerts.

use crate::args::{Level, SensitivityOptions};
use crate::data;
use crate::error::CliError;
use crate::output::{say, words};
use domain::baseline::{Baseline, BaselineKey, Sensitivity};
use domain::ids::AccountId;
use domain::resource::Service;
use store::Table;

/// Runs the command.
pub(crate) fn run(options: &SensitivityOptions) -> Result<(), CliError> {
    let of = options.of.as_deref().map_or(Ok(BaselineKey::Account), key)?;
    data::block_on(async {
        let table = data::open_kept(&options.data).await?;
        known(&table, &options.account).await?;
        match options.level {
            Some(level) => set(&table, &options.account, &of, level).await,
            None => list(&table, options, &of).await,
        }
    })
}

/// `ec2`, or `ec2/p4d.24xlarge`.
fn key(text: &str) -> Result<BaselineKey, CliError> {
    let (service, of_type) = match text.split_once('/') {
        Some((service, of_type)) => (service, Some(of_type)),
        None => (text, None),
    };
    let known = Service::from_code(service).ok_or_else(|| {
        let known: Vec<&str> = Service::ALL.into_iter().map(Service::code).collect();
        CliError::Usage(format!("no service {service:?}; it is one of {}", known.join(", ")))
    })?;
    match of_type {
        None => Ok(BaselineKey::Service(known)),
        Some("") => Err(CliError::Usage(format!("name a type: {service}/TYPE, or only {service}"))),
        Some(of_type) => Ok(BaselineKey::Type(known, of_type.to_owned())),
    }
}

async fn known(table: &Table, account: &AccountId) -> Result<(), CliError> {
    let accounts = table.accounts().await?;
    if accounts.contains(account) {
        return Ok(());
    }
    let there: Vec<&str> = accounts.iter().take(12).map(AccountId::as_str).collect();
    Err(CliError::Failed(format!(
        "nothing is kept there of account {account}; there is {}",
        if there.is_empty() { "none yet".to_owned() } else { there.join(", ") }
    )))
}

async fn set(
    table: &Table,
    account: &AccountId,
    of: &BaselineKey,
    level: Level,
) -> Result<(), CliError> {
    let sensitivity = match level {
        Level::Low => Some(Sensitivity::Low),
        Level::Medium => Some(Sensitivity::Medium),
        Level::High => Some(Sensitivity::High),
        Level::Default => None,
    };
    table.set_sensitivity(account, of, sensitivity).await?;
    let what = named(of);
    say(&match sensitivity {
        Some(level) => format!(
            "Account {account}: the sensitivity of {what} is {} from the next event on.\n",
            level.code()
        ),
        None => format!(
            "Account {account}: {what} has no sensitivity of its own; that of what it belongs to \
             holds, or the policy's.\n"
        ),
    })
}

async fn list(
    table: &Table,
    options: &SensitivityOptions,
    of: &BaselineKey,
) -> Result<(), CliError> {
    let account = &options.account;
    let asked = |key: &BaselineKey| options.of.is_none() || key == of;
    let baselines = table.baselines(account).await?;
    let set: Vec<String> =
        baselines.iter().filter(|(key, _)| asked(key)).filter_map(line).collect();
    if set.is_empty() {
        return say(&format!("Account {account}: none is set; the policy's holds.\n"));
    }
    say(&set.concat())
}

fn line((key, baseline): &(BaselineKey, Baseline)) -> Option<String> {
    Some(format!("{:<6}  {}\n", baseline.sensitivity?.code(), named(key)))
}

/// As it is written after `--of`.
fn named(key: &BaselineKey) -> String {
    match key {
        BaselineKey::Account => "the account".to_owned(),
        BaselineKey::Service(service) => service.to_string(),
        BaselineKey::Type(service, name) => words::clean(&format!("{service}/{name}")),
        BaselineKey::Actor(_) => "an actor".to_owned(),
    }
}
