//! `event-processor`: FIFO queue → cost events, priced and stored once.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use jiff::Timestamp;
use pipeline::receive::{Received, receive};
use pipeline::switches::Switches;
use pricing::Book;
use runtime::aws::Aws;
use runtime::batch::{self, rejected};
use runtime::flags::LazyFlags;
use runtime::lambda;
use runtime::settings::EventProcessor;
use runtime::telemetry::metrics::{Metric, Metrics};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = EventProcessor::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let dead_letters = aws.queue(&settings.dead_letters);
    let metrics = Metrics::new(&settings.stage, EventProcessor::FUNCTION);
    let flags = LazyFlags::new(settings.flags.as_deref());
    let test_source = settings.test_source.as_deref();
    let handle = async |event: SqsEvent, _| -> Result<SqsBatchResponse, _> {
        let messages = batch::bodies(&event);
        let now = Timestamp::now();
        let switches = Switches::at(flags.get(now).await?, now);
        let received = receive(&table, Book::builtin(), switches, &messages, test_source).await;
        count(&metrics, &received);
        Ok(batch::answer(&event, &received.failed, &dead_letters, None).await)
    };
    lambda::serve(EventProcessor::FUNCTION, &aws, &settings.hash_key, handle).await
}

fn count(metrics: &Metrics, received: &Received) {
    metrics.count(Metric::CostEvents, received.cost_events.len() as u64);
    metrics.count(Metric::Duplicates, received.duplicates);
    metrics.count(Metric::Rejected, rejected(&received.failed));
    for (reason, count) in &received.skipped {
        metrics.count_by(Metric::Skipped, reason.code(), *count);
    }
}
