//! Sessions: credentials of a customer's role, kept until shortly before they pass.

use crate::node::Node;
use crate::own::OwnCredentials;
use crate::when;
use jiff::{SignedDuration, Timestamp};
use pipeline::cloud::Access;
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A session is not begun to be used so shortly before it passes.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// Credentials with which calls are signed. They do not print.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub(crate) id: String,
    pub(crate) secret: SecretString,
    pub(crate) token: Option<SecretString>,
    expires: Option<Timestamp>,
}

impl From<&OwnCredentials> for Keys {
    fn from(own: &OwnCredentials) -> Self {
        let (id, secret) = (own.key_id.clone(), own.secret.clone());
        Self { id, secret, token: own.session_token.clone(), expires: None }
    }
}

impl Keys {
    /// From the answer of `AssumeRole`.
    pub(crate) fn assumed(answer: &Node) -> Option<Self> {
        let of = |name: &str| answer.some(&format!("AssumeRoleResult.Credentials.{name}"));
        Some(Self {
            id: of("AccessKeyId")?.to_owned(),
            secret: of("SecretAccessKey")?.into(),
            token: Some(of("SessionToken")?.into()),
            expires: Some(when::iso(of("Expiration")?)?),
        })
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| expires.duration_since(now) > MARGIN)
    }
}

/// Kept sessions: by all that they were begun with, so that a changed connection has none.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<Key, Arc<Keys>>>);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key(String, String, String);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    fn of(access: &Access) -> Self {
        let account = access.account.as_str().to_owned();
        Self(account, access.role_arn.clone(), access.external_id.clone())
    }
}

impl Sessions {
    pub(crate) fn get(&self, access: &Access, now: Timestamp) -> Option<Arc<Keys>> {
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(&Key::of(access)).filter(|keys| keys.is_fresh(now)).cloned()
    }

    /// Keeps it, and forgets all that have passed.
    pub(crate) fn keep(&self, access: &Access, keys: Keys, now: Timestamp) -> Arc<Keys> {
        let keys = Arc::new(keys);
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, kept| kept.is_fresh(now));
        sessions.insert(Key::of(access), Arc::clone(&keys));
        keys
    }

    pub(crate) fn forget(&self, access: &Access) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&Key::of(access));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::AccountId;

    fn access(external_id: &str) -> Access {
        Access {
            account: AccountId::parse("111122223333").unwrap(),
            role_arn: "arn:aws:iam::111122223333:role/dd0c-cost-readonly".to_owned(),
            external_id: external_id.to_owned(),
        }
    }

    fn keys(expires: &str) -> Keys {
        let xml = format!(
            "<R><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId>\
             <SecretAccessKey>very-secret</SecretAccessKey><SessionToken>token-of-it</SessionToken>\
             <Expiration>{expires}</Expiration></Credentials></AssumeRoleResult></R>"
        );
        Keys::assumed(&Node::parse(&xml).unwrap()).unwrap()
    }

    #[test]
    fn a_session_is_kept_until_five_minutes_before_it_passes() {
        let (sessions, at) = (Sessions::default(), |text: &str| text.parse().unwrap());
        sessions.keep(&access("a"), keys("2026-06-01T01:00:00Z"), at("2026-06-01T00:00:00Z"));
        assert!(sessions.get(&access("a"), at("2026-06-01T00:54:59Z")).is_some());
        assert!(sessions.get(&access("a"), at("2026-06-01T00:55:00Z")).is_none());
        assert!(sessions.get(&access("b"), at("2026-06-01T00:00:00Z")).is_none(), "another id");
        sessions.forget(&access("a"));
        assert!(sessions.get(&access("a"), at("2026-06-01T00:00:00Z")).is_none());
    }

    #[test]
    fn what_has_passed_is_not_kept_for_ever() {
        let (sessions, at) = (Sessions::default(), |text: &str| text.parse().unwrap());
        sessions.keep(&access("a"), keys("2026-06-01T01:00:00Z"), at("2026-06-01T00:00:00Z"));
        sessions.keep(&access("b"), keys("2026-06-01T03:00:00Z"), at("2026-06-01T02:00:00Z"));
        assert_eq!(sessions.0.lock().unwrap().len(), 1);
    }

    #[test]
    fn credentials_do_not_print() {
        let (sessions, now) = (Sessions::default(), "2026-06-01T00:00:00Z".parse().unwrap());
        sessions.keep(&access("agreed-upon"), keys("2026-06-01T01:00:00Z"), now);
        let shown = format!("{sessions:?}");
        for secret in ["very-secret", "token-of-it", "agreed-upon", "111122223333"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
