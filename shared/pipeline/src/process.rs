//! Process: from an account's events to cost events, priced and stored once, and to what runs now.

use crate::error::Failure;
use domain::cost;
use domain::cost_event::CostEvent;
use domain::event::{Change, ResourceEvent};
use domain::ids::{AccountId, EventId};
use domain::open_resource::OpenResources;
use domain::price::Prices;
use domain::resource::SpecChange;
use std::collections::BTreeSet;
use store::{Head, Numbered, Recorded, Table};

/// A writer and fifteen replicas: the most that Aurora, DocumentDB and Neptune allow.
const MAX_CLUSTER_MEMBERS: usize = 16;
/// How often a batch is computed again because somebody else wrote for the account meanwhile.
const MAX_ATTEMPTS: usize = 8;

/// What became of the events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Processed {
    /// The cost events stored now, with their numbers.
    pub cost_events: Vec<Numbered>,
    /// Events left out because they were stored before, or came twice.
    pub duplicates: u64,
    /// Events without a cost event: EC2 reported the end of an instance that was known to have ended
    /// already, or that was never seen to start.
    pub unchanged: u64,
    /// Events that the table will never take, each with the reason; the others are stored.
    pub rejected: Vec<(EventId, String)>,
}

/// Processes the events of one account, in the order given. May be repeated with the same events
/// at any time: what is stored already is left out.
pub async fn process(
    table: &Table,
    prices: &dyn Prices,
    account: &AccountId,
    events: Vec<ResourceEvent>,
) -> Result<Processed, Failure> {
    let mut processed = Processed::default();
    let mut seen = BTreeSet::new();
    let mut head = None;
    let mut events = events.into_iter().peekable();
    while events.peek().is_some() {
        let mut batch = Batch::default();
        while let Some(event) = events.next_if(|event| batch.has_room(event)) {
            if seen.insert(event.id.clone()) {
                batch.add(event);
            } else {
                processed.duplicates += 1;
            }
        }
        let stage = Stage { table, prices, account };
        head = match stage.store(&batch.events, head, &mut processed).await {
            Err(Failure::Reject(_)) => {
                stage.store_one_by_one(&batch.events, &mut processed).await?;
                None
            }
            other => other?,
        };
    }
    Ok(processed)
}

/// Events that fit into one transaction.
#[derive(Default)]
struct Batch {
    events: Vec<ResourceEvent>,
    writes: usize,
}

impl Batch {
    /// One event always has room: the table stores its resources first, where they are too many.
    fn has_room(&self, event: &ResourceEvent) -> bool {
        self.events.is_empty() || Table::fits(self.writes + writes_of(event))
    }

    fn add(&mut self, event: ResourceEvent) {
        self.writes += writes_of(&event);
        self.events.push(event);
    }
}

/// Upper bound of the items that an event changes: a cost event for each group of resources, and
/// the resources.
fn writes_of(event: &ResourceEvent) -> usize {
    let writes = event.changes.iter().map(|change| match change {
        Change::Started { resources, .. } => 2 + resources.len(),
        // Each member of a cluster is priced anew.
        Change::Modified { to: SpecChange::Cluster { .. }, .. } => 2 + 2 * MAX_CLUSTER_MEMBERS,
        Change::Modified { .. } => 2,
        Change::Resumed { resources }
        | Change::Stopped { resources }
        | Change::Deleted { resources } => 2 * resources.len(),
    });
    // The cluster that a new member joins.
    1 + writes.sum::<usize>()
}

struct Stage<'a> {
    table: &'a Table,
    prices: &'a dyn Prices,
    account: &'a AccountId,
}

impl Stage<'_> {
    /// Stores a batch whole; gives the new head.
    async fn store(
        &self,
        events: &[ResourceEvent],
        mut head: Option<Head>,
        processed: &mut Processed,
    ) -> Result<Option<Head>, Failure> {
        let mut left: Vec<&ResourceEvent> = events.iter().collect();
        for _ in 0..MAX_ATTEMPTS {
            if left.is_empty() {
                return Ok(head);
            }
            let from = match head {
                Some(head) => head,
                None => self.table.head(self.account).await?,
            };
            let mut resources = load_resources(self.table, self.account, &left).await?;
            let cost_events = price(&left, self.prices, &mut resources);
            let changed = resources.take_changed();
            match self.table.record(self.account, from, cost_events, &changed).await? {
                Recorded::Stored(numbered) => {
                    let to = numbered.last().map_or(from, |last| Head(last.number));
                    let with_cost: BTreeSet<_> =
                        numbered.iter().map(|each| &each.event.id.event).collect();
                    processed.unchanged += (left.len() - with_cost.len()) as u64;
                    processed.cost_events.extend(numbered);
                    return Ok(Some(to));
                }
                Recorded::Known(known) => {
                    let before = left.len();
                    left.retain(|event| !known.contains(&event.id));
                    processed.duplicates += (before - left.len()) as u64;
                    head = None;
                }
                Recorded::Outdated => head = None,
            }
        }
        Err(Failure::Retry(format!("account {} is written by others all the time", self.account)))
    }

    /// One event that the table will not take must not take the others with it.
    async fn store_one_by_one(
        &self,
        events: &[ResourceEvent],
        processed: &mut Processed,
    ) -> Result<(), Failure> {
        for event in events {
            match self.store(std::slice::from_ref(event), None, processed).await {
                Err(Failure::Reject(why)) => processed.rejected.push((event.id.clone(), why)),
                other => {
                    other?;
                }
            }
        }
        Ok(())
    }
}

fn price(
    events: &[&ResourceEvent],
    prices: &dyn Prices,
    resources: &mut OpenResources,
) -> Vec<CostEvent> {
    events.iter().flat_map(|event| cost::cost(event, prices, resources)).collect()
}

/// The resources that a batch needs: first those that the events name, then the members of
/// clusters among them.
async fn load_resources(
    table: &Table,
    account: &AccountId,
    events: &[&ResourceEvent],
) -> Result<OpenResources, Failure> {
    let needed = events.iter().flat_map(|event| cost::resources_needed(event));
    let named: BTreeSet<_> = needed.collect();
    let mut resources = OpenResources::new(table.resources(account, &named).await?);
    let members: BTreeSet<_> =
        events.iter().flat_map(|event| cost::members_needed(event, &resources)).collect();
    let further: Vec<_> = members.difference(&named).collect();
    if !further.is_empty() {
        resources.extend(table.resources(account, further).await?);
    }
    Ok(resources)
}
