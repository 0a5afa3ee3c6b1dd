//! Notify: what people are told about anomalies, and telling it.

use crate::error::Failure;
use crate::ports::Announce;
use domain::anomaly::{Anomaly, Fold, Status};
use domain::answer::Answered;
use domain::cost_event::CostEvent;
use domain::decision::Delivery;
use domain::ids::AccountId;
use domain::told::{Change, Snooze};
use jiff::Timestamp;
use std::collections::BTreeMap;
use store::Table;

/// Something that people are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// An event alerted.
    Alert {
        /// The anomaly that it began or joined, as it is after the event.
        anomaly: Box<Anomaly>,
        /// Began or joined.
        fold: Fold,
        /// The event; of several alerts that are told together the last.
        event: Box<CostEvent>,
        /// How many alerts.
        alerts: u64,
    },
    /// The last resource of an anomaly ended.
    Resolved {
        /// The anomaly.
        anomaly: Box<Anomaly>,
        /// When.
        at: Timestamp,
    },
    /// Somebody has said what he thinks of it.
    Answered {
        /// The anomaly.
        anomaly: Box<Anomaly>,
        /// What he said.
        answered: Answered,
    },
    /// Somebody wants to hear nothing of it for a time.
    Snoozed {
        /// The anomaly.
        anomaly: Box<Anomaly>,
        /// Until when.
        snooze: Snooze,
    },
    /// That time is over, and it still runs.
    Awake {
        /// The anomaly.
        anomaly: Box<Anomaly>,
        /// Alerts that have joined it meanwhile.
        alerts: u64,
        /// When.
        at: Timestamp,
    },
}

impl Notice {
    /// When it happened.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Alert { event, .. } => event.time,
            Self::Answered { answered, .. } => answered.at,
            Self::Snoozed { snooze, .. } => snooze.at,
            Self::Resolved { at, .. } | Self::Awake { at, .. } => *at,
        }
    }

    /// The anomaly that it is about.
    pub fn anomaly(&self) -> &Anomaly {
        match self {
            Self::Alert { anomaly, .. }
            | Self::Resolved { anomaly, .. }
            | Self::Answered { anomaly, .. }
            | Self::Snoozed { anomaly, .. }
            | Self::Awake { anomaly, .. } => anomaly,
        }
    }

    /// The same alert as the first one that people in another place hear of.
    pub(crate) fn as_new(&self) -> Option<Self> {
        let mut notice = self.clone();
        match &mut notice {
            Self::Alert { fold, .. } => *fold = Fold::New,
            _ => return None,
        }
        Some(notice)
    }

    /// A notice about the end of an anomaly, if it has ended.
    pub(crate) fn resolved(anomaly: &Anomaly) -> Option<Self> {
        match &anomaly.status {
            Status::Resolved { at, .. } => {
                Some(Self::Resolved { anomaly: Box::new(anomaly.clone()), at: *at })
            }
            Status::Open => None,
        }
    }
}

/// What became of a batch of notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// New anomalies.
    pub alerts: u64,
    /// Alerts that joined an open anomaly.
    pub folded: u64,
    /// Anomalies that ended.
    pub resolved: u64,
    /// Stored, but not sent: strict or panic mode.
    pub held_back: u64,
}

/// Tells people, except what governance holds back, and notes that they were told. A crash between
/// the two tells twice, never not at all: [`untold`] finds what is missing.
pub async fn notify(
    table: &Table,
    announce: &mut impl Announce,
    notices: &[Notice],
) -> Result<Told, Failure> {
    let mut told = Told::default();
    let mut marks = BTreeMap::new();
    for notice in notices {
        let anomaly = notice.anomaly();
        if anomaly.delivery != Delivery::Send {
            told.held_back += u64::from(matches!(notice, Notice::Alert { .. }));
            continue;
        }
        announce.announce(notice, None).await?;
        match notice {
            Notice::Alert { fold: Fold::New, .. } => told.alerts += 1,
            Notice::Alert { .. } => told.folded += 1,
            Notice::Resolved { .. } => told.resolved += 1,
            Notice::Answered { .. } | Notice::Snoozed { .. } | Notice::Awake { .. } => {}
        }
        marks.insert((&anomaly.account, &anomaly.id), (anomaly, notice.at()));
    }
    for (anomaly, at) in marks.into_values() {
        let mut anomaly = anomaly.clone();
        anomaly.told.known = anomaly.known(at);
        table.mark_told(&anomaly).await?;
    }
    Ok(told)
}

/// What an account's people should have been told and were not: one notice for each anomaly that
/// went on, one for each that ended.
pub async fn untold(table: &Table, account: &AccountId) -> Result<Vec<Notice>, Failure> {
    let mut notices = Vec::new();
    for anomaly in table.anomalies(account).await? {
        notices.extend(notices_of(table, &anomaly).await?);
    }
    Ok(notices)
}

/// What people should have been told of an anomaly and were not.
pub async fn notices_of(table: &Table, anomaly: &Anomaly) -> Result<Vec<Notice>, Failure> {
    let mut notices = Vec::new();
    if anomaly.is_untold() {
        for change in anomaly.changes(&anomaly.told.known, Timestamp::MAX) {
            notices.extend(notice_of(table, anomaly, change).await?);
        }
    }
    Ok(notices)
}

/// A change as people are told of it; `None` where nothing is left of what it is about.
pub async fn notice_of(
    table: &Table,
    anomaly: &Anomaly,
    change: Change<'_>,
) -> Result<Option<Notice>, Failure> {
    let boxed = || Box::new(anomaly.clone());
    Ok(match change {
        Change::Opened => last_alert(table, anomaly, Fold::New, anomaly.alerts).await?,
        Change::Further { alerts, escalated } => {
            last_alert(table, anomaly, Fold::Folded { escalated }, alerts).await?
        }
        Change::Awake => {
            let alerts = anomaly.alerts.saturating_sub(anomaly.told.known.alerts);
            let at = anomaly.snooze.as_ref().map(|snooze| snooze.until).unwrap_or_default();
            Some(Notice::Awake { anomaly: boxed(), alerts, at })
        }
        Change::Answered(answered) => {
            Some(Notice::Answered { anomaly: boxed(), answered: answered.clone() })
        }
        Change::Snoozed(snooze) => {
            Some(Notice::Snoozed { anomaly: boxed(), snooze: snooze.clone() })
        }
        Change::Resolved { at } => Some(Notice::Resolved { anomaly: boxed(), at }),
    })
}

async fn last_alert(
    table: &Table,
    anomaly: &Anomaly,
    fold: Fold,
    alerts: u64,
) -> Result<Option<Notice>, Failure> {
    let Some(last) = anomaly.members.last() else { return Ok(None) };
    let event = table.cost_event(&anomaly.account, last.time, &last.id).await?;
    Ok(event.map(|event| Notice::Alert {
        anomaly: Box::new(anomaly.clone()),
        fold,
        event: Box::new(event),
        alerts,
    }))
}
