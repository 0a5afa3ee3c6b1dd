//! What is called is allowed by the template, and what is expected of the role is what it makes.

use cloudtrail::rules::{self, Hears};
use customer_aws::Template;
use customer_cloud::{ALLOWED, DENIED, actions, denied_on_purpose};

fn covers(pattern: &str, action: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => action.starts_with(beginning),
        None => pattern == action,
    }
}

#[test]
fn every_action_that_is_called_is_allowed_by_the_template() {
    let template = Template::read();
    let actions = actions();
    assert!(actions.len() > 25, "{actions:?}");
    for action in actions {
        let named = |list: &[String]| list.iter().any(|pattern| covers(pattern, &action));
        assert!(named(&template.allowed), "{action} is not in the template");
        assert!(!named(&template.denied), "{action} is denied by the template");
    }
}

#[test]
fn the_knock_is_not_allowed_by_the_template() {
    let allowed = Template::read().allowed;
    assert!(!allowed.iter().any(|pattern| covers(pattern, &denied_on_purpose())));
}

#[test]
fn what_the_role_is_held_against_is_the_template() {
    let template = Template::read();
    assert_eq!(template.allowed, ALLOWED);
    assert_eq!(template.denied, DENIED);
    let names: Vec<&str> = rules::all().iter().map(|rule| rule.name.as_str()).collect();
    assert!(template.rules.keys().eq(names.iter()), "{names:?}");
    for (name, pattern) in &template.rules {
        assert_eq!(rules::hears(name, &pattern.to_string()), Hears::All, "{name}");
    }
    assert_eq!(template.role, domain::ids::READ_ONLY_ROLE);
}
