//! A policy from the command line: a word, or a JSON file.

use crate::error::CliError;
use domain::baseline::Sensitivity;
use domain::expectation::Expectation;
use domain::ids::{AccountId, Region};
use domain::money::Usd;
use domain::policy::{Mode, Policy};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::path::Path;

/// A policy, and the expectations that came with it.
pub(crate) struct Loaded {
    pub(crate) policy: Policy,
    pub(crate) expectations: Vec<(AccountId, Expectation)>,
}

/// `strict`, `audit`, or the path of a JSON file.
pub(crate) fn load(word_or_path: &str) -> Result<Loaded, CliError> {
    let mode = match word_or_path {
        "audit" => Mode::Audit,
        "strict" => Mode::Strict,
        path => return from_file(Path::new(path)),
    };
    let policy = Policy { mode, ..Policy::default() };
    Ok(Loaded { policy, expectations: Vec::new() })
}

fn from_file(path: &Path) -> Result<Loaded, CliError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        CliError::Usage(format!(
            "--policy is strict, audit or a file; {} cannot be read: {error}",
            path.display()
        ))
    })?;
    let file: PolicyFile = serde_json::from_str(&text)
        .map_err(|error| CliError::Usage(format!("{}: {error}", path.display())))?;
    file.into_policy().map_err(|why| CliError::Usage(format!("{}: {why}", path.display())))
}

/// The file; every field may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    mode: Option<String>,
    #[serde(default)]
    customer_strict: bool,
    #[serde(default)]
    panic: bool,
    sensitivity: Option<String>,
    min_hourly_usd: Option<String>,
    safety_net: Option<SafetyNetFile>,
    #[serde(default)]
    expectations: Vec<ExpectationFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names of the file")]
struct SafetyNetFile {
    info_usd: Option<String>,
    warning_usd: Option<String>,
    critical_usd: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectationFile {
    id: String,
    account: String,
    actor: Option<String>,
    resource_type: Option<String>,
    region: Option<String>,
    max_count: Option<u64>,
    max_hourly_usd: String,
    expires_at: String,
    #[serde(default = "nobody")]
    by: String,
}

fn nobody() -> String {
    "the policy file".to_owned()
}

impl PolicyFile {
    fn into_policy(self) -> Result<Loaded, String> {
        let mut policy = Policy {
            customer_strict: self.customer_strict,
            panic: self.panic,
            ..Policy::default()
        };
        policy.mode = match self.mode.as_deref() {
            None | Some("audit") => Mode::Audit,
            Some("strict") => Mode::Strict,
            Some(other) => return Err(format!("mode is strict or audit, not {other:?}")),
        };
        if let Some(word) = self.sensitivity {
            policy.sensitivity = Sensitivity::from_code(&word)
                .ok_or_else(|| format!("sensitivity is low, medium or high, not {word:?}"))?;
        }
        set(&mut policy.min_hourly, "min_hourly_usd", self.min_hourly_usd)?;
        if let Some(net) = self.safety_net {
            set(&mut policy.safety_net.info, "safety_net.info_usd", net.info_usd)?;
            set(&mut policy.safety_net.warning, "safety_net.warning_usd", net.warning_usd)?;
            set(&mut policy.safety_net.critical, "safety_net.critical_usd", net.critical_usd)?;
        }
        let net = &policy.safety_net;
        if !(net.info <= net.warning && net.warning <= net.critical) {
            return Err("safety_net must rise: info_usd ≤ warning_usd ≤ critical_usd".to_owned());
        }
        let expectations = self.expectations.into_iter().map(ExpectationFile::into_expectation);
        Ok(Loaded { policy, expectations: expectations.collect::<Result<_, _>>()? })
    }
}

fn set(field: &mut Usd, name: &str, value: Option<String>) -> Result<(), String> {
    if let Some(text) = value {
        *field = usd(name, &text)?;
    }
    Ok(())
}

fn usd(name: &str, text: &str) -> Result<Usd, String> {
    let amount: Option<Decimal> = text.parse().ok();
    amount
        .filter(|amount| !amount.is_sign_negative())
        .map(Usd::new)
        .ok_or_else(|| format!("{name} is an amount in dollars like \"2.50\", not {text:?}"))
}

impl ExpectationFile {
    fn into_expectation(self) -> Result<(AccountId, Expectation), String> {
        let account = AccountId::parse_lenient(&self.account).map_err(|error| error.to_string())?;
        let region = self.region.as_deref().map(Region::parse).transpose();
        let expires_at: Timestamp = self.expires_at.parse().map_err(|_| {
            format!("expires_at is a time like 2026-12-31T00:00:00Z, not {:?}", self.expires_at)
        })?;
        let expectation = Expectation {
            id: self.id,
            actor: self.actor,
            resource_type: self.resource_type,
            region: region.map_err(|error| error.to_string())?,
            max_count: self.max_count,
            max_hourly: usd("max_hourly_usd", &self.max_hourly_usd)?,
            expires_at,
            by: self.by,
        };
        Ok((account, expectation))
    }
}
