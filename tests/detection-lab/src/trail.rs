//! What the generator gives: one account's months of CloudTrail records, with what is wrong in them.

use jiff::Timestamp;
use sample_trail::Record;

/// What to generate. The same plan gives the same records on every machine.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Seed of everything.
    pub seed: u64,
    /// Number of accounts; archetypes take turns.
    pub accounts: usize,
    /// First moment, UTC.
    pub start: Timestamp,
    /// Length in days.
    pub days: u32,
    /// Incidents begin from this day on (0: from the first).
    pub incidents_from: u32,
    /// Mean number of incidents an account.
    pub incidents: f64,
    /// Kinds that may happen.
    pub kinds: Vec<Kind>,
}

/// Months of one account.
#[derive(Debug, Clone)]
pub struct Trail {
    /// 12 digits.
    pub account: String,
    /// What kind of company it is.
    pub archetype: Archetype,
    /// In the order of their times.
    pub records: Vec<Labelled>,
    /// What is wrong, in the order of their beginnings.
    pub incidents: Vec<Incident>,
}

/// A record and the incident that it is part of.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// As CloudTrail writes it.
    pub record: Record,
    /// Index into [`Trail::incidents`]; `None` for what must stay silent.
    pub incident: Option<usize>,
}

/// Something that somebody should have been told of.
#[derive(Debug, Clone)]
pub struct Incident {
    /// What.
    pub kind: Kind,
    /// Time of its first record.
    pub first: Timestamp,
    /// Time of its last record that starts or enlarges something.
    pub last: Timestamp,
}

/// The ten kinds of incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// GPU fleet in an unused region by a leaked key.
    LeakedKey,
    /// 50 to 150 small single launches.
    StealthFleet,
    /// A big database that somebody forgets.
    ForgottenDatabase,
    /// A count with a digit too many.
    FatFinger,
    /// A little more each day over one to two weeks.
    SlowRamp,
    /// The wrong instance type from Terraform.
    WrongType,
    /// A GPU left on over the weekend.
    WeekendGpu,
    /// Provisioned concurrency far too high.
    ProvisionedConcurrency,
    /// A CI job that launches again and again.
    CiLoop,
    /// A scaling group that runs away.
    RunawayScaling,
}

/// The seven kinds of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Archetype {
    /// A few developers, business hours, small instances and a database.
    Startup,
    /// Scaling groups that breathe with day and week.
    Scaling,
    /// CI runners all day.
    Ci,
    /// Nightly and month-end batches.
    Batch,
    /// Research on large GPUs.
    Ml,
    /// Terraform by many roles, migrations, new regions.
    Enterprise,
    /// A few events a week.
    Sleepy,
}

impl Kind {
    /// All ten.
    pub const ALL: [Self; 10] = [
        Self::LeakedKey,
        Self::StealthFleet,
        Self::ForgottenDatabase,
        Self::FatFinger,
        Self::SlowRamp,
        Self::WrongType,
        Self::WeekendGpu,
        Self::ProvisionedConcurrency,
        Self::CiLoop,
        Self::RunawayScaling,
    ];

    /// Its word in reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LeakedKey => "leaked-key",
            Self::StealthFleet => "stealth-fleet",
            Self::ForgottenDatabase => "forgotten-database",
            Self::FatFinger => "fat-finger",
            Self::SlowRamp => "slow-ramp",
            Self::WrongType => "wrong-type",
            Self::WeekendGpu => "weekend-gpu",
            Self::ProvisionedConcurrency => "provisioned-concurrency",
            Self::CiLoop => "ci-loop",
            Self::RunawayScaling => "runaway-scaling",
        }
    }
}

impl Archetype {
    /// All seven, in the order in which accounts take turns.
    pub const ALL: [Self; 7] = [
        Self::Startup,
        Self::Scaling,
        Self::Ci,
        Self::Batch,
        Self::Ml,
        Self::Enterprise,
        Self::Sleepy,
    ];

    /// Its word in reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Startup => "startup",
            Self::Scaling => "scaling",
            Self::Ci => "ci",
            Self::Batch => "batch",
            Self::Ml => "ml",
            Self::Enterprise => "enterprise",
            Self::Sleepy => "sleepy",
        }
    }
}
