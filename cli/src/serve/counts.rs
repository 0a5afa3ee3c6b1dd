//! What has happened since the program began.

use cloudtrail::SkipReason;
use pipeline::receive::Received;
use pipeline::route::Refusal;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Counters.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<Inner>);

#[derive(Debug, Default, Clone)]
struct Inner {
    accepted: u64,
    proofs: u64,
    refused: BTreeMap<&'static str, u64>,
    rejected: u64,
    cost_events: u64,
    duplicates: u64,
    skipped: BTreeMap<&'static str, u64>,
    alerts: u64,
    silent: BTreeMap<&'static str, u64>,
    told: u64,
}

impl Counts {
    fn change(&self, change: impl FnOnce(&mut Inner)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn accepted(&self) {
        self.change(|inner| inner.accepted += 1);
    }

    pub(crate) fn proof(&self) {
        self.change(|inner| inner.proofs += 1);
    }

    pub(crate) fn refused(&self, refusal: Refusal) {
        self.change(|inner| *inner.refused.entry(refusal.code()).or_default() += 1);
    }

    pub(crate) fn rejected(&self, count: u64) {
        self.change(|inner| inner.rejected += count);
    }

    pub(crate) fn received(&self, received: &Received) {
        let skipped: Vec<(SkipReason, u64)> =
            received.skipped.iter().map(|(reason, count)| (*reason, *count)).collect();
        self.change(|inner| {
            inner.cost_events += received.cost_events.len() as u64;
            inner.duplicates += received.duplicates;
            for (reason, count) in skipped {
                *inner.skipped.entry(reason.code()).or_default() += count;
            }
        });
    }

    pub(crate) fn observed(&self, alerts: u64, silent: &BTreeMap<&'static str, u64>) {
        self.change(|inner| {
            inner.alerts += alerts;
            for (reason, count) in silent {
                *inner.silent.entry(reason).or_default() += count;
            }
        });
    }

    pub(crate) fn told(&self, count: u64) {
        self.change(|inner| inner.told += count);
    }

    /// All of them.
    pub(crate) fn json(&self) -> Value {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        json!({
            "accepted": inner.accepted,
            "proofs": inner.proofs,
            "refused": inner.refused,
            "rejected": inner.rejected,
            "cost_events": inner.cost_events,
            "duplicates": inner.duplicates,
            "skipped": inner.skipped,
            "alerts": inner.alerts,
            "silent": inner.silent,
            "told": inner.told,
        })
    }
}
