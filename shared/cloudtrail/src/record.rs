//! One CloudTrail record: its head is read always, its body only when the call matters.

use crate::actor::{self, UserIdentity};
use crate::commitment::commitment;
use crate::coverage::{self, Class, Coverage, Status};
use crate::guard::harmless;
use crate::json::{Json, Value};
use crate::loose::{Loose, Wire, wire};
use crate::plausible;
use crate::skip::{Caller, Refusal, Skip, SkipReason, shorten};
use crate::{autoscaling, ebs, ec2, elastic_ip, fleet, lambda, nat, rds, state_change};
use domain::event::{Change, ResourceEvent};
use domain::ids::{AccountId, EventId, IdError, Region};
use domain::resource::ResourceId;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A call that can be priced.
struct Priced {
    service: &'static str,
    name: &'static str,
    /// The file that reads it.
    parser: &'static str,
    read: Read,
}

macro_rules! priced {
    ($(($service:literal, $name:literal, $parser:ident::$read:ident),)*) => {
        /// All that the product can price, call by call. Everything else of the coverage table is
        /// recognised and reported as not priced yet.
        const PRICED: &[Priced] = &[$(Priced {
            service: $service,
            name: $name,
            parser: stringify!($parser),
            read: $parser::$read,
        },)*];
    };
}

priced! {
    ("ec2", "RunInstances", ec2::run_instances),
    ("ec2", "StartInstances", ec2::start_instances),
    ("ec2", "StopInstances", ec2::stop_instances),
    ("ec2", "TerminateInstances", ec2::terminate_instances),
    ("ec2", "ModifyInstanceAttribute", ec2::modify_instance_attribute),
    ("ec2", "BidEvictedEvent", ec2::bid_evicted),
    ("ec2", "CreateFleet", fleet::create_fleet),
    ("ec2", "ModifyFleet", fleet::modify_fleet),
    ("ec2", "DeleteFleets", fleet::delete_fleets),
    ("ec2", "RequestSpotFleet", fleet::request_spot_fleet),
    ("ec2", "ModifySpotFleetRequest", fleet::modify_spot_fleet),
    ("ec2", "CancelSpotFleetRequests", fleet::cancel_spot_fleets),
    ("autoscaling", "CreateAutoScalingGroup", autoscaling::create_group),
    ("autoscaling", "UpdateAutoScalingGroup", autoscaling::resize_group),
    ("autoscaling", "SetDesiredCapacity", autoscaling::resize_group),
    ("autoscaling", "DeleteAutoScalingGroup", autoscaling::delete_group),
    ("ec2", "CreateVolume", ebs::create_volume),
    ("ec2", "ModifyVolume", ebs::modify_volume),
    ("ec2", "DeleteVolume", ebs::delete_volume),
    ("ec2", "CreateNatGateway", nat::create_nat_gateway),
    ("ec2", "DeleteNatGateway", nat::delete_nat_gateway),
    ("ec2", "AllocateAddress", elastic_ip::allocate_address),
    ("ec2", "ReleaseAddress", elastic_ip::release_address),
    ("rds", "CreateDBInstance", rds::create_instance),
    ("rds", "CreateDBInstanceReadReplica", rds::create_instance),
    ("rds", "RestoreDBInstanceFromDBSnapshot", rds::create_instance),
    ("rds", "RestoreDBInstanceToPointInTime", rds::create_instance),
    ("rds", "RestoreDBInstanceFromS3", rds::create_instance),
    ("rds", "ModifyDBInstance", rds::modify_instance),
    ("rds", "StartDBInstance", rds::start_instance),
    ("rds", "StopDBInstance", rds::stop_instance),
    ("rds", "DeleteDBInstance", rds::delete_instance),
    ("rds", "CreateDBCluster", rds::create_cluster),
    ("rds", "RestoreDBClusterFromSnapshot", rds::create_cluster),
    ("rds", "RestoreDBClusterToPointInTime", rds::create_cluster),
    ("rds", "RestoreDBClusterFromS3", rds::create_cluster),
    ("rds", "ModifyDBCluster", rds::modify_cluster),
    ("rds", "StartDBCluster", rds::start_cluster),
    ("rds", "StopDBCluster", rds::stop_cluster),
    ("rds", "DeleteDBCluster", rds::delete_cluster),
    ("lambda", "CreateFunction", lambda::create_function),
    ("lambda", "UpdateFunctionConfiguration", lambda::update_configuration),
    ("lambda", "UpdateFunctionCode", lambda::update_code),
    ("lambda", "DeleteFunction", lambda::delete_function),
    ("lambda", "PutProvisionedConcurrencyConfig", lambda::put_concurrency),
    ("lambda", "DeleteProvisionedConcurrencyConfig", lambda::delete_concurrency),
}

