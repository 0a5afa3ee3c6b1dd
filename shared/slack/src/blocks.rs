//! Cards as messages of Block Kit, within Slack's limits: a longer text is cut, never refused.
//!
//! Names from outside can neither call anybody nor format, link or leave a code block.

use crate::draft::Draft;
use crate::kit::{Block, Element, Style};
use domain::answer::Answer;
use domain::card::{Card, Folded, Note, Resolved};
use domain::decision::Severity;
use domain::watch::WatchEvent;
use domain::words;
use pipeline::chat::{Button, about};
use serde::Serialize;

/// Prefix of the names of our actions.
pub(crate) const ACTION: &str = "anomaly:";

/// One message: blocks, and the text that notifications and screen readers take instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    text: String,
    blocks: Vec<Block>,
}

impl Message {
    pub(crate) const fn of(text: String, blocks: Vec<Block>) -> Self {
        Self { text, blocks }
    }

    /// The card of an anomaly, as the anomaly stands: open, answered, snoozed or over.
    pub fn alert(card: &Card) -> Self {
        let mut draft = Draft::default();
        draft.header(&head(card));
        if let Some(end) = &card.end {
            draft.list("*Resolved* ", "", &[end.text()]);
        }
        draft.list("*Answer* ", "", &card.answer_text().into_iter().collect::<Vec<_>>());
        draft.list("*Snoozed* ", "", &card.snooze_text().into_iter().collect::<Vec<_>>());
        facts(&mut draft, card);
        // What has ended needs no stopping.
        let stop = if card.end.is_some() { &[][..] } else { &card.stop };
        for (nth, step) in stop.iter().enumerate() {
            draft.step(if nth == 0 { "*Stop it*\n" } else { "" }, step);
        }
        draft.buttons("answers", buttons(card));
        draft.message(&text(card), &anomaly(&card.anomaly))
    }

    /// Further alerts of an anomaly: the answer in the thread of its card.
    pub fn folded(folded: &Folded) -> Self {
        let sign = if folded.escalated { sign(folded.severity) } else { "➕" };
        let mut draft = Draft::default();
        let line = format!("{}  {}", words::time(folded.at), folded.text());
        draft.list(&format!("{sign} "), "", &[line]);
        let word = folded.severity.code().to_uppercase();
        let text = format!("{word}: {} (anomaly {})", folded.text(), folded.anomaly);
        draft.message(&text, &anomaly(&folded.anomaly))
    }

    /// The end of an anomaly, in its thread or on its own.
    pub fn resolved(end: &Resolved) -> Self {
        let mut draft = Draft::default();
        draft.list("✅ *Resolved* ", "", &[end.text()]);
        draft.message(&resolved_text(end), &anomaly(&end.anomaly))
    }

    /// Something that people did about an anomaly, or that time did: a line in its thread.
    pub fn said(sign: &str, line: &str, of: &str) -> Self {
        let mut draft = Draft::default();
        draft.list(&format!("{sign} "), "", &[line.to_owned()]);
        draft.message(&format!("{line} (anomaly {of})"), &anomaly(of))
    }

    /// The watch may have been blinded, or the account is committed.
    pub fn warning(event: &WatchEvent) -> Self {
        let sentence = event.sentence();
        let mut draft = Draft::default();
        let what = event.commits_to.as_ref().map_or(&event.event_name, |what| what);
        draft.header(&format!("🔴 {what} in account {}", event.account));
        draft.list("", "", &[sentence.clone(), event.what_to_do().to_owned()]);
        draft.message(&sentence, "")
    }

    /// A few lines: a day, a list, an answer to a question. A note without lines is one line.
    pub fn note(note: &Note) -> Self {
        let mut draft = Draft::default();
        let title = if note.title.is_empty() { "dd0c/cost" } else { &note.title };
        if note.lines.is_empty() {
            draft.list("", "", &[title.to_owned()]);
        } else {
            draft.header(title);
            draft.notes("", "• ", &note.lines);
        }
        draft.message(title, "")
    }

