//! Alert or not, how loudly, and why: the order of decision.
//!
//! 1 safety net, 2 score, 3 expectations, 4 sensitivity, 5 governance. Folding, the sixth, stands
//! with the anomaly.

use crate::channels::Score;
use crate::cost_event::CostEvent;
use crate::expectation::{self, Expectation, Fit};
use crate::fixed::Millionths;
use crate::money::Usd;
use crate::policy::{Mode, Policy};

/// What was decided about one event, with all that it was decided by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The outcome.
    pub verdict: Verdict,
    /// The score after expectations.
    pub score: Millionths,
    /// The score from which it alerts.
    pub threshold: Millionths,
    /// Whether an expectation took something off the score.
    pub partly_expected: bool,
    /// Each step that had a say, in words.
    pub reasons: Vec<String>,
}

/// The outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// No alert.
    Silent(Silence),
    /// An anomaly.
    Alert {
        /// How loudly.
        severity: Severity,
        /// Whether the absolute limits or the score called for it.
        basis: Basis,
        /// Whether it is sent.
        delivery: Delivery,
    },
}

/// Why there is no alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Silence {
    /// It costs nothing more than before.
    NoIncrease,
    /// Too cheap to disturb anybody.
    Cheap,
    /// Not unusual enough.
    Usual,
    /// Covered by an expectation.
    Expected,
    /// Older than our watch: nobody knows what it costs.
    OlderThanWatch,
}

impl Silence {
    /// Stable code in summaries.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoIncrease => "no_increase",
            Self::Cheap => "cheap",
            Self::Usual => "usual",
            Self::Expected => "expected",
            Self::OlderThanWatch => "older_than_watch",
        }
    }
}

/// How loudly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a look today.
    Warning,
    /// Worth waking somebody.
    Critical,
}

impl Severity {
    /// All, from quiet to loud.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Critical];

    /// Word in the table and in JSON output.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// The severity with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.code() == code)
    }

    /// The severity of a rate by the absolute limits; `None` up to the lowest.
    pub fn of_rate(hourly: Usd, policy: &Policy) -> Option<Self> {
        let net = &policy.safety_net;
        match hourly {
            rate if rate > net.critical => Some(Self::Critical),
            rate if rate > net.warning => Some(Self::Warning),
            rate if rate > net.info => Some(Self::Info),
            _ => None,
        }
    }
}

/// What called for an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// An absolute limit.
    SafetyNet,
    /// The score.
    Score,
}

impl Basis {
    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SafetyNet => "safety_net",
            Self::Score => "score",
        }
    }

    /// The basis with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::SafetyNet, Self::Score].into_iter().find(|basis| basis.code() == code)
    }
}

/// Whether an alert is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// Yes.
    Send,
    /// Stored only: the account is still in strict mode.
    HeldByStrictMode,
    /// Stored only: panic mode is on.
    HeldByPanicMode,
}

impl Delivery {
    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::HeldByStrictMode => "held_by_strict_mode",
            Self::HeldByPanicMode => "held_by_panic_mode",
        }
    }

    /// The delivery with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [Self::Send, Self::HeldByStrictMode, Self::HeldByPanicMode];
        all.into_iter().find(|delivery| delivery.code() == code)
    }
}

/// What is known about the account when an event is decided.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Fewer than 14 days or 20 events.
    pub cold_start: bool,
    /// The sensitivity that holds for the event.
    pub sensitivity: crate::baseline::Sensitivity,
    /// What was said to be expected.
    pub expectations: &'a [Expectation],
}

/// Decides about an event, given its score.
pub fn decide(event: &CostEvent, score: &Score, context: Context<'_>, policy: &Policy) -> Decision {
    let threshold = policy.thresholds.of(context.sensitivity);
    let mut steps = Steps { event, score: score.total, threshold, policy, reasons: Vec::new() };
    let verdict = steps.verdict(context);
    let partly_expected = steps.score != score.total;
    Decision { verdict, score: steps.score, threshold, partly_expected, reasons: steps.reasons }
}

