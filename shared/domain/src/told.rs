//! What people and machines were told of an anomaly, and what has changed since: kept with it, so
//! that a crash loses no notice. Written by who tells, never by who scores.

use crate::anomaly::{Anomaly, Status};
use crate::answer::Answered;
use crate::decision::{Delivery, Severity};
use jiff::Timestamp;

/// How an anomaly stood when somebody was told of it last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// How many of its alerts.
    pub alerts: u64,
    /// How loud it was; `None` before the first alert, and in what an earlier release wrote.
    pub severity: Option<Severity>,
    /// The end.
    pub resolved_at: Option<Timestamp>,
    /// The answer, by its time.
    pub answered_at: Option<Timestamp>,
    /// The snooze, by its end.
    pub snoozed_until: Option<Timestamp>,
}

/// What people were told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// How it stood then.
    pub known: Known,
    /// The message that began it.
    pub message: Option<MessageAt>,
    /// Answers in its thread about further alerts.
    pub replies: u64,
    /// The last of them.
    pub replied_at: Option<Timestamp>,
    /// Why they could not be told; `None` once they were.
    pub undelivered: Option<String>,
}

/// Where a message stands, so that it can be changed, answered and linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageAt {
    /// The channel's id.
    pub channel: String,
    /// The message's id in the channel; Slack calls it `ts`.
    pub id: String,
    /// Its address on the web.
    pub permalink: Option<String>,
}

impl MessageAt {
    /// When it was posted, where its id tells: Slack's is the time, `1780272000.000100`.
    pub fn posted_at(&self) -> Option<Timestamp> {
        let (seconds, rest) = self.id.split_once('.')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_time = digits(seconds) && digits(rest);
        Timestamp::from_second(seconds.parse().ok().filter(|_| is_time)?).ok()
    }
}

/// What a tenant's own webhook was told, and how it takes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hooked {
    /// How the anomaly stood then.
    pub known: Known,
    /// Failures since it last took something.
    pub failures: u64,
    /// Since when it has failed.
    pub failing_since: Option<Timestamp>,
    /// When it failed last.
    pub failed_at: Option<Timestamp>,
}

/// Silence that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snooze {
    /// Until then.
    pub until: Timestamp,
    /// Who asked.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Something about an anomaly that is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// It is there.
    Opened,
    /// Further alerts have joined it.
    Further {
        /// How many.
        alerts: u64,
        /// It has become louder.
        escalated: bool,
    },
    /// Somebody has said what he thinks of it.
    Answered(&'a Answered),
    /// Somebody wants to hear nothing of it for a time.
    Snoozed(&'a Snooze),
    /// That time is over, and it still runs.
    Awake,
    /// All of it has ended.
    Resolved {
        /// When.
        at: Timestamp,
    },
}

impl Change<'_> {
    /// Word in published events.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Further { escalated: true, .. } => "escalated",
            Self::Further { .. } => "changed",
            Self::Answered(_) => "answered",
            Self::Snoozed(_) => "snoozed",
            Self::Awake => "awake",
            Self::Resolved { .. } => "resolved",
        }
    }

    /// Whether it can wait until several of its kind can be told together.
    pub const fn can_wait(&self) -> bool {
        matches!(self, Self::Further { escalated: false, .. })
    }
}

impl Anomaly {
    /// When people were told of it first; `None` until they were, and where no message tells.
    pub fn alerted_at(&self) -> Option<Timestamp> {
        self.told.message.as_ref()?.posted_at()
    }

    /// What has changed since somebody knew it so, in the order in which it is told.
    pub fn changes(&self, known: &Known, now: Timestamp) -> Vec<Change<'_>> {
        let alerts = self.alerts.saturating_sub(known.alerts);
        let first = known.alerts == 0;
        let escalated = known.severity.is_some_and(|before| self.severity > before);
        let wanted = escalated || !self.is_snoozed(now);
        // Of the last silence, though people may have been told of an earlier one only.
        let over = self.snooze.as_ref().is_some_and(|snooze| snooze.until <= now);
        let awake = over && known.snoozed_until.is_some() && !self.is_resolved();
        let ended = match self.status {
            Status::Resolved { at, .. } => Some(at).filter(|at| known.resolved_at != Some(*at)),
            Status::Open => None,
        };
        [
            (alerts > 0 && first).then_some(Change::Opened),
            (alerts > 0 && !first && wanted && !awake)
                .then_some(Change::Further { alerts, escalated }),
            awake.then_some(Change::Awake),
            self.answered
                .as_ref()
                .filter(|answered| known.answered_at != Some(answered.at))
                .map(Change::Answered),
            self.snooze
                .as_ref()
                .filter(|snooze| snooze.until > now && known.snoozed_until != Some(snooze.until))
                .map(Change::Snoozed),
            ended.map(|at| Change::Resolved { at }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// How it stands, for who has been told all of it.
    pub fn known(&self, now: Timestamp) -> Known {
        Known {
            alerts: self.alerts,
            severity: Some(self.severity),
            resolved_at: match self.status {
                Status::Resolved { at, .. } => Some(at),
                Status::Open => None,
            },
            answered_at: self.answered.as_ref().map(|answered| answered.at),
            snoozed_until: self.snoozed_until(now),
        }
    }

    /// Whether people want to hear nothing of it now.
    pub fn is_snoozed(&self, now: Timestamp) -> bool {
        self.snoozed_until(now).is_some()
    }

    /// Until when people want to hear nothing of it.
    pub fn snoozed_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.snooze.as_ref().map(|snooze| snooze.until).filter(|until| *until > now)
    }

    /// Whether there is something to tell, now or once a snooze is over: it is not held back, and
    /// people do not know all of it.
    pub fn is_untold(&self) -> bool {
        let sent = self.delivery == Delivery::Send;
        sent && !self.changes(&self.told.known, Timestamp::MAX).is_empty()
    }
}

impl Known {
    /// Takes note of one change of an anomaly that was told.
    pub fn learn(&mut self, anomaly: &Anomaly, change: Change<'_>) {
        match change {
            Change::Opened | Change::Further { .. } | Change::Awake => {
                self.alerts = anomaly.alerts;
                self.severity = Some(anomaly.severity);
                if !anomaly.is_resolved() {
                    self.resolved_at = None;
                }
                if change == Change::Awake {
                    self.snoozed_until = None;
                }
            }
            Change::Answered(answered) => self.answered_at = Some(answered.at),
            Change::Snoozed(snooze) => self.snoozed_until = Some(snooze.until),
            Change::Resolved { at } => self.resolved_at = Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_message_in_slack_tells_when_it_was_posted() {
        let at = |id: &str| {
            let message =
                MessageAt { channel: "C1".to_owned(), id: id.to_owned(), permalink: None };
            message.posted_at().map(Timestamp::as_second)
        };
        assert_eq!(at("1780272000.000100"), Some(1_780_272_000));
        for other in ["", "1", "a.b", "1780272000.", ".1", "-5.1", "99999999999999999999.1"] {
            assert_eq!(at(other), None, "{other}");
        }
    }
}
