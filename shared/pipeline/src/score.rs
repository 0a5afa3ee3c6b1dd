//! Score: an account's cost events against its past, and the outcome stored in one transaction.

use crate::error::Failure;
use crate::notify::Notice;
use domain::assessment::{self, AccountState, Assessment};
use domain::decision::Verdict;
use domain::ids::AccountId;
use domain::policy::Policy;
use std::collections::BTreeMap;
use store::{Committed, Loaded, Numbered, Table};

/// How often a batch is scored again because somebody else scored the account meanwhile.
const MAX_ATTEMPTS: usize = 8;

/// What scoring a batch gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scored {
    /// What people are told, in the order of the events.
    pub notices: Vec<Notice>,
    /// Cost events without an alert, by the reason.
    pub silent: BTreeMap<&'static str, u64>,
}

/// Scores cost events of one account in the order of their numbers. Those that were scored before
/// are left out; those that are missing in between are read from the table: so each is scored
/// once, whatever was delivered.
pub async fn score(
    table: &Table,
    policy: &Policy,
    account: &AccountId,
    batch: Vec<Numbered>,
) -> Result<Scored, Failure> {
    let mut scored = Scored::default();
    let mut waiting = batch;
    waiting.sort_by_key(|numbered| numbered.number);
    let mut size = waiting.len();
    let mut attempts = 0;
    loop {
        let next = &waiting[..size.min(waiting.len())];
        let loaded = table.load_for_scoring(account, next).await?;
        let through = loaded.scored_through;
        let done = waiting.partition_point(|numbered| numbered.number <= through);
        waiting.drain(..done);
        let gap = waiting.first().is_none_or(|first| first.number != through + 1);
        if gap {
            waiting = table.cost_events_after(account, through).await?;
            size = waiting.len();
            if waiting.is_empty() {
                return Ok(scored);
            }
            continue;
        }
        if done > 0 {
            continue;
        }
        let next = &waiting[..size.min(waiting.len())];
        match score_once(table, policy, account, loaded, next).await? {
            (Committed::Stored, outcome) => {
                scored.add(outcome);
                waiting.drain(..size.min(waiting.len()));
                attempts = 0;
                if waiting.is_empty() {
                    return Ok(scored);
                }
            }
            (Committed::TooLarge, _) if size > 1 => size = size.div_ceil(2),
            (Committed::TooLarge, _) => {
                return Err(Failure::Reject(format!(
                    "one cost event of account {account} changes more than a transaction holds"
                )));
            }
            (Committed::Outdated, _) => attempts += 1,
        }
        if attempts == MAX_ATTEMPTS {
            return Err(Failure::Retry(format!(
                "account {account} is scored by others all the time"
            )));
        }
    }
}

async fn score_once(
    table: &Table,
    policy: &Policy,
    account: &AccountId,
    loaded: Loaded,
    batch: &[Numbered],
) -> Result<(Committed, Scored), Failure> {
    let mut state = loaded.state;
    let mut scored = Scored::default();
    for numbered in batch {
        let assessment = assessment::judge(numbered.event.clone(), &mut state, policy);
        scored.note(assessment, &state);
    }
    let through = loaded.scored_through + batch.len() as u64;
    let committed = table.commit_scores(account, &state, (loaded.scored_through, through)).await?;
    Ok((committed, scored))
}

impl Scored {
    fn note(&mut self, assessment: Assessment, state: &AccountState) {
        if let Verdict::Silent(silence) = assessment.decision.verdict {
            *self.silent.entry(silence.code()).or_default() += 1;
        }
        let ended = assessment.outcome.resolved.iter().filter_map(|id| state.anomalies.get(id));
        self.notices.extend(ended.filter_map(Notice::resolved));
        if let Some((id, fold)) = assessment.outcome.alert
            && let Some(anomaly) = state.anomalies.get(&id)
        {
            let (anomaly, event) = (Box::new(anomaly.clone()), Box::new(assessment.event));
            self.notices.push(Notice::Alert { anomaly, fold, event });
        }
    }

    fn add(&mut self, other: Self) {
        self.notices.extend(other.notices);
        for (reason, count) in other.silent {
            *self.silent.entry(reason).or_default() += count;
        }
    }
}
