//! `account-worker`: accounts are connected, checked, searched for zombies and rehearsed.

use aws_lambda_events::sqs::SqsEvent;
use customer_cloud::CustomerCloud;
use domain::ids::Region;
use jiff::Timestamp;
use pipeline::billing;
use pipeline::onboarding::{Jobs, Worker};
use pipeline::switches::Switches;
use pricing::Book;
use runtime::aws::Aws;
use runtime::batch::{self, rejected};
use runtime::deadline::Deadline;
use runtime::flags::LazyFlags;
use runtime::lambda;
use runtime::pace::Pace;
use runtime::settings::AccountWorker;
use runtime::telemetry::metrics::{Metric, Metrics};
use stack_reply::StackReplies;
use std::time::Duration;
use store::TenantScope;

/// What takes long is broken off so much earlier than the function, and goes on in another message.
const RESERVE: Duration = Duration::from_secs(20);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = AccountWorker::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let prompt = aws.queue(&settings.account_queue);
    let long = aws.queue(&settings.background_queue);
    let alerts = aws.queue(&settings.alert_queue);
    let dead_letters = aws.queue(&settings.dead_letters);
    let cloud = CustomerCloud::from_env()?;
    let reply = StackReplies::new(settings.customer_aws.is_some());
    let flags = LazyFlags::new(settings.flags.as_deref());
    let pace = Pace::of_history();
    let metrics = Metrics::new(&settings.stage, AccountWorker::FUNCTION);
    let wait = async |region: &Region| pace.wait(region).await;
    let may_connect =
        async |scope: &TenantScope| Ok(billing::may_connect(&table, scope).await?.is_ok());
    let handle = async |event: SqsEvent, deadline: Deadline| {
        let failed = batch::each(&event, deadline, async |body| {
            let now = Timestamp::now();
            let worker = Worker {
                table: &table,
                prices: Book::builtin(),
                switches: Switches::at(flags.get(now).await?, now),
                cloud: &cloud,
                reply: &reply,
                jobs: Jobs { prompt: &prompt, long: &long },
                alerts: &alerts,
                bus_arn: &settings.bus,
                pace: &wait,
                may_connect: &may_connect,
            };
            let in_time = deadline.earlier(RESERVE);
            // All that it may wait for is too deep for the compiler, unless it is kept by itself.
            let done = Box::pin(worker.handle(body, now, || in_time.has_time())).await?;
            metrics.count_by(Metric::Worked, done.code(), 1);
            tracing::info!(worked = done.code(), "worked on an account");
            Ok(())
        })
        .await;
        metrics.count(Metric::Rejected, rejected(&failed));
        let from = if batch::is_from(&event, &long) { &long } else { &prompt };
        Ok(batch::answer(&event, &failed, &dead_letters, Some(from)).await)
    };
    lambda::serve(AccountWorker::FUNCTION, &aws, &settings.hash_key, handle).await
}
