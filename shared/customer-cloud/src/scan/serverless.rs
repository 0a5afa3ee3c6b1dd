//! Provisioned concurrency, log groups and model endpoints.

use super::findings::{Findings, Looked, of};
use super::instances::is_old;
use super::metrics::{Asked, Metric, Metrics, OfDays, Silence};
use super::prices::PriceTags;
use crate::client::Visit;
use crate::input::{Input, encoded};
use crate::operation::{
    DESCRIBE_ENDPOINT, DESCRIBE_ENDPOINT_CONFIG, DESCRIBE_LOG_GROUPS, LIST_ENDPOINTS,
    LIST_FUNCTIONS, LIST_PROVISIONED,
};
use crate::pages::Mark;
use crate::when;
use domain::price::Monthly;
use domain::resource::{Architecture, ConcurrencySpec, FunctionSpec, Spec};
use domain::zombie::serverless::{
    Concurrency, LogGroup, ModelEndpoint, endless_logs, idle_model_endpoint, unused_concurrency,
};
use domain::zombie::{Measured, Named, Place, ZombieCheck};
use pipeline::error::Failure;
use pricing::Standing;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Bytes of a GiB.
const GIB: u64 = 1 << 30;

/// What there is, before it is judged.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    warm: Vec<SeenConcurrency>,
    logs: Vec<LogGroup>,
    endpoints: Vec<SeenEndpoint>,
}

#[derive(Debug)]
pub(crate) struct SeenConcurrency {
    warm: Concurrency,
    spec: ConcurrencySpec,
    invocations: Option<Asked>,
}

#[derive(Debug)]
struct SeenEndpoint {
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
    warm: Vec<SeenConcurrency>,
) -> Result<Seen, Failure> {
    let logs = findings.kept(&[ZombieCheck::EndlessLogs], look_at_logs(visit).await)?;
    let endpoints = look_at_endpoints(visit, place, metrics, findings).await;
    let endpoints = findings.kept(&[ZombieCheck::IdleModelEndpoint], endpoints)?;
    Ok(Seen { warm, logs, endpoints })
}

pub(crate) async fn look_at_functions(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
    findings: &mut Findings,
) -> Looked<Vec<SeenConcurrency>> {
    let input = Input::Path("/2015-03-31/functions/".to_owned()).with("MaxItems", "50");
    let pages = visit.json_pages(LIST_FUNCTIONS, input, Mark("Marker", "NextMarker")).await;
    let pages = pages.map_err(of(LIST_FUNCTIONS))?;
    let functions: Vec<&Value> =
        pages.iter().filter_map(|page| page["Functions"].as_array()).flatten().collect();
    let mut seen = Vec::new();
    for function in findings.first(ZombieCheck::UnusedConcurrency, "functions", functions) {
        let Some(name) = function["FunctionName"].as_str() else { continue };
        let path = format!("/2019-09-30/functions/{}/provisioned-concurrency", encoded(name));
        let asked = Input::Path(path).with("List", "ALL");
        let answer = visit.json(LIST_PROVISIONED, asked).await.map_err(of(LIST_PROVISIONED));
        let answer = findings.each(ZombieCheck::UnusedConcurrency, answer)?.unwrap_or_default();
        let configs = answer["ProvisionedConcurrencyConfigs"].as_array().cloned();
        for config in configs.unwrap_or_default() {
            seen.extend(concurrency(function, name, &config, place, metrics));
        }
    }
    Ok(seen)
}

fn concurrency(
    function: &Value,
    name: &str,
    config: &Value,
    place: Place<'_>,
    metrics: &mut Metrics,
) -> Option<SeenConcurrency> {
    let qualifier = config["FunctionArn"].as_str()?.rsplit(':').next()?.to_owned();
    let instances = config["RequestedProvisionedConcurrentExecutions"].as_u64();
    let instances = u32::try_from(instances?).ok()?;
    let id = format!("{name}:{qualifier}");
    let warm = Concurrency {
        named: Named::only(&id),
        function: name.to_owned(),
        qualifier,
        instances,
        set: lambda_time(config["LastModified"].as_str()?)?,
        invocations: None,
    };
    // Lambda is silent about a function that nobody calls.
    let invocations = is_old(warm.set, place).then(|| {
        let dimensions = vec![("FunctionName", name.to_owned()), ("Resource", id)];
        let (namespace, name) = ("AWS/Lambda", "ProvisionedConcurrencyInvocations");
        let (of_days, silence) = (OfDays::Sum, Silence::Zero);
        metrics.want(Metric { namespace, name, dimensions, of_days, silence })
    });
    let function_spec = Some(function_spec(function)?);
    let spec = ConcurrencySpec { function: name.to_owned(), instances, function_spec };
    Some(SeenConcurrency { warm, spec, invocations })
}

