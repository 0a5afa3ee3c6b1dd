//! What a call carries: a token, and arguments as JSON, as a form or in the address.

use crate::refusal::Refusal;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// A call, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Empty where none was sent.
    pub(crate) token: String,
    /// Of HTTP basic authentication: client id and secret.
    pub(crate) client: Option<(String, String)>,
    /// An object.
    pub(crate) sent: Value,
}

impl Arguments {
    pub(crate) fn read(uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let mut sent = form(uri.query().unwrap_or_default().as_bytes());
        let kind = header(headers, CONTENT_TYPE.as_str());
        if kind.starts_with("application/json") {
            let mut fields = json(body)?;
            // Slack takes no token there.
            fields.remove("token");
            sent.extend(fields);
        } else if kind.starts_with("application/x-www-form-urlencoded") || body.is_empty() {
            sent.extend(form(body));
        } else {
            return Err(Refusal::new("invalid_post_type", "JSON or a form is needed"));
        }
        let authorization = header(headers, AUTHORIZATION.as_str());
        let bearer = authorization.strip_prefix("Bearer ").map(str::to_owned);
        let in_form = sent.remove("token").and_then(|token| token.as_str().map(str::to_owned));
        let client = authorization.strip_prefix("Basic ").and_then(basic);
        let token = bearer.or(in_form).unwrap_or_default();
        Ok(Self { token, client, sent: Value::Object(sent) })
    }

    /// An argument that is a text; empty where it is missing.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.sent[name].as_str().unwrap_or_default()
    }
}

/// A header's text, empty where there is none.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// An object in JSON.
pub(crate) fn json(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Refusal::new("json_not_object", "an object is needed")),
        Err(error) => Err(Refusal::new("invalid_json", error.to_string())),
    }
}

/// A form's fields. Blocks in it are JSON in text; what is none stays text and is refused later.
pub(crate) fn form(body: &[u8]) -> Map<String, Value> {
    let field = |(name, text): (_, std::borrow::Cow<'_, str>)| {
        let name = String::from(name);
        let blocks = (name == "blocks").then(|| serde_json::from_str(&text).ok()).flatten();
        (name, blocks.unwrap_or_else(|| Value::String(text.into_owned())))
    };
    form_urlencoded::parse(body).map(field).collect()
}

fn basic(encoded: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
