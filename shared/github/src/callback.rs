//! `/callback`: a person comes back from GitHub; he is sent back to Cognito with a code.

use crate::Issuer;
use crate::authorize::{Errand, cookie_name};
use crate::fields::{Fields, with};
use crate::github::Unknown;
use crate::person::Person;
use crate::random::{kept_as, random};
use crate::refusal::{failed, note, redirect, used_up};
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::response::Response;
use jiff::Timestamp;
use kms::signing::Sign;
use pipeline::error::Failure;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::StateKind;

/// Bytes of a state of ours.
const STATE: usize = 64;

/// What a code stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Visit {
    pub(crate) person: Person,
    pub(crate) redirect_uri: String,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<String>,
}

pub(crate) async fn come_back<S: Sign>(
    State(issuer): State<Arc<Issuer<S>>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let brought = Fields::read(query.unwrap_or_default().as_bytes());
    let state = brought.get("state").filter(|state| state.len() == STATE).unwrap_or_default();
    let kept = kept_as(state);
    if !has_cookie(&headers, &cookie_name(&kept)) {
        return used_up();
    }
    let errand = match issuer.errand_of(&kept).await {
        Ok(Some(errand)) => errand,
        Ok(None) => return used_up(),
        Err(failure) => return failed(&failure),
    };
    let answer = issuer.answer(&errand, &brought).await;
    let (name, value) = match &answer {
        Ok(code) => ("code", code.as_str()),
        Err(error) => ("error", *error),
    };
    let mut fields = vec![(name, value)];
    if !errand.state.is_empty() {
        fields.push(("state", &errand.state));
    }
    redirect(&with(&errand.redirect_uri, &fields))
}

impl<S: Sign> Issuer<S> {
    /// Where somebody came from, once.
    async fn errand_of(&self, kept: &str) -> Result<Option<Errand>, Failure> {
        let state = (StateKind::GithubSignIn, kept);
        let given = self.table.take_state_with(state, Timestamp::now()).await?;
        Ok(given.and_then(|given| serde_json::from_str(&given.payload).ok()))
    }

    /// A code for whoever came back, or what is wrong in the words of RFC 6749.
    async fn answer(&self, errand: &Errand, brought: &Fields) -> Result<String, &'static str> {
        let code = brought.get("code").ok_or("access_denied")?;
        let callback = self.callback();
        let person = self.github.person(&self.secret, &callback, (code, &errand.verifier)).await;
        let person = person.map_err(|unknown| match unknown {
            Unknown::Code => "access_denied",
            Unknown::Failed(failure) => unavailable(&failure),
        })?;
        self.code_for(person, errand).await.map_err(|failure| unavailable(&failure))
    }

    async fn code_for(&self, person: Person, errand: &Errand) -> Result<String, Failure> {
        let code = random()?;
        let visit = Visit {
            person,
            redirect_uri: errand.redirect_uri.clone(),
            nonce: errand.nonce.clone(),
            challenge: errand.challenge.clone(),
        };
        let state = kept_as(&code);
        self.keep((StateKind::GithubCode, &state), &visit, Timestamp::now()).await?;
        Ok(code)
    }
}

fn unavailable(failure: &Failure) -> &'static str {
    note(failure);
    "temporarily_unavailable"
}

fn has_cookie(headers: &HeaderMap, name: &str) -> bool {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let mut pairs = cookies.flat_map(|header| header.split(';'));
    pairs.any(|pair| pair.trim().split_once('=').is_some_and(|(its, _)| its == name))
}
