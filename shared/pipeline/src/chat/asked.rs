//! What somebody asks or presses, as a message of the queue between the door and the worker.

use crate::error::Failure;
use domain::answer::Answer;
use domain::ids::AccountId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Something that came from a workspace of Slack, verified and read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Slack's name for it: the same thing twice has the same.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// The workspace.
    pub team: String,
    /// What.
    pub what: What,
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A slash command: what stands behind `/dd0c`.
    Command {
        /// Who, where, and where to answer.
        by: By,
        /// The text.
        text: String,
    },
    /// A button of a card.
    Press {
        /// Who, where, and where to answer.
        by: By,
        /// Which.
        button: Button,
        /// The account of the card's anomaly.
        account: String,
        /// The anomaly.
        anomaly: String,
    },
    /// The workspace has put us out, or has taken our token away.
    Uninstalled,
}

/// A person of a workspace, and where he is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// His id, `U0123456789`.
    pub user: String,
    /// What people call him.
    pub name: String,
    /// The channel's id.
    pub channel: String,
    /// Takes five answers within half an hour.
    pub response_url: String,
}

impl By {
    /// `ana (U0123456789 in Slack)`
    pub fn in_words(&self) -> String {
        format!("{} ({} in Slack)", self.name, self.user)
    }
}

/// A button of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Button {
    /// It was meant to be.
    Expected,
    /// It was not.
    NotExpected,
    /// Silence for an hour.
    SnoozeHour,
    /// Silence for a day.
    SnoozeDay,
    /// All figures.
    Details,
}

impl Button {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Expected, Self::NotExpected, Self::SnoozeHour, Self::SnoozeDay, Self::Details];

    /// Word in the action's id.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::NotExpected => "not_expected",
            Self::SnoozeHour => "snooze_1h",
            Self::SnoozeDay => "snooze_24h",
            Self::Details => "details",
        }
    }

    /// The button with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|button| button.code() == code)
    }

    /// The answer that it gives.
    pub const fn answer(self) -> Option<Answer> {
        match self {
            Self::Expected => Some(Answer::Expected),
            Self::NotExpected => Some(Answer::NotExpected),
            _ => None,
        }
    }

    /// The silence that it asks for.
    pub const fn snooze(self) -> Option<SignedDuration> {
        match self {
            Self::SnoozeHour => Some(SignedDuration::from_hours(1)),
            Self::SnoozeDay => Some(SignedDuration::from_hours(24)),
            _ => None,
        }
    }
}

/// An anomaly as a button's value, `111122223333/01J…`.
pub fn about(account: &AccountId, anomaly: &str) -> String {
    format!("{account}/{anomaly}")
}

impl Asked {
    /// As a message body.
    pub fn to_json(&self) -> String {
        // Texts and numbers only: it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From a message body.
    pub fn from_json(body: &str) -> Result<Self, Failure> {
        // The parser's error would quote what somebody wrote.
        let wrong = |_| Failure::Reject("not a message about a question from Slack".to_owned());
        serde_json::from_str(body).map_err(wrong)
    }
}
