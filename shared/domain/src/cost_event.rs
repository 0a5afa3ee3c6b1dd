//! A cost event: what one change did to the cost by the hour.

use crate::event::Actor;
use crate::ids::{AccountId, EventId, Region};
use crate::money::Usd;
use crate::price::Estimate;
use crate::resource::{ResourceId, Service};
use jiff::Timestamp;
use rust_decimal::Decimal;

/// What one change did to the cost by the hour. Append-only: stored once, never altered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostEvent {
    /// Identity: the CloudTrail event and which of its parts.
    pub id: CostEventId,
    /// When it happened, UTC.
    pub time: Timestamp,
    /// Who pays.
    pub account: AccountId,
    /// Where.
    pub region: Region,
    /// Who answers for it: the one behind the scaling group or fleet where that is known.
    pub actor: Actor,
    /// Stem of the call's name.
    pub name: String,
    /// The scaling group or fleet that launched these.
    pub launcher: Option<ResourceId>,
    /// What kind of thing.
    pub service: Service,
    /// `m5.large`, `gp3`, `db.r6g.large` …; `unknown` where no event told.
    pub resource_type: String,
    /// What happened.
    pub action: Action,
    /// Names of the resources.
    pub resources: Vec<String>,
    /// Price of one of them after the change, in the state that it is in then.
    pub estimate: Estimate,
    /// What all of them cost before, in US dollars an hour.
    pub hourly_before: Usd,
    /// Change of the account's rate in US dollars an hour: count × estimate − before.
    pub hourly_change: Usd,
    /// Of the resources that this event started, how many are known to have ended already.
    pub ended_already: u32,
    /// What it means for the cost events that once started these resources.
    pub effects: Vec<Effect>,
    /// By how much what each actor has running changes; empty where all of it is the actor's own.
    pub open_changes: Vec<OpenChange>,
}

/// By how much what an actor has running changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenChange {
    /// `Actor::id` of the one who answers for the resources.
    pub actor: String,
    /// In US dollars an hour.
    pub hourly: Usd,
}

/// What happened to the resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Created.
    Start,
    /// Made larger, smaller or otherwise dearer or cheaper.
    Resize,
    /// Started again.
    Resume,
    /// Stopped.
    Stop,
    /// Deleted.
    Delete,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 5] = [Self::Start, Self::Resize, Self::Resume, Self::Stop, Self::Delete];

    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Resize => "resize",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Delete => "delete",
        }
    }

    /// The action with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}

/// How a later event changes what an earlier cost event had started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The cost event that started the resources.
    pub opened_by: CostEventId,
    /// How many of them run more (positive) or fewer (negative).
    pub running: i64,
    /// How their rate changes, in US dollars an hour.
    pub hourly: Usd,
}

impl CostEvent {
    /// How many resources.
    pub fn count(&self) -> u64 {
        self.resources.len() as u64
    }

    /// By how much what an actor has running changes, in US dollars an hour.
    pub fn open_change_of(&self, actor: &str) -> Usd {
        if self.open_changes.is_empty() && self.actor.id == actor {
            return self.hourly_change * self.share_running();
        }
        let own = self.open_changes.iter().filter(|change| change.actor == actor);
        own.map(|change| change.hourly).sum()
    }

    /// Of what it started, the share that has not ended already.
    fn share_running(&self) -> Decimal {
        let running = self.count().saturating_sub(u64::from(self.ended_already));
        Decimal::from(running).checked_div(Decimal::from(self.count())).unwrap_or(Decimal::ONE)
    }

    /// All whose running resources it changes, the actor first.
    pub fn owners(&self) -> impl Iterator<Item = &str> {
        let others = self.open_changes.iter().map(|change| change.actor.as_str());
        std::iter::once(self.actor.id.as_str())
            .chain(others.filter(|other| *other != self.actor.id))
    }

    /// Whether it makes the account pay more from now on.
    pub fn costs_more(&self) -> bool {
        self.hourly_change > Usd::ZERO
    }
}

/// Identity of one cost event: an event may give several, one for each kind of resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CostEventId {
    /// The CloudTrail event.
    pub event: EventId,
    /// Which of its cost events, from 0.
    pub part: u16,
}
