//! Problems (RFC 9457): every answer of 400 and above has a stable code, a text for people that
//! names nothing of ours or of others, and the number of the request under which the log has the rest.

use crate::guard;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use pipeline::error::Failure;
use serde::Serialize;
use std::collections::BTreeMap;
use store::StoreError;
use utoipa::openapi::{Components, Content, Ref, RefOr, Response as Described, ResponseBuilder};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

/// What went wrong, by a stable word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The request cannot be read.
    InvalidRequest,
    /// A cursor that we have not given out, or for another question.
    InvalidCursor,
    /// No credential, or one that is worth nothing.
    Unauthenticated,
    /// The credential's time is over.
    Expired,
    /// The credential is not for this.
    Forbidden,
    /// Everything of the tenant is being deleted.
    BeingDeleted,
    /// The free tier is used up.
    UpgradeRequired,
    /// There is no such thing, or it is somebody else's.
    NotFound,
    /// There is no such method here.
    MethodNotAllowed,
    /// It does not go together with how things stand.
    Conflict,
    /// A request with this idempotency key is being answered.
    InProgress,
    /// This idempotency key was used for another request.
    KeyReused,
    /// It has changed since it was read.
    Changed,
    /// The body is too large.
    TooLarge,
    /// The body is of another kind.
    UnsupportedMediaType,
    /// Too many requests.
    TooManyRequests,
    /// It is ours, and passes.
    Unavailable,
    /// It took too long.
    TooSlow,
    /// It is ours, and has to be put right.
    Internal,
}

/// Status, stable word and title of each.
const WORDS: [(Code, u16, &str, &str); 19] = [
    (Code::InvalidRequest, 400, "invalid_request", "The request cannot be read"),
    (Code::InvalidCursor, 400, "invalid_cursor", "The cursor is not of this list"),
    (Code::Unauthenticated, 401, "unauthenticated", "Sign in, or send an API key"),
    (Code::Expired, 401, "expired", "The session is over: sign in again"),
    (Code::Forbidden, 403, "forbidden", "The credential is not for this"),
    (Code::BeingDeleted, 403, "being_deleted", "Everything of this tenant is being deleted"),
    (Code::UpgradeRequired, 403, "upgrade_required", "The free tier is used up"),
    (Code::NotFound, 404, "not_found", "There is no such thing"),
    (Code::MethodNotAllowed, 405, "method_not_allowed", "There is no such method here"),
    (Code::Conflict, 409, "conflict", "It does not go together with how things stand"),
    (Code::InProgress, 409, "in_progress", "The same request is being answered"),
    (Code::KeyReused, 409, "idempotency_key_reused", "The key was used for another request"),
    (Code::Changed, 412, "changed", "It has changed since you read it"),
    (Code::TooLarge, 413, "too_large", "The body is too large"),
    (
        Code::UnsupportedMediaType,
        415,
        "unsupported_media_type",
        "Send Content-Type: application/json",
    ),
    (Code::TooManyRequests, 429, "too_many_requests", "Too many requests"),
    (Code::Unavailable, 503, "unavailable", "Something of ours does not work just now"),
    (Code::TooSlow, 503, "too_slow", "It took too long"),
    (Code::Internal, 500, "internal", "Something of ours is broken"),
];

impl Code {
    fn words(self) -> (u16, &'static str, &'static str) {
        let found = WORDS.iter().find(|(code, ..)| *code == self);
        found
            .map_or((500, "internal", "Something of ours is broken"), |(_, status, word, title)| {
                (*status, *word, *title)
            })
    }

    /// The word.
    pub fn word(self) -> &'static str {
        self.words().1
    }

    /// The status.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.words().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// An answer that is none.
#[derive(Debug)]
pub struct Problem {
    code: Code,
    detail: Option<String>,
    field: Option<String>,
    upgrade_url: Option<String>,
    retry_after: Option<u64>,
}

/// A problem as it is sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// What kind of problem.
    #[schema(format = "uri-reference")]
    r#type: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status again.
    status: u16,
    /// Stable word of the kind.
    code: &'static str,
    /// What is wrong with this request and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    detail: Option<String>,
    /// The field of the body that is wrong, as this document names it; within a list with its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, example = "routes[0].channel")]
    field: Option<String>,
    /// With `upgrade_required`: the page that opens a checkout.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, format = "uri")]
    upgrade_url: Option<String>,
    /// Number of the request: name it when you ask us.
    request_id: String,
}

/// The problems that any route may answer with.
pub(crate) struct Problems;

