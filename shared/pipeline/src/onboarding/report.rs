//! Report: what we would have told of an account's past, for the wizard.

use crate::error::Failure;
use crate::rehearse::Found;
use domain::decision::{Delivery, Severity};
use domain::ids::AccountId;
use domain::money::Usd;
use domain::setup::RehearsalProgress;
use domain::words;
use std::collections::BTreeMap;
use store::{Table, TenantScope};

/// Anomalies that are told one by one.
const DEAREST: usize = 3;

/// What a rehearsal would have told so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RehearsalReport {
    /// How far it is.
    pub progress: RehearsalProgress,
    /// Days that are rehearsed; a begun one counts.
    pub days: u64,
    /// How many anomalies, by their severity; none of what there is none of.
    pub found: BTreeMap<Severity, u64>,
    /// The dearest ones, at most three, each with a sentence of it.
    pub dearest: Vec<(Found, String)>,
    /// What all of them have cost.
    pub spent: Usd,
}

/// What the rehearsal of an account would have told; `None` where there is no such account, or none
/// was begun.
pub async fn rehearsal_report(
    table: &Table,
    scope: &TenantScope,
    account: &AccountId,
) -> Result<Option<RehearsalReport>, Failure> {
    if table.connection(scope, account).await?.is_none() {
        return Ok(None);
    }
    let Some(progress) = table.rehearsal_progress(account).await? else { return Ok(None) };
    let anomalies = table.anomalies(account).await?.into_iter();
    let rehearsed = anomalies
        .filter(|each| each.delivery == Delivery::Rehearsed && each.first_at < progress.until);
    let mut all: Vec<Found> = rehearsed.map(|each| Found::by(each, progress.through)).collect();
    all.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut found = BTreeMap::new();
    for each in &all {
        *found.entry(each.anomaly.severity).or_default() += 1;
    }
    let spent = all.iter().map(|each| each.spent).sum();
    all.truncate(DEAREST);
    let told = |found: Found| {
        let text = words::began(&found.anomaly);
        (found, text)
    };
    let dearest = all.into_iter().map(told).collect();
    Ok(Some(RehearsalReport { days: days(&progress), progress, found, dearest, spent }))
}

fn days(progress: &RehearsalProgress) -> u64 {
    let seconds = progress.through.as_second().saturating_sub(progress.from.as_second());
    u64::try_from(seconds).unwrap_or_default().div_ceil(24 * 3600)
}
