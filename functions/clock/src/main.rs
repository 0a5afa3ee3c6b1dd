//! `clock`: every minute, what is due → alerts and digests.

use jiff::Timestamp;
use pipeline::clock::{Hands, strike};
use runtime::aws::Aws;
use runtime::lambda;
use runtime::settings::Clock;
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Clock::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let (alerts, digests) = (aws.queue(&settings.alert_queue), aws.queue(&settings.digest_queue));
    let accounts = aws.queue(&settings.account_queue);
    let handle = async |_: Value, _| {
        let hands = Hands { alerts: &alerts, digests: &digests, accounts: &accounts };
        let struck = strike(&table, hands, Timestamp::now()).await?;
        let (tellings, digests, checks) = (struck.tellings, struck.digests, struck.checks);
        if tellings + digests + checks > 0 {
            tracing::info!(tellings, digests, checks, "handed over what was due");
        }
        Ok(json!({"tellings": tellings, "digests": digests, "checks": checks}))
    };
    lambda::serve(Clock::FUNCTION, &aws, &settings.hash_key, handle).await
}
