//! What the customer's template makes, read from the template itself.

use serde_json::Value;
use std::collections::BTreeMap;

/// The template.
const TEXT: &str = include_str!("../../../../infra-cdk/customer/dd0c-cost-readonly.yaml");

/// What its rules are written from.
const CONTRACT: &str = include_str!("../../../../infra-cdk/contract.json");

/// What it makes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// What the role is called.
    pub role: String,
    /// What the role is allowed, by IAM's names.
    pub allowed: Vec<String>,
    /// What it is denied whatever else it has.
    pub denied: Vec<String>,
    /// Names of the rules of each region, and what they hear.
    pub rules: BTreeMap<String, Value>,
}

impl Template {
    /// Reads the lines of the role and of the rules.
    pub fn read() -> Self {
        let mut template = Self::default();
        let role = TEXT.split("\n  ReadOnlyRole:").nth(1).unwrap_or_default();
        let role = role.split("\n  ForwardRole:").next().unwrap_or_default();
        let name = role.lines().find_map(|line| line.trim().strip_prefix("RoleName: "));
        name.unwrap_or_default().clone_into(&mut template.role);
        let policies = role.split("\n      Policies:").nth(1).unwrap_or_default();
        let mut is_deny = false;
        for line in policies.lines().map(str::trim) {
            is_deny = match line {
                "Effect: Deny" => true,
                "Effect: Allow" => false,
                _ => is_deny,
            };
            let Some(action) = line.strip_prefix("- ").filter(|it| is_action(it)) else { continue };
            let list = if is_deny { &mut template.denied } else { &mut template.allowed };
            list.push(action.to_owned());
        }
        let names = TEXT.lines().filter_map(|line| line.trim().strip_prefix("Name: "));
        let contract: Value = serde_json::from_str(CONTRACT).unwrap_or_default();
        let of = |name: &str| Some((name.to_owned(), pattern(&contract, name)?.clone()));
        template.rules = names.filter_map(of).collect();
        template.allowed.sort();
        template.denied.sort();
        template
    }
}

/// `dd0c-cost-calls-2` is the second of the calls.
fn pattern<'a>(contract: &'a Value, name: &str) -> Option<&'a Value> {
    let (kind, number) = name.strip_prefix("dd0c-cost-")?.split_once('-')?;
    contract["patterns"][kind].get(number.parse::<usize>().ok()?.checked_sub(1)?)
}

/// `ec2:Describe*`
fn is_action(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, name)| {
        !name.is_empty()
            && service.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'*')
    })
}

/// Whether a pattern with a `*` at its end names an action.
pub(crate) fn covers(pattern: &str, action: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => action.starts_with(beginning),
        None => pattern == action,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_read() {
        let template = Template::read();
        assert!(template.allowed.contains(&"ec2:Describe*".to_owned()), "{template:?}");
        assert!(template.denied.contains(&"s3:GetObject*".to_owned()), "{template:?}");
        let of_watchdog = &template.rules["dd0c-cost-watchdog-1"];
        assert!(of_watchdog.to_string().contains("StopLogging"), "{template:?}");
        assert_eq!(template.rules.len(), TEXT.matches("Type: AWS::Events::Rule").count());
    }
}
