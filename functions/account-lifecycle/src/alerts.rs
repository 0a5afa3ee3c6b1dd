//! Tasks about what was alerted in an account: what a circuit breaker holds back, and what somebody
//! says of an anomaly.

use domain::anomaly::Anomaly;
use domain::answer::{Answer, Answered, EXPECTED_FOR};
use domain::channels::CHANNELS;
use domain::governance::Asker;
use domain::ids::AccountId;
use jiff::{SignedDuration, Timestamp};
use pipeline::answer::{Given, answer};
use pipeline::error::Failure;
use pipeline::held::{self, Released, Verdict, channel_of};
use pipeline::ports::Queue;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Table;

/// The longest that "expected" holds: what nobody has looked at for a year is not expected.
const MAX_DAYS: u32 = 365;

/// A task about alerts.
#[derive(Debug, Deserialize)]
#[serde(tag = "task", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum AlertTask {
    /// Lists what circuit breakers hold back.
    Held { account: String },
    /// Closes the breaker of one channel, or of all, and sends or discards what they held back.
    Release {
        account: String,
        #[serde(default)]
        channel: Option<String>,
        #[serde(default)]
        discard: bool,
        by: String,
    },
    /// Says that an anomaly was `expected`, for so many days, or `not_expected`.
    Answer {
        account: String,
        anomaly: String,
        answer: String,
        by: String,
        #[serde(default)]
        days: Option<u32>,
    },
}

impl AlertTask {
    /// Their names.
    pub(crate) const NAMES: [&str; 3] = ["held", "release", "answer"];
}

/// Does a task; what came of it.
pub(crate) async fn run<Q: Queue>(
    table: &Table,
    alerts: &Q,
    task: AlertTask,
    now: Timestamp,
) -> Result<Value, Failure> {
    match task {
        AlertTask::Held { account } => list(table, &read_account(&account)?).await,
        AlertTask::Release { account, channel, discard, by } => {
            let verdict = if discard { Verdict::Discard } else { Verdict::Send };
            let (of, asker) = (read_account(&account)?, Asker::Operator(by));
            let channel = channel.as_deref();
            release(table, alerts, (&of, channel), verdict, (&asker, now)).await
        }
        AlertTask::Answer { account, anomaly, answer, by, days } => {
            let until = until(days, now)?;
            let by = Asker::Operator(by).to_string();
            let answered = Answered { answer: read_answer(&answer)?, by, at: now };
            take(table, (&read_account(&account)?, &anomaly), &answered, until).await
        }
    }
}

async fn list(table: &Table, account: &AccountId) -> Result<Value, Failure> {
    let held = held::held(table, account, None).await?;
    tracing::info!(%account, held = held.len(), "alerts held back were looked at");
    Ok(json!({"held": held.iter().map(line).collect::<Vec<Value>>()}))
}

fn line(anomaly: &Anomaly) -> Value {
    json!({
        "id": anomaly.id,
        "channel": channel_of(anomaly),
        "actor": anomaly.actor.id,
        "severity": anomaly.severity.code(),
        "hourlyUsd": anomaly.hourly.to_string(),
        "since": anomaly.first_at.to_string(),
    })
}

/// What people were to be told and were not is sent in any case: a task that failed after the table
/// was changed is asked for again.
async fn release<Q: Queue>(
    table: &Table,
    alerts: &Q,
    (account, channel): (&AccountId, Option<&str>),
    verdict: Verdict,
    (asker, now): (&Asker, Timestamp),
) -> Result<Value, Failure> {
    known(channel)?;
    let Released { anomalies, entries } =
        held::release(table, account, channel, verdict, (asker, now)).await?;
    for entry in &entries {
        tracing::info!(change = %entry, "alerts held back were released");
    }
    let messages = match verdict {
        Verdict::Send => held::tell_released(table, alerts, account, now).await?,
        Verdict::Discard => 0,
    };
    Ok(json!({"released": anomalies.len(), "messages": messages}))
}

