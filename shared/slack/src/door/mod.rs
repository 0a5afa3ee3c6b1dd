//! The door: where Slack and people who install us come in. What is genuine is taken in and
//! acknowledged within Slack's three seconds; the work is done later.

mod page;
pub mod payload;
pub mod signature;

use crate::oauth::{AppSecrets, OAuth};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::words;
use jiff::Timestamp;
use page::End;
use payload::{Read, Unreadable};
use pipeline::error::Failure;
use pipeline::install::ReturnTo;
use pipeline::ports::Desk;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use store::Installed;

/// Bytes that a request may have.
const MAX_BODY: usize = 256 * 1024;
/// For taking something in: Slack waits three seconds.
const TAKE_WITHIN: Duration = Duration::from_secs(2);
/// Keeps a person's browser together with the state that he was given.
const COOKIE_NAME: &str = "dd0c_slack";

/// What the door needs.
#[derive(Debug)]
pub struct Door<D> {
    /// Takes things in.
    pub desk: D,
    /// Our app, as Slack knows it.
    pub app: AppSecrets,
    /// The exchange of codes.
    pub oauth: OAuth,
    /// Address of the dashboard, to which people go back from an installation; without one they see
    /// a page that says how it ended.
    pub dashboard: Option<String>,
}

/// All routes below `/slack`.
pub fn routes<D: Desk + Send + Sync + 'static>(door: Arc<Door<D>>) -> Router {
    Router::new()
        .route("/slack/install", get(install::<D>))
        .route("/slack/oauth_redirect", get(come_back::<D>))
        .route("/slack/commands", post(command::<D>))
        .route("/slack/actions", post(action::<D>))
        .route("/slack/events", post(event::<D>))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(door)
}

async fn command<D: Desk + Send + Sync>(
    State(door): State<Arc<Door<D>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // A person reads this; another status would show him an error of Slack's.
    let failed = || ephemeral("I could not take that in just now. Please try it again.");
    door.receive(&headers, &body, payload::command, failed).await
}

async fn action<D: Desk + Send + Sync>(
    State(door): State<Arc<Door<D>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // Slack marks a button whose press was not taken.
    door.receive(&headers, &body, payload::action, unavailable).await
}

async fn event<D: Desk + Send + Sync>(
    State(door): State<Arc<Door<D>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // Slack sends an event that was not taken again.
    door.receive(&headers, &body, |body, _| payload::event(body), unavailable).await
}

fn unavailable() -> Response {
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

impl<D: Desk> Door<D> {
    /// Checks who sends, reads, and takes in; nothing is read before it is genuine.
    async fn receive(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        read: impl FnOnce(&[u8], Timestamp) -> Result<Read, Unreadable>,
        failed: impl FnOnce() -> Response,
    ) -> Response {
        let now = Timestamp::now();
        if !self.is_genuine(headers, body, now) {
            return refuse();
        }
        self.take(read(body, now)).await.unwrap_or_else(|_| failed())
    }

    fn is_genuine(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> bool {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let signed = header(signature::TIMESTAMP).zip(header(signature::SIGNATURE));
        let secret = &self.app.signing_secret;
        signed.is_some_and(|signed| signature::is_genuine(secret, signed, body, now))
    }

    async fn take(&self, read: Result<Read, Unreadable>) -> Result<Response, Failure> {
        let asked = match read {
            Ok(Read::Asked(asked)) => asked,
            Ok(Read::Challenge(challenge)) => return Ok(challenge.into_response()),
            Ok(Read::Ignored) => return Ok(StatusCode::OK.into_response()),
            // Signed by Slack and yet not readable: to be looked at, and not to be sent again.
            Err(Unreadable) => {
                tracing::error!("Slack has sent what cannot be read");
                return Ok(StatusCode::BAD_REQUEST.into_response());
            }
        };
        let taken = tokio::time::timeout(TAKE_WITHIN, self.desk.take(&asked)).await;
        let taken = taken.unwrap_or_else(|_| Err(Failure::Retry("the queue is slow".to_owned())));
        if let Err(failure) = &taken {
            tracing::error!(why = %failure, "a question from Slack could not be taken in");
        }
        taken.map(|()| StatusCode::OK.into_response())
    }
}

/// Without detail: who forges learns nothing.
fn refuse() -> Response {
    tracing::warn!("a request was not signed by Slack");
    StatusCode::UNAUTHORIZED.into_response()
}

fn ephemeral(text: &str) -> Response {
    let body = json!({"response_type": "ephemeral", "text": text}).to_string();
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}

#[derive(Deserialize)]
struct Invited {
    #[serde(default)]
    state: String,
}

/// Sends who was invited to Slack.
async fn install<D: Desk + Send + Sync>(
    State(door): State<Arc<Door<D>>>,
    Query(Invited { state }): Query<Invited>,
) -> Response {
    match door.desk.invitation(&state, Timestamp::now()).await {
        Ok(Some(_)) => {
            let to = door.oauth.authorize_url(&door.app, &state);
            let secure = if door.oauth.is_local() { "" } else { "; Secure" };
            let cookie = format!(
                "{COOKIE_NAME}={}; Path=/slack; Max-Age=600; HttpOnly; SameSite=Lax{secure}",
                digest(&state)
            );
            (StatusCode::FOUND, [(LOCATION, to), (SET_COOKIE, cookie)]).into_response()
        }
        Ok(None) => door.end(&End::UsedUp, ReturnTo::default()),
        Err(failure) => door.end(&End::Failed(failure), ReturnTo::default()),
    }
}

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    error: Option<String>,
}

/// He comes back from Slack with a code, or without.
async fn come_back<D: Desk + Send + Sync>(
    State(door): State<Arc<Door<D>>>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Response {
    // The browser that was sent, and no other: else somebody could be made to install a stranger's
    // workspace.
    if !has_cookie(&headers, &digest(&back.state)) {
        return door.end(&End::UsedUp, ReturnTo::default());
    }
    let now = Timestamp::now();
    // Before the state is taken back, and with it where he came from.
    let to = match door.desk.invitation(&back.state, now).await {
        Ok(to) => to.unwrap_or_default(),
        Err(failure) => return door.end(&End::Failed(failure), ReturnTo::default()),
    };
    if back.error.is_some() {
        return door.end(&End::Cancelled, to);
    }
    let end = door.let_in(&back, now).await;
    door.end(&end, to)
}

impl<D: Desk> Door<D> {
    fn end(&self, end: &End, to: ReturnTo) -> Response {
        end.shown(self.dashboard.as_deref(), to)
    }

    async fn let_in(&self, back: &Back, now: Timestamp) -> End {
        let scope = match self.desk.invited(&back.state, now).await {
            Ok(Some(scope)) => scope,
            Ok(None) => return End::UsedUp,
            Err(failure) => return End::Failed(failure),
        };
        let grant = match self.oauth.exchange(&self.app, &back.code).await {
            Ok(grant) => grant,
            Err(why) => return why.into(),
        };
        let (team, channel) = (grant.team_name.clone(), grant.channel_name.clone());
        match self.desk.install(&scope, grant, now).await {
            Ok(Installed::Now) => End::Installed { team, channel },
            Ok(Installed::OfAnother) => End::OfAnother { team },
            Err(failure) => End::Failed(failure),
        }
    }
}

fn digest(state: &str) -> String {
    words::hex(&Sha256::digest(state.as_bytes()))
}

fn has_cookie(headers: &HeaderMap, value: &str) -> bool {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let mut pairs = cookies.flat_map(|header| header.split(';'));
    pairs.any(|pair| pair.trim().split_once('=') == Some((COOKIE_NAME, value)))
}