type Read = for<'a> fn(&Call<'a>) -> Result<Reading, Refusal>;

fn read_call(call: &Call<'_>, is_off: impl Fn(&'static str) -> bool) -> Result<Reading, Refusal> {
    let refuse = |reason, detail| Err(Refusal { reason, detail });
    let of_call = |priced: &&Priced| priced.name == call.name && priced.service == call.service;
    match PRICED.iter().find(of_call) {
        None => refuse(SkipReason::NotPricedYet, String::new()),
        Some(Priced { parser, .. }) if is_off(parser) => {
            refuse(SkipReason::ParserOff, format!("the parser {parser} is off for this account"))
        }
        Some(Priced { read, .. }) => read(call),
    }
}

/// The parsers that can be switched off, by name: each is a file that reads calls. What EC2 itself
/// says of its instances is no call, and read by none of them.
pub fn parsers() -> BTreeSet<&'static str> {
    PRICED.iter().map(|priced| priced.parser).collect()
}

/// Whether a parser is off for an account, so that its calls are skipped.
pub type IsOff<'a> = &'a dyn Fn(&AccountId, &'static str) -> bool;

/// For who switches nothing off.
pub(crate) const ALL_ON: IsOff<'static> = &|_, _| false;

/// How records are read.
#[derive(Clone, Copy)]
pub(crate) struct How<'a> {
    pub(crate) strictness: Strictness,
    pub(crate) is_off: IsOff<'a>,
}

/// Largest record that is read, in bytes.
pub const MAX_RECORD_BYTES: usize = 1 << 20;

/// How much is forgiven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// As AWS sends it: account ids have 12 digits. For the live path.
    #[default]
    Strict,
    /// Published samples too: account ids may be scrubbed to other lengths. For replay.
    Lenient,
}

/// Reads one record: a bare one, one inside an EventBridge envelope (`detail`), one inside an object
/// that holds it as `event`, or an entry of `aws cloudtrail lookup-events` (`CloudTrailEvent`). Also
/// reads an `EC2 Instance State-change Notification` of EventBridge, which holds no record.
///
/// Gives exactly one outcome for any bytes.
pub fn parse_record(bytes: &[u8], strictness: Strictness) -> Result<ResourceEvent, Box<Skip>> {
    parse_record_as(bytes, How { strictness, is_off: ALL_ON })
}

/// Reads one record as it was asked for.
pub(crate) fn parse_record_as(bytes: &[u8], how: How<'_>) -> Result<ResourceEvent, Box<Skip>> {
    parse_text(checked_text(bytes)?, how, MAX_WRAPPERS)
}

/// Reads one record that nothing is wrapped around.
pub(crate) fn parse_bare_record(text: &str, how: How<'_>) -> Result<ResourceEvent, Box<Skip>> {
    parse_text(text, how, 0)
}

/// Wrappers around one record that are opened: entry, envelope, record.
const MAX_WRAPPERS: u8 = 3;

/// The bytes as text of a size that is read.
pub(crate) fn checked_text(bytes: &[u8]) -> Result<&str, Box<Skip>> {
    if bytes.len() > MAX_RECORD_BYTES {
        let detail = format!("{} bytes; at most {MAX_RECORD_BYTES} are read", bytes.len());
        return Err(Skip::new(SkipReason::TooLarge, detail));
    }
    std::str::from_utf8(bytes)
        .map_err(|error| Skip::new(SkipReason::MalformedJson, format!("not UTF-8: {error}")))
}

fn parse_text(text: &str, how: How<'_>, wrappers: u8) -> Result<ResourceEvent, Box<Skip>> {
    read_record(Json::parse(text)?.root(), how, wrappers)
}

