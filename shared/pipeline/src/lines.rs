//! Lines: the way to each tenant's own workspace, with his own token.

use crate::error::Failure;
use crate::notify::Notice;
use crate::ports::{Addressee, Announce, Connect, Keys, Lines, Way};
use domain::card::Note;
use domain::cost_event::CostEvent;
use domain::ids::TenantId;
use domain::sealed::{Purpose, SecretKind};
use domain::told::MessageAt;
use domain::watch::WatchEvent;
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use store::{Installation, Table, TenantScope};

/// Tokens that are kept decrypted while a process lives; more are decrypted anew.
const MAX_TOKENS: usize = 1_000;

/// The workspaces of all tenants.
pub struct TenantLines<'a, K, C> {
    table: &'a Table,
    keys: &'a K,
    connect: &'a C,
    /// By their ciphertext, so that a new token is never taken for an old one.
    tokens: Mutex<HashMap<String, SecretString>>,
}

impl<'a, K: Keys, C: Connect> TenantLines<'a, K, C> {
    /// Over a table, the keys of its secrets, and what connects.
    pub fn new(table: &'a Table, keys: &'a K, connect: &'a C) -> Self {
        Self { table, keys, connect, tokens: Mutex::default() }
    }

    async fn token(
        &self,
        tenant: &TenantId,
        installation: &Installation,
    ) -> Result<SecretString, Failure> {
        let sealed = &installation.token;
        let known = || self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = known().get(&sealed.ciphertext) {
            return Ok(token.clone());
        }
        let purpose = Purpose { tenant: tenant.clone(), what: SecretKind::SlackToken };
        let token = self.keys.open(&purpose, sealed).await?;
        let mut tokens = known();
        if tokens.len() >= MAX_TOKENS {
            tokens.clear();
        }
        tokens.insert(sealed.ciphertext.clone(), token.clone());
        Ok(token)
    }
}

impl<'a, K: Keys, C: Connect> Lines for TenantLines<'a, K, C> {
    type Line = TenantLine<'a, C::Line>;

    async fn line(
        &self,
        to: &Addressee,
        channel: Option<&str>,
    ) -> Result<Way<Self::Line>, Failure> {
        let Some(installation) = self.table.installation(&to.scope).await? else {
            return Ok(Way::Closed(NO_SLACK.to_owned()));
        };
        if let Some(why) = &installation.broken {
            return Ok(Way::Closed(why.clone()));
        }
        let token = self.token(to.scope.tenant(), &installation).await?;
        let default = self.connect.connect(&token, &installation.channel)?;
        let routed = channel.filter(|channel| **channel != *installation.channel);
        let routed = routed.map(|channel| self.connect.connect(&token, channel)).transpose()?;
        let (table, scope) = (self.table, to.scope.clone());
        Ok(Way::Open(TenantLine { table, scope, installation, routed, default }))
    }

    async fn part(&self, scope: &TenantScope) -> Result<(), Failure> {
        let Some(installation) = self.table.installation(scope).await? else { return Ok(()) };
        let token = self.token(scope.tenant(), &installation).await?;
        self.connect.revoke(&token).await?;
        Ok(self.table.mark_broken(scope, &installation, PARTED).await?)
    }
}

/// Why people are not told whose tenant is gone.
const PARTED: &str = "not delivered: everything is being deleted";

/// Why people are not told who never let us in.
pub const NO_SLACK: &str = "not delivered: no Slack";

/// A channel of a tenant's workspace, and the one to turn to where it does not take a message.
pub struct TenantLine<'a, L> {
    table: &'a Table,
    scope: TenantScope,
    installation: Installation,
    routed: Option<L>,
    default: L,
}

impl<L: Announce> TenantLine<'_, L> {
    /// Says it in the routed channel, else in the default one: better in the wrong room than nowhere.
    async fn say<T>(
        &mut self,
        say: impl AsyncFn(&mut L) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut said = match &mut self.routed {
            Some(routed) => say(routed).await,
            None => say(&mut self.default).await,
        };
        if let (Err(Failure::Closed(why)), Some(_)) = (&said, &self.routed) {
            tracing::warn!(why, "a channel does not take messages; the default one gets them");
            said = say(&mut self.default).await;
        }
        if let Err(Failure::Gone(why)) = &said {
            self.table.mark_broken(&self.scope, &self.installation, why).await?;
        }
        said
    }
}

impl<L: Announce> Announce for TenantLine<'_, L> {
    async fn announce(
        &mut self,
        notice: &Notice,
        opening: Option<&CostEvent>,
    ) -> Result<Option<MessageAt>, Failure> {
        self.say(async |line: &mut L| line.announce(notice, opening).await).await
    }

    async fn warn(&mut self, event: &WatchEvent) -> Result<(), Failure> {
        self.say(async |line: &mut L| line.warn(event).await).await
    }

    async fn digest(&mut self, digest: &Note) -> Result<(), Failure> {
        self.say(async |line: &mut L| line.digest(digest).await).await
    }
}
