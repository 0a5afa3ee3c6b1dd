//! Held: alerts that a circuit breaker held back wait in the table until somebody has looked, and are
//! then sent or let lie.

use crate::error::Failure;
use domain::anomaly::Anomaly;
use domain::assessment::AccountState;
use domain::channels::highest;
use domain::decision::Delivery;
use domain::ids::AccountId;
use store::{Committed, Counted, Table};

/// How often it is tried again because the account was scored meanwhile.
const MAX_ATTEMPTS: usize = 8;
/// Anomalies that one transaction changes.
const AT_ONCE: usize = 50;

/// What is to become of what was held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// People are told after all.
    Send,
    /// It stays stored, and nobody is told.
    Discard,
}

/// Anomalies of an account that breakers hold back, oldest first; of one channel, or of all.
pub async fn held(
    table: &Table,
    account: &AccountId,
    channel: Option<&str>,
) -> Result<Vec<Anomaly>, Failure> {
    let mut anomalies = table.anomalies(account).await?;
    anomalies.retain(|anomaly| anomaly.delivery == Delivery::HeldByBreaker);
    anomalies.retain(|anomaly| channel.is_none_or(|name| channel_of(anomaly) == Some(name)));
    Ok(anomalies)
}

/// The channel that began an anomaly.
pub fn channel_of(anomaly: &Anomaly) -> Option<&str> {
    let terms = &anomaly.members.first()?.terms;
    let most = highest(terms);
    terms.iter().find(|term| term.points() == most).map(|term| &*term.name)
}

/// Closes the breaker of one channel, or of all, and sends or discards what they held back. Gives the
/// anomalies that are to be told now. May be broken off and repeated.
pub async fn release(
    table: &Table,
    account: &AccountId,
    channel: Option<&str>,
    verdict: Verdict,
) -> Result<Vec<Anomaly>, Failure> {
    let (mut released, mut attempts) = (Vec::new(), 0);
    while attempts < MAX_ATTEMPTS {
        let loaded = table.load_for_scoring(account, &[]).await?;
        let mut waiting = held(table, account, channel).await?;
        let last = waiting.len() <= AT_ONCE;
        waiting.truncate(AT_ONCE);
        let (mut state, through) = (loaded.state, loaded.scored_through);
        settle(&mut state, &mut waiting, channel, verdict);
        // It counts like an answer that says nothing of what is usual: so a scorer or another release
        // that has read before has to read again.
        let said = (&[][..], Counted::default());
        if table.commit_answer(account, &state, through, said).await? != Committed::Stored {
            attempts += 1;
            continue;
        }
        released.extend(waiting);
        if last {
            return Ok(released);
        }
    }
    Err(Failure::Retry(format!("account {account} is scored by others all the time")))
}

fn settle(
    state: &mut AccountState,
    waiting: &mut [Anomaly],
    channel: Option<&str>,
    verdict: Verdict,
) {
    let looked_at = |name: &str| channel.is_none_or(|channel| channel == name);
    for (_, breaker) in state.breakers.iter_mut().filter(|(name, _)| looked_at(name)) {
        breaker.reset();
    }
    for anomaly in waiting {
        anomaly.delivery = match verdict {
            Verdict::Send => Delivery::Send,
            Verdict::Discard => Delivery::Discarded,
        };
        state.changed.insert(anomaly.id.clone());
        state.anomalies.insert(anomaly.id.clone(), anomaly.clone());
    }
}
