//! CloudTrail: trails, their state, and what is remembered.

use crate::world::{Account, Place, Trail};
use serde_json::{Value, json};

/// CloudTrail gives no more of them at once.
const PAGE: u64 = 50;

impl Trail {
    pub(crate) fn of_all_regions() -> Self {
        Self {
            is_logging: true,
            home: "us-east-1".to_owned(),
            is_multi_region: true,
            is_organisation: false,
            selectors: json!({"EventSelectors": [
                {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": true, "DataResources": []},
            ]}),
        }
    }

    pub(crate) fn reads_only() -> Value {
        json!({"AdvancedEventSelectors": [{"FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Management"]},
            {"Field": "readOnly", "Equals": ["true"]},
        ]}]})
    }

    fn arn(&self, account: &str) -> String {
        format!("arn:aws:cloudtrail:{}:{account}:trail/main", self.home)
    }
}

/// `None` if CloudTrail does not know the call.
pub(crate) fn answered(
    account_id: &str,
    account: &Account,
    region: &str,
    action: &str,
    asked: &Value,
) -> Option<Result<Value, &'static str>> {
    let trail = account.trail.as_ref();
    let named = |field: &str| {
        let here = trail.filter(|it| asked[field] == it.arn(account_id) && it.home == region);
        here.ok_or("TrailNotFoundException")
    };
    Some(match action {
        "DescribeTrails" => Ok(described(account_id, trail, region)),
        "GetTrailStatus" => named("Name").map(|trail| json!({"IsLogging": trail.is_logging})),
        "GetEventSelectors" => named("TrailName").and_then(|trail| {
            if trail.is_organisation {
                Err("AccessDeniedException")
            } else {
                Ok(trail.selectors.clone())
            }
        }),
        _ => return None,
    })
}

/// A trail of all regions shows in every one of them.
fn described(account: &str, trail: Option<&Trail>, region: &str) -> Value {
    let seen = trail.filter(|trail| trail.is_multi_region || trail.home == region);
    let trails: Vec<Value> = seen.into_iter().map(|trail| json!({
        "Name": "main", "TrailARN": trail.arn(account), "HomeRegion": trail.home,
        "IsMultiRegionTrail": trail.is_multi_region, "IsOrganizationTrail": trail.is_organisation,
        "HasCustomEventSelectors": true, "S3BucketName": "trails",
    })).collect();
    json!({"trailList": trails})
}

/// `LookupEvents`: newest first, changes only if asked so.
pub(crate) fn looked_up(place: &Place, asked: &Value) -> Result<Value, &'static str> {
    let most = asked["MaxResults"].as_u64().unwrap_or(PAGE);
    if !(1..=PAGE).contains(&most) {
        return Err("InvalidMaxResultsException");
    }
    let (from, until) = (asked["StartTime"].as_i64(), asked["EndTime"].as_i64());
    let changes_only = asked["LookupAttributes"][0]["AttributeValue"] == "false";
    let at = |record: &Value| -> Option<i64> {
        record["eventTime"]
            .as_str()?
            .parse::<jiff::Timestamp>()
            .ok()
            .map(jiff::Timestamp::as_second)
    };
    let mut found: Vec<&Value> = place
        .records
        .iter()
        .filter(|record| !changes_only || record["readOnly"] != true)
        .filter(|record| {
            at(record)
                .is_some_and(|at| from.is_none_or(|it| at >= it) && until.is_none_or(|it| at <= it))
        })
        .collect();
    found.sort_by_key(|record| std::cmp::Reverse(at(record)));
    let start = match asked["NextToken"].as_str() {
        None => 0,
        Some(token) => token
            .strip_prefix("at-")
            .and_then(|it| it.parse().ok())
            .ok_or("InvalidNextTokenException")?,
    };
    let count = usize::try_from(most).unwrap_or(usize::MAX);
    let events: Vec<Value> = found
        .iter()
        .skip(start)
        .take(count)
        .map(|record| {
            json!({
                "EventId": record["eventID"], "EventName": record["eventName"], "ReadOnly": "false",
                "CloudTrailEvent": record.to_string(),
            })
        })
        .collect();
    let more = start + events.len() < found.len();
    let next = more.then(|| format!("at-{}", start + events.len()));
    Ok(json!({"Events": events, "NextToken": next}))
}
