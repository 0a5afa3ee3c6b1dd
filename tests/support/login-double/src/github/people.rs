//! Who somebody is, for whoever has his token.

use super::state::{GithubState, Trouble};
use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// A number that stays; the login may change.
    pub id: u64,
    /// His login.
    pub login: String,
    /// His name, if he has said one.
    pub name: Option<String>,
    /// His addresses.
    pub emails: Vec<Email>,
}

/// An address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// `ana@example.com`
    pub address: String,
    /// Whether it is the one to use.
    pub primary: bool,
    /// Whether he has shown that it is his.
    pub verified: bool,
}

impl User {
    fn new(id: u64, login: &str, name: Option<&str>, emails: &[(&str, bool, bool)]) -> Self {
        let email = |&(address, primary, verified): &(&str, bool, bool)| Email {
            address: address.to_owned(),
            primary,
            verified,
        };
        Self {
            id,
            login: login.to_owned(),
            name: name.map(str::to_owned),
            emails: emails.iter().map(email).collect(),
        }
    }

    /// Ana has two addresses that are hers, Ben one that may not be his, Cleo none.
    pub(super) fn usual() -> Vec<Self> {
        let ana = [("old@example.com", false, true), ("ana@example.com", true, true)];
        let ben = [("chief@example.com", true, false), ("ben@example.com", false, true)];
        vec![
            Self::new(101, "ana", Some("Ana Example"), &ana),
            Self::new(102, "ben", None, &ben),
            Self::new(103, "cleo", Some(""), &[]),
        ]
    }
}

pub(crate) async fn user(State(github): State<GithubState>, headers: HeaderMap) -> Response {
    asked(&github, &headers, |user| {
        json!({
            "id": user.id, "login": user.login, "name": user.name, "type": "User",
            "avatar_url": format!("https://avatars.example/u/{}", user.id),
            // Whatever is public: nobody has shown that it is his.
            "email": user.emails.first().map(|email| &email.address),
        })
    })
    .await
}

pub(crate) async fn emails(State(github): State<GithubState>, headers: HeaderMap) -> Response {
    asked(&github, &headers, |user| {
        let email = |email: &Email| {
            json!({
                "email": email.address, "primary": email.primary, "verified": email.verified,
                "visibility": email.primary.then_some("private"),
            })
        };
        user.emails.iter().map(email).collect()
    })
    .await
}

async fn asked(
    github: &GithubState,
    headers: &HeaderMap,
    answer: impl FnOnce(&User) -> Value,
) -> Response {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match github.trouble() {
        Some(Trouble::Silent) => return std::future::pending().await,
        Some(Trouble::Down) => return StatusCode::BAD_GATEWAY.into_response(),
        Some(Trouble::Endless) => return " ".repeat(4 * 1024 * 1024).into_response(),
        None => {}
    }
    if header(USER_AGENT).is_empty() {
        return said(StatusCode::FORBIDDEN, "Request forbidden by administrative rules.");
    }
    let token = header(AUTHORIZATION).strip_prefix("Bearer ").unwrap_or_default();
    match github.user_of(token) {
        Some(user) => Json(answer(&user)).into_response(),
        None => said(StatusCode::UNAUTHORIZED, "Bad credentials"),
    }
}

fn said(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}
