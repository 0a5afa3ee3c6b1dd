//! Block Kit, as far as it is used here. Each text is a type with its limit: a longer one is cut, and
//! Slack never refuses it.

use crate::markup::{literal, plain};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Characters of a header.
pub(crate) const HEADER: usize = 150;
/// Characters of a foot, of 3,000 that Slack takes.
const FOOT: usize = 150;
/// Characters of a section.
pub(crate) const SECTION: usize = 3_000;
/// Characters of a field.
pub(crate) const FIELD: usize = 2_000;
/// Characters on a button.
const BUTTON: usize = 75;
/// Characters of what a button says of itself, of 2,000 that Slack takes: an account and an anomaly.
const VALUE: usize = 100;
/// Characters of an action's name.
const ACTION: usize = 255;

/// Plain text: shown as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plain<const MAX: usize>(String);

impl<const MAX: usize> Plain<MAX> {
    pub(crate) fn new(text: &str) -> Self {
        Self(plain(text, MAX))
    }
}

impl<const MAX: usize> Serialize for Plain<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Plain", 3)?;
        object.serialize_field("type", "plain_text")?;
        object.serialize_field("text", &self.0)?;
        object.serialize_field("emoji", &false)?;
        object.end()
    }
}

/// Text with marks of ours; what is foreign in it has been made literal. `verbatim` keeps Slack from
/// making links and mentions of what looks like them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marked<const MAX: usize>(String);

impl<const MAX: usize> Marked<MAX> {
    /// Of parts that are literal already and fit; what does not is cut all the same.
    pub(crate) fn new(text: String) -> Self {
        if text.chars().count() <= MAX { Self(text) } else { Self(literal(&text, MAX)) }
    }
}

impl<const MAX: usize> Serialize for Marked<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Marked", 3)?;
        object.serialize_field("type", "mrkdwn")?;
        object.serialize_field("text", &self.0)?;
        object.serialize_field("verbatim", &true)?;
        object.end()
    }
}

/// A name of ours that Slack keeps and gives back: at most `MAX` characters, and of those only such
/// as our ids are made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Name<const MAX: usize>(String);

impl<const MAX: usize> Name<MAX> {
    pub(crate) fn new(text: &str) -> Self {
        let ours = |c: &char| c.is_ascii_alphanumeric() || "-_/:.".contains(*c);
        Self(text.chars().filter(ours).take(MAX).collect())
    }
}

/// A block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Block {
    Header {
        text: Plain<HEADER>,
    },
    Section {
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<Marked<SECTION>>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<Marked<FIELD>>,
    },
    Context {
        elements: Vec<Plain<FOOT>>,
    },
    Actions {
        block_id: Name<ACTION>,
        elements: Vec<Element>,
    },
}

/// Something to press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Element {
    Button {
        action_id: Name<ACTION>,
        text: Plain<BUTTON>,
        value: Name<VALUE>,
        #[serde(skip_serializing_if = "Option::is_none")]
        style: Option<Style>,
    },
}

/// How a button looks: at most one of a card is `primary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Style {
    Primary,
    Danger,
}

impl Element {
    pub(crate) fn button(action: &str, text: &str, value: &str, style: Option<Style>) -> Self {
        Self::Button {
            action_id: Name::new(action),
            text: Plain::new(text),
            value: Name::new(value),
            style,
        }
    }
}
