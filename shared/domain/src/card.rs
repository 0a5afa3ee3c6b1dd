//! What people are told of an anomaly, in parts: a terminal and Slack lay them out, each in its own
//! way, and say the same.
//!
//! Texts are [clean](words::clean): names from outside stand in them.

use crate::anomaly::{Anomaly, Member, Status};
use crate::answer::{Answer, Answered};
use crate::assessment::{midnight, month_end};
use crate::cost_event::CostEvent;
use crate::decision::Severity;
use crate::fixed::Millionths;
use crate::governance::called;
use crate::how_to_stop::{Suggestion, how_to_stop, joined};
use crate::ids::{AccountId, Region};
use crate::money::Usd;
use crate::price::{Bound, BoundKind, Estimate, Line, Unit};
use crate::told::Snooze;
use crate::words;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use std::fmt::Write;

/// An alert: who started what, where, what it costs, why that is unusual, how to stop it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The anomaly's id.
    pub anomaly: String,
    /// How loud the anomaly is now.
    pub severity: Severity,
    /// `4 × p4d.24xlarge`
    pub what: String,
    /// `ana@example.com (role/Engineer), through autoscaling web`
    pub who: String,
    /// Who pays.
    pub account: AccountId,
    /// Where.
    pub region: Region,
    /// When it happened.
    pub at: Timestamp,
    /// `ec2 RunInstances`
    pub call: String,
    /// What it costs.
    pub cost: Cost,
    /// Quantity and unit price of one resource, with their source: a line each.
    pub arithmetic: Vec<String>,
    /// What called for the alert, then the terms that weighed.
    pub why: Vec<String>,
    /// How to stop it, the reversible step first.
    pub stop: Vec<Step>,
    /// All of it in one sentence.
    pub sentence: String,
    /// What its actor started within about an hour, where that is more than the event.
    pub burst: Option<Cost>,
    /// How many that were.
    pub burst_count: u64,
    /// The anomaly as a whole, where further alerts have joined it.
    pub together: Option<Together>,
    /// What somebody said of it.
    pub answered: Option<Answered>,
    /// Until when people want to hear nothing of it.
    pub snoozed: Option<Snooze>,
    /// Its end, once it has ended.
    pub end: Option<Resolved>,
    /// From the event to the message; a terminal that replays the past has none.
    pub told_after: Option<SignedDuration>,
}

impl Card {
    /// The card of one event of an anomaly, as the anomaly is at a moment.
    pub fn new(anomaly: &Anomaly, event: &CostEvent, now: Timestamp) -> Self {
        let member = anomaly.members.iter().find(|member| member.id == event.id);
        let burst = anomaly.burst;
        // The sum of all alerts is exact, what was started within an hour only about so.
        let known = anomaly.open.rate.usd().max(event.hourly_change);
        let more = burst.count > event.count() && burst.hourly > known && !anomaly.is_resolved();
        let snoozed = anomaly.snooze.clone().filter(|snooze| snooze.until > now);
        Self {
            anomaly: anomaly.id.clone(),
            severity: anomaly.severity,
            what: words::clean(&words::what(event)),
            who: words::clean(&who(event)),
            account: event.account.clone(),
            region: event.region.clone(),
            at: event.time,
            call: words::clean(&format!("{} {}", event.service, event.name)),
            cost: Cost::new(event),
            arithmetic: arithmetic(event).iter().map(|line| words::clean(line)).collect(),
            why: member.map(why).unwrap_or_default(),
            stop: stop(anomaly, event),
            sentence: words::sentence(event),
            burst: more.then(|| Cost::of(burst.hourly, event.time, event.estimate.price_known())),
            burst_count: burst.count,
            together: (anomaly.alerts > 1).then(|| Together::new(anomaly)),
            answered: anomaly.answered.clone(),
            snoozed,
            end: Resolved::new(anomaly),
            told_after: None,
        }
    }

    /// Told at this moment.
    #[must_use]
    pub fn told_at(self, now: Timestamp) -> Self {
        Self { told_after: Some(now.duration_since(self.at)), ..self }
    }

