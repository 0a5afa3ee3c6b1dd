//! Checks an issuer's tokens.

use crate::claims::{Claims, Said};
use crate::keys::{FetchKeys, Keys};
use crate::{HttpKeys, Refusal};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use pipeline::error::Failure;
use std::collections::HashSet;

/// Bytes of a token; Cognito's have about one thousand.
const MAX_TOKEN: usize = 8 * 1024;
/// Bytes of a key's name.
const MAX_KEY_NAME: usize = 256;

/// Checks the access tokens of one issuer for one client.
#[derive(Debug)]
pub struct Verifier {
    issuer: String,
    client_id: String,
    keys: Keys,
}

impl Verifier {
    /// With where the issuer's keys come from.
    pub fn new(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        jwks: impl FetchKeys,
    ) -> Self {
        Self { issuer: issuer.into(), client_id: client_id.into(), keys: Keys::new(jwks) }
    }

    /// With the keys that the issuer shows at its own address.
    pub fn over_http(issuer: &str, client_id: &str) -> Result<Self, Failure> {
        Ok(Self::new(issuer, client_id, HttpKeys::of(issuer)?))
    }

    /// What a token says, if it is ours and holds at this moment.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, Refusal> {
        if token.len() > MAX_TOKEN {
            return Err(Refusal::Invalid("it is too long"));
        }
        let name = key_name(token)?;
        let key = self.keys.find(&name, now).await?;
        let said = decode::<Said>(token, &key, &rules());
        let said = said.map_err(|error| Refusal::Invalid(why(&error)))?.claims;
        said.checked((&self.issuer, &self.client_id), now)
    }
}

/// Which key a token names. Only its name is taken from there: with which algorithm a token is
/// checked is our decision, not its own.
fn key_name(token: &str) -> Result<String, Refusal> {
    let header = decode_header(token).map_err(|_| Refusal::Invalid("it cannot be read"))?;
    if header.alg != Algorithm::RS256 {
        return Err(Refusal::Invalid("it is signed in another way"));
    }
    let name = header.kid.filter(|name| name.len() <= MAX_KEY_NAME);
    name.ok_or(Refusal::Invalid("it names no key"))
}

/// The signature alone: the time is told by whoever asks, and the rest is in `claims.rs`.
fn rules() -> Validation {
    let mut rules = Validation::new(Algorithm::RS256);
    rules.required_spec_claims = HashSet::new();
    rules.validate_exp = false;
    rules.validate_nbf = false;
    rules.validate_aud = false;
    rules
}

fn why(error: &jsonwebtoken::errors::Error) -> &'static str {
    match error.kind() {
        jsonwebtoken::errors::ErrorKind::InvalidSignature => "its signature is wrong",
        _ => "its claims cannot be read",
    }
}
