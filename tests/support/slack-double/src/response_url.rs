//! Addresses under which the app answers somebody later: five times, within half an hour.

use crate::fault::json_answer;
use crate::limits;
use crate::message::Kept;
use crate::refusal::Refusal;
use crate::state::SlackState;
use crate::web_api::answered;
use crate::webhook::taken;
use crate::world::World;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// How often an address may be used.
pub const USES: u32 = 5;
/// How long an address may be used.
pub const VALID: Duration = Duration::from_mins(30);

/// One address.
#[derive(Debug, Clone)]
pub(crate) struct ResponseUrl {
    path: String,
    workspace: String,
    channel: String,
    user: String,
    /// The message that somebody pressed a button of.
    original: Option<String>,
    made_at: Duration,
    used: u32,
}

impl World {
    /// A new address for somebody in a channel.
    pub(crate) fn response_url(
        &mut self,
        (workspace, channel, user): (&str, &str, &str),
        original: Option<&str>,
    ) -> String {
        let path = format!("/response/{workspace}/{}/{}", self.id("R"), self.name());
        let url = format!("{}{path}", self.settings.base_url.trim_end_matches('/'));
        let (workspace, channel) = (workspace.to_owned(), channel.to_owned());
        let (user, original) = (user.to_owned(), original.map(str::to_owned));
        let made_at = self.now();
        let made = ResponseUrl { path, workspace, channel, user, original, made_at, used: 0 };
        self.response_urls.push(made);
        url
    }
}

/// An answer.
pub(crate) async fn call(
    State(slack): State<SlackState>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(&slack, || {
        let done = taken(&slack, "/response/", (&headers, &body), |world, sent| {
            take(world, uri.path(), sent)
        });
        done.map_or_else(|refusal| no(&refusal), |()| json_answer(&json!({"ok": true})))
    })
    .await
}

fn no(refusal: &Refusal) -> Response {
    let status = match refusal.code {
        "expired_url" | "used_url" => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    };
    (status, json_answer(&json!({"ok": false, "error": refusal.code}))).into_response()
}

fn take(world: &mut World, path: &str, sent: &Value) -> Result<(), Refusal> {
    let address = valid(world, path)?;
    obey(world, &address, sent)?;
    let mut all = world.response_urls.iter_mut();
    all.find(|known| known.path == path).into_iter().for_each(|known| known.used += 1);
    Ok(())
}

fn valid(world: &World, path: &str) -> Result<ResponseUrl, Refusal> {
    let known = world.response_urls.iter().find(|known| known.path == path);
    let known = known.ok_or_else(|| Refusal::new("expired_url", "nobody knows it"))?;
    if world.now().saturating_sub(known.made_at) >= VALID {
        return Err(Refusal::new("expired_url", "older than 30 minutes"));
    }
    if known.used >= USES {
        return Err(Refusal::new("used_url", "used five times"));
    }
    Ok(known.clone())
}

/// Deletes or replaces the original, or writes something new.
fn obey(world: &mut World, address: &ResponseUrl, sent: &Value) -> Result<(), Refusal> {
    let original = address.original.as_deref();
    if wanted(sent, "delete_original") {
        world.messages.retain(|kept| Some(kept.ts.as_str()) != original);
        world.changes += 1;
        return Ok(());
    }
    check(sent)?;
    match original.filter(|_| wanted(sent, "replace_original")) {
        Some(ts) => replace(world, &address.channel, ts, sent),
        None => write(world, address, sent),
    }
}

/// A flag, which Slack also takes as a text.
fn wanted(sent: &Value, flag: &str) -> bool {
    sent[flag] == true || sent[flag] == "true"
}

/// What somebody reads in answer to what he did; blocks are enough here.
pub(crate) fn check(sent: &Value) -> Result<(), Refusal> {
    limits::blocks(&sent["blocks"])?;
    let has_blocks = sent["blocks"].as_array().is_some_and(|blocks| !blocks.is_empty());
    if has_blocks && sent["text"].is_null() { Ok(()) } else { limits::text(sent) }
}

fn replace(world: &mut World, channel: &str, ts: &str, sent: &Value) -> Result<(), Refusal> {
    let gone = || Refusal::new("message_not_found", "the original is gone");
    world.change(channel, ts, sent).ok_or_else(gone)?;
    let mut noted = sent.clone();
    (noted["ts"], noted["channel"]) = (json!(ts), json!(channel));
    world.record.updated.push(noted);
    Ok(())
}

fn write(world: &mut World, address: &ResponseUrl, sent: &Value) -> Result<(), Refusal> {
    world.check_thread(&address.channel, sent)?;
    let message = Kept::of_app(&address.workspace, &address.channel, sent);
    let in_channel = sent["response_type"] == "in_channel";
    world.keep(if in_channel { message } else { message.only_to(&address.user) });
    Ok(())
}