/// Name of the response, status, and what it means.
const ANSWERS: [(&str, &str, &str); 11] = [
    ("InvalidRequest", "400", "The request cannot be read."),
    ("Unauthenticated", "401", "No credential, or one that is worth nothing any more."),
    ("Forbidden", "403", "The credential is not for this, or the free tier is used up."),
    ("NotFound", "404", "There is no such thing, or it is somebody else's."),
    ("Conflict", "409", "It does not go together with how things stand."),
    ("Changed", "412", "It has changed since it was read."),
    ("TooLarge", "413", "The body is too large."),
    ("UnsupportedMediaType", "415", "The body is not JSON."),
    ("TooManyRequests", "429", "Too many requests: `Retry-After` says when to come again."),
    ("Internal", "500", "It is ours, and has to be put right."),
    ("Unavailable", "503", "It is ours, and passes: come again."),
];

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let answer = |(name, status, _): (&str, &str, &str)| {
            let place = Ref::new(format!("#/components/responses/{name}"));
            (status.to_owned(), RefOr::Ref(place))
        };
        ANSWERS.map(answer).into()
    }
}

/// What [`Problems`] refers to.
pub(crate) fn describe(components: &mut Components) {
    let schema = (ProblemBody::name().into_owned(), <ProblemBody as PartialSchema>::schema());
    components.schemas.extend([schema]);
    for (name, _, what) in ANSWERS {
        let body = Content::new(Some(Ref::from_schema_name(ProblemBody::name())));
        let response =
            ResponseBuilder::new().description(what).content("application/problem+json", body);
        components.responses.insert(name.to_owned(), response.build().into());
    }
}

impl Problem {
    /// Of this kind.
    pub const fn of(code: Code) -> Self {
        Self { code, detail: None, field: None, upgrade_url: None, retry_after: None }
    }

    /// Of this kind, with what is wrong with this request: a text for the public.
    pub fn because(code: Code, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::of(code) }
    }

    /// The request says something that cannot be.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::because(Code::InvalidRequest, detail)
    }

    /// A field of the body says something that cannot be. The text names it, too: it is read by
    /// people who see no field.
    pub fn of_field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::invalid(detail) }
    }

    /// The free tier is used up; where more can be had.
    pub fn upgrade(detail: impl Into<String>, url: String) -> Self {
        Self { upgrade_url: Some(url), ..Self::because(Code::UpgradeRequired, detail) }
    }

    /// There is no such thing in this tenant.
    pub fn not_found(what: &str) -> Self {
        Self::because(Code::NotFound, format!("There is no such {what}."))
    }

    /// To be tried again after so many seconds.
    #[must_use]
    pub fn after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// Of which kind.
    pub const fn code(&self) -> Code {
        self.code
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, code, title) = self.code.words();
        let body = ProblemBody {
            r#type: format!("/problems/{code}"),
            title,
            status,
            code,
            detail: self.detail,
            field: self.field,
            upgrade_url: self.upgrade_url,
            request_id: guard::request_id(),
        };
        let body = serde_json::to_string(&body).unwrap_or_default();
        let content = [(CONTENT_TYPE, "application/problem+json")];
        let mut response = (self.code.status(), content, body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code.status() == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// The text of a failure is for the log; the public hears that it is ours.
impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match &failure {
            Failure::Retry(_) | Failure::Closed(_) | Failure::Gone(_) => {
                tracing::error!(why = %failure, "a request has to be made again");
                Self::of(Code::Unavailable).after(1)
            }
            Failure::Later(after, _) => {
                tracing::warn!(why = %failure, "a request has to be made later");
                Self::of(Code::Unavailable).after(after.as_secs().max(1))
            }
            Failure::Reject(_) => {
                tracing::error!(why = %failure, "a request came to what is broken");
                Self::of(Code::Internal)
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Failure::from(error).into()
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            JsonRejection::MissingJsonContentType(_) => Self::of(Code::UnsupportedMediaType),
            JsonRejection::BytesRejection(_) => Self::of(Code::TooLarge),
            other => {
                let text = other.body_text();
                Self { field: field_of(&text), ..Self::invalid(told(&text)) }
            }
        }
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::of(Code::NotFound)
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::invalid(told(&rejection.body_text()))
    }
}

/// How Serde begins to say what is wrong with a field; the field stands before it.
const KINDS: [&str; 6] = [
    "invalid type",
    "invalid value",
    "invalid length",
    "unknown variant",
    "missing field",
    "duplicate field",
];
/// Characters of what is told.
const MAX_TOLD: usize = 300;

