//! Services that take and answer JSON: CloudTrail, Events, DynamoDB, Logs, `SageMaker`, Lambda.

use crate::answer::{Answer, document, refusal};
use crate::request::Asked;
use crate::trails;
use crate::world::{Account, Place, Session, World};
use serde_json::{Value, json};

pub(crate) fn served(world: &World, asked: &Asked, session: &Session) -> Answer {
    let empty = Place::default();
    let Some(account) = world.accounts.get(&session.account) else {
        return refusal(asked.manner, 403, "AccessDeniedException");
    };
    let place = account.regions.get(&asked.region).unwrap_or(&empty);
    match answered(world, asked, session, account, place) {
        Ok(answer) => document(&answer),
        Err("AccessDeniedException") => refusal(asked.manner, 403, "AccessDeniedException"),
        Err(code) => refusal(asked.manner, 400, code),
    }
}

/// A list that comes in pages.
struct List {
    service: &'static str,
    action: &'static str,
    /// The field that holds its members.
    members: &'static str,
    /// The parameter by which a page is asked for.
    mark: &'static str,
    /// The field that names the next page.
    next: &'static str,
}

const LISTS: [List; 4] = [
    List {
        service: "dynamodb",
        action: "ListTables",
        members: "TableNames",
        mark: "ExclusiveStartTableName",
        next: "LastEvaluatedTableName",
    },
    List {
        service: "logs",
        action: "DescribeLogGroups",
        members: "logGroups",
        mark: "nextToken",
        next: "nextToken",
    },
    List {
        service: "sagemaker",
        action: "ListEndpoints",
        members: "Endpoints",
        mark: "NextToken",
        next: "NextToken",
    },
    List {
        service: "lambda",
        action: "ListFunctions",
        members: "Functions",
        mark: "Marker",
        next: "NextMarker",
    },
];

/// Calls that describe one thing: service, call, the parameter with its name.
const DESCRIBED: [(&str, &str, &str); 3] = [
    ("dynamodb", "DescribeTable", "TableName"),
    ("sagemaker", "DescribeEndpoint", "EndpointName"),
    ("sagemaker", "DescribeEndpointConfig", "EndpointConfigName"),
];

fn answered(
    world: &World,
    asked: &Asked,
    session: &Session,
    account: &Account,
    place: &Place,
) -> Result<Value, &'static str> {
    let (service, action) = (asked.service.as_str(), asked.action.as_str());
    if let Some(list) = LISTS.iter().find(|it| (it.service, it.action) == (service, action)) {
        return paged(world, place, list, asked);
    }
    if let Some((.., name)) = DESCRIBED.iter().find(|it| (it.0, it.1) == (service, action)) {
        return found(place, action, &asked.json[name]);
    }
    let json = &asked.json;
    match (service, action) {
        ("cloudtrail", "LookupEvents") => trails::looked_up(place, json),
        ("cloudtrail", action) => {
            let answer = trails::answered(&session.account, account, &asked.region, action, json);
            answer.unwrap_or(Err("InvalidAction"))
        }
        ("events", "ListRules") => Ok(rules(place, json)),
        ("events", "ListTargetsByRule") => targets(place, json),
        ("lambda", "ListProvisionedConcurrencyConfigs") => Ok(concurrency(place, &asked.path)),
        _ => Err("UnknownOperationException"),
    }
}

fn rules(place: &Place, asked: &Value) -> Value {
    let prefix = asked["NamePrefix"].as_str().unwrap_or_default();
    let rules = place.rules.iter().filter(|(name, _)| name.starts_with(prefix));
    let rules: Vec<Value> = rules
        .map(|(name, rule)| {
            let state = if rule.is_enabled { "ENABLED" } else { "DISABLED" };
            let pattern = reversed(&rule.pattern);
            json!({"Name": name, "State": state, "EventBusName": "default", "EventPattern": pattern})
        })
        .collect();
    json!({"Rules": rules})
}

/// AWS promises no order of the members of a pattern.
fn reversed(pattern: &str) -> String {
    fn turned(value: &mut Value) {
        match value {
            Value::Array(members) => {
                members.iter_mut().for_each(turned);
                members.reverse();
            }
            Value::Object(fields) => fields.values_mut().for_each(turned),
            _ => {}
        }
    }
    let Ok(mut pattern) = serde_json::from_str(pattern) else { return pattern.to_owned() };
    turned(&mut pattern);
    format!("{pattern:#}")
}

fn targets(place: &Place, asked: &Value) -> Result<Value, &'static str> {
    let rule = asked["Rule"].as_str().and_then(|name| place.rules.get(name));
    let rule = rule.ok_or("ResourceNotFoundException")?;
    let targets: Vec<Value> =
        rule.targets.iter().map(|arn| json!({"Id": "dd0c-cost-bus", "Arn": arn})).collect();
    Ok(json!({"Targets": targets}))
}

impl List {
    /// Which page is asked for: Lambda takes it from the address, all others from the document.
    fn mark_of<'a>(&self, asked: &'a Asked) -> Option<&'a str> {
        match self.service {
            "lambda" => asked.of(self.mark),
            _ => asked.json[self.mark].as_str(),
        }
    }
}

/// A page of a list, with the mark of the next one.
fn paged(world: &World, place: &Place, list: &List, asked: &Asked) -> Result<Value, &'static str> {
    let all = place.json.get(list.action).map_or(&[][..], Vec::as_slice);
    let start = match list.mark_of(asked) {
        None => 0,
        Some(mark) => mark
            .strip_prefix("page-at-")
            .and_then(|it| it.parse().ok())
            .ok_or("ValidationException")?,
    };
    let end = (start + world.page).min(all.len());
    let mut answer = json!({list.members: all.get(start..end).unwrap_or_default()});
    if end < all.len() {
        answer[list.next] = format!("page-at-{end}").into();
    }
    Ok(answer)
}

/// What stands under a name: its list holds pairs of name and answer.
fn found(place: &Place, list: &str, name: &Value) -> Result<Value, &'static str> {
    let pairs = place.json.get(list).map_or(&[][..], Vec::as_slice);
    let pair = pairs.iter().find(|pair| pair["name"] == *name);
    pair.map(|pair| pair["answer"].clone()).ok_or("ResourceNotFoundException")
}

fn concurrency(place: &Place, path: &str) -> Value {
    let name = path.split('/').nth(3).unwrap_or_default();
    let found = found(place, "ListProvisionedConcurrencyConfigs", &name.into());
    found.unwrap_or_else(|_| json!({"ProvisionedConcurrencyConfigs": []}))
}
