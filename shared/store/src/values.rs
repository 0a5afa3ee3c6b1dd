//! How the domain's values are stored inside items.

use crate::attribute::{
    Corrupt, Item, Stored, number, read, stored_code, stored_struct, text, write,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::anomaly::{Member, OpenPart, Status};
use domain::answer::{Answer, Answered};
use domain::baseline::Sensitivity;
use domain::breaker::Breaker;
use domain::channels::Term;
use domain::cost_event::{Action, CostEventId, Effect, OpenChange};
use domain::decision::{Basis, Delivery, Severity};
use domain::event::{Actor, ActorKind};
use domain::expectation::Burst;
use domain::habits::{Day, Habits, Measures, Seen};
use domain::open_resource::{Before, LastChange, Raise, RunState};
use domain::plan::{SubscriptionStatus, Tier};
use domain::price::{Bound, BoundKind, Estimate, Line, Source, Unit, UsageRate};
use domain::resource::{
    AcuRange, Architecture, ClusterSpec, ConcurrencySpec, DatabaseSpec, Deployment, FunctionSpec,
    InstanceSpec, LauncherSpec, OperatingSystem, Purchase, ResourceId, Service, Spec, Tenancy,
    VolumeSpec,
};
use domain::sealed::Sealed;
use domain::tenant::{QuietHours, Route, Webhook, Zone};
use domain::told::{Hooked, Known, MessageAt, Snooze, Told};

stored_code! {
    Service, Service::from_code;
    Action, Action::from_code;
    RunState, RunState::from_code;
    Severity, Severity::from_code;
    Basis, Basis::from_code;
    Delivery, Delivery::from_code;
    Sensitivity, Sensitivity::from_code;
    Answer, Answer::from_code;
    Tier, Tier::from_code;
    SubscriptionStatus, SubscriptionStatus::from_code;
    Unit, Unit::from_code;
    OperatingSystem, OperatingSystem::from_code;
    BoundKind, BoundKind::from_code;
    Tenancy, Tenancy::from_code;
    Purchase, Purchase::from_code;
    Deployment, Deployment::from_code;
    Architecture, Architecture::from_code;
    ActorKind, |code| Some(ActorKind::from_code(code));
}

stored_struct!(Actor {
    id: "id",
    kind: "kind",
    principal: "principal",
    person: "person",
    invoked_by: "invokedBy",
});
stored_struct!(ResourceId { service: "service", region: "region", name: "name" });
stored_struct!(CostEventId { event: "event", part: "part" });
stored_struct!(Effect { opened_by: "openedBy", running: "running", hourly: "hourlyUsd" });
stored_struct!(OpenChange { actor: "actor", hourly: "hourlyUsd" });
stored_struct!(Before { state: "state", hourly: "hourlyUsd", raised_by: "raisedBy" });
stored_struct!(Raise { by: "by", hourly: "hourlyUsd" });
stored_struct!(LastChange { event: "event", at: "at", before: "before" });

stored_struct!(Source { name: "name", as_of: "asOf" });
stored_struct!(Line {
    item: "item",
    quantity: "quantity",
    unit: "unit",
    unit_price: "unitPriceUsd",
    source: "source",
});
stored_struct!(UsageRate {
    item: "item",
    unit: "unit",
    unit_price: "unitPriceUsd",
    source: "source",
});
stored_struct!(Bound { hourly: "hourlyUsd", kind: "kind", reason: "reason" });
stored_struct!(Estimate { lines: "lines", as_used: "asUsed", bound: "bound" });

stored_struct!(Term {
    name: "name",
    value: "value",
    weight: "weight",
    inputs: "inputs",
    text: "text",
});
stored_struct!(OpenPart {
    running: "running",
    rate: "rateMicros",
    peak: "peakMicros",
    spent: "spent",
    until: "until",
});
stored_struct!(Known {
    alerts: "alerts",
    severity: "severity",
    resolved_at: "resolvedAt",
    answered_at: "answeredAt",
    snoozed_until: "snoozedUntil",
});
stored_struct!(Hooked {
    known: "known",
    failures: "failures",
    failing_since: "failingSince",
    failed_at: "failedAt",
});
stored_struct!(Snooze { until: "until", by: "by", at: "at" });
stored_struct!(Sealed { key: "key", ciphertext: "ciphertext" });
stored_struct!(Route { account: "account", at_least: "atLeast", channel: "channel" });
stored_struct!(Webhook { url: "url", key: "key" });
stored_struct!(Burst { count: "count", hourly: "hourlyUsd" });
stored_struct!(Answered { answer: "answer", by: "by", at: "at" });
stored_struct!(Habits {
    at: "at",
    now: "now",
    days: "days",
    kinds: "kinds",
    regions: "regions",
    held_since: "heldSince",
});
stored_struct!(Breaker {
    window: "window",
    newest: "newest",
    today: "today",
    baseline: "baseline",
    days: "days",
    tripped: "tripped",
});
stored_struct!(MessageAt { channel: "channel", id: "id", permalink: "permalink" });
stored_struct!(Member {
    id: "id",
    time: "time",
    name: "name",
    action: "action",
    launcher: "launcher",
    service: "service",
    resource_type: "resourceType",
    region: "region",
    count: "count",
    examples: "examples",
    hourly_before: "hourlyBeforeUsd",
    hourly: "hourlyUsd",
    lines: "lines",
    bound: "bound",
    terms: "terms",
    score: "score",
    partly_expected: "partlyExpected",
    threshold: "threshold",
    basis: "basis",
    severity: "severity",
    reasons: "reasons",
});

stored_struct!(InstanceSpec {
    instance_type: "instanceType",
    os: "os",
    tenancy: "tenancy",
    purchase: "purchase",
    volumes: "volumes",
    availability_zone: "availabilityZone",
});
stored_struct!(VolumeSpec {
    kind: "volumeType",
    size_gib: "sizeGib",
    iops: "iops",
    throughput_mibps: "throughputMibps",
});
stored_struct!(DatabaseSpec {
    class: "class",
    engine: "engine",
    licence: "licence",
    deployment: "deployment",
    storage: "storage",
    cluster: "cluster",
    acu: "acu",
    io_optimized: "ioOptimized",
});
stored_struct!(AcuRange { min_milli: "minMilli", max_milli: "maxMilli" });
stored_struct!(ClusterSpec {
    engine: "engine",
    instance_class: "instanceClass",
    storage: "storage",
    acu: "acu",
    io_optimized: "ioOptimized",
});
stored_struct!(FunctionSpec {
    memory_mb: "memoryMb",
    architecture: "architecture",
    ephemeral_storage_mb: "ephemeralStorageMb",
});
stored_struct!(ConcurrencySpec {
    function: "function",
    instances: "instances",
    function_spec: "functionSpec",
});
stored_struct!(LauncherSpec { desired: "desired", max: "max" });

/// A map with one attribute, named for the kind.
impl Stored for Spec {
    fn to_attribute(&self) -> Option<AttributeValue> {
        let mut map = Item::new();
        match self {
            Self::Instance(spec) => write(&mut map, "instance", spec),
            Self::Volume(spec) => write(&mut map, "volume", spec),
            Self::NatGateway => write(&mut map, "natGateway", &true),
            Self::PublicIpv4 => write(&mut map, "publicIpv4", &true),
            Self::Database(spec) => write(&mut map, "database", spec),
            Self::Cluster(spec) => write(&mut map, "cluster", spec),
            Self::Function(spec) => write(&mut map, "function", spec),
            Self::ProvisionedConcurrency(spec) => write(&mut map, "concurrency", spec),
            Self::Launcher(spec) => write(&mut map, "launcher", spec),
        }
        Some(AttributeValue::M(map))
    }

    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        let Some(AttributeValue::M(map)) = attribute else {
            return Err(Corrupt::expected("a map"));
        };
        match map.keys().next().map_or("", String::as_str) {
            "instance" => read(map, "instance").map(Self::Instance),
            "volume" => read(map, "volume").map(Self::Volume),
            "natGateway" => Ok(Self::NatGateway),
            "publicIpv4" => Ok(Self::PublicIpv4),
            "database" => read(map, "database").map(Self::Database),
            "cluster" => read(map, "cluster").map(Self::Cluster),
            "function" => read(map, "function").map(Self::Function),
            "concurrency" => read(map, "concurrency").map(Self::ProvisionedConcurrency),
            "launcher" => read(map, "launcher").map(Self::Launcher),
            _ => Err(Corrupt::expected("a known kind of resource")),
        }
    }
}

