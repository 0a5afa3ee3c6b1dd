//! Rules: what the customer's template puts into each region, and whether a rule hears what it should.

use crate::patterns;
use domain::words;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// With what the names of all our rules begin.
pub const PREFIX: &str = "dd0c-cost-";

/// Rules of every watched region, by their names as the template has them.
pub fn all() -> &'static [Rule] {
    &TABLE.rules
}

/// Whether a rule of that name hears what it should. Two patterns are the same whatever the order of
/// their fields and of the members of their lists.
pub fn hears(name: &str, pattern: &str) -> Hears {
    let Some(digest) = digest(pattern) else { return Hears::SomethingElse };
    if TABLE.current.get(name) == Some(&digest) {
        return Hears::All;
    }
    let is_earlier = put().any(|(of, earlier)| of == name && earlier == digest);
    if is_earlier { Hears::WhatItOnceDid } else { Hears::SomethingElse }
}

/// Stands for a pattern: SHA-256 in hexadecimal digits of it in its one form; `None` of what is no
/// JSON.
pub fn digest(pattern: &str) -> Option<String> {
    let pattern: Value = serde_json::from_str(pattern).ok()?;
    Some(words::hex(&Sha256::digest(in_one_form(pattern).to_string())))
}

/// Each pattern that a template of ours has put: name of the rule and digest. From
/// `rule_patterns.csv` beside this crate's manifest.
pub fn put() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("../rule_patterns.csv").lines().skip(1).filter_map(|line| line.split_once(','))
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `dd0c-cost-calls-1`
    pub name: String,
    /// Its pattern, JSON.
    pub pattern: String,
}

/// What a rule hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hears {
    /// What the template puts.
    All,
    /// What an earlier template of ours has put.
    WhatItOnceDid,
    /// What nobody but its customer can have put.
    SomethingElse,
}

struct Table {
    rules: Vec<Rule>,
    /// Digests of their patterns by their names.
    current: BTreeMap<String, String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let kinds = [
        ("calls", patterns::calls()),
        ("states", patterns::states()),
        ("watchdog", patterns::watchdog()),
    ];
    let rules: Vec<Rule> = kinds.into_iter().flat_map(|(kind, all)| named(kind, all)).collect();
    let digested = |rule: &Rule| Some((rule.name.clone(), digest(&rule.pattern)?));
    Table { current: rules.iter().filter_map(digested).collect(), rules }
});

/// As `infra-cdk/customer/build.py` calls them.
fn named(kind: &str, patterns: Vec<String>) -> impl Iterator<Item = Rule> {
    let named = move |(number, pattern)| Rule { name: format!("{PREFIX}{kind}-{number}"), pattern };
    (1..).zip(patterns).map(named)
}

/// Members of lists sorted, each once; fields are sorted as they are.
fn in_one_form(value: Value) -> Value {
    match value {
        Value::Array(members) => {
            let mut members: Vec<Value> = members.into_iter().map(in_one_form).collect();
            members.sort_by_cached_key(Value::to_string);
            members.dedup();
            Value::Array(members)
        }
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> =
                fields.into_iter().map(|(name, value)| (name, in_one_form(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_name_of_its_own_and_hears_what_it_should() {
        let names: Vec<&str> = all().iter().map(|rule| rule.name.as_str()).collect();
        assert!(names.contains(&"dd0c-cost-watchdog-1") && names.is_sorted(), "{names:?}");
        assert_eq!(TABLE.current.len(), names.len());
        for rule in all() {
            assert_eq!(hears(&rule.name, &rule.pattern), Hears::All, "{}", rule.name);
            assert_eq!(hears("dd0c-cost-other", &rule.pattern), Hears::SomethingElse);
        }
    }

    #[test]
    fn the_order_of_fields_and_members_does_not_matter_and_all_else_does() {
        let one = digest(r#"{"source":["a",{"prefix":"b"}],"detail":{"x":["1","2"]}}"#);
        for same in [
            r#"{ "detail": {"x": ["2", "1"]}, "source": [{"prefix": "b"}, "a"] }"#,
            r#"{"source":["a",{"prefix":"b"},"a"],"detail":{"x":["1","2"]}}"#,
        ] {
            assert_eq!(digest(same), one, "{same}");
        }
        for other in [
            r#"{"source":["a",{"prefix":"c"}],"detail":{"x":["1","2"]}}"#,
            r#"{"source":["a",{"prefix":"b"}],"detail":{"x":["1"]}}"#,
            r#"{"source":["a",{"prefix":"b"}],"detail":{"x":["1","2"]},"region":["x"]}"#,
            r#"{"source":["a",{"prefix":"b"}],"detail":{"x":[1,2]}}"#,
        ] {
            assert_ne!(digest(other), one, "{other}");
        }
        assert_eq!(digest("not JSON"), None);
        assert_eq!(hears("dd0c-cost-states-1", ""), Hears::SomethingElse);
    }

    #[test]
    fn what_an_earlier_template_has_put_is_told_from_what_a_customer_has() {
        let watchdog = |names: &str| {
            format!(
                r#"{{"source":[{{"prefix":"aws."}}],"detail-type":["AWS API Call via CloudTrail","AWS Service Event via CloudTrail"],"detail":{{"eventSource":["cloudtrail.amazonaws.com","events.amazonaws.com","organizations.amazonaws.com"],"eventName":[{names}]}}}}"#
            )
        };
        let earlier = watchdog(
            r#""StopLogging","DeleteTrail","UpdateTrail","DisableRule","DeleteRule","RemoveTargets","LeaveOrganization""#,
        );
        assert_eq!(hears("dd0c-cost-watchdog-1", &earlier), Hears::WhatItOnceDid);
        assert_eq!(hears("dd0c-cost-calls-1", &earlier), Hears::SomethingElse);
        let deaf = watchdog(r#""DeleteTrail""#);
        assert_eq!(hears("dd0c-cost-watchdog-1", &deaf), Hears::SomethingElse);
    }
}
