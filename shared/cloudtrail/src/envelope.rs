//! EventBridge's envelope around a record or EC2's own word, with what a router needs to decide
//! whether to trust it.

use crate::json::{Json, Value};
use crate::loose::{Loose, Wire, wire};
use crate::record::{ALL_ON, How, IsOff, Strictness, parse_bare_record};
use crate::skip::{Refusal, Skip};
use crate::state_change;
use domain::event::ResourceEvent;
use std::borrow::Cow;

/// An EventBridge event that holds a CloudTrail record, or is EC2's own word about an instance. What
/// stands in the envelope itself cannot be forged by a sender; what stands in `detail` can, unless
/// `source` is one of AWS's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// EventBridge's own id of this delivery.
    pub id: String,
    /// The account that sent the event.
    pub account: String,
    /// The region that sent the event.
    pub region: String,
    /// `aws.ec2`; senders other than AWS cannot begin with `aws.`.
    pub source: String,
    /// `AWS API Call via CloudTrail`, `EC2 Instance State-change Notification`.
    pub detail_type: String,
    /// The identity under which duplicates are dropped: `detail.eventID`, or [`Self::id`] for EC2's
    /// own word, which has no other.
    pub event_id: Option<String>,
    /// `detail.recipientAccountId`: whose bill it is, as the record claims.
    pub recipient_account_id: Option<String>,
    /// The record itself, as JSON.
    pub detail: &'a str,
    /// Who called, as JSON; empty where there is nobody.
    identity: &'a str,
    /// All of it.
    text: &'a str,
}

/// Why an envelope may not be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Distrust {
    /// `source` does not begin with `aws.`: anybody may have sent it.
    SourceIsNotAws,
    /// `detail.recipientAccountId` is not the account that sent it.
    AnotherAccount,
    /// `detail` names no account.
    NoAccount,
    /// What claims to be EC2's own word does not come from `aws.ec2`.
    SourceIsNotEc2,
}

impl Distrust {
    /// Stable code for counters and logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SourceIsNotAws => "source_is_not_aws",
            Self::AnotherAccount => "another_account",
            Self::NoAccount => "no_account",
            Self::SourceIsNotEc2 => "source_is_not_ec2",
        }
    }
}

impl Envelope<'_> {
    /// Whether sender and record agree. That the account is an active connection is for the caller
    /// to look up. `test_source` is believed beside `aws.*`: for stages in which no customer is.
    pub fn check(&self, test_source: Option<&str>) -> Result<(), Distrust> {
        let test = test_source == Some(self.source.as_str());
        if !self.source.starts_with("aws.") && !test {
            return Err(Distrust::SourceIsNotAws);
        }
        if self.is_state_change() {
            // There is no second account to compare: EventBridge itself says who sent it.
            let of_ec2 = test || self.source == state_change::SOURCE;
            return if of_ec2 { Ok(()) } else { Err(Distrust::SourceIsNotEc2) };
        }
        match &self.recipient_account_id {
            None => Err(Distrust::NoAccount),
            Some(account) if *account != self.account => Err(Distrust::AnotherAccount),
            Some(_) => Ok(()),
        }
    }

    /// Whether it is EC2's own word about an instance, and no record.
    pub fn is_state_change(&self) -> bool {
        self.detail_type == state_change::DETAIL_TYPE
    }

    /// Whether it tells of a failed call of `event_name` in a session of this name, of any role. Only
    /// then its record is read; of others not even the identity is.
    pub fn is_failed_call_of(&self, session: &str, event_name: &str) -> bool {
        // The name stands in no other event, so that nothing else is paid for it.
        self.identity.contains(session) && self.is_failed(session, event_name).unwrap_or(false)
    }

    #[cold]
    fn is_failed(&self, session: &str, event_name: &str) -> Result<bool, Box<Skip>> {
        let json = Json::parse(self.detail)?;
        let call = FailedCall::read(json.root())?;
        let arn = call.identity.as_ref().and_then(|identity| identity.arn.text());
        let of_session = arn.and_then(|arn| arn.strip_suffix(session)?.strip_suffix('/'));
        let assumed = of_session.is_some_and(|role| role.contains(":assumed-role/"));
        let failed = call.error_code.text().is_some();
        Ok(assumed && failed && call.event_name.text() == Some(event_name))
    }

    /// The event that it tells of, or why there is none. A wrapper inside `detail` is not opened:
    /// what is in it was not checked.
    pub fn event(&self, strictness: Strictness) -> Result<ResourceEvent, Box<Skip>> {
        self.event_unless(ALL_ON, strictness)
    }

    /// The same, unless the parser of the call is off.
    pub fn event_unless(
        &self,
        is_off: IsOff<'_>,
        strictness: Strictness,
    ) -> Result<ResourceEvent, Box<Skip>> {
        if self.is_state_change() {
            return state_change::event(Json::parse(self.text)?.root(), strictness);
        }
        parse_bare_record(self.detail, How { strictness, is_off })
    }
}

wire! {
    struct Outside<'a> {
        "id" => id: Loose<'a>,
        "account" => account: Loose<'a>,
        "region" => region: Loose<'a>,
        "source" => source: Loose<'a>,
        "detail-type" => detail_type: Loose<'a>,
        "detail" => detail: Option<Value<'a>>,
    }
    struct Ids<'a> {
        "eventID" => event_id: Loose<'a>,
        "recipientAccountId" => recipient_account_id: Loose<'a>,
        "userIdentity" => identity: Option<Value<'a>>,
    }
    struct FailedCall<'a> {
        "eventName" => event_name: Loose<'a>,
        "errorCode" => error_code: Loose<'a>,
        "userIdentity" => identity: Option<Identity<'a>>,
    }
    struct Identity<'a> {
        "arn" => arn: Loose<'a>,
    }
}

/// Reads one EventBridge event. The record inside is read only as far as a router needs it; what it
/// tells comes from [`Envelope::event`].
pub fn parse_envelope(bytes: &[u8]) -> Result<Envelope<'_>, Box<Skip>> {
    let text = crate::record::checked_text(bytes)?;
    let json = Json::parse(text)?;
    let outside = Outside::read(json.root())?;
    let detail = outside.detail.ok_or_else(|| Refusal::missing("detail"))?;
    let ids = Ids::read(detail)?;
    let printed = |value: Loose<'_>| value.printed().map(Cow::into_owned);
    let (id, detail_type) = (printed(outside.id), printed(outside.detail_type));
    let is_state_change = detail_type.as_deref() == Some(state_change::DETAIL_TYPE);
    Ok(Envelope {
        event_id: if is_state_change { id.clone() } else { printed(ids.event_id) },
        id: id.unwrap_or_default(),
        account: printed(outside.account).unwrap_or_default(),
        region: printed(outside.region).unwrap_or_default(),
        source: printed(outside.source).unwrap_or_default(),
        detail_type: detail_type.unwrap_or_default(),
        recipient_account_id: printed(ids.recipient_account_id),
        detail: text.get(detail.range()).unwrap_or_default(),
        identity: ids.identity.and_then(|it| text.get(it.range())).unwrap_or_default(),
        text,
    })
}
