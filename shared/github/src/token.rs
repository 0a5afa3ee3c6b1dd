//! `/token`: Cognito brings the code and gets a signed `id_token` for it.

use crate::Issuer;
use crate::callback::Visit;
use crate::fields::{Fields, challenge};
use crate::random::{kept_as, random};
use crate::refusal::Refusal;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use kms::signing::Sign;
use pipeline::error::Failure;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::StateKind;

/// Seconds that an `id_token` holds: Cognito reads it at once.
const HOLDS: i64 = 300;

pub(crate) async fn exchange<S: Sign>(
    State(issuer): State<Arc<Issuer<S>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match issuer.tokens(&headers, &Fields::read(&body), Timestamp::now()).await {
        Ok(tokens) => ([(CACHE_CONTROL, "no-store")], Json(tokens)).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

impl<S: Sign> Issuer<S> {
    async fn tokens(
        &self,
        headers: &HeaderMap,
        sent: &Fields,
        now: Timestamp,
    ) -> Result<Value, Refusal> {
        // Nothing is looked up for somebody else.
        let (id, secret) = credentials(headers, sent)?;
        if !self.secret.is_client(&id, &secret) {
            return Err(Refusal::InvalidClient);
        }
        let visit = self.visit(sent, now).await?;
        let (access, id_token) = (random()?, self.id_token(&visit, now).await?);
        let kept = kept_as(&access);
        self.keep((StateKind::GithubAccess, &kept), &visit.person, now).await?;
        Ok(json!({
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": StateKind::GithubAccess.holds().as_secs(),
            "scope": "openid",
            "id_token": id_token,
        }))
    }

    /// What the code stands for. Whatever is wrong with the rest, it is brought once.
    async fn visit(&self, sent: &Fields, now: Timestamp) -> Result<Visit, Refusal> {
        if sent.any_twice() {
            return Err(Refusal::InvalidRequest);
        }
        match sent.get("grant_type") {
            Some("authorization_code") => {}
            Some(_) => return Err(Refusal::UnsupportedGrantType),
            None => return Err(Refusal::InvalidRequest),
        }
        let code = sent.get("code").ok_or(Refusal::InvalidRequest)?;
        let kept = kept_as(code);
        let given = self.table.take_state_with((StateKind::GithubCode, &kept), now).await;
        let given = given.map_err(Failure::from)?.ok_or(Refusal::InvalidGrant)?;
        let visit: Visit =
            serde_json::from_str(&given.payload).map_err(|_| Refusal::InvalidGrant)?;
        let same_place = sent.get("redirect_uri") == Some(visit.redirect_uri.as_str());
        let proved = sent.get("code_verifier").map(challenge) == visit.challenge;
        if same_place && proved { Ok(visit) } else { Err(Refusal::InvalidGrant) }
    }

    async fn id_token(&self, visit: &Visit, now: Timestamp) -> Result<String, Failure> {
        let mut claims = visit.person.claims();
        let seconds = now.as_second();
        let mut say = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        say("iss", self.url.as_str().into());
        say("aud", self.secret.client_id.as_str().into());
        say("iat", seconds.into());
        say("exp", (seconds + HOLDS).into());
        if let Some(nonce) = &visit.nonce {
            say("nonce", nonce.as_str().into());
        }
        self.signed(&claims).await
    }

    async fn signed(&self, claims: &Map<String, Value>) -> Result<String, Failure> {
        let key = self.signer.public_key().await?;
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": key.name() });
        let encoded = |part: String| BASE64_URL_SAFE_NO_PAD.encode(part);
        let claims = Value::from(claims.clone()).to_string();
        let message = format!("{}.{}", encoded(header.to_string()), encoded(claims));
        let signature = self.signer.sign(message.as_bytes()).await?;
        Ok(format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// Id and secret of whoever asks: in the header or in the form, not in both.
fn credentials(headers: &HeaderMap, sent: &Fields) -> Result<(String, String), Refusal> {
    let header = headers.get(AUTHORIZATION);
    let in_form = sent.get("client_secret");
    match (header, in_form) {
        (Some(_), Some(_)) => Err(Refusal::InvalidRequest),
        (Some(header), None) => header.to_str().ok().and_then(basic).ok_or(Refusal::InvalidClient),
        (None, Some(secret)) => {
            let id = sent.get("client_id").unwrap_or_default();
            Ok((id.to_owned(), secret.to_owned()))
        }
        (None, None) => Err(Refusal::InvalidClient),
    }
}

/// RFC 6749, 2.3.1: both parts are form-encoded before they are put together.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decoded(id), decoded(secret)))
}

fn decoded(part: &str) -> String {
    let part = part.replace('&', "%26").replace('=', "%3D");
    let mut fields = form_urlencoded::parse(part.as_bytes());
    fields.next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_says_who_it_is_in_the_header() {
        let header = |text: &str| format!("Basic {}", BASE64_STANDARD.encode(text));
        let read = |text: &str| basic(&header(text));
        let pair = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(read("cognito:s3cret"), pair("cognito", "s3cret"));
        assert_eq!(read("cognito:a%3Ab%2Bc"), pair("cognito", "a:b+c"));
        assert_eq!(read("cognito:a=b&c"), pair("cognito", "a=b&c"));
        assert_eq!(read("cognito:"), pair("cognito", ""));
        assert_eq!(read("cognito"), None);
        for wrong in ["", "Basic", "Basic !", "Bearer Y29nbml0bzpz"] {
            assert_eq!(basic(wrong), None, "{wrong}");
        }
    }
}
