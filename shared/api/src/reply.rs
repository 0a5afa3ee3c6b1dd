//! What is answered: shapes that several routes share.

use crate::caller::Known;
use crate::problem::{Code, Problem};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::ids::Region;
use domain::money::Usd;
use domain::setup::Finding;
use domain::words;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

/// A body of JSON; what is wrong with it is a problem.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(Problem))]
pub(crate) struct Json<T>(pub(crate) T);

/// A body of JSON that may be left out, or `null`. Of no bytes there is none, whatever kind they are
/// said to be.
pub(crate) struct MaybeJson<T>(pub(crate) Option<T>);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for MaybeJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(whole, state).await;
        let bytes = bytes.map_err(|_| Problem::of(Code::TooLarge))?;
        if bytes.is_empty() {
            return Ok(Self(None));
        }
        let again = Request::from_parts(parts, Body::from(bytes));
        Json::from_request(again, state).await.map(|Json(body)| Self(body))
    }
}

/// Parts of the path.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(crate) struct Path<T>(pub(crate) T);

/// The question after `?`.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(crate) struct Query<T>(pub(crate) T);

/// An answer with a body. It may show what nobody else is to see: it does not print.
pub(crate) struct Reply {
    status: StatusCode,
    body: Value,
    etag: Option<String>,
    kept: Kept,
}

/// What is kept of an answer for when the request comes again.
enum Kept {
    Whole,
    This(Value),
    Nothing,
}

impl Reply {
    /// With success.
    pub(crate) fn ok(body: &impl Serialize) -> Self {
        Self::with(StatusCode::OK, body)
    }

    /// Something was made.
    pub(crate) fn created(body: &impl Serialize) -> Self {
        Self::with(StatusCode::CREATED, body)
    }

    /// Something was begun, and will be done.
    pub(crate) fn accepted(body: &impl Serialize) -> Self {
        Self::with(StatusCode::ACCEPTED, body)
    }

    fn with(status: StatusCode, body: &impl Serialize) -> Self {
        // Our own shapes of texts and numbers: it cannot fail.
        let body = serde_json::to_value(body).unwrap_or_default();
        Self { status, body, etag: None, kept: Kept::Whole }
    }

    /// The same answer as before.
    pub(crate) fn again(status: u16, body: &str) -> Result<Self, Problem> {
        let status = StatusCode::from_u16(status).map_err(|_| Problem::of(Code::Internal))?;
        let body = serde_json::from_str(body).map_err(|_| Problem::of(Code::Internal))?;
        Ok(Self { status, body, etag: None, kept: Kept::Whole })
    }

    /// A field that is seen once, and not when the request comes again.
    pub(crate) fn seen_once(self, field: &str) -> Self {
        let mut kept = self.body.clone();
        if let Some(field) = kept.get_mut(field) {
            *field = Value::Null;
        }
        self.kept_as(kept)
    }

    /// What is kept in its place for when the request comes again.
    pub(crate) fn kept_as(self, kept: Value) -> Self {
        Self { kept: Kept::This(kept), ..self }
    }

    /// Nothing of it is kept: the request has its effect anew when it comes again.
    pub(crate) fn not_kept(self) -> Self {
        Self { kept: Kept::Nothing, ..self }
    }

    /// The text that was kept in place of an answer that comes again.
    pub(crate) fn kept_text(&self) -> Option<&str> {
        self.body.as_str()
    }

    /// The same with another body.
    pub(crate) fn saying(self, body: &impl Serialize) -> Self {
        Self { body: serde_json::to_value(body).unwrap_or_default(), ..self }
    }

    /// Of a version that a change has to name. The tag tells the body, too: some of what is shown
    /// changes though nobody changes it.
    pub(crate) fn of_version(self, version: u64) -> Self {
        let digest = Sha256::digest(self.body.to_string().as_bytes());
        let digest = words::hex(digest.get(..8).unwrap_or_default());
        Self { etag: Some(format!("\"{version}-{digest}\"")), ..self }
    }

    /// What is kept of it for when the request comes again: its status and a body.
    pub(crate) fn kept(&self) -> Option<(StatusCode, String)> {
        let body = match &self.kept {
            Kept::Whole => &self.body,
            Kept::This(body) => body,
            Kept::Nothing => return None,
        };
        Some((self.status, body.to_string()))
    }
}

/// The tags of a header.
fn tags(header: &str) -> impl Iterator<Item = &str> {
    header.split(',').map(|tag| tag.trim().trim_start_matches("W/"))
}