/// `2026-06-01T00:00:00+0000`, which lacks a colon.
fn lambda_time(text: &str) -> Option<jiff::Timestamp> {
    when::iso(&text.replace("+0000", "Z"))
}

fn function_spec(function: &Value) -> Option<FunctionSpec> {
    let megabytes = |value: &Value| u32::try_from(value.as_u64()?).ok();
    let architecture = function["Architectures"][0].as_str().and_then(Architecture::from_code);
    Some(FunctionSpec {
        memory_mb: megabytes(&function["MemorySize"])?,
        architecture: architecture.unwrap_or(Architecture::X86),
        ephemeral_storage_mb: megabytes(&function["EphemeralStorage"]["Size"]).unwrap_or(512),
    })
}

async fn look_at_logs(visit: &Visit<'_>) -> Looked<Vec<LogGroup>> {
    let (input, operation) = (Input::Json(json!({"limit": 50})), DESCRIBE_LOG_GROUPS);
    let pages = visit.json_pages(operation, input, Mark("nextToken", "nextToken")).await;
    let pages = pages.map_err(of(operation))?;
    let groups = pages.iter().filter_map(|page| page["logGroups"].as_array()).flatten();
    let groups = groups.filter_map(|group| {
        Some(LogGroup {
            named: Named::only(group["logGroupName"].as_str()?),
            bytes: group["storedBytes"].as_u64()?,
            created: when::millis(&group["creationTime"])?,
            retention_days: group["retentionInDays"].as_u64().and_then(|days| days.try_into().ok()),
        })
    });
    Ok(groups.collect())
}

async fn look_at_endpoints(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
    findings: &mut Findings,
) -> Looked<Vec<SeenEndpoint>> {
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
) -> Option<SeenEndpoint> {
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
    Some(SeenEndpoint { endpoint, machines, metrics })
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
    seen: Seen,
    place: Place<'_>,
    prices: &PriceTags<'_>,
    metrics: &Metrics,
    findings: &mut Findings,
) {
    for SeenConcurrency { mut warm, spec, invocations } in seen.warm {
        warm.invocations = invocations.and_then(|asked| metrics.measured(asked));
        let price = prices.of(&Spec::ProvisionedConcurrency(spec));
        findings.priced(ZombieCheck::UnusedConcurrency, price, |price| {
            unused_concurrency(&warm, place, price)
        });
    }
    for logs in seen.logs {
        let gib = Decimal::from(logs.bytes) / Decimal::from(GIB);
        let price = prices.standing(&Standing::Logs { gib });
        findings
            .priced(ZombieCheck::EndlessLogs, price, |price| Ok(endless_logs(&logs, place, price)));
    }
    for mut seen in seen.endpoints {
        seen.endpoint.invocations = invocations(&seen, metrics);
        findings.priced(ZombieCheck::IdleModelEndpoint, price(&seen, prices), |price| {
            idle_model_endpoint(&seen.endpoint, place, price)
        });
    }
}

/// Of all variants together; unknown as soon as one is.
fn invocations(seen: &SeenEndpoint, metrics: &Metrics) -> Option<Measured> {
    let each = seen.metrics.iter().map(|[asked, witness]| metrics.witnessed(*asked, *witness));
    each.reduce(|sum, next| {
        let (sum, next) = (sum?, next?);
        Some(Measured { days: sum.days.min(next.days), value: sum.value + next.value })
    })?
}

fn price(seen: &SeenEndpoint, prices: &PriceTags<'_>) -> Option<Monthly> {
    let each = seen.machines.iter().map(|(machine, count)| {
        prices.standing(&Standing::ModelInstance { instance_type: machine, count: *count })
    });
    each.reduce(|sum, next| Some(sum?.plus(next?)))?
}
