//! Lambda functions with provisioned concurrency.

use super::findings::{Findings, Looked, of};
use super::instances::is_old;
use super::metrics::{Asked, Metric, Metrics, OfDays, Silence};
use super::prices::PriceTags;
use crate::client::Visit;
use crate::input::{Input, encoded};
use crate::operation::{LIST_FUNCTIONS, LIST_PROVISIONED};
use crate::pages::Mark;
use crate::when;
use domain::resource::{Architecture, ConcurrencySpec, FunctionSpec, Spec};
use domain::zombie::serverless::{Concurrency, unused_concurrency};
use domain::zombie::{Named, Place, ZombieCheck};
use serde_json::Value;

/// Provisioned concurrency before it is judged.
#[derive(Debug)]
pub(crate) struct Seen {
    warm: Concurrency,
    spec: ConcurrencySpec,
    invocations: Option<Asked>,
}

pub(crate) async fn look(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
    findings: &mut Findings,
) -> Looked<Vec<Seen>> {
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
) -> Option<Seen> {
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
    Some(Seen { warm, spec, invocations })
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

pub(crate) fn judge(
    all: Vec<Seen>,
    place: Place<'_>,
    prices: &PriceTags<'_>,
    metrics: &Metrics,
    findings: &mut Findings,
) {
    for Seen { mut warm, spec, invocations } in all {
        warm.invocations = invocations.and_then(|asked| metrics.measured(asked));
        let price = prices.of(&Spec::ProvisionedConcurrency(spec));
        findings.priced(ZombieCheck::UnusedConcurrency, price, |price| {
            unused_concurrency(&warm, place, price)
        });
    }
}
