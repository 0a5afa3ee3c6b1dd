//! All that is there: accounts, their role, their trail, and region by region what stands in it.

use crate::fault::Failing;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Name of the role that the template makes.
pub const ROLE: &str = "dd0c-cost-readonly";

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) accounts: BTreeMap<String, Account>,
    /// Sessions by the id of their key.
    pub(crate) sessions: HashMap<String, Session>,
    /// Requests by action.
    pub(crate) requests: BTreeMap<String, u64>,
    /// `AssumeRole` by what became of it: external id that was named, and whether it was let in.
    pub(crate) assumed: Vec<(Option<String>, bool)>,
    /// What AWS does wrong, by action or `*`, and how often still.
    pub(crate) failing: BTreeMap<String, (Failing, u32)>,
    pub(crate) page: usize,
    pub(crate) counter: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) token: String,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Account {
    pub(crate) role: Option<Role>,
    /// What `GetCallerIdentity` says; its own id if nothing.
    pub(crate) says_to_be: Option<String>,
    pub(crate) trail: Option<Trail>,
    pub(crate) regions: BTreeMap<String, Place>,
    pub(crate) knocks: Vec<Value>,
}

#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) asks_for: Asks,
    pub(crate) our_account: String,
    pub(crate) allowed: Vec<String>,
    pub(crate) denied: Vec<String>,
    pub(crate) attached: Vec<String>,
    /// `Resource` of what it is allowed, but for looking at itself.
    pub(crate) allowed_of: String,
    /// `Resource` of what it is denied.
    pub(crate) denied_of: String,
    /// `Resource` of looking at itself.
    pub(crate) itself: String,
}

/// Which external id a trust policy asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asks {
    This(String),
    Any,
    Nothing,
}

#[derive(Debug, Clone)]
pub(crate) struct Trail {
    pub(crate) is_logging: bool,
    pub(crate) home: String,
    pub(crate) is_multi_region: bool,
    pub(crate) is_organisation: bool,
    pub(crate) selectors: Value,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    pub(crate) rules: BTreeMap<String, Rule>,
    /// Members of lists in XML, by the name of the call.
    pub(crate) xml: HashMap<String, Vec<String>>,
    /// Members of lists in JSON, by the name of the call.
    pub(crate) json: HashMap<String, Vec<Value>>,
    /// Figures of days, by namespace, name and dimensions.
    pub(crate) metrics: HashMap<String, Vec<f64>>,
    /// What CloudTrail remembers.
    pub(crate) records: Vec<Value>,
}

#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) is_enabled: bool,
    pub(crate) pattern: String,
    pub(crate) targets: Vec<String>,
}

impl World {
    pub(crate) fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    pub(crate) fn place(&self, account: &str, region: &str) -> Option<&Place> {
        self.accounts.get(account)?.regions.get(region)
    }
}

/// One name for a metric: namespace, name, then its dimensions in their order.
pub(crate) fn metric_key(namespace: &str, name: &str, dimensions: &[(String, String)]) -> String {
    let mut dimensions: Vec<String> =
        dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
    dimensions.sort();
    format!("{namespace}|{name}|{}", dimensions.join("|"))
}
