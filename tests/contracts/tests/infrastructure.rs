//! What the infrastructure must know of the code stands in `infra-cdk/contract.json`, written by
//! the code.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cloudtrail::rules::{self, Rule};
use runtime::settings;
use runtime::telemetry::metrics::{Metric, NAMESPACE};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn contract() -> Value {
    let mut functions = Map::new();
    let mut optional: BTreeSet<&str> = settings::OF_ALL.into();
    for (function, needed, can_do_without) in settings::functions() {
        functions.insert(function.to_owned(), json!({"environment": needed}));
        optional.extend(can_do_without);
    }
    let parsed = |patterns: Vec<String>| -> Vec<Value> {
        patterns.iter().map(|pattern| serde_json::from_str(pattern).unwrap()).collect()
    };
    let mut metrics: Vec<&str> = Metric::all().map(Metric::name).collect();
    metrics.sort_unstable();
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/store/src");
    json!({
        "attributes": contracts::stored_attributes(&store).unwrap(),
        "table": store::contract::table(),
        "streamEntities": store::stream::ENTITIES,
        "functions": functions,
        "optionalEnvironment": optional,
        "metrics": {"namespace": NAMESPACE, "names": metrics},
        "patterns": {
            "calls": parsed(cloudtrail::patterns::calls()),
            "watchdog": parsed(cloudtrail::patterns::watchdog()),
            "states": parsed(cloudtrail::patterns::states()),
        },
    })
}

#[test]
fn the_contract_is_what_the_code_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra-cdk/contract.json");
    let current = serde_json::to_string_pretty(&contract()).unwrap() + "\n";
    if std::env::var_os("DOCS_BLESS").is_some() {
        fs::write(&file, &current).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == current,
        "infra-cdk/contract.json is old; write it anew with: cargo xtask docs, then \
         python3 infra-cdk/customer/build.py"
    );
}

/// A rule that hears what an earlier template made it hear is told from one that somebody has
/// changed, so each pattern that we put is remembered.
#[test]
fn every_pattern_that_the_template_puts_is_remembered() {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cloudtrail/rule_patterns.csv");
    let release = rules::put().map(|put| put.release).max().unwrap_or_default() + 1;
    let is_remembered = |rule: &Rule, digest: &str| {
        rules::put().any(|put| put.rule == rule.name && put.digest == digest)
    };
    let digests = rules::all().iter().map(|rule| (rule, rules::digest(&rule.pattern).unwrap()));
    let new: Vec<String> = digests
        .filter(|(rule, digest)| !is_remembered(rule, digest))
        .map(|(rule, digest)| format!("{},{digest},{release}", rule.name))
        .collect();
    if std::env::var_os("DOCS_BLESS").is_some() {
        let written = fs::read_to_string(&file).unwrap();
        // A rule's patterns stay together, in the order in which they came.
        let mut lines: Vec<&str> =
            written.lines().skip(1).chain(new.iter().map(String::as_str)).collect();
        lines.sort_by_key(|line| line.split(',').next());
        fs::write(&file, format!("rule,sha256,release\n{}\n", lines.join("\n"))).unwrap();
        return;
    }
    assert!(
        new.is_empty(),
        "shared/cloudtrail/rule_patterns.csv lacks {new:?}; add it with: cargo xtask docs"
    );
}

#[test]
fn each_function_has_settings_and_each_settings_a_function() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../functions");
    let folders: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let settings: BTreeSet<String> =
        settings::functions().into_iter().map(|(name, ..)| name.to_owned()).collect();
    assert_eq!(folders, settings);
}

#[test]
fn the_attributes_of_what_is_stored_are_found() {
    let contract = contract();
    for (file, name) in [
        ("cost_event", "hourlyChangeUsd"),
        ("baseline", "scoredThrough"),
        ("account", "tenant"),
        ("watch", "toldAt"),
        ("values", "invokedBy"),
    ] {
        let names = contract["attributes"][file].as_array().unwrap();
        assert!(names.contains(&json!(name)), "{file}: {name}");
    }
}