/// What is wrong with a body or a question, of what Serde says of it: the field, and what would do.
/// Values and unknown names, which came from outside, are left out.
fn told(text: &str) -> String {
    let said = text.split_once(": ").map_or(text, |(_, said)| said);
    let unknown = said.contains("unknown field");
    let kind = KINDS.iter().filter_map(|kind| said.find(kind)).min().filter(|_| !unknown);
    let field = kind.and_then(|at| said.get(..at)).map(|field| field.trim_end_matches(": "));
    let what = match (field, said.rsplit_once(", expected ")) {
        (Some(field), Some((_, expected))) if is_plain(field) => {
            format!("{field}: expected {expected}")
        }
        (_, Some((_, expected))) if unknown => format!("an unknown field: expected {expected}"),
        (_, Some((_, expected))) => format!("expected {expected}"),
        // Of these all stands in our own code, but for the place.
        (_, None) => ours(said),
    };
    what.chars().take(MAX_TOLD).collect()
}

/// The field that Serde finds wrong: `scopes[0]`, or `routes[0].channel` of one that is missing.
/// None where it has no such field: its name came from outside.
fn field_of(text: &str) -> Option<String> {
    let said = text.split_once(": ").map_or(text, |(_, said)| said);
    if said.contains("unknown field") {
        return None;
    }
    let (at, kind) = KINDS.iter().filter_map(|kind| Some((said.find(kind)?, *kind))).min()?;
    let (path, rest) = said.split_at_checked(at)?;
    let missing = rest.split('`').nth(1).filter(|_| kind.ends_with("field"));
    let parts = [Some(path.trim_end_matches(": ")).filter(|path| !path.is_empty()), missing];
    let field = parts.into_iter().flatten().collect::<Vec<_>>().join(".");
    is_plain(&field).then_some(field)
}

/// `scopes[0]`
fn is_plain(field: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "[].".contains(c);
    !field.is_empty() && field.chars().all(plain)
}

/// The end of what is said, where that names nothing from outside.
fn ours(said: &str) -> String {
    let named = ["missing field", "duplicate field"].iter().filter_map(|kind| said.rfind(kind));
    if let Some(at) = named.max() {
        return said.get(at..).unwrap_or_default().to_owned();
    }
    match said.rsplit_once(": ") {
        Some((field, end)) => at_field(said, field, end),
        None if !said.contains(['`', '"']) => said.to_owned(),
        None => UNREADABLE.to_owned(),
    }
}

/// `field: end`, as far as both are ours.
fn at_field(said: &str, field: &str, end: &str) -> String {
    let ends_well = !end.contains('`');
    match (is_plain(field), ends_well) {
        (true, true) => said.to_owned(),
        (true, false) => format!("{field}: {UNREADABLE}"),
        (false, true) => end.to_owned(),
        (false, false) => UNREADABLE.to_owned(),
    }
}

/// Where nothing more can be said.
const UNREADABLE: &str = "it cannot be read";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_from_outside_is_not_repeated_and_what_would_do_is_said() {
        for (said, shown) in [
            (
                r#"days: invalid type: string "arn:x\"y", expected u32 at line 1"#,
                "days: expected u32 at line 1",
            ),
            ("s[0]: unknown variant `arn:x`, expected `a` or `b`", "s[0]: expected `a` or `b`"),
            ("arn:x: unknown field `arn:x`, expected `a`", "an unknown field: expected `a`"),
            (
                "x: invalid type: unknown field `x: invalid type`, expected `a`",
                "an unknown field: expected `a`",
            ),
            ("arn:x y: invalid type: null, expected u32", "expected u32"),
            ("missing field `zone` at line 1 column 2", "missing field `zone` at line 1 column 2"),
            ("zone: expected value at line 1 column 9", "zone: expected value at line 1 column 9"),
            ("limit: invalid digit found in string", "limit: invalid digit found in string"),
            ("all: provided string was not `true` or `false`", "all: it cannot be read"),
            ("there is no `arn:x`", "it cannot be read"),
        ] {
            assert_eq!(told(&format!("Failed to read the body: {said}")), shown);
        }
        assert_eq!(told(&"x".repeat(1_000)).len(), MAX_TOLD);
    }

    #[test]
    fn a_field_is_named_where_the_document_has_it() {
        for (said, field) in [
            (r#"days: invalid type: string "x", expected u32 at line 1"#, Some("days")),
            ("s[0]: unknown variant `arn:x`, expected `a` or `b`", Some("s[0]")),
            ("missing field `zone` at line 1 column 2", Some("zone")),
            ("routes[1]: missing field `channel` at line 1 column 2", Some("routes[1].channel")),
            ("a: invalid value: string \"missing field `b`\", expected u32", Some("a")),
            ("arn:x: unknown field `arn:x`, expected `a`", None),
            ("arn:x y: invalid type: null, expected u32", None),
            ("expected value at line 1 column 9", None),
            ("invalid type: null, expected struct NewKey at line 1 column 4", None),
        ] {
            let text = format!("Failed to read the body: {said}");
            assert_eq!(field_of(&text).as_deref(), field, "{said}");
        }
    }
}
