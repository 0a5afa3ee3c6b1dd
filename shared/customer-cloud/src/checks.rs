//! The port: what can be asked of a customer's account.

use crate::aws_error::AwsError;
use crate::client::CustomerCloud;
use crate::input::Input;
use crate::operation::{
    ASSUME_ROLE, CREATE_SNAPSHOT, DESCRIBE_REGIONS, DESCRIBE_TRAILS, LIST_RULES, LOOKUP_EVENTS,
};
use crate::role::Ended;
use crate::{role, rules, scan, trail};
use domain::health::{RoleProblem, RuleProblem, TrailProblem};
use domain::ids::Region;
use domain::zombie::Part;
use jiff::Timestamp;
use pipeline::cloud::{Access, Calls, Cloud, LookedUp, PROOF_SESSION, Scanned};
use pipeline::error::Failure;
use serde_json::json;

/// A volume that nobody has.
const NO_VOLUME: &str = "vol-00000000000000000";
/// Records of one page, the most that CloudTrail gives.
const PAGE: u32 = 50;

impl Cloud for CustomerCloud {
    async fn check_role(&self, access: &Access) -> Result<Result<(), RoleProblem>, Failure> {
        match role::checked(self, access).await {
            Ok(()) => Ok(Ok(())),
            Err(Ended::Problem(problem)) => Ok(Err(problem)),
            Err(Ended::Failure(failure)) => Err(failure),
        }
    }

    async fn regions(&self, access: &Access) -> Result<Vec<Region>, Failure> {
        let visit = self.visit(access, self.home()).await?;
        let answer = visit.xml(DESCRIBE_REGIONS, Input::form([])).await;
        let answer = answer.map_err(|error| error.failure(DESCRIBE_REGIONS))?;
        let regions = answer.list("regionInfo").iter();
        let on = regions.filter(|region| region.text("optInStatus") != "not-opted-in");
        let mut regions: Vec<Region> =
            on.filter_map(|region| Region::parse(region.text("regionName")).ok()).collect();
        regions.sort();
        if regions.is_empty() {
            return Err(Failure::Retry("AWS names no region of the account".to_owned()));
        }
        Ok(regions)
    }

    async fn check_trail(
        &self,
        access: &Access,
        regions: &[Region],
    ) -> Result<Result<(), TrailProblem>, Failure> {
        let visit = self.visit(access, self.home()).await?;
        match trail::checked(&visit, regions).await {
            Err(error @ AwsError::Denied(_)) => {
                Ok(Err(TrailProblem::NotReadable(error.why(DESCRIBE_TRAILS))))
            }
            other => other.map_err(|error| error.failure(DESCRIBE_TRAILS)),
        }
    }

    async fn check_rules(
        &self,
        access: &Access,
        region: &Region,
        bus_arn: &str,
    ) -> Result<Result<(), RuleProblem>, Failure> {
        let visit = self.visit(access, region).await?;
        match rules::checked(&visit, bus_arn).await {
            Err(error @ AwsError::Denied(_)) => {
                Ok(Err(RuleProblem::NotReadable(error.why(LIST_RULES))))
            }
            other => other.map_err(|error| error.failure(LIST_RULES)),
        }
    }

    async fn knock(&self, access: &Access, region: &Region) -> Result<(), Failure> {
        let keys = self.assume(access, PROOF_SESSION, Some(&access.external_id)).await;
        let keys = keys.map_err(|error| error.failure(ASSUME_ROLE))?;
        let visit = self.visit_with(access, region, keys);
        let asked = Input::form([("VolumeId", NO_VOLUME), ("DryRun", "true")]);
        match visit.xml(CREATE_SNAPSHOT, asked).await {
            // Denied is what we want; a dry run that would have worked is a call all the same.
            Err(AwsError::Denied(_)) => Ok(()),
            Err(AwsError::Refused(code)) if code == "DryRunOperation" => Ok(()),
            Ok(_) => Err(Failure::Reject("AWS took a dry run for a real one".to_owned())),
            Err(error) => Err(error.failure(CREATE_SNAPSHOT)),
        }
    }

    async fn lookup(
        &self,
        access: &Access,
        region: &Region,
        (from, until): (Timestamp, Timestamp),
        next: Option<String>,
    ) -> Result<LookedUp, Failure> {
        let mut asked = json!({
            "StartTime": from.as_second(), "EndTime": until.as_second(), "MaxResults": PAGE,
            "LookupAttributes": [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}],
        });
        if let Some(next) = next {
            asked["NextToken"] = next.into();
        }
        let visit = self.visit(access, region).await?;
        let answer = visit.json(LOOKUP_EVENTS, Input::Json(asked)).await;
        let answer = answer.map_err(|error| error.failure(LOOKUP_EVENTS))?;
        let events = answer["Events"].as_array().map_or(&[][..], Vec::as_slice);
        let records = events.iter().filter_map(|event| event["CloudTrailEvent"].as_str());
        let next = answer["NextToken"].as_str().filter(|next| !next.is_empty());
        let records = records.map(str::to_owned).collect();
        Ok(LookedUp { records, next: next.map(str::to_owned) })
    }

    async fn scan(
        &self,
        access: &Access,
        (region, part): (&Region, Part),
        now: Timestamp,
        go_on: &(impl Fn() -> bool + Sync),
    ) -> (Calls, Result<Option<Scanned>, Failure>) {
        match self.visit(access, region).await {
            Ok(visit) => scan::scanned(&visit.while_it(go_on), part, self.book(), now).await,
            Err(failure) => (Calls::default(), Err(failure)),
        }
    }
}
