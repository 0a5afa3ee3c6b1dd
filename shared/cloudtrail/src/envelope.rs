//! EventBridge's envelope around a record, with what a router needs to decide whether to trust it.

use crate::json::{Json, Value};
use crate::loose::{Loose, Wire, wire};
use crate::record::{Strictness, parse_bare_record};
use crate::skip::{Refusal, Skip};
use domain::event::ResourceEvent;
use std::borrow::Cow;

/// An EventBridge event that holds a CloudTrail record. What stands in the envelope itself cannot be
/// forged by a sender; what stands in `detail` can.
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
    /// `AWS API Call via CloudTrail`.
    pub detail_type: String,
    /// `detail.eventID`, the identity under which duplicates are dropped.
    pub event_id: Option<String>,
    /// `detail.recipientAccountId`: whose bill it is, as the record claims.
    pub recipient_account_id: Option<String>,
    /// The record itself, as JSON.
    pub detail: &'a str,
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
}

impl Distrust {
    /// Stable code for counters and logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SourceIsNotAws => "source_is_not_aws",
            Self::AnotherAccount => "another_account",
            Self::NoAccount => "no_account",
        }
    }
}

impl Envelope<'_> {
    /// Whether sender and record agree. That the account is an active connection is for the caller
    /// to look up. `test_source` is believed beside `aws.*`: for stages in which no customer is.
    pub fn check(&self, test_source: Option<&str>) -> Result<(), Distrust> {
        if !self.source.starts_with("aws.") && test_source != Some(self.source.as_str()) {
            return Err(Distrust::SourceIsNotAws);
        }
        match &self.recipient_account_id {
            None => Err(Distrust::NoAccount),
            Some(account) if *account != self.account => Err(Distrust::AnotherAccount),
            Some(_) => Ok(()),
        }
    }

    /// The event that the record tells of, or why there is none. A wrapper inside `detail` is not
    /// opened: what is in it was not checked.
    pub fn event(&self, strictness: Strictness) -> Result<ResourceEvent, Box<Skip>> {
        parse_bare_record(self.detail, strictness)
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
    Ok(Envelope {
        id: printed(outside.id).unwrap_or_default(),
        account: printed(outside.account).unwrap_or_default(),
        region: printed(outside.region).unwrap_or_default(),
        source: printed(outside.source).unwrap_or_default(),
        detail_type: printed(outside.detail_type).unwrap_or_default(),
        event_id: printed(ids.event_id),
        recipient_account_id: printed(ids.recipient_account_id),
        detail: text.get(detail.range()).unwrap_or_default(),
    })
}