fn read_record(value: Value<'_>, how: How<'_>, wrappers: u8) -> Result<ResourceEvent, Box<Skip>> {
    let record = Record::read(value)?;
    if record.event_name == Loose::Absent && wrappers > 0 {
        if let Some(text) = record.cloud_trail_event.text() {
            return parse_text(text, how, wrappers - 1);
        }
        if let Some(outcome) = state_change::read(value, how.strictness) {
            return outcome;
        }
        if let Some(inner) = record.inner() {
            return read_record(inner, how, wrappers - 1);
        }
    }
    record.outcome(value.raw(), how)
}

wire! {
    /// The head of a record. The large parts stay unread until the call is known to matter.
    struct Record<'a> {
        "eventSource" => event_source: Loose<'a>,
        "eventName" => event_name: Loose<'a>,
        "eventType" => event_type: Loose<'a>,
        "eventCategory" => event_category: Loose<'a>,
        "readOnly" => read_only: Loose<'a>,
        "errorCode" => error_code: Loose<'a>,
        "eventTime" => event_time: Loose<'a>,
        "awsRegion" => aws_region: Loose<'a>,
        "eventID" => event_id: Loose<'a>,
        "recipientAccountId" => recipient_account_id: Loose<'a>,
        "userIdentity" => user_identity: Option<Value<'a>>,
        "requestParameters" => request_parameters: Option<Value<'a>>,
        "responseElements" => response_elements: Option<Value<'a>>,
        "serviceEventDetails" => service_event_details: Option<Value<'a>>,
        "addendum" => addendum: Option<Value<'a>>,
        /// Of an EventBridge envelope.
        "detail" => detail: Option<Value<'a>>,
        /// Of an object that wraps a record.
        "event" => event: Option<Value<'a>>,
        /// Of `lookup-events`: the record as escaped text.
        "CloudTrailEvent" => cloud_trail_event: Loose<'a>,
    }
    struct Addendum<'a> {
        "originalEventID" => original_event_id: Loose<'a>,
    }
    struct Omission<'a> {
        "omitted" => omitted: Loose<'a>,
    }
}

