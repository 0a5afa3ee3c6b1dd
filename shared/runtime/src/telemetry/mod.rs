//! Telemetry: logs as JSON lines and metrics in `CloudWatch`'s embedded format, both on standard
//! output; spans by OTLP where a collector is named. No id, ARN, address or token leaves the process
//! as it is: see [`redact`].

pub mod metrics;
pub mod redact;
pub mod traces;

use redact::Redacting;
use traces::Traces;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

/// Begins to log. `LOG_LEVEL` is `error`, `warn`, `info` (default), `debug` or `trace`.
pub(crate) fn begin(function: &'static str) -> Option<Traces> {
    // An empty text would count as `error`.
    let level = std::env::var("LOG_LEVEL").ok().filter(|level| !level.is_empty());
    let level = level.and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_span_list(false)
        .with_writer(Redacting)
        .with_filter(level);
    let endpoint = std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT").unwrap_or_default();
    let traces = if endpoint.is_empty() { None } else { Traces::to(&endpoint, function) };
    let spans = traces.as_ref().map(Traces::layer);
    // A second begin in one process keeps the first: only tests do that.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(lines).with(spans));
    tracing::debug!(function, "begins");
    traces
}
