//! `notifier`: alert queue → Slack, the bus of events, tenants' webhooks.

use aws_lambda_events::sqs::SqsEvent;
use jiff::Timestamp;
use pipeline::alert::Alert;
use pipeline::lines::TenantLines;
use pipeline::tell::{Outlets, Telling, tell};
use runtime::aws::Aws;
use runtime::batch::{self, rejected};
use runtime::deadline::Deadline;
use runtime::in_time::InTime;
use runtime::lambda;
use runtime::settings::Notifier;
use runtime::telemetry::metrics::{Metric, Metrics};
use slack::Workspaces;
use webhook::Webhooks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Notifier::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let queue = aws.queue(&settings.alert_queue);
    let dead_letters = aws.queue(&settings.dead_letters);
    let keys = aws.keys(&settings.secrets_key);
    let bus = aws.event_bus(&settings.event_bus);
    let hooks = Webhooks::new(keys.clone(), settings.local_webhooks.is_some());
    let workspaces = Workspaces::new(&settings.slack_api)?;
    let lines = TenantLines::new(&table, &keys, &workspaces);
    let metrics = Metrics::new(&settings.stage, Notifier::FUNCTION);
    let handle = async |event: SqsEvent, deadline: Deadline| {
        let failed = batch::each(&event, deadline, async |body| {
            let alert = Alert::from_json(body)?;
            let lines = InTime::new(&lines, deadline);
            let outlets = Outlets { lines: &lines, bus: &bus, hooks: &hooks };
            // On the heap: it is too large for the stack of all that is around it.
            match Box::pin(tell(&table, outlets, &alert, Timestamp::now())).await? {
                Telling::Told(count) => count_told(&metrics, &alert, count),
                Telling::Undelivered => metrics.count(Metric::Undelivered, 1),
                Telling::Nothing => {}
            }
            Ok(())
        })
        .await;
        metrics.count(Metric::Rejected, rejected(&failed));
        Ok(batch::answer(&event, &failed, &dead_letters, Some(&queue)).await)
    };
    lambda::serve(Notifier::FUNCTION, &aws, &settings.hash_key, handle).await
}

fn count_told(metrics: &Metrics, alert: &Alert, count: u64) {
    metrics.count(Metric::Told, count);
    let seconds = Timestamp::now().duration_since(alert.stored_at).as_secs_f64();
    metrics.seconds(Metric::AlertLatency, seconds.max(0.0));
}
