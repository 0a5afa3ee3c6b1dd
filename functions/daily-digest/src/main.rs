//! `daily-digest`: a tenant's day in a few lines, to Slack.

use aws_lambda_events::sqs::SqsEvent;
use jiff::Timestamp;
use pipeline::clock::DigestDue;
use pipeline::digest;
use pipeline::lines::TenantLines;
use pipeline::tell::Telling;
use runtime::aws::Aws;
use runtime::batch::{self, rejected};
use runtime::deadline::Deadline;
use runtime::in_time::InTime;
use runtime::lambda;
use runtime::settings::DailyDigest;
use runtime::telemetry::metrics::{Metric, Metrics};
use slack::Workspaces;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = DailyDigest::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let queue = aws.queue(&settings.digest_queue);
    let dead_letters = aws.queue(&settings.dead_letters);
    let keys = aws.keys(&settings.secrets_key);
    let workspaces = Workspaces::new(&settings.slack_api)?;
    let lines = TenantLines::new(&table, &keys, &workspaces);
    let metrics = Metrics::new(&settings.stage, DailyDigest::FUNCTION);
    let handle = async |event: SqsEvent, deadline: Deadline| {
        let failed = batch::each(&event, deadline, async |body| {
            let due = DigestDue::from_json(body)?;
            let lines = InTime::new(&lines, deadline);
            match digest::send(&table, &lines, &due, Timestamp::now()).await? {
                Telling::Told(count) => metrics.count(Metric::Told, count),
                Telling::Undelivered => metrics.count(Metric::Undelivered, 1),
                Telling::Nothing => {}
            }
            Ok(())
        })
        .await;
        metrics.count(Metric::Rejected, rejected(&failed));
        Ok(batch::answer(&event, &failed, &dead_letters, Some(&queue)).await)
    };
    lambda::serve(DailyDigest::FUNCTION, &aws, &settings.hash_key, handle).await
}
