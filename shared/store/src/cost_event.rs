//! Cost events: put once, never changed, numbered in the order in which they were stored.

use crate::attribute::{Corrupt, Item, number, read, write};
use crate::keys::{self, Key};
use crate::table::{StoreError, Table};
use domain::cost_event::{CostEvent, CostEventId, Effect, OpenChange};
use domain::ids::AccountId;
use jiff::Timestamp;

/// Kept for this long, in seconds.
const KEPT: i64 = 400 * 24 * 3600;

/// A cost event with its number within the account, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// The event.
    pub event: CostEvent,
    /// Its number; the scorer remembers up to which it has scored.
    pub number: u64,
}

pub(crate) fn key(event: &CostEvent) -> Key {
    keys::cost_event(&event.account, event.time, &event.id)
}

pub(crate) fn to_item(numbered: &Numbered) -> Item {
    let event = &numbered.event;
    let mut item = key(event).item("CostEvent");
    item.insert(keys::EXPIRY.to_owned(), number(event.time.as_second() + KEPT));
    write(&mut item, "number", &numbered.number);
    write(&mut item, "id", &event.id);
    write(&mut item, "time", &event.time);
    write(&mut item, "account", &event.account);
    write(&mut item, "region", &event.region);
    write(&mut item, "actor", &event.actor);
    write(&mut item, "name", &event.name);
    write(&mut item, "launcher", &event.launcher);
    write(&mut item, "service", &event.service);
    write(&mut item, "resourceType", &event.resource_type);
    write(&mut item, "action", &event.action);
    write(&mut item, "resources", &event.resources);
    write(&mut item, "estimate", &event.estimate);
    write(&mut item, "hourlyBeforeUsd", &event.hourly_before);
    write(&mut item, "hourlyChangeUsd", &event.hourly_change);
    write(&mut item, "endedAlready", &event.ended_already);
    write(&mut item, "effects", &event.effects);
    write(&mut item, "openChanges", &event.open_changes);
    item
}

/// From an item of the table or of its stream.
pub(crate) fn from_item(item: &Item) -> Result<Numbered, Corrupt> {
    let (effects, open_changes) = consequences(item)?;
    let event = CostEvent {
        id: read(item, "id")?,
        time: read(item, "time")?,
        account: read(item, "account")?,
        region: read(item, "region")?,
        actor: read(item, "actor")?,
        name: read(item, "name")?,
        launcher: read(item, "launcher")?,
        service: read(item, "service")?,
        resource_type: read(item, "resourceType")?,
        action: read(item, "action")?,
        resources: read(item, "resources")?,
        estimate: read(item, "estimate")?,
        hourly_before: read(item, "hourlyBeforeUsd")?,
        hourly_change: read(item, "hourlyChangeUsd")?,
        ended_already: read(item, "endedAlready")?,
        effects,
        open_changes,
    };
    Ok(Numbered { event, number: read(item, "number")? })
}

fn consequences(item: &Item) -> Result<(Vec<Effect>, Vec<OpenChange>), Corrupt> {
    Ok((read(item, "effects")?, read(item, "openChanges")?))
}

/// Sort keys around all events between two moments.
fn between(from: Timestamp, to: Timestamp) -> (String, String) {
    let first = format!("{}{}", keys::EVENT, keys::moment(from));
    // `~` stands behind all that an event's id may begin with.
    (first, format!("{}{}#~", keys::EVENT, keys::moment(to)))
}

impl Table {
    /// One cost event.
    pub async fn cost_event(
        &self,
        account: &AccountId,
        time: Timestamp,
        id: &CostEventId,
    ) -> Result<Option<CostEvent>, StoreError> {
        let item = self.get(&keys::cost_event(account, time, id)).await?;
        let read = item.as_ref().map(from_item).transpose();
        let numbered = read.map_err(StoreError::corrupt("CostEvent"))?;
        Ok(numbered.map(|numbered| numbered.event))
    }

    /// The cost events of an account with a number above `above`, in their order. Reads the whole
    /// account: for catching up after a crash, not for every batch.
    pub async fn cost_events_after(
        &self,
        account: &AccountId,
        above: u64,
    ) -> Result<Vec<Numbered>, StoreError> {
        let items = self.query(&keys::account(account), keys::EVENT).await?;
        let mut events = Vec::new();
        for item in &items {
            let corrupt = StoreError::corrupt("CostEvent");
            if read::<u64>(item, "number").map_err(corrupt)? > above {
                events.push(from_item(item).map_err(corrupt)?);
            }
        }
        events.sort_by_key(|numbered| numbered.number);
        Ok(events)
    }

    /// When the newest cost event of an account happened.
    pub async fn last_cost_event_at(
        &self,
        account: &AccountId,
    ) -> Result<Option<Timestamp>, StoreError> {
        let last = format!("{}~", keys::EVENT);
        let items = self.query_last(&keys::account(account), (keys::EVENT, &last), 1).await?;
        let read = items.first().map(|item| read(item, "time")).transpose();
        read.map_err(StoreError::corrupt("CostEvent"))
    }

    /// The last few cost events of an account between two moments, both included, the last one first.
    pub async fn last_cost_events(
        &self,
        account: &AccountId,
        (from, to): (Timestamp, Timestamp),
        most: usize,
    ) -> Result<Vec<CostEvent>, StoreError> {
        let span = between(from, to);
        let span = (span.0.as_str(), span.1.as_str());
        let items = self.query_last(&keys::account(account), span, most).await?;
        let read = items.iter().map(|item| Ok(from_item(item)?.event)).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("CostEvent"))
    }

    /// The cost events of an account between two moments, both included, in the order of time.
    pub async fn cost_events_between(
        &self,
        account: &AccountId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Numbered>, StoreError> {
        let (first, last) = between(from, to);
        let items = self.query_between(&keys::account(account), (&first, &last)).await?;
        let read = items.iter().map(from_item).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("CostEvent"))
    }
}
