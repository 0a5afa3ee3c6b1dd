//! `event-router`: bus → FIFO queue.

use jiff::Timestamp;
use pipeline::error::Failure;
use pipeline::ports::{Message, Queue};
use pipeline::rate::RateGate;
use pipeline::route::{Routed, Router};
use runtime::aws::Aws;
use runtime::lambda;
use runtime::settings::EventRouter;
use runtime::telemetry::metrics::{Metric, Metrics};
use serde_json::value::RawValue;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = EventRouter::from_env()?;
    let aws = Aws::from_env();
    let (table, queue) = (aws.table(&settings.table), aws.queue(&settings.event_queue));
    let dead_letters = aws.queue(&settings.dead_letters);
    let gate = RateGate::new(settings.events_per_minute);
    let metrics = Metrics::new(&settings.stage, EventRouter::FUNCTION);
    let test_source = settings.test_source.as_deref();
    let router = Router { table: &table, queue: &queue, gate: &gate, test_source };
    let handle = async |event: Box<RawValue>, _| {
        match router.route(event.get(), Timestamp::now()).await {
            Ok(Routed::Sent(_)) => metrics.count(Metric::Accepted, 1),
            Ok(Routed::Proof) => metrics.count(Metric::Proofs, 1),
            Ok(Routed::Refused(refusal)) => {
                metrics.count_by(Metric::Refused, refusal.code(), 1);
                tracing::debug!(reason = refusal.code(), "an event is refused");
            }
            Err(Failure::Reject(why)) => {
                metrics.count(Metric::Rejected, 1);
                let body = event.get().to_owned();
                let message = Message { body, reason: Some(why), ..Message::default() };
                dead_letters.send(vec![message]).await?;
            }
            Err(failure) => return Err(failure),
        }
        Ok(())
    };
    lambda::serve(EventRouter::FUNCTION, &aws, &settings.hash_key, handle).await
}
