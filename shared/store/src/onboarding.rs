//! How far an account is on its way to being watched, and how it stood when it was last looked at.

use crate::attribute::{Corrupt, Item, Stored, read, stored_struct, write};
use crate::keys;
use crate::table::{StoreError, Table};
use domain::ids::{AccountId, Region};
use domain::setup::{Checkup, Finding, RehearsalProgress, ScanProgress};
use jiff::Timestamp;
use std::collections::BTreeMap;

stored_struct!(Finding { code: "code", region: "region", text: "text" });
stored_struct!(Checkup {
    at: "at",
    regions: "regions",
    findings: "findings",
    knocked_at: "knockedAt",
    turned_at: "turnedAt",
    told_of: "toldOf",
});
stored_struct!(ScanProgress {
    began_at: "beganAt",
    finished_at: "finishedAt",
    done: "done",
    parts: "parts",
    tries: "tries",
    of: "of",
    zombies: "zombies",
    monthly: "monthlyUsd",
    unjudged: "unjudged",
    requests: "requests",
    metrics: "metrics",
});
stored_struct!(RehearsalProgress {
    from: "from",
    until: "until",
    through: "through",
    step: "step",
    cut: "cut",
    skipped_regions: "skippedRegions",
    finished_at: "finishedAt",
    records: "records",
    cost_events: "costEvents",
    requests: "requests",
});

/// What is kept of an account beside its events, one item each.
const CHECKUP: &str = "checkup";
const SCAN: &str = "scan";
const REHEARSAL: &str = "rehearsal";

impl Table {
    /// How an account stood when it was last looked at.
    pub async fn checkup(&self, account: &AccountId) -> Result<Option<Checkup>, StoreError> {
        self.progress(account, CHECKUP).await
    }

    /// Keeps how it stands.
    pub async fn put_checkup(
        &self,
        account: &AccountId,
        checkup: &Checkup,
    ) -> Result<(), StoreError> {
        self.put_progress(account, CHECKUP, checkup).await
    }

    /// How far the search for zombies is.
    pub async fn scan_progress(
        &self,
        account: &AccountId,
    ) -> Result<Option<ScanProgress>, StoreError> {
        self.progress(account, SCAN).await
    }

    /// Keeps how far it is.
    pub async fn put_scan_progress(
        &self,
        account: &AccountId,
        progress: &ScanProgress,
    ) -> Result<(), StoreError> {
        self.put_progress(account, SCAN, progress).await
    }

    /// How far the rehearsal is.
    pub async fn rehearsal_progress(
        &self,
        account: &AccountId,
    ) -> Result<Option<RehearsalProgress>, StoreError> {
        self.progress(account, REHEARSAL).await
    }

    /// Keeps how far it is.
    pub async fn put_rehearsal_progress(
        &self,
        account: &AccountId,
        progress: &RehearsalProgress,
    ) -> Result<(), StoreError> {
        self.put_progress(account, REHEARSAL, progress).await
    }

    async fn progress<T: Stored>(
        &self,
        account: &AccountId,
        of: &str,
    ) -> Result<Option<T>, StoreError> {
        let item = self.get(&keys::progress(account, of)).await?.unwrap_or_default();
        read(&item, "progress").map_err(StoreError::corrupt("Progress"))
    }

    async fn put_progress<T: Stored>(
        &self,
        account: &AccountId,
        of: &str,
        progress: &T,
    ) -> Result<(), StoreError> {
        let mut item = keys::progress(account, of).item("Progress");
        write(&mut item, "progress", progress);
        self.put_item(item).await
    }

    /// Notes that an event of a region has come to us.
    pub async fn note_heartbeat(
        &self,
        account: &AccountId,
        region: &Region,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = keys::heartbeat(account, region).item("Heartbeat");
        write(&mut item, "region", region);
        write(&mut item, "at", &at);
        self.put_item(item).await
    }

    /// When an event last came from each region.
    pub async fn heartbeats(
        &self,
        account: &AccountId,
    ) -> Result<BTreeMap<Region, Timestamp>, StoreError> {
        let items = self.query(&keys::account(account), keys::HEARTBEAT).await?;
        let read = |item: &Item| Ok((read(item, "region")?, read(item, "at")?));
        let beats: Result<_, Corrupt> = items.iter().map(read).collect();
        beats.map_err(StoreError::corrupt("Heartbeat"))
    }
}
