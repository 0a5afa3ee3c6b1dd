//! `clock`: every minute, what is due → alerts, digests, and what is to be done with accounts and
//! about money.

use jiff::Timestamp;
use pipeline::clock::{Queues, Struck, strike};
use runtime::aws::Aws;
use runtime::lambda;
use runtime::settings::Clock;
use runtime::telemetry::metrics::{Metric, Metrics};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Clock::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let (alerts, digests) = (aws.queue(&settings.alert_queue), aws.queue(&settings.digest_queue));
    let (billing, accounts) =
        (aws.queue(&settings.billing_queue), aws.queue(&settings.account_queue));
    let queues =
        Queues { alerts: &alerts, digests: &digests, billing: &billing, accounts: &accounts };
    let metrics = Metrics::new(&settings.stage, Clock::FUNCTION);
    let handle = async |_: Value, _| {
        let Struck { tellings, digests, settlings, checks, rejected } =
            strike(&table, &queues, Timestamp::now()).await?;
        metrics.count(Metric::Rejected, rejected);
        if tellings + digests + settlings + checks > 0 {
            tracing::info!(tellings, digests, settlings, checks, "handed over what was due");
        }
        Ok(json!({
            "tellings": tellings, "digests": digests, "settlings": settlings, "checks": checks,
            "rejected": rejected,
        }))
    };
    lambda::serve(Clock::FUNCTION, &aws, &settings.hash_key, handle).await
}
