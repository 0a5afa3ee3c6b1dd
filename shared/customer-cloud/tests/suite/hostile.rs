//! Whatever AWS, or somebody in its place, answers: nothing panics, and nothing is found.

use super::{LIMITS, access, own, region};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use customer_cloud::{CustomerCloud, Limits};
use domain::zombie::Part;
use jiff::Timestamp;
use pipeline::cloud::Cloud;
use proptest::prelude::*;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::net::TcpListener;

const LET_IN: &str = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE\
    </AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
    <Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

/// Lets everybody in, and answers everything else with the same text.
async fn liar(answer: String) -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(move |request: Request| {
        let answer = answer.clone();
        async move {
            let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
            let assumes = body.starts_with(b"Action=AssumeRole");
            Body::from(if assumes { LET_IN.to_owned() } else { answer })
        }
    });
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, server)
}

/// Asks everything; the answers are whatever they are.
async fn ask_everything(answer: String) {
    let (url, server) = liar(answer).await;
    let limits = Limits { answer_within: Duration::from_secs(5), tries: 1, ..LIMITS };
    let cloud = CustomerCloud::new(&own(), Some(&url), limits).unwrap();
    let (access, here) = (access(), region("us-east-1"));
    let now: Timestamp = "2026-06-15T00:00:00Z".parse().unwrap();
    let role = cloud.check_role(&access).await;
    assert!(!matches!(role, Ok(Ok(()))), "an open role is never fine");
    let _ = cloud.regions(&access).await;
    let _ = cloud.check_trail(&access, std::slice::from_ref(&here)).await;
    let rules = cloud.check_rules(&access, &here, "bus").await;
    assert!(!matches!(rules, Ok(Ok(()))));
    let _ = cloud.knock(&access, &here).await;
    let _ = cloud.lookup(&access, &here, (now, now), None).await;
    for part in Part::ALL {
        let _ = cloud.scan(&access, (&here, part), now, &|| true).await;
    }
    server.abort();
}

fn on_one_thread(answer: String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(ask_everything(answer));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_xml_is_taken(text in xml()) {
        on_one_thread(text);
    }

    #[test]
    fn any_json_is_taken(text in json()) {
        on_one_thread(text);
    }

    #[test]
    fn any_text_is_taken(text in "\\PC{0,200}") {
        on_one_thread(text);
    }
}

/// Elements that are looked for, with values that do not fit them.
fn xml() -> impl Strategy<Value = String> {
    let value = prop::sample::select(vec![
        "",
        "-1",
        "99999999999999999999",
        "NaN",
        "2026-06-01T00:00:00Z",
        "+999999-01-01T00:00:00Z",
        "running",
        "available",
        "&#x0;",
        "&lt;",
        "arn:aws:x",
        "ü",
    ]);
    let name = prop::sample::select(vec![
        "volumeSet",
        "item",
        "volumeId",
        "size",
        "createTime",
        "reservationSet",
        "instancesSet",
        "instanceId",
        "launchTime",
        "instanceState",
        "name",
        "member",
        "DBInstances",
        "DBInstance",
        "nextToken",
        "Marker",
        "Values",
        "Id",
        "StatusCode",
        "GetMetricDataResult",
        "regionInfo",
        "regionName",
        "natGatewaySet",
        "natGatewayId",
        "state",
    ]);
    let leaf = (name.clone(), value).prop_map(|(name, value)| format!("<{name}>{value}</{name}>"));
    leaf.prop_recursive(6, 60, 6, move |inner| {
        (name.clone(), prop::collection::vec(inner, 0..6))
            .prop_map(|(name, inner)| format!("<{name}>{}</{name}>", inner.concat()))
    })
    .prop_map(|inner| format!("<R>{inner}</R>"))
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "null",
        "true",
        "-1",
        "1e308",
        "18446744073709551615",
        "\"\"",
        "\"x\"",
        "\"ENABLED\"",
        "[]",
        "{}",
        "\"2026-06-01T00:00:00+0000\"",
        "\"a:b:c\"",
    ]);
    let name = prop::sample::select(vec![
        "trailList",
        "HomeRegion",
        "TrailARN",
        "IsMultiRegionTrail",
        "IsLogging",
        "Rules",
        "Name",
        "State",
        "Targets",
        "Events",
        "CloudTrailEvent",
        "TableNames",
        "Table",
        "ProvisionedThroughput",
        "CreationDateTime",
        "logGroups",
        "storedBytes",
        "creationTime",
        "Endpoints",
        "EndpointName",
        "ProductionVariants",
        "Functions",
        "FunctionName",
        "ProvisionedConcurrencyConfigs",
        "FunctionArn",
        "RequestedProvisionedConcurrentExecutions",
        "LastModified",
    ]);
    let leaf = leaf.prop_map(str::to_owned);
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let object = prop::collection::vec((name.clone(), inner.clone()), 0..6).prop_map(|pairs| {
            let pairs: Vec<String> =
                pairs.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", pairs.join(","))
        });
        let array =
            prop::collection::vec(inner, 0..4).prop_map(|all| format!("[{}]", all.join(",")));
        prop_oneof![3 => object, 1 => array]
    })
}
