//! The double as tests hold it: what it remembers, and what can be set.

use crate::fault::Fault;
use crate::message::Kept;
use crate::refusal::Refusal;
use crate::sending::{Exchange, Mischief, client};
use crate::settings::Settings;
use crate::workspace::{Channel, WEBHOOK, Workspace};
use crate::world::{Record, World};
use loopback::Clock;
use reqwest::Client;
use serde::Serialize;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// A Slack; clones are the same one.
#[derive(Debug, Clone)]
pub struct SlackState {
    world: Arc<Mutex<World>>,
    http: Arc<OnceLock<Option<Client>>>,
}

/// Something that nobody can do in Slack: press a button that is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Impossible(String);

impl Impossible {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl From<Refusal> for Impossible {
    fn from(refusal: Refusal) -> Self {
        Self(format!("{}: {}", refusal.code, refusal.why))
    }
}

/// What an installation gives to the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Installed {
    /// Id of the workspace.
    pub team: String,
    /// Id of the channel.
    pub channel: String,
    /// The bot's token.
    pub token: String,
    /// Address of the channel's webhook.
    pub webhook_url: String,
}

impl SlackState {
    /// With one workspace, in which the app is installed.
    pub fn new(settings: Settings) -> Self {
        Self { world: Arc::new(Mutex::new(World::new(settings))), http: Arc::default() }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn http(&self) -> Option<&Client> {
        self.http.get_or_init(client).as_ref()
    }

    // Addresses

    /// Where it is reached itself.
    pub fn base_url(&self) -> String {
        self.world().settings.base_url.trim_end_matches('/').to_owned()
    }

    /// Base address of its Web API.
    pub fn api_url(&self) -> String {
        format!("{}/api/", self.base_url())
    }

    /// Address of the first workspace's webhook.
    pub fn webhook_url(&self) -> String {
        format!("{}{WEBHOOK}", self.base_url())
    }

    /// Where it is reached itself, once that is known.
    pub fn set_base_url(&self, url: &str) {
        url.clone_into(&mut self.world().settings.base_url);
    }

    /// Where the app listens.
    pub fn set_app_url(&self, url: &str) {
        self.world().settings.app_url = Some(url.to_owned());
    }

    // What came of it

    /// All that stands in channels, in the order of posting, with what only one person sees.
    pub fn messages(&self) -> Vec<Kept> {
        self.world().messages.clone()
    }

    /// How many calls came, whatever became of them.
    pub fn calls(&self) -> u32 {
        self.world().calls
    }

    /// What was posted, changed and refused, as it was sent.
    pub fn record(&self) -> Record {
        self.world().record.clone()
    }

    /// What was sent to the app, and what became of it.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.world().exchanges.clone()
    }

    /// Somebody deletes all messages.
    pub fn forget_messages(&self) {
        let mut world = self.world();
        world.messages.clear();
        world.changes += 1;
    }

    /// Forgets what was asked and sent, and what was to go wrong. The messages stand.
    pub fn forget(&self) {
        let mut world = self.world();
        (world.record, world.calls) = (Record::default(), 0);
        world.exchanges.clear();
        world.faults.clear();
        world.mischief.clear();
    }

    // What goes wrong

    /// The next call goes wrong; said twice, the next two.
    pub fn fail_next(&self, fault: Fault) {
        self.world().faults.push_back(fault);
    }

    /// So many calls are told to come again after so many seconds.
    pub fn storm(&self, calls: usize, retry_after: u64) {
        let fault = Fault::RateLimited(Some(retry_after.to_string()));
        self.world().faults.extend(std::iter::repeat_n(fault, calls));
    }

    /// The next request to the app goes wrong; said twice, the next two.
    pub fn misbehave_next(&self, mischief: Mischief) {
        self.world().mischief.push_back(mischief);
    }

    /// Whether a second message within a second and a channel is refused.
    pub fn enforce_rate(&self, on: bool) {
        self.world().settings.one_message_a_second = on;
    }

    /// Within which the app has to answer.
    pub fn set_time_limit(&self, limit: Duration) {
        self.world().settings.time_limit = limit;
    }

    /// Its clock, to move it.
    pub fn clock(&self) -> Clock {
        self.world().settings.clock.clone()
    }

    // Workspaces

    /// A workspace without channels, in which the app is not installed; one of that id stays.
    pub fn add_workspace(&self, id: &str, name: &str) {
        let mut world = self.world();
        if world.workspace(id).is_none() {
            world.workspaces.push(Workspace::new(id, name));
            world.changes += 1;
        }
    }

    /// Adds a channel, or changes the one of that id.
    pub fn set_channel(&self, workspace: &str, channel: Channel) -> Result<(), Impossible> {
        let mut world = self.world();
        world.changes += 1;
        let elsewhere = world.workspace_with(&channel.id).is_some_and(|it| it.id != workspace);
        if elsewhere {
            return Err(Impossible::new(format!("{} is in another workspace", channel.id)));
        }
        let missing = || Impossible::new(format!("no workspace {workspace}"));
        let found = world.workspace_mut(workspace).ok_or_else(missing)?;
        found.channels.retain(|known| known.id != channel.id);
        found.channels.push(channel);
        Ok(())
    }

    /// From now on a workspace takes this token too.
    pub fn accept_token(&self, workspace: &str, token: &str) -> Result<(), Impossible> {
        let mut world = self.world();
        let missing = || Impossible::new(format!("no workspace {workspace}"));
        world.workspace_mut(workspace).ok_or_else(missing)?.accept(token);
        Ok(())
    }

    /// Installs the app without any page.
    pub fn install(&self, workspace: &str, channel: &str) -> Result<Installed, Impossible> {
        let mut world = self.world();
        let installed = world.install(workspace, channel);
        let missing = || Impossible::new(format!("no {channel} in {workspace}"));
        let (token, path) = installed.ok_or_else(missing)?;
        let webhook_url = format!("{}{path}", world.settings.base_url.trim_end_matches('/'));
        let (team, channel) = (workspace.to_owned(), channel.to_owned());
        Ok(Installed { team, channel, token, webhook_url })
    }
}
