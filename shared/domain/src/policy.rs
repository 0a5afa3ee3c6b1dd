//! What an operator or customer may set: governance, the safety net, thresholds.

use crate::baseline::Sensitivity;
use crate::fixed::Millionths;
use crate::money::Usd;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Everything that a decision depends on besides the event and its account's past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Whether statistical alerts are sent.
    pub mode: Mode,
    /// Set by the customer himself: then the safety net is held back too.
    pub customer_strict: bool,
    /// Score and store, send nothing.
    pub panic: bool,
    /// Rates at which an event alerts whatever its past.
    pub safety_net: SafetyNet,
    /// For baselines without a sensitivity of their own.
    pub sensitivity: Sensitivity,
    /// Cheaper events never alert by their score.
    pub min_hourly: Usd,
    /// Scores from which an event alerts.
    pub thresholds: Thresholds,
    /// Names of channels that do not count: their flag is off.
    pub channels_off: BTreeSet<String>,
    /// What happened before this moment is rehearsed: scored and stored as ever, and nobody is told.
    /// So an account is warmed with its past.
    pub rehearsed_before: Option<Timestamp>,
}

/// Scores from which an event alerts, in account-weeks, by the sensitivity that holds for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Only what is far out.
    pub low: Millionths,
    /// The default.
    pub medium: Millionths,
    /// Already what is somewhat unusual.
    pub high: Millionths,
}

impl Thresholds {
    /// The ones that are in force.
    pub const V1: Self = Self {
        low: Millionths::hundredths(1_600),
        medium: Millionths::hundredths(600),
        high: Millionths::hundredths(200),
    };
    /// The next ones, tried on a part of the accounts: half as many alerts.
    pub const V2: Self = Self {
        low: Millionths::hundredths(3_200),
        medium: Millionths::hundredths(1_200),
        high: Millionths::hundredths(400),
    };

    /// The one of a sensitivity.
    pub const fn of(&self, sensitivity: Sensitivity) -> Millionths {
        match sensitivity {
            Sensitivity::Low => self.low,
            Sensitivity::Medium => self.medium,
            Sensitivity::High => self.high,
        }
    }
}

/// How much an account has been promoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Log only.
    Strict,
    /// Alert.
    Audit,
}

impl Mode {
    /// Word in policies.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Audit => "audit",
        }
    }

    /// The mode with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Strict, Self::Audit].into_iter().find(|mode| mode.code() == code)
    }
}

/// What is set for one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Governance {
    /// Whether statistical alerts are sent.
    pub mode: Mode,
    /// Set by the customer himself: then the safety net is held back too.
    pub customer_strict: bool,
}

impl Default for Governance {
    /// Log only: how each account begins.
    fn default() -> Self {
        Self { mode: Mode::Strict, customer_strict: false }
    }
}

/// Absolute limits in US dollars an hour; an event above one alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SafetyNet {
    /// Worth knowing.
    pub info: Usd,
    /// Worth a look today.
    pub warning: Usd,
    /// Worth waking somebody.
    pub critical: Usd,
}

impl Default for Policy {
    /// Audit mode, the safety net of $0.50, $5 and $25 an hour, medium sensitivity, and no learned
    /// channel: it is tried by its flag first.
    fn default() -> Self {
        Self {
            mode: Mode::Audit,
            customer_strict: false,
            panic: false,
            safety_net: SafetyNet {
                info: Usd::from_cents(50),
                warning: Usd::from_cents(500),
                critical: Usd::from_cents(2_500),
            },
            sensitivity: Sensitivity::Medium,
            min_hourly: Usd::from_cents(50),
            thresholds: Thresholds::V1,
            channels_off: BTreeSet::from(["learned".to_owned()]),
            rehearsed_before: None,
        }
    }
}

impl Policy {
    /// What is left of the score of an event that an expectation covers but for its size.
    pub const PARTLY_EXPECTED: Millionths = Millionths::hundredths(50);

    /// The policy under an account's own governance.
    #[must_use]
    pub fn under(&self, governance: Governance) -> Self {
        let Governance { mode, customer_strict } = governance;
        Self { mode, customer_strict, ..self.clone() }
    }

    /// Whether what happens at a moment only teaches.
    pub fn rehearses(&self, at: Timestamp) -> bool {
        self.rehearsed_before.is_some_and(|before| at < before)
    }
}