impl<'a> Record<'a> {
    /// The record inside, where this is only a wrapper.
    fn inner(&self) -> Option<Value<'a>> {
        let object = |value: &Value<'_>| value.is_object();
        self.detail.filter(object).or(self.event.filter(object))
    }

    /// The event that this record tells of, or why there is none.
    fn outcome(&self, text: &str, how: How<'_>) -> Result<ResourceEvent, Box<Skip>> {
        let (Some(source), Some(recorded_name)) =
            (self.event_source.text(), self.event_name.text())
        else {
            return Err(self.not_a_record());
        };
        let service = service_of(source);
        let name = stem(recorded_name);
        if let Some(reason) = self.reason_by_type(service, name) {
            return Err(self.skip(reason, ""));
        }
        let Some(coverage) = coverage::find(service, name) else {
            return Err(self.skip(self.reason_for_unlisted(source), ""));
        };
        self.listed_outcome(coverage, service, name, text, how)
            .map_err(|skip| Box::new(Skip { coverage: Some(coverage), ..*skip }))
    }

    /// The outcome of a call that stands in the coverage table.
    fn listed_outcome(
        &self,
        coverage: &Coverage,
        service: &str,
        name: &str,
        text: &str,
        how: How<'_>,
    ) -> Result<ResourceEvent, Box<Skip>> {
        let caller = self.caller(text, how.strictness)?;
        let is_off = |parser| (how.is_off)(&caller.account, parser);
        let reading = self.reason_by_error().map_or_else(
            || self.reading(coverage, (service, name, &caller.region), is_off),
            |reason| Err(Refusal { reason, detail: String::new() }),
        );
        match reading {
            Ok(reading) => {
                let event = ResourceEvent {
                    id: caller.id,
                    time: caller.time,
                    account: caller.account,
                    region: caller.region,
                    actor: caller.actor,
                    name: name.to_owned(),
                    launcher: reading.launcher,
                    changes: reading.changes,
                };
                match plausible::excess(&event) {
                    None => Ok(event),
                    Some(excess) => Err(self.skip(SkipReason::WrongShape, excess)),
                }
            }
            Err(refusal) => {
                let mut skip = self.skip(refusal.reason, &refusal.detail);
                skip.caller = Some(Box::new(caller));
                Err(skip)
            }
        }
    }

    fn reading(
        &self,
        coverage: &Coverage,
        (service, name, region): (&str, &str, &Region),
        is_off: impl Fn(&'static str) -> bool,
    ) -> Result<Reading, Refusal> {
        let call = Call {
            service,
            name,
            region,
            request: Body::new(self.request_parameters),
            response: Body::new(self.response_elements),
            details: Body::new(self.service_event_details),
        };
        if coverage.class == Class::Guard {
            let blind = || Refusal { reason: SkipReason::Watchdog, detail: coverage.note.clone() };
            return Err(harmless(&call, &coverage.note).unwrap_or_else(blind));
        }
        if coverage.status == Status::Recognised {
            let (reason, detail) = commitment(&call).map_or_else(
                || (SkipReason::NotPricedYet, coverage.note.clone()),
                |detail| (SkipReason::Commitment, detail),
            );
            return Err(Refusal { reason, detail });
        }
        read_call(&call, is_off).map_err(|refusal| call.blame_omission(refusal))
    }

    /// Reasons that the kind of record gives. A record of version 1.0 has no `eventType`.
    fn reason_by_type(&self, service: &str, name: &str) -> Option<SkipReason> {
        if self.event_category.text() == Some("Insight") {
            return Some(SkipReason::Insight);
        }
        match self.event_type.text() {
            None | Some("AwsApiCall" | "AwsConsoleAction") => None,
            Some("AwsServiceEvent") if (service, name) == ("ec2", "BidEvictedEvent") => None,
            Some("AwsServiceEvent") => Some(SkipReason::ServiceEvent),
            Some("AwsCloudTrailInsight") => Some(SkipReason::Insight),
            Some("AwsConsoleSignIn") => Some(SkipReason::ConsoleSignIn),
            Some(_) => Some(SkipReason::NotAnApiCall),
        }
    }

    fn reason_by_error(&self) -> Option<SkipReason> {
        let code = self.error_code.text()?;
        Some(if code.ends_with("DryRunOperation") {
            SkipReason::DryRun
        } else {
            SkipReason::FailedCall
        })
    }

    /// S3 notifications look like records, but their source is `aws:s3`.
    fn reason_for_unlisted(&self, source: &str) -> SkipReason {
        if source.starts_with("aws:") {
            SkipReason::NotCloudTrail
        } else if self.read_only.is_true() {
            SkipReason::ReadOnly
        } else {
            SkipReason::NotCostRelevant
        }
    }

    fn not_a_record(&self) -> Box<Skip> {
        let something_of_a_record =
            self.event_source != Loose::Absent || self.event_name != Loose::Absent;
        if something_of_a_record || self.event_id != Loose::Absent {
            self.skip(SkipReason::MissingField, "eventSource or eventName is missing")
        } else {
            self.skip(SkipReason::NotCloudTrail, "JSON, but no CloudTrail record")
        }
    }

    fn skip(&self, reason: SkipReason, detail: &str) -> Box<Skip> {
        let mut skip = Skip::new(reason, detail);
        skip.event_source = self.event_source.text().map(shorten);
        skip.event_name = self.event_name.text().map(shorten);
        if matches!(reason, SkipReason::FailedCall | SkipReason::DryRun) {
            skip.error_code = self.error_code.text().map(shorten);
        }
        skip
    }

    /// Who, where, when and on whose bill.
    fn caller(&self, text: &str, strictness: Strictness) -> Result<Caller, Box<Skip>> {
        let identity = self.user_identity.map_or_else(|| Ok(UserIdentity::default()), Wire::read);
        let identity = identity.map_err(|refusal| self.skip(refusal.reason, &refusal.detail))?;
        Ok(Caller {
            id: self.id(text)?,
            time: self.time()?,
            account: self.account(&identity, strictness)?,
            region: self.region()?,
            actor: actor::actor(&identity),
        })
    }

    /// `eventID`. An addendum takes the id of the record that it corrects, so that both count once;
    /// a record of version 1.0 is known by its bytes.
    fn id(&self, text: &str) -> Result<EventId, Box<Skip>> {
        let addendum = self.addendum.and_then(|value| Addendum::read(value).ok());
        let original = addendum.as_ref().and_then(|addendum| addendum.original_event_id.text());
        let id =
            original.or(self.event_id.text()).map_or_else(|| digest(text).into(), Cow::Borrowed);
        EventId::parse(&id).map_err(|error| self.skip(SkipReason::BadEventId, &error.to_string()))
    }

    fn time(&self) -> Result<Timestamp, Box<Skip>> {
        let Some(text) = self.event_time.text() else {
            return Err(self.skip(SkipReason::BadTime, "eventTime is missing"));
        };
        parse_time(text).ok_or_else(|| {
            let detail = format!("eventTime {:?} is no time of CloudTrail", shorten(text));
            self.skip(SkipReason::BadTime, &detail)
        })
    }

    /// Whose bill: `recipientAccountId`; records of version 1.0 know only the caller's account.
    fn account(
        &self,
        identity: &UserIdentity<'_>,
        strictness: Strictness,
    ) -> Result<AccountId, Box<Skip>> {
        let Some(text) = self.recipient_account_id.printed().or(identity.account_id.printed())
        else {
            return Err(self.skip(SkipReason::BadAccountId, "no recipientAccountId"));
        };
        parse_account(&text, strictness)
            .map_err(|error| self.skip(SkipReason::BadAccountId, &error.to_string()))
    }

    fn region(&self) -> Result<Region, Box<Skip>> {
        Region::parse(self.aws_region.text().unwrap_or_default())
            .map_err(|error| self.skip(SkipReason::BadRegion, &error.to_string()))
    }
}

