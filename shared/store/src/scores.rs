//! What the scorer reads and writes: the state of one account, and a batch's outcome in one
//! transaction.

use crate::anomaly::{membership_from_item, membership_to_item};
use crate::attribute::{Item, read};
use crate::baseline::{self, Addition, StoredBaseline};
use crate::cost_event::Numbered;
use crate::keys::{self, Key};
use crate::table::{StoreError, Table, Written};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::anomaly::Anomaly;
use domain::assessment::AccountState;
use domain::baseline::{Baseline, BaselineKey, History, Sums};
use domain::cost_event::CostEventId;
use domain::ids::AccountId;
use std::collections::{BTreeMap, BTreeSet};

/// The state of an account for a batch, and up to which cost event it has been scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// For [`domain::assessment::judge`].
    pub state: AccountState,
    /// Number of the last cost event that was scored; 0 before the first.
    pub scored_through: u64,
}

/// How storing a batch's outcome ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// All of it is stored, once.
    Stored,
    /// Nothing is stored: somebody else has scored for this account meanwhile. Load again.
    Outdated,
    /// Nothing is stored: the batch changes more items than one transaction holds. Try fewer
    /// events.
    TooLarge,
}

/// The events that opened what a batch changes.
fn openings(batch: &[Numbered]) -> BTreeSet<&CostEventId> {
    let effects = batch.iter().flat_map(|numbered| &numbered.event.effects);
    effects.map(|effect| &effect.opened_by).collect()
}

impl Table {
    /// All that scoring a batch of an account's events needs.
    pub async fn load_for_scoring(
        &self,
        account: &AccountId,
        batch: &[Numbered],
    ) -> Result<Loaded, StoreError> {
        let baselines = self.baselines_for(account, batch).await?;
        let member_of = self.memberships(account, openings(batch)).await?;
        let expectations = self.expectations(account).await?;
        let current: BTreeMap<BaselineKey, String> = baselines
            .iter()
            .filter_map(|stored| Some((stored.key.clone(), stored.current_anomaly.clone()?)))
            .collect();
        let wanted: BTreeSet<&String> = current.values().chain(member_of.values()).collect();
        let ids = wanted.into_iter().map(String::as_str);
        let anomalies = self.anomalies_by_id(account, ids).await?;
        let scored_through = baselines.iter().find_map(|stored| stored.scored_through);
        let history =
            History::new(baselines.into_iter().map(|stored| (stored.key, stored.baseline)));
        let state = AccountState {
            history,
            expectations,
            anomalies: anomalies.into_iter().map(|each| (each.id.clone(), each)).collect(),
            current,
            member_of,
            ..AccountState::default()
        };
        Ok(Loaded { state, scored_through: scored_through.unwrap_or(0) })
    }

    /// The anomalies that a batch of scored events belongs to or has changed.
    pub async fn anomalies_touched(
        &self,
        account: &AccountId,
        batch: &[Numbered],
    ) -> Result<Vec<Anomaly>, StoreError> {
        let mut of_batch = openings(batch);
        of_batch.extend(batch.iter().map(|numbered| &numbered.event.id));
        let member_of = self.memberships(account, of_batch).await?;
        let ids: BTreeSet<&str> = member_of.values().map(String::as_str).collect();
        self.anomalies_by_id(account, ids.into_iter()).await
    }

    /// All baselines of an account, in the order of their keys.
    pub async fn baselines(
        &self,
        account: &AccountId,
    ) -> Result<Vec<(BaselineKey, Baseline)>, StoreError> {
        let items = self.query(&keys::baselines(account), "").await?;
        let of_kind = |item: &&Item| read::<String>(item, "entity").is_ok_and(|e| e == "Baseline");
        let read = items
            .iter()
            .filter(of_kind)
            .map(|item| baseline::from_item(item).map(|stored| (stored.key, stored.baseline)));
        read.collect::<Result<_, _>>().map_err(StoreError::corrupt("Baseline"))
    }

    /// Number of the last cost event of an account that was scored.
    pub async fn scored_through(&self, account: &AccountId) -> Result<u64, StoreError> {
        let item = self.get(&keys::baseline(account, &BaselineKey::Account)).await?;
        let stored = item.as_ref().map(baseline::from_item).transpose();
        let stored = stored.map_err(StoreError::corrupt("Baseline"))?;
        Ok(stored.and_then(|stored| stored.scored_through).unwrap_or(0))
    }

    async fn baselines_for(
        &self,
        account: &AccountId,
        batch: &[Numbered],
    ) -> Result<Vec<StoredBaseline>, StoreError> {
        let of_events = batch.iter().flat_map(|numbered| BaselineKey::of(&numbered.event));
        let keys: BTreeSet<BaselineKey> = of_events.chain([BaselineKey::Account]).collect();
        let keys: Vec<Key> = keys.iter().map(|key| keys::baseline(account, key)).collect();
        let items = self.get_all(&keys).await?;
        let read = items.iter().map(baseline::from_item).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("Baseline"))
    }

    async fn memberships(
        &self,
        account: &AccountId,
        events: BTreeSet<&CostEventId>,
    ) -> Result<BTreeMap<CostEventId, String>, StoreError> {
        let keys: Vec<Key> = events.iter().map(|id| keys::membership(account, id)).collect();
        let items = self.get_all(&keys).await?;
        let read = items.iter().map(membership_from_item).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("AnomalyMember"))
    }

    /// Stores what a batch did to an account: sums, anomalies and memberships, in one transaction
    /// that also moves `scored_through` on, so that it happens exactly once.
    pub async fn commit_scores(
        &self,
        account: &AccountId,
        state: &AccountState,
        scored: (u64, u64),
    ) -> Result<Committed, StoreError> {
        let writes = self.score_writes(account, state, scored)?;
        if writes.len() > crate::table::MAX_TRANSACTION {
            return Ok(Committed::TooLarge);
        }
        match self.transact(writes).await? {
            Written::Done => Ok(Committed::Stored),
            Written::ConditionsFailed(_) => Ok(Committed::Outdated),
        }
    }

    fn score_writes(
        &self,
        account: &AccountId,
        state: &AccountState,
        scored: (u64, u64),
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut additions: BTreeMap<BaselineKey, (Sums, Baseline)> = state
            .history
            .changes()
            .map(|(key, sums, after)| (key.clone(), (*sums, after)))
            .collect();
        let untouched = || (Sums::default(), state.history.get(&BaselineKey::Account));
        additions.entry(BaselineKey::Account).or_insert_with(untouched);
        let mut writes = Vec::with_capacity(additions.len() + state.changed.len());
        for (key, (sums, after)) in &additions {
            let update = self.add_to_baseline(
                account,
                &Addition {
                    key,
                    sums: *sums,
                    after: *after,
                    current_anomaly: state.current.get(key).map(String::as_str),
                    scored: (*key == BaselineKey::Account).then_some(scored),
                },
            )?;
            writes.push(TransactWriteItem::builder().update(update).build());
        }
        for changed in state.changed.iter().filter_map(|id| state.anomalies.get(id)) {
            writes.push(self.write_scored(changed)?);
        }
        for (member, id) in &state.joined {
            writes.push(self.put(membership_to_item(account, member, id))?);
        }
        Ok(writes)
    }
}
