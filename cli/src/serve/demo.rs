//! The demo's story, played live: its quiet week at once, then the incident as if it happened now.

use super::App;
use super::http::take;
use crate::error::CliError;
use jiff::{SignedDuration, Timestamp};
use sample_trail::{Record, envelope, story};
use serde_json::Value;
use serde_json::value::RawValue;
use std::time::Duration;
use tokio::time::Instant;

/// Records that are sent together.
const PORTION: usize = 100;
/// Of the story's minutes, how many pass in one: it takes about three minutes in all.
const FASTER: i64 = 14;

/// Plays the story from its incident on, at a pace that people can follow.
pub(crate) async fn play(app: &App) -> Result<(), CliError> {
    let records = story::records();
    let incident = story::incident().unwrap_or(Timestamp::MAX);
    let (began, clock) = (Timestamp::now(), Instant::now());
    let (past, live): (Vec<Record>, Vec<Record>) =
        records.into_iter().partition(|record| time(record).is_none_or(|at| at < incident));
    let shift = began.duration_since(incident);
    let past: Vec<Record> = past.into_iter().map(|record| moved(record, shift)).collect();
    for portion in past.chunks(PORTION) {
        send(app, portion).await?;
    }
    for record in live {
        let since = time(&record).unwrap_or(incident).duration_since(incident)
            / i32::try_from(FASTER).unwrap_or(1);
        let wait = Duration::try_from(since).unwrap_or_default();
        tokio::time::sleep_until(clock + wait).await;
        let shift = Timestamp::now().duration_since(time(&record).unwrap_or(incident));
        send(app, &[moved(record, shift)]).await?;
    }
    Ok(())
}

async fn send(app: &App, records: &[Record]) -> Result<(), CliError> {
    let bodies = records.iter().map(|record| RawValue::from_string(envelope(record).to_string()));
    let bodies = bodies.collect::<Result<Vec<_>, _>>();
    let bodies = bodies.map_err(|error| CliError::Failed(error.to_string()))?;
    let bodies: Vec<&RawValue> = bodies.iter().map(AsRef::as_ref).collect();
    take(app, &bodies).await.map(drop)?;
    Ok(())
}

fn time(record: &Record) -> Option<Timestamp> {
    record.get("eventTime")?.as_str()?.parse().ok()
}

fn moved(mut record: Record, by: SignedDuration) -> Record {
    let at = time(&record).and_then(|at| at.checked_add(by).ok());
    if let (Some(at), Some(field)) = (at, record.get_mut("eventTime")) {
        *field = Value::from(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    }
    record
}