/// `"7-0123456789abcdef"` is of version 7.
fn is_of(tag: &str, version: u64) -> bool {
    let named = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    let named = named.and_then(|tag| tag.split('-').next());
    tag == "*" || named == Some(version.to_string().as_str())
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let json = [(CONTENT_TYPE, "application/json")];
        let mut response = (self.status, json, self.body.to_string()).into_response();
        if let Some(etag) = self.etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
            response.headers_mut().insert(ETAG, etag);
        }
        response
    }
}

/// Which version a caller knows.
pub(crate) struct Version {
    matches: Option<String>,
    none_match: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Version {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let header = |name: HeaderName| {
            let value = parts.headers.get(name)?;
            Some(value.to_str().unwrap_or("?").to_owned())
        };
        Ok(Self { matches: header(IF_MATCH), none_match: header(IF_NONE_MATCH) })
    }
}

impl Version {
    /// Who names a version in `If-Match` changes that one or none.
    pub(crate) fn allows(&self, version: u64) -> Result<(), Problem> {
        match self.matches.as_deref() {
            Some(named) if !tags(named).any(|tag| is_of(tag, version)) => Err(changed()),
            _ => Ok(()),
        }
    }

    /// Who has this version already is told so.
    pub(crate) fn answer(&self, version: u64, reply: Reply) -> Response {
        let reply = reply.of_version(version);
        let known = self.none_match.as_deref().is_some_and(|named| {
            tags(named).any(|tag| tag == "*" || Some(tag) == reply.etag.as_deref())
        });
        let mut response = reply.into_response();
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = Body::empty();
            response.headers_mut().remove(CONTENT_TYPE);
            response.headers_mut().remove(CONTENT_LENGTH);
        }
        response
    }
}

/// Somebody else was quicker.
pub(crate) fn changed() -> Problem {
    Problem::because(
        Code::Changed,
        "Read it again, look at what has changed, and send yours again.",
    )
}

/// An amount of money.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Money {
    /// A decimal number.
    #[schema(example = "32.77", pattern = r"^-?[0-9]+(\.[0-9]+)?$")]
    amount: String,
    /// Always US dollars.
    #[schema(example = "USD")]
    currency: &'static str,
}

impl From<Usd> for Money {
    fn from(usd: Usd) -> Self {
        Self { amount: usd.to_string(), currency: "USD" }
    }
}

/// A field of a change; with `#[serde(default)]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Change<T> {
    /// It was left out: what there is stays.
    #[default]
    Stays,
    /// It is to be this; `null` takes away what there is.
    To(Option<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Option::deserialize(from).map(Self::To)
    }
}

/// How a list is read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// Entries of one page, at most 100.
    #[param(minimum = 1, maximum = 100)]
    pub(crate) limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 2048)]
    pub(crate) cursor: Option<String>,
}

/// Entries of one page, if nobody asks for another number.
const PAGE: usize = 25;
/// Entries of one page at most.
const MAX_PAGE: u64 = 100;

impl Paging {
    /// Entries of this page.
    pub(crate) fn limit(&self) -> Result<usize, Problem> {
        match self.limit {
            None => Ok(PAGE),
            Some(limit @ 1..=MAX_PAGE) => Ok(usize::try_from(limit).unwrap_or(PAGE)),
            Some(_) => Err(Problem::invalid(format!("limit is a number from 1 to {MAX_PAGE}."))),
        }
    }
}

/// Something that is not as it should be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingView {
    /// Stable word; begins with what it is about.
    #[schema(example = "rules_missing")]
    code: String,
    /// Where; none for the whole account.
    #[schema(example = "eu-west-1")]
    region: Option<String>,
    /// What is wrong and what to do.
    text: String,
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code.clone(),
            region: finding.region.as_ref().map(Region::to_string),
            text: finding.text.clone(),
        }
    }
}

/// Characters of an id that we have given out, at most.
const MAX_ID: usize = 64;

/// Whether a text may be an id of ours: what is none is not looked for.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() <= MAX_ID && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// One page of a list that is at hand, in the order of `key`; where the next begins.
pub(crate) async fn page<T>(
    known: &Known,
    question: &str,
    paging: &Paging,
    mut entries: Vec<T>,
    key: impl Fn(&T) -> String,
) -> Result<(Vec<T>, Option<String>), Problem> {
    let limit = paging.limit()?;
    // The table has an order of its own.
    entries.sort_by_cached_key(&key);
    let after = known.page_after(question, paging.cursor.as_deref()).await?;
    let later = entries.into_iter().filter(|each| after.as_ref().is_none_or(|a| key(each) > *a));
    let mut later: Vec<T> = later.take(limit + 1).collect();
    let more = later.len() > limit;
    later.truncate(limit);
    let last = later.last().filter(|_| more).map(key);
    let next = known.next_page(question, last.as_deref()).await?;
    Ok((later, next))
}
