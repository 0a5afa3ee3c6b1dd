//! A session of a browser with the login itself: who has signed in is not asked again, whatever application
//! sends him, until he signs out or an hour has passed.

use crate::random::random;
use crate::state::LoginState;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use std::collections::HashMap;

/// Seconds that it holds, as at Cognito.
const HOLDS: i64 = 3600;
const COOKIE_NAME: &str = "login_session";

/// Names by what their browsers keep, and until when: seconds since 1970.
#[derive(Debug, Default)]
pub(crate) struct Sessions(HashMap<String, (String, i64)>);

/// Who has signed in in this browser.
pub(crate) fn known(login: &LoginState, headers: &HeaderMap) -> Option<String> {
    let now = login.clock().timestamp().as_second();
    let world = login.world();
    let (name, until) = world.sessions.0.get(kept(headers)?)?;
    (now < *until).then(|| name.clone())
}

/// Somebody has signed in: his browser keeps it, in place of who was there before.
pub(crate) fn begin(login: &LoginState, headers: &HeaderMap, name: &str, answer: &mut Response) {
    end(login, headers, answer);
    let (key, until) = (random(), login.clock().timestamp().as_second() + HOLDS);
    let cookie = cookie(login, &key, HOLDS);
    login.world().sessions.0.insert(key, (name.to_owned(), until));
    set(answer, &cookie);
}

/// Nobody is signed in in this browser any more.
pub(crate) fn end(login: &LoginState, headers: &HeaderMap, answer: &mut Response) {
    if let Some(key) = kept(headers) {
        login.world().sessions.0.remove(key);
    }
    set(answer, &cookie(login, "", 0));
}

fn set(answer: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
}

/// Out of reach of pages, and sent only to the login itself, where a link leads there.
fn cookie(login: &LoginState, key: &str, seconds: i64) -> String {
    let path = path_of(&login.settings().issuer);
    format!("{COOKIE_NAME}={key}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax")
}

/// `/login` of an address.
fn path_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
}

fn kept(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).map(str::trim);
    pairs.find_map(|pair| pair.strip_prefix(COOKIE_NAME)?.strip_prefix('='))
}
