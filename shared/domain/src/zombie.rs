//! Zombies: what costs money and does nothing. Rules from what was observed to a finding, or to
//! nothing, or to "cannot be told": what was not measured is not idle.

pub mod database;
pub mod instance;
pub mod network;
pub mod serverless;
pub mod storage;

use crate::how_to_stop::shell::{Command, can_be_typed, is_id};
use crate::ids::Region;
use crate::price::Monthly;
use jiff::{SignedDuration, Timestamp};

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ZombieCheck {
    /// An EBS volume that belongs to no instance.
    UnattachedVolume,
    /// An attached EBS volume that nobody reads or writes.
    IdleVolume,
    /// A gp2 volume that would be cheaper as gp3.
    OldVolumeKind,
    /// An old EBS snapshot of a volume that is gone.
    OldSnapshot,
    /// An Elastic IP address that belongs to nothing.
    UnassociatedAddress,
    /// A stopped instance whose volumes are paid.
    StoppedInstance,
    /// A running instance that does nothing.
    IdleInstance,
    /// An instance of a family that has a cheaper successor.
    OldGeneration,
    /// A load balancer with nobody behind it or before it.
    IdleLoadBalancer,
    /// A NAT gateway without traffic.
    IdleNatGateway,
    /// An interface endpoint without traffic.
    IdleEndpoint,
    /// A database that nobody connects to.
    IdleDatabase,
    /// An old manual snapshot of a database.
    OldDatabaseSnapshot,
    /// Provisioned concurrency that nobody calls.
    UnusedConcurrency,
    /// Provisioned capacity of a table that is hardly used.
    OversizedTable,
    /// A log group that keeps everything for ever.
    EndlessLogs,
    /// A model endpoint that nobody asks.
    IdleModelEndpoint,
}

/// Code, title and rule; a row each, in the order of [`ZombieCheck`].
const WORDS: [(ZombieCheck, &str, &str, &str); ZombieCheck::ALL.len()] = [
    (
        ZombieCheck::UnattachedVolume,
        "unattached_volume",
        "Volume without an instance",
        "an EBS volume is attached to nothing for a day or longer",
    ),
    (
        ZombieCheck::IdleVolume,
        "idle_volume",
        "Volume without I/O",
        "an attached EBS volume was neither read nor written for 14 days",
    ),
    (
        ZombieCheck::OldVolumeKind,
        "old_volume_kind",
        "gp2 volume",
        "the same size, IOPS and throughput cost less as gp3",
    ),
    (
        ZombieCheck::OldSnapshot,
        "old_snapshot",
        "Old snapshot",
        "an EBS snapshot is older than 90 days, its volume is gone and no image of the account uses it",
    ),
    (
        ZombieCheck::UnassociatedAddress,
        "unassociated_address",
        "Idle Elastic IP address",
        "an Elastic IP address belongs to nothing",
    ),
    (
        ZombieCheck::StoppedInstance,
        "stopped_instance",
        "Stopped instance",
        "an instance is stopped for more than 14 days and its volumes are paid",
    ),
    (
        ZombieCheck::IdleInstance,
        "idle_instance",
        "Idle instance",
        "for 14 days an instance never used 5 % of its processor and moved less than 5 MB a day",
    ),
    (
        ZombieCheck::OldGeneration,
        "old_generation",
        "Instance of an old generation",
        "the same size of a newer family costs less",
    ),
    (
        ZombieCheck::IdleLoadBalancer,
        "idle_load_balancer",
        "Idle load balancer",
        "a load balancer had no request for 14 days, or is a classic one without a healthy target",
    ),
    (
        ZombieCheck::IdleNatGateway,
        "idle_nat_gateway",
        "Idle NAT gateway",
        "a NAT gateway sent nothing for 14 days",
    ),
    (
        ZombieCheck::IdleEndpoint,
        "idle_endpoint",
        "Idle interface endpoint",
        "an interface endpoint moved nothing for 14 days",
    ),
    (
        ZombieCheck::IdleDatabase,
        "idle_database",
        "Idle database",
        "nobody was connected to a database for 14 days",
    ),
    (
        ZombieCheck::OldDatabaseSnapshot,
        "old_database_snapshot",
        "Old database snapshot",
        "a manual RDS snapshot is older than 90 days",
    ),
    (
        ZombieCheck::UnusedConcurrency,
        "unused_concurrency",
        "Unused provisioned concurrency",
        "nothing was invoked on the provisioned concurrency of a function for 14 days",
    ),
    (
        ZombieCheck::OversizedTable,
        "oversized_table",
        "Oversized table",
        "of the provisioned reads and writes of a DynamoDB table less than 10 % were used for 14 days",
    ),
    (
        ZombieCheck::EndlessLogs,
        "endless_logs",
        "Logs kept for ever",
        "a log group of 1 GiB or more has no retention",
    ),
    (
        ZombieCheck::IdleModelEndpoint,
        "idle_model_endpoint",
        "Idle model endpoint",
        "a SageMaker endpoint was not invoked for 14 days",
    ),
];

