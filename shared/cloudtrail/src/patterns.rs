//! EventBridge patterns of the calls and events that matter, cut so that AWS takes each.

use crate::coverage::{self, Class, Coverage};
use crate::state_change::{DETAIL_TYPE, FINAL_STATES, SOURCE};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Characters that EventBridge allows in a rule's pattern.
const MAX_PATTERN: usize = 2_048;
/// Services whose calls carry the date of their API: `CreateFunction20150331`.
const DATED: [&str; 1] = ["lambda.amazonaws.com"];

/// Patterns that together match every call of the coverage table but those that may blind us.
pub fn calls() -> Vec<String> {
    patterns(|row| row.class != Class::Guard)
}

/// Patterns of the calls after which we may see nothing more.
pub fn watchdog() -> Vec<String> {
    patterns(|row| row.class == Class::Guard)
}

/// The pattern of EC2's own word that an instance has stopped or ended. It needs no trail.
pub fn states() -> Vec<String> {
    let states = FINAL_STATES.map(|state| format!("\"{state}\"")).join(",");
    vec![format!(
        "{{\"source\":[\"{SOURCE}\"],\"detail-type\":[\"{DETAIL_TYPE}\"],\
         \"detail\":{{\"state\":[{states}]}}}}"
    )]
}

fn patterns(wanted: impl Fn(&Coverage) -> bool) -> Vec<String> {
    let mut sources: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in coverage::all().iter().filter(|row| wanted(row)) {
        sources.entry(&row.event_source).or_default().insert(&row.event_name);
    }
    let mut patterns = Vec::new();
    let mut part = Part::default();
    for (source, name) in
        sources.iter().flat_map(|(source, names)| names.iter().map(move |name| (*source, *name)))
    {
        let larger = part.with(source, name);
        if larger.json().len() > MAX_PATTERN {
            patterns.push(part.json());
            part = Part::default().with(source, name);
        } else {
            part = larger;
        }
    }
    if !part.names.is_empty() {
        patterns.push(part.json());
    }
    patterns
}

/// Sources and names of one pattern. It matches each name of each source: a few more calls than the
/// table has, which the reader skips.
#[derive(Default, Clone)]
struct Part<'a> {
    sources: BTreeSet<&'a str>,
    names: BTreeSet<(&'a str, bool)>,
}

impl<'a> Part<'a> {
    fn with(&self, source: &'a str, name: &'a str) -> Self {
        let mut larger = self.clone();
        larger.sources.insert(source);
        larger.names.insert((name, DATED.contains(&source)));
        larger
    }

    fn json(&self) -> String {
        let sources: Vec<String> =
            self.sources.iter().map(|source| format!("\"{source}\"")).collect();
        let name = |(name, dated): &(&str, bool)| match dated {
            true => format!("{{\"prefix\":\"{name}\"}}"),
            false => format!("\"{name}\""),
        };
        let names: Vec<String> = self.names.iter().map(name).collect();
        let mut json = String::from(
            "{\"source\":[{\"prefix\":\"aws.\"}],\"detail-type\":[\"AWS API Call via CloudTrail\",\
             \"AWS Service Event via CloudTrail\"],",
        );
        let _ = write!(
            json,
            "\"detail\":{{\"eventSource\":[{}],\"eventName\":[{}]}}}}",
            sources.join(","),
            names.join(",")
        );
        json
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn every_call_of_the_table_stands_in_a_pattern_that_aws_takes() {
        let all = [calls(), watchdog()].concat();
        assert!(all.iter().all(|pattern| pattern.len() <= MAX_PATTERN));
        let parsed: Vec<Value> =
            all.iter().map(|pattern| serde_json::from_str(pattern).unwrap()).collect();
        for row in coverage::all() {
            let has = |pattern: &Value| {
                let detail = &pattern["detail"];
                let of = |key: &str| detail[key].as_array().unwrap().clone();
                of("eventSource").contains(&Value::from(row.event_source.clone()))
                    && of("eventName")
                        .iter()
                        .any(|name| *name == row.event_name || name["prefix"] == row.event_name)
            };
            assert!(parsed.iter().any(has), "{} {}", row.event_source, row.event_name);
        }
    }
}
