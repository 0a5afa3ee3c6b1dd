//! Notify: what people are told about anomalies, and telling it.

use crate::error::Failure;
use crate::ports::Announce;
use domain::anomaly::{Anomaly, Fold, Status};
use domain::cost_event::CostEvent;
use domain::decision::Delivery;
use jiff::Timestamp;

/// Something that people are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// An event alerted.
    Alert {
        /// The anomaly that it began or joined, as it is after the event.
        anomaly: Box<Anomaly>,
        /// Began or joined.
        fold: Fold,
        /// The event.
        event: Box<CostEvent>,
    },
    /// The last resource of an anomaly ended.
    Resolved {
        /// The anomaly.
        anomaly: Box<Anomaly>,
        /// When.
        at: Timestamp,
    },
}

impl Notice {
    /// When it happened.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Alert { event, .. } => event.time,
            Self::Resolved { at, .. } => *at,
        }
    }

    /// The anomaly that it is about.
    pub fn anomaly(&self) -> &Anomaly {
        match self {
            Self::Alert { anomaly, .. } | Self::Resolved { anomaly, .. } => anomaly,
        }
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

/// Tells people, except what governance holds back.
pub fn notify(announce: &mut impl Announce, notices: &[Notice]) -> Result<Told, Failure> {
    let mut told = Told::default();
    for notice in notices {
        if notice.anomaly().delivery != Delivery::Send {
            told.held_back += 1;
            continue;
        }
        announce.announce(notice)?;
        match notice {
            Notice::Alert { fold: Fold::New, .. } => told.alerts += 1,
            Notice::Alert { .. } => told.folded += 1,
            Notice::Resolved { .. } => told.resolved += 1,
        }
    }
    Ok(told)
}