struct Steps<'a> {
    event: &'a CostEvent,
    score: Millionths,
    threshold: Millionths,
    policy: &'a Policy,
    reasons: Vec<String>,
}

impl Steps<'_> {
    fn verdict(&mut self, context: Context<'_>) -> Verdict {
        if !self.event.costs_more() {
            return Verdict::Silent(Silence::NoIncrease);
        }
        if self.event.estimate.older_than_watch() {
            return Verdict::Silent(Silence::OlderThanWatch);
        }
        if self.expected(context.expectations) {
            return Verdict::Silent(Silence::Expected);
        }
        let net = self.safety_net(context.cold_start);
        let unusual = self.unusual();
        let (severity, basis) = match (net, unusual) {
            (Some(net), Some(unusual)) => (net.max(unusual), Basis::Score),
            (Some(net), None) => (net, Basis::SafetyNet),
            (None, Some(unusual)) => (unusual, Basis::Score),
            (None, None) => return Verdict::Silent(self.silence()),
        };
        // An alert that both call for is sent if either may be.
        let delivery = self.delivery(if net.is_some() { Basis::SafetyNet } else { basis });
        Verdict::Alert { severity, basis, delivery }
    }

    /// Accounts with a past of their own are judged by it, except at the top of the net.
    fn safety_net(&mut self, cold_start: bool) -> Option<Severity> {
        let severity = Severity::of_rate(self.event.hourly_change, self.policy)?;
        if !cold_start && severity < Severity::Critical {
            return None;
        }
        let net = &self.policy.safety_net;
        let limit = match severity {
            Severity::Info => net.info,
            Severity::Warning => net.warning,
            Severity::Critical => net.critical,
        };
        let why = if cold_start { ", the limit while this account has little history" } else { "" };
        self.reasons.push(format!(
            "{}/h is above {}/h{why}",
            self.event.hourly_change.display(),
            limit.display()
        ));
        Some(severity)
    }

    fn unusual(&mut self) -> Option<Severity> {
        if self.score < self.threshold || self.event.hourly_change < self.policy.min_hourly {
            return None;
        }
        self.reasons.push(format!("score {:.2} reaches {:.2}", self.score, self.threshold));
        Some(Severity::of_rate(self.event.hourly_change, self.policy).unwrap_or(Severity::Info))
    }

    fn expected(&mut self, expectations: &[Expectation]) -> bool {
        let Some((expectation, fit)) = expectation::best(expectations, self.event) else {
            return false;
        };
        let by = &expectation.by;
        if fit == Fit::Covers {
            self.reasons.push(format!("expected ({}, said by {by})", expectation.id));
            return true;
        }
        self.score = self.score * Policy::PARTLY_EXPECTED;
        let limit = match expectation.max_count {
            Some(most) if self.event.hourly_change <= expectation.max_hourly => {
                format!("more than the {most}")
            }
            _ => format!("larger than the {}/h", expectation.max_hourly.display()),
        };
        let id = &expectation.id;
        self.reasons.push(format!("expected by {by} ({id}), but {limit} that was said"));
        false
    }

    fn silence(&self) -> Silence {
        let cheap = self.event.hourly_change < self.policy.min_hourly;
        if cheap { Silence::Cheap } else { Silence::Usual }
    }

    fn delivery(&mut self, basis: Basis) -> Delivery {
        let strict = self.policy.mode == Mode::Strict && basis == Basis::Score;
        let (delivery, what) = if self.policy.panic {
            (Delivery::HeldByPanicMode, "panic mode")
        } else if strict || self.policy.customer_strict {
            (Delivery::HeldByStrictMode, "strict mode")
        } else {
            return Delivery::Send;
        };
        self.reasons.push(format!("alert for account {} held back by {what}", self.event.account));
        delivery
    }
}
