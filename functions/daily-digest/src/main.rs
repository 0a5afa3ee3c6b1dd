//! `daily-digest`: a day in a few lines, to Slack.

use jiff::Timestamp;
use pipeline::digest::digest;
use pipeline::error::Failure;
use pipeline::ports::Announce;
use runtime::aws::Aws;
use runtime::lambda;
use runtime::secrets::LazySecret;
use runtime::settings::DailyDigest;
use runtime::telemetry::metrics::{Metric, Metrics};
use slack::Slack;
use store::Table;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = DailyDigest::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let secret = LazySecret::new(&aws, &settings.slack_secret);
    let metrics = Metrics::new(&settings.stage, DailyDigest::FUNCTION);
    let handle = async |_: serde_json::Value, _| {
        post(&table, &secret, &settings.slack_api).await?;
        metrics.count(Metric::Told, 1);
        Ok(())
    };
    lambda::serve(DailyDigest::FUNCTION, &aws, &settings.hash_key, handle).await
}

/// Posts how the 24 hours until now were.
async fn post(table: &Table, secret: &LazySecret, api_url: &str) -> Result<(), Failure> {
    let accounts = table.owned_accounts().await?;
    let day = digest(table, &accounts, Timestamp::now()).await?;
    let slack = Slack::from_secret(api_url, secret.get().await?)?;
    (&mut &slack).digest(&day).await
}
