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
    let is_earlier = put().any(|put| put.rule == name && put.digest == digest);
    if is_earlier { Hears::WhatItOnceDid } else { Hears::SomethingElse }
}

/// Rules that are missing beside these, which are there with their patterns.
pub fn missing(there: &[(String, String)]) -> Missing {
    missing_of(&TABLE.rules, &put().collect::<Vec<_>>(), there)
}

/// What came with a later template than any pattern that is there cannot be there yet.
fn missing_of(rules: &[Rule], put: &[Put], there: &[(String, String)]) -> Missing {
    let of_pattern = |(name, pattern): &(String, String)| {
        let digest = digest(pattern)?;
        let put = put.iter().find(|put| put.rule == name && put.digest == digest);
        put.map(|put| put.release)
    };
    let newest = there.iter().filter_map(of_pattern).max();
    let came_later = |name: &String| {
        let first = put.iter().filter(|put| put.rule == *name).map(|put| put.release).min();
        newest.is_some() && first > newest
    };
    let names = rules.iter().map(|rule| rule.name.clone());
    let missing = names.filter(|name| !there.iter().any(|(known, _)| known == name));
    let (later, gone) = missing.partition(came_later);
    Missing { gone, later }
}

/// Stands for a pattern: SHA-256 in hexadecimal digits of it in its one form; `None` of what is no
/// JSON.
pub fn digest(pattern: &str) -> Option<String> {
    let pattern: Value = serde_json::from_str(pattern).ok()?;
    Some(words::hex(&Sha256::digest(in_one_form(pattern).to_string())))
}

/// Each pattern that a template of ours has put. From `rule_patterns.csv` beside this crate's manifest.
pub fn put() -> impl Iterator<Item = Put> {
    include_str!("../rule_patterns.csv").lines().skip(1).filter_map(Put::read)
}

/// A pattern that a template of ours has put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Put {
    /// Name of the rule.
    pub rule: &'static str,
    /// What stands for the pattern.
    pub digest: &'static str,
    /// Templates with other patterns than before are counted; with which of them this one came.
    pub release: u32,
}

impl Put {
    fn read(line: &'static str) -> Option<Self> {
        let (rule, rest) = line.split_once(',')?;
        let (digest, release) = rest.split_once(',')?;
        Some(Self { rule, digest, release: release.parse().ok()? })
    }
}

/// Rules that are missing, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Missing {
    /// Somebody has deleted them.
    pub gone: Vec<String>,
    /// They came with a later template than the one that was put there.
    pub later: Vec<String>,
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
    fn a_rule_that_came_with_a_later_template_was_deleted_by_nobody() {
        let rule = |name: &str| Rule { name: name.to_owned(), pattern: String::new() };
        let rules = ["a", "b", "c"].map(rule);
        let (old, new) = (digest("1").unwrap(), digest("2").unwrap());
        let (old, new): (&'static str, &'static str) = (old.leak(), new.leak());
        let put = |rule, digest, release| Put { rule, digest, release };
        let put = [put("a", old, 1), put("a", new, 2), put("b", old, 1), put("c", old, 2)];
        let missing = |there: &[(&str, &str)]| {
            let there = there.iter().map(|(name, pattern)| (name.to_string(), pattern.to_string()));
            let Missing { gone, later } = missing_of(&rules, &put, &there.collect::<Vec<_>>());
            (gone.concat(), later.concat())
        };
        let are = |gone: &str, later: &str| (gone.to_owned(), later.to_owned());
        assert_eq!(missing(&[("a", "1"), ("b", "1")]), are("", "c"), "of the first template");
        assert_eq!(missing(&[("a", "2"), ("b", "1")]), are("c", ""), "of the second");
        assert_eq!(missing(&[("a", "1")]), are("b", "c"));
        assert_eq!(missing(&[("b", "1")]), are("a", "c"));
        assert_eq!(missing(&[("c", "1")]), are("ab", ""));
        assert_eq!(missing(&[]), are("abc", ""), "nothing is there");
        assert_eq!(missing(&[("a", "3")]), are("bc", ""), "somebody has changed it");
        let all = all().iter().map(|rule| (rule.name.clone(), rule.pattern.clone()));
        assert_eq!(super::missing(&all.collect::<Vec<_>>()), Missing::default());
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