    /// `$114.18/h  4 × p4d.24xlarge`; of a burst and of several alerts all that they come to.
    pub fn title(&self) -> String {
        let title = |hourly: Usd, what: &str| format!("{}/h  {what}", hourly.display());
        let running = self.together.filter(|together| together.hourly > Usd::ZERO);
        match (running, self.burst) {
            (Some(together), _) if together.hourly > self.cost.hourly => {
                let more = words::counted(together.alerts - 1, "more alert");
                title(together.hourly, &format!("{} and {more}", self.what))
            }
            (_, Some(burst)) => {
                let count = words::count(self.burst_count);
                let what = format!("about {count} started within an hour, the last {}", self.what);
                title(burst.hourly, &what)
            }
            _ => title(self.cost.hourly, &self.what),
        }
    }

    /// What it costs, a line each: the event with its arithmetic, and all that belongs to it. Of what
    /// has ended nothing is reckoned on.
    pub fn cost_lines(&self) -> Vec<String> {
        let ended = self.end.is_some();
        let of_event = if ended {
            format!("{}/h while it ran", self.cost.hourly.display())
        } else {
            self.cost.text()
        };
        let all = self.together.map(|together| {
            let (alerts, hourly) = (words::count(together.alerts), together.hourly.display());
            let over = format!("{alerts} alerts, at most {hourly}/h at once");
            if ended { over } else { together.cost_text() }
        });
        let lines = std::iter::once(of_event).chain(self.arithmetic.iter().cloned());
        lines.chain(self.burst_text()).chain(all).collect()
    }

    /// `about 61 within an hour: $5.49/h; $98.82 by midnight UTC, …`
    pub fn burst_text(&self) -> Option<String> {
        let text = self.burst?.text();
        Some(format!("about {} within an hour: {text}", words::count(self.burst_count)))
    }

    /// `Expected, says ana (2026-06-01 03:20:00 UTC)`
    pub fn answer_text(&self) -> Option<String> {
        self.answered.as_ref().map(answer_text)
    }

    /// `Until 2026-06-01 04:20:00 UTC, says bo`
    pub fn snooze_text(&self) -> Option<String> {
        self.snoozed.as_ref().map(snooze_text)
    }

    /// `2026-06-01 03:03:00 UTC, ec2 RunInstances`
    pub fn started(&self) -> String {
        format!("{}, {}", words::time(self.at), self.call)
    }
}

/// What an event costs, in US dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// An hour.
    pub hourly: Usd,
    /// Whether that is the price; else it is the most that it can be.
    pub price_known: bool,
    /// From the event to the day's end, UTC.
    pub by_midnight: Usd,
    /// From the event to the month's end, UTC.
    pub by_month_end: Usd,
}

impl Cost {
    fn new(event: &CostEvent) -> Self {
        Self::of(event.hourly_change, event.time, event.estimate.price_known())
    }

    /// This rate from a moment on.
    fn of(hourly: Usd, at: Timestamp, price_known: bool) -> Self {
        let until = |moment| cost_between(hourly, at, moment);
        Self {
            hourly,
            price_known,
            by_midnight: until(midnight(at)),
            by_month_end: until(month_end(at)),
        }
    }

    /// `$4.06/h; $34.53 by midnight UTC, $2,569.72 by the month's end`
    pub fn text(&self) -> String {
        format!(
            "{}{}/h; {} by midnight UTC, {} by the month's end",
            if self.price_known { "" } else { "up to " },
            self.hourly.display(),
            self.by_midnight.display(),
            self.by_month_end.display(),
        )
    }
}

/// One way to stop it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to know before.
    pub remark: String,
    /// Commands of the AWS CLI, for a person to run.
    pub commands: Vec<String>,
}

/// All alerts of an anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Together {
    /// How many.
    pub alerts: u64,
    /// What of it still runs, in US dollars an hour; once it has ended the most that ran at once.
    pub hourly: Usd,
    /// What that comes to from the last alert on.
    pub cost: Cost,
}

impl Together {
    fn new(anomaly: &Anomaly) -> Self {
        let ended = anomaly.is_resolved();
        let hourly = if ended { anomaly.open.peak } else { anomaly.open.rate }.usd();
        let cost = Cost::of(hourly, anomaly.last_at, anomaly.price_known);
        Self { alerts: anomaly.alerts, hourly, cost }
    }

