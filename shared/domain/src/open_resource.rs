//! What runs now, since when, at which rate and who started it.

use crate::cost_event::CostEventId;
use crate::event::Actor;
use crate::ids::EventId;
use crate::money::Usd;
use crate::resource::{ResourceId, Service, Spec};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// One resource of which something was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenResource {
    /// Which.
    pub id: ResourceId,
    /// What it is; `None` when its start was not seen and nothing since has told.
    pub spec: Option<Spec>,
    /// Running, stopped or gone.
    pub state: RunState,
    /// US dollars an hour now: all of it while running, storage only while stopped, 0 when gone.
    pub hourly: Usd,
    /// When it was started.
    pub since: Timestamp,
    /// The cost event that started it; its anomaly, if any, is closed through this.
    pub opened_by: CostEventId,
    /// The later event that made it dearer or started it again, and by how much, if there was one:
    /// its anomaly, if any, ends with the resource too.
    pub raised_by: Option<Raise>,
    /// Who answers for it: for a launcher the one who last set its capacity.
    pub actor: Actor,
    /// Members of a database cluster, whose prices follow the cluster's settings.
    pub members: BTreeSet<String>,
    /// The last change, kept with what was before it, so that a second delivery of the same event
    /// computes the same difference.
    pub last_change: LastChange,
}

/// The last event that changed a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    /// The event.
    pub event: EventId,
    /// Its time.
    pub at: Timestamp,
    /// How the resource was before it.
    pub before: Before,
}

/// How a resource was before an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Before {
    /// Its state; `None` when the event created the entry.
    pub state: Option<RunState>,
    /// Its rate.
    pub hourly: Usd,
    /// What had made it dearer.
    pub raised_by: Option<Raise>,
}

/// A later event that made a resource dearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    /// The cost event.
    pub by: CostEventId,
    /// By so many US dollars an hour.
    pub hourly: Usd,
}

/// Whether a resource runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunState {
    /// Runs and costs.
    Running,
    /// Exists; storage costs.
    Stopped,
    /// Deleted, terminated or released.
    Gone,
}

impl RunState {
    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Gone => "gone",
        }
    }

    /// The state with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Running, Self::Stopped, Self::Gone].into_iter().find(|state| state.code() == code)
    }
}

impl OpenResource {
    /// How it was before `event`, whether or not `event` was already applied.
    pub fn before(&self, event: &EventId) -> Before {
        if self.last_change.event == *event {
            return self.last_change.before.clone();
        }
        Before { state: Some(self.state), hourly: self.hourly, raised_by: self.raised_by.clone() }
    }
}

impl LastChange {
    /// Whether this event was the first that was seen of the resource.
    pub fn created_by(&self, event: &EventId) -> bool {
        self.event == *event && self.before.state.is_none()
    }
}

/// The resources of one account that an event, or a batch of them, touches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenResources {
    entries: BTreeMap<ResourceId, OpenResource>,
    changed: BTreeSet<ResourceId>,
}

impl OpenResources {
    /// What the table holds.
    pub fn new(stored: impl IntoIterator<Item = OpenResource>) -> Self {
        let entries = stored.into_iter().map(|entry| (entry.id.clone(), entry)).collect();
        Self { entries, changed: BTreeSet::new() }
    }

    /// Adds what the table holds about further resources; what is here already stays.
    pub fn extend(&mut self, stored: impl IntoIterator<Item = OpenResource>) {
        for entry in stored {
            self.entries.entry(entry.id.clone()).or_insert(entry);
        }
    }

    /// The entry of a resource.
    pub fn get(&self, id: &ResourceId) -> Option<&OpenResource> {
        self.entries.get(id)
    }

    /// Replaces an entry and remembers that it has to be stored.
    pub fn put(&mut self, entry: OpenResource) {
        self.changed.insert(entry.id.clone());
        self.entries.insert(entry.id.clone(), entry);
    }

    /// Entries that have to be stored, and forgets that they have to.
    pub fn take_changed(&mut self) -> Vec<OpenResource> {
        let changed = std::mem::take(&mut self.changed);
        changed.iter().filter_map(|id| self.entries.get(id).cloned()).collect()
    }

    /// Members of a cluster that are known.
    pub fn members_of(&self, cluster: &ResourceId) -> Vec<ResourceId> {
        let names = self.get(cluster).map(|entry| entry.members.clone()).unwrap_or_default();
        names
            .into_iter()
            .map(|name| ResourceId { service: Service::Rds, region: cluster.region.clone(), name })
            .collect()
    }
}