/// What a service's reader found.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) launcher: Option<ResourceId>,
    pub(crate) changes: Vec<Change>,
}

impl From<Change> for Reading {
    fn from(change: Change) -> Self {
        Self { launcher: None, changes: vec![change] }
    }
}

/// A call that is priced, with its parts still unread.
pub(crate) struct Call<'r> {
    pub(crate) service: &'r str,
    pub(crate) name: &'r str,
    pub(crate) region: &'r Region,
    request: Body<'r>,
    response: Body<'r>,
    details: Body<'r>,
}

impl Call<'_> {
    /// `requestParameters`; all absent where there are none.
    pub(crate) fn request<'s, T: Wire<'s> + Default>(&'s self) -> Result<T, Refusal> {
        self.request.read("Request")
    }

    /// `responseElements`; all absent where there are none.
    pub(crate) fn response<'s, T: Wire<'s> + Default>(&'s self) -> Result<T, Refusal> {
        self.response.read("Response")
    }

    /// `serviceEventDetails`; all absent where there are none.
    pub(crate) fn details<'s, T: Wire<'s> + Default>(&'s self) -> Result<T, Refusal> {
        self.details.read("Details")
    }

    pub(crate) fn resource(
        &self,
        service: domain::resource::Service,
        name: impl Into<String>,
    ) -> ResourceId {
        ResourceId { service, region: self.region.clone(), name: name.into() }
    }

    /// What looks missing may have been dropped by CloudTrail as too large.
    fn blame_omission(&self, refusal: Refusal) -> Refusal {
        let omitted = |part: Result<Omission<'_>, _>| part.is_ok_and(|part| part.omitted.is_true());
        if refusal.reason == SkipReason::MissingField
            && (omitted(self.request()) || omitted(self.response()))
        {
            let detail = format!("CloudTrail left a part out as too large; {}", refusal.detail);
            return Refusal { reason: SkipReason::Omitted, detail };
        }
        refusal
    }
}

