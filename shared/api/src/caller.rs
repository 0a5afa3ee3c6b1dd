//! Who asks: found out before a route sees anything, and with it whose data it may see.

use crate::Api;
use crate::cursor;
use crate::guard::{Rate, note_rate};
use crate::problem::{Code, Problem};
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use domain::api_key::Right;
use domain::governance::Asker;
use domain::ids::AccountId;
use identity::{Caller, Refusal, Who};
use jiff::Timestamp;
use pipeline::leaving;
use std::sync::Arc;
use store::{Connection, TenantScope};

/// A person who has signed in; programs with keys are sent away.
pub(crate) struct Person(pub(crate) Known);

/// A person who has signed in, of a tenant that may be about to be deleted: for asking for that and for
/// taking it back.
pub(crate) struct Leaver(pub(crate) Known);

/// A person, or a program with a key: the route asks for the right that it takes.
pub(crate) struct Anyone(pub(crate) Known);

/// Who asks, when, and for whose data.
pub(crate) struct Known {
    pub(crate) api: Arc<Api>,
    pub(crate) caller: Caller,
    pub(crate) now: Timestamp,
}

impl Known {
    async fn find(parts: &Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        let now = Timestamp::now();
        let header = parts.headers.get(AUTHORIZATION);
        let header = header.map(|value| value.to_str().unwrap_or("?"));
        let caller = api.identity.authenticate(header, now).await.map_err(refused)?;
        let known = Self { api: api.clone(), caller, now };
        known.within_rate().await?;
        Ok(known)
    }

    /// Of a tenant that is being deleted programs are sent away, and people may look only, until they take
    /// it back.
    async fn stays(self, method: &Method) -> Result<Self, Problem> {
        let looks = method.is_safe() && matches!(self.caller.who, Who::Member { .. });
        if looks || leaving::of(self.table(), self.scope()).await?.is_none() {
            return Ok(self);
        }
        let detail =
            "Take that back first: on any page of the dashboard, or by POST /v1/tenant/undo.";
        Err(Problem::because(Code::BeingDeleted, detail))
    }

    /// Each caller has so many requests a minute, wherever he calls from.
    async fn within_rate(&self) -> Result<(), Problem> {
        let limit = self.api.requests_per_minute;
        let used = self.table().add_to_rate(&self.caller.principal(), "api", self.now, 1).await?;
        let second = self.now.as_second().rem_euclid(60).unsigned_abs();
        let rate = Rate { limit, remaining: limit.saturating_sub(used), reset: 60 - second };
        note_rate(rate);
        if used <= limit {
            return Ok(());
        }
        let detail = format!("At most {limit} requests a minute.");
        Err(Problem::because(Code::TooManyRequests, detail).after(rate.reset))
    }

    pub(crate) fn table(&self) -> &store::Table {
        &self.api.table
    }

    pub(crate) fn scope(&self) -> &TenantScope {
        &self.caller.scope
    }

    pub(crate) fn asker(&self) -> Asker {
        self.caller.asker()
    }

    /// An account of this tenant. What is no account, no connected one, or another tenant's is the
    /// same to whoever asks.
    pub(crate) async fn account(&self, id: &str) -> Result<Connection, Problem> {
        let unknown = || Problem::not_found("account");
        #[expect(clippy::disallowed_methods, reason = "looked up just below")]
        let account = AccountId::parse(id).map_err(|_| unknown())?;
        if let Some(connection) = self.table().connection(self.scope(), &account).await? {
            return Ok(connection);
        }
        if self.table().owner(&account).await?.is_some() {
            self.note_foreign();
        }
        Err(unknown())
    }

    /// The account that is asked about, or all of the tenant's.
    pub(crate) async fn accounts(&self, asked: Option<&str>) -> Result<Vec<AccountId>, Problem> {
        if let Some(id) = asked {
            return Ok(vec![self.account(id).await?.account]);
        }
        let connections = self.table().connections(self.scope()).await?;
        Ok(connections.into_iter().map(|connection| connection.account).collect())
    }

    /// The entry of a list after which a page begins, if it is not the first: `question` names the list
    /// with all its filters.
    pub(crate) async fn page_after(
        &self,
        question: &str,
        cursor: Option<&str>,
    ) -> Result<Option<String>, Problem> {
        let Some(cursor) = cursor else { return Ok(None) };
        let key = self.api.cursor_key.get().await?;
        cursor::read(&key, (self.scope().tenant(), question), cursor).map(Some)
    }

    /// The cursor of the page after an entry, where there is one more.
    pub(crate) async fn next_page(
        &self,
        question: &str,
        last: Option<&str>,
    ) -> Result<Option<String>, Problem> {
        let Some(last) = last else { return Ok(None) };
        let key = self.api.cursor_key.get().await?;
        Ok(Some(cursor::sign(&key, (self.scope().tenant(), question), last)))
    }

    /// Somebody has asked for what is another tenant's: an operator should know.
    pub(crate) fn note_foreign(&self) {
        tracing::warn!(by = %self.caller.principal(), "refused: it is another tenant's");
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn refused(refusal: Refusal) -> Problem {
    match &refusal {
        Refusal::Unreachable(_) => {
            tracing::error!(why = %refusal, "nobody can be let in");
            Problem::of(Code::Unavailable).after(1)
        }
        Refusal::Expired => Problem::of(Code::Expired),
        Refusal::NoCredential => Problem::of(Code::Unauthenticated),
        Refusal::Invalid(_) => {
            tracing::warn!(why = %refusal, "somebody was not let in");
            Problem::of(Code::Unauthenticated)
        }
    }
}

impl FromRequestParts<Arc<Api>> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        let Leaver(known) = Leaver::from_request_parts(parts, api).await?;
        known.stays(&parts.method).await.map(Self)
    }
}

impl FromRequestParts<Arc<Api>> for Leaver {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        let known = Known::find(parts, api).await?;
        match &known.caller.who {
            Who::Member { .. } => Ok(Self(known)),
            Who::Key(_) => {
                let detail = "This is for people who have signed in, not for API keys.";
                Err(Problem::because(Code::Forbidden, detail))
            }
        }
    }
}

impl FromRequestParts<Arc<Api>> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        Known::find(parts, api).await?.stays(&parts.method).await.map(Self)
    }
}

impl Anyone {
    /// As somebody who may do this.
    pub(crate) fn with(self, right: Right) -> Result<Known, Problem> {
        if self.0.caller.may(right) {
            return Ok(self.0);
        }
        let detail = format!("The API key lacks the scope {}.", right.code());
        Err(Problem::because(Code::Forbidden, detail))
    }
}
