//! The report for programs.

use crate::evaluate::{AtRate, Evaluation};
use crate::metrics::{Part, Summary};
use crate::report::Report;
use serde_json::{Map, Value, json};

/// As JSON, one object; shares are between 0 and 1, times in hours, rates a week and account.
pub fn report(report: &Report<'_>) -> String {
    let candidates: Map<String, Value> = (report.evaluations.iter())
        .map(|each| (each.candidate.name.to_owned(), evaluation(each)))
        .collect();
    let value = json!({
        "command": report.command,
        "accounts": report.scale.accounts,
        "days": report.scale.days,
        "dev_seeds": report.scale.dev_seeds(),
        "test_seeds": report.scale.test_seeds(),
        "candidates": candidates,
    });
    format!("{value:#}\n")
}

fn evaluation(each: &Evaluation) -> Value {
    json!({
        "at_rates": each.at_rates.iter().map(at_rate).collect::<Vec<_>>(),
        "left_out": named(each.left_out.iter().map(|(kind, part)| (kind.code(), *part))),
        "cold_start": at_rate(&each.cold),
    })
}

fn at_rate(at: &AtRate) -> Value {
    let test: &Summary = &at.test;
    let (low, high) = test.found.wilson();
    json!({
        "wanted_benign_rate": at.rate,
        "threshold": if at.threshold.is_finite() { json!(at.threshold) } else { Value::Null },
        "benign_rate": test.benign_rate(),
        "recall": test.found.share(),
        "incidents": test.found.all,
        "wilson": [low, high],
        "bootstrap": [test.bootstrap.0, test.bootstrap.1],
        "recall_if_late": test.found_late.share(),
        "precision": test.precision.share(),
        "hours_p50": test.hours_at(0.5),
        "hours_p90": test.hours_at(0.9),
        "within_an_hour": test.within_an_hour(),
        "dollars_saved": test.saved,
        "by_kind": named(test.by_kind.iter().map(|(kind, part)| (kind.code(), *part))),
        "by_archetype": named(test.by_archetype.iter().map(|(each, part)| (each.code(), *part))),
    })
}

fn named(parts: impl Iterator<Item = (&'static str, Part)>) -> Map<String, Value> {
    parts
        .map(|(name, part)| (name.to_owned(), json!({ "found": part.some, "of": part.all })))
        .collect()
}