/// A large part of a record.
enum Body<'r> {
    Here(Option<Value<'r>>),
    /// Text that an export has made of it.
    Quoted(Result<Json<'static>, Refusal>),
}

impl<'r> Body<'r> {
    fn new(value: Option<Value<'r>>) -> Self {
        match value.and_then(Value::text) {
            None => Self::Here(value),
            Some(text) if text.is_empty() => Self::Here(None),
            Some(text) => Self::Quoted(Json::parse(text.into_owned())),
        }
    }

    /// All absent where there is nothing.
    fn read<'s, T: Wire<'s> + Default>(&'s self, wrapper: &str) -> Result<T, Refusal> {
        let value = match self {
            Self::Here(value) => *value,
            Self::Quoted(json) => Some(json.as_ref().map_err(Clone::clone)?.root()),
        };
        let inside = value.map(|value| unwrapped(value, wrapper).unwrap_or(value));
        Ok(inside.map_or(Ok(None), Option::<T>::read)?.unwrap_or_default())
    }
}

/// The object inside an object whose first key ends with `wrapper`: `CreateNatGatewayRequest`.
fn unwrapped<'j>(value: Value<'j>, wrapper: &str) -> Option<Value<'j>> {
    let (key, inside) = value.fields().next()?;
    (key.ends_with(wrapper) && inside.is_object()).then_some(inside)
}

/// `ec2` of `ec2.amazonaws.com`.
fn service_of(source: &str) -> &str {
    source.strip_suffix(".amazonaws.com").unwrap_or(source)
}

/// The name without its API date: `CreateFunction` of `CreateFunction20150331v2`.
fn stem(name: &str) -> &str {
    let undated = match name.rsplit_once('v') {
        Some((before, version))
            if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()) =>
        {
            before
        }
        _ => name,
    };
    match undated.len().checked_sub(8).and_then(|at| undated.split_at_checked(at)) {
        Some((stem, date))
            if !stem.is_empty()
                && date.starts_with("20")
                && date.bytes().all(|b| b.is_ascii_digit()) =>
        {
            stem
        }
        _ => name,
    }
}

/// An account id as the path that it came on allows it.
pub(crate) fn parse_account(text: &str, strictness: Strictness) -> Result<AccountId, IdError> {
    match strictness {
        Strictness::Strict => AccountId::parse(text),
        Strictness::Lenient => AccountId::parse_lenient(text),
    }
}

/// `2023-07-10T11:55:21Z`, or as data lakes print it: `2024-12-16 18:41:07.000000000`, in UTC.
/// CloudTrail began in 2013; an older time would make an account look old.
pub(crate) fn parse_time(text: &str) -> Option<Timestamp> {
    let in_utc = || {
        let civil: jiff::civil::DateTime = text.trim_end_matches(" UTC").parse().ok()?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    };
    let time: Option<Timestamp> = text.parse().ok().or_else(in_utc);
    time.filter(|time| time.as_second() >= 1_356_998_400)
}

/// Stands for the id that records of version 1.0 do not have: 32 hexadecimal digits of SHA-256.
fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(16).fold(String::with_capacity(32), |mut hex, byte| {
        hex.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        hex.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stem_drops_an_api_date_and_nothing_else() {
        for (name, expected) in [
            ("CreateFunction20150331", "CreateFunction"),
            ("UpdateFunctionConfiguration20150331v2", "UpdateFunctionConfiguration"),
            ("RunInstances", "RunInstances"),
            ("CreateClusterV2", "CreateClusterV2"),
            ("20150331", "20150331"),
            ("v2", "v2"),
            ("é0150331", "é0150331"),
            ("", ""),
        ] {
            assert_eq!(stem(name), expected);
        }
    }

    #[test]
    fn every_priced_row_of_the_coverage_table_has_a_reader() {
        let region = Region::parse("eu-west-1").unwrap();
        for row in coverage::all().iter().filter(|row| row.status == Status::Priced) {
            let call = Call {
                service: service_of(&row.event_source),
                name: &row.event_name,
                region: &region,
                request: Body::Here(None),
                response: Body::Here(None),
                details: Body::Here(None),
            };
            let refusal = read_call(&call, |_| false).unwrap_err();
            assert_ne!(refusal.reason, SkipReason::NotPricedYet, "{}", row.event_name);
        }
    }

    #[test]
    fn times_of_data_lakes_are_utc() {
        let expected: Timestamp = "2024-12-16T18:41:07Z".parse().unwrap();
        assert_eq!(parse_time("2024-12-16 18:41:07.000000000"), Some(expected));
        assert_eq!(parse_time("2024-12-16 18:41:07 UTC"), Some(expected));
        assert_eq!(parse_time("yesterday"), None);
    }
}
