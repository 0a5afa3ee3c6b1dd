//! Telemetry: logs as JSON lines and metrics in `CloudWatch`'s embedded format, both on standard
//! output; spans by OTLP where a collector is named. No id, ARN, address or token leaves the process
//! as it is: see [`redact`].

pub mod metrics;
pub mod redact;
pub mod traces;

use redact::Redacting;
use traces::Traces;
use tracing::Metadata;
use tracing_subscriber::filter::{FilterFn, LevelFilter, filter_fn};
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
        .with_filter(of_lines(level));
    let endpoint = std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT").unwrap_or_default();
    let traces = if endpoint.is_empty() { None } else { Traces::to(&endpoint, function) };
    let spans = traces.as_ref().map(Traces::layer);
    // A second begin in one process keeps the first: only tests do that.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(lines).with(spans));
    tracing::debug!(function, "begins");
    traces
}

/// What stands in lines: all up to a level, but for the spans that only a collector reads. Without a
/// collector these are not even made.
fn of_lines(level: LevelFilter) -> FilterFn<impl Fn(&Metadata<'_>) -> bool> {
    let wanted = move |metadata: &Metadata<'_>| {
        *metadata.level() <= level && metadata.name() != pipeline::span::NAME
    };
    filter_fn(wanted).with_max_level_hint(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_collector_no_span_of_a_score_is_made() {
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::sink);
        let subscriber = Registry::default().with(lines.with_filter(of_lines(LevelFilter::INFO)));
        tracing::subscriber::with_default(subscriber, || {
            assert!(tracing::info_span!(pipeline::span::NAME).is_disabled());
            assert!(!tracing::info_span!("invocation").is_disabled());
            assert!(tracing::debug_span!("invocation").is_disabled());
        });
    }
}
