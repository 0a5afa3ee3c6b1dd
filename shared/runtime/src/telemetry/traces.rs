//! Spans by OTLP over HTTP, to a collector beside the function. Without
//! `OTEL_EXPORTER_OTLP_ENDPOINT` there are none, and nothing is set up. As in log lines, ids in them
//! are hashes.

use super::redact::redact;
use opentelemetry::trace::TracerProvider;
use opentelemetry::{KeyValue, Value};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter as Export};
use std::time::Duration;
use tracing::{Level, Metadata, Span, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

/// A collector that answers slower is not waited for: spans are lost then, never events.
const EXPORT_WITHIN: Duration = Duration::from_secs(1);

/// Sends finished spans to a collector.
#[derive(Debug, Clone)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// To the collector at this base address; spans go to `/v1/traces`. `None` if the address
    /// cannot be used: a function runs without spans rather than not at all.
    pub fn to(endpoint: &str, function: &'static str) -> Option<Self> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .with_timeout(EXPORT_WITHIN)
            .build()
            .ok()?;
        let resource = Resource::builder_empty()
            .with_attributes([KeyValue::new("service.name", function)])
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(Redacting(exporter))
            .with_resource(resource)
            .build();
        Some(Self { provider })
    }

    /// The layer that takes spans from level info on: ours. Those of the AWS SDK are of level debug.
    /// Log lines inside of them stay out: they are redacted on their own way.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        let tracer = self.provider.tracer("dd0c-cost");
        tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_filter(filter_fn(is_span))
    }

    /// Sends what is finished, before Lambda freezes the process.
    pub fn flush(&self) {
        if let Err(error) = self.provider.force_flush() {
            tracing::debug!(%error, "spans were not sent");
        }
    }
}

/// Hands spans on with every id in their texts replaced by its keyed hash, or by stars without the key:
/// whatever is recorded, wherever.
#[derive(Debug)]
struct Redacting<Exporter>(Exporter);

impl<Exporter: Export> Export for Redacting<Exporter> {
    fn export(&self, mut batch: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        for attribute in batch.iter_mut().flat_map(|span| &mut span.attributes) {
            hide(attribute);
        }
        self.0.export(batch)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

fn hide(attribute: &mut KeyValue) {
    if let Value::String(text) = &attribute.value {
        attribute.value = redact(text.as_str()).into_owned().into();
    }
}

/// The span of one invocation of a function; `outcome` is recorded at its end.
pub fn invocation(function: &'static str) -> Span {
    tracing::info_span!("invocation", function, outcome = tracing::field::Empty)
}

fn is_span(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && *metadata.level() <= Level::INFO
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use tracing_subscriber::layer::SubscriberExt;

    #[test]
    fn a_finished_span_reaches_the_collector_without_ids_and_log_lines() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let collector = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut received = Vec::new();
            let mut chunk = [0; 4096];
            loop {
                let read = stream.read(&mut chunk).unwrap();
                received.extend_from_slice(&chunk[..read]);
                let text = String::from_utf8_lossy(&received).into_owned();
                let length = text
                    .to_ascii_lowercase()
                    .split("content-length: ")
                    .nth(1)
                    .map(|rest| rest.split("\r\n").next().unwrap().parse::<usize>().unwrap());
                let head = text.find("\r\n\r\n");
                if read == 0
                    || length.zip(head).is_some_and(|(n, head)| received.len() >= head + 4 + n)
                {
                    break;
                }
            }
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
            String::from_utf8_lossy(&received).into_owned()
        });
        let traces = Traces::to(&endpoint, "event-router").unwrap();
        let subscriber = tracing_subscriber::registry().with(traces.layer());
        tracing::subscriber::with_default(subscriber, || {
            let span =
                tracing::info_span!("invocation", outcome = "done", account = "314159265358");
            span.in_scope(|| tracing::info!("planted-log-line"));
        });
        traces.flush();
        let received = collector.join().unwrap();
        assert!(received.starts_with("POST /v1/traces "), "{received}");
        // No test here sets the key.
        for part in ["event-router", "invocation", "outcome", "done", "account", "***"] {
            assert!(received.contains(part), "{part}: {received}");
        }
        assert!(!received.contains("314159265358"), "{received}");
        assert!(!received.contains("planted-log-line"), "{received}");
    }

    #[test]
    fn an_address_that_is_none_leaves_spans_out() {
        assert!(Traces::to("no address", "event-router").is_none());
    }
}
