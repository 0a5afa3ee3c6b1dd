//! Score: an account's cost events against its past, and the outcome stored in one transaction.

use crate::error::Failure;
use crate::notify::Notice;
use crate::span;
use domain::assessment::{AccountState, Assessment};
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
    /// Events of the batch that were scored before.
    pub scored_before: u64,
}

/// Scores cost events of one account in the order of their numbers. Those that were scored before
/// are left out; those that are missing before them are read from the table: so each is scored
/// once, in order, whatever was delivered.
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
    while !waiting.is_empty() {
        let next = consecutive(&waiting, size);
        let loaded = table.load_for_scoring(account, next).await?;
        let through = loaded.scored_through;
        let done = waiting.partition_point(|numbered| numbered.number <= through);
        if done > 0 {
            scored.scored_before += done as u64;
            waiting.drain(..done);
            continue;
        }
        if waiting.first().is_some_and(|first| first.number != through + 1) {
            waiting = missing(table, account, through).await?;
            size = waiting.len();
            continue;
        }
        let (committed, outcome) = score_once(table, policy, account, loaded, next).await?;
        match committed {
            Committed::Stored => {
                scored.add(outcome);
                waiting.drain(..next.len());
                attempts = 0;
            }
            Committed::TooLarge if next.len() > 1 => size = next.len().div_ceil(2),
            Committed::TooLarge => {
                return Err(Failure::Reject(format!(
                    "one cost event of account {account} changes more than a transaction holds"
                )));
            }
            Committed::Outdated => attempts += 1,
        }
        if attempts == MAX_ATTEMPTS {
            return Err(Failure::Retry(format!(
                "account {account} is scored by others all the time"
            )));
        }
    }
    Ok(scored)
}

/// The first events, at most `size`, whose numbers follow each other without a gap.
fn consecutive(waiting: &[Numbered], size: usize) -> &[Numbered] {
    let first = waiting.first().map_or(0, |first| first.number);
    let runs =
        waiting.iter().zip(first..).take_while(|(numbered, n)| numbered.number == *n).count();
    &waiting[..runs.min(size.max(1))]
}

/// The events that were stored but neither scored nor delivered to us.
async fn missing(
    table: &Table,
    account: &AccountId,
    through: u64,
) -> Result<Vec<Numbered>, Failure> {
    let stored = table.cost_events_after(account, through).await?;
    match stored.first() {
        Some(first) if first.number == through + 1 => Ok(stored),
        _ => Err(Failure::Reject(format!(
            "cost event {} of account {account} is not in the table any more; what follows it \
             cannot be scored in order",
            through + 1
        ))),
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
        let assessment = span::judge(numbered.event.clone(), &mut state, policy);
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
            self.notices.push(Notice::Alert { anomaly, fold, event, alerts: 1 });
        }
    }

    fn add(&mut self, other: Self) {
        self.notices.extend(other.notices);
        for (reason, count) in other.silent {
            *self.silent.entry(reason).or_default() += count;
        }
    }
}
