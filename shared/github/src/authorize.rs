//! `/authorize`: Cognito sends a person; he is sent on to GitHub.

use crate::Issuer;
use crate::fields::{Fields, with};
use crate::random::{kept_as, random};
use crate::refusal::{failed, page, redirect};
use axum::extract::{RawQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use kms::signing::Sign;
use pipeline::error::Failure;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::StateKind;

/// Bytes of Cognito's `state`. GitHub refuses more than some hundred, so it stays here.
const MAX_STATE: usize = 4 * 1024;
/// Bytes of a `nonce`.
const MAX_NONCE: usize = 512;

/// Where somebody came from: kept until he comes back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Errand {
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
    pub(crate) nonce: Option<String>,
    /// The challenge that Cognito sent, if it did.
    pub(crate) challenge: Option<String>,
    /// Ours towards GitHub.
    pub(crate) verifier: String,
}

/// Why somebody is not sent on.
enum Wrong {
    /// Nobody knows where he came from, so he stays here.
    Here(&'static str),
    /// He is sent back with this.
    Back(String, &'static str),
}

pub(crate) async fn go<S: Sign>(
    State(issuer): State<Arc<Issuer<S>>>,
    RawQuery(query): RawQuery,
) -> Response {
    let asked = Fields::read(query.unwrap_or_default().as_bytes());
    match errand(&issuer, &asked) {
        Ok(fields) => match issuer.send_on(fields).await {
            Ok(response) => response,
            Err(failure) => failed(&failure),
        },
        Err(Wrong::Back(to, error)) => redirect(&with(&to, &[("error", error)])),
        Err(Wrong::Here(text)) => {
            page(StatusCode::BAD_REQUEST, "This cannot be signed in to", text)
        }
    }
}

/// What is asked for, checked; without our verifier.
fn errand<S>(issuer: &Issuer<S>, asked: &Fields) -> Result<Errand, Wrong> {
    if asked.get("client_id") != Some(issuer.secret.client_id.as_str()) {
        return Err(Wrong::Here("No application of this client_id is known here."));
    }
    let back = asked.get("redirect_uri").filter(|to| issuer.secret.may_go_back_to(to));
    let back = back.ok_or(Wrong::Here("The redirect_uri is none of the application's."))?;
    let state = asked.get("state").unwrap_or_default();
    if state.len() > MAX_STATE {
        return Err(Wrong::Here("The state is longer than 4,096 bytes."));
    }
    let to = if state.is_empty() { back.to_owned() } else { with(back, &[("state", state)]) };
    let fields = checked(asked).map_err(|error| Wrong::Back(to, error))?;
    Ok(Errand { redirect_uri: back.to_owned(), state: state.to_owned(), ..fields })
}

/// What else is asked for, or what is wrong with it in the words of RFC 6749.
fn checked(asked: &Fields) -> Result<Errand, &'static str> {
    let scopes = asked.get("scope").unwrap_or_default();
    if asked.any_twice() {
        return Err("invalid_request");
    }
    if asked.get("response_type") != Some("code") {
        return Err("unsupported_response_type");
    }
    if !scopes.split(' ').any(|scope| scope == "openid") {
        return Err("invalid_scope");
    }
    let challenge = asked.get("code_challenge").map(str::to_owned);
    let method = asked.get("code_challenge_method");
    let whole = challenge.as_ref().is_none_or(|it| it.len() == 43 && method == Some("S256"));
    let nonce = asked.get("nonce").map(str::to_owned);
    if !whole || nonce.as_ref().is_some_and(|nonce| nonce.len() > MAX_NONCE) {
        return Err("invalid_request");
    }
    let (redirect_uri, state, verifier) = Default::default();
    Ok(Errand { redirect_uri, state, nonce, challenge, verifier })
}

impl<S: Sign> Issuer<S> {
    async fn send_on(&self, errand: Errand) -> Result<Response, Failure> {
        let (state, verifier) = (random()?, random()?);
        let url = self.github.authorize_url(&self.secret, &self.callback(), (&state, &verifier));
        let errand = Errand { verifier, ..errand };
        let kept = kept_as(&state);
        self.keep((StateKind::GithubSignIn, &kept), &errand, Timestamp::now()).await?;
        let mut response = redirect(&url);
        // The browser that was sent, and no other, comes back.
        let cookie = HeaderValue::from_str(&self.cookie(&kept));
        let cookie = cookie.map_err(|error| Failure::Retry(error.to_string()))?;
        response.headers_mut().insert(SET_COOKIE, cookie);
        Ok(response)
    }

    /// Keeps something for as long as its kind holds.
    pub(crate) async fn keep(
        &self,
        state: (StateKind, &str),
        what: &impl Serialize,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let text = serde_json::to_string(what).map_err(|it| Failure::Reject(it.to_string()))?;
        Ok(self.table.give_state_with(None, state, &text, now).await?)
    }

    /// One cookie a sign-in: two tabs do not disturb each other.
    fn cookie(&self, kept: &str) -> String {
        let secure = if self.is_local() { "" } else { "; Secure" };
        format!("{}=1; Path=/; Max-Age=600; HttpOnly; SameSite=Lax{secure}", cookie_name(kept))
    }
}

/// Names the sign-in without telling its state.
pub(crate) fn cookie_name(kept: &str) -> String {
    format!("dd0c_github_{}", kept.get(..32).unwrap_or(kept))
}
