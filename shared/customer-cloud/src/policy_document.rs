//! Policies as IAM gives them, and what in them is not as the template makes it.

use crate::template::{ALLOWED, DENIED};
use domain::health::RoleProblem;
use serde_json::Value;

/// A document that IAM has percent-encoded.
pub(crate) fn decoded(text: &str) -> Option<Value> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).ok();
    }
    let pair = format!("d={text}");
    let (_, document) = form_urlencoded::parse(pair.as_bytes()).next()?;
    serde_json::from_str(&document).ok()
}

/// What is wrong with the inline policy: first what is missing, then what is too much.
pub(crate) fn compared(document: &Value) -> Result<(), RoleProblem> {
    let statements = listed(&document["Statement"]);
    let of = |effect: &str| -> Vec<&str> {
        let with = statements.iter().filter(|statement| statement["Effect"] == effect);
        with.flat_map(|statement| listed(&statement["Action"])).filter_map(Value::as_str).collect()
    };
    let (allowed, denied) = (of("Allow"), of("Deny"));
    let lacks = |expected: &&&str| !allowed.iter().any(|action| covers(action, expected));
    let missing: Vec<String> =
        ALLOWED.iter().filter(lacks).map(|action| (*action).to_owned()).collect();
    if !missing.is_empty() {
        return Err(RoleProblem::MissingActions(missing));
    }
    if let Some(more) =
        allowed.iter().find(|action| !ALLOWED.iter().any(|known| covers(known, action)))
    {
        return changed(&format!("it may also call {}", shown(more)));
    }
    if let Some(open) =
        DENIED.iter().find(|known| !denied.iter().any(|action| covers(action, known)))
    {
        return changed(&format!("it is no longer denied {open}"));
    }
    if statements.iter().any(|statement| is_odd(statement)) {
        return changed("its policy has conditions or exceptions of its own");
    }
    Ok(())
}

/// Whether the trust policy lets in one account, with exactly this external id.
pub(crate) fn trusts_only_us(document: &Value, external_id: &str) -> Result<(), RoleProblem> {
    let [statement] = listed(&document["Statement"])[..] else {
        return changed("its trust policy lets in others too");
    };
    let principals = listed(&statement["Principal"]["AWS"]);
    let one_account = statement["Principal"].as_object().is_some_and(|kinds| kinds.len() == 1)
        && principals.len() == 1
        && principals[0].as_str().is_some_and(|principal| principal != "*");
    if !one_account {
        return changed("its trust policy lets in others too");
    }
    let asked = listed(&statement["Condition"]["StringEquals"]["sts:ExternalId"]);
    if asked.len() != 1 || asked[0] != external_id {
        return changed("its trust policy asks for another external id, or for several");
    }
    Ok(())
}

fn changed(how: &str) -> Result<(), RoleProblem> {
    Err(RoleProblem::ChangedRole(how.to_owned()))
}

/// What the template never writes.
fn is_odd(statement: &Value) -> bool {
    ["Condition", "NotAction", "NotResource", "Principal"]
        .iter()
        .any(|name| !statement[*name].is_null())
}

/// One or several, as policies may have it.
fn listed(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

/// Whether all that `narrow` names is named by `wide`; a `*` at the end stands for anything. IAM does
/// not tell capitals apart.
pub(crate) fn covers(wide: &str, narrow: &str) -> bool {
    let (wide, narrow) = (wide.to_ascii_lowercase(), narrow.to_ascii_lowercase());
    match wide.strip_suffix('*') {
        Some(beginning) => narrow.starts_with(beginning),
        None => wide == narrow,
    }
}

/// A foreign word, cut.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn policy(allow: &[&str], deny: &[&str]) -> Value {
        json!({"Statement": [
            {"Effect": "Allow", "Action": allow, "Resource": "*"},
            {"Effect": "Deny", "Action": deny, "Resource": "*"},
        ]})
    }

    #[test]
    fn the_template_s_policy_is_as_it_should_be() {
        assert_eq!(compared(&policy(&ALLOWED, &DENIED)), Ok(()));
        let encoded =
            form_urlencoded::byte_serialize(policy(&ALLOWED, &DENIED).to_string().as_bytes())
                .collect::<String>();
        assert_eq!(compared(&decoded(&encoded).unwrap()), Ok(()));
    }

    #[test]
    fn what_is_missing_is_named() {
        let fewer: Vec<&str> =
            ALLOWED.iter().copied().filter(|it| !it.starts_with("rds")).collect();
        let missing = RoleProblem::MissingActions(vec!["rds:Describe*".to_owned()]);
        assert_eq!(compared(&policy(&fewer, &DENIED)), Err(missing));
        assert!(
            matches!(compared(&json!(null)), Err(RoleProblem::MissingActions(all)) if all.len() == ALLOWED.len())
        );
    }

    #[test]
    fn what_is_too_much_is_told() {
        let more = [&ALLOWED[..], &["s3:*"]].concat();
        let problem = compared(&policy(&more, &DENIED)).unwrap_err();
        assert!(problem.text().contains("s3:*"), "{}", problem.text());
        let wider = [&ALLOWED[..], &["ec2:*"]].concat();
        assert!(matches!(compared(&policy(&wider, &DENIED)), Err(RoleProblem::ChangedRole(_))));
        assert!(matches!(
            compared(&policy(&ALLOWED, &DENIED[1..])),
            Err(RoleProblem::ChangedRole(_))
        ));
        let mut odd = policy(&ALLOWED, &DENIED);
        odd["Statement"][0]["Condition"] = json!({"Bool": {}});
        assert!(matches!(compared(&odd), Err(RoleProblem::ChangedRole(_))));
    }

    #[test]
    fn a_trust_policy_lets_in_one_account_with_one_external_id() {
        let trust = |principal: Value, id: Value| {
            json!({"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": id}}}]})
        };
        let ours = json!({"AWS": "arn:aws:iam::444455556666:root"});
        assert_eq!(trusts_only_us(&trust(ours.clone(), json!("x")), "x"), Ok(()));
        for (principal, id) in [
            (ours.clone(), json!("y")),
            (ours, json!(["x", "y"])),
            (json!("*"), json!("x")),
            (json!({"AWS": "*"}), json!("x")),
            (json!({"AWS": ["a", "b"]}), json!("x")),
            (json!({"AWS": "a", "Service": "ec2.amazonaws.com"}), json!("x")),
        ] {
            assert!(trusts_only_us(&trust(principal, id), "x").is_err());
        }
        assert!(trusts_only_us(&json!({}), "x").is_err());
    }

    #[test]
    fn a_star_covers_what_begins_alike() {
        assert!(covers("ec2:Describe*", "ec2:DescribeVolumes"));
        assert!(covers("EC2:*", "ec2:Describe*"));
        assert!(!covers("ec2:DescribeVolumes", "ec2:Describe*"));
        assert!(!covers("ec2:Describe*", "rds:DescribeVolumes"));
    }
}
