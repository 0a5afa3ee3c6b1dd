//! Tokens: as they should be, and as they should not.

use crate::key::Key;
use crate::random::{as_uuid, hex, uuid};
use crate::state::LoginState;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

/// How long a token holds, in seconds.
pub(crate) const HOLDS: i64 = 3600;

/// Name of a key that nobody knows.
const UNKNOWN: &str = "nobody-knows-it";

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// As it should be: RS256 with the newest key.
    Rightly,
    /// Not at all, and it says so: `alg: none`.
    Not,
    /// HS256, with the public key for a secret.
    WithThePublicKey,
    /// With a key that nobody knows, under the name of the right one.
    ByAStranger,
    /// With a key that nobody knows, under its own name.
    WithAnUnknownKey,
    /// Rightly, but without the name of the key.
    WithoutAName,
    /// Rightly, but it says that it was signed in this way.
    As(&'static str),
}

impl LoginState {
    /// What an access token says of a person, signed in just now.
    pub fn access_claims(&self, name: &str, now: Timestamp) -> Value {
        let mut claims = self.claims(name, now);
        claims["token_use"] = "access".into();
        claims["scope"] = "openid email profile".into();
        claims["client_id"] = self.settings().client_id.as_str().into();
        claims["username"] = name.into();
        claims["version"] = 2.into();
        claims
    }

    /// What an id token says of him.
    pub fn id_claims(&self, name: &str, now: Timestamp) -> Value {
        let mut claims = self.claims(name, now);
        claims["token_use"] = "id".into();
        claims["aud"] = self.settings().client_id.as_str().into();
        claims["cognito:username"] = name.into();
        claims["name"] = name.into();
        claims["email"] = format!("{}@example.com", sub(name)).into();
        claims["email_verified"] = true.into();
        claims
    }

    fn claims(&self, name: &str, now: Timestamp) -> Value {
        let seconds = now.as_second();
        self.world().people.insert(sub(name), name.to_owned());
        json!({
            "sub": sub(name), "iss": self.settings().issuer,
            "auth_time": seconds, "iat": seconds, "exp": seconds + HOLDS,
            "jti": uuid(), "origin_jti": uuid(), "event_id": uuid(),
        })
    }

    /// The access token of a person who signs in by another provider: of his name it knows a number.
    pub fn federated_token(&self, name: &str, now: Timestamp) -> String {
        let mut claims = self.access_claims(name, now);
        claims["username"] = format!("GitHub_{}", number_of(name)).into();
        self.mint(&claims, Signed::Rightly)
    }

    /// What is known of who holds an access token of ours; `None` of any other.
    pub(crate) fn userinfo(&self, token: &str) -> Option<Value> {
        let claims = self.signed(token)?;
        let asks = claims["scope"].as_str()?.split(' ').any(|scope| scope == "openid");
        let sub = claims["sub"].as_str().filter(|_| asks && claims["token_use"] == "access")?;
        let name = self.world().people.get(sub).cloned()?;
        Some(json!({
            "sub": sub, "name": name, "username": claims["username"],
            "email": format!("{sub}@example.com"), "email_verified": "true",
        }))
    }

    /// What a token says that one of our keys has signed.
    fn signed(&self, token: &str) -> Option<Value> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let key = self.key(decoded(header)?["kid"].as_str()?)?;
        // The same message has the same signature.
        let right = BASE64_URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()));
        decoded(claims).filter(|_| signature == right)
    }

    /// A person's access token, as it should be.
    pub fn access_token(&self, name: &str, now: Timestamp) -> String {
        self.mint(&self.access_claims(name, now), Signed::Rightly)
    }

    /// A token that says this, whatever it is.
    pub fn mint(&self, claims: &Value, signed: Signed) -> String {
        let key = self.newest_key();
        let (alg, kid) = match signed {
            Signed::Not => ("none", Some(key.name.as_str())),
            Signed::WithThePublicKey => ("HS256", Some(key.name.as_str())),
            Signed::As(alg) => (alg, Some(key.name.as_str())),
            Signed::WithAnUnknownKey => ("RS256", Some(UNKNOWN)),
            Signed::WithoutAName => ("RS256", None),
            Signed::Rightly | Signed::ByAStranger => ("RS256", Some(key.name.as_str())),
        };
        let mut header = json!({ "alg": alg });
        if let Some(kid) = kid {
            header["kid"] = kid.into();
        }
        let message = format!("{}.{}", encoded(&header), encoded(claims));
        let signature = match signed {
            Signed::Not => Vec::new(),
            Signed::WithThePublicKey => key.sign_with_its_public_key(message.as_bytes()),
            Signed::ByAStranger | Signed::WithAnUnknownKey => {
                Key::new(UNKNOWN).sign(message.as_bytes())
            }
            _ => key.sign(message.as_bytes()),
        };
        format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

fn decoded(part: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// The number by which another provider knows a person.
fn number_of(name: &str) -> u32 {
    name.bytes().fold(7, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)))
}

fn encoded(part: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part.to_string())
}

/// The issuer's name for a person: the same each time that he comes.
fn sub(name: &str) -> String {
    as_uuid(&hex(digest(&SHA256, name.as_bytes()).as_ref()))
}
