//! Settings: the tenant's time zone, quiet hours, and own receiver.

use crate::caller::{Known, Person};
use crate::problem::{Problem, Problems};
use crate::reply::{Json, Reply, Version, changed};
use axum::response::Response;
use domain::tenant::{QuietHours, SettingError, Settings, Webhook, Zone};
use pipeline::settings;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Characters of a receiver's address.
const MAX_URL: usize = 2_000;

/// What a tenant has settled.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Settings)]
struct SettingsView {
    /// A name of the IANA list: times of the digest and of quiet hours are its.
    #[schema(example = "Europe/Berlin")]
    timezone: String,
    /// Alerts that are only worth knowing wait until they end.
    #[schema(example = "22:00-07:00")]
    quiet_hours: Option<String>,
    /// Where alerts go besides the channel that was chosen at the installation.
    routes: Vec<RouteView>,
    /// Host of your own receiver; its address may hold a secret.
    webhook_host: Option<String>,
}

/// Which alerts a channel gets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RouteView {
    /// Of this account; none for all.
    account_id: Option<String>,
    /// At least this loud.
    at_least: String,
    /// The channel's id in Slack.
    channel: String,
}

/// A change of the settings: all of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SettingsChange {
    /// A name of the IANA list.
    #[schema(max_length = 64)]
    timezone: String,
    /// `22:00-07:00`; none for no quiet hours.
    #[schema(max_length = 20)]
    quiet_hours: Option<String>,
}

/// Your own receiver.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookChange {
    /// An https address that others can reach.
    #[schema(format = "uri", max_length = 2000)]
    url: String,
}

/// The key of your receiver.
#[derive(Serialize, ToSchema)]
struct WebhookKey {
    /// Signs what your receiver gets (Standard Webhooks): shown now and never again.
    key: String,
}

fn view(settings: &Settings) -> SettingsView {
    let host = |webhook: &Webhook| {
        let rest = webhook.url.split_once("://").map_or(webhook.url.as_str(), |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
    };
    let route = |route: &domain::tenant::Route| RouteView {
        account_id: route.account.as_ref().map(ToString::to_string),
        at_least: route.at_least.code().to_owned(),
        channel: route.channel.clone(),
    };
    SettingsView {
        timezone: settings.zone.name().to_owned(),
        quiet_hours: settings.quiet.map(|hours| hours.to_string()),
        routes: settings.routes.iter().map(route).collect(),
        webhook_host: settings.webhook.as_ref().map(host),
    }
}

/// What you have settled
#[utoipa::path(get, operation_id = "getSettings", path = "/settings", tag = "Settings",
    responses((status = 200, body = SettingsView),
        (status = 304, description = "It is as `If-None-Match` says"), Problems),
    security(("person" = [])))]
pub(crate) async fn get(Person(known): Person, version: Version) -> Result<Response, Problem> {
    let (settings, at) = known.table().settings_with_version(known.scope()).await?;
    Ok(version.answer(at, Reply::ok(&view(&settings))))
}

/// Change what you have settled
#[utoipa::path(put, operation_id = "putSettings", path = "/settings", tag = "Settings",
    params(("If-Match" = Option<String>, Header, description = "change this version or none")),
    request_body = SettingsChange,
    responses((status = 200, body = SettingsView), Problems), security(("person" = [])))]
pub(crate) async fn put(
    Person(known): Person,
    version: Version,
    Json(asked): Json<SettingsChange>,
) -> Result<Reply, Problem> {
    // Without what was sent.
    let wrong = |error: SettingError| {
        Problem::invalid(match error {
            SettingError::Zone(_) => {
                "timezone is a name such as Europe/Berlin, America/New_York or UTC."
            }
            SettingError::QuietHours(_) => "quietHours look like 22:00-07:00.",
        })
    };
    let zone = Zone::parse(&asked.timezone).map_err(wrong)?;
    let quiet = asked.quiet_hours.as_deref().map(QuietHours::parse).transpose().map_err(wrong)?;
    change(&known, &version, |settings| {
        settings.zone = zone.clone();
        settings.quiet = quiet;
    })
    .await
}

/// Set your own receiver
///
/// Every change of an anomaly is posted to it, signed as Standard Webhooks says.
#[utoipa::path(put, operation_id = "putWebhook", path = "/settings/webhook", tag = "Settings",
    request_body = WebhookChange,
    responses((status = 200, body = WebhookKey), Problems), security(("person" = [])))]
pub(crate) async fn put_webhook(
    Person(known): Person,
    version: Version,
    Json(asked): Json<WebhookChange>,
) -> Result<Reply, Problem> {
    if asked.url.len() > MAX_URL {
        return Err(Problem::invalid(format!("url has at most {MAX_URL} characters.")));
    }
    let local = known.api.local_webhooks;
    webhook::check(&asked.url, local).map_err(|why| Problem::invalid(format!("url: {why}.")))?;
    let key = webhook::fresh_key()?;
    let sealed = known.api.outside.seal(known.scope(), asked.url, key.clone()).await?;
    change(&known, &version, |settings| settings.webhook = Some(sealed.clone())).await?;
    Ok(Reply::ok(&WebhookKey { key: key.expose_secret().to_owned() }))
}

/// Take your own receiver away
#[utoipa::path(delete, operation_id = "deleteWebhook", path = "/settings/webhook", tag = "Settings",
    responses((status = 200, body = SettingsView), Problems), security(("person" = [])))]
pub(crate) async fn delete_webhook(
    Person(known): Person,
    version: Version,
) -> Result<Reply, Problem> {
    change(&known, &version, |settings| settings.webhook = None).await
}

async fn change(
    known: &Known,
    version: &Version,
    change: impl FnOnce(&mut Settings),
) -> Result<Reply, Problem> {
    let (before, at) = known.table().settings_with_version(known.scope()).await?;
    version.allows(at)?;
    let mut after = before.clone();
    change(&mut after);
    let same = after == before;
    let asked = (&known.asker(), known.now);
    let changes = ((before, at), &after);
    if !settings::change_from(known.table(), known.scope(), asked, changes).await? {
        return Err(changed());
    }
    let at = if same { at } else { at + 1 };
    Ok(Reply::ok(&view(&after)).of_version(at))
}
