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

/// What is wrong with the inline policy of a role: first what is missing, then what is too much.
pub(crate) fn compared(document: &Value, role_arn: &str) -> Result<(), RoleProblem> {
    let statements = listed(&document["Statement"]);
    let of = |effect: &str| -> Vec<Line<'_>> {
        let with = statements.iter().filter(|statement| statement["Effect"] == effect);
        with.flat_map(|statement| lines(statement)).collect()
    };
    let (allowed, denied) = (of("Allow"), of("Deny"));
    let missing = missing(&allowed, role_arn);
    if !missing.is_empty() {
        return Err(RoleProblem::MissingActions(missing));
    }
    if let Some(more) = allowed.iter().find(|line| is_more(line, role_arn)) {
        return changed(&format!("it may also call {}", shown(more.action)));
    }
    let is_denied =
        |known: &&&str| denied.iter().any(|line| covers(line.action, known) && line.is_of("*"));
    if let Some(open) = DENIED.iter().find(|known| !is_denied(known)) {
        return changed(&format!("it is no longer denied {open} whatever it is called of"));
    }
    if statements.iter().any(|statement| is_odd(statement)) {
        return changed("its policy has conditions or exceptions of its own");
    }
    Ok(())
}

/// What the role may not call of all that the template lets it: what may be called of some things
/// alone is not what it looks like.
fn missing(allowed: &[Line<'_>], role_arn: &str) -> Vec<String> {
    let lacks = |expected: &&&str| {
        let reaches =
            |line: &Line<'_>| line.is_of("*") || (is_of_itself(expected) && line.is_of(role_arn));
        !allowed.iter().any(|line| covers(line.action, expected) && reaches(line))
    };
    ALLOWED.iter().filter(lacks).map(|action| (*action).to_owned()).collect()
}

/// One action of a statement, with all that it may be called of.
struct Line<'a> {
    action: &'a str,
    resources: Vec<&'a Value>,
}

fn lines(statement: &Value) -> impl Iterator<Item = Line<'_>> {
    let actions = listed(&statement["Action"]).into_iter().filter_map(Value::as_str);
    actions.map(|action| Line { action, resources: listed(&statement["Resource"]) })
}

impl Line<'_> {
    fn is_of(&self, resource: &str) -> bool {
        self.resources.iter().any(|it| *it == resource)
    }
}

/// The template lets the role see of IAM itself alone.
fn is_of_itself(action: &str) -> bool {
    action.starts_with("iam:")
}

/// More than the template allows: another action, or one on itself that reaches others too.
fn is_more(line: &Line<'_>, role_arn: &str) -> bool {
    let known = ALLOWED.iter().find(|known| covers(known, line.action));
    let only_itself = || line.resources.iter().all(|it| *it == role_arn);
    known.is_none_or(|known| is_of_itself(known) && !only_itself())
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

    const ROLE: &str = "arn:aws:iam::111122223333:role/dd0c-cost-readonly";

    fn policy(allow: &[&str], deny: &[&str]) -> Value {
        let (itself, all): (Vec<&str>, Vec<&str>) =
            allow.iter().partition(|action| is_of_itself(action));
        json!({"Statement": [
            {"Effect": "Allow", "Action": all, "Resource": "*"},
            {"Effect": "Allow", "Action": itself, "Resource": ROLE},
            {"Effect": "Deny", "Action": deny, "Resource": ["*"]},
        ]})
    }

    fn compared(document: &Value) -> Result<(), RoleProblem> {
        super::compared(document, ROLE)
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
    fn what_is_allowed_or_denied_of_some_things_alone_is_not_as_the_template_has_it() {
        let with = |statement: usize, resource: Value| {
            let mut policy = policy(&ALLOWED, &DENIED);
            policy["Statement"][statement]["Resource"] = resource;
            compared(&policy)
        };
        let one = json!("arn:aws:s3:::one-bucket/*");
        let narrowed = with(2, one.clone()).unwrap_err().text();
        assert!(narrowed.contains("no longer denied dynamodb:BatchGetItem"), "{narrowed}");
        assert!(with(2, Value::Null).is_err() && with(2, json!([one.clone(), "*"])).is_ok());
        let RoleProblem::MissingActions(missing) = with(0, one).unwrap_err() else { panic!() };
        assert_eq!(missing.len(), ALLOWED.len() - 4);
        let RoleProblem::MissingActions(missing) = with(1, Value::Null).unwrap_err() else {
            panic!()
        };
        assert_eq!(missing.len(), 4);
        let wide = with(1, json!("*")).unwrap_err().text();
        assert!(wide.contains("it may also call iam:GetRole"), "{wide}");
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
