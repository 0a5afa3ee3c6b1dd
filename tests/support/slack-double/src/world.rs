//! All that the double remembers.

use crate::fault::Fault;
use crate::message::Kept;
use crate::oauth::Code;
use crate::refusal::Refusal;
use crate::response_url::ResponseUrl;
use crate::sending::{Exchange, Mischief, Sent};
use crate::settings::Settings;
use crate::signature::secret_name;
use crate::workspace::{Standing, Webhook, Workspace};
use serde::Serialize;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) workspaces: Vec<Workspace>,
    pub(crate) messages: Vec<Kept>,
    pub(crate) codes: Vec<Code>,
    pub(crate) response_urls: Vec<ResponseUrl>,
    pub(crate) faults: VecDeque<Fault>,
    pub(crate) mischief: VecDeque<Mischief>,
    pub(crate) calls: u32,
    pub(crate) record: Record,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) last_sent: Option<Sent>,
    /// Workspaces whose app was just taken away, of which the app is still to be told.
    pub(crate) departed: Vec<String>,
    /// Counts what is shown and changes.
    pub(crate) changes: u64,
    last_post: HashMap<String, Duration>,
    last_ts: u128,
    numbers: u64,
    seed: String,
}

/// What was asked, in the order of asking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Messages that were taken, as they were sent, with the `ts` that they got.
    pub posted: Vec<Value>,
    /// Changes that were taken, as they were sent.
    pub updated: Vec<Value>,
    /// What was not taken.
    pub refused: Vec<Refused>,
}

/// A call that was not obeyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// What was called.
    pub path: String,
    /// Slack's word.
    pub error: String,
    /// What it is about.
    pub why: String,
    /// What was sent; null where it could not be read.
    pub message: Value,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        // Names differ from one start to the next, unless the clock stands still.
        let seed = settings.clock.now().as_nanos().to_string();
        Self {
            settings,
            workspaces: vec![Workspace::installed()],
            messages: Vec::new(),
            codes: Vec::new(),
            response_urls: Vec::new(),
            faults: VecDeque::new(),
            mischief: VecDeque::new(),
            calls: 0,
            record: Record::default(),
            exchanges: Vec::new(),
            last_sent: None,
            departed: Vec::new(),
            changes: 0,
            last_post: HashMap::new(),
            last_ts: 0,
            numbers: 0,
            seed,
        }
    }

    pub(crate) fn now(&self) -> Duration {
        self.settings.clock.now()
    }

    /// Tells one start from another.
    pub(crate) fn started(&self) -> &str {
        &self.seed
    }

    /// A name that nothing else has.
    pub(crate) fn name(&mut self) -> String {
        self.numbers += 1;
        secret_name(&self.seed, self.numbers)
    }

    /// The same in capitals, with Slack's letters before it.
    pub(crate) fn id(&mut self, letters: &str) -> String {
        let mut name = self.name().to_uppercase();
        name.truncate(10);
        format!("{letters}{name}")
    }

    pub(crate) fn workspace(&self, id: &str) -> Option<&Workspace> {
        self.workspaces.iter().find(|workspace| workspace.id == id)
    }

    pub(crate) fn workspace_mut(&mut self, id: &str) -> Option<&mut Workspace> {
        self.workspaces.iter_mut().find(|workspace| workspace.id == id)
    }

    /// The workspace that has a channel.
    pub(crate) fn workspace_with(&self, channel: &str) -> Option<&Workspace> {
        self.workspaces.iter().find(|workspace| workspace.channel(channel).is_some())
    }

    /// Id of the workspace that gave this token.
    pub(crate) fn workspace_of(&mut self, token: &str) -> Result<String, Refusal> {
        if token.is_empty() {
            return Err(Refusal::new("not_authed", "no token"));
        }
        for workspace in &mut self.workspaces {
            let Some(known) = workspace.tokens.iter_mut().find(|known| known.text == token) else {
                continue;
            };
            match known.standing {
                Standing::Valid => return Ok(workspace.id.clone()),
                Standing::Forgotten => break,
                Standing::Dead(word) => {
                    known.standing = Standing::Forgotten;
                    return Err(Refusal::new(word, "the token was taken back"));
                }
            }
        }
        Err(Refusal::new("invalid_auth", "nobody gave this token"))
    }

    /// The app is installed once more: a token and a webhook for a channel.
    pub(crate) fn install(&mut self, workspace: &str, channel: &str) -> Option<(String, String)> {
        let (token, hook) = (format!("xoxb-{}", self.name()), self.id("B"));
        let path = format!("/services/{workspace}/{hook}/{}", self.name());
        let found = self.workspace_mut(workspace)?;
        found.channel_mut(channel)?.has_bot = true;
        found.accept(&token);
        found.webhooks.push(Webhook { path: path.clone(), channel: channel.to_owned() });
        self.changes += 1;
        Some((token, path))
    }

    /// Keeps a message; gives its name.
    pub(crate) fn keep(&mut self, message: Kept) -> String {
        let ts = self.next_ts();
        self.changes += 1;
        self.messages.push(Kept { ts: ts.clone(), ..message });
        ts
    }

    fn next_ts(&mut self) -> String {
        self.last_ts = self.now().as_micros().max(self.last_ts + 1);
        format!("{}.{:06}", self.last_ts / 1_000_000, self.last_ts % 1_000_000)
    }

    pub(crate) fn message_mut(&mut self, channel: &str, ts: &str) -> Option<&mut Kept> {
        // The newest are asked for most.
        let mut newest_first = self.messages.iter_mut().rev();
        newest_first.find(|kept| kept.ts == ts && kept.channel == channel)
    }

    /// Gives a message another text and other blocks.
    pub(crate) fn change(&mut self, channel: &str, ts: &str, sent: &Value) -> Option<&Kept> {
        self.changes += 1;
        let kept = self.message_mut(channel, ts)?;
        sent["text"].as_str().unwrap_or_default().clone_into(&mut kept.text);
        kept.blocks = sent["blocks"].clone();
        kept.updates += 1;
        Some(kept)
    }

    /// A thread can be answered in.
    pub(crate) fn check_thread(&mut self, channel: &str, sent: &Value) -> Result<(), Refusal> {
        let Some(ts) = sent["thread_ts"].as_str() else { return Ok(()) };
        let Some(head) = self.message_mut(channel, ts).filter(|kept| kept.ephemeral_to.is_none())
        else {
            return Err(Refusal::new("thread_not_found", format!("no message {ts}")));
        };
        if head.thread_ts.is_some() {
            return Err(Refusal::new("cannot_reply_to_message", "it stands in a thread itself"));
        }
        Ok(())
    }

    /// One message a second and channel, where that is switched on.
    pub(crate) fn check_rate(&mut self, channel: &str) -> Result<(), Refusal> {
        let now = self.now();
        let last = self.last_post.get(channel).copied();
        let soon = |last: Duration| now < last.saturating_add(Duration::from_secs(1));
        if self.settings.one_message_a_second && last.is_some_and(soon) {
            return Err(Refusal::new("ratelimited", "one message a second and channel"));
        }
        self.last_post.insert(channel.to_owned(), now);
        Ok(())
    }
}
