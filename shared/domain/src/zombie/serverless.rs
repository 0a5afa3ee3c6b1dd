//! Provisioned concurrency, logs and model endpoints that nobody asks for.

use super::{DAYS, Judged, Measured, Named, Place, Zombie, ZombieCheck, measured_since, settled};
use crate::price::Monthly;
use jiff::Timestamp;

/// Bytes from which on a log group is worth a word.
const LOG_BYTES: u64 = 1 << 30;

/// Provisioned concurrency of a version or an alias of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Concurrency {
    /// `function:qualifier`
    pub named: Named,
    /// The function's name.
    pub function: String,
    /// Version or alias.
    pub qualifier: String,
    /// Instances that are kept warm.
    pub instances: u32,
    /// When it was set.
    pub set: Timestamp,
    /// Invocations on it, where measured.
    pub invocations: Option<Measured>,
}

/// Provisioned concurrency that nobody calls.
pub fn unused_concurrency(warm: &Concurrency, place: Place<'_>, price: Monthly) -> Judged {
    if warm.instances == 0 || !place.is_older(warm.set, DAYS) {
        return Ok(None);
    }
    if settled(warm.invocations, "invocations")? > 0.0 {
        return Ok(None);
    }
    let why = format!(
        "{} instances of the function are kept warm, and nothing was invoked on them for {DAYS} days.",
        warm.instances
    );
    let found = place.zombie(ZombieCheck::UnusedConcurrency, &warm.named, why, price);
    let delete = place.command("lambda delete-provisioned-concurrency-config");
    let delete =
        delete.with("--function-name", &warm.function).with("--qualifier", &warm.qualifier);
    let stop = place.steps(&warm.named, "Lambda, Functions", [delete]);
    Ok(Some(found.since(measured_since(place.now)).stopped_by(stop)))
}

/// A log group as AWS describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroup {
    /// By its name.
    pub named: Named,
    /// Bytes that it keeps, as they are paid.
    pub bytes: u64,
    /// When it was made.
    pub created: Timestamp,
    /// Days after which it forgets; `None` is never.
    pub retention_days: Option<u32>,
}

/// A log group that keeps everything for ever.
pub fn endless_logs(logs: &LogGroup, place: Place<'_>, price: Monthly) -> Option<Zombie> {
    if logs.retention_days.is_some() || logs.bytes < LOG_BYTES {
        return None;
    }
    let tenths = u128::from(logs.bytes) * 10 / u128::from(LOG_BYTES);
    let why = format!(
        "The log group never forgets: it keeps {}.{} GiB of {} days, and every day more.",
        tenths / 10,
        tenths % 10,
        place.days_since(logs.created).max(0)
    );
    let found = place.zombie(ZombieCheck::EndlessLogs, &logs.named, why, price);
    let look = place.command("logs describe-log-groups");
    let look = look.with("--log-group-name-prefix", &logs.named.id);
    let forget =
        place.command("logs put-retention-policy").with("--log-group-name", &logs.named.id);
    let stop = [look, forget.and("--retention-in-days 90")];
    let stop = place.steps(&logs.named, "CloudWatch, Log groups", stop);
    Some(found.since(Some(logs.created)).stopped_by(stop))
}

/// A SageMaker endpoint as AWS describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelEndpoint {
    /// By its name.
    pub named: Named,
    /// What it runs on: `2 × ml.m5.large`.
    pub instances: String,
    /// When it was made.
    pub created: Timestamp,
    /// Whether it is paid: `InService`.
    pub is_in_service: bool,
    /// Invocations, where measured.
    pub invocations: Option<Measured>,
}

/// A model endpoint that nobody asks.
pub fn idle_model_endpoint(endpoint: &ModelEndpoint, place: Place<'_>, price: Monthly) -> Judged {
    if !endpoint.is_in_service || !place.is_older(endpoint.created, DAYS) {
        return Ok(None);
    }
    if settled(endpoint.invocations, "invocations")? > 0.0 {
        return Ok(None);
    }
    let why = format!("The endpoint on {} was not invoked for {DAYS} days.", endpoint.instances);
    let found = place.zombie(ZombieCheck::IdleModelEndpoint, &endpoint.named, why, price);
    let [look, delete] = ["sagemaker describe-endpoint", "sagemaker delete-endpoint"]
        .map(|what| place.command(what).with("--endpoint-name", &endpoint.named.id));
    let stop = place.steps(&endpoint.named, "SageMaker, Endpoints", [look, delete]);
    Ok(Some(found.since(measured_since(place.now)).stopped_by(stop)))
}
