//! Rules of a region: all there, all on, all with our bus as their target, all hearing what the
//! template makes them hear.

use crate::aws_error::AwsError;
use crate::client::Visit;
use crate::input::Input;
use crate::operation::{LIST_RULES, LIST_TARGETS_BY_RULE};
use crate::pages::Mark;
use cloudtrail::rules::{self, Hears, PREFIX, Rule};
use domain::health::RuleProblem;
use serde_json::{Value, json};

/// The worst that is wrong.
pub(crate) async fn checked(
    visit: &Visit<'_>,
    bus_arn: &str,
) -> Result<Result<(), RuleProblem>, AwsError> {
    let asked = Input::Json(json!({"NamePrefix": PREFIX}));
    let pages = visit.json_pages(LIST_RULES, asked, Mark("NextToken", "NextToken")).await?;
    let there: Vec<&Value> =
        pages.iter().filter_map(|page| page["Rules"].as_array()).flatten().collect();
    if let Err(problem) = blind(&there) {
        return Ok(Err(problem));
    }
    let targets = targets(visit, bus_arn).await?;
    Ok(targets.and_then(|()| {
        none(which(|rule| hears(&there, rule) == Some(Hears::WhatItOnceDid)), RuleProblem::Outdated)
    }))
}

/// What keeps rules from hearing what they should.
fn blind(there: &[&Value]) -> Result<(), RuleProblem> {
    none(which(|rule| named(there, rule).is_none()), RuleProblem::Missing)?;
    none(which(|rule| !named(there, rule).is_some_and(is_on)), RuleProblem::Disabled)?;
    let is_other = |rule: &Rule| matches!(hears(there, rule), None | Some(Hears::SomethingElse));
    none(which(is_other), RuleProblem::Changed)
}

fn none(wrong: Vec<String>, problem: fn(Vec<String>) -> RuleProblem) -> Result<(), RuleProblem> {
    if wrong.is_empty() { Ok(()) } else { Err(problem(wrong)) }
}

fn which(is_wrong: impl Fn(&Rule) -> bool) -> Vec<String> {
    rules::all().iter().filter(|rule| is_wrong(rule)).map(|rule| rule.name.clone()).collect()
}

fn named<'a>(there: &[&'a Value], rule: &Rule) -> Option<&'a Value> {
    there.iter().find(|it| it["Name"] == rule.name).copied()
}

/// `ENABLED`, or with reads as well.
fn is_on(rule: &Value) -> bool {
    rule["State"].as_str().is_some_and(|state| state.starts_with("ENABLED"))
}

/// `None` of a rule that hears no events, but follows a clock.
fn hears(there: &[&Value], rule: &Rule) -> Option<Hears> {
    let pattern = named(there, rule)?["EventPattern"].as_str()?;
    Some(rules::hears(&rule.name, pattern))
}

async fn targets(visit: &Visit<'_>, bus_arn: &str) -> Result<Result<(), RuleProblem>, AwsError> {
    let (mut none, mut other) = (Vec::new(), Vec::new());
    for Rule { name, .. } in rules::all() {
        let answer = visit.json(LIST_TARGETS_BY_RULE, Input::Json(json!({"Rule": name}))).await?;
        let targets = answer["Targets"].as_array().map_or(&[][..], Vec::as_slice);
        if targets.is_empty() {
            none.push(name.clone());
        } else if !targets.iter().any(|target| target["Arn"] == bus_arn) {
            other.push(name.clone());
        }
    }
    Ok(match (none.is_empty(), other.is_empty()) {
        (false, _) => Err(RuleProblem::NoTarget(none)),
        (true, false) => Err(RuleProblem::OtherBus(other)),
        (true, true) => Ok(()),
    })
}
