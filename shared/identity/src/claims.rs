//! What a token says, and whether that is enough: of our issuer, for our client, for asking, and
//! now.

use crate::Refusal;
use domain::words;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// Two clocks may differ by so much.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// Characters of the issuer's name for a person.
const MAX_SUB: usize = 128;
/// Characters of a person's own name that are kept.
const MAX_NAME: usize = 100;

/// What a valid token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The issuer's name for the person.
    pub sub: String,
    /// The person's own name, or what comes nearest.
    pub name: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A name as it is kept and shown: of bounded length, and one line.
pub(crate) fn shown(name: &str) -> String {
    let name: String = name.chars().take(MAX_NAME).collect();
    words::clean(&name)
}

/// As they stand in a token. What else is there does not matter.
#[derive(Debug, Deserialize)]
pub(crate) struct Said {
    iss: String,
    sub: String,
    client_id: Option<String>,
    token_use: Option<String>,
    exp: i64,
    nbf: Option<i64>,
    iat: Option<i64>,
    name: Option<String>,
    username: Option<String>,
}

impl Said {
    /// Checks all that a signature does not.
    pub(crate) fn checked(
        self,
        (issuer, client_id): (&str, &str),
        now: Timestamp,
    ) -> Result<Claims, Refusal> {
        self.is_for_us(issuer, client_id).map_err(Refusal::Invalid)?;
        let expires_at = self.holds(now)?;
        let sub = self.sub;
        let name = [self.name, self.username].into_iter().flatten().find(|name| !name.is_empty());
        Ok(Claims { name: shown(name.as_deref().unwrap_or(&sub)), sub, expires_at })
    }

    fn is_for_us(&self, issuer: &str, client_id: &str) -> Result<(), &'static str> {
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'#';
        if self.iss != issuer {
            return Err("it is of another issuer");
        }
        if self.token_use.as_deref() != Some("access") {
            return Err("it is no access token");
        }
        if self.client_id.as_deref() != Some(client_id) {
            return Err("it is for another client");
        }
        if !(1..=MAX_SUB).contains(&self.sub.len()) || !self.sub.bytes().all(plain) {
            return Err("it names nobody");
        }
        Ok(())
    }

    fn holds(&self, now: Timestamp) -> Result<Timestamp, Refusal> {
        let moment = |seconds| {
            Timestamp::from_second(seconds).map_err(|_| Refusal::Invalid("its time is none"))
        };
        let begins = [self.nbf, self.iat].into_iter().flatten().map(moment);
        for begin in begins {
            if begin?.duration_since(now) > LEEWAY {
                return Err(Refusal::Invalid("it is from the future"));
            }
        }
        let expires_at = moment(self.exp)?;
        if now.duration_since(expires_at) >= LEEWAY {
            return Err(Refusal::Expired);
        }
        Ok(expires_at)
    }
}
