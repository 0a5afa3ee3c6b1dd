//! All that a stage may ask of the outside, besides the table.

use crate::error::Failure;
use crate::notify::Notice;
use domain::anomaly::MessageAt;
use domain::card::Digest;
use domain::cost_event::CostEvent;
use domain::watch::WatchEvent;

/// Where people read alerts: Slack, a terminal, JSON lines.
pub trait Announce {
    /// Tells people about an anomaly. A notice may come twice after a crash, never not at all.
    /// Where it can be changed and answered later, it says where it stands; `opening` is then the
    /// anomaly's first event, to write its card anew.
    fn announce(
        &mut self,
        notice: &Notice,
        opening: Option<&CostEvent>,
    ) -> impl Future<Output = Result<Option<MessageAt>, Failure>>;

    /// Tells people that the watch may have been blinded.
    fn warn(&mut self, event: &WatchEvent) -> impl Future<Output = Result<(), Failure>>;

    /// Tells people how the day was.
    fn digest(&mut self, digest: &Digest) -> impl Future<Output = Result<(), Failure>>;
}

/// A queue of messages, SQS or one in this process.
pub trait Queue {
    /// Sends all of these; after a failure any of them may have been sent.
    fn send(&self, messages: Vec<Message>) -> impl Future<Output = Result<(), Failure>>;
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Text, at most 1 MiB.
    pub body: String,
    /// Messages of one group are received in the order in which they were sent; FIFO queues only.
    pub group: Option<String>,
    /// A second message with it within five minutes is dropped; FIFO queues only.
    pub deduplication_id: Option<String>,
    /// Why it stands in a queue of what never succeeded.
    pub reason: Option<String>,
}
