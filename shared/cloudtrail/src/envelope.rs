//! EventBridge's envelope around a record, with what a router needs to decide whether to trust it.

use crate::loose::Loose;
use crate::record::{Strictness, parse_bare_record};
use crate::skip::{Refusal, Skip};
use domain::event::ResourceEvent;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// An EventBridge event that holds a CloudTrail record. What stands in the envelope itself cannot be
/// forged by a sender; what stands in `detail` can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// EventBridge's own id of this delivery.
    pub id: Cow<'a, str>,
    /// The account that sent the event.
    pub account: Cow<'a, str>,
    /// The region that sent the event.
    pub region: Cow<'a, str>,
    /// `aws.ec2`; senders other than AWS cannot begin with `aws.`.
    pub source: Cow<'a, str>,
    /// `AWS API Call via CloudTrail`.
    pub detail_type: Cow<'a, str>,
    /// `detail.eventID`, the identity under which duplicates are dropped.
    pub event_id: Option<Cow<'a, str>>,
    /// `detail.recipientAccountId`: whose bill it is, as the record claims.
    pub recipient_account_id: Option<Cow<'a, str>>,
    /// The record itself, as JSON.
    pub detail: &'a str,
}

/// Why an envelope may not be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// to look up.
    pub fn check(&self) -> Result<(), Distrust> {
        if !self.source.starts_with("aws.") {
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

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    account: Loose<'a>,
    #[serde(borrow, default)]
    region: Loose<'a>,
    #[serde(borrow, default)]
    source: Loose<'a>,
    #[serde(borrow, default, rename = "detail-type")]
    detail_type: Loose<'a>,
    #[serde(borrow)]
    detail: &'a RawValue,
}

#[derive(Deserialize)]
struct Ids<'a> {
    #[serde(borrow, default, rename = "eventID")]
    event_id: Loose<'a>,
    #[serde(borrow, default, rename = "recipientAccountId")]
    recipient_account_id: Loose<'a>,
}

/// Reads one EventBridge event. The record inside is read only as far as a router needs it; what it
/// tells comes from [`Envelope::event`].
pub fn parse_envelope(bytes: &[u8]) -> Result<Envelope<'_>, Box<Skip>> {
    let text = crate::record::checked_text(bytes)?;
    let wire: Wire<'_> = read(text)?;
    let detail = wire.detail.get();
    let ids: Ids<'_> = read(detail)?;
    Ok(Envelope {
        id: plain(wire.id).unwrap_or_default(),
        account: plain(wire.account).unwrap_or_default(),
        region: plain(wire.region).unwrap_or_default(),
        source: plain(wire.source).unwrap_or_default(),
        detail_type: plain(wire.detail_type).unwrap_or_default(),
        event_id: plain(ids.event_id),
        recipient_account_id: plain(ids.recipient_account_id),
        detail,
    })
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Box<Skip>> {
    serde_json::from_str(text).map_err(|error| {
        let refusal = Refusal::json(&error);
        Skip::new(refusal.reason, refusal.detail)
    })
}

fn plain(value: Loose<'_>) -> Option<Cow<'_, str>> {
    match value {
        Loose::Text(text) => Some(text),
        Loose::Whole(number) => Some(number.to_string().into()),
        _ => None,
    }
}
