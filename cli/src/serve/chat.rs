//! Where people read and press: the terminal always, and beside it a Slack that is played on this
//! machine, with its page, or a real one's webhook.

use super::{App, origin};
use crate::error::CliError;
use crate::output::Output;
use domain::card::Note;
use domain::cost_event::CostEvent;
use domain::told::MessageAt;
use domain::watch::WatchEvent;
use jiff::Timestamp;
use kms::LocalKeys;
use pipeline::error::Failure;
use pipeline::install::FrontDesk;
use pipeline::lines::{TenantLine, TenantLines};
use pipeline::notify::Notice;
use pipeline::ports::{Addressee, Announce, Desk, Grant, Lines, Way};
use queue::LocalQueue;
use slack::door::Door;
use slack::oauth::{AppSecrets, OAuth};
use slack::respond::Responder;
use slack::{Slack, Workspaces};
use slack_double::{BOT_USER, CHANNEL, CLIENT_ID, Clock, SlackState, WORKSPACE};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::TenantScope;

/// The chat beside the terminal.
pub(crate) enum Chat {
    /// A workspace on this machine, with a page that shows it.
    Preview(Box<Preview>),
    /// Cards go to a channel's webhook.
    Webhook(Box<Slack>),
    /// None: whoever reaches this program over the network must not press for us.
    None,
}

/// A workspace that is played here.
pub(crate) struct Preview {
    /// The workspace.
    pub(crate) slack: SlackState,
    /// Where what comes from it is taken in.
    pub(crate) door: Arc<Door<FrontDesk<LocalQueue, LocalKeys>>>,
    /// Posts into it.
    pub(crate) workspaces: Workspaces,
    /// Answers questions.
    pub(crate) responder: Responder,
}

/// Whether only this machine reaches an address: whoever reaches the page presses for its people.
pub(crate) fn is_alone(address: SocketAddr) -> bool {
    address.ip().is_loopback()
}

/// The keys of a data folder, or some that are gone at the end.
pub(crate) fn keys(folder: Option<&Path>) -> Result<LocalKeys, CliError> {
    match folder {
        None => LocalKeys::fleeting().map_err(|error| CliError::Failed(error.to_string())),
        Some(folder) => {
            let file = folder.join("keys.json");
            LocalKeys::open_file(&file)
                .map_err(|error| CliError::file(&file, "cannot read the keys", &error))
        }
    }
}

impl Chat {
    /// The webhook if there is one, else the played workspace where only this machine reaches it.
    /// Who installs us into one goes on to the dashboard; the played one's messages have the time of
    /// this clock.
    pub(crate) async fn new(
        app: &App,
        address: SocketAddr,
        webhook: Option<Slack>,
        (dashboard, clock): (Option<String>, Clock),
    ) -> Result<Self, CliError> {
        match webhook {
            Some(webhook) => Ok(Self::Webhook(Box::new(webhook))),
            None if is_alone(address) => {
                Self::preview(app, &origin(address), (dashboard, clock)).await
            }
            None => Ok(Self::None),
        }
    }

    async fn preview(
        app: &App,
        here: &str,
        (dashboard, clock): (Option<String>, Clock),
    ) -> Result<Self, CliError> {
        let failed = |why: String| CliError::Failed(format!("cannot play Slack: {why}"));
        let (signing_secret, client_secret) = (random::token()?, random::token()?);
        let slack = SlackState::new(slack_double::Settings {
            base_url: here.to_owned(),
            app_url: Some(here.to_owned()),
            signing_secret: signing_secret.clone(),
            client_secret: client_secret.clone(),
            redirect_uris: vec![format!("{here}/slack/oauth_redirect")],
            // Tenants have workspaces of their own.
            offers_new_workspace: true,
            clock,
            ..slack_double::Settings::default()
        });
        let installed = slack.install(WORKSPACE, CHANNEL);
        let installed = installed.map_err(|error| failed(error.to_string()))?;
        let api = slack.api_url();
        let error = |error: slack::error::SlackError| failed(error.to_string());
        let secrets = AppSecrets {
            client_id: CLIENT_ID.to_owned(),
            client_secret: client_secret.into(),
            signing_secret: signing_secret.into(),
        };
        let desk = FrontDesk {
            table: app.table.clone(),
            keys: app.keys.clone(),
            questions: app.questions.clone(),
            alerts: app.alerts.clone(),
        };
        let grant = Grant {
            team: installed.team,
            team_name: "Preview".to_owned(),
            bot_user: BOT_USER.to_owned(),
            channel: installed.channel,
            channel_name: "#cost-alerts".to_owned(),
            token: installed.token.into(),
            installed_by: "serve".to_owned(),
        };
        desk.install(&app.scope, grant, Timestamp::now()).await?;
        let oauth = OAuth::new(&api, here).map_err(error)?;
        Ok(Self::Preview(Box::new(Preview {
            door: Arc::new(Door { desk, app: secrets, oauth, dashboard }),
            workspaces: Workspaces::new(&api).map_err(error)?.at_any_pace(),
            responder: Responder::new(&api),
            slack,
        })))
    }
}

