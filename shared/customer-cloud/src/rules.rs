//! Rules of a region: all there, all on, all with our bus as their target.

use crate::aws_error::AwsError;
use crate::client::Visit;
use crate::input::Input;
use crate::operation::{LIST_RULES, LIST_TARGETS_BY_RULE};
use crate::pages::Mark;
use crate::template::RULES;
use domain::health::RuleProblem;
use serde_json::{Value, json};

/// With what the names of all our rules begin.
const PREFIX: &str = "dd0c-cost-";

pub(crate) async fn checked(
    visit: &Visit<'_>,
    bus_arn: &str,
) -> Result<Result<(), RuleProblem>, AwsError> {
    let asked = Input::Json(json!({"NamePrefix": PREFIX}));
    let pages = visit.json_pages(LIST_RULES, asked, Mark("NextToken", "NextToken")).await?;
    let there: Vec<&Value> =
        pages.iter().filter_map(|page| page["Rules"].as_array()).flatten().collect();
    let named = |name: &str| there.iter().find(|rule| rule["Name"] == name);
    let missing = which(|name| named(name).is_none());
    if !missing.is_empty() {
        return Ok(Err(RuleProblem::Missing(missing)));
    }
    let disabled = which(|name| !named(name).is_some_and(|rule| is_on(rule)));
    if !disabled.is_empty() {
        return Ok(Err(RuleProblem::Disabled(disabled)));
    }
    targets(visit, bus_arn).await
}

fn which(wrong: impl Fn(&str) -> bool) -> Vec<String> {
    RULES.into_iter().filter(|name| wrong(name)).map(str::to_owned).collect()
}

/// `ENABLED`, or with reads as well.
fn is_on(rule: &Value) -> bool {
    rule["State"].as_str().is_some_and(|state| state.starts_with("ENABLED"))
}

async fn targets(visit: &Visit<'_>, bus_arn: &str) -> Result<Result<(), RuleProblem>, AwsError> {
    let (mut none, mut other) = (Vec::new(), Vec::new());
    for name in RULES {
        let answer = visit.json(LIST_TARGETS_BY_RULE, Input::Json(json!({"Rule": name}))).await?;
        let targets = answer["Targets"].as_array().map_or(&[][..], Vec::as_slice);
        if targets.is_empty() {
            none.push(name.to_owned());
        } else if !targets.iter().any(|target| target["Arn"] == bus_arn) {
            other.push(name.to_owned());
        }
    }
    Ok(match (none.is_empty(), other.is_empty()) {
        (false, _) => Err(RuleProblem::NoTarget(none)),
        (true, false) => Err(RuleProblem::OtherBus(other)),
        (true, true) => Ok(()),
    })
}
