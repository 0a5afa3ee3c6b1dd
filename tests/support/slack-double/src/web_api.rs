//! Slack's Web API, as far as the app calls it.

use crate::arguments::Arguments;
use crate::fault::{Fault, json_answer, rate_limited};
use crate::limits;
use crate::message::{Author, Kept};
use crate::oauth;
use crate::refusal::Refusal;
use crate::settings::{BOT_ID, BOT_NAME, BOT_USER};
use crate::state::SlackState;
use crate::world::{Refused, World};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde_json::{Value, json};

/// One method: the workspace that the token belongs to, what was sent, the answer without `ok`.
type Method = fn(&mut World, &str, &Arguments) -> Result<Value, Refusal>;

/// Any call.
pub(crate) async fn call(
    State(slack): State<SlackState>,
    Path(method): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(&slack, || {
        let done = obey(&mut slack.world(), &method, &uri, &headers, &body);
        slack.tell_departures();
        match done {
            Ok(mut answer) => {
                answer["ok"] = json!(true);
                json_answer(&answer)
            }
            Err(Refusal { code: "ratelimited", .. }) => rate_limited(Some("1".to_owned())),
            Err(Refusal { code, why }) => json_answer(&json!({
                "ok": false, "error": code, "response_metadata": {"messages": [why]},
            })),
        }
    })
    .await
}

/// The answer of the next fault, or of what was asked for.
pub(crate) async fn answered(slack: &SlackState, obey: impl FnOnce() -> Response) -> Response {
    let fault = {
        let mut world = slack.world();
        world.calls = world.calls.saturating_add(1);
        world.faults.pop_front()
    };
    match fault {
        None => obey(),
        Some(Fault::Lost) => {
            obey();
            Fault::Lost.answer().await
        }
        Some(fault) => fault.answer().await,
    }
}