/// One map with what was known: an earlier release wrote nothing else.
impl Stored for Told {
    fn to_attribute(&self) -> Option<AttributeValue> {
        let Some(AttributeValue::M(mut map)) = self.known.to_attribute() else { return None };
        write(&mut map, "message", &self.message);
        write(&mut map, "replies", &self.replies);
        write(&mut map, "repliedAt", &self.replied_at);
        write(&mut map, "undelivered", &self.undelivered);
        Some(AttributeValue::M(map))
    }

    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        let known = Known::from_attribute(attribute)?;
        let Some(AttributeValue::M(map)) = attribute else {
            return Err(Corrupt::expected("a map"));
        };
        Ok(Self {
            known,
            message: read(map, "message")?,
            replies: read::<Option<u64>>(map, "replies")?.unwrap_or_default(),
            replied_at: read(map, "repliedAt")?,
            undelivered: read(map, "undelivered")?,
        })
    }
}

/// The name of the zone.
impl Stored for Zone {
    fn to_attribute(&self) -> Option<AttributeValue> {
        Some(text(self.name()))
    }

    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        let name: String = Stored::from_attribute(attribute)?;
        Self::parse(&name).map_err(|_| Corrupt::expected("a time zone"))
    }
}

/// `22:00-07:00`
impl Stored for QuietHours {
    fn to_attribute(&self) -> Option<AttributeValue> {
        Some(text(self.to_string()))
    }

    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        let hours: String = Stored::from_attribute(attribute)?;
        Self::parse(&hours).map_err(|_| Corrupt::expected("quiet hours"))
    }
}

