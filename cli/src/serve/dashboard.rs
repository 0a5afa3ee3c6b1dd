//! The dashboard: the files of its build, as whoever serves them gives them, and what it is told of
//! where it runs.

use super::origin;
use crate::error::CliError;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where its build leaves it, seen from the root of the project.
const BUILT: &str = "dashboard/out";
/// How it is built.
pub(crate) const BUILD: &str = "npm --prefix dashboard ci && npm --prefix dashboard run build";
/// What every answer carries; the same on AWS.
const HEADERS: &str = include_str!("../../../dashboard/security-headers.json");
/// Only for https.
const ONLY_HTTPS: &str = "Strict-Transport-Security";
/// The name of such a file holds a hash of what is in it.
const NEVER_CHANGES: &str = "public, max-age=31536000, immutable";
/// Everything else may be another one after the next build.
const ASK_AGAIN: &str = "no-cache";

/// A built dashboard.
#[derive(Debug)]
pub(crate) struct Dashboard {
    /// Without links in its path.
    folder: PathBuf,
    /// Its one address: who signs in comes back to it and to no other.
    address: SocketAddr,
    config: String,
    headers: HeaderMap,
}

impl Dashboard {
    /// The one in this folder, or the one that was built beside us, if there is one.
    pub(crate) fn find(
        asked: Option<&Path>,
        address: SocketAddr,
        client_id: &str,
    ) -> Result<Option<Self>, CliError> {
        let folder = asked.unwrap_or(Path::new(BUILT));
        if !folder.join("index.html").is_file() {
            return match asked {
                None => Ok(None),
                Some(_) => Err(CliError::Usage(format!(
                    "{} holds no built dashboard (no index.html); build it: {BUILD}",
                    folder.display()
                ))),
            };
        }
        let failed = |error| CliError::file(folder, "cannot read the dashboard", &error);
        let folder = folder.canonicalize().map_err(failed)?;
        let issuer = format!("{}/login", origin(address));
        let config = json!({"apiUrl": "", "issuer": issuer, "clientId": client_id, "local": true});
        Ok(Some(Self { folder, address, config: config.to_string(), headers: headers()? }))
    }

    /// What answers everything that nothing else does.
    pub(crate) fn routes(self) -> Router {
        Router::new().fallback_service(get(answer).with_state(Arc::new(self)))
    }

    /// One name for all pages: a sign-in that began under another would not find back.
    fn elsewhere(&self, request: &Request) -> Option<String> {
        let host = request.headers().get(HOST)?.to_str().ok()?;
        let here = origin(self.address);
        let is_here = [here.as_str(), &format!("http://{}", self.address)]
            .iter()
            .any(|name| name.strip_prefix("http://") == Some(host));
        (!is_here).then(|| format!("{here}{}", path_and_query(request)))
    }

    fn file(&self, path: &str) -> Option<Found> {
        let asked = self.folder.join(file_of(path)?);
        // What a link leads to counts, not what it is called.
        let file = asked.canonicalize().ok().filter(|file| file.starts_with(&self.folder))?;
        let bytes = file.is_file().then(|| std::fs::read(&file).ok()).flatten()?;
        Some(Found { kind: kind(&file), bytes })
    }

    fn page(&self, path: &str) -> Response {
        let cache = if path.starts_with("/_next/static/") { NEVER_CHANGES } else { ASK_AGAIN };
        match self.file(path) {
            Some(found) => found.answer(StatusCode::OK, cache),
            None => match self.file("/404.html") {
                Some(found) => found.answer(StatusCode::NOT_FOUND, ASK_AGAIN),
                None => (StatusCode::NOT_FOUND, "there is no such page").into_response(),
            },
        }
    }
}

async fn answer(State(dashboard): State<Arc<Dashboard>>, request: Request) -> Response {
    let headers = dashboard.headers.clone();
    let mut response = answered(dashboard, request).await;
    response.headers_mut().extend(headers);
    response
}

async fn answered(dashboard: Arc<Dashboard>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if path == "/config.json" {
        let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, ASK_AGAIN)];
        return (headers, dashboard.config.clone()).into_response();
    }
    if let Some(to) = without_slash(&request) {
        return led(StatusCode::PERMANENT_REDIRECT, to);
    }
    let is_page =
        file_of(&path).is_some_and(|file| file.extension().is_some_and(|it| it == "html"));
    if let Some(to) = dashboard.elsewhere(&request).filter(|_| is_page) {
        return led(StatusCode::TEMPORARY_REDIRECT, to);
    }
    let read = tokio::task::spawn_blocking(move || dashboard.page(&path)).await;
    read.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn led(status: StatusCode, to: String) -> Response {
    (status, [(LOCATION, to), (CACHE_CONTROL, ASK_AGAIN.to_owned())]).into_response()
}

/// `/dashboard/` is `/dashboard`; two slashes would lead to another host.
fn without_slash(request: &Request) -> Option<String> {
    let path = request.uri().path().strip_suffix('/').filter(|path| !path.is_empty())?;
    file_of(path)?;
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{path}{query}"))
}

