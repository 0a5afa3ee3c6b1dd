//! An alert as a card on a terminal.

use super::words;
use anstyle::{AnsiColor, Color, Style};
use domain::anomaly::{Anomaly, Fold, Member, Status};
use domain::assessment::{midnight, month_end};
use domain::cost_event::CostEvent;
use domain::decision::Severity;
use domain::fixed::Millionths;
use domain::how_to_stop::how_to_stop;
use domain::price::{BoundKind, Estimate, Unit};
use pipeline::notify::Notice;
use rust_decimal::Decimal;
use std::fmt::Write;

/// Columns of a card.
const WIDTH: usize = 96;
/// Columns of the names of fields.
const LABEL: usize = 9;

/// A notice as text with colours.
pub(crate) fn render(notice: &Notice) -> String {
    match notice {
        Notice::Alert { anomaly, fold: Fold::New, event } => new(anomaly, event),
        Notice::Alert { anomaly, fold: Fold::Folded { escalated }, event } => {
            folded(anomaly, event, *escalated)
        }
        Notice::Resolved { anomaly, .. } => resolved(anomaly),
    }
}

fn new(anomaly: &Anomaly, event: &CostEvent) -> String {
    let mut card = Card::default();
    card.head(anomaly, &format!("{}/h  {}", event.hourly_change.display(), words::what(event)));
    card.field("Who", &who(event));
    card.field("Where", &format!("{} in account {}", event.region, event.account));
    card.field("When", &format!("{}, {} {}", words::time(event.time), event.service, event.name));
    card.field("Cost", &cost(event));
    for line in arithmetic(event) {
        card.field("", &line);
    }
    let member = anomaly.members.iter().find(|member| member.id == event.id);
    for (nth, reason) in member.map(reasons).unwrap_or_default().iter().enumerate() {
        card.field(if nth == 0 { "Why" } else { "" }, reason);
    }
    for (nth, suggestion) in how_to_stop(event).iter().enumerate() {
        card.field(if nth == 0 { "Stop it" } else { "" }, &format!("# {}", suggestion.remark));
        for command in suggestion.command.lines() {
            card.command(command);
        }
    }
    card.foot(&format!("anomaly {}", anomaly.id));
    card.text
}

fn folded(anomaly: &Anomaly, event: &CostEvent, escalated: bool) -> String {
    let louder =
        if escalated { format!(", now {}", anomaly.severity.code()) } else { String::new() };
    let mut text = String::new();
    let style = style(anomaly.severity);
    let _ = writeln!(
        text,
        "  {style}└{style:#} {}  {} ({} alerts, {}/h together{louder})",
        words::time(event.time),
        words::sentence(event),
        anomaly.alerts,
        anomaly.open.rate.usd().display(),
    );
    text
}

fn resolved(anomaly: &Anomaly) -> String {
    let Status::Resolved { at, by } = &anomaly.status else { return String::new() };
    let style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Green))).bold();
    let mut text = String::new();
    let _ = writeln!(
        text,
        "  {style}✓ resolved{style:#} by {} after {}: spent {}, {} avoided by the month's end \
         (anomaly {})\n",
        words::clean(&words::who(by)),
        words::duration(anomaly.first_at, *at),
        anomaly.spent(*at).display(),
        anomaly.avoided(month_end(*at)).display(),
        anomaly.id,
    );
    text
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

fn cost(event: &CostEvent) -> String {
    let until = |moment| words::cost_between(event.hourly_change, event.time, moment).display();
    let sure = if event.estimate.price_known() { "" } else { "up to " };
    format!(
        "{sure}{}/h; {} by midnight UTC, {} by the month's end",
        event.hourly_change.display(),
        until(midnight(event.time)),
        until(month_end(event.time)),
    )
}

/// Quantity and unit price of one resource, with their source.
fn arithmetic(event: &CostEvent) -> Vec<String> {
    let Estimate { lines, as_used, bound } = &event.estimate;
    let count = event.count();
    let mut text: Vec<String> = lines
        .iter()
        .map(|line| {
            let price = line.unit_price.normalize();
            let amount = match (line.unit, line.quantity == Decimal::ONE) {
                (Unit::Hour, true) => format!("${price}/h"),
                (unit, _) => format!("{} {} × ${price}", line.quantity.normalize(), unit.code()),
            };
            // The table's own note on its origin is for those who look it up.
            let source = line.source.name.split(" (").next().unwrap_or_default();
            format!("{count} × {amount}  {} ({source}, {})", line.item, line.source.as_of)
        })
        .collect();
    for rate in as_used {
        let (price, unit) = (rate.unit_price.normalize(), rate.unit.code());
        text.push(format!("and by use, not counted: ${price} a {unit}, {}", rate.item));
    }
    if let Some(bound) = bound {
        let most = format!("at most ${}/h each", bound.hourly.normalize());
        text.push(match bound.kind {
            BoundKind::PriceUnknown | BoundKind::OlderThanWatch => {
                format!("price not known: {} ({most})", bound.reason)
            }
            BoundKind::Varies => format!("{} ({most})", bound.reason),
        });
    }
    text
}

/// What called for the alert, then the terms that weighed.
fn reasons(member: &Member) -> Vec<String> {
    let weighty = member.terms.iter().filter(|term| term.points() > Millionths::hundredths(20));
    let terms = weighty.map(|term| format!("{} (+{:.2})", term.text, term.points()));
    member.reasons.iter().cloned().chain(terms).collect()
}

fn style(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Info => AnsiColor::Cyan,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Critical => AnsiColor::Red,
    };
    Style::new().fg_color(Some(Color::Ansi(colour))).bold()
}

/// A card under construction.
#[derive(Default)]
struct Card {
    text: String,
    style: Style,
}

impl Card {
    fn head(&mut self, anomaly: &Anomaly, title: &str) {
        self.style = style(anomaly.severity);
        let style = self.style;
        let word = anomaly.severity.code().to_uppercase();
        let title = words::clean(title);
        let _ = writeln!(self.text, "\n{style}┌─ {word}  {title}{style:#}");
    }

    fn field(&mut self, label: &str, value: &str) {
        let style = self.style;
        let value = words::clean(value);
        // Dates and names are not parted at their hyphens.
        let options = textwrap::Options::new(WIDTH - LABEL - 3)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let lines = textwrap::wrap(&value, options);
        for (nth, line) in lines.iter().enumerate() {
            let label = if nth == 0 { label } else { "" };
            let _ = writeln!(self.text, "{style}│{style:#} {label:<LABEL$}{line}");
        }
    }

    /// A command stays on one line, so that it can be copied.
    fn command(&mut self, command: &str) {
        let style = self.style;
        let _ = writeln!(self.text, "{style}│{style:#} {:<LABEL$}{}", "", words::clean(command));
    }

    fn foot(&mut self, text: &str) {
        let style = self.style;
        let _ = writeln!(self.text, "{style}└─{style:#} {text}");
    }
}
