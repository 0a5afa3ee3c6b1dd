//! SQS.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::{MessageAttributeValue, SendMessageBatchRequestEntry};
use pipeline::error::Failure;
use pipeline::ports::{Message, Queue};
use std::time::Duration;

/// Messages that one request may hold.
const MAX_BATCH: usize = 10;
/// Characters of a reason that are kept.
const MAX_REASON: usize = 1_000;
/// The longest that SQS hides a message.
const MAX_HIDDEN: Duration = Duration::from_hours(12);

/// One queue of SQS.
#[derive(Debug, Clone)]
pub struct SqsQueue {
    client: Client,
    url: String,
}

impl SqsQueue {
    /// The queue at this URL.
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self { client, url: url.into() }
    }

    /// Whether a message with this `eventSourceARN` comes out of it.
    pub fn is(&self, arn: &str) -> bool {
        self.url.rsplit('/').next() == arn.rsplit(':').next()
    }

    /// Hides a received message for so long before it is received again.
    pub async fn hide(&self, receipt_handle: &str, time: Duration) -> Result<(), Failure> {
        let seconds = i32::try_from(time.min(MAX_HIDDEN).as_secs()).unwrap_or(i32::MAX);
        let request = self.client.change_message_visibility().queue_url(&self.url);
        let request = request.receipt_handle(receipt_handle).visibility_timeout(seconds);
        request.send().await.map(drop).map_err(|error| failed(&error))
    }

    async fn send_some(&self, messages: &[Message]) -> Result<(), Failure> {
        if let [message] = messages {
            return self.send_one(message).await;
        }
        let mut request = self.client.send_message_batch().queue_url(&self.url);
        for (nth, message) in messages.iter().enumerate() {
            let entry = SendMessageBatchRequestEntry::builder()
                .id(nth.to_string())
                .message_body(&message.body)
                .set_message_group_id(message.group.clone())
                .set_message_deduplication_id(message.deduplication_id.clone());
            let entry = match reason(message) {
                Some(reason) => entry.message_attributes("reason", reason),
                None => entry,
            };
            let entry = entry.build().map_err(|error| Failure::Reject(error.to_string()))?;
            request = request.entries(entry);
        }
        let answer = request.send().await.map_err(|error| failed(&error))?;
        match answer.failed().first() {
            None => Ok(()),
            Some(entry) if entry.sender_fault => {
                Err(Failure::Reject(format!("the queue refused a message: {}", entry.code)))
            }
            Some(entry) => Err(Failure::Retry(format!("the queue is busy: {}", entry.code))),
        }
    }

    async fn send_one(&self, message: &Message) -> Result<(), Failure> {
        let request = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_body(&message.body)
            .set_message_group_id(message.group.clone())
            .set_message_deduplication_id(message.deduplication_id.clone());
        let request = match reason(message) {
            Some(reason) => request.message_attributes("reason", reason),
            None => request,
        };
        request.send().await.map(drop).map_err(|error| failed(&error))
    }
}

impl Queue for SqsQueue {
    async fn send(&self, messages: Vec<Message>) -> Result<(), Failure> {
        for messages in messages.chunks(MAX_BATCH) {
            self.send_some(messages).await?;
        }
        Ok(())
    }
}

/// Requests are tried three times in all, as long as the function has time.
pub fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(3)
}

fn reason(message: &Message) -> Option<MessageAttributeValue> {
    let reason: String = message.reason.as_ref()?.chars().take(MAX_REASON).collect();
    let value = MessageAttributeValue::builder().data_type("String").string_value(reason);
    value.build().ok()
}

fn failed<E, R>(error: &SdkError<E, R>) -> Failure
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug,
{
    let never = ["InvalidMessageContents", "BatchEntryIdsNotDistinct", "MessageTooLong"];
    let text = format!("the queue: {}", DisplayErrorContext(error));
    match error.code() {
        Some(code) if never.iter().any(|never| code.ends_with(never)) => Failure::Reject(text),
        // A queue that is gone or a right that is missing is put right by people: nothing is lost
        // meanwhile.
        _ => Failure::Retry(text),
    }
}
