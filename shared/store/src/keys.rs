//! Keys of the table, in one place.

use crate::attribute::{Item, number, text};
use domain::baseline::BaselineKey;
use domain::cost_event::CostEventId;
use domain::ids::AccountId;
use domain::resource::ResourceId;
use jiff::Timestamp;

/// Partition key.
pub(crate) const PK: &str = "PK";
/// Sort key.
pub(crate) const SK: &str = "SK";
/// Index for finding one item by another name than its key.
pub(crate) const GSI1: &str = "GSI1";
/// Partition key of [`GSI1`].
pub(crate) const GSI1_PK: &str = "GSI1PK";
/// Sort key of [`GSI1`].
pub(crate) const GSI1_SK: &str = "GSI1SK";
/// Partition of [`GSI1`] with all accounts that have cost events.
pub(crate) const ACCOUNTS: &str = "ACCOUNTS";
/// Index of an account's anomalies by status and time.
pub(crate) const GSI3: &str = "GSI3";
/// Partition key of [`GSI3`].
pub(crate) const GSI3_PK: &str = "GSI3PK";
/// Sort key of [`GSI3`].
pub(crate) const GSI3_SK: &str = "GSI3SK";

/// Sort-key prefix of cost events.
pub(crate) const EVENT: &str = "EVENT#";
/// Sort-key prefix of anomalies.
pub(crate) const ANOMALY: &str = "ANOMALY#";
/// Sort-key prefix of expectations.
pub(crate) const EXPECTED: &str = "EXPECTED#";

/// Partition and sort key of one item.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) partition: String,
    pub(crate) sort: String,
}

impl Key {
    fn new(partition: String, sort: String) -> Self {
        Self { partition, sort }
    }

    /// The beginning of an item: its key, what it is and the version of its shape.
    pub(crate) fn item(&self, entity: &str) -> Item {
        let mut item = self.attributes();
        item.insert("entity".to_owned(), text(entity));
        item.insert("schemaVersion".to_owned(), number(1));
        item
    }

    /// As attributes.
    pub(crate) fn attributes(&self) -> Item {
        Item::from([(PK.to_owned(), text(&self.partition)), (SK.to_owned(), text(&self.sort))])
    }
}

pub(crate) fn account(account: &AccountId) -> String {
    format!("ACCOUNT#{account}")
}

pub(crate) fn baselines(account: &AccountId) -> String {
    format!("BASELINE#{account}")
}

/// The account's counter of cost events.
pub(crate) fn head(of: &AccountId) -> Key {
    Key::new(account(of), "HEAD".to_owned())
}

/// `EVENT#<time>#<event id>`, with `#n` from the second part on. Times have a fixed width, so that
/// keys sort by time.
pub(crate) fn cost_event(of: &AccountId, time: Timestamp, id: &CostEventId) -> Key {
    let part = if id.part == 0 { String::new() } else { format!("#{}", id.part) };
    Key::new(account(of), format!("{EVENT}{time:.3}#{}{part}", id.event))
}

pub(crate) fn resource(of: &AccountId, id: &ResourceId) -> Key {
    Key::new(account(of), format!("RESOURCE#{id}"))
}

pub(crate) fn baseline(of: &AccountId, key: &BaselineKey) -> Key {
    Key::new(baselines(of), key.code())
}

pub(crate) fn anomaly(of: &AccountId, id: &str) -> Key {
    Key::new(account(of), format!("{ANOMALY}{id}"))
}

/// Partition of [`GSI1`] of one anomaly.
pub(crate) fn anomaly_by_id(id: &str) -> String {
    format!("ANOMALYID#{id}")
}

/// Which anomaly a cost event belongs to.
pub(crate) fn membership(of: &AccountId, id: &CostEventId) -> Key {
    Key::new(account(of), format!("MEMBER#{}#{}", id.event, id.part))
}

pub(crate) fn expectation(of: &AccountId, id: &str) -> Key {
    Key::new(baselines(of), format!("{EXPECTED}{id}"))
}

/// Partition of an account's anomalies of one status.
pub(crate) fn anomalies_by_status(of: &AccountId, status: &str) -> String {
    format!("ANOMALY#{of}#STATUS#{status}")
}
