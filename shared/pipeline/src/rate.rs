//! How much one account may send: bounds what a single sender can cost everybody.

use crate::error::Failure;
use domain::ids::AccountId;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::Table;

/// Senders counted at once in this process; beyond it the counts begin anew.
const MAX_SENDERS: usize = 10_000;

/// Admits so many events of an account a minute. Counts in this process, and tells the table in
/// portions: nearly all accounts send less than a portion a minute and cost no write. So the limit
/// is exact to one portion for each process that runs at once.
#[derive(Debug)]
pub struct RateGate {
    per_minute: u64,
    portion: u64,
    senders: Mutex<HashMap<AccountId, Minute>>,
}

#[derive(Debug, Clone, Copy)]
struct Minute {
    number: i64,
    seen: u64,
    full: bool,
}

impl RateGate {
    /// A gate for so many events of each account a minute.
    pub fn new(per_minute: u64) -> Self {
        let portion = (per_minute / 20).clamp(1, 100);
        Self { per_minute, portion, senders: Mutex::default() }
    }

    /// Counts one event; an account that has sent too many is to come back after this minute.
    pub async fn admit(
        &self,
        table: &Table,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let minute = self.count(account, now);
        if !minute.full && minute.seen.is_multiple_of(self.portion) {
            let all = table.add_to_rate(account.as_str(), "events", now, self.portion).await?;
            if all > self.per_minute {
                self.close(account, minute.number);
                return Err(self.too_many(now));
            }
        }
        if minute.full { Err(self.too_many(now)) } else { Ok(()) }
    }

    fn count(&self, account: &AccountId, now: Timestamp) -> Minute {
        let number = now.as_second().div_euclid(60);
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if senders.len() >= MAX_SENDERS && !senders.contains_key(account) {
            senders.clear();
        }
        let fresh = Minute { number, seen: 0, full: false };
        let minute = senders.entry(account.clone()).or_insert(fresh);
        if minute.number != number {
            *minute = fresh;
        }
        minute.seen += 1;
        *minute
    }

    fn close(&self, account: &AccountId, number: i64) {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(minute) = senders.get_mut(account).filter(|minute| minute.number == number) {
            minute.full = true;
        }
    }

    fn too_many(&self, now: Timestamp) -> Failure {
        let left = 60 - u64::try_from(now.as_second().rem_euclid(60)).unwrap_or(0);
        let why = format!("an account has sent more than {} events in a minute", self.per_minute);
        Failure::Later(Duration::from_secs(left), why)
    }
}
