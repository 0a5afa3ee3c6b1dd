//! States that are given out once and taken back once, within minutes: who brings one back was given
//! it.

use crate::account::TenantScope;
use crate::attribute::{Item, number, read, text};
use crate::keys::{self, EXPIRY};
use crate::table::{StoreError, Table};
use domain::ids::TenantId;
use jiff::Timestamp;

/// How long a state holds, in seconds.
const HOLDS: i64 = 600;

/// What a state was given out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateKind {
    /// Installing us into a workspace of Slack.
    SlackInstall,
}

impl StateKind {
    const fn code(self) -> &'static str {
        match self {
            Self::SlackInstall => "slack-install",
        }
    }
}

impl Table {
    /// Keeps a state, a random text of at least 128 bits, for ten minutes.
    pub async fn give_state(
        &self,
        scope: &TenantScope,
        (kind, state): (StateKind, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = keys::state(state).item("OneTimeState");
        item.insert("kind".to_owned(), text(kind.code()));
        item.insert("tenant".to_owned(), text(scope.tenant().as_str()));
        item.insert(EXPIRY.to_owned(), number(now.as_second() + HOLDS));
        self.put_item(item).await
    }

    /// Whether such a state is out.
    pub async fn has_state(
        &self,
        (kind, state): (StateKind, &str),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let item = self.get(&keys::state(state)).await?.unwrap_or_default();
        let of_kind = read::<String>(&item, "kind").is_ok_and(|code| code == kind.code());
        Ok(of_kind && read::<i64>(&item, EXPIRY).is_ok_and(|expires| expires > now.as_second()))
    }

    /// Takes a state back: whose it is. `None` if it is unknown, was taken back before, or is too
    /// old.
    pub async fn take_state(
        &self,
        (kind, state): (StateKind, &str),
        now: Timestamp,
    ) -> Result<Option<TenantScope>, StoreError> {
        let values = Item::from([
            (":kind".to_owned(), text(kind.code())),
            (":now".to_owned(), number(now.as_second())),
        ]);
        let holds = format!("kind = :kind AND {EXPIRY} > :now");
        let Some(item) = self.take(&keys::state(state), &holds, values).await? else {
            return Ok(None);
        };
        let tenant: String = read(&item, "tenant").map_err(StoreError::corrupt("OneTimeState"))?;
        Ok(TenantId::parse(&tenant).ok().map(TenantScope::of_stored))
    }
}
