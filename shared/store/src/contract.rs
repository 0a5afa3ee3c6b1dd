//! What the infrastructure must know of the table.

use crate::keys::{EXPIRY, INDEXES, PK, SK};
use serde::Serialize;

/// The table's shape, for `infra-cdk/contract.json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableContract {
    name: &'static str,
    partition_key: &'static str,
    sort_key: &'static str,
    expiry: &'static str,
    stream_view: &'static str,
    indexes: Vec<IndexContract>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct IndexContract {
    name: &'static str,
    partition_key: &'static str,
    sort_key: &'static str,
    projection: &'static str,
}

/// The shape that [`crate::Table::create`] makes and the queries need.
pub fn table() -> TableContract {
    TableContract {
        name: "dd0c-cost-main",
        partition_key: PK,
        sort_key: SK,
        expiry: EXPIRY,
        stream_view: "NEW_IMAGE",
        indexes: INDEXES
            .iter()
            .map(|index| IndexContract {
                name: index.name,
                partition_key: index.partition,
                sort_key: index.sort,
                projection: "KEYS_ONLY",
            })
            .collect(),
    }
}
