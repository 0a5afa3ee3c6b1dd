//! `slack-worker`: what people ask and press in Slack → answers, and changed cards.

use aws_lambda_events::sqs::SqsEvent;
use jiff::Timestamp;
use pipeline::chat::{Asked, work};
use runtime::aws::Aws;
use runtime::batch::{self, rejected};
use runtime::deadline::Deadline;
use runtime::lambda;
use runtime::settings::SlackWorker;
use runtime::telemetry::metrics::{Metric, Metrics};
use slack::respond::Responder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = SlackWorker::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let queue = aws.queue(&settings.question_queue);
    let dead_letters = aws.queue(&settings.dead_letters);
    let alerts = aws.queue(&settings.alert_queue);
    let responder = Responder::new(&settings.slack_api);
    let metrics = Metrics::new(&settings.stage, SlackWorker::FUNCTION);
    let handle = async |event: SqsEvent, deadline: Deadline| {
        let failed = batch::each(&event, deadline, async |body| {
            let asked = Asked::from_json(body)?;
            work(&table, (&alerts, &responder), &asked, Timestamp::now()).await.map(drop)
        })
        .await;
        metrics.count(Metric::Rejected, rejected(&failed));
        Ok(batch::answer(&event, &failed, &dead_letters, Some(&queue)).await)
    };
    lambda::serve(SlackWorker::FUNCTION, &aws, &settings.hash_key, handle).await
}
