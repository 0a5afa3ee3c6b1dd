//! Batches of the table's stream, and the answer that hands back from the first that failed.

use domain::ids::AccountId;
use jiff::Timestamp;
use pipeline::error::Failure;
use pipeline::observe::{Arrival, Observed};
use pipeline::ports::Message;
use serde::{Deserialize, Serialize};
use store::stream::Image;

/// A batch, in the stream's order.
#[derive(Debug, Deserialize)]
pub(crate) struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

/// A batch as it was read.
pub(crate) struct Read {
    pub(crate) arrivals: Vec<Arrival>,
    /// About what cannot be read.
    pub(crate) unread: Vec<Message>,
    /// Sequence numbers and accounts, in the stream's order.
    order: Vec<(String, AccountId)>,
}

#[derive(Debug, Deserialize)]
struct Record {
    dynamodb: Change,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    /// Seconds since 1970; Lambda writes them with or without a fraction.
    #[serde(default)]
    approximate_creation_date_time: f64,
    sequence_number: String,
    #[serde(default)]
    new_image: Image,
}

/// The answer: Lambda delivers again from the lowest sequence number on.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    batch_item_failures: Vec<Failed>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failed {
    item_identifier: String,
}

impl Batch {
    pub(crate) fn read(self) -> Read {
        let mut read = Read { arrivals: Vec::new(), unread: Vec::new(), order: Vec::new() };
        for Record { dynamodb: change } in self.records {
            let at = change.at();
            match change.new_image.read() {
                Ok(put) => {
                    let arrival = Arrival { at, put };
                    let account = arrival.account().cloned();
                    read.order.extend(account.map(|account| (change.sequence_number, account)));
                    read.arrivals.push(arrival);
                }
                Err(corrupt) => read.unread.push(Message {
                    body: serde_json::json!({"sequenceNumber": change.sequence_number}).to_string(),
                    reason: Some(format!("a stream record cannot be read: {corrupt}")),
                    ..Message::default()
                }),
            }
        }
        read
    }
}

impl Read {
    /// What of it has to come again. An account that can never be scored on was put aside.
    pub(crate) fn answer(&self, observed: &Observed) -> Answer {
        let again = |(_, account): &&(String, AccountId)| {
            let failure = observed.failed.get(account);
            failure.is_some_and(|failure| !matches!(failure, Failure::Reject(_)))
        };
        let item =
            |(sequence, _): &(String, AccountId)| Failed { item_identifier: sequence.clone() };
        Answer {
            batch_item_failures: self.order.iter().find(again).map(item).into_iter().collect(),
        }
    }
}

impl Change {
    fn at(&self) -> Timestamp {
        #[expect(clippy::cast_possible_truncation, reason = "to the millisecond is enough")]
        let millis = (self.approximate_creation_date_time * 1_000.0) as i64;
        Timestamp::from_millisecond(millis).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn watch(account: &str, sequence: &str) -> serde_json::Value {
        json!({"eventName": "INSERT", "dynamodb": {
        "ApproximateCreationDateTime": 1_780_272_000, "SequenceNumber": sequence,
        "NewImage": {
            "entity": {"S": "WatchEvent"}, "id": {"S": "e-1"}, "account": {"S": account},
            "time": {"S": "2026-06-01T00:00:00Z"}, "region": {"S": "us-east-1"},
            "eventSource": {"S": "cloudtrail.amazonaws.com"}, "eventName": {"S": "StopLogging"},
            "actor": {"M": {"id": {"S": "user/ops"}, "kind": {"S": "IAMUser"},
                "principal": {"S": "AIDA"}}},
        }}})
    }

    fn batch() -> Batch {
        serde_json::from_value(json!({"Records": [
            watch("111122223333", "100"),
            {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "101", "NewImage": {"entity": {"S": "CostEvent"}}}},
            watch("444455556666", "102"),
            watch("777788889999", "103"),
        ]}))
        .unwrap()
    }

    #[test]
    fn what_cannot_be_read_is_put_aside_and_the_rest_goes_on() {
        let Read { arrivals, unread, .. } = batch().read();
        assert_eq!((arrivals.len(), unread.len()), (3, 1));
        assert_eq!(arrivals[0].at.to_string(), "2026-06-01T00:00:00Z");
        assert!(unread[0].reason.as_ref().unwrap().contains("attribute"), "{unread:?}");
    }

    #[test]
    fn the_answer_is_the_first_record_of_an_account_that_has_to_come_again() {
        let failed = |id: &str, failure| (AccountId::parse(id).unwrap(), failure);
        let observed = Observed {
            failed: [
                failed("111122223333", Failure::Reject("never".to_owned())),
                failed("777788889999", Failure::Retry("busy".to_owned())),
            ]
            .into(),
            ..Observed::default()
        };
        let answer = serde_json::to_value(batch().read().answer(&observed)).unwrap();
        assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "103"}]}));
        let answer = serde_json::to_value(batch().read().answer(&Observed::default())).unwrap();
        assert_eq!(answer, json!({"batchItemFailures": []}));
    }
}
