//! A message under construction: what fits goes in, what does not is counted or said to be missing.

use crate::blocks::Message;
use crate::kit::{Block, Element, FIELD, HEADER, Marked, Name, Plain, SECTION};
use crate::markup::{code, length, link, literal};
use domain::card::{NoteLine, Step};
use domain::words;

/// Blocks of a message.
const MAX_BLOCKS: usize = 50;
/// Characters of the text beside the blocks.
const MAX_TEXT: usize = 40_000;
/// Characters of all blocks together. Slack documents no such limit and refuses messages somewhere
/// beyond 11,000 with `msg_blocks_too_long`.
const MAX_ALL: usize = 9_000;
/// Characters of a value in a field, of 2,000 that Slack takes: no honest name is longer.
const MAX_VALUE: usize = 400;
/// Fields of a section.
const MAX_FIELDS: usize = 10;
/// Characters that the foot and the buttons may have, kept free for them.
const MAX_FOOT: usize = 500;
/// A block with less room than that would say nothing.
const LEAST_ROOM: usize = 200;

pub(crate) struct Draft {
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
    pub(crate) fn header(&mut self, title: &str) {
        self.left = self.left.saturating_sub(HEADER);
        self.blocks.push(Block::Header { text: Plain::new(title) });
    }

    /// Short values with their names, in two columns; an empty one is left out.
    pub(crate) fn fields(&mut self, fields: &[(&str, String)]) {
        let shown = fields.iter().filter(|(_, value)| !value.is_empty()).take(MAX_FIELDS);
        let fields: Vec<String> =
            shown.map(|(name, value)| format!("*{name}*\n{}", literal(value, MAX_VALUE))).collect();
        let used: usize = fields.iter().map(|field| length(field)).sum();
        self.left = self.left.saturating_sub(used);
        let fields: Vec<Marked<FIELD>> = fields.into_iter().map(Marked::new).collect();
        if !fields.is_empty() {
            self.blocks.push(Block::Section { text: None, fields });
        }
    }

    /// Lines under a heading of ours; those that do not fit are counted.
    pub(crate) fn list(&mut self, heading: &str, bullet: &str, lines: &[String]) {
        let lines: Vec<NoteLine> = lines.iter().map(|line| line.as_str().into()).collect();
        self.notes(heading, bullet, &lines);
    }

    /// The same of lines that may lead somewhere.
    pub(crate) fn notes(&mut self, heading: &str, bullet: &str, lines: &[NoteLine]) {
        let Some(room) = self.room(lines.is_empty()) else { return };
        let mut text = heading.to_owned();
        for (nth, line) in lines.iter().enumerate() {
            let used = length(&text) + length(bullet) + 1;
            let leads = line.link.as_deref().map(link).unwrap_or_default();
            let free = room.saturating_sub(used + length(&leads));
            if free < 8 {
                text = format!("{text}\n… and {} more", words::count((lines.len() - nth) as u64));
                break;
            }
            let says = if line.text.is_empty() { "–" } else { &line.text };
            let newline = if nth == 0 { "" } else { "\n" };
            text = format!("{text}{newline}{bullet}{}{leads}", literal(says, free));
        }
        self.section(text);
    }

    /// Commands in a code block. One that does not fit is left out as a whole.
    pub(crate) fn step(&mut self, heading: &str, step: &Step) {
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
        let room = self.left.min(SECTION);
        // Kept free: the buttons and the foot.
        let fits = room >= LEAST_ROOM && self.blocks.len() < MAX_BLOCKS - 2;
        self.shortened |= !fits && !empty;
        (fits && !empty).then(|| room - LEAST_ROOM / 4)
    }

    fn section(&mut self, text: String) {
        self.left = self.left.saturating_sub(length(&text));
        self.blocks.push(Block::Section { text: Some(Marked::new(text)), fields: Vec::new() });
    }

    /// What can be pressed, in one row.
    pub(crate) fn buttons(&mut self, row: &str, elements: Vec<Element>) {
        if !elements.is_empty() {
            self.blocks.push(Block::Actions { block_id: Name::new(row), elements });
        }
    }

    pub(crate) fn message(mut self, text: &str, foot: &str) -> Message {
        let shortened =
            if self.shortened { "shortened: there is more than Slack takes" } else { "" };
        let foot = [foot, shortened].into_iter().filter(|part| !part.is_empty());
        let foot = foot.collect::<Vec<_>>().join("; ");
        if !foot.is_empty() {
            self.blocks.push(Block::Context { elements: vec![Plain::new(&foot)] });
        }
        Message::of(literal(text, MAX_TEXT), self.blocks)
    }
}
