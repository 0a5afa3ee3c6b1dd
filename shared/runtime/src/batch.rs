//! Batches of SQS messages: what went through is done, what never will is put aside with its
//! reason, what may go through later comes again.

use crate::deadline::Deadline;
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use pipeline::error::Failure;
use pipeline::ports::{Message, Queue};
use queue::SqsQueue;
use std::collections::BTreeMap;
use std::time::Duration;

/// A message is hidden for so long after its first failure, twice that after the second, …
const FIRST_BACKOFF: Duration = Duration::from_secs(5);
/// … up to this.
const MAX_BACKOFF: Duration = Duration::from_mins(15);

/// The bodies of a batch, in its order.
pub fn bodies(event: &SqsEvent) -> Vec<&str> {
    event.records.iter().map(|record| record.body.as_deref().unwrap_or_default()).collect()
}

/// Whether a batch comes out of a queue: all of one do.
pub fn is_from(event: &SqsEvent, queue: &SqsQueue) -> bool {
    let source = event.records.first().and_then(|record| record.event_source_arn.as_deref());
    source.is_some_and(|arn| queue.is(arn))
}

/// How many of these will never succeed.
pub fn rejected(failed: &BTreeMap<usize, Failure>) -> u64 {
    failed.values().filter(|failure| matches!(failure, Failure::Reject(_))).count() as u64
}

/// Works on each message of a batch by itself; those that failed, by their places. It ends a little
/// earlier than the invocation: what was done by then is still answered for.
pub async fn each(
    event: &SqsEvent,
    deadline: Deadline,
    work: impl AsyncFn(&str) -> Result<(), Failure>,
) -> BTreeMap<usize, Failure> {
    let in_time = deadline.earlier(Duration::from_millis(500));
    let mut failed = BTreeMap::new();
    for (place, body) in bodies(event).into_iter().enumerate() {
        if let Err(failure) = in_time.guard(work(body)).await.flatten() {
            failed.insert(place, failure);
        }
    }
    failed
}

/// Answers SQS after a batch. `failed` names messages by their places. Where `hide` is given (a
/// standard queue), what may go through later is hidden until then; a FIFO queue keeps its order
/// and is not told.
pub async fn answer(
    event: &SqsEvent,
    failed: &BTreeMap<usize, Failure>,
    dead_letters: &SqsQueue,
    hide: Option<&SqsQueue>,
) -> SqsBatchResponse {
    let mut again = Vec::new();
    for (place, failure) in failed {
        let Some(record) = event.records.get(*place) else { continue };
        let done = match failure {
            Failure::Reject(why) => put_aside(record, why, dead_letters).await,
            Failure::Retry(why) => {
                tracing::warn!(why, "a message is to come again");
                false
            }
            Failure::Later(_, why) | Failure::Closed(why) | Failure::Gone(why) => {
                tracing::info!(why, "a message is to come later");
                false
            }
        };
        if done {
            continue;
        }
        if let Some(queue) = hide {
            hide_for(record, backoff(record, failure), queue).await;
        }
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = record.message_id.clone().unwrap_or_default();
        again.push(failure);
    }
    let mut response = SqsBatchResponse::default();
    response.batch_item_failures = again;
    response
}

/// Sends a message to the queue of dead letters; if that fails it stays where it is.
async fn put_aside(record: &SqsMessage, why: &str, dead_letters: &SqsQueue) -> bool {
    tracing::error!(why, "a message will never succeed");
    let attribute = |name: &str| record.attributes.get(name).cloned();
    let message = Message {
        body: record.body.clone().unwrap_or_default(),
        group: attribute("MessageGroupId"),
        // Not the id that it came with: put back by hand and failing again within five minutes, it
        // would be dropped here as a duplicate of itself.
        deduplication_id: attribute("MessageGroupId").and(record.message_id.clone()),
        reason: Some(why.to_owned()),
    };
    match dead_letters.send(vec![message]).await {
        Ok(()) => true,
        Err(failure) => {
            tracing::error!(why = %failure, "it cannot be put aside and comes again");
            false
        }
    }
}

fn backoff(record: &SqsMessage, failure: &Failure) -> Duration {
    if let Failure::Later(after, _) = failure {
        return (*after).clamp(Duration::from_secs(1), MAX_BACKOFF);
    }
    let receives = record.attributes.get("ApproximateReceiveCount");
    let receives: u32 = receives.and_then(|count| count.parse().ok()).unwrap_or(1);
    let doubled = 2u32.saturating_pow(receives.saturating_sub(1).min(10));
    FIRST_BACKOFF.saturating_mul(doubled).min(MAX_BACKOFF)
}

async fn hide_for(record: &SqsMessage, time: Duration, queue: &SqsQueue) {
    let Some(receipt) = &record.receipt_handle else { return };
    // Without it the message comes after the queue's own time: later, not never.
    if let Err(failure) = queue.hide(receipt, time).await {
        tracing::warn!(why = %failure, "a message cannot be hidden");
    }
}
