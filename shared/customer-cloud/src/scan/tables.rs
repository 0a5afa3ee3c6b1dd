//! DynamoDB tables with provisioned capacity.

use super::findings::{Findings, Looked, of};
use super::instances::is_old;
use super::metrics::{Asked, Metric, Metrics, OfDays, Silence};
use super::prices::PriceTags;
use crate::client::Visit;
use crate::input::Input;
use crate::operation::{DESCRIBE_TABLE, LIST_TABLES};
use crate::pages::Mark;
use crate::when;
use domain::zombie::database::{CapacityTable, oversized_table};
use domain::zombie::{Named, Place, ZombieCheck};
use pricing::Standing;
use serde_json::{Value, json};

/// A table before it is judged.
#[derive(Debug)]
pub(crate) struct Seen {
    table: CapacityTable,
    metrics: Option<[Asked; 4]>,
}

pub(crate) async fn look(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
    findings: &mut Findings,
) -> Looked<Vec<Seen>> {
    let mark = Mark("ExclusiveStartTableName", "LastEvaluatedTableName");
    let pages = visit.json_pages(LIST_TABLES, Input::Json(json!({"Limit": 100})), mark).await;
    let pages = pages.map_err(of(LIST_TABLES))?;
    let names = pages.iter().filter_map(|page| page["TableNames"].as_array()).flatten();
    let names: Vec<&str> = names.filter_map(Value::as_str).collect();
    let mut seen = Vec::new();
    for name in findings.first(ZombieCheck::OversizedTable, "tables", names) {
        let asked = Input::Json(json!({"TableName": name}));
        let answer = visit.json(DESCRIBE_TABLE, asked).await.map_err(of(DESCRIBE_TABLE));
        if let Some(answer) = findings.each(ZombieCheck::OversizedTable, answer)? {
            seen.extend(table(&answer["Table"], name, place, metrics));
        }
    }
    Ok(seen)
}

/// `None` for tables that are paid by request.
fn table(document: &Value, name: &str, place: Place<'_>, metrics: &mut Metrics) -> Option<Seen> {
    let units = |name: &str| document["ProvisionedThroughput"][name].as_u64().unwrap_or_default();
    let table = CapacityTable {
        named: Named::only(name),
        created: when::seconds(&document["CreationDateTime"])?,
        read_units: units("ReadCapacityUnits"),
        write_units: units("WriteCapacityUnits"),
        read: None,
        written: None,
    };
    if table.read_units + table.write_units == 0 {
        return None;
    }
    let metrics = is_old(table.created, place).then(|| wanted(metrics, name));
    Some(Seen { table, metrics })
}

/// What is used is reported only when something is; what is provisioned always is, and proves it.
fn wanted(metrics: &mut Metrics, table: &str) -> [Asked; 4] {
    [
        ("ConsumedReadCapacityUnits", OfDays::Sum, Silence::Zero),
        ("ProvisionedReadCapacityUnits", OfDays::Maximum, Silence::Unknown),
        ("ConsumedWriteCapacityUnits", OfDays::Sum, Silence::Zero),
        ("ProvisionedWriteCapacityUnits", OfDays::Maximum, Silence::Unknown),
    ]
    .map(|(name, of_days, silence)| {
        let dimensions = vec![("TableName", table.to_owned())];
        metrics.want(Metric { namespace: "AWS/DynamoDB", name, dimensions, of_days, silence })
    })
}

pub(crate) fn judge(
    tables: Vec<Seen>,
    place: Place<'_>,
    prices: &PriceTags<'_>,
    metrics: &Metrics,
    findings: &mut Findings,
) {
    for Seen { mut table, metrics: asked } in tables {
        if let Some([read, provisioned_read, written, provisioned_write]) = asked {
            table.read = metrics.witnessed(read, provisioned_read);
            table.written = metrics.witnessed(written, provisioned_write);
        }
        let (read, write) = (table.read_units, table.write_units);
        let price = prices.standing(&Standing::TableCapacity { read, write });
        findings.priced(ZombieCheck::OversizedTable, price, |price| {
            oversized_table(&table, place, price)
        });
    }
}
