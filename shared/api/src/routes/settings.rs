//! Settings: the tenant's time zone, quiet hours, channels, and own receiver.

use crate::caller::{Known, Person};
use crate::problem::{Code, Problem, Problems};
use crate::reply::{Json, Reply, Version, changed};
use axum::response::Response;
use domain::decision::Severity;
use domain::tenant::{MAX_ROUTES, QuietHours, Route, SettingError, Settings, Webhook, Zone};
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
    at_least: SeverityWord,
    /// The channel's id in Slack.
    channel: String,
}

/// Which alerts a channel is to get. Of several that fit, one of the account comes before one of all,
/// then the one for louder alerts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RouteChange {
    /// Of this account; none for all.
    #[schema(min_length = 12, max_length = 12, pattern = "^[0-9]{12}$")]
    account_id: Option<String>,
    /// At least this loud.
    at_least: SeverityWord,
    /// The channel's id in Slack, not its name; Slack shows it at the end of the channel's details.
    /// Slack takes a message only into a channel that we are in: say `/invite @dd0c` there.
    #[schema(
        example = "C0123456789",
        min_length = 3,
        max_length = 64,
        pattern = "^[CGD][A-Z0-9]+$"
    )]
    channel: String,
}

/// How loud an alert is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SeverityWord {
    /// Worth knowing.
    Info,
    /// Worth a look today.
    Warning,
    /// Worth waking somebody.
    Critical,
}

impl From<SeverityWord> for Severity {
    fn from(word: SeverityWord) -> Self {
        match word {
            SeverityWord::Info => Self::Info,
            SeverityWord::Warning => Self::Warning,
            SeverityWord::Critical => Self::Critical,
        }
    }
}

impl From<Severity> for SeverityWord {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Critical => Self::Critical,
        }
    }
}

/// A change of the settings: all of them, but for `routes`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SettingsChange {
    /// A name of the IANA list.
    #[schema(max_length = 64)]
    timezone: String,
    /// `22:00-07:00`; none for no quiet hours.
    #[schema(max_length = 20)]
    quiet_hours: Option<String>,
    /// All channels besides the one of the installation, at most one for the same alerts; left out,
    /// they stay as they are.
    #[schema(max_items = 20)]
    routes: Option<Vec<RouteChange>>,
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
    let route = |route: &Route| RouteView {
        account_id: route.account.as_ref().map(ToString::to_string),
        at_least: route.at_least.into(),
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
        let (field, detail) = match error {
            SettingError::Zone(_) => {
                ("timezone", "timezone is a name such as Europe/Berlin, America/New_York or UTC.")
            }
            SettingError::QuietHours(_) => ("quietHours", "quietHours look like 22:00-07:00."),
            SettingError::Channel(_) => ("routes", CHANNEL),
        };
        Problem::of_field(field, detail)
    };
    let zone = Zone::parse(&asked.timezone).map_err(wrong)?;
    let quiet = asked.quiet_hours.as_deref().map(QuietHours::parse).transpose().map_err(wrong)?;
    let routes = match &asked.routes {
        Some(asked) => Some(read_routes(&known, asked).await?),
        None => None,
    };
    change(&known, &version, |settings| {
        settings.zone = zone;
        settings.quiet = quiet;
        if let Some(routes) = routes {
            settings.routes = routes;
        }
    })
    .await
}

/// What would do for a channel.
const CHANNEL: &str = "channel is the id of a channel in Slack, such as C0123456789, not its name.";

/// Routes of this tenant's accounts, no two of them about the same.
async fn read_routes(known: &Known, asked: &[RouteChange]) -> Result<Vec<Route>, Problem> {
    if asked.len() > MAX_ROUTES
        && !known.table().settings(known.scope()).await?.may_have(asked.len())
    {
        return Err(Problem::of_field("routes", format!("There are at most {MAX_ROUTES} routes.")));
    }
    let mut routes: Vec<Route> = Vec::new();
    for (place, each) in asked.iter().enumerate() {
        let route = each.read(known, place).await?;
        if let Some(rival) = routes.iter().position(|before| before.rivals(&route)) {
            let detail = format!(
                "routes[{place}] is about the same alerts as routes[{rival}]: an alert goes into one \
                 channel. Leave one of them out, or give it another accountId or atLeast."
            );
            return Err(Problem::of_field(format!("routes[{place}]"), detail));
        }
        routes.push(route);
    }
    Ok(routes)
}

impl RouteChange {
    async fn read(&self, known: &Known, place: usize) -> Result<Route, Problem> {
        let mut account = None;
        if let Some(id) = &self.account_id {
            let found = known.account(id).await.map_err(|problem| unknown(problem, place))?;
            account = Some(found.account);
        }
        let wrong = |_| {
            let field = format!("routes[{place}].channel");
            Problem::of_field(field, format!("routes[{place}].{CHANNEL}"))
        };
        Route::new(account, self.at_least.into(), &self.channel).map_err(wrong)
    }
}

/// The account of a route is not there; what else went wrong stays what it is.
fn unknown(problem: Problem, place: usize) -> Problem {
    if problem.code() != Code::NotFound {
        return problem;
    }
    let field = format!("routes[{place}].accountId");
    let detail = format!("{field} is none of your accounts; leave it out for all of them.");
    Problem::of_field(field, detail)
}

/// Set your own receiver
///
/// Every change of an anomaly is posted to it, signed as Standard Webhooks says.
#[utoipa::path(put, operation_id = "putWebhook", path = "/settings/webhook", tag = "Settings",
    params(("If-Match" = Option<String>, Header, description = "change this version of the settings or none")),
    request_body = WebhookChange,
    responses((status = 200, body = WebhookKey), Problems), security(("person" = [])))]
pub(crate) async fn put_webhook(
    Person(known): Person,
    version: Version,
    Json(asked): Json<WebhookChange>,
) -> Result<Reply, Problem> {
    if asked.url.len() > MAX_URL {
        return Err(Problem::of_field("url", format!("url has at most {MAX_URL} characters.")));
    }
    let local = known.api.local_webhooks;
    webhook::check(&asked.url, local)
        .map_err(|why| Problem::of_field("url", format!("url: {why}.")))?;
    let key = webhook::fresh_key()?;
    let sealed = known.api.outside.seal(known.scope(), asked.url, key.clone()).await?;
    change(&known, &version, |settings| settings.webhook = Some(sealed.clone())).await?;
    Ok(Reply::ok(&WebhookKey { key: key.expose_secret().to_owned() }))
}

/// Take your own receiver away
#[utoipa::path(delete, operation_id = "deleteWebhook", path = "/settings/webhook", tag = "Settings",
    params(("If-Match" = Option<String>, Header, description = "change this version of the settings or none")),
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
