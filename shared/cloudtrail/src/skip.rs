//! Why a record did not become an event.

use crate::coverage::Coverage;
use crate::json::Value;
use domain::event::Actor;
use domain::ids::{AccountId, EventId, Region};
use jiff::Timestamp;
use std::fmt;

/// One record that did not become an event, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    /// Why.
    pub reason: SkipReason,
    /// `eventSource`, where it could be read.
    pub event_source: Option<String>,
    /// `eventName` as recorded, where it could be read.
    pub event_name: Option<String>,
    /// `errorCode` of a failed call.
    pub error_code: Option<String>,
    /// The row of the coverage table, for calls that matter for cost or for watching.
    pub coverage: Option<&'static Coverage>,
    /// Who, where and when, for calls that matter: failed launches and stopped trails are signals.
    pub caller: Option<Box<Caller>>,
    /// Byte offset of the record in the (uncompressed) file; 0 for a single record.
    pub offset: u64,
    /// Line of the record's first byte, from 1; 0 for a single record.
    pub line: u64,
    /// In words, for a report; at most a few hundred characters.
    pub detail: String,
}

/// Who called, where and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// `eventID`.
    pub id: EventId,
    /// `eventTime`, UTC.
    pub time: Timestamp,
    /// Whose bill it would be.
    pub account: AccountId,
    /// `awsRegion`.
    pub region: Region,
    /// Who did it.
    pub actor: Actor,
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal,)*) => {
        /// Why a record was skipped. The codes are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum SkipReason { $($(#[doc = $doc])* $name,)* }

        impl SkipReason {
            /// All reasons, in the order in which reports list them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Stable code, as in reports and JSON output.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

reasons! {
    /// `readOnly` is true: nothing can have started.
    ReadOnly = "read_only",
    /// A writing call that cannot cost anything worth watching.
    NotCostRelevant = "not_cost_relevant",
    /// A call of the coverage table that is not priced yet.
    NotPricedYet = "not_priced_yet",
    /// The reader of the call is switched off for this account.
    ParserOff = "parser_off",
    /// A call that may blind the watch: trail stopped, rule disabled.
    Watchdog = "watchdog",
    /// A call that commits the account to pay for a year or longer.
    Commitment = "commitment",
    /// A priced call that changes nothing priced.
    NoPriceEffect = "no_price_effect",
    /// A call that matters failed (`errorCode`): nothing was started.
    FailedCall = "failed_call",
    /// A call that matters was only tried out.
    DryRun = "dry_run",
    /// `AwsServiceEvent` other than the end of Spot instances.
    ServiceEvent = "service_event",
    /// EC2 tells of an instance that starts, or is on its way to an end: no cost ends by it.
    StateNotFinal = "state_not_final",
    /// `AwsCloudTrailInsight`: a remark about calls, not a call.
    Insight = "insight",
    /// `AwsConsoleSignIn`.
    ConsoleSignIn = "console_sign_in",
    /// Another `eventType` that is no API call.
    NotAnApiCall = "not_an_api_call",
    /// CloudTrail dropped the needed part as too large (`omitted: true`).
    Omitted = "omitted",
    /// A field that is needed is not there.
    MissingField = "missing_field",
    /// JSON, but a field has another shape than CloudTrail gives it.
    WrongShape = "wrong_shape",
    /// The account id has not 12 digits.
    BadAccountId = "bad_account_id",
    /// `awsRegion` is not a region code.
    BadRegion = "bad_region",
    /// `eventTime` is no time.
    BadTime = "bad_time",
    /// `eventID` cannot be an event id.
    BadEventId = "bad_event_id",
    /// JSON, but no CloudTrail record: digest files and others.
    NotCloudTrail = "not_cloudtrail",
    /// Not JSON.
    MalformedJson = "malformed_json",
    /// The file ends in the middle.
    Truncated = "truncated",
    /// Larger than one MiB.
    TooLarge = "too_large",
    /// Nested deeper than 64 levels.
    TooDeep = "too_deep",
    /// The bytes could not be read: broken gzip or a failing disk.
    Unreadable = "unreadable",
}

impl SkipReason {
    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.code() == code)
    }

    /// Whether the bytes themselves are broken, rather than of no interest.
    pub const fn is_damage(self) -> bool {
        matches!(
            self,
            Self::MalformedJson
                | Self::WrongShape
                | Self::Truncated
                | Self::TooLarge
                | Self::TooDeep
                | Self::Unreadable
                | Self::MissingField
                | Self::BadAccountId
                | Self::BadRegion
                | Self::BadTime
                | Self::BadEventId
        )
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Skip {
    /// A skip of which nothing is known but the reason.
    pub(crate) fn new(reason: SkipReason, detail: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            reason,
            event_source: None,
            event_name: None,
            error_code: None,
            coverage: None,
            caller: None,
            offset: 0,
            line: 0,
            detail: detail.into(),
        })
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)?;
        if let Some(name) = &self.event_name {
            write!(f, " {name}")?;
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        if self.line > 0 {
            write!(f, " (line {}, byte {})", self.line, self.offset)?;
        }
        Ok(())
    }
}

/// Why a part cannot be read, or a service's reader has no event to give.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) reason: SkipReason,
    pub(crate) detail: String,
}

impl Refusal {
    pub(crate) fn missing(field: &str) -> Self {
        Self { reason: SkipReason::MissingField, detail: format!("{field} is missing") }
    }

    pub(crate) fn no_effect(why: &str) -> Self {
        Self { reason: SkipReason::NoPriceEffect, detail: why.to_owned() }
    }

    pub(crate) fn malformed(why: &str) -> Self {
        Self { reason: SkipReason::MalformedJson, detail: why.to_owned() }
    }

    pub(crate) fn wrong_shape(expected: &str, found: Value<'_>) -> Self {
        let detail = format!("expected {expected}, not {:?}: {}", found.kind(), found.raw());
        Self { reason: SkipReason::WrongShape, detail: shorten(&detail) }
    }

    pub(crate) fn twice(key: &str) -> Self {
        let detail = format!("the field {key} is there twice");
        Self { reason: SkipReason::WrongShape, detail: shorten(&detail) }
    }
}

impl From<Refusal> for Box<Skip> {
    fn from(refusal: Refusal) -> Self {
        Skip::new(refusal.reason, refusal.detail)
    }
}

/// At most 200 characters of a text that came from outside.
pub(crate) fn shorten(text: &str) -> String {
    let end = if text.len() > 200 { text.char_indices().nth(200) } else { None };
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text).to_owned()
}
