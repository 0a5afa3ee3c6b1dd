//! The bus on which changes of anomalies are published for other programs: pagers, chats, trackers.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::error::ProvideErrorMetadata;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use pipeline::error::Failure;
use pipeline::ports::Bus;
use pipeline::publish::Published;

/// Who publishes.
pub const SOURCE: &str = "dd0c.cost";
/// Entries of one request.
const MAX_ENTRIES: usize = 10;

/// A bus of EventBridge.
#[derive(Debug, Clone)]
pub struct EventBus {
    client: Client,
    name: String,
}

impl EventBus {
    /// The bus with this name.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self { client, name: name.into() }
    }

    async fn put(&self, events: &[Published]) -> Result<(), Failure> {
        let entries = events.iter().map(|event| {
            PutEventsRequestEntry::builder()
                .event_bus_name(&self.name)
                .source(SOURCE)
                .detail_type(&event.kind)
                .detail(&event.body)
                .build()
        });
        let request = self.client.put_events().set_entries(Some(entries.collect()));
        let answer = request.send().await.map_err(|error| {
            Failure::Retry(format!("the bus of events: {}", error.code().unwrap_or("no answer")))
        })?;
        let failed = answer.entries().iter().find_map(|entry| entry.error_code());
        match failed {
            None => Ok(()),
            Some(code) => Err(Failure::Retry(format!("the bus of events refused one: {code}"))),
        }
    }
}

impl Bus for EventBus {
    async fn publish(&self, events: &[Published]) -> Result<(), Failure> {
        for events in events.chunks(MAX_ENTRIES) {
            self.put(events).await?;
        }
        Ok(())
    }
}
