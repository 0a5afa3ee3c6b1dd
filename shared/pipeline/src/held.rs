//! Held: alerts that a circuit breaker held back wait in the table until somebody has looked, and are
//! then sent or let lie.

use crate::alert::{About, ask_to_tell};
use crate::error::Failure;
use crate::ports::Queue;
use domain::anomaly::Anomaly;
use domain::assessment::AccountState;
use domain::channels::highest;
use domain::decision::Delivery;
use domain::governance::{Asker, AuditEntry};
use domain::ids::AccountId;
use domain::words;
use jiff::Timestamp;
use store::{AccountOwner, Committed, Said, Table};

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

impl Verdict {
    const fn delivery(self) -> Delivery {
        match self {
            Self::Send => Delivery::Send,
            Self::Discard => Delivery::Discarded,
        }
    }
}

/// What a release did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Released {
    /// Anomalies that were held back and are not any more, oldest first.
    pub anomalies: Vec<Anomaly>,
    /// What was changed, in words, a transaction each; none if nothing was held back and no breaker
    /// had tripped.
    pub entries: Vec<AuditEntry>,
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

/// Closes the breaker of one channel, or of all, and lets what they held back be sent or lie. Each
/// change is written down where the account has an owner. May be broken off and repeated; what is to
/// be sent goes out by [`tell_released`].
pub async fn release(
    table: &Table,
    account: &AccountId,
    channel: Option<&str>,
    verdict: Verdict,
    (asker, now): (&Asker, Timestamp),
) -> Result<Released, Failure> {
    let owner = table.owner(account).await?;
    let (mut released, mut attempts) = (Released::default(), 0);
    while attempts < MAX_ATTEMPTS {
        let mut loaded = table.load_for_scoring(account, &[]).await?;
        let waiting = held(table, account, channel).await?;
        let tripped = close(&mut loaded.state, channel);
        if waiting.is_empty() && !tripped {
            return Ok(released);
        }
        let entry = entry(account, channel, (waiting.len(), verdict), asker, now);
        let anomalies = decide(&mut loaded.state, waiting, verdict);
        let audit = owner.as_ref().map(|AccountOwner { scope, .. }| (scope, &entry));
        let said = Said { audit, ..Said::default() };
        let through = loaded.scored_through;
        match table.commit_answer(account, &loaded.state, through, said).await? {
            Committed::Stored => {
                released.anomalies.extend(anomalies);
                released.entries.push(entry);
            }
            Committed::Outdated | Committed::TooLarge => attempts += 1,
        }
    }
    Err(Failure::Retry(format!("account {account} is scored by others all the time")))
}

/// Closes the breaker of one channel, or of all; whether one had tripped.
fn close(state: &mut AccountState, channel: Option<&str>) -> bool {
    let mut tripped = false;
    for (name, breaker) in &mut state.breakers {
        if channel.is_none_or(|channel| channel == name) {
            tripped |= breaker.tripped.is_some();
            breaker.reset();
        }
    }
    tripped
}

/// Decides about as many as one transaction holds.
fn decide(state: &mut AccountState, waiting: Vec<Anomaly>, verdict: Verdict) -> Vec<Anomaly> {
    let delivery = verdict.delivery();
    let some = waiting.into_iter().take(AT_ONCE);
    let decided: Vec<Anomaly> = some.map(|anomaly| Anomaly { delivery, ..anomaly }).collect();
    for anomaly in &decided {
        state.changed.insert(anomaly.id.clone());
        state.anomalies.insert(anomaly.id.clone(), anomaly.clone());
    }
    decided
}

/// `release account … by operator ana: novelty: 7 alerts held back → breaker closed, 7 of them sent`
fn entry(
    account: &AccountId,
    channel: Option<&str>,
    (waiting, verdict): (usize, Verdict),
    asker: &Asker,
    now: Timestamp,
) -> AuditEntry {
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let of = channel.unwrap_or("all channels");
    let done = match verdict {
        Verdict::Send => "sent",
        Verdict::Discard => "discarded",
    };
    let decided = words::count(count(waiting.min(AT_ONCE)));
    AuditEntry {
        at: now,
        who: asker.to_string(),
        what: "release".to_owned(),
        account: Some(account.clone()),
        old: format!("{of}: {} held back", words::counted(count(waiting), "alert")),
        new: format!("breaker closed, {decided} of them {done}"),
        why: String::new(),
    }
}

/// Sends a message for each anomaly of an account that people do not know all of; how many. A release
/// whose messages were lost is made good by asking again: what was told meanwhile is not told twice.
pub async fn tell_released<Q: Queue>(
    table: &Table,
    alerts: &Q,
    account: &AccountId,
    now: Timestamp,
) -> Result<usize, Failure> {
    let mut untold = table.anomalies(account).await?;
    untold.retain(Anomaly::is_untold);
    let about = untold.into_iter().map(|anomaly| About::Anomaly(anomaly.id));
    ask_to_tell(alerts, account, about, now).await
}
