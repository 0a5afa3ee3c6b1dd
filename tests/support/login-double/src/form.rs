//! What browsers and programs send: fields in the address or in a form.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use std::collections::HashMap;

/// Fields by their names; of one that is sent twice the last.
pub(crate) struct Form(HashMap<String, String>);

impl Form {
    pub(crate) fn read(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// A field's text, empty where it is missing.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// Whether a verifier is the one that a challenge was made of (PKCE, S256).
pub(crate) fn fits(verifier: &str, challenge: &str) -> bool {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) == challenge
}

/// An address with further fields.
pub(crate) fn with(address: &str, fields: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{}", query.finish())
}

/// Sends a browser elsewhere; it asks there with GET.
pub(crate) fn redirect(to: &str) -> Response {
    let headers = [(LOCATION, to), (CACHE_CONTROL, "no-store")];
    (StatusCode::SEE_OTHER, headers).into_response()
}
