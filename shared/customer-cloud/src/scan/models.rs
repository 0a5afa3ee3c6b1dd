//! Model endpoints of `SageMaker`.

use super::findings::{Findings, Looked, of};
use super::instances::is_old;
use super::metrics::{Asked, Metric, Metrics, OfDays, Silence};
use super::prices::PriceTags;
use crate::client::Visit;
use crate::input::Input;
use crate::operation::{DESCRIBE_ENDPOINT, DESCRIBE_ENDPOINT_CONFIG, LIST_ENDPOINTS};
use crate::pages::Mark;
use crate::when;
use domain::price::Monthly;
use domain::zombie::serverless::{ModelEndpoint, idle_model_endpoint};
use domain::zombie::{Measured, Named, Place, ZombieCheck};
use pricing::Standing;
use serde_json::{Value, json};

/// An endpoint before it is judged.
#[derive(Debug)]
pub(crate) struct Seen {
    endpoint: ModelEndpoint,
    /// Machines and their number, of each variant.
    machines: Vec<(String, u32)>,
    /// Of each variant: invocations, and what proves that AWS measured.
    metrics: Vec<[Asked; 2]>,
}

pub(crate) async fn look(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
    findings: &mut Findings,
) -> Looked<Vec<Seen>> {
    let (input, operation) = (Input::Json(json!({"MaxResults": 100})), LIST_ENDPOINTS);
    let pages = visit.json_pages(operation, input, Mark("NextToken", "NextToken")).await;
    let pages = pages.map_err(of(operation))?;
    let listed = pages.iter().filter_map(|page| page["Endpoints"].as_array()).flatten();
    let names: Vec<&str> = listed.filter_map(|it| it["EndpointName"].as_str()).collect();
    let mut seen = Vec::new();
    for name in findings.first(ZombieCheck::IdleModelEndpoint, "model endpoints", names) {
        let described = described(visit, name).await;
        if let Some((endpoint, config)) =
            findings.each(ZombieCheck::IdleModelEndpoint, described)?
        {
            seen.extend(endpoint_of(name, &endpoint, &config, place, metrics));
        }
    }
    Ok(seen)
}

/// An endpoint and its configuration, which may be deleted while the endpoint lives.
async fn described(visit: &Visit<'_>, name: &str) -> Looked<(Value, Value)> {
    let asked = Input::Json(json!({"EndpointName": name}));
    let endpoint = visit.json(DESCRIBE_ENDPOINT, asked).await.map_err(of(DESCRIBE_ENDPOINT))?;
    let asked = Input::Json(json!({"EndpointConfigName": endpoint["EndpointConfigName"]}));
    let config = visit.json(DESCRIBE_ENDPOINT_CONFIG, asked).await;
    Ok((endpoint, config.map_err(of(DESCRIBE_ENDPOINT_CONFIG))?))
}

/// `None` for endpoints without machines, which are paid by use.
fn endpoint_of(
    name: &str,
    endpoint: &Value,
    config: &Value,
    place: Place<'_>,
    metrics: &mut Metrics,
) -> Option<Seen> {
    let variants = endpoint["ProductionVariants"].as_array()?;
    let machines: Vec<(String, u32)> =
        variants.iter().filter_map(|variant| machines_of(variant, config)).collect();
    if machines.is_empty() {
        return None;
    }
    let created = when::seconds(&endpoint["CreationTime"])?;
    let names = variants.iter().filter_map(|variant| variant["VariantName"].as_str());
    let metrics = if is_old(created, place) {
        names.map(|variant| wanted(metrics, name, variant)).collect()
    } else {
        Vec::new()
    };
    let shown: Vec<String> =
        machines.iter().map(|(machine, count)| format!("{count} × {machine}")).collect();
    let endpoint = ModelEndpoint {
        named: Named::only(name),
        instances: shown.join(" and "),
        created,
        is_in_service: endpoint["EndpointStatus"] == "InService",
        invocations: None,
    };
    Some(Seen { endpoint, machines, metrics })
}

/// How many there are tells the endpoint, of what kind its configuration.
fn machines_of(variant: &Value, config: &Value) -> Option<(String, u32)> {
    let count = u32::try_from(variant["CurrentInstanceCount"].as_u64()?).ok()?;
    let configured = config["ProductionVariants"].as_array()?.iter();
    let mut same = configured.filter(|it| it["VariantName"] == variant["VariantName"]);
    Some((same.next()?["InstanceType"].as_str()?.to_owned(), count))
}

/// Invocations are reported only when there are some; the processor always is, and proves it.
fn wanted(metrics: &mut Metrics, endpoint: &str, variant: &str) -> [Asked; 2] {
    [
        ("AWS/SageMaker", "Invocations", OfDays::Sum, Silence::Zero),
        ("/aws/sagemaker/Endpoints", "CPUUtilization", OfDays::Maximum, Silence::Unknown),
    ]
    .map(|(namespace, name, of_days, silence)| {
        let dimensions =
            vec![("EndpointName", endpoint.to_owned()), ("VariantName", variant.to_owned())];
        metrics.want(Metric { namespace, name, dimensions, of_days, silence })
    })
}

pub(crate) fn judge(
    all: Vec<Seen>,
    place: Place<'_>,
    prices: &PriceTags<'_>,
    metrics: &Metrics,
    findings: &mut Findings,
) {
    for mut seen in all {
        seen.endpoint.invocations = invocations(&seen, metrics);
        findings.priced(ZombieCheck::IdleModelEndpoint, price(&seen, prices), |price| {
            idle_model_endpoint(&seen.endpoint, place, price)
        });
    }
}

/// Of all variants together; unknown as soon as one is.
fn invocations(seen: &Seen, metrics: &Metrics) -> Option<Measured> {
    let each = seen.metrics.iter().map(|[asked, witness]| metrics.witnessed(*asked, *witness));
    each.reduce(|sum, next| {
        let (sum, next) = (sum?, next?);
        Some(Measured { days: sum.days.min(next.days), value: sum.value + next.value })
    })?
}

fn price(seen: &Seen, prices: &PriceTags<'_>) -> Option<Monthly> {
    let each = seen.machines.iter().map(|(machine, count)| {
        prices.standing(&Standing::ModelInstance { instance_type: machine, count: *count })
    });
    each.reduce(|sum, next| Some(sum?.plus(next?)))?
}