    /// What notifications show.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// All of a card between its head and what to do.
fn facts(draft: &mut Draft, card: &Card) {
    draft.fields(&[
        ("Account", card.account.to_string()),
        ("Resource", card.what.clone()),
        ("Region", card.region.to_string()),
        ("Actor", card.who.clone()),
        ("Started", card.started()),
        ("Told", told(card).unwrap_or_default()),
    ]);
    draft.list("*Cost*\n", "", &card.cost_lines());
    draft.list("*Why this alert*\n", "• ", &card.why);
}

/// `🔴 CRITICAL  $114.18/h  4 × p4d.24xlarge`; how it stands comes before how loud it was.
fn head(card: &Card) -> String {
    let word = card.severity.code().to_uppercase();
    let title = card.title();
    let answer = card.answered.as_ref().map(|answered| answered.answer);
    match (&card.end, answer, &card.snoozed) {
        (Some(_), ..) => format!("✅ RESOLVED  {title}"),
        (_, Some(Answer::Expected), _) => format!("👍 EXPECTED  {title}"),
        (.., Some(_)) => format!("💤 SNOOZED  {title}"),
        (_, Some(Answer::NotExpected), _) => {
            format!("{} {word}, NOT EXPECTED  {title}", sign(card.severity))
        }
        _ => format!("{} {word}  {title}", sign(card.severity)),
    }
}

fn text(card: &Card) -> String {
    let of = &card.anomaly;
    if let Some(end) = &card.end {
        return resolved_text(end);
    }
    let word = card.severity.code().to_uppercase();
    format!("{word}: {} (anomaly {of})", card.sentence)
}

/// What can be said of it as it stands: an answer can be changed, what has ended cannot be snoozed.
fn buttons(card: &Card) -> Vec<Element> {
    let answer = card.answered.as_ref().map(|answered| answered.answer);
    let fits = |button: &Button| match button {
        Button::Expected => answer != Some(Answer::Expected),
        Button::NotExpected => answer != Some(Answer::NotExpected),
        Button::SnoozeHour | Button::SnoozeDay => {
            card.end.is_none() && card.snoozed.is_none() && answer != Some(Answer::Expected)
        }
        Button::Details => true,
    };
    let value = about(&card.account, &card.anomaly);
    let shown = Button::ALL.into_iter().filter(fits);
    shown
        .map(|button| {
            let (label, style) = label(button, answer);
            Element::button(&format!("{ACTION}{}", button.code()), label, &value, style)
        })
        .collect()
}

const fn label(button: Button, answer: Option<Answer>) -> (&'static str, Option<Style>) {
    match button {
        Button::Expected if answer.is_none() => ("Expected", Some(Style::Primary)),
        Button::Expected => ("Expected", None),
        Button::NotExpected if answer.is_none() => ("Not expected", Some(Style::Danger)),
        Button::NotExpected => ("Not expected", None),
        Button::SnoozeHour => ("Snooze 1 h", None),
        Button::SnoozeDay => ("Snooze 24 h", None),
        Button::Details => ("Details", None),
    }
}

pub(crate) const fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "🔵",
        Severity::Warning => "🟠",
        Severity::Critical => "🔴",
    }
}

fn anomaly(id: &str) -> String {
    format!("anomaly {id}")
}

fn resolved_text(end: &Resolved) -> String {
    format!("RESOLVED {} (anomaly {})", end.text(), end.anomaly)
}

/// `38 s after it happened`; nothing where clocks disagree.
fn told(card: &Card) -> Option<String> {
    let after = card.told_after?;
    let shown = match after.as_secs() {
        ..0 => return None,
        seconds @ 0..120 => format!("{seconds} s"),
        _ => words::duration(card.at, card.at.checked_add(after).ok()?),
    };
    Some(format!("{shown} after it happened"))
}