    /// `2 alerts together: $173.18/h; $3,610.80 by midnight UTC, …`
    pub fn cost_text(&self) -> String {
        format!("{} alerts together: {}", words::count(self.alerts), self.cost.text())
    }

    /// `2 alerts, $173.18/h together`
    pub fn text(&self) -> String {
        format!("{} alerts, {}/h together", self.alerts, self.hourly.display())
    }
}

/// A further alert that joined an anomaly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// The anomaly's id.
    pub anomaly: String,
    /// How loud the anomaly is now.
    pub severity: Severity,
    /// Whether it was quieter before.
    pub escalated: bool,
    /// When it happened.
    pub at: Timestamp,
    /// Who started what, where, at what cost; of several alerts the last.
    pub sentence: String,
    /// How many alerts.
    pub alerts: u64,
    /// The anomaly as a whole.
    pub together: Together,
}

impl Folded {
    /// What so many alerts added to the anomaly, this event the last of them.
    pub fn new(anomaly: &Anomaly, event: &CostEvent, (alerts, escalated): (u64, bool)) -> Self {
        Self {
            anomaly: anomaly.id.clone(),
            severity: anomaly.severity,
            escalated,
            alerts,
            at: event.time,
            sentence: words::sentence(event),
            together: Together::new(anomaly),
        }
    }

    /// `… started 8 × g5.12xlarge in eu-west-1: $59.00/h (2 alerts, $173.18/h together)`
    pub fn text(&self) -> String {
        let louder =
            if self.escalated { format!(", now {}", self.severity.code()) } else { String::new() };
        let all = self.together.text();
        match self.alerts {
            ..2 => format!("{} ({all}{louder})", self.sentence),
            more => format!("{more} further alerts, the last: {} ({all}{louder})", self.sentence),
        }
    }
}

/// The end of an anomaly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The anomaly's id.
    pub anomaly: String,
    /// When its last resource ended.
    pub at: Timestamp,
    /// `by bo@example.com`, or whose word it is where no call was seen.
    pub ended: String,
    /// `38 min`
    pub after: String,
    /// What it cost, in US dollars.
    pub spent: Usd,
    /// What it would have cost by the month's end.
    pub avoided: Usd,
}

impl Resolved {
    /// The end, if it has ended.
    pub fn new(anomaly: &Anomaly) -> Option<Self> {
        let Status::Resolved { at, by, how } = &anomaly.status else { return None };
        Some(Self {
            anomaly: anomaly.id.clone(),
            at: *at,
            ended: words::clean(&words::ended(by, *how)),
            after: words::duration(anomaly.first_at, *at),
            spent: anomaly.spent(*at),
            avoided: anomaly.avoided(month_end(*at)),
        })
    }

    /// `by bo@example.com after 38 min: spent $106.73, $94,956.14 avoided by the month's end`
    pub fn text(&self) -> String {
        format!(
            "{} after {}: spent {}, {} avoided by the month's end",
            self.ended,
            self.after,
            self.spent.display(),
            self.avoided.display(),
        )
    }
}

/// `Expected, says ana (2026-06-01 03:20:00 UTC)`
pub fn answer_text(answered: &Answered) -> String {
    let answer = match answered.answer {
        Answer::Expected => "Expected",
        Answer::NotExpected => "Not expected",
    };
    let by = called(&answered.by);
    words::clean(&format!("{answer}, says {by} ({})", words::time(answered.at)))
}

/// `Until 2026-06-01 04:20:00 UTC, says bo`
pub fn snooze_text(snooze: &Snooze) -> String {
    words::clean(&format!("Until {}, says {}", words::time(snooze.until), called(&snooze.by)))
}

/// Something said in a few lines: a day, a list, an answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Note {
    /// All of it in one line.
    pub title: String,
    /// What there is to say of it; a quiet day has none.
    pub lines: Vec<NoteLine>,
}

/// A line of a note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoteLine {
    /// What it says.
    pub text: String,
    /// Where there is more.
    pub link: Option<String>,
}

impl Note {
    /// One line.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), lines: Vec::new() }
    }

    /// With further lines.
    #[must_use]
    pub fn with(mut self, lines: impl IntoIterator<Item = impl Into<NoteLine>>) -> Self {
        self.lines.extend(lines.into_iter().map(Into::into));
        self
    }
}

