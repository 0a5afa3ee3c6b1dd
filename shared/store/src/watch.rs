//! Calls that are told at once, whatever they cost: put once, told once.

use crate::attribute::{Corrupt, Item, number, read, write};
use crate::keys::{self, EXPIRY, Key};
use crate::table::{StoreError, Table};
use domain::ids::{AccountId, EventId};
use domain::watch::WatchEvent;
use jiff::Timestamp;

/// Kept for this long, in seconds.
const KEPT: i64 = 400 * 24 * 3600;

fn to_item(event: &WatchEvent) -> Item {
    let mut item = keys::watch(event).item("WatchEvent");
    item.insert(EXPIRY.to_owned(), number(event.time.as_second() + KEPT));
    write(&mut item, "id", &event.id);
    write(&mut item, "time", &event.time);
    write(&mut item, "account", &event.account);
    write(&mut item, "region", &event.region);
    write(&mut item, "actor", &event.actor);
    write(&mut item, "eventSource", &event.event_source);
    write(&mut item, "eventName", &event.event_name);
    write(&mut item, "commitsTo", &event.commits_to);
    item
}

pub(crate) fn from_item(item: &Item) -> Result<WatchEvent, Corrupt> {
    Ok(WatchEvent {
        id: read(item, "id")?,
        time: read(item, "time")?,
        account: read(item, "account")?,
        region: read(item, "region")?,
        actor: read(item, "actor")?,
        event_source: read(item, "eventSource")?,
        event_name: read(item, "eventName")?,
        commits_to: read(item, "commitsTo")?,
    })
}

impl Table {
    /// Stores a call that may have blinded the watch; `false` if it is stored already.
    pub async fn record_watch(&self, event: &WatchEvent) -> Result<bool, StoreError> {
        self.put_new(to_item(event)).await
    }

    /// Such calls of an account that people were not told of, in the order of time.
    pub async fn untold_watch_events(
        &self,
        account: &AccountId,
    ) -> Result<Vec<WatchEvent>, StoreError> {
        let items = self.query(&keys::account(account), keys::WATCH).await?;
        let untold = items.iter().filter(|item| !item.contains_key("toldAt"));
        untold.map(from_item).collect::<Result<_, _>>().map_err(StoreError::corrupt("WatchEvent"))
    }

    /// Takes the right to tell of such a call until a moment; `None` while somebody else has it,
    /// or once people were told.
    pub async fn claim_watch(
        &self,
        account: &AccountId,
        (time, id): (Timestamp, &EventId),
        (now, until): (Timestamp, Timestamp),
    ) -> Result<Claimed, StoreError> {
        let key = keys::watch_of(account, time, id);
        let untold = Some("attribute_not_exists(toldAt)");
        match self.claim(&key, untold, (now, until)).await? {
            Some(item) => from_item(&item)
                .map(|event| Claimed::Ours(Box::new(event)))
                .map_err(StoreError::corrupt("WatchEvent")),
            None => self.why_not_ours(&key).await,
        }
    }

    async fn why_not_ours(&self, key: &Key) -> Result<Claimed, StoreError> {
        let item = self.get(key).await?;
        let being_told = item.is_some_and(|item| !item.contains_key("toldAt"));
        Ok(if being_told { Claimed::InProgress } else { Claimed::AlreadyDone })
    }

    /// Gives the claim back: people could not be told.
    pub async fn release_watch(&self, event: &WatchEvent) -> Result<(), StoreError> {
        let exists = Some("attribute_exists(PK)");
        let key = keys::watch(event);
        self.update(&key, "REMOVE tellingUntil", exists, Item::new()).await.map(drop)
    }

    /// Notes that people were told.
    pub async fn mark_watch_told(
        &self,
        event: &WatchEvent,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut values = Item::new();
        write(&mut values, ":at", &at);
        let exists = Some("attribute_exists(PK)");
        let expression = "SET toldAt = :at REMOVE tellingUntil";
        self.update(&keys::watch(event), expression, exists, values).await.map(drop)
    }
}

/// Whose work something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// Ours, until the claim ends.
    Ours(Box<WatchEvent>),
    /// Done, or nothing to do.
    AlreadyDone,
    /// Somebody else is at it.
    InProgress,
}
