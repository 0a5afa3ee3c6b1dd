//! What the scorer reads and writes: the state of one account, and a batch's outcome in one
//! transaction.

use crate::anomaly::{membership_from_item, membership_to_item};
use crate::attribute::{Item, read};
use crate::baseline::{self, Addition, Counted, Progress, StoredBaseline};
use crate::cost_event::Numbered;
use crate::expectation;
use crate::keys::{self, Key};
use crate::table::{StoreError, Table, Written};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::anomaly::Anomaly;
use domain::assessment::AccountState;
use domain::baseline::{Baseline, BaselineKey, History, Sums};
use domain::cost_event::{CostEvent, CostEventId};
use domain::expectation::Expectation;
use domain::habits::Habits;
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

fn history(baselines: Vec<StoredBaseline>, regions: BTreeMap<String, u64>) -> History {
    let (mut sums, mut habits) = (Vec::new(), Vec::new());
    for stored in baselines {
        habits.extend(stored.habits.map(|of_actor| (stored.key.clone(), of_actor)));
        sums.push((stored.key, stored.baseline));
    }
    History::new(sums).with_habits(habits, regions)
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
        let of_account = baselines.iter().find(|stored| stored.key == BaselineKey::Account);
        let of_account = of_account.map(|stored| stored.of_account.clone()).unwrap_or_default();
        let state = AccountState {
            history: history(baselines, of_account.regions),
            breakers: of_account.breakers,
            answers: of_account.answers,
            expectations,
            anomalies: anomalies.into_iter().map(|each| (each.id.clone(), each)).collect(),
            current,
            member_of,
            ..AccountState::default()
        };
        Ok(Loaded { state, scored_through: scored_through.unwrap_or(0) })
    }

    /// An anomaly with all of its events, and all that an answer about it needs; `None` if there is no
    /// such anomaly.
    pub async fn load_for_answer(
        &self,
        account: &AccountId,
        anomaly: &str,
    ) -> Result<Option<(Loaded, Vec<CostEvent>)>, StoreError> {
        let Some(about) = self.anomaly(account, anomaly).await? else { return Ok(None) };
        let mut events = self.cost_events_between(account, about.first_at, about.last_at).await?;
        events.retain(|numbered| numbered.event.actor.id == about.actor.id);
        let ids = events.iter().map(|numbered| &numbered.event.id).collect();
        let member_of = self.memberships(account, ids).await?;
        let owner = |numbered: &Numbered| member_of.get(&numbered.event.id);
        events.retain(|numbered| owner(numbered).is_some_and(|owner| owner == anomaly));
        let mut loaded = self.load_for_scoring(account, &events).await?;
        // As it is after the account was loaded: a scorer that comes between fails the commit.
        if let Some(about) = self.anomaly(account, anomaly).await? {
            loaded.state.anomalies.insert(about.id.clone(), about);
        }
        Ok(Some((loaded, events.into_iter().map(|numbered| numbered.event).collect())))
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
        let stored = self.stored_baselines(account).await?;
        Ok(stored.into_iter().map(|stored| (stored.key, stored.baseline)).collect())
    }

    /// The habits of all actors of an account, in the order of their keys.
    pub async fn habits(
        &self,
        account: &AccountId,
    ) -> Result<Vec<(BaselineKey, Habits)>, StoreError> {
        let stored = self.stored_baselines(account).await?;
        let of_actor = |stored: StoredBaseline| Some((stored.key, stored.habits?));
        Ok(stored.into_iter().filter_map(of_actor).collect())
    }

    async fn stored_baselines(
        &self,
        account: &AccountId,
    ) -> Result<Vec<StoredBaseline>, StoreError> {
        let items = self.query(&keys::baselines(account), "").await?;
        let of_kind = |item: &&Item| read::<String>(item, "entity").is_ok_and(|e| e == "Baseline");
        let read = items.iter().filter(of_kind).map(baseline::from_item);
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
        let owners = batch.iter().flat_map(|numbered| numbered.event.owners());
        let of_owners = owners.map(BaselineKey::actor);
        let keys: BTreeSet<BaselineKey> =
            of_events.chain(of_owners).chain([BaselineKey::Account]).collect();
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

    /// Stores what a batch did to an account: sums, habits, anomalies and memberships, in one
    /// transaction that also moves `scored_through` on, so that it happens exactly once.
    pub async fn commit_scores(
        &self,
        account: &AccountId,
        state: &AccountState,
        scored: (u64, u64),
    ) -> Result<Committed, StoreError> {
        let progress = Progress { scored, state, answer: None };
        self.commit(self.score_writes(account, progress)?).await
    }

    /// Stores what somebody said: what was learned or taken back, anomalies and expectations, in one
    /// transaction, unless somebody else scored or said something meanwhile.
    pub async fn commit_answer(
        &self,
        account: &AccountId,
        state: &AccountState,
        scored_through: u64,
        (expectations, counted): (&[Expectation], Counted),
    ) -> Result<Committed, StoreError> {
        let scored = (scored_through, scored_through);
        let progress = Progress { scored, state, answer: Some(counted) };
        let mut writes = self.score_writes(account, progress)?;
        for expectation in expectations {
            writes.push(self.put(expectation::to_item(account, expectation))?);
        }
        self.commit(writes).await
    }

    async fn commit(&self, writes: Vec<TransactWriteItem>) -> Result<Committed, StoreError> {
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
        progress: Progress<'_>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let state = progress.state;
        let mut additions: BTreeMap<&BaselineKey, (Sums, Option<&Habits>)> = BTreeMap::new();
        additions.insert(&BaselineKey::Account, (Sums::default(), None));
        additions.extend(state.history.changes().map(|(key, sums, _)| (key, (*sums, None))));
        for (key, habits) in state.history.changed_habits() {
            additions.entry(key).or_default().1 = Some(habits);
        }
        let mut writes = Vec::with_capacity(additions.len() + state.changed.len());
        for (key, (sums, habits)) in additions {
            let addition = Addition {
                key,
                sums,
                after: state.history.get(key),
                current_anomaly: state.current.get(key).map(String::as_str),
                habits,
                account: (*key == BaselineKey::Account).then_some(progress),
            };
            let update = self.add_to_baseline(account, &addition)?;
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