impl From<String> for NoteLine {
    fn from(text: String) -> Self {
        Self { text, link: None }
    }
}

impl From<&str> for NoteLine {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

fn who(event: &CostEvent) -> String {
    let mut who = words::who(&event.actor);
    if let Some(launcher) = &event.launcher {
        let _ = write!(who, ", through {} {}", launcher.service, launcher.name);
    } else if let Some(service) = &event.actor.invoked_by {
        let _ = write!(who, ", called by {service}");
    }
    who
}

/// What a rate comes to between two moments.
fn cost_between(hourly: Usd, from: Timestamp, to: Timestamp) -> Usd {
    let millis = to.as_millisecond().saturating_sub(from.as_millisecond()).max(0);
    hourly * (Decimal::from(millis) / Decimal::from(3_600_000))
}

fn arithmetic(event: &CostEvent) -> Vec<String> {
    let Estimate { lines, as_used, bound } = &event.estimate;
    let mut text: Vec<String> = lines.iter().map(|line| product(event.count(), line)).collect();
    for rate in as_used {
        let (price, unit) = (rate.unit_price.normalize(), rate.unit.code());
        text.push(format!("and by use, not counted: ${price} a {unit}, {}", rate.item));
    }
    text.extend(bound.as_ref().map(not_known));
    text
}

/// `4 × $28.54493/h  p4d.24xlarge Linux on demand (AWS price list, 2026-07)`
fn product(count: u64, line: &Line) -> String {
    let price = line.unit_price.normalize();
    let amount = match (line.unit, line.quantity == Decimal::ONE) {
        (Unit::Hour, true) => format!("${price}/h"),
        (unit, _) => format!("{} {} × ${price}", line.quantity.normalize(), unit.code()),
    };
    // The table's own note on its origin is for those who look it up.
    let source = line.source.name.split(" (").next().unwrap_or_default();
    format!("{count} × {amount}  {} ({source}, {})", line.item, line.source.as_of)
}

fn not_known(bound: &Bound) -> String {
    let most = format!("at most ${}/h each", bound.hourly.normalize());
    match bound.kind {
        BoundKind::PriceUnknown | BoundKind::OlderThanWatch => {
            format!("price not known: {} ({most})", bound.reason)
        }
        BoundKind::Varies => format!("{} ({most})", bound.reason),
    }
}

/// Terms that are shown, the one that decided first.
const MAX_TERMS: usize = 3;

/// The steps of the decision, then what weighed most: terms that say at least half of what alerts.
fn why(member: &Member) -> Vec<String> {
    let half = member.threshold * Millionths::hundredths(50);
    let mut weighty: Vec<_> =
        member.terms.iter().filter(|term| term.points() > Millionths::ZERO.max(half)).collect();
    weighty.sort_by_key(|term| std::cmp::Reverse(term.points()));
    let terms = weighty.into_iter().take(MAX_TERMS).map(|term| term.text.clone());
    member.reasons.iter().cloned().chain(terms).map(|reason| words::clean(&reason)).collect()
}

/// What stops the event's resources; after the first step what stops those of later alerts.
fn stop(anomaly: &Anomaly, event: &CostEvent) -> Vec<Step> {
    let step = |suggestion: Suggestion| Step {
        remark: words::clean(&suggestion.remark),
        commands: suggestion.command.lines().map(words::clean).collect(),
    };
    let mut steps = how_to_stop(event);
    let after_first = steps.len().min(1);
    steps.splice(after_first..after_first, joined(anomaly, &event.id));
    steps.into_iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_times_half_an_hour() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let cost = cost_between(
            Usd::from_cents(1_000),
            at("2026-06-01T00:00:00Z"),
            at("2026-06-01T00:30:00Z"),
        );
        assert_eq!(cost, Usd::from_cents(500));
    }

    #[test]
    fn a_person_of_the_tenant_is_called_by_the_name_alone() {
        let at: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
        let by = "customer ana".to_owned();
        let answered = Answered { answer: Answer::Expected, by: by.clone(), at };
        assert_eq!(answer_text(&answered), "Expected, says ana (2026-06-01 00:00:00 UTC)");
        let snooze = Snooze { until: at, by, at };
        assert_eq!(snooze_text(&snooze), "Until 2026-06-01 00:00:00 UTC, says ana");
    }
}
