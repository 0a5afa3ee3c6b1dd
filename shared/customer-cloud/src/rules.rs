//! Rules of a region: all there, all on, all with our bus as their target, all hearing what the
//! template makes them hear.

use crate::aws_error::AwsError;
use crate::client::Visit;
use crate::input::Input;
use crate::operation::{LIST_RULES, LIST_TARGETS_BY_RULE};
use crate::pages::Mark;
use cloudtrail::rules::{self, Hears, Missing, PREFIX, Rule};
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
    let Missing { gone, later } = missing(&there);
    if let Err(problem) = none(gone, RuleProblem::Missing).and_then(|()| blind(&there)) {
        return Ok(Err(problem));
    }
    let targets = targets(visit, &there, bus_arn).await?;
    let is_old = |rule: &Rule, there: &Value| hears(rule, there) == Some(Hears::WhatItOnceDid);
    let outdated = [which(&there, is_old), later].concat();
    Ok(targets.and_then(|()| none(outdated, RuleProblem::Outdated)))
}

fn missing(there: &[&Value]) -> Missing {
    let text = |rule: &'_ Value, name: &str| rule[name].as_str().unwrap_or_default().to_owned();
    let named: Vec<(String, String)> =
        there.iter().map(|rule| (text(rule, "Name"), text(rule, "EventPattern"))).collect();
    rules::missing(&named)
}

/// What keeps rules that are there from hearing what they should.
fn blind(there: &[&Value]) -> Result<(), RuleProblem> {
    none(which(there, |_, rule| !is_on(rule)), RuleProblem::Disabled)?;
    let is_other = |rule: &Rule, there: &Value| {
        matches!(hears(rule, there), None | Some(Hears::SomethingElse))
    };
    none(which(there, is_other), RuleProblem::Changed)
}

fn none(wrong: Vec<String>, problem: fn(Vec<String>) -> RuleProblem) -> Result<(), RuleProblem> {
    if wrong.is_empty() { Ok(()) } else { Err(problem(wrong)) }
}

/// Names of ours that are there and wrong.
fn which(there: &[&Value], is_wrong: impl Fn(&Rule, &Value) -> bool) -> Vec<String> {
    let ours = rules::all()
        .iter()
        .filter(|rule| there.iter().any(|it| it["Name"] == rule.name && is_wrong(rule, it)));
    ours.map(|rule| rule.name.clone()).collect()
}

/// `ENABLED`, or with reads as well.
fn is_on(rule: &Value) -> bool {
    rule["State"].as_str().is_some_and(|state| state.starts_with("ENABLED"))
}

/// `None` of a rule that hears no events, but follows a clock.
fn hears(rule: &Rule, there: &Value) -> Option<Hears> {
    Some(rules::hears(&rule.name, there["EventPattern"].as_str()?))
}

async fn targets(
    visit: &Visit<'_>,
    there: &[&Value],
    bus_arn: &str,
) -> Result<Result<(), RuleProblem>, AwsError> {
    let (mut none, mut other) = (Vec::new(), Vec::new());
    for name in which(there, |_, _| true) {
        let answer = visit.json(LIST_TARGETS_BY_RULE, Input::Json(json!({"Rule": name}))).await?;
        let targets = answer["Targets"].as_array().map_or(&[][..], Vec::as_slice);
        if targets.is_empty() {
            none.push(name);
        } else if !targets.iter().any(|target| target["Arn"] == bus_arn) {
            other.push(name);
        }
    }
    Ok(match (none.is_empty(), other.is_empty()) {
        (false, _) => Err(RuleProblem::NoTarget(none)),
        (true, false) => Err(RuleProblem::OtherBus(other)),
        (true, true) => Ok(()),
    })
}
