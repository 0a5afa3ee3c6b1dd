//! What a replay counted.

use cloudtrail::{Counts, Skip, SkipReason};
use domain::event::ResourceEvent;
use pipeline::Outcome;
use pipeline::notify::Told;
use pipeline::rehearse::Report;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Damaged places that are named one by one.
const MAX_EXAMPLES: usize = 10;
/// Names of calls, errors and accounts that are counted one by one: they come from outside, and
/// there is no end to what a file may hold.
const MAX_NAMES: usize = 1_000;

/// Everything that was counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Files that were read.
    pub(crate) files: u64,
    /// Records and why some were skipped.
    pub(crate) counts: Counts,
    /// Events outside of `--account`, `--since`, `--until`.
    pub(crate) filtered: u64,
    /// Events that came too late to be put in order.
    pub(crate) late: u64,
    /// Accounts with events.
    pub(crate) accounts: BTreeSet<String>,
    /// Events that were read, by `service:call`.
    pub(crate) calls: BTreeMap<String, u64>,
    /// Calls that matter for cost and are not priced yet, by `service:call`.
    pub(crate) unpriced: BTreeMap<String, u64>,
    /// Calls that may blind the watch, by `service:call`.
    pub(crate) watchdog: BTreeMap<String, u64>,
    /// Calls that commit an account for a year or longer, by `service:call: what`.
    pub(crate) commitments: BTreeMap<String, u64>,
    /// Calls that failed, by `service:call error`.
    pub(crate) failed: BTreeMap<String, u64>,
    /// The first broken places, with file, line and what is wrong.
    pub(crate) damage: Vec<String>,
    /// Broken things that are no records.
    pub(crate) other_damage: u64,
    /// Cost events stored now.
    pub(crate) cost_events: u64,
    /// Events that were known already.
    pub(crate) duplicates: u64,
    /// Events that changed nothing.
    pub(crate) unchanged: u64,
    /// Events that the table did not take.
    pub(crate) rejected: u64,
    /// Cost events without an alert, by reason.
    pub(crate) silent: BTreeMap<&'static str, u64>,
    /// What was told.
    pub(crate) told: Told,
    /// What was only rehearsed; `None` without `--warm-days`.
    pub(crate) rehearsed: Option<Report>,
    /// How long it took.
    pub(crate) elapsed: Duration,
}

impl Tally {
    /// A record that did not become an event.
    pub(crate) fn skip(&mut self, skip: &Skip, file: &str) {
        let call = call(skip.event_source.as_deref(), skip.event_name.as_deref());
        match skip.reason {
            SkipReason::NotPricedYet => count(&mut self.unpriced, call),
            SkipReason::Watchdog => count(&mut self.watchdog, call),
            SkipReason::Commitment => {
                count(&mut self.commitments, format!("{call}: {}", skip.detail));
            }
            SkipReason::FailedCall | SkipReason::DryRun => {
                let code = skip.error_code.as_deref().unwrap_or("without a code");
                count(&mut self.failed, format!("{call} {code}"));
            }
            reason if reason.is_damage() && self.damage.len() < MAX_EXAMPLES => {
                let place = format!("{file}, line {}, byte {}", skip.line, skip.offset);
                self.damage.push(format!("{place}: {} ({})", skip.detail, reason.code()));
            }
            _ => {}
        }
    }

    /// Something broken that is no record: a file that cannot be opened, an event that cannot be
    /// stored.
    pub(crate) fn broken(&mut self, what: String) {
        self.other_damage += 1;
        if self.damage.len() < MAX_EXAMPLES {
            self.damage.push(what);
        }
    }

    /// An event.
    pub(crate) fn event(&mut self, event: &ResourceEvent) {
        let service = event.changes.first().and_then(domain::event::Change::service);
        let service = service.map_or("?", domain::resource::Service::code);
        count(&mut self.calls, format!("{service}:{}", event.name));
        let known = self.accounts.contains(event.account.as_str());
        if !known && self.accounts.len() < MAX_NAMES * MAX_NAMES {
            self.accounts.insert(event.account.to_string());
        }
    }

    /// What the pipeline made of a batch.
    pub(crate) fn outcome(&mut self, outcome: &Outcome, told: Told) {
        self.cost_events += outcome.cost_events;
        self.duplicates += outcome.duplicates;
        self.unchanged += outcome.unchanged;
        self.rejected += outcome.rejected.len() as u64;
        for (id, why) in &outcome.rejected {
            self.broken(format!("event {id} cannot be stored: {why}"));
        }
        for (account, why) in &outcome.stuck {
            self.broken(format!("account {account} cannot be scored on: {why}"));
        }
        for (reason, count) in &outcome.silent {
            *self.silent.entry(reason).or_default() += count;
        }
        self.told.alerts += told.alerts;
        self.told.folded += told.folded;
        self.told.resolved += told.resolved;
        self.told.held_back += told.held_back;
    }

    /// Records that are broken, rather than of no interest.
    pub(crate) fn damaged(&self) -> u64 {
        let damage = self.counts.by_reason().filter(|(reason, _)| reason.is_damage());
        damage.map(|(_, count)| count).sum::<u64>()
    }
}

/// Counts under a name, or under "others" once there are too many.
fn count(counts: &mut BTreeMap<String, u64>, name: String) {
    let full = counts.len() >= MAX_NAMES && !counts.contains_key(&name);
    *counts.entry(if full { "others".to_owned() } else { name }).or_default() += 1;
}

/// `ec2:RunInstances`
fn call(source: Option<&str>, name: Option<&str>) -> String {
    let service = source.unwrap_or("?").trim_end_matches(".amazonaws.com");
    format!("{service}:{}", name.unwrap_or("?"))
}

/// The most memory that this process has had, in bytes; `None` where the system does not tell.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