/// `open`, or a map that says when and by whom it was resolved.
impl Stored for Status {
    fn to_attribute(&self) -> Option<AttributeValue> {
        let Self::Resolved { at, by, how } = self else { return Some(text("open")) };
        let mut map = Item::new();
        write(&mut map, "at", at);
        write(&mut map, "by", by);
        write(&mut map, "how", how);
        Some(AttributeValue::M(map))
    }

    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        match attribute {
            Some(AttributeValue::S(word)) if word == "open" => Ok(Self::Open),
            Some(AttributeValue::M(map)) => {
                let (at, by, how) = (read(map, "at")?, read(map, "by")?, read(map, "how")?);
                Ok(Self::Resolved { at, by, how })
            }
            _ => Err(Corrupt::expected("a status")),
        }
    }
}

/// A list of the day's number and its peaks, those held back behind the usual ones where there are
/// any: an actor has up to 28 of them.
impl Stored for Day {
    fn to_attribute(&self) -> Option<AttributeValue> {
        let held = (self.held != Measures::default()).then_some(self.held);
        let numbers = [self.number].into_iter().chain(self.usual).chain(held.into_iter().flatten());
        Some(AttributeValue::L(numbers.map(number).collect()))
    }

    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        let numbers: Vec<i64> = Stored::from_attribute(attribute)?;
        let expected = || Corrupt::expected("a day with its peaks");
        let (&number, peaks) = numbers.split_first().ok_or_else(expected)?;
        let mut peaks = peaks.chunks(Measures::default().len());
        let usual = peaks.next().and_then(|each| each.try_into().ok()).ok_or_else(expected)?;
        let held = peaks.next().map(Measures::try_from).transpose().map_err(|_| expected())?;
        Ok(Self { number, usual, held: held.unwrap_or_default() })
    }
}

/// A list of a count and two sums.
impl Stored for Seen {
    fn to_attribute(&self) -> Option<AttributeValue> {
        Some(AttributeValue::L(vec![number(self.n), number(self.logs), number(self.log_squares)]))
    }

    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        let [n, logs, log_squares]: [i128; 3] = Stored::from_attribute(attribute)?;
        let n = i64::try_from(n).map_err(|_| Corrupt::expected("a count"))?;
        Ok(Self { n, logs, log_squares })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::habits::{MAX_DAYS, MAX_KINDS, MAX_REGIONS};

    /// As DynamoDB counts: names and texts by their bytes, two digits of a number in one byte and one
    /// more, three for a list or map and one for each of its elements.
    fn size(attribute: &AttributeValue) -> usize {
        match attribute {
            AttributeValue::S(text) => text.len(),
            AttributeValue::N(number) => number.len().div_ceil(2) + 1,
            AttributeValue::L(list) => 3 + list.iter().map(|each| 1 + size(each)).sum::<usize>(),
            AttributeValue::M(map) => {
                3 + map.iter().map(|(name, each)| 1 + name.len() + size(each)).sum::<usize>()
            }
            other => panic!("{other:?}"),
        }
    }

    /// An actor that starts thousands of dollars an hour of everything everywhere, all of it held.
    fn largest() -> Habits {
        let peaks = [98_765_432_109, 98_765_432_109, 987_654_321_098, 12_345_678_901, 1, 1];
        let days = (0..MAX_DAYS).map(|nth| Day {
            number: 20_000 + i64::try_from(nth).unwrap_or_default(),
            usual: peaks,
            held: peaks,
        });
        let seen = Seen { n: 99_999, logs: 999_999_999_999, log_squares: 99_999_999_999_999_999 };
        let kinds = (0..MAX_KINDS).map(|nth| (format!("ec2#u-24tb1.{nth:03}xlarge"), seen));
        let regions = (0..MAX_REGIONS).map(|nth| (format!("ap-southeast-{nth:02}"), 99_999));
        Habits {
            at: "2026-11-26T20:00:00.123Z".parse().ok(),
            now: peaks,
            days: days.collect(),
            kinds: kinds.collect(),
            regions: regions.collect(),
            held_since: "2026-11-26T20:00:00.123Z".parse().ok(),
        }
    }

    #[test]
    fn habits_come_back_as_they_were_and_never_fill_an_item() {
        let habits = largest();
        let stored = habits.to_attribute().expect("a map");
        assert_eq!(Habits::from_attribute(Some(&stored)).expect("habits"), habits);
        let bytes = size(&stored);
        assert!((3_000..8_000).contains(&bytes), "{bytes} bytes");
    }

    #[test]
    fn a_day_without_its_peaks_is_corrupt() {
        let stored = AttributeValue::L(vec![number(20_000), number(1)]);
        assert!(Day::from_attribute(Some(&stored)).is_err());
        assert!(Day::from_attribute(Some(&AttributeValue::L(Vec::new()))).is_err());
    }
}
