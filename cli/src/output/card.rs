//! An alert as a card on a terminal.

use super::words;
use anstyle::{AnsiColor, Color, Style};
use domain::anomaly::{Anomaly, Fold};
use domain::card::{Card, Folded, Note, Resolved, answer_text, snooze_text};
use domain::decision::Severity;
use domain::watch::WatchEvent;
use pipeline::notify::Notice;
use std::fmt::Write;

/// Columns of a card.
const WIDTH: usize = 96;
/// Columns of the names of fields.
const LABEL: usize = 9;

/// A notice as text with colours.
pub(crate) fn render(notice: &Notice) -> String {
    match notice {
        Notice::Alert { anomaly, fold: Fold::New, event, .. } => {
            new(&Card::new(anomaly, event, event.time))
        }
        Notice::Alert { anomaly, fold: Fold::Folded { escalated }, event, alerts } => {
            folded(&Folded::new(anomaly, event, (*alerts, *escalated)))
        }
        Notice::Answered { anomaly, answered } => said(&answer_text(answered), anomaly),
        Notice::Snoozed { anomaly, snooze } => {
            said(&format!("Snoozed. {}", snooze_text(snooze)), anomaly)
        }
        Notice::Awake { anomaly, .. } => said("The snooze is over and it still runs", anomaly),
        Notice::Resolved { anomaly, .. } => {
            Resolved::new(anomaly).as_ref().map(resolved).unwrap_or_default()
        }
    }
}

/// A call that may have blinded the watch.
pub(crate) fn warning(event: &WatchEvent) -> String {
    let style = style(Severity::Critical);
    format!("\n{style}! {}{style:#}\n  {}\n\n", event.sentence(), event.what_to_do())
}

fn said(line: &str, anomaly: &Anomaly) -> String {
    let style = style(anomaly.severity);
    format!("  {style}└{style:#} {line} (anomaly {})\n", anomaly.id)
}

/// A day, in a few lines.
pub(crate) fn digest(digest: &Note) -> String {
    let mut text = format!("\n{}\n", words::clean(&digest.title));
    for line in &digest.lines {
        let _ = writeln!(text, "  {}", words::clean(&line.text));
    }
    text
}

fn new(card: &Card) -> String {
    let mut frame = Frame::new(card.severity);
    frame.head(&card.title());
    frame.field("Who", &card.who);
    frame.field("Where", &format!("{} in account {}", card.region, card.account));
    frame.field("When", &card.started());
    for (nth, line) in card.cost_lines().iter().enumerate() {
        frame.field(if nth == 0 { "Cost" } else { "" }, line);
    }
    for (nth, reason) in card.why.iter().enumerate() {
        frame.field(if nth == 0 { "Why" } else { "" }, reason);
    }
    for (nth, step) in card.stop.iter().enumerate() {
        frame.field(if nth == 0 { "Stop it" } else { "" }, &format!("# {}", step.remark));
        for command in &step.commands {
            frame.command(command);
        }
    }
    frame.foot(&format!("anomaly {}", card.anomaly));
    frame.text
}

fn folded(folded: &Folded) -> String {
    let style = style(folded.severity);
    format!("  {style}└{style:#} {}  {}\n", words::time(folded.at), folded.text())
}

fn resolved(end: &Resolved) -> String {
    let style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Green))).bold();
    format!("  {style}✓ resolved{style:#} {} (anomaly {})\n\n", end.text(), end.anomaly)
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
struct Frame {
    text: String,
    severity: Severity,
    style: Style,
}

impl Frame {
    fn new(severity: Severity) -> Self {
        Self { text: String::new(), severity, style: style(severity) }
    }

    fn head(&mut self, title: &str) {
        let style = self.style;
        let word = self.severity.code().to_uppercase();
        let _ = writeln!(self.text, "\n{style}┌─ {word}  {title}{style:#}");
    }

    fn field(&mut self, label: &str, value: &str) {
        let style = self.style;
        // Dates and names are not parted at their hyphens.
        let options = textwrap::Options::new(WIDTH - LABEL - 3)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let lines = textwrap::wrap(value, options);
        for (nth, line) in lines.iter().enumerate() {
            let label = if nth == 0 { label } else { "" };
            let _ = writeln!(self.text, "{style}│{style:#} {label:<LABEL$}{line}");
        }
    }

    /// A command stays on one line, so that it can be copied.
    fn command(&mut self, command: &str) {
        let style = self.style;
        let _ = writeln!(self.text, "{style}│{style:#} {:<LABEL$}{command}", "");
    }

    fn foot(&mut self, text: &str) {
        let style = self.style;
        let _ = writeln!(self.text, "{style}└─{style:#} {text}");
    }
}
