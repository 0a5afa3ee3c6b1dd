//! Who asks: a person, by a token that our issuer has signed, or a tenant's own program, by a key.
//! Out of either comes the right to one tenant's data, and out of nothing else.
//!
//! Begin with [`Identity::authenticate`].

mod claims;
mod http_keys;
mod key_text;
mod keys;
mod tenant_name;
mod userinfo;
mod verifier;

pub use claims::Claims;
pub use http_keys::HttpKeys;
pub use key_text::{FreshKey, PREFIX, fresh_key, hash_of};
pub use keys::{FetchKeys, Fetching};
pub use userinfo::{HttpUserinfo, Names, Naming};
pub use verifier::Verifier;

use domain::api_key::{ApiKey, Right};
use domain::governance::{Asker, AuditEntry};
use domain::words;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use std::fmt;
use store::{Login, Table, TenantScope};

/// A key's last use is this exact; more is not worth a write.
const USE_IS_EXACT_TO: SignedDuration = SignedDuration::from_mins(10);

/// Lets in who shows that he may come in.
pub struct Identity {
    table: Table,
    verifier: Verifier,
    names: Option<Box<dyn Names>>,
}

/// Who asks, and for whose data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The tenant's data.
    pub scope: TenantScope,
    /// Who.
    pub who: Who,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person of the tenant.
    Member {
        /// The issuer's name for him.
        sub: String,
        /// His name.
        name: String,
    },
    /// One of the tenant's programs.
    Key(ApiKey),
}

/// Why somebody is not let in. The text is for the log: whoever asks hears nothing but that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// He showed nothing.
    #[error("no credential")]
    NoCredential,
    /// What he showed is worth nothing.
    #[error("the credential is not valid: {0}")]
    Invalid(&'static str),
    /// It was worth something once.
    #[error("the credential is no longer valid")]
    Expired,
    /// Nobody can tell just now: not his fault.
    #[error("the credential cannot be checked: {0}")]
    Unreachable(String),
}

impl Caller {
    /// As the audit knows him.
    pub fn asker(&self) -> Asker {
        Asker::Customer(match &self.who {
            Who::Member { name, .. } => name.clone(),
            Who::Key(key) => format!("key {}", key.name),
        })
    }

    /// The same text each time that he asks, and nobody else's: for rate limits. It does not tell
    /// who he is.
    pub fn principal(&self) -> String {
        let (kind, id) = match &self.who {
            Who::Member { sub, .. } => ("member", sub),
            Who::Key(key) => ("key", &key.id),
        };
        let digest = Sha256::digest(format!("{}\0{kind}\0{id}", self.scope.tenant()).as_bytes());
        words::hex(&digest[..16])
    }

    /// Whether he may do something that keys can be good for; a person may do all of it.
    pub fn may(&self, right: Right) -> bool {
        match &self.who {
            Who::Member { .. } => true,
            Who::Key(key) => key.may(right),
        }
    }
}

impl Identity {
    /// Over the table that knows logins and keys, with what checks tokens.
    pub const fn new(table: Table, verifier: Verifier) -> Self {
        Self { table, verifier, names: None }
    }

    /// With whom to ask for the name of a person who comes for the first time. Where it cannot be had
    /// he is called as his token calls him.
    #[must_use]
    pub fn with_names(self, names: impl Names) -> Self {
        Self { names: Some(Box::new(names)), ..self }
    }

    /// Who asks, by the header `Authorization`: `Bearer <token>` or `Bearer dd0c_…`. A person who
    /// comes for the first time is signed up with a tenant of his own.
    pub async fn authenticate(
        &self,
        authorization: Option<&str>,
        now: Timestamp,
    ) -> Result<Caller, Refusal> {
        let credential = bearer(authorization)?;
        if credential.starts_with(PREFIX) {
            return self.by_key(credential, now).await;
        }
        let claims = self.verifier.verify(credential, now).await?;
        let login = match self.table.login(&claims.sub).await.map_err(unknown)? {
            Some(login) => login,
            None => self.sign_up(&claims, &credential.into(), now).await?,
        };
        let name = login.name.unwrap_or(claims.name);
        Ok(Caller { scope: login.scope, who: Who::Member { sub: claims.sub, name } })
    }

    async fn by_key(&self, text: &str, now: Timestamp) -> Result<Caller, Refusal> {
        let hash = hash_of(text).ok_or(Refusal::Invalid("the checksum of the key is wrong"))?;
        let found = self.table.api_key_by_hash(&hash).await.map_err(unknown)?;
        let (scope, key) = found.ok_or(Refusal::Invalid("no live key"))?;
        let stale = |last: Timestamp| now.duration_since(last) >= USE_IS_EXACT_TO;
        if key.last_used_at.is_none_or(stale)
            && let Err(error) = self.table.note_api_key_used(&hash, now).await
        {
            // He may do what he came for all the same.
            tracing::warn!(error = %error, "the use of a key was not noted");
        }
        Ok(Caller { scope, who: Who::Key(key) })
    }

    async fn sign_up(
        &self,
        claims: &Claims,
        token: &SecretString,
        now: Timestamp,
    ) -> Result<Login, Refusal> {
        let name = self.name_of(claims, token).await;
        let tenant = tenant_name::fresh().map_err(unknown)?;
        let entry = AuditEntry {
            at: now,
            who: Asker::Customer(name.clone()).to_string(),
            what: "sign up".to_owned(),
            account: None,
            old: String::new(),
            new: "a tenant".to_owned(),
            why: "the first time that this login came".to_owned(),
        };
        let signed_up = self.table.sign_up(&claims.sub, &name, &tenant, &entry, now).await;
        signed_up.map_err(unknown)
    }

    /// As the issuer calls him when he is asked, or as the token does.
    async fn name_of(&self, claims: &Claims, token: &SecretString) -> String {
        let Some(names) = &self.names else { return claims.name.clone() };
        names.name(token, claims).await.unwrap_or_else(|why| {
            tracing::warn!(why, "a person is called as his token calls him");
            claims.name.clone()
        })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

fn bearer(authorization: Option<&str>) -> Result<&str, Refusal> {
    let header = authorization.map(str::trim).filter(|header| !header.is_empty());
    let header = header.ok_or(Refusal::NoCredential)?;
    match header.split_once(' ') {
        Some((scheme, credential)) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(credential.trim())
        }
        _ => Err(Refusal::Invalid("it is no bearer")),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unknown(error: impl ToString) -> Refusal {
    Refusal::Unreachable(error.to_string())
}
