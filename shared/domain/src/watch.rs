//! Calls that are told at once, whatever they cost: after some the watch may see nothing more, others
//! commit an account to pay for a year or longer.

use crate::event::Actor;
use crate::ids::{AccountId, EventId, Region};
use crate::words;
use jiff::Timestamp;

/// A call that may have blinded the watch (a trail stopped, a rule disabled or made deaf), or one that commits its
/// account.
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
    /// What the account is committed to, in words; `None` for a call that may have blinded the watch.
    pub commits_to: Option<String>,
}

impl WatchEvent {
    /// All of it in one sentence.
    pub fn sentence(&self) -> String {
        let who = words::who(&self.actor);
        let at = words::time(self.time);
        words::clean(&match &self.commits_to {
            Some(what) => format!(
                "{who} bought {what} in {} of account {} at {at}: it is paid for a year or longer \
                 and cannot be stopped.",
                self.region, self.account,
            ),
            None => format!(
                "We may be blind: {who} called {} in {} of account {} at {at}. Cost that begins \
                 now may not be seen.",
                self.event_name, self.region, self.account,
            ),
        })
    }

    /// What to do about it.
    pub fn what_to_do(&self) -> &'static str {
        match (&self.commits_to, self.event_name.as_str()) {
            (Some(_), "CreateSavingsPlan") => {
                "Unless you know of it: one of at most $100/h can be returned within seven days of \
                 the same calendar month, in the console under Savings Plans."
            }
            (Some(_), _) => {
                "Unless you know of it, write to AWS Support at once: nothing but their goodwill \
                 takes it back."
            }
            (None, _) => self.to_hear_again(),
        }
    }

    fn to_hear_again(&self) -> &'static str {
        match self.event_name.as_str() {
            "StopLogging" => {
                "Unless you know of it, start the trail again: aws cloudtrail start-logging"
            }
            "DeleteTrail" => {
                "Unless you know of it, make a trail that logs management events again."
            }
            "UpdateTrail" => "Look whether the trail still logs management events of all regions.",
            "DisableRule" => "Unless you know of it, enable the rule again: aws events enable-rule",
            "PutEventSelectors" => {
                "This trail logs no changes any more, or never did. Unless another one does, open \
                 CloudTrail, Trails, Management events, Edit, and choose Write (or All)."
            }
            "PutRule" => {
                "A rule of ours hears something else now, or nothing. Unless you know of it, delete the \
                 stack dd0c-cost-readonly and create it anew from the link in the wizard."
            }
            "DeleteRule" | "RemoveTargets" => {
                "It was one of ours. Unless you know of it, delete the stack dd0c-cost-readonly and \
                 create it anew from the link in the wizard."
            }
            _ => "Look whether the account's trail still logs, and whether our rules are in place.",
        }
    }
}
