//! Calls after which the watch may see nothing more: they are told at once, whatever they cost.

use crate::event::Actor;
use crate::ids::{AccountId, EventId, Region};
use crate::words;
use jiff::Timestamp;

/// A call that may have blinded the watch: a trail stopped, a rule disabled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchEvent {
    /// `eventID`.
    pub id: EventId,
    /// When.
    pub time: Timestamp,
    /// Which account we may not see any more.
    pub account: AccountId,
    /// Where.
    pub region: Region,
    /// Who did it.
    pub actor: Actor,
    /// `cloudtrail.amazonaws.com`.
    pub event_source: String,
    /// `StopLogging`.
    pub event_name: String,
}

impl WatchEvent {
    /// All of it in one sentence.
    pub fn sentence(&self) -> String {
        words::clean(&format!(
            "We may be blind: {} called {} in {} of account {} at {}. Cost that begins now may not \
             be seen.",
            words::who(&self.actor),
            self.event_name,
            self.region,
            self.account,
            words::time(self.time),
        ))
    }

    /// What to do about it.
    pub fn what_to_do(&self) -> &'static str {
        match self.event_name.as_str() {
            "StopLogging" => {
                "Unless you know of it, start the trail again: aws cloudtrail start-logging"
            }
            "DeleteTrail" => {
                "Unless you know of it, make a trail that logs management events again."
            }
            "UpdateTrail" => "Look whether the trail still logs management events of all regions.",
            "DisableRule" => "Unless you know of it, enable the rule again: aws events enable-rule",
            "DeleteRule" | "RemoveTargets" => {
                "If it was one of ours, update the stack dd0c-cost-readonly to bring it back."
            }
            _ => "Look whether the account's trail still logs, and whether our rules are in place.",
        }
    }
}
