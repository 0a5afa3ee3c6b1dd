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

/// A `SageMaker` endpoint as AWS describes it.
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

#[cfg(test)]
mod tests {
    use super::super::tests::{days_ago, here, measured, price, region};
    use super::*;

    #[test]
    fn concurrency_that_nobody_calls_is_found() {
        let region = region();
        let warm = Concurrency {
            named: Named::only("pay:live"),
            function: "pay".to_owned(),
            qualifier: "live".to_owned(),
            instances: 5,
            set: days_ago(14),
            invocations: measured(14, 0.0),
        };
        let judge = |it: &Concurrency| unused_concurrency(it, here(&region), price("50"));
        let found = judge(&warm).unwrap().unwrap();
        assert!(found.stop.ends_with("--function-name pay --qualifier live"), "{}", found.stop);
        for fine in [
            Concurrency { invocations: measured(14, 1.0), ..warm.clone() },
            Concurrency { set: days_ago(13), ..warm.clone() },
            Concurrency { instances: 0, ..warm.clone() },
        ] {
            assert_eq!(judge(&fine), Ok(None), "{fine:?}");
        }
        assert!(judge(&Concurrency { invocations: None, ..warm }).is_err());
    }

    #[test]
    fn logs_without_retention_are_found_from_a_gib_on() {
        let region = region();
        let find = |bytes, retention_days| {
            let (named, created) = (Named::only("/app/x"), days_ago(400));
            let logs = LogGroup { named, bytes, created, retention_days };
            endless_logs(&logs, here(&region), price("3"))
        };
        let found = find(5 * LOG_BYTES / 2, None).unwrap();
        assert!(found.why.contains("2.5 GiB of 400 days"), "{}", found.why);
        assert!(find(LOG_BYTES, None).is_some());
        assert_eq!(find(LOG_BYTES - 1, None), None);
        assert_eq!(find(LOG_BYTES, Some(3_653)), None);
        assert!(find(u64::MAX, None).is_some());
    }

    #[test]
    fn a_model_that_nobody_asks_is_found() {
        let region = region();
        let endpoint = ModelEndpoint {
            named: Named::only("model"),
            instances: "2 × ml.m5.large".to_owned(),
            created: days_ago(14),
            is_in_service: true,
            invocations: measured(14, 0.0),
        };
        let judge = |it: &ModelEndpoint| idle_model_endpoint(it, here(&region), price("250"));
        assert!(judge(&endpoint).unwrap().is_some());
        for fine in [
            ModelEndpoint { invocations: measured(14, 1.0), ..endpoint.clone() },
            ModelEndpoint { created: days_ago(13), ..endpoint.clone() },
            ModelEndpoint { is_in_service: false, ..endpoint.clone() },
        ] {
            assert_eq!(judge(&fine), Ok(None), "{fine:?}");
        }
        assert!(judge(&ModelEndpoint { invocations: None, ..endpoint }).is_err());
    }
}
