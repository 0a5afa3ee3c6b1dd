//! Route: which events from the bus are believed, and whose they are.

use crate::cloud::{PROOF_CALL, PROOF_SESSION};
use crate::error::Failure;
use crate::ports::{Message, Queue};
use crate::rate::RateGate;
use cloudtrail::{Distrust, Envelope, SkipReason, Strictness, parse_envelope};
use domain::ids::{AccountId, EventId, Region};
use jiff::Timestamp;
use store::{AccountStatus, Table};

/// An event that may be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// The account that sent it and pays for it: the message group.
    pub account: AccountId,
    /// The identity under which duplicates are dropped.
    pub id: EventId,
    /// Where it is the call that we have made ourselves to see whether events come: from which region.
    pub proof: Option<Region>,
}

/// Why an event is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Refusal {
    /// Sender and record do not agree.
    Distrust(Distrust),
    /// The account belongs to no tenant.
    UnknownAccount,
    /// The account is leaving.
    Disconnecting,
    /// The account is not paid for.
    Paused,
}

impl Refusal {
    /// Stable code for counters and logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Distrust(distrust) => distrust.code(),
            Self::UnknownAccount => "unknown_account",
            Self::Disconnecting => "disconnecting",
            Self::Paused => "paused",
        }
    }
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Routed {
    /// It was sent on.
    Sent(Trusted),
    /// It is our own proof that events come: noted, and of no further use.
    Proof,
    /// It is not taken.
    Refused(Refusal),
}

/// The trust check: a plain function of the bytes. `test_source` is believed beside `aws.*`; only a
/// test stage has one. An event that cannot be read is a [`Failure::Reject`]; of a record only its
/// envelope is read here, EC2's own word whole.
pub fn trust(
    event: &[u8],
    test_source: Option<&str>,
) -> Result<Result<Trusted, Distrust>, Failure> {
    let envelope = parse_envelope(event).map_err(|skip| Failure::Reject(skip.to_string()))?;
    if let Err(distrust) = envelope.check(test_source) {
        return Ok(Err(distrust));
    }
    let reject = |what: SkipReason, why: String| Failure::Reject(format!("{what}: {why}"));
    #[expect(
        clippy::disallowed_methods,
        reason = "AWS says who has sent it; its owner is asked for next"
    )]
    let account = AccountId::parse(&envelope.account)
        .map_err(|error| reject(SkipReason::BadAccountId, error.to_string()))?;
    if envelope.is_state_change()
        && let Err(skip) = envelope.event(Strictness::Strict)
        && skip.reason.is_damage()
    {
        return Err(Failure::Reject(skip.to_string()));
    }
    let id = EventId::parse(envelope.event_id.as_deref().unwrap_or_default())
        .map_err(|error| reject(SkipReason::BadEventId, error.to_string()))?;
    Ok(Ok(Trusted { account, id, proof: proof(&envelope) }))
}

/// A failed call costs nothing, so that whoever bears the name of our session hides nothing by it.
fn proof(envelope: &Envelope<'_>) -> Option<Region> {
    let is_ours = envelope.is_failed_call_of(PROOF_SESSION, PROOF_CALL);
    is_ours.then(|| Region::parse(&envelope.region).ok()).flatten()
}

/// Why events of an account that stands so are not taken; one that is nobody's stands nowhere.
const fn refusal(status: Option<AccountStatus>) -> Option<Refusal> {
    match status {
        None => Some(Refusal::UnknownAccount),
        Some(AccountStatus::Disconnecting) => Some(Refusal::Disconnecting),
        Some(AccountStatus::Paused) => Some(Refusal::Paused),
        Some(AccountStatus::Active | AccountStatus::Degraded) => None,
    }
}

/// The stage: what it needs.
pub struct Router<'a, Q> {
    /// Knows the connected accounts.
    pub table: &'a Table,
    /// Where trusted events go, in order per account.
    pub queue: &'a Q,
    /// Bounds what one account may send.
    pub gate: &'a RateGate,
    /// Believed beside `aws.*`, in a test stage.
    pub test_source: Option<&'a str>,
}

impl<Q: Queue> Router<'_, Q> {
    /// Sends one event on, or says why not.
    pub async fn route(&self, event: &str, now: Timestamp) -> Result<Routed, Failure> {
        let trusted = match trust(event.as_bytes(), self.test_source)? {
            Ok(trusted) => trusted,
            Err(distrust) => return Ok(Routed::Refused(Refusal::Distrust(distrust))),
        };
        let owner = self.table.owner(&trusted.account).await?;
        if let Some(refusal) = refusal(owner.map(|owner| owner.status)) {
            return Ok(Routed::Refused(refusal));
        }
        self.gate.admit(self.table, &trusted.account, now).await?;
        if let Some(region) = &trusted.proof {
            self.table.note_heartbeat(&trusted.account, region, now).await?;
            return Ok(Routed::Proof);
        }
        let message = Message {
            body: event.to_owned(),
            group: Some(trusted.account.to_string()),
            deduplication_id: Some(trusted.id.to_string()),
            reason: None,
        };
        self.queue.send(vec![message]).await?;
        Ok(Routed::Sent(trusted))
    }
}
