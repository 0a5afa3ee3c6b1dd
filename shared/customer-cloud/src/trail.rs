//! Trails: whether one makes events of the calls in every region.

use crate::aws_error::AwsError;
use crate::client::Visit;
use crate::input::Input;
use crate::operation::{DESCRIBE_TRAILS, GET_EVENT_SELECTORS, GET_TRAIL_STATUS};
use cloudtrail::selectors;
use domain::health::TrailProblem;
use domain::ids::Region;
use serde_json::{Value, json};

/// Trails of one region that are looked at; AWS allows five.
const MOST: usize = 20;

/// How far a trail got. The last one is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    None,
    Off,
    NoManagementEvents,
    Good,
}

/// The regions that no trail covers, of those asked for.
pub(crate) async fn checked(
    visit: &Visit<'_>,
    regions: &[Region],
) -> Result<Result<(), TrailProblem>, AwsError> {
    let mut best = Stage::None;
    // A trail of all regions shows in every one of them.
    for trail in &described(visit).await? {
        if trail["IsMultiRegionTrail"] == true {
            best = best.max(stage(visit, trail).await?);
        }
    }
    if best == Stage::Good {
        return Ok(Ok(()));
    }
    let mut uncovered = Vec::new();
    for region in regions {
        let here = visit.to(region);
        let found = of_region(&here).await?;
        best = best.max(found);
        if found != Stage::Good {
            uncovered.push(region.clone());
        }
    }
    Ok(problem(best, uncovered))
}

fn problem(best: Stage, uncovered: Vec<Region>) -> Result<(), TrailProblem> {
    match best {
        _ if uncovered.is_empty() && best == Stage::Good => Ok(()),
        Stage::Good => Err(TrailProblem::NotAllRegions(uncovered)),
        Stage::NoManagementEvents => Err(TrailProblem::NoManagementEvents),
        Stage::Off => Err(TrailProblem::NotLogging),
        Stage::None => Err(TrailProblem::NoTrail),
    }
}

/// The best of the trails that have their home in a region.
async fn of_region(visit: &Visit<'_>) -> Result<Stage, AwsError> {
    let mut best = Stage::None;
    for trail in &described(visit).await? {
        if trail["HomeRegion"] == visit.region.as_str() {
            best = best.max(stage(visit, trail).await?);
        }
    }
    Ok(best)
}

async fn described(visit: &Visit<'_>) -> Result<Vec<Value>, AwsError> {
    let answer = visit.json(DESCRIBE_TRAILS, Input::Json(json!({}))).await?;
    let trails = answer["trailList"].as_array().map_or(&[][..], Vec::as_slice);
    Ok(trails.iter().take(MOST).cloned().collect())
}

/// Asked where the trail has its home: nobody else knows.
async fn stage(visit: &Visit<'_>, trail: &Value) -> Result<Stage, AwsError> {
    let home = trail["HomeRegion"].as_str().and_then(|home| Region::parse(home).ok());
    let Some(home) = home else { return Ok(Stage::None) };
    let at_home = visit.to(&home);
    let name = trail["TrailARN"].as_str().or_else(|| trail["Name"].as_str()).unwrap_or_default();
    let status = at_home.json(GET_TRAIL_STATUS, Input::Json(json!({"Name": name}))).await?;
    if status["IsLogging"] != true {
        return Ok(Stage::Off);
    }
    let selectors =
        at_home.json(GET_EVENT_SELECTORS, Input::Json(json!({"TrailName": name}))).await;
    match selectors {
        Ok(selectors) if selectors::records_changes(&selectors.to_string()) => Ok(Stage::Good),
        Ok(_) => Ok(Stage::NoManagementEvents),
        // A member of an organisation may not always read what the organisation has chosen; the
        // default holds management events, and a knock proves it.
        Err(AwsError::Denied(_) | AwsError::Refused(_)) if trail["IsOrganizationTrail"] == true => {
            Ok(Stage::Good)
        }
        Err(error) => Err(error),
    }
}
