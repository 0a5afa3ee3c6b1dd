//! What the processor writes: cost events and resources, exactly once.

use crate::attribute::{Item, number, read, text};
use crate::cost_event::{self, Numbered};
use crate::table::{MAX_TRANSACTION, StoreError, Table, Written, unbuilt};
use crate::{keys, open_resource};
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Put, TransactWriteItem, Update};
use domain::cost_event::CostEvent;
use domain::ids::{AccountId, EventId};
use domain::open_resource::OpenResource;
use std::collections::BTreeSet;

/// Items of a transaction beside cost events and resources: the account's counter.
const OVERHEAD: usize = 1;

/// How storing a batch ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// All of it is stored, once; the events with their numbers.
    Stored(Vec<Numbered>),
    /// Nothing is stored: these events were stored before. Leave them out and compute the rest
    /// again, since their effect on resources must not count twice.
    Known(BTreeSet<EventId>),
    /// Nothing is stored: somebody else has written for this account meanwhile. Read again.
    Outdated,
}

/// The number of the last cost event of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head(pub u64);

impl Table {
    /// The counter of an account.
    pub async fn head(&self, account: &AccountId) -> Result<Head, StoreError> {
        let item = self.get(&keys::head(account)).await?;
        let read = item.map(|item| read(&item, "number")).transpose();
        let number = read.map_err(StoreError::corrupt("Head"))?;
        Ok(Head(number.unwrap_or(0)))
    }

    /// All accounts that have cost events, in their order.
    pub async fn accounts(&self) -> Result<Vec<AccountId>, StoreError> {
        let found = self.find(&keys::GSI1, keys::ACCOUNTS).await?;
        let read = found.iter().map(|item| read(item, keys::GSI1_SK)).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("Head"))
    }

    /// Stores cost events and the resources that they changed, exactly once; or resources alone, of
    /// which something was learnt that costs nothing. `head` must be what was read before the
    /// resources were.
    pub async fn record(
        &self,
        account: &AccountId,
        head: Head,
        events: Vec<CostEvent>,
        resources: &[OpenResource],
    ) -> Result<Recorded, StoreError> {
        let numbered: Vec<Numbered> = events
            .into_iter()
            .zip(head.0 + 1..)
            .map(|(event, number)| Numbered { event, number })
            .collect();
        let Some(last) = numbered.last() else {
            return self.record_resources(account, head, resources).await;
        };
        if !Self::fits(numbered.len()) {
            return Err(StoreError::TooLarge(OVERHEAD + numbered.len()));
        }
        let room = MAX_TRANSACTION.saturating_sub(OVERHEAD + numbered.len());
        let (within, before) = resources.split_at(room.min(resources.len()));
        if !before.is_empty() {
            // A resource remembers only its last event, so that the surplus of one event can be
            // stored again after a crash, but not that of several.
            if numbered.iter().any(|each| each.event.id.event != last.event.id.event) {
                return Err(StoreError::TooLarge(OVERHEAD + numbered.len() + resources.len()));
            }
            let known = self.known(&numbered).await?;
            if !known.is_empty() {
                return Ok(Recorded::Known(known));
            }
            for resource in before {
                self.put_resource(account, resource).await?;
            }
        }
        let mut writes = vec![self.advance(account, head, Head(last.number))?];
        for event in &numbered {
            writes.push(self.put_if(cost_event::to_item(event), "attribute_not_exists(PK)")?);
        }
        for resource in within {
            writes.push(self.put(open_resource::to_item(account, resource))?);
        }
        match self.transact(writes).await? {
            Written::Done => Ok(Recorded::Stored(numbered)),
            Written::ConditionsFailed(indexes) => Ok(interpret(&indexes, &numbered)),
        }
    }

    async fn record_resources(
        &self,
        account: &AccountId,
        head: Head,
        resources: &[OpenResource],
    ) -> Result<Recorded, StoreError> {
        if resources.is_empty() {
            return Ok(Recorded::Stored(Vec::new()));
        }
        let mut writes = vec![self.unmoved(account, head)?];
        for resource in resources {
            writes.push(self.put(open_resource::to_item(account, resource))?);
        }
        match self.transact(writes).await? {
            Written::Done => Ok(Recorded::Stored(Vec::new())),
            Written::ConditionsFailed(_) => Ok(Recorded::Outdated),
        }
    }

    /// Whether so many cost events and resources fit into one transaction.
    pub const fn fits(writes: usize) -> bool {
        OVERHEAD + writes <= MAX_TRANSACTION
    }

    async fn known(&self, events: &[Numbered]) -> Result<BTreeSet<EventId>, StoreError> {
        let keys: Vec<_> = events.iter().map(|numbered| cost_event::key(&numbered.event)).collect();
        let items = self.get_all(&keys).await?;
        let read =
            items.iter().map(|item| cost_event::from_item(item).map(|known| known.event.id.event));
        let known: Result<_, _> = read.collect();
        known.map_err(StoreError::corrupt("CostEvent"))
    }

    fn advance(
        &self,
        account: &AccountId,
        from: Head,
        to: Head,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut values = Item::from([
            (":to".to_owned(), number(to.0)),
            (":entity".to_owned(), text("Head")),
            (":version".to_owned(), number(1)),
            (":accounts".to_owned(), text(keys::ACCOUNTS)),
            (":account".to_owned(), text(account.as_str())),
        ]);
        let (condition, read) = stands_at(from);
        values.extend(read);
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(keys::head(account).attributes()))
            .update_expression(
                "SET #number = :to, entity = :entity, schemaVersion = :version, \
                 GSI1PK = :accounts, GSI1SK = :account",
            )
            .condition_expression(condition)
            .expression_attribute_names("#number", "number")
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Nobody has written for the account since its counter was read.
    fn unmoved(&self, account: &AccountId, head: Head) -> Result<TransactWriteItem, StoreError> {
        let (condition, read) = stands_at(head);
        let check = ConditionCheck::builder()
            .table_name(&self.name)
            .set_key(Some(keys::head(account).attributes()))
            .condition_expression(condition)
            .expression_attribute_names("#number", "number")
            .set_expression_attribute_values(read.map(|read| Item::from([read])))
            .build()
            .map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    pub(crate) fn put(&self, item: Item) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        Ok(TransactWriteItem::builder().put(put.build().map_err(unbuilt)?).build())
    }
}

/// The condition that the counter is what was read, and the value in it.
fn stands_at(head: Head) -> (&'static str, Option<(String, AttributeValue)>) {
    match head.0 {
        0 => ("attribute_not_exists(#number)", None),
        from => ("#number = :from", Some((":from".to_owned(), number(from)))),
    }
}

/// The counter's condition stands first; the cost events follow.
fn interpret(failed: &[usize], events: &[Numbered]) -> Recorded {
    let known: BTreeSet<EventId> = failed
        .iter()
        .filter_map(|index| events.get(index.checked_sub(OVERHEAD)?))
        .map(|numbered| numbered.event.id.event.clone())
        .collect();
    if known.is_empty() { Recorded::Outdated } else { Recorded::Known(known) }
}
