//! Incoming webhooks: an address that posts into the channel that it was made for.

use crate::arguments::{form, header, json};
use crate::fault::rate_limited;
use crate::limits;
use crate::message::Kept;
use crate::refusal::Refusal;
use crate::state::SlackState;
use crate::web_api::{answered, refuse};
use crate::world::World;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A message for a webhook.
pub(crate) async fn call(
    State(slack): State<SlackState>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(&slack, || {
        let done = taken(&slack, "/services/", (&headers, &body), |world, sent| {
            post(world, uri.path(), sent)
        });
        done.map_or_else(|refusal| no(refusal.code), |()| "ok".into_response())
    })
    .await
}

/// Does what is posted to an address; what is refused is kept for whoever looks.
pub(crate) fn taken(
    slack: &SlackState,
    kind: &str,
    (headers, body): (&HeaderMap, &[u8]),
    take: impl FnOnce(&mut World, &Value) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut world = slack.world();
    let sent = payload(headers, body);
    let shown = sent.clone().unwrap_or_default();
    let done = sent.and_then(|sent| take(&mut world, &sent));
    done.inspect_err(|refusal| refuse(&mut world, kind, refusal, shown))
}

/// JSON, or a form's field `payload` with JSON.
fn payload(headers: &HeaderMap, body: &[u8]) -> Result<Value, Refusal> {
    let kind = header(headers, CONTENT_TYPE.as_str());
    if kind.starts_with("application/x-www-form-urlencoded") {
        let fields = form(body);
        let text = fields.get("payload").and_then(Value::as_str).unwrap_or_default();
        return json(text.as_bytes()).map(Value::Object);
    }
    if !kind.starts_with("application/json") {
        return Err(Refusal::new("invalid_post_type", "JSON or a form is needed"));
    }
    json(body).map(Value::Object)
}

fn post(world: &mut World, path: &str, sent: &Value) -> Result<(), Refusal> {
    let mut all = world.workspaces.iter();
    let found = all.find_map(|workspace| {
        let hook = workspace.webhooks.iter().find(|hook| hook.path == path)?;
        Some((workspace.id.clone(), hook.channel.clone()))
    });
    let (workspace, channel) = found.ok_or_else(|| Refusal::new("no_service", "no webhook"))?;
    let archived = world.workspace(&workspace).and_then(|found| found.channel(&channel));
    if archived.is_some_and(|channel| channel.archived) {
        return Err(Refusal::new("channel_is_archived", "nobody can post there any more"));
    }
    limits::check(sent)?;
    world.check_thread(&channel, sent)?;
    world.check_rate(&channel)?;
    let ts = world.keep(Kept::of_app(&workspace, &channel, sent));
    let mut noted = sent.clone();
    (noted["ts"], noted["channel"]) = (json!(ts), json!(channel));
    world.record.posted.push(noted);
    Ok(())
}

/// A webhook answers with a word and a status.
fn no(code: &'static str) -> Response {
    let status = match code {
        "ratelimited" => return rate_limited(Some("1".to_owned())),
        "no_service" => StatusCode::NOT_FOUND,
        "channel_is_archived" => StatusCode::GONE,
        _ => StatusCode::BAD_REQUEST,
    };
    (status, code).into_response()
}
