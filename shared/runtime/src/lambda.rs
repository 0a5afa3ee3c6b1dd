//! Lambda: one invocation after another, each with its deadline.

use crate::aws::Aws;
use crate::deadline::Deadline;
use crate::secrets::LazySecret;
use crate::telemetry::{self, redact, traces};
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use pipeline::error::Failure;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::Instrument;

/// Serves invocations until Lambda ends the process. `handle` answers one; an error makes Lambda
/// try again, or put the event aside where it stops trying.
pub async fn serve<Input, Output>(
    function: &'static str,
    aws: &Aws,
    hash_key: &str,
    handle: impl AsyncFn(Input, Deadline) -> Result<Output, Failure>,
) -> Result<(), Error>
where
    Input: DeserializeOwned,
    Output: Serialize,
{
    let spans = telemetry::begin(function);
    let hash_key = LazySecret::new(aws, hash_key);
    let (hash_key, handle, spans) = (&hash_key, &handle, &spans);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Input>| async move {
        let deadline = Deadline::at(event.context.deadline, Timestamp::now());
        prepare_logs(hash_key).await;
        let span = traces::invocation(function);
        let work = deadline.guard(handle(event.payload, deadline)).instrument(span.clone());
        let outcome = work.await.flatten();
        span.record("outcome", if outcome.is_ok() { "done" } else { "failed" });
        drop(span);
        if let Some(spans) = spans {
            spans.flush();
        }
        outcome.map_err(|failure| {
            tracing::warn!(why = %failure, "the invocation failed");
            // Lambda keeps the text beside the event that it puts aside.
            Error::from(redact::redact(&failure.to_string()).into_owned())
        })
    }))
    .await
}

/// Without the key logs have stars in place of hashes; work goes on.
async fn prepare_logs(hash_key: &LazySecret) {
    if redact::has_key() {
        return;
    }
    match hash_key.get().await {
        Ok(key) => redact::set_key(key),
        Err(failure) => tracing::warn!(why = %failure, "ids in logs are stars"),
    }
}
