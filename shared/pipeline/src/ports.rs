//! All that a stage may ask of the outside, besides the table.

use crate::chat::Asked;
use crate::error::Failure;
use crate::install::ReturnTo;
use crate::notify::Notice;
use crate::publish::Published;
use domain::card::Note;
use domain::cost_event::CostEvent;
use domain::sealed::{Purpose, Sealed};
use domain::tenant::Settings;
use domain::told::MessageAt;
use domain::watch::WatchEvent;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;
use store::{Installed, TenantScope};

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
    fn digest(&mut self, digest: &Note) -> impl Future<Output = Result<(), Failure>>;
}

/// Who is told: a tenant, and what he has settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// Which tenant.
    pub scope: TenantScope,
    /// What he has settled.
    pub settings: Settings,
}

/// The way to people.
#[derive(Debug)]
pub enum Way<L> {
    /// They can be told.
    Open(L),
    /// They cannot, and why.
    Closed(String),
}

/// Connects to a channel of a chat.
pub trait Connect {
    /// The connection.
    type Line: Announce;

    /// With this right to post into this channel; nothing is asked yet.
    fn connect(&self, token: &SecretString, channel: &str) -> Result<Self::Line, Failure>;

    /// Gives a right to post back. One that is gone already is given back.
    fn revoke(&self, token: &SecretString) -> impl Future<Output = Result<(), Failure>>;
}

/// What a workspace of Slack grants when somebody installs us.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The workspace's id.
    pub team: String,
    /// Its name.
    pub team_name: String,
    /// Our user there.
    pub bot_user: String,
    /// The channel that was chosen, by its id.
    pub channel: String,
    /// Its name.
    pub channel_name: String,
    /// The right to post.
    pub token: SecretString,
    /// Who installed us, by his id there.
    pub installed_by: String,
}

/// Answers to what somebody asked.
pub trait Respond {
    /// Answers so that only who asked sees it; says whether the address still took it.
    fn respond(&self, url: &str, note: &Note) -> impl Future<Output = Result<bool, Failure>>;
}

/// Answers to CloudFormation, which waits for one.
pub trait StackReply {
    /// Puts the answer where a message asked for it; says whether it was still wanted. An address
    /// that is none of CloudFormation's is [`Failure::Reject`]: nothing was sent.
    fn reply(
        &self,
        url: &str,
        answer: &Value,
    ) -> impl Future<Output = Result<bool, Failure>> + Send;
}

/// Where what comes from Slack is taken in.
pub trait Desk {
    /// Takes a question or a press of a button in, to be worked on later.
    fn take(&self, asked: &Asked) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Where somebody comes back to who was given this state to install us, and has not yet; `None`
    /// where nobody was.
    fn invitation(
        &self,
        state: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<ReturnTo>, Failure>> + Send;

    /// Takes the state back: whose it is. It cannot be taken back twice.
    fn invited(
        &self,
        state: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<TenantScope>, Failure>> + Send;

    /// Keeps what a workspace granted.
    fn install(
        &self,
        scope: &TenantScope,
        grant: Grant,
        now: Timestamp,
    ) -> impl Future<Output = Result<Installed, Failure>> + Send;
}

/// Ways to people, each tenant's own.
pub trait Lines {
    /// One way.
    type Line: Announce;

    /// The way to a channel of a tenant; `None` is the one that he chose when he let us in.
    fn line(
        &self,
        to: &Addressee,
        channel: Option<&str>,
    ) -> impl Future<Output = Result<Way<Self::Line>, Failure>>;

    /// Gives back a tenant's right to post, for good: he leaves. Where there is none nothing is done.
    fn part(&self, scope: &TenantScope) -> impl Future<Output = Result<(), Failure>>;
}

/// Keys that encrypt the secrets of tenants: KMS, or a file on a laptop.
pub trait Keys {
    /// Encrypts a secret for one purpose.
    fn seal(
        &self,
        purpose: &Purpose,
        secret: &SecretString,
    ) -> impl Future<Output = Result<Sealed, Failure>> + Send;

    /// Decrypts what was encrypted for the same purpose.
    fn open(
        &self,
        purpose: &Purpose,
        sealed: &Sealed,
    ) -> impl Future<Output = Result<SecretString, Failure>> + Send;
}

/// A bus of events for other programs.
pub trait Bus {
    /// Publishes all of these, in their order; after a failure any of them may have been published.
    fn publish(&self, events: &[Published]) -> impl Future<Output = Result<(), Failure>>;
}

/// Tenants' own webhooks.
pub trait Hooks {
    /// Posts one event, signed with the tenant's key.
    fn post(&self, to: &Addressee, event: &Published) -> impl Future<Output = Result<(), Failure>>;
}

/// A queue of messages, SQS or one in this process.
pub trait Queue {
    /// Sends all of these; after a failure any of them may have been sent.
    fn send(&self, messages: Vec<Message>) -> impl Future<Output = Result<(), Failure>> + Send;
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

impl Message {
    /// A message that is nothing but its text.
    pub fn of(body: String) -> Self {
        Self { body, ..Self::default() }
    }
}