fn obey(
    world: &mut World,
    method: &str,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Value, Refusal> {
    let arguments = Arguments::read(uri, headers, body);
    let sent = arguments.as_ref().map_or(Value::Null, |arguments| arguments.sent.clone());
    let done = arguments.and_then(|arguments| match method {
        "oauth.v2.access" => oauth::access(world, &arguments),
        "apps.uninstall" => oauth::uninstall(world, &arguments),
        _ => with_token(world, method, &arguments),
    });
    done.inspect_err(|refusal| refuse(world, uri.path(), refusal, sent))
}

/// Notes what was not obeyed.
pub(crate) fn refuse(world: &mut World, path: &str, refusal: &Refusal, message: Value) {
    let (error, why) = (refusal.code.to_owned(), refusal.why.clone());
    world.record.refused.push(Refused { path: path.to_owned(), error, why, message });
}

fn with_token(world: &mut World, name: &str, arguments: &Arguments) -> Result<Value, Refusal> {
    let known = method(name);
    let known = known.ok_or_else(|| Refusal::new("unknown_method", format!("no {name}")))?;
    let workspace = world.workspace_of(&arguments.token)?;
    known(world, &workspace, arguments)
}

fn method(name: &str) -> Option<Method> {
    match name {
        "chat.postMessage" => Some(post_message),
        "chat.postEphemeral" => Some(post_ephemeral),
        "chat.update" => Some(update),
        "chat.getPermalink" => Some(permalink),
        "auth.test" => Some(auth_test),
        "auth.revoke" => Some(auth_revoke),
        _ => None,
    }
}

fn post_message(world: &mut World, team: &str, arguments: &Arguments) -> Result<Value, Refusal> {
    let (channel, sent) = (arguments.text("channel"), &arguments.sent);
    may_post(world, team, channel)?;
    limits::check(sent)?;
    world.check_thread(channel, sent)?;
    world.check_rate(channel)?;
    let kept = Kept::of_app(team, channel, sent);
    let ts = world.keep(kept);
    let mut noted = sent.clone();
    noted["ts"] = json!(ts);
    world.record.posted.push(noted);
    let message = world.message_mut(channel, &ts).map(|kept| kept.as_slack());
    Ok(json!({"channel": channel, "ts": ts, "message": message}))
}

fn post_ephemeral(world: &mut World, team: &str, arguments: &Arguments) -> Result<Value, Refusal> {
    let (channel, sent) = (arguments.text("channel"), &arguments.sent);
    may_post(world, team, channel)?;
    let person = world.workspace(team).and_then(|found| found.person(arguments.text("user")));
    let person = person.map(|person| person.id.clone());
    let nobody = || Refusal::new("user_not_in_channel", "nobody of this id is there");
    let person = person.ok_or_else(nobody)?;
    limits::check(sent)?;
    world.check_thread(channel, sent)?;
    world.check_rate(channel)?;
    let ts = world.keep(Kept::of_app(team, channel, sent).only_to(&person));
    Ok(json!({"message_ts": ts}))
}

fn update(world: &mut World, team: &str, arguments: &Arguments) -> Result<Value, Refusal> {
    let (channel, ts) = (arguments.text("channel"), arguments.text("ts"));
    may_post(world, team, channel)?;
    limits::check(&arguments.sent)?;
    let standing = world.message_mut(channel, ts).filter(|kept| kept.ephemeral_to.is_none());
    let author = standing.map(|kept| kept.author.clone());
    let gone = || Refusal::new("message_not_found", format!("no message {ts:?}"));
    if author.ok_or_else(gone)? != Author::App {
        return Err(Refusal::new("cant_update_message", "somebody else wrote it"));
    }
    let message = world.change(channel, ts, &arguments.sent).map(Kept::as_slack);
    world.record.updated.push(arguments.sent.clone());
    Ok(json!({"channel": channel, "ts": ts, "text": arguments.text("text"), "message": message}))
}

/// The address leads to the message in the preview.
fn permalink(world: &mut World, team: &str, arguments: &Arguments) -> Result<Value, Refusal> {
    let (channel, ts) = (arguments.text("channel"), arguments.text("message_ts"));
    let there = world.workspace(team).and_then(|found| found.channel(channel));
    there.ok_or_else(|| Refusal::new("channel_not_found", format!("no channel {channel:?}")))?;
    let kept = world.message_mut(channel, ts).filter(|kept| kept.ephemeral_to.is_none());
    let kept = kept.ok_or_else(|| Refusal::new("message_not_found", format!("no {ts:?}")))?;
    let thread = kept.thread_ts.as_ref();
    let thread = thread.map(|head| format!("?thread_ts={head}&cid={channel}")).unwrap_or_default();
    let base = world.settings.base_url.trim_end_matches('/');
    let permalink = format!("{base}/archives/{channel}/p{}{thread}", ts.replace('.', ""));
    Ok(json!({"channel": channel, "permalink": permalink}))
}

fn auth_test(world: &mut World, team: &str, _: &Arguments) -> Result<Value, Refusal> {
    let url = format!("{}/", world.settings.base_url.trim_end_matches('/'));
    let name = &world.workspace(team).ok_or_else(no_workspace)?.name;
    Ok(json!({
        "url": url, "team": name, "team_id": team, "user": BOT_NAME, "user_id": BOT_USER,
        "bot_id": BOT_ID, "is_enterprise_install": false,
    }))
}

/// Only this token.
fn auth_revoke(world: &mut World, team: &str, arguments: &Arguments) -> Result<Value, Refusal> {
    let only_a_test = ["1", "true"].contains(&arguments.text("test"));
    if only_a_test || arguments.sent["test"] == true {
        return Ok(json!({"revoked": false}));
    }
    let workspace = world.workspace_mut(team).ok_or_else(no_workspace)?;
    workspace.kill_token(&arguments.token, "token_revoked");
    Ok(json!({"revoked": true}))
}

/// The app may post in this channel of this workspace.
fn may_post(world: &World, team: &str, channel: &str) -> Result<(), Refusal> {
    world.workspace(team).ok_or_else(no_workspace)?.may_post(channel)
}

fn no_workspace() -> Refusal {
    Refusal::new("team_not_found", "no such workspace")
}
