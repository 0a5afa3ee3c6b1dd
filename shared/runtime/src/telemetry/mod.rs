//! Telemetry: logs as JSON lines, metrics in CloudWatch's embedded format, both on standard output.
//! No id, ARN, address or token leaves the process as it is: see [`redact`].

pub mod metrics;
pub mod redact;

use redact::Redacting;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

/// Begins to log. `LOG_LEVEL` is `error`, `warn`, `info` (default), `debug` or `trace`.
pub(crate) fn begin(function: &'static str) {
    let level = std::env::var("LOG_LEVEL").unwrap_or_default();
    let level: LevelFilter = level.parse().unwrap_or(LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_span_list(false)
        .with_writer(Redacting)
        .with_filter(level);
    // A second begin in one process keeps the first: only tests do that.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(lines));
    tracing::debug!(function, "begins");
}
