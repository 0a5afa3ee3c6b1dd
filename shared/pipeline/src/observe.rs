//! Observe: a batch of what was stored, of several accounts, through the score stage; what is to be
//! told goes to the alert queue.

use crate::alert::{About, ask_to_tell};
use crate::error::Failure;
use crate::notify::Notice;
use crate::ports::Queue;
use crate::score::{Scored, score};
use crate::switches::Switches;
use domain::anomaly::Anomaly;
use domain::decision::Delivery;
use domain::ids::AccountId;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use store::stream::Put;
use store::{Numbered, Table};

/// Something that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// When it was stored.
    pub at: Timestamp,
    /// What it is.
    pub put: Put,
}

impl Arrival {
    /// Whose it is.
    pub fn account(&self) -> Option<&AccountId> {
        match &self.put {
            Put::CostEvent(numbered) => Some(&numbered.event.account),
            Put::Watch(event) => Some(&event.account),
            Put::Other => None,
        }
    }
}

/// What scoring a batch gave.
#[derive(Debug, Default)]
pub struct Observed {
    /// Messages sent to the alert queue.
    pub alerts: u64,
    /// Cost events without an alert, by the reason.
    pub silent: BTreeMap<&'static str, u64>,
    /// Alerts that are not sent because a circuit breaker is open.
    pub held_back: u64,
    /// Accounts that did not go through, and why.
    pub failed: BTreeMap<AccountId, Failure>,
}

impl Observed {
    fn count(&mut self, scored: &Scored) {
        for (reason, count) in &scored.silent {
            *self.silent.entry(reason).or_default() += count;
        }
        let held_back = scored.notices.iter().filter(|notice| is_held_back(notice)).count();
        self.held_back += held_back as u64;
    }
}

/// Whether it is an alert that a circuit breaker holds back.
fn is_held_back(notice: &Notice) -> bool {
    matches!(notice, Notice::Alert { anomaly, .. } if anomaly.delivery == Delivery::HeldByBreaker)
}

/// Scores what was stored, each account in one transaction. A second delivery scores nothing twice,
/// but tells what the first may have scored and not told.
pub async fn observe<Q: Queue>(
    table: &Table,
    alerts: &Q,
    switches: Switches<'_>,
    batch: Vec<Arrival>,
) -> Observed {
    let mut observed = Observed::default();
    let mut accounts: BTreeMap<AccountId, OfAccount> = BTreeMap::new();
    for arrival in batch {
        match arrival.put {
            Put::CostEvent(numbered) => {
                let account = accounts.entry(numbered.event.account.clone()).or_default();
                account.add(arrival.at).push(*numbered);
            }
            Put::Watch(event) => {
                let account = accounts.entry(event.account.clone()).or_default();
                account.add(arrival.at);
                account.watch.push(About::Watch { time: event.time, id: event.id });
            }
            Put::Other => {}
        }
    }
    for (account, of_account) in accounts {
        let run = of_account.run(table, alerts, switches, (&account, &mut observed));
        if let Err(failure) = run.await {
            observed.failed.insert(account, failure);
        }
    }
    observed
}

/// The part of a batch that belongs to one account.
#[derive(Default)]
struct OfAccount {
    cost_events: Vec<Numbered>,
    watch: Vec<About>,
    /// When the first of it was stored.
    since: Option<Timestamp>,
}

impl OfAccount {
    fn add(&mut self, at: Timestamp) -> &mut Vec<Numbered> {
        self.since = Some(self.since.map_or(at, |since| since.min(at)));
        &mut self.cost_events
    }

    async fn run<Q: Queue>(
        self,
        table: &Table,
        alerts: &Q,
        switches: Switches<'_>,
        (account, observed): (&AccountId, &mut Observed),
    ) -> Result<(), Failure> {
        let Self { cost_events, watch, since } = self;
        let mut about: Vec<About> = watch;
        if !cost_events.is_empty() {
            let policy = switches.over(&table.policy_of(account).await?, account).await;
            let redelivered = cost_events.clone();
            let scored = score(table, &policy, account, cost_events).await?;
            // Before anything is sent: when the batch comes again, it was scored before.
            observed.count(&scored);
            let mut changed = to_tell(&scored);
            if scored.scored_before > 0 {
                let before = table.anomalies_touched(account, &redelivered).await?;
                changed.extend(before.into_iter().filter(Anomaly::is_untold).map(|each| each.id));
            }
            about.extend(changed.into_iter().map(About::Anomaly));
        }
        let stored_at = since.unwrap_or_default();
        let sent = ask_to_tell(alerts, account, about, stored_at).await? as u64;
        observed.alerts += sent;
        Ok(())
    }
}

/// The anomalies that people are to be told of, each once.
fn to_tell(scored: &Scored) -> BTreeSet<String> {
    let sent = |anomaly: &&Anomaly| anomaly.delivery == Delivery::Send;
    let anomalies = scored.notices.iter().map(Notice::anomaly);
    anomalies.filter(sent).map(|anomaly| anomaly.id.clone()).collect()
}