/// The terminal, and the chat beside it.
pub(crate) struct Both<'a> {
    terminal: Mutex<Output>,
    chat: OfChat<'a>,
}

enum OfChat<'a> {
    Workspace(TenantLines<'a, LocalKeys, Workspaces>),
    Webhook(&'a Slack),
    None,
}

impl<'a> Both<'a> {
    pub(crate) fn new(app: &'a App, terminal: Output, chat: &'a Chat) -> Self {
        let chat = match chat {
            Chat::Preview(preview) => {
                OfChat::Workspace(TenantLines::new(&app.table, &app.keys, &preview.workspaces))
            }
            Chat::Webhook(slack) => OfChat::Webhook(slack),
            Chat::None => OfChat::None,
        };
        Self { terminal: Mutex::new(terminal), chat }
    }
}

impl<'b> Lines for &'b Both<'_> {
    type Line = Line<'b>;

    async fn line(&self, to: &Addressee, channel: Option<&str>) -> Result<Way<Line<'b>>, Failure> {
        let chat = match &self.chat {
            OfChat::Workspace(lines) => match lines.line(to, channel).await? {
                Way::Open(line) => LineOfChat::Workspace(Box::new(line)),
                // The terminal hears of it all the same.
                Way::Closed(_) => LineOfChat::None,
            },
            OfChat::Webhook(slack) => LineOfChat::Webhook(Slack::clone(slack)),
            OfChat::None => LineOfChat::None,
        };
        Ok(Way::Open(Line { terminal: &self.terminal, chat }))
    }

    async fn part(&self, scope: &TenantScope) -> Result<(), Failure> {
        match &self.chat {
            OfChat::Workspace(lines) => lines.part(scope).await,
            OfChat::Webhook(_) | OfChat::None => Ok(()),
        }
    }
}

/// A line to both.
pub(crate) struct Line<'a> {
    terminal: &'a Mutex<Output>,
    chat: LineOfChat<'a>,
}

enum LineOfChat<'a> {
    Workspace(Box<TenantLine<'a, Slack>>),
    Webhook(Slack),
    None,
}

impl Line<'_> {
    fn terminal(&self) -> MutexGuard<'_, Output> {
        self.terminal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A chat that takes nothing is said on the terminal, which hears of everything.
fn or_complain<T: Default>(said: Result<T, Failure>) -> Result<T, Failure> {
    match said {
        Err(Failure::Closed(why) | Failure::Gone(why)) => {
            anstream::eprintln!("Slack does not take it: {why}");
            Ok(T::default())
        }
        said => said,
    }
}

/// The chat first: when it fails all of it comes again, and the terminal has not said it yet.
impl Announce for Line<'_> {
    async fn announce(
        &mut self,
        notice: &Notice,
        opening: Option<&CostEvent>,
    ) -> Result<Option<MessageAt>, Failure> {
        let message = or_complain(match &mut self.chat {
            LineOfChat::Workspace(line) => line.announce(notice, opening).await,
            LineOfChat::Webhook(slack) => slack.announce(notice, opening).await,
            LineOfChat::None => Ok(None),
        })?;
        self.terminal().show(notice)?;
        Ok(message)
    }

    async fn warn(&mut self, event: &WatchEvent) -> Result<(), Failure> {
        or_complain(match &mut self.chat {
            LineOfChat::Workspace(line) => line.warn(event).await,
            LineOfChat::Webhook(slack) => slack.warn(event).await,
            LineOfChat::None => Ok(()),
        })?;
        self.terminal().show_warning(event)
    }

    async fn digest(&mut self, digest: &Note) -> Result<(), Failure> {
        or_complain(match &mut self.chat {
            LineOfChat::Workspace(line) => line.digest(digest).await,
            LineOfChat::Webhook(slack) => slack.digest(digest).await,
            LineOfChat::None => Ok(()),
        })?;
        self.terminal().show_digest(digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_to_the_network_plays_no_slack() {
        for (address, alone) in [
            ("127.0.0.1:4180", true),
            ("[::1]:4180", true),
            ("0.0.0.0:4180", false),
            ("[::]:4180", false),
            ("10.0.0.7:4180", false),
        ] {
            let address = address.parse().unwrap_or(SocketAddr::from(([8, 8, 8, 8], 1)));
            assert_eq!(is_alone(address), alone, "{address}");
        }
    }
}
