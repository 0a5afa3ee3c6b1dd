//! Cursors: where the next page of a list begins, signed, so that nobody can make one, and bound to
//! the tenant and the question that it was given out for.

use crate::outside::Coming;
use crate::problem::{Code, Problem};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::ids::TenantId;
use hmac::{Hmac, KeyInit, Mac};
use pipeline::error::Failure;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The key that cursors are signed with: at hand, or fetched when the first cursor is. Who needs none
/// does not wait for it.
pub struct CursorKey(Source);

enum Source {
    AtHand(SecretString),
    Elsewhere(Box<dyn Fn() -> Coming<'static, SecretString> + Send + Sync>),
}

impl CursorKey {
    /// Fetched by each cursor: whoever fetches it remembers it.
    pub fn from_elsewhere<F, C>(fetch: F) -> Self
    where
        F: Fn() -> C + Send + Sync + 'static,
        C: Future<Output = Result<SecretString, Failure>> + Send + 'static,
    {
        Self(Source::Elsewhere(Box::new(move || Box::pin(fetch()))))
    }

    /// The key.
    pub(crate) async fn get(&self) -> Result<SecretString, Problem> {
        Ok(match &self.0 {
            Source::AtHand(key) => key.clone(),
            Source::Elsewhere(fetch) => fetch().await?,
        })
    }
}

impl<T: Into<SecretString>> From<T> for CursorKey {
    fn from(key: T) -> Self {
        Self(Source::AtHand(key.into()))
    }
}

/// Bytes of a signature that are sent.
const SIGNED: usize = 16;
/// Characters that a cursor may have. Those of zombies hold the name of a resource, and a log group's
/// alone has up to 512.
const MAX_LENGTH: usize = 2_048;

/// The cursor after an entry of a list: `question` names the list with all its filters.
pub fn sign(key: &SecretString, (tenant, question): (&TenantId, &str), after: &str) -> String {
    let signature = mac(key, tenant, question, after);
    let mut bytes = signature.unwrap_or_default();
    bytes.extend_from_slice(after.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The entry after which the page begins.
pub fn read(
    key: &SecretString,
    (tenant, question): (&TenantId, &str),
    cursor: &str,
) -> Result<String, Problem> {
    let wrong = || {
        let detail = "Take `next` of the page before as it is, with the same filters.";
        Problem::because(Code::InvalidCursor, detail)
    };
    if cursor.len() > MAX_LENGTH {
        return Err(wrong());
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
    let (signature, after) = bytes.split_at_checked(SIGNED).ok_or_else(wrong)?;
    let after = std::str::from_utf8(after).map_err(|_| wrong())?;
    let mac = hmac(key, tenant, question, after).ok_or_else(wrong)?;
    mac.verify_truncated_left(signature).map_err(|_| wrong())?;
    Ok(after.to_owned())
}

fn mac(key: &SecretString, tenant: &TenantId, question: &str, after: &str) -> Option<Vec<u8>> {
    let tag = hmac(key, tenant, question, after)?.finalize().into_bytes();
    Some(tag[..SIGNED].to_vec())
}

fn hmac(
    key: &SecretString,
    tenant: &TenantId,
    question: &str,
    after: &str,
) -> Option<Hmac<Sha256>> {
    let key = key.expose_secret();
    // Anybody can sign with an empty key.
    if key.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    for part in [tenant.as_str(), question, after] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_out_is_taken_back_however_long_the_name_of_a_resource_is() {
        let (key, acme) = (SecretString::from("k1"), TenantId::parse("acme").unwrap());
        let after = format!("{:020}#111122223333#ap-southeast-2#check#{}", 1, "n".repeat(512));
        let cursor = sign(&key, (&acme, "zombies"), &after);
        assert_eq!(read(&key, (&acme, "zombies"), &cursor).unwrap(), after);
    }

    #[test]
    fn a_cursor_is_of_one_tenant_one_question_and_one_key() {
        let (key, other) = (SecretString::from("k1"), SecretString::from("k2"));
        let tenant = |name: &str| TenantId::parse(name).unwrap();
        let (acme, initech) = (tenant("acme"), tenant("initech"));
        let cursor = sign(&key, (&acme, "anomalies"), "01J");
        assert_eq!(read(&key, (&acme, "anomalies"), &cursor).unwrap(), "01J");
        assert!(read(&key, (&initech, "anomalies"), &cursor).is_err());
        assert!(read(&key, (&acme, "anomalies?severity=info"), &cursor).is_err());
        assert!(read(&other, (&acme, "anomalies"), &cursor).is_err());
        let nobodys = sign(&SecretString::from(""), (&acme, "anomalies"), "01J");
        assert!(read(&SecretString::from(""), (&acme, "anomalies"), &nobodys).is_err());
        for wrong in ["", "x", "ÄÖ", &"A".repeat(3_000), &format!("{cursor}A"), &cursor[1..]] {
            assert!(read(&key, (&acme, "anomalies"), wrong).is_err(), "{wrong}");
        }
    }
}
