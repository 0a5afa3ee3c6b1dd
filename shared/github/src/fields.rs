//! Fields of addresses and forms, and what PKCE makes of a verifier.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use form_urlencoded::Serializer;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Fields by their names. One that comes twice is none: it could be read in two ways.
#[derive(Debug)]
pub(crate) struct Fields(HashMap<String, Option<String>>);

impl Fields {
    pub(crate) fn read(text: &[u8]) -> Self {
        let mut fields = HashMap::new();
        for (name, value) in form_urlencoded::parse(text).into_owned() {
            let seen = fields.contains_key(&name);
            fields.insert(name, (!seen).then_some(value));
        }
        Self(fields)
    }

    /// A field, if it is there once and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_deref().filter(|value| !value.is_empty())
    }

    /// Whether a field came more than once.
    pub(crate) fn any_twice(&self) -> bool {
        self.0.values().any(Option::is_none)
    }
}

/// An address with further fields; it may have some already.
pub(crate) fn with(address: &str, fields: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(fields);
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{}", query.finish())
}

/// The challenge of a verifier (PKCE, S256).
pub(crate) fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_comes_twice_is_none() {
        let fields = Fields::read(b"a=1&b=2&a=3&c=&d=%20x");
        assert_eq!(fields.get("a"), None);
        assert!(fields.any_twice());
        assert_eq!(
            (fields.get("b"), fields.get("c"), fields.get("d")),
            (Some("2"), None, Some(" x"))
        );
        assert!(!Fields::read(b"a=1&b=2").any_twice());
    }

    #[test]
    fn fields_are_added_whatever_they_hold() {
        assert_eq!(with("https://a/b", &[("state", "x&y=z#")]), "https://a/b?state=x%26y%3Dz%23");
        assert_eq!(with("https://a?b=c", &[("d", "e")]), "https://a?b=c&d=e");
    }

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