impl ZombieCheck {
    /// All checks, in the order in which reports list them.
    pub const ALL: [Self; 17] = [
        Self::UnattachedVolume,
        Self::IdleVolume,
        Self::OldVolumeKind,
        Self::OldSnapshot,
        Self::UnassociatedAddress,
        Self::StoppedInstance,
        Self::IdleInstance,
        Self::OldGeneration,
        Self::IdleLoadBalancer,
        Self::IdleNatGateway,
        Self::IdleEndpoint,
        Self::IdleDatabase,
        Self::OldDatabaseSnapshot,
        Self::UnusedConcurrency,
        Self::OversizedTable,
        Self::EndlessLogs,
        Self::IdleModelEndpoint,
    ];

    /// Stable word.
    pub const fn code(self) -> &'static str {
        WORDS[self as usize].1
    }

    /// A few words for a heading.
    pub const fn title(self) -> &'static str {
        WORDS[self as usize].2
    }

    /// When something is found by it, in words.
    pub const fn rule(self) -> &'static str {
        WORDS[self as usize].3
    }

    /// The check with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.code() == code)
    }
}

/// What is looked at together, since what is found of one decides about another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Instances, volumes and snapshots.
    Compute,
    /// Addresses, load balancers, gateways and endpoints.
    Network,
    /// RDS.
    Databases,
    /// DynamoDB.
    Tables,
    /// Lambda.
    Functions,
    /// `CloudWatch` Logs.
    Logs,
    /// Endpoints of models.
    Models,
}

impl Part {
    /// All parts of a region, in the order in which they are searched.
    pub const ALL: [Self; 7] = [
        Self::Compute,
        Self::Network,
        Self::Databases,
        Self::Tables,
        Self::Functions,
        Self::Logs,
        Self::Models,
    ];

    /// Stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Compute => "compute",
            Self::Network => "network",
            Self::Databases => "databases",
            Self::Tables => "tables",
            Self::Functions => "functions",
            Self::Logs => "logs",
            Self::Models => "models",
        }
    }

    /// The part with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }

    /// In which part a check finds what it finds.
    pub const fn of(check: ZombieCheck) -> Self {
        match check {
            ZombieCheck::UnattachedVolume
            | ZombieCheck::IdleVolume
            | ZombieCheck::OldVolumeKind
            | ZombieCheck::OldSnapshot
            | ZombieCheck::StoppedInstance
            | ZombieCheck::IdleInstance
            | ZombieCheck::OldGeneration => Self::Compute,
            ZombieCheck::UnassociatedAddress
            | ZombieCheck::IdleLoadBalancer
            | ZombieCheck::IdleNatGateway
            | ZombieCheck::IdleEndpoint => Self::Network,
            ZombieCheck::IdleDatabase | ZombieCheck::OldDatabaseSnapshot => Self::Databases,
            ZombieCheck::OversizedTable => Self::Tables,
            ZombieCheck::UnusedConcurrency => Self::Functions,
            ZombieCheck::EndlessLogs => Self::Logs,
            ZombieCheck::IdleModelEndpoint => Self::Models,
        }
    }
}

