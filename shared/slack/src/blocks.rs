//! Cards as messages of Block Kit, within Slack's limits: a longer text is cut, never refused.
//!
//! Names from outside can neither call anybody nor format, link or leave a code block.

use crate::markup::{code, length, literal, plain};
use domain::card::{Card, Digest, Folded, Resolved, Step};
use domain::decision::Severity;
use domain::watch::WatchEvent;
use domain::words;
use serde::Serialize;

/// Blocks of a message.
const MAX_BLOCKS: usize = 50;
/// Characters of a header.
const MAX_HEADER: usize = 150;
/// Characters of a section.
const MAX_SECTION: usize = 3_000;
/// Characters of the text beside the blocks.
const MAX_TEXT: usize = 40_000;
/// Characters of all blocks together. Slack documents no such limit and refuses messages somewhere
/// beyond 11,000 with `msg_blocks_too_long`.
const MAX_ALL: usize = 9_000;
/// Characters of a field, of 2,000 that Slack takes: no honest name is longer.
const MAX_FIELD: usize = 400;
/// Characters that the foot may have, kept free for it.
const MAX_FOOT: usize = 150;
/// A block with less room than that would say nothing.
const LEAST_ROOM: usize = 200;

/// One message: blocks, and the text that notifications and screen readers take instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    text: String,
    blocks: Vec<Block>,
}

impl Message {
    /// An alert.
    pub fn alert(card: &Card) -> Self {
        let word = card.severity.code().to_uppercase();
        let mut draft = Draft::default();
        draft.header(&format!("{} {word}  {}", sign(card.severity), card.title()));
        draft.facts(card);
        for (nth, step) in card.stop.iter().enumerate() {
            draft.step(if nth == 0 { "*Stop it*\n" } else { "" }, step);
        }
        let text = format!("{word}: {} (anomaly {})", card.sentence, card.anomaly);
        draft.message(&text, &anomaly(&card.anomaly))
    }

    /// An alert that is over: the end stands where the alarm stood.
    pub fn alert_resolved(card: &Card, end: &Resolved) -> Self {
        let mut draft = Draft::default();
        draft.header(&format!("✅ RESOLVED  {}", card.title()));
        draft.list("*Resolved* ", "", &[end.text()]);
        draft.facts(card);
        draft.message(&resolved_text(end), &anomaly(&card.anomaly))
    }

    /// A further alert of an anomaly: the answer in the thread of its card.
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

    /// The watch may have been blinded.
    pub fn warning(event: &WatchEvent) -> Self {
        let sentence = event.sentence();
        let mut draft = Draft::default();
        draft.header(&format!("🔴 {} in account {}", event.event_name, event.account));
        draft.list("", "", &[sentence.clone(), event.what_to_do().to_owned()]);
        draft.message(&sentence, "")
    }

    /// A day; a quiet one is one line.
    pub fn digest(digest: &Digest) -> Self {
        let mut draft = Draft::default();
        let title = if digest.title.is_empty() { "dd0c/cost" } else { &digest.title };
        if digest.lines.is_empty() {
            draft.list("", "", &[title.to_owned()]);
        } else {
            draft.header(title);
            draft.list("", "• ", &digest.lines);
        }
        draft.message(title, "")
    }

    /// What notifications show.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A block, as far as they are used here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    Header {
        text: Text,
    },
    Section {
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<Text>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<Text>,
    },
    Context {
        elements: Vec<Text>,
    },
}

/// A text object. `verbatim` keeps Slack from making links and mentions of what looks like them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type")]
enum Text {
    #[serde(rename = "plain_text")]
    Plain { text: String, emoji: bool },
    #[serde(rename = "mrkdwn")]
    Marked { text: String, verbatim: bool },
}

impl Text {
    fn plain(text: &str, limit: usize) -> Self {
        Self::Plain { text: plain(text, limit), emoji: false }
    }

    const fn marked(text: String) -> Self {
        Self::Marked { text, verbatim: true }
    }
}

/// A message under construction.
struct Draft {
    blocks: Vec<Block>,
    /// Characters that are left for its blocks.
    left: usize,
    shortened: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self { blocks: Vec::new(), left: MAX_ALL - MAX_FOOT, shortened: false }
    }
}

