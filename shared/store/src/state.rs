//! States that are given out once and taken back once, within minutes or a day: who brings one back
//! was given it, and what was noted with it still holds.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, number, read, text, write};
use crate::keys::{self, EXPIRY};
use crate::table::{StoreError, Table};
use domain::ids::TenantId;
use jiff::{SignedDuration, Timestamp};

/// What a state was given out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateKind {
    /// Installing us into a workspace of Slack.
    SlackInstall,
    /// Somebody was sent to GitHub; with it, where he came from.
    GithubSignIn,
    /// Somebody came back from GitHub; with it, who he is.
    GithubCode,
    /// Who signed in with GitHub may be asked for; with it, what is known of him.
    GithubAccess,
}

impl StateKind {
    const fn code(self) -> &'static str {
        match self {
            Self::SlackInstall => "slack-install",
            Self::GithubSignIn => "github-sign-in",
            Self::GithubCode => "github-code",
            Self::GithubAccess => "github-access",
        }
    }

    /// How long such a state holds.
    pub const fn holds(self) -> SignedDuration {
        match self {
            Self::SlackInstall | Self::GithubSignIn | Self::GithubAccess => {
                SignedDuration::from_mins(10)
            }
            Self::GithubCode => SignedDuration::from_mins(5),
        }
    }
}

/// What a state was given out with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Whose it is, if it was a tenant's.
    pub scope: Option<TenantScope>,
    /// What was noted.
    pub payload: String,
}

fn from_item(item: &Item) -> Result<Given, Corrupt> {
    let tenant: Option<String> = read(item, "tenant")?;
    let tenant = tenant.map(|tenant| TenantId::parse(&tenant)).transpose();
    let scope = tenant.map_err(|_| Corrupt::expected("a tenant id"))?.map(TenantScope::of_stored);
    let payload: Option<String> = read(item, "payload")?;
    Ok(Given { scope, payload: payload.unwrap_or_default() })
}

impl Table {
    /// Keeps a tenant's state, a random text of at least 128 bits, for as long as its kind
    /// [holds](StateKind::holds).
    pub async fn give_state(
        &self,
        scope: &TenantScope,
        state: (StateKind, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.give_state_with(Some(scope), state, "", now).await
    }

    /// The same with a note, and where there is no tenant yet.
    pub async fn give_state_with(
        &self,
        scope: Option<&TenantScope>,
        (kind, state): (StateKind, &str),
        payload: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = keys::state(state).item("OneTimeState");
        item.insert("kind".to_owned(), text(kind.code()));
        write(&mut item, "tenant", &scope.map(|scope| scope.tenant().to_string()));
        let payload = (!payload.is_empty()).then(|| payload.to_owned());
        write(&mut item, "payload", &payload);
        item.insert(EXPIRY.to_owned(), number(now.as_second() + kind.holds().as_secs()));
        self.put_item(item).await
    }

    /// Whether such a state is out.
    pub async fn has_state(
        &self,
        state: (StateKind, &str),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.look_at_state(state, now).await.map(|given| given.is_some())
    }

    /// What a state that is out was given with; it stays out.
    pub async fn look_at_state(
        &self,
        (kind, state): (StateKind, &str),
        now: Timestamp,
    ) -> Result<Option<Given>, StoreError> {
        let item = self.get(&keys::state(state)).await?.unwrap_or_default();
        let of_kind = read::<String>(&item, "kind").is_ok_and(|code| code == kind.code());
        let holds = read::<i64>(&item, EXPIRY).is_ok_and(|expires| expires > now.as_second());
        let given = (of_kind && holds).then(|| from_item(&item)).transpose();
        given.map_err(StoreError::corrupt("OneTimeState"))
    }

    /// Takes a tenant's state back: whose it is. `None` if it is unknown, was taken back before, or
    /// is too old.
    pub async fn take_state(
        &self,
        state: (StateKind, &str),
        now: Timestamp,
    ) -> Result<Option<TenantScope>, StoreError> {
        Ok(self.take_state_with(state, now).await?.and_then(|given| given.scope))
    }

    /// Takes a state back: what it was given with. `None` if it is unknown, was taken back before,
    /// or is too old.
    pub async fn take_state_with(
        &self,
        (kind, state): (StateKind, &str),
        now: Timestamp,
    ) -> Result<Option<Given>, StoreError> {
        let values = Item::from([
            (":kind".to_owned(), text(kind.code())),
            (":now".to_owned(), number(now.as_second())),
        ]);
        let holds = format!("kind = :kind AND {EXPIRY} > :now");
        let item = self.take(&keys::state(state), &holds, values).await?;
        let given = item.as_ref().map(from_item).transpose();
        given.map_err(StoreError::corrupt("OneTimeState"))
    }
}
