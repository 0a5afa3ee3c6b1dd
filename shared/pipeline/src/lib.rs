//! The stages of the main job, one file each: route → process → score → notify. Plain async
//! functions that Lambda, the local program and the tests call alike. Beside them digest, lifecycle,
//! rehearse, answer and held; `receive`, `observe` and `tell` take what queues and streams bring to the stages, and
//! `switches` says what flags mean for an account.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod alert;
pub mod answer;
pub mod billing;
pub mod chat;
pub mod clock;
pub mod cloud;
pub mod digest;
pub mod error;
mod health;
pub mod held;
pub mod install;
pub mod leaving;
pub mod lifecycle;
pub mod lines;
pub mod notify;
pub mod observe;
pub mod onboarding;
mod once;
mod past;
pub mod ports;
pub mod process;
pub mod publish;
pub mod rate;
pub mod receive;
pub mod rehearse;
pub mod route;
pub mod rules;
pub mod score;
pub mod settings;
pub mod span;
pub mod switches;
pub mod tell;

use domain::event::ResourceEvent;
use domain::ids::{AccountId, EventId};
use domain::policy::Policy;
use domain::price::Prices;
use error::Failure;
use notify::Notice;
use std::collections::BTreeMap;
use store::{Numbered, Table};
use switches::Switches;

/// What the stages work with: the table, the prices, the policy and the flags.
pub struct Pipeline<'a> {
    /// The one table.
    pub table: &'a Table,
    /// List prices.
    pub prices: &'a dyn Prices,
    /// Governance, limits, thresholds.
    pub policy: &'a Policy,
    /// What is switched off, account by account.
    pub switches: Switches<'a>,
}

/// What running a batch of events through process and score gave.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What people are told, in the order of time.
    pub notices: Vec<Notice>,
    /// Cost events stored now.
    pub cost_events: u64,
    /// Events left out because they were stored before.
    pub duplicates: u64,
    /// Events that changed nothing that is known of; see [`process::Processed::unchanged`].
    pub unchanged: u64,
    /// Events that the table will never take, each with the reason.
    pub rejected: Vec<(EventId, String)>,
    /// Accounts that cannot be scored on, each with the reason.
    pub stuck: Vec<(AccountId, String)>,
    /// Cost events that gave no alert, by the reason.
    pub silent: BTreeMap<&'static str, u64>,
}

impl Pipeline<'_> {
    /// Runs a batch of events of any accounts, each account's in the order given.
    pub async fn run(&self, events: Vec<ResourceEvent>) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        for (account, events) in by_account(events) {
            match self.run_account(&account, events, &mut outcome).await {
                // One account that cannot go on does not stop the others.
                Err(Failure::Reject(why)) => outcome.stuck.push((account, why)),
                other => other?,
            }
        }
        outcome.notices.sort_by_key(Notice::at);
        Ok(outcome)
    }

    async fn run_account(
        &self,
        account: &AccountId,
        events: Vec<ResourceEvent>,
        outcome: &mut Outcome,
    ) -> Result<(), Failure> {
        let processed = process::process(self.table, self.prices, account, events).await?;
        outcome.duplicates += processed.duplicates;
        outcome.unchanged += processed.unchanged;
        outcome.cost_events += processed.cost_events.len() as u64;
        outcome.rejected.extend(processed.rejected);
        self.score_account(account, processed.cost_events, outcome).await
    }

    async fn score_account(
        &self,
        account: &AccountId,
        cost_events: Vec<Numbered>,
        outcome: &mut Outcome,
    ) -> Result<(), Failure> {
        let policy = self.switches.over(self.policy, account).await;
        let scored = score::score(self.table, &policy, account, cost_events).await?;
        outcome.notices.extend(scored.notices);
        for (reason, count) in scored.silent {
            *outcome.silent.entry(reason).or_default() += count;
        }
        Ok(())
    }

    /// Scores what was stored but not scored, and finds what was scored but not told: after a crash
    /// in between.
    pub async fn catch_up(&self, account: &AccountId) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        let scored = self.table.scored_through(account).await?;
        if self.table.head(account).await?.0 > scored {
            let waiting = self.table.cost_events_after(account, scored).await?;
            self.score_account(account, waiting, &mut outcome).await?;
        }
        outcome.notices = notify::untold(self.table, account).await?;
        Ok(outcome)
    }
}

fn by_account(events: Vec<ResourceEvent>) -> BTreeMap<AccountId, Vec<ResourceEvent>> {
    let mut accounts: BTreeMap<AccountId, Vec<ResourceEvent>> = BTreeMap::new();
    for event in events {
        accounts.entry(event.account.clone()).or_default().push(event);
    }
    accounts
}
