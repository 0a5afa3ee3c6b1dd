//! EC2's own word that an instance has stopped or ended. It is no record of CloudTrail but an event
//! of EventBridge: it needs no trail, and no call need stand behind it.
//!
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html>

use crate::json::Value;
use crate::loose::{Loose, Wire, wire};
use crate::record::{Strictness, parse_account, parse_time};
use crate::skip::{Refusal, Skip, SkipReason, shorten};
use domain::event::{Actor, Change, ResourceEvent};
use domain::ids::{EventId, Region};
use domain::resource::{ResourceId, Service};

/// `detail-type` of these events.
pub(crate) const DETAIL_TYPE: &str = "EC2 Instance State-change Notification";
/// `source` of these events.
pub(crate) const SOURCE: &str = "aws.ec2";
/// The states in which an instance costs less than before; the others are on the way to one.
pub(crate) const FINAL_STATES: [&str; 2] = ["stopped", "terminated"];

const EC2: &str = "ec2.amazonaws.com";

/// The outcome of an event of EC2; `None` for anything else.
pub(crate) fn read(
    value: Value<'_>,
    strictness: Strictness,
) -> Option<Result<ResourceEvent, Box<Skip>>> {
    let notification = Notification::read(value).ok()?;
    let from_ec2 = notification.source.text() == Some(SOURCE);
    (from_ec2 && notification.detail_type.text() == Some(DETAIL_TYPE))
        .then(|| notification.event(strictness).map_err(named))
}

/// What an event says that is known to be EC2's.
pub(crate) fn event(value: Value<'_>, strictness: Strictness) -> Result<ResourceEvent, Box<Skip>> {
    let notification = Notification::read(value).map_err(named)?;
    notification.event(strictness).map_err(named)
}

wire! {
    struct Notification<'a> {
        "id" => id: Loose<'a>,
        "account" => account: Loose<'a>,
        "region" => region: Loose<'a>,
        "time" => time: Loose<'a>,
        "source" => source: Loose<'a>,
        "detail-type" => detail_type: Loose<'a>,
        "detail" => detail: Option<State<'a>>,
    }
    struct State<'a> {
        "instance-id" => instance_id: Loose<'a>,
        "state" => state: Loose<'a>,
    }
}

impl Notification<'_> {
    fn event(&self, strictness: Strictness) -> Result<ResourceEvent, Refusal> {
        let id = EventId::parse(self.id.text().unwrap_or_default())
            .map_err(|error| refusal(SkipReason::BadEventId, &error))?;
        let region = Region::parse(self.region.text().unwrap_or_default())
            .map_err(|error| refusal(SkipReason::BadRegion, &error))?;
        let account = parse_account(&self.account.printed().unwrap_or_default(), strictness)
            .map_err(|error| refusal(SkipReason::BadAccountId, &error))?;
        let time = self.time.text().and_then(parse_time).ok_or_else(|| {
            let text = shorten(self.time.text().unwrap_or_default());
            refusal(SkipReason::BadTime, &format!("{text:?} is no time"))
        })?;
        let change = self.change(region.clone())?;
        Ok(ResourceEvent {
            id,
            time,
            account,
            region,
            actor: Actor::reporting(EC2),
            name: DETAIL_TYPE.to_owned(),
            launcher: None,
            changes: vec![change],
        })
    }

    fn change(&self, region: Region) -> Result<Change, Refusal> {
        let detail = self.detail.as_ref().ok_or_else(|| Refusal::missing("detail"))?;
        let (name, state) = (detail.instance()?, detail.state()?);
        let resources = vec![ResourceId { service: Service::Ec2, region, name }];
        match state {
            "stopped" => Ok(Change::Stopped { resources }),
            "terminated" => Ok(Change::Deleted { resources }),
            other => Err(refusal(SkipReason::StateNotFinal, &other)),
        }
    }
}

impl State<'_> {
    /// `i-` and 8 or 17 hexadecimal digits.
    fn instance(&self) -> Result<String, Refusal> {
        let id = self.instance_id.text().ok_or_else(|| Refusal::missing("instance-id"))?;
        let digit = |b: u8| b.is_ascii_digit() || matches!(b, b'a'..=b'f');
        let of_ec2 = |digits: &str| matches!(digits.len(), 8 | 17) && digits.bytes().all(digit);
        if id.strip_prefix("i-").is_some_and(of_ec2) {
            return Ok(id.to_owned());
        }
        let detail = format!("{:?} is no id of an instance", shorten(id));
        Err(refusal(SkipReason::WrongShape, &detail))
    }

    /// A word: `running`, `shutting-down`. AWS may add further ones.
    fn state(&self) -> Result<&str, Refusal> {
        let state = self.state.text().ok_or_else(|| Refusal::missing("state"))?;
        let plain = |b: u8| b.is_ascii_lowercase() || b == b'-';
        if state.len() <= 32 && state.bytes().all(plain) {
            return Ok(state);
        }
        let detail = format!("{:?} is no state of an instance", shorten(state));
        Err(refusal(SkipReason::WrongShape, &detail))
    }
}

fn refusal(reason: SkipReason, why: &impl ToString) -> Refusal {
    Refusal { reason, detail: why.to_string() }
}

fn named(refusal: Refusal) -> Box<Skip> {
    let mut skip: Box<Skip> = refusal.into();
    skip.event_source = Some(EC2.to_owned());
    skip.event_name = Some(DETAIL_TYPE.to_owned());
    skip
}
