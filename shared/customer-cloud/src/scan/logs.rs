//! Log groups.

use super::findings::{Findings, Looked, of};
use super::prices::PriceTags;
use crate::client::Visit;
use crate::input::Input;
use crate::operation::DESCRIBE_LOG_GROUPS;
use crate::pages::Mark;
use crate::when;
use domain::zombie::serverless::{LogGroup, endless_logs};
use domain::zombie::{Named, Place, ZombieCheck};
use pricing::Standing;
use rust_decimal::Decimal;
use serde_json::json;

/// Bytes of a GiB.
const GIB: u64 = 1 << 30;

pub(crate) async fn look(visit: &Visit<'_>) -> Looked<Vec<LogGroup>> {
    let (input, operation) = (Input::Json(json!({"limit": 50})), DESCRIBE_LOG_GROUPS);
    let pages = visit.json_pages(operation, input, Mark("nextToken", "nextToken")).await;
    let pages = pages.map_err(of(operation))?;
    let groups = pages.iter().filter_map(|page| page["logGroups"].as_array()).flatten();
    let groups = groups.filter_map(|group| {
        Some(LogGroup {
            named: Named::only(group["logGroupName"].as_str()?),
            bytes: group["storedBytes"].as_u64()?,
            created: when::millis(&group["creationTime"])?,
            retention_days: group["retentionInDays"].as_u64().and_then(|days| days.try_into().ok()),
        })
    });
    Ok(groups.collect())
}

pub(crate) fn judge(
    all: Vec<LogGroup>,
    place: Place<'_>,
    prices: &PriceTags<'_>,
    findings: &mut Findings,
) {
    for logs in all {
        let gib = Decimal::from(logs.bytes) / Decimal::from(GIB);
        let price = prices.standing(&Standing::Logs { gib });
        findings
            .priced(ZombieCheck::EndlessLogs, price, |price| Ok(endless_logs(&logs, place, price)));
    }
}