fn known(channel: Option<&str>) -> Result<(), Failure> {
    let names = CHANNELS.map(|channel| channel.name);
    match channel {
        Some(name) if !names.contains(&name) => {
            Err(Failure::Reject(format!("a channel is one of {}", names.join(", "))))
        }
        _ => Ok(()),
    }
}

async fn take(
    table: &Table,
    (account, anomaly): (&AccountId, &str),
    answered: &Answered,
    until: Timestamp,
) -> Result<Value, Failure> {
    match answer(table, account, anomaly, answered, until).await? {
        Given::Now(expectations) => {
            let (code, by) = (answered.answer.code(), &answered.by);
            tracing::info!(%account, anomaly, answer = code, by, "an alert was answered");
            Ok(json!({"answered": "now", "expectations": expectations.len()}))
        }
        Given::Before => Ok(json!({"answered": "before"})),
        Given::NoSuchAnomaly => Err(Failure::Reject("this account has no such anomaly".to_owned())),
    }
}

fn until(days: Option<u32>, now: Timestamp) -> Result<Timestamp, Failure> {
    let wrong = || Failure::Reject(format!("days are a whole number from 1 to {MAX_DAYS}"));
    let time = match days {
        None => EXPECTED_FOR,
        Some(days) if (1..=MAX_DAYS).contains(&days) => {
            SignedDuration::from_hours(i64::from(days) * 24)
        }
        Some(_) => return Err(wrong()),
    };
    now.checked_add(time).map_err(|_| wrong())
}

fn read_answer(code: &str) -> Result<Answer, Failure> {
    let unknown = || Failure::Reject("an answer is expected or not_expected".to_owned());
    Answer::from_code(code).ok_or_else(unknown)
}

fn read_account(account: &str) -> Result<AccountId, Failure> {
    AccountId::parse(account).map_err(|error| Failure::Reject(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn read(task: Value) -> Result<AlertTask, serde_json::Error> {
        serde_json::from_value(task)
    }

    #[test]
    fn tasks_about_alerts_are_read_with_and_without_what_may_be_missing() {
        let account = "111122223333";
        assert!(read(json!({"task": "held", "account": account})).is_ok());
        let release = read(json!({"task": "release", "account": account, "by": "ana"})).unwrap();
        assert!(matches!(release, AlertTask::Release { channel: None, discard: false, .. }));
        let mut answer = json!({"task": "answer", "account": account, "anomaly": "01J",
            "answer": "expected", "by": "ana"});
        assert!(matches!(read(answer.clone()), Ok(AlertTask::Answer { days: None, .. })));
        answer["days"] = json!(-1);
        assert!(read(answer).is_err());
        let nobody = json!({"task": "release", "account": account});
        assert!(read(nobody).is_err(), "who releases says who he is");
    }

    #[test]
    fn every_task_about_alerts_is_known_by_its_name() {
        for name in AlertTask::NAMES {
            let error = read(json!({"task": name})).unwrap_err().to_string();
            assert!(error.contains("missing field"), "{error}");
        }
    }

    #[test]
    fn expected_holds_for_90_days_or_as_many_as_are_said() {
        assert_eq!(until(None, NOW).unwrap().to_string(), "1970-04-01T00:00:00Z");
        assert_eq!(until(Some(1), NOW).unwrap().to_string(), "1970-01-02T00:00:00Z");
        assert!(until(Some(365), NOW).is_ok());
        for wrong in [0, 366, u32::MAX] {
            assert!(matches!(until(Some(wrong), NOW), Err(Failure::Reject(_))), "{wrong}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_there_is() {
        assert!(known(None).is_ok() && known(Some("rate")).is_ok());
        assert!(known(Some("moon")).unwrap_err().to_string().contains("rate, burst_dollars"));
        assert!(read_answer("not_expected").is_ok());
        assert!(read_answer("maybe").unwrap_err().to_string().contains("expected or not"));
        assert!(read_account("12").is_err());
    }
}
