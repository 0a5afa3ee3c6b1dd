//! A message as it stands.

use crate::settings::{APP_ID, BOT_ID, BOT_USER};
use serde::Serialize;
use serde_json::{Value, json};

/// A message as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Id of its workspace.
    pub workspace: String,
    /// Id of its channel.
    pub channel: String,
    /// Its name: the time at which it came.
    pub ts: String,
    /// The message whose thread it stands in.
    pub thread_ts: Option<String>,
    /// What notifications show.
    pub text: String,
    /// Its blocks, as they came.
    pub blocks: Value,
    /// How often it was changed.
    pub updates: u32,
    /// The only person who sees it; `None` for all.
    pub ephemeral_to: Option<String>,
    /// Who wrote it.
    pub author: Author,
}

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The app.
    App,
    /// Slack itself, when something went wrong.
    Slackbot,
    /// Somebody, by id.
    Person(String),
}

impl Kept {
    /// A message of the app that is not kept yet.
    pub(crate) fn of_app(workspace: &str, channel: &str, sent: &Value) -> Self {
        Self {
            workspace: workspace.to_owned(),
            channel: channel.to_owned(),
            ts: String::new(),
            thread_ts: sent["thread_ts"].as_str().map(str::to_owned),
            text: sent["text"].as_str().unwrap_or_default().to_owned(),
            blocks: sent["blocks"].clone(),
            updates: 0,
            ephemeral_to: None,
            author: Author::App,
        }
    }

    /// Only for somebody, by id.
    pub(crate) fn only_to(self, user: &str) -> Self {
        Self { ephemeral_to: Some(user.to_owned()), ..self }
    }

    /// As Slack gives it back.
    pub(crate) fn as_slack(&self) -> Value {
        let user = match &self.author {
            Author::App => BOT_USER,
            Author::Slackbot => "USLACKBOT",
            Author::Person(id) => id,
        };
        let mut message = json!({
            "type": "message", "user": user, "ts": self.ts, "text": self.text,
            "team": self.workspace, "blocks": self.named_blocks(),
        });
        if self.author == Author::App {
            message["bot_id"] = json!(BOT_ID);
            message["app_id"] = json!(APP_ID);
        }
        if let Some(thread_ts) = &self.thread_ts {
            message["thread_ts"] = json!(thread_ts);
        }
        if self.updates > 0 {
            message["edited"] = json!({"user": user, "ts": self.ts});
        }
        message
    }

    /// Its blocks, each with a name: Slack gives one to those that have none.
    pub(crate) fn named_blocks(&self) -> Vec<Value> {
        let mut blocks = self.blocks.as_array().cloned().unwrap_or_default();
        for (nth, block) in blocks.iter_mut().enumerate() {
            if block["block_id"].is_null() {
                block["block_id"] = json!(format!("b{nth}"));
            }
        }
        blocks
    }
}
