//! Claims on work whose effect is outside the table: done once, by one at a time, and after a crash
//! by somebody else.

use crate::attribute::{Item, number, read, text, write};
use crate::keys::{self, EXPIRY};
use crate::table::{StoreError, Table};
use jiff::Timestamp;

/// Claims are kept this long, in seconds: longer than anything comes again.
const KEPT: i64 = 7 * 24 * 3600;

/// Whose work something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Ours, until the claim ends.
    Ours,
    /// Done.
    AlreadyDone,
    /// Somebody else is at it.
    InProgress,
}

impl Table {
    /// Takes the right to do a piece of work, by its kind and name, until a moment.
    pub async fn claim_work(
        &self,
        (kind, id): (&str, &str),
        (now, until): (Timestamp, Timestamp),
    ) -> Result<Work, StoreError> {
        let mut values = Item::from([
            (":entity".to_owned(), text("Claim")),
            (":version".to_owned(), number(1)),
            (":expires".to_owned(), number(now.as_second() + KEPT)),
        ]);
        write(&mut values, ":now", &now.as_millisecond());
        write(&mut values, ":until", &until.as_millisecond());
        let key = keys::work(kind, id);
        let free = "attribute_not_exists(doneAt) AND \
                    (attribute_not_exists(workingUntil) OR workingUntil < :now)";
        let expression = format!(
            "SET workingUntil = :until, entity = :entity, schemaVersion = :version, \
             {EXPIRY} = :expires"
        );
        if self.update(&key, &expression, Some(free), values).await?.is_some() {
            return Ok(Work::Ours);
        }
        let item = self.get(&key).await?.unwrap_or_default();
        let done: Option<Timestamp> =
            read(&item, "doneAt").map_err(StoreError::corrupt("Claim"))?;
        Ok(if done.is_some() { Work::AlreadyDone } else { Work::InProgress })
    }

    /// Whether somebody is at a piece of work, by its kind and name.
    pub async fn is_at_work(
        &self,
        (kind, id): (&str, &str),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let item = self.get(&keys::work(kind, id)).await?.unwrap_or_default();
        let until: Option<i64> =
            read(&item, "workingUntil").map_err(StoreError::corrupt("Claim"))?;
        Ok(until.is_some_and(|until| until >= now.as_millisecond()))
    }

    /// Notes that the work was done.
    pub async fn work_done(
        &self,
        (kind, id): (&str, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut values = Item::new();
        write(&mut values, ":at", &now);
        let expression = "SET doneAt = :at REMOVE workingUntil";
        self.update(&keys::work(kind, id), expression, None, values).await.map(drop)
    }

    /// Gives the claim back: the work is to be tried again.
    pub async fn release_work(&self, (kind, id): (&str, &str)) -> Result<(), StoreError> {
        let undone = Some("attribute_exists(PK) AND attribute_not_exists(doneAt)");
        let expression = "REMOVE workingUntil";
        self.update(&keys::work(kind, id), expression, undone, Item::new()).await.map(drop)
    }
}
