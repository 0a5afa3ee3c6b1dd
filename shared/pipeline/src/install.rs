//! Install: a tenant lets us into his workspace of Slack, and puts us out again.

use crate::alert::{About, ask_to_tell};
use crate::chat::Asked;
use crate::error::Failure;
use crate::ports::{Desk, Grant, Keys, Message, Queue};
use domain::anomaly::Anomaly;
use domain::governance::{Asker, AuditEntry};
use domain::sealed::{Purpose, SecretKind};
use domain::words;
use jiff::Timestamp;
use store::{AccountStatus, Installation, Installed, StateKind, Table, TenantScope};

/// The page of the dashboard from which somebody went to Slack, and to which he comes back. Nobody
/// names an address: a link of ours would lead anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReturnTo {
    /// The steps that connect an account, and Slack.
    #[default]
    Connect,
    /// The settings.
    Settings,
}

impl ReturnTo {
    /// Its name below `/dashboard`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Settings => "settings",
        }
    }

    /// The page with this name; the first for a state that names none.
    fn from_code(code: &str) -> Self {
        if code == Self::Settings.code() { Self::Settings } else { Self::Connect }
    }
}

/// Keeps a state, a random text, that lets a person of this tenant install us within ten minutes,
/// once; with it, where he comes back to.
pub async fn invite(
    table: &Table,
    scope: &TenantScope,
    (state, back): (&str, ReturnTo),
    now: Timestamp,
) -> Result<(), Failure> {
    let state = (StateKind::SlackInstall, state);
    Ok(table.give_state_with(Some(scope), state, back.code(), now).await?)
}

/// What comes in from Slack: questions go to a queue, grants into the table.
#[derive(Debug, Clone)]
pub struct FrontDesk<Q, K> {
    /// The table.
    pub table: Table,
    /// Encrypts tokens.
    pub keys: K,
    /// Of questions and presses.
    pub questions: Q,
    /// Of what is to be told.
    pub alerts: Q,
}

impl<Q: Queue + Sync, K: Keys + Sync> FrontDesk<Q, K> {
    async fn keep(
        &self,
        scope: &TenantScope,
        grant: Grant,
        now: Timestamp,
    ) -> Result<Installed, Failure> {
        let purpose = Purpose { tenant: scope.tenant().clone(), what: SecretKind::SlackToken };
        let token = self.keys.seal(&purpose, &grant.token).await?;
        let before = self.table.installation(scope).await?;
        let installation = Installation {
            team: grant.team,
            team_name: words::clean(&grant.team_name),
            bot_user: grant.bot_user,
            channel: grant.channel,
            channel_name: words::clean(&grant.channel_name),
            token,
            installed_by: grant.installed_by,
            installed_at: now,
            broken: None,
        };
        let entry = AuditEntry {
            at: now,
            who: Asker::Customer(format!("{} of Slack", installation.installed_by)).to_string(),
            what: "slack".to_owned(),
            account: None,
            old: before.as_ref().map(in_words).unwrap_or_default(),
            new: in_words(&installation),
            why: String::new(),
        };
        let installed = self.table.install(scope, &installation, &entry).await?;
        if installed == Installed::Now {
            self.tell_what_waits(scope, now).await?;
        }
        Ok(installed)
    }

    /// What still runs and nobody could be told of is told now; what has ended is not news any more.
    async fn tell_what_waits(&self, scope: &TenantScope, now: Timestamp) -> Result<(), Failure> {
        for connection in self.table.connections(scope).await? {
            let account = connection.account;
            let open = self.table.open_anomalies(&account).await?.into_iter();
            let waiting = open.filter(Anomaly::is_untold);
            let mut about: Vec<About> = waiting.map(|each| About::Anomaly(each.id)).collect();
            for event in self.table.untold_watch_events(&account).await? {
                about.push(About::Watch { time: event.time, id: event.id });
            }
            if connection.status == AccountStatus::Degraded {
                let checkup = self.table.checkup(&account).await?;
                about.extend(checkup.and_then(|it| it.turned_at).map(|at| About::Health { at }));
            }
            ask_to_tell(&self.alerts, &account, about, now).await?;
        }
        Ok(())
    }
}

/// `workspace Acme, channel #cost-alerts`
fn in_words(installation: &Installation) -> String {
    let Installation { team_name, channel_name, .. } = installation;
    format!("workspace {team_name}, channel {channel_name}")
}

impl<Q: Queue + Sync, K: Keys + Sync> Desk for FrontDesk<Q, K> {
    async fn take(&self, asked: &Asked) -> Result<(), Failure> {
        self.questions.send(vec![Message::of(asked.to_json())]).await
    }

    async fn invitation(&self, state: &str, now: Timestamp) -> Result<Option<ReturnTo>, Failure> {
        let given = self.table.look_at_state((StateKind::SlackInstall, state), now).await?;
        Ok(given.map(|given| ReturnTo::from_code(&given.payload)))
    }

    async fn invited(&self, state: &str, now: Timestamp) -> Result<Option<TenantScope>, Failure> {
        Ok(self.table.take_state((StateKind::SlackInstall, state), now).await?)
    }

    async fn install(
        &self,
        scope: &TenantScope,
        grant: Grant,
        now: Timestamp,
    ) -> Result<Installed, Failure> {
        self.keep(scope, grant, now).await
    }
}

/// A workspace has put us out at a moment, in whole seconds: its token is forgotten, unless we were
/// let in again since.
pub async fn uninstalled(table: &Table, team: &str, at: Timestamp) -> Result<(), Failure> {
    let Some(scope) = table.tenant_of_team(team).await? else { return Ok(()) };
    let before = table.installation(&scope).await?.filter(|before| before.team == team);
    if before.as_ref().is_some_and(|before| before.installed_at.as_second() > at.as_second()) {
        return Ok(());
    }
    let entry = AuditEntry {
        at,
        who: Asker::Customer("of Slack".to_owned()).to_string(),
        what: "slack".to_owned(),
        account: None,
        old: before.as_ref().map(in_words).unwrap_or_default(),
        new: "uninstalled".to_owned(),
        why: String::new(),
    };
    Ok(table.uninstall(&scope, (team, before.as_ref()), &entry).await?)
}