impl Draft {
    fn header(&mut self, title: &str) {
        self.left = self.left.saturating_sub(MAX_HEADER);
        self.blocks.push(Block::Header { text: Text::plain(title, MAX_HEADER) });
    }

    /// All of a card between its head and what to do.
    fn facts(&mut self, card: &Card) {
        self.fields(&[
            ("Account", card.account.to_string()),
            ("Resource", card.what.clone()),
            ("Region", card.region.to_string()),
            ("Actor", card.who.clone()),
            ("Started", card.started()),
            ("Told", told(card).unwrap_or_default()),
        ]);
        let together = card.together.map(|together| together.text());
        let cost: Vec<String> = std::iter::once(card.cost.text())
            .chain(card.arithmetic.iter().cloned())
            .chain(together)
            .collect();
        self.list("*Cost*\n", "", &cost);
        self.list("*Why this alert*\n", "• ", &card.why);
    }

    /// Short values with their names, in two columns; an empty one is left out.
    fn fields(&mut self, fields: &[(&str, String)]) {
        let shown = fields.iter().filter(|(_, value)| !value.is_empty());
        let fields: Vec<String> =
            shown.map(|(name, value)| format!("*{name}*\n{}", literal(value, MAX_FIELD))).collect();
        let used: usize = fields.iter().map(|field| length(field)).sum();
        self.left = self.left.saturating_sub(used);
        let fields = fields.into_iter().map(Text::marked).collect();
        self.blocks.push(Block::Section { text: None, fields });
    }

    /// Lines under a heading of ours; those that do not fit are counted.
    fn list(&mut self, heading: &str, bullet: &str, lines: &[String]) {
        let Some(room) = self.room(lines.is_empty()) else { return };
        let mut text = heading.to_owned();
        for (nth, line) in lines.iter().enumerate() {
            let free = room.saturating_sub(length(&text) + length(bullet) + 1);
            if free < 8 {
                text = format!("{text}\n… and {} more", words::count((lines.len() - nth) as u64));
                break;
            }
            let line = if line.is_empty() { "–" } else { line };
            let newline = if nth == 0 { "" } else { "\n" };
            text = format!("{text}{newline}{bullet}{}", literal(line, free));
        }
        self.section(text);
    }

    /// Commands in a code block. One that does not fit is left out as a whole.
    fn step(&mut self, heading: &str, step: &Step) {
        let Some(room) = self.room(step.commands.is_empty()) else { return };
        let mut text = format!("{heading}```# {}", code(&step.remark, room / 2));
        let mut left_out = 0_u64;
        for command in &step.commands {
            let free = room.saturating_sub(length(&text));
            // Escaped it is longer still.
            let whole = (length(command) < free).then(|| code(command, usize::MAX));
            match whole.filter(|command| length(command) < free) {
                Some(command) => text = format!("{text}\n{command}"),
                None => left_out += 1,
            }
        }
        if left_out > 0 {
            text =
                format!("{text}\n# {} too long to stand here", words::counted(left_out, "command"));
        }
        self.section(text + "```");
    }

    /// Characters that a block may have, less those of its last line; `None` when it is empty or
    /// would be too short to say anything.
    fn room(&mut self, empty: bool) -> Option<usize> {
        let room = self.left.min(MAX_SECTION);
        let fits = room >= LEAST_ROOM && self.blocks.len() < MAX_BLOCKS - 1;
        self.shortened |= !fits && !empty;
        (fits && !empty).then(|| room - LEAST_ROOM / 4)
    }

    fn section(&mut self, text: String) {
        self.left = self.left.saturating_sub(length(&text));
        self.blocks.push(Block::Section { text: Some(Text::marked(text)), fields: Vec::new() });
    }

    fn message(mut self, text: &str, foot: &str) -> Message {
        let shortened =
            if self.shortened { "shortened: there is more than Slack takes" } else { "" };
        let foot = [foot, shortened].into_iter().filter(|part| !part.is_empty());
        let foot = foot.collect::<Vec<_>>().join("; ");
        if !foot.is_empty() {
            self.blocks.push(Block::Context { elements: vec![Text::plain(&foot, MAX_FOOT)] });
        }
        Message { text: literal(text, MAX_TEXT), blocks: self.blocks }
    }
}

const fn sign(severity: Severity) -> &'static str {
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
