//! Alert or not, how loudly, and why: the order of decision.
//!
//! 1 safety net, 2 score, 3 expectations, 4 sensitivity, 5 governance. Folding, the sixth, stands
//! with the anomaly.

use crate::channels::Score;
use crate::cost_event::CostEvent;
use crate::expectation::{self, Burst, Expectation, Fit};
use crate::fixed::Millionths;
use crate::governance::called;
use crate::money::Usd;
use crate::policy::{Mode, Policy};
use crate::words;

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
    /// What the actor started within about an hour, the event included.
    pub burst: Burst,
    /// Whether an absolute limit called for it, whatever the score says.
    pub by_safety_net: bool,
    /// Each step that had a say, in words.
    pub reasons: Vec<String>,
}

impl Decision {
    /// Whether people are to be told.
    pub const fn is_sent(&self) -> bool {
        matches!(self.verdict, Verdict::Alert { delivery: Delivery::Send, .. })
    }

    /// The channel that called for an alert; `None` where the safety net would have done so anyway.
    pub(crate) fn channel<'a>(&self, score: &'a Score) -> Option<&'a str> {
        let by_score = matches!(self.verdict, Verdict::Alert { basis: Basis::Score, .. });
        let decisive = score.decisive().filter(|_| by_score && !self.by_safety_net)?;
        Some(&decisive.name)
    }

    /// The same alert, not sent: its channel alerts too much.
    #[must_use]
    pub(crate) fn held_by_breaker(mut self, channel: &str) -> Self {
        if let Verdict::Alert { delivery, .. } = &mut self.verdict {
            *delivery = Delivery::HeldByBreaker;
            self.reasons.push(format!(
                "held back: {channel} alerts more than three times as often as usual here"
            ));
        }
        self
    }
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
    /// Stored only: its channel alerts far more than it usually does, until somebody has looked.
    HeldByBreaker,
    /// Stored only: somebody looked at what the breaker held back, and let it lie.
    Discarded,
    /// Stored only: it lies in the past that an account was warmed with.
    Rehearsed,
}

impl Delivery {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Send,
        Self::HeldByStrictMode,
        Self::HeldByPanicMode,
        Self::HeldByBreaker,
        Self::Discarded,
        Self::Rehearsed,
    ];

    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::HeldByStrictMode => "held_by_strict_mode",
            Self::HeldByPanicMode => "held_by_panic_mode",
            Self::HeldByBreaker => "held_by_breaker",
            Self::Discarded => "discarded",
            Self::Rehearsed => "rehearsed",
        }
    }

    /// The delivery with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delivery| delivery.code() == code)
    }
}

/// What is known about the account when an event is decided.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Fewer than 14 days or 20 events.
    pub cold_start: bool,
    /// What the actor started within about an hour, the event included.
    pub burst: Burst,
    /// The sensitivity that holds for the event.
    pub sensitivity: crate::baseline::Sensitivity,
    /// What was said to be expected.
    pub expectations: &'a [Expectation],
}

/// Decides about an event, given its score.
pub fn decide(event: &CostEvent, score: &Score, context: Context<'_>, policy: &Policy) -> Decision {
    let threshold = policy.thresholds.of(context.sensitivity);
    let mut steps = Steps {
        event,
        burst: context.burst,
        score: score.total,
        threshold,
        policy,
        by_safety_net: false,
        reasons: Vec::new(),
    };
    let verdict = steps.verdict(context);
    let partly_expected = steps.score != score.total;
    let Steps { score, by_safety_net, reasons, .. } = steps;
    let burst = context.burst;
    Decision { verdict, score, threshold, partly_expected, burst, by_safety_net, reasons }
}

struct Steps<'a> {
    event: &'a CostEvent,
    burst: Burst,
    score: Millionths,
    threshold: Millionths,
    policy: &'a Policy,
    by_safety_net: bool,
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
        self.by_safety_net = true;
        self.reasons.push(format!(
            "{}/h is above {}/h{why}",
            self.event.hourly_change.display(),
            limit.display()
        ));
        Some(severity)
    }

    fn unusual(&mut self) -> Option<Severity> {
        if self.score < self.threshold || self.burst.hourly < self.policy.min_hourly {
            return None;
        }
        self.reasons.push(format!(
            "such a thing comes by chance once in {} account-weeks; from {} on it alerts",
            in_weeks(self.score),
            in_weeks(self.threshold)
        ));
        Some(Severity::of_rate(self.burst.hourly, self.policy).unwrap_or(Severity::Info))
    }

    fn expected(&mut self, expectations: &[Expectation]) -> bool {
        let Some((expectation, fit)) = expectation::best(expectations, self.event, self.burst)
        else {
            return false;
        };
        let by = called(&expectation.by);
        if fit == Fit::Covers {
            self.reasons.push(format!("expected ({}, said by {by})", expectation.id));
            return true;
        }
        self.score = self.score * Policy::PARTLY_EXPECTED;
        let limit = match expectation.max_count {
            Some(most) if self.burst.hourly <= expectation.max_hourly => {
                format!("{} within an hour are more than the {most}", self.burst.count)
            }
            _ => format!(
                "{}/h within an hour is more than the {}/h",
                self.burst.hourly.display(),
                expectation.max_hourly.display()
            ),
        };
        let id = &expectation.id;
        self.reasons.push(format!("expected by {by} ({id}), but {limit} that was said"));
        false
    }

    fn silence(&self) -> Silence {
        let cheap = self.burst.hourly < self.policy.min_hourly;
        if cheap { Silence::Cheap } else { Silence::Usual }
    }

    fn delivery(&mut self, basis: Basis) -> Delivery {
        let strict = self.policy.mode == Mode::Strict && basis == Basis::Score;
        let (delivery, what) = if self.policy.panic {
            (Delivery::HeldByPanicMode, "panic mode")
        } else if self.policy.customer_strict {
            (Delivery::HeldByStrictMode, "strict mode")
        } else if self.policy.rehearses(self.event.time) {
            // Also in the strict mode that every account begins in: that is about what is to come.
            self.reasons.push("not sent: it is of a time that only teaches".to_owned());
            return Delivery::Rehearsed;
        } else if strict {
            (Delivery::HeldByStrictMode, "strict mode")
        } else {
            return Delivery::Send;
        };
        self.reasons.push(format!("alert for account {} held back by {what}", self.event.account));
        delivery
    }
}

/// Account-weeks as people say them: `0.8`, `12`, `more than 10,000`.
fn in_weeks(score: Millionths) -> String {
    match score.0 {
        10_000_000_000.. => "more than 10,000".to_owned(),
        10_000_000.. => words::count(u64::try_from(score.0 / 1_000_000).unwrap_or_default()),
        _ => format!("{score:.1}"),
    }
}
