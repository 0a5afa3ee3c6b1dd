//! Lambda functions and their provisioned concurrency.

use crate::loose::{Items, Loose, wire};
use crate::record::{Call, Reading};
use crate::skip::{Refusal, SkipReason};
use domain::event::Change;
use domain::resource::{Architecture, ConcurrencySpec, FunctionSpec, Service, Spec, SpecChange};

/// A function as the answer shows it, defaults filled in.
pub(crate) fn create_function(call: &Call<'_>) -> Result<Reading, Refusal> {
    let (asked, given): (Function<'_>, Function<'_>) = (call.request()?, call.response()?);
    let name = function_name(&asked, &given)?;
    let spec = Spec::Function(function_spec(&asked, &given));
    Ok(Change::Started { resources: vec![call.resource(Service::Lambda, name)], spec }.into())
}

/// Memory or storage; most calls change an environment variable.
pub(crate) fn update_configuration(call: &Call<'_>) -> Result<Reading, Refusal> {
    let (asked, given): (Function<'_>, Function<'_>) = (call.request()?, call.response()?);
    if asked.memory_size == Loose::Absent && asked.ephemeral_storage.is_none() {
        return Err(Refusal::no_effect("neither memory nor storage"));
    }
    modified(call, &asked, &given)
}

/// New code changes the price only with another processor.
pub(crate) fn update_code(call: &Call<'_>) -> Result<Reading, Refusal> {
    let (asked, given): (Function<'_>, Function<'_>) = (call.request()?, call.response()?);
    if asked.dry_run.is_true() {
        return Err(Refusal { reason: SkipReason::DryRun, detail: "dryRun: true".to_owned() });
    }
    if asked.architectures.0.is_empty() {
        return Err(Refusal::no_effect("new code on the same processor"));
    }
    modified(call, &asked, &given)
}

/// The function is gone; with a qualifier only one version of it.
pub(crate) fn delete_function(call: &Call<'_>) -> Result<Reading, Refusal> {
    let asked: Function<'_> = call.request()?;
    if asked.qualifier.text().is_some() {
        return Err(Refusal::no_effect("one version of a function"));
    }
    let name = function_name(&asked, &Function::default())?;
    Ok(Change::Deleted { resources: vec![call.resource(Service::Lambda, name)] }.into())
}

/// Instances kept warm. A second call for the same qualifier takes the place of the first.
pub(crate) fn put_concurrency(call: &Call<'_>) -> Result<Reading, Refusal> {
    let (asked, given): (Function<'_>, Function<'_>) = (call.request()?, call.response()?);
    let instances = asked.concurrency.whole().or(given.requested_concurrency.whole());
    let function = function_name(&asked, &given)?;
    let name = qualified(&function, &asked)?;
    let spec = Spec::ProvisionedConcurrency(ConcurrencySpec {
        function,
        instances: instances.ok_or_else(|| Refusal::missing("provisionedConcurrentExecutions"))?,
        function_spec: None,
    });
    Ok(Change::Started { resources: vec![call.resource(Service::Lambda, name)], spec }.into())
}

/// No more instances kept warm.
pub(crate) fn delete_concurrency(call: &Call<'_>) -> Result<Reading, Refusal> {
    let asked: Function<'_> = call.request()?;
    let function = function_name(&asked, &Function::default())?;
    let name = qualified(&function, &asked)?;
    Ok(Change::Deleted { resources: vec![call.resource(Service::Lambda, name)] }.into())
}

fn modified(
    call: &Call<'_>,
    asked: &Function<'_>,
    given: &Function<'_>,
) -> Result<Reading, Refusal> {
    if given.memory_size == Loose::Absent {
        return Err(Refusal::missing("responseElements.memorySize"));
    }
    let resource = call.resource(Service::Lambda, function_name(asked, given)?);
    Ok(Change::Modified { resource, to: SpecChange::Function(function_spec(asked, given)) }.into())
}

/// The answer, else the request, else Lambda's defaults: 128 MB, x86, 512 MB of storage.
fn function_spec(asked: &Function<'_>, given: &Function<'_>) -> FunctionSpec {
    let storage = |function: &Function<'_>| {
        function.ephemeral_storage.as_ref().and_then(|storage| storage.size.whole())
    };
    let processor = given.architectures.0.first().or(asked.architectures.0.first());
    FunctionSpec {
        memory_mb: given.memory_size.whole().or(asked.memory_size.whole()).unwrap_or(128),
        architecture: match processor.and_then(Loose::text) {
            Some("arm64") => Architecture::Arm,
            _ => Architecture::X86,
        },
        ephemeral_storage_mb: storage(given).or(storage(asked)).unwrap_or(512),
    }
}

fn qualified(function: &str, asked: &Function<'_>) -> Result<String, Refusal> {
    let in_name = asked.name.text().and_then(split_arn).and_then(|(_, qualifier)| qualifier);
    let qualifier = asked.qualifier.text().or(in_name);
    Ok(format!("{function}:{}", qualifier.ok_or_else(|| Refusal::missing("qualifier"))?))
}

fn function_name(asked: &Function<'_>, given: &Function<'_>) -> Result<String, Refusal> {
    let name = given.name.text().or(asked.name.text());
    let name = name.ok_or_else(|| Refusal::missing("functionName"))?;
    Ok(split_arn(name).map_or(name, |(name, _)| name).to_owned())
}

/// Name and qualifier of `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]`,
/// `<account>:function:<name>` or `<name>:<qualifier>`.
fn split_arn(text: &str) -> Option<(&str, Option<&str>)> {
    let short = text.rsplit_once(":function:").map_or(text, |(_, short)| short);
    match short.split_once(':') {
        Some((name, qualifier)) => Some((name, Some(qualifier))),
        None if short.len() < text.len() => Some((short, None)),
        None => None,
    }
}

wire! {
    struct Function<'a> {
        "functionName" | "FunctionName" => name: Loose<'a>,
        "memorySize" | "MemorySize" => memory_size: Loose<'a>,
        "architectures" | "Architectures" => architectures: Items<Loose<'a>>,
        "ephemeralStorage" | "EphemeralStorage" => ephemeral_storage: Option<Storage<'a>>,
        "qualifier" | "Qualifier" => qualifier: Loose<'a>,
        "dryRun" | "DryRun" => dry_run: Loose<'a>,
        "provisionedConcurrentExecutions" | "ProvisionedConcurrentExecutions"
            => concurrency: Loose<'a>,
        "requestedProvisionedConcurrentExecutions" | "RequestedProvisionedConcurrentExecutions"
            => requested_concurrency: Loose<'a>,
    }
    struct Storage<'a> {
        "size" | "Size" => size: Loose<'a>,
    }
}
