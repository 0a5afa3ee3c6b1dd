//! `anomaly-scorer`: the table's stream → baselines, anomalies, alerts.

mod stream;

use jiff::Timestamp;
use pipeline::error::Failure;
use pipeline::observe::{Observed, observe};
use pipeline::ports::{Message, Queue};
use pipeline::switches::Switches;
use runtime::aws::Aws;
use runtime::flags::LazyFlags;
use runtime::lambda;
use runtime::settings::AnomalyScorer;
use runtime::telemetry::metrics::{Metric, Metrics};
use stream::{Answer, Batch};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = AnomalyScorer::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let alerts = aws.queue(&settings.alert_queue);
    let dead_letters = aws.queue(&settings.dead_letters);
    let flags = LazyFlags::new(settings.flags.as_deref());
    let metrics = Metrics::new(&settings.stage, AnomalyScorer::FUNCTION);
    let handle = async |batch: Batch, _| -> Result<Answer, Failure> {
        let mut read = batch.read();
        let arrivals = std::mem::take(&mut read.arrivals);
        let now = Timestamp::now();
        let switches = Switches::at(flags.get(now).await?, now);
        let observed = observe(&table, &alerts, switches, arrivals).await;
        for failure in observed.failed.values() {
            tracing::warn!(why = %failure, "an account has to come again or is put aside");
        }
        metrics.count(Metric::HeldBack, observed.held_back);
        let dead: Vec<Message> = read.unread.drain(..).chain(hopeless(&observed)).collect();
        metrics.count(Metric::Rejected, dead.len() as u64);
        if !dead.is_empty() {
            dead_letters.send(dead).await?;
        }
        Ok(read.answer(&observed))
    };
    lambda::serve(AnomalyScorer::FUNCTION, &aws, &settings.hash_key, handle).await
}

/// Accounts that cannot be scored on: people have to look.
fn hopeless(observed: &Observed) -> impl Iterator<Item = Message> {
    observed.failed.iter().filter_map(|(account, failure)| match failure {
        Failure::Reject(why) => Some(Message {
            body: serde_json::json!({"account": account.as_str()}).to_string(),
            reason: Some(why.clone()),
            ..Message::default()
        }),
        _ => None,
    })
}
