//! Brings events into the order of time: files come from many regions and are not sorted inside.

use domain::event::ResourceEvent;
use jiff::Timestamp;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Events that wait for earlier ones; this bounds the memory.
const WINDOW: usize = 20_000;
/// Resources that they name, since one event may name thousands.
const WINDOW_RESOURCES: usize = 100_000;

/// A bounded buffer that gives events in the order of time, then of their ids, so that the result
/// does not depend on the order of files.
#[derive(Default)]
pub(crate) struct Order {
    waiting: BinaryHeap<Reverse<Waiting>>,
    resources: usize,
    last: Option<Timestamp>,
    /// Events that came after a later one had been given away.
    pub(crate) late: u64,
}

struct Waiting(ResourceEvent);

impl Order {
    /// Takes an event; gives one back when too many wait.
    pub(crate) fn push(&mut self, event: ResourceEvent) -> Option<ResourceEvent> {
        self.resources += weight(&event);
        self.waiting.push(Reverse(Waiting(event)));
        let full = self.waiting.len() > WINDOW || self.resources > WINDOW_RESOURCES;
        if full { self.pop() } else { None }
    }

    /// The earliest event.
    pub(crate) fn pop(&mut self) -> Option<ResourceEvent> {
        let Reverse(Waiting(event)) = self.waiting.pop()?;
        self.resources -= weight(&event);
        if self.last.is_some_and(|last| event.time < last) {
            self.late += 1;
        }
        self.last = self.last.max(Some(event.time));
        Some(event)
    }
}

/// Resources that an event names.
pub(super) fn weight(event: &ResourceEvent) -> usize {
    event.changes.iter().map(|change| change.resources().len()).sum()
}

impl Waiting {
    fn key(&self) -> (Timestamp, &str) {
        (self.0.time, self.0.id.as_str())
    }
}
impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}
impl Eq for Waiting {}
impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}
