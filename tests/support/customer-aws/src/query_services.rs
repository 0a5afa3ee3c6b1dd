//! Services that take forms and answer in XML: EC2, RDS, load balancers, `CloudWatch`, IAM.

use crate::answer::{Answer, refusal, xml};
use crate::request::Asked;
use crate::world::{Asks, ROLE, Role, Session, World, metric_key};
use crate::xml_lists::{name, shape};
use serde_json::{Value, json};

pub(crate) fn served(world: &World, asked: &Asked, session: &Session) -> Answer {
    match asked.service.as_str() {
        "iam" => iam(world, asked, session),
        "cloudwatch" => metrics(world, asked, session),
        "ec2" if asked.action == "DescribeRegions" => regions(world, session),
        _ => listed(world, asked, session),
    }
}

fn regions(world: &World, session: &Session) -> Answer {
    let account = world.accounts.get(&session.account);
    let regions = account.map(|account| account.regions.keys().cloned().collect::<Vec<_>>());
    let members: Vec<String> = regions
        .unwrap_or_default()
        .iter()
        .map(|region| {
            format!(
                "<regionName>{region}</regionName><optInStatus>opt-in-not-required</optInStatus>"
            )
        })
        .collect();
    match shape("ec2", "", "DescribeRegions") {
        Some(shape) => xml(shape.written("DescribeRegions", &members, None)),
        None => refusal(crate::answer::Manner::Ec2, 400, "InvalidAction"),
    }
}

fn listed(world: &World, asked: &Asked, session: &Session) -> Answer {
    let Some(shape) = shape(&asked.service, &asked.version, &asked.action) else {
        return refusal(asked.manner, 400, "InvalidAction");
    };
    if matches!(asked.action.as_str(), "DescribeSnapshots" | "DescribeImages")
        && asked.of("Owner.1") != Some("self")
    {
        // Without it AWS lists all that is public in the world.
        return refusal(asked.manner, 400, "MissingParameter");
    }
    let of = asked.of("TargetGroupArn").or_else(|| asked.of("LoadBalancerName"));
    let list = name(&asked.version, &asked.action, of);
    let place = world.place(&session.account, &asked.region);
    let all = place.and_then(|place| place.xml.get(&list)).map_or(&[][..], Vec::as_slice);
    let all: Vec<String> = all.iter().filter(|member| is_listed(asked, member)).cloned().collect();
    let start = match asked.of(shape.mark) {
        None => 0,
        Some(mark) => match mark.strip_prefix("page-at-").and_then(|at| at.parse().ok()) {
            Some(at) => at,
            None => return refusal(asked.manner, 400, "InvalidParameterValue"),
        },
    };
    let end = (start + world.page).min(all.len());
    let next = (end < all.len()).then(|| format!("page-at-{end}"));
    xml(shape.written(&asked.action, all.get(start..end).unwrap_or_default(), next))
}

/// AWS leaves out disabled images unless they are asked for.
fn is_listed(asked: &Asked, member: &str) -> bool {
    asked.action != "DescribeImages"
        || asked.of("IncludeDisabled") == Some("true")
        || !member.contains("<imageState>disabled</imageState>")
}

fn iam(world: &World, asked: &Asked, session: &Session) -> Answer {
    let role = world.accounts.get(&session.account).and_then(|account| account.role.as_ref());
    let Some(role) = role.filter(|_| asked.of("RoleName") == Some(ROLE)) else {
        return refusal(asked.manner, 403, "AccessDenied");
    };
    let action = &asked.action;
    let result = match action.as_str() {
        "GetRole" => format!(
            "<Role><RoleName>{ROLE}</RoleName><AssumeRolePolicyDocument>{}</AssumeRolePolicyDocument></Role>",
            encoded(&trust(role))
        ),
        "ListRolePolicies" => {
            "<PolicyNames><member>read-only</member></PolicyNames><IsTruncated>false</IsTruncated>"
                .to_owned()
        }
        "GetRolePolicy" if asked.of("PolicyName") == Some("read-only") => {
            format!(
                "<PolicyName>read-only</PolicyName><PolicyDocument>{}</PolicyDocument>",
                encoded(&policy(role))
            )
        }
        "ListAttachedRolePolicies" => {
            let attached: Vec<String> = role.attached.iter().map(|name| format!(
                "<member><PolicyName>{name}</PolicyName><PolicyArn>arn:aws:iam::aws:policy/{name}</PolicyArn></member>"
            )).collect();
            let attached = attached.concat();
            format!(
                "<AttachedPolicies>{attached}</AttachedPolicies><IsTruncated>false</IsTruncated>"
            )
        }
        _ => return refusal(asked.manner, 404, "NoSuchEntity"),
    };
    xml(format!("<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"))
}