/// Something that costs money and does nothing, or costs more than it has to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zombie {
    /// By which check it was found.
    pub check: ZombieCheck,
    /// Where it is.
    pub region: Region,
    /// AWS's id of it, unique together with check and region.
    pub resource: String,
    /// What people call it (tag `Name`), where they do.
    pub name: Option<String>,
    /// Why it was found: one plain sentence with its numbers.
    pub why: String,
    /// Since when it is like that at least, where AWS tells.
    pub since: Option<Timestamp>,
    /// What it costs a month, or what could be saved a month.
    pub monthly: Monthly,
    /// What to do: a command, reversible steps first. Never run by us.
    pub stop: String,
}

/// Where and when something was looked at.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// In which region.
    pub region: &'a Region,
    /// When.
    pub now: Timestamp,
}

/// What is called how: AWS's id, and what people call it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// AWS's id of it.
    pub id: String,
    /// Its tag `Name`.
    pub name: Option<String>,
}

impl Named {
    /// Something that has only its id.
    pub fn only(id: &str) -> Self {
        Self { id: id.to_owned(), name: None }
    }
}

impl Place<'_> {
    fn command(self, words: &str) -> Command {
        Command::new(words, self.region)
    }

    /// Commands for what a person has named, one a line; where the name cannot be typed safely, where
    /// to find it instead.
    fn steps<const N: usize>(self, of: &Named, console: &str, commands: [Command; N]) -> String {
        self.typed(can_be_typed(&of.id), console, commands)
    }

    /// The same for what AWS has given an id.
    fn steps_by_id<const N: usize>(self, id: &str, console: &str, of: [Command; N]) -> String {
        self.typed(is_id(id), console, of)
    }

    fn typed(
        self,
        can_be: bool,
        console: &str,
        commands: impl IntoIterator<Item = Command>,
    ) -> String {
        if can_be {
            let lines: Vec<String> = commands.into_iter().map(String::from).collect();
            return lines.join("\n");
        }
        format!(
            "In the AWS console, region {}, open {console} and search for it there",
            self.region
        )
    }

    fn days_since(self, since: Timestamp) -> i64 {
        days_between(since, self.now)
    }

    fn is_older(self, since: Timestamp, days: u32) -> bool {
        self.days_since(since) >= i64::from(days)
    }

    fn zombie(self, check: ZombieCheck, of: &Named, why: String, monthly: Monthly) -> Zombie {
        let (resource, name, region) = (of.id.clone(), of.name.clone(), self.region.clone());
        Zombie { check, region, resource, name, why, since: None, monthly, stop: String::new() }
    }
}

impl Zombie {
    /// It is like that since this time at least.
    fn since(self, since: Option<Timestamp>) -> Self {
        Self { since, ..self }
    }

    /// What to do.
    fn stopped_by(self, stop: String) -> Self {
        Self { stop, ..self }
    }
}

/// What a rule says: nothing found, a zombie, or why it cannot be told.
pub type Judged = Result<Option<Zombie>, String>;

/// Days over which use is measured.
pub const DAYS: u32 = 14;
/// Days without figures that are overlooked: the day that has just begun.
const MISSING_DAYS: u32 = 1;

/// What AWS measured in the last 14 days, day by day: the sum, or the highest of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Of how many days there are figures.
    pub days: u32,
    /// The sum or the maximum of them; never money.
    pub value: f64,
}

impl Measured {
    /// Nothing at all, where AWS reports only what is not zero.
    pub const NOTHING: Self = Self { days: DAYS, value: 0.0 };
}

