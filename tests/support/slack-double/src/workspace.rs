//! A workspace: its channels, its people, and what it gave to the app.

use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// The workspace that is there from the beginning, with the app installed.
pub const WORKSPACE: &str = "T0DOUBLE";
/// Its channel for cards.
pub const CHANNEL: &str = "C0DOUBLE";
/// The token that it gave to the app.
pub const TOKEN: &str = "xoxb-double-0123456789";
/// The path of its webhook, as secret as the token.
pub(crate) const WEBHOOK: &str = "/services/T0DOUBLE/B0DOUBLE/h00kSecret";

/// A workspace.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Workspace {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) channels: Vec<Channel>,
    pub(crate) people: Vec<Person>,
    #[serde(skip)]
    pub(crate) tokens: Vec<Token>,
    #[serde(skip)]
    pub(crate) webhooks: Vec<Webhook>,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// `C0…`.
    pub id: String,
    /// Without the `#`.
    pub name: String,
    /// Nobody can post any more.
    #[serde(default)]
    pub archived: bool,
    /// The app is in it.
    #[serde(default = "yes")]
    pub has_bot: bool,
}

const fn yes() -> bool {
    true
}

impl Channel {
    /// An open channel with the app in it.
    pub fn new(id: &str, name: &str) -> Self {
        Self { id: id.to_owned(), name: name.to_owned(), archived: false, has_bot: true }
    }
}

/// Somebody who presses buttons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// `U0…`.
    pub id: String,
    /// `ana`.
    pub username: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) standing: Standing,
}

/// What becomes of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Valid,
    /// Taken back; Slack says so once, as this word.
    Dead(&'static str),
    /// Nobody knows it any more.
    Forgotten,
}

#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub(crate) path: String,
    pub(crate) channel: String,
}

impl Workspace {
    /// One without channels; two people work there. Ids of people differ between workspaces.
    pub(crate) fn new(id: &str, name: &str) -> Self {
        let rest = if id == WORKSPACE { "0" } else { id.trim_start_matches('T') };
        let person = |username: &str| Person {
            id: format!("U{rest}{}", username.to_uppercase()),
            username: username.to_owned(),
        };
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            channels: Vec::new(),
            people: vec![person("ana"), person("bo")],
            tokens: Vec::new(),
            webhooks: Vec::new(),
        }
    }

    /// The one that simple tests need.
    pub(crate) fn installed() -> Self {
        let mut workspace = Self::new(WORKSPACE, "Double");
        workspace.channels.push(Channel::new(CHANNEL, "cost-alerts"));
        let elsewhere = Channel { has_bot: false, ..Channel::new("C0GENERAL", "general") };
        workspace.channels.push(elsewhere);
        workspace.accept(TOKEN);
        workspace.webhooks.push(Webhook { path: WEBHOOK.to_owned(), channel: CHANNEL.to_owned() });
        workspace
    }

    /// As in addresses.
    pub(crate) fn domain(&self) -> String {
        let name = self.name.to_lowercase();
        name.split_whitespace().collect::<Vec<_>>().join("-")
    }

    /// From now on this token is valid.
    pub(crate) fn accept(&mut self, token: &str) {
        self.tokens.retain(|known| known.text != token);
        self.tokens.push(Token { text: token.to_owned(), standing: Standing::Valid });
    }

    pub(crate) fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    pub(crate) fn channel_mut(&mut self, id: &str) -> Option<&mut Channel> {
        self.channels.iter_mut().find(|channel| channel.id == id)
    }

    /// By id or by name.
    pub(crate) fn person(&self, user: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == user || person.username == user)
    }

    /// The app wants to post there.
    pub(crate) fn may_post(&self, channel: &str) -> Result<(), Refusal> {
        let Some(found) = self.channel(channel) else {
            return Err(Refusal::new("channel_not_found", format!("no channel {channel:?}")));
        };
        if found.archived {
            return Err(Refusal::new("is_archived", format!("#{} is archived", found.name)));
        }
        if !found.has_bot {
            return Err(Refusal::new("not_in_channel", format!("not in #{}", found.name)));
        }
        Ok(())
    }

    /// No token and no webhook works any more.
    pub(crate) fn uninstall(&mut self) {
        self.kill_tokens("account_inactive");
        self.webhooks.clear();
        for channel in &mut self.channels {
            channel.has_bot = false;
        }
    }

    /// How many tokens open anything in it.
    pub(crate) fn valid_tokens(&self) -> usize {
        self.tokens.iter().filter(|token| token.standing == Standing::Valid).count()
    }

    /// One token dies; its first use is answered with this word.
    pub(crate) fn kill_token(&mut self, text: &str, word: &'static str) {
        for token in self.tokens.iter_mut().filter(|token| token.text == text) {
            token.standing = Standing::Dead(word);
        }
    }

    /// All valid tokens die; their first use is answered with this word.
    pub(crate) fn kill_tokens(&mut self, word: &'static str) {
        for token in self.tokens.iter_mut().filter(|token| token.standing == Standing::Valid) {
            token.standing = Standing::Dead(word);
        }
    }
}