/// Percent-encoded, as IAM hands documents out.
fn encoded(document: &Value) -> String {
    let encoded: String =
        form_urlencoded::byte_serialize(document.to_string().as_bytes()).collect();
    encoded.replace('+', "%20")
}

fn policy(role: &Role) -> Value {
    let (itself, all): (Vec<_>, Vec<_>) =
        role.allowed.iter().partition(|action| action.starts_with("iam:"));
    json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "All", "Effect": "Allow", "Action": all, "Resource": role.allowed_of},
        {"Sid": "Itself", "Effect": "Allow", "Action": itself, "Resource": role.itself},
        {"Sid": "Never", "Effect": "Deny", "Action": role.denied, "Resource": role.denied_of},
    ]})
}

fn trust(role: &Role) -> Value {
    let mut statement = json!({
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"AWS": format!("arn:aws:iam::{}:root", role.our_account)},
    });
    match &role.asks_for {
        Asks::This(id) => statement["Condition"] = json!({"StringEquals": {"sts:ExternalId": id}}),
        Asks::Any => statement["Condition"] = json!({"StringLike": {"sts:ExternalId": "*"}}),
        Asks::Nothing => {}
    }
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

/// `GetMetricData`: at most 500 metrics, days as their period.
fn metrics(world: &World, asked: &Asked, session: &Session) -> Answer {
    if asked.action != "GetMetricData" {
        return refusal(asked.manner, 400, "InvalidAction");
    }
    let place = world.place(&session.account, &asked.region);
    let mut members = Vec::new();
    let mut number = 1;
    let query =
        |number: usize, name: &str| asked.of(&format!("MetricDataQueries.member.{number}.{name}"));
    while let Some(id) = query(number, "Id") {
        let of = |name: &str| query(number, &format!("MetricStat.{name}")).unwrap_or_default();
        if of("Period") != "86400" || !matches!(of("Stat"), "Sum" | "Maximum") || number > 500 {
            return refusal(asked.manner, 400, "ValidationError");
        }
        let key =
            metric_key(of("Metric.Namespace"), of("Metric.MetricName"), &dimensions(asked, number));
        let values = place.and_then(|place| place.metrics.get(&key)).map_or(&[][..], Vec::as_slice);
        let values: Vec<String> =
            values.iter().map(|it| format!("<member>{it}</member>")).collect();
        let values = values.concat();
        members.push(format!(
            "<member><Id>{id}</Id><Label>x</Label><StatusCode>Complete</StatusCode><Values>{values}</Values></member>"
        ));
        number += 1;
    }
    let members = members.concat();
    xml(format!(
        "<GetMetricDataResponse><GetMetricDataResult><MetricDataResults>{members}</MetricDataResults>\
         </GetMetricDataResult></GetMetricDataResponse>"
    ))
}

fn dimensions(asked: &Asked, number: usize) -> Vec<(String, String)> {
    let part = |at: usize, what: &str| {
        let name = format!(
            "MetricDataQueries.member.{number}.MetricStat.Metric.Dimensions.member.{at}.{what}"
        );
        asked.of(&name).map(str::to_owned)
    };
    (1..).map_while(|at| Some((part(at, "Name")?, part(at, "Value")?))).collect()
}
