//! `billing-worker`: what Stripe tells and what is due → subscriptions followed, quantities set,
//! accounts paused and resumed, people reminded.

use aws_lambda_events::sqs::SqsEvent;
use jiff::Timestamp;
use pipeline::billing::{BillingTask, Done, work};
use pipeline::lines::TenantLines;
use runtime::aws::Aws;
use runtime::batch::{self, rejected};
use runtime::deadline::Deadline;
use runtime::in_time::InTime;
use runtime::lambda;
use runtime::secrets::LazySecret;
use runtime::settings::BillingWorker;
use runtime::telemetry::metrics::{Metric, Metrics};
use slack::Workspaces;
use stripe::LazyStripe;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = BillingWorker::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let queue = aws.queue(&settings.billing_queue);
    let dead_letters = aws.queue(&settings.dead_letters);
    let keys = aws.keys(&settings.secrets_key);
    let workspaces = Workspaces::new(&settings.slack_api)?;
    let lines = TenantLines::new(&table, &keys, &workspaces);
    let secret = LazySecret::new(&aws, &settings.stripe_secret);
    let payments = LazyStripe::new(&settings.stripe_api, || secret.fetch());
    let metrics = Metrics::new(&settings.stage, BillingWorker::FUNCTION);
    let handle = async |event: SqsEvent, deadline: Deadline| {
        let failed = batch::each(&event, deadline, async |body| {
            let task = BillingTask::from_json(body)?;
            let lines = InTime::new(&lines, deadline);
            let done = work(&table, &payments, &lines, &task, Timestamp::now()).await?;
            count(&metrics, &done);
            Ok(())
        })
        .await;
        metrics.count(Metric::Rejected, rejected(&failed));
        Ok(batch::answer(&event, &failed, &dead_letters, Some(&queue)).await)
    };
    lambda::serve(BillingWorker::FUNCTION, &aws, &settings.hash_key, handle).await
}

fn count(metrics: &Metrics, done: &Done) {
    if let Some(reason) = done.skipped() {
        metrics.count_by(Metric::Skipped, reason, 1);
    }
    metrics.count(Metric::Told, done.told());
    metrics.count(Metric::Undelivered, done.undelivered());
    metrics.count(Metric::SecondSubscriptions, done.ended());
    tracing::info!(?done, "what was to be done about money");
}