fn path_and_query(request: &Request) -> &str {
    request.uri().path_and_query().map_or("/", |it| it.as_str())
}

/// Where the file of an address stands below the folder; `None` for what can be no file of ours.
fn file_of(path: &str) -> Option<PathBuf> {
    let path = path.strip_prefix('/')?;
    if path.is_empty() {
        return Some(PathBuf::from("index.html"));
    }
    let parts = path.split('/').map(part).collect::<Option<Vec<String>>>()?;
    let has_dot = parts.last().is_some_and(|last| last.contains('.'));
    let mut file: PathBuf = parts.iter().collect();
    if !has_dot {
        file.as_mut_os_string().push(".html");
    }
    Some(file)
}

/// A name between two slashes, as a file has it: nothing that is hidden or leads elsewhere.
fn part(text: &str) -> Option<String> {
    let name = percent_decode_str(text).decode_utf8().ok()?;
    let plain = |letter: char| !letter.is_control() && !matches!(letter, '/' | '\\' | ':');
    let good = !name.is_empty() && !name.starts_with('.') && name.chars().all(plain);
    good.then(|| name.into_owned())
}

struct Found {
    kind: &'static str,
    bytes: Vec<u8>,
}

impl Found {
    fn answer(self, status: StatusCode, cache: &'static str) -> Response {
        let headers = [(CONTENT_TYPE, self.kind), (CACHE_CONTROL, cache)];
        (status, headers, Body::from(self.bytes)).into_response()
    }
}

/// What files are, by the ends of their names.
const KINDS: [(&str, &str); 11] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
    ("json", "application/json"),
    ("map", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
];

fn kind(file: &Path) -> &'static str {
    let end = file.extension().and_then(|it| it.to_str()).unwrap_or_default();
    let known = KINDS.iter().find(|(it, _)| *it == end);
    known.map_or("application/octet-stream", |(_, kind)| kind)
}

/// On this machine everything is at one address, and nothing of it is encrypted.
fn headers() -> Result<HeaderMap, CliError> {
    let wrong = |why: String| CliError::Failed(format!("the dashboard's headers: {why}"));
    let named: BTreeMap<String, String> =
        serde_json::from_str(HEADERS).map_err(|error| wrong(error.to_string()))?;
    let mut headers = HeaderMap::new();
    for (name, value) in named.iter().filter(|(name, _)| *name != ONLY_HTTPS) {
        let value = value.replace(" {connect}", "");
        let name: HeaderName = name.parse().map_err(|_| wrong(format!("{name} is no name")))?;
        let value = HeaderValue::from_str(&value).map_err(|_| wrong(format!("{name} is wrong")))?;
        headers.insert(name, value);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_file_of_the_folder_or_nothing() {
        for (path, file) in [
            ("/", Some("index.html")),
            ("/dashboard", Some("dashboard.html")),
            ("/dashboard/anomalies", Some("dashboard/anomalies.html")),
            ("/_next/static/chunks/a-1.js", Some("_next/static/chunks/a-1.js")),
            ("/a%20b", Some("a b.html")),
            ("", None),
            ("//evil.example", None),
            ("/..", None),
            ("/../keys.json", None),
            ("/%2e%2e/keys.json", None),
            ("/..%2fkeys.json", None),
            ("/a%2f..%2f..%2fkeys.json", None),
            ("/a%5c..%5ckeys.json", None),
            ("/.git/config", None),
            ("/a//b", None),
            ("/a%00.html", None),
            ("/%ff", None),
        ] {
            assert_eq!(file_of(path), file.map(PathBuf::from), "{path}");
        }
    }

    #[test]
    fn only_another_name_of_this_machine_leads_elsewhere() {
        for (address, host, to) in [
            ("127.0.0.1:4180", "127.0.0.1:4180", None),
            ("127.0.0.1:4180", "localhost:4180", Some("http://127.0.0.1:4180/a?b=c")),
            // Browsers leave the usual port out; programs may name it.
            ("127.0.0.1:80", "127.0.0.1", None),
            ("127.0.0.1:80", "127.0.0.1:80", None),
            ("127.0.0.1:80", "localhost", Some("http://127.0.0.1/a?b=c")),
            ("[::1]:80", "[::1]", None),
            ("[::1]:80", "localhost", Some("http://[::1]/a?b=c")),
        ] {
            let (address, config) = (address.parse().unwrap(), String::new());
            let dashboard =
                Dashboard { folder: PathBuf::new(), address, config, headers: HeaderMap::new() };
            let request = Request::builder().uri("/a?b=c").header(HOST, host);
            let led = dashboard.elsewhere(&request.body(Body::empty()).unwrap());
            assert_eq!(led.as_deref(), to, "{host} at {address}");
        }
    }

    #[test]
    fn on_this_machine_pages_may_ask_this_machine_alone() {
        let headers = headers().unwrap();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("connect-src 'self';") && !policy.contains('{'), "{policy}");
        assert!(!headers.contains_key("strict-transport-security"));
        assert_eq!(headers["x-frame-options"], "DENY");
    }
}