/// The figure, if it covers the whole time.
fn settled(measured: Option<Measured>, what: &str) -> Result<f64, String> {
    match measured {
        None => Err(format!("CloudWatch has no figures of its {what}")),
        Some(Measured { days, value }) if days + MISSING_DAYS >= DAYS && value.is_finite() => {
            Ok(value)
        }
        Some(Measured { days, .. }) => {
            Err(format!("CloudWatch has its {what} of {days} of the last {DAYS} days only"))
        }
    }
}

/// Whole days from one time to another.
fn days_between(from: Timestamp, until: Timestamp) -> i64 {
    until.duration_since(from).as_hours() / 24
}

/// When the time over which use is measured began.
fn measured_since(now: Timestamp) -> Option<Timestamp> {
    now.checked_sub(SignedDuration::from_hours(i64::from(DAYS) * 24)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Usd;
    use crate::price::Source;

    pub(super) fn region() -> Region {
        Region::parse("eu-west-1").unwrap()
    }

    pub(super) fn here(region: &Region) -> Place<'_> {
        Place { region, now: days_ago(0) }
    }

    pub(super) fn days_ago(days: i64) -> Timestamp {
        let now: Timestamp = "2026-06-15T12:00:00Z".parse().unwrap();
        now.checked_sub(SignedDuration::from_hours(days * 24)).unwrap()
    }

    #[expect(clippy::unnecessary_wraps, reason = "as rules take it")]
    pub(super) fn measured(days: u32, value: f64) -> Option<Measured> {
        Some(Measured { days, value })
    }

    pub(super) fn price(amount: &str) -> Monthly {
        let source = Source { name: "test".into(), as_of: "2026-01".into() };
        Monthly::Priced { amount: Usd::new(amount.parse().unwrap()), source }
    }

    #[test]
    fn a_name_that_cannot_be_typed_becomes_a_way_through_the_console() {
        let region = region();
        let (place, odd) = (here(&region), Named::only("file:///etc/passwd"));
        let command = place.command("rds x").with("--name", &odd.id);
        let steps = place.steps(&odd, "RDS, Databases", [command]);
        assert!(steps.contains("open RDS, Databases") && !steps.contains("file://"), "{steps}");
    }

    #[test]
    fn every_check_has_its_own_row() {
        assert_eq!(WORDS.map(|(check, ..)| check), ZombieCheck::ALL);
        assert_eq!(ZombieCheck::ALL.map(|check| WORDS[check as usize].0), ZombieCheck::ALL);
    }

    #[test]
    fn every_check_has_its_own_word() {
        for check in ZombieCheck::ALL {
            assert_eq!(ZombieCheck::from_code(check.code()), Some(check));
            assert!(!check.title().is_empty() && !check.rule().is_empty());
        }
        assert_eq!(ZombieCheck::from_code("vampire"), None);
    }

    #[test]
    fn every_part_has_its_own_word_and_a_check() {
        for part in Part::ALL {
            assert_eq!(Part::from_code(part.code()), Some(part));
            assert!(ZombieCheck::ALL.into_iter().any(|check| Part::of(check) == part));
        }
        assert_eq!(Part::from_code("crypt"), None);
    }

    #[test]
    fn what_was_not_measured_or_only_in_part_is_not_settled() {
        let measured = |days| Some(Measured { days, value: 0.0 });
        assert_eq!(settled(measured(14), "traffic"), Ok(0.0));
        assert_eq!(settled(measured(13), "traffic"), Ok(0.0));
        let partly = settled(measured(12), "traffic").unwrap_err();
        assert!(partly.contains("12 of the last 14 days"), "{partly}");
        assert!(settled(None, "traffic").unwrap_err().contains("no figures of its traffic"));
        let broken = Some(Measured { days: 14, value: f64::NAN });
        assert!(settled(broken, "traffic").is_err());
    }
}
