//! `notifier`: alert queue → Slack.

mod in_time;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use in_time::InTime;
use jiff::Timestamp;
use pipeline::alert::Alert;
use pipeline::error::Failure;
use pipeline::tell::{Telling, tell};
use runtime::aws::Aws;
use runtime::batch::{self, rejected};
use runtime::deadline::Deadline;
use runtime::lambda;
use runtime::secrets::LazySecret;
use runtime::settings::Notifier;
use runtime::telemetry::metrics::{Metric, Metrics};
use slack::Slack;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::OnceCell;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Notifier::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let queue = aws.queue(&settings.alert_queue);
    let dead_letters = aws.queue(&settings.dead_letters);
    let secret = LazySecret::new(&aws, &settings.slack_secret);
    let metrics = Metrics::new(&settings.stage, Notifier::FUNCTION);
    let shared = OnceCell::new();
    let handle = async |event: SqsEvent, deadline: Deadline| -> Result<SqsBatchResponse, _> {
        let slack: &Slack =
            shared.get_or_try_init(|| connect(&secret, &settings.slack_api)).await?;
        let mut failed = BTreeMap::new();
        for (place, body) in batch::bodies(&event).into_iter().enumerate() {
            // Earlier than the invocation's own end: what was told by then is still answered for.
            let in_time = deadline.earlier(Duration::from_millis(500));
            let told = in_time.guard(async {
                let alert = Alert::from_json(body)?;
                let mut slack = InTime::new(slack, deadline);
                let telling = tell(&table, &mut slack, &alert, Timestamp::now()).await?;
                Ok((alert, telling))
            });
            match told.await.flatten() {
                Ok((alert, Telling::Told(count))) => count_told(&metrics, &alert, count),
                Ok((_, Telling::Nothing)) => {}
                Err(failure) => {
                    failed.insert(place, failure);
                }
            }
        }
        metrics.count(Metric::Rejected, rejected(&failed));
        Ok(batch::answer(&event, &failed, &dead_letters, Some(&queue)).await)
    };
    lambda::serve(Notifier::FUNCTION, &aws, &settings.hash_key, handle).await
}

async fn connect(secret: &LazySecret, api_url: &str) -> Result<Slack, Failure> {
    Ok(Slack::from_secret(api_url, secret.get().await?)?)
}

fn count_told(metrics: &Metrics, alert: &Alert, count: u64) {
    metrics.count(Metric::Told, count);
    let seconds = Timestamp::now().duration_since(alert.stored_at).as_secs_f64();
    metrics.seconds(Metric::AlertLatency, seconds.max(0.0));
}
