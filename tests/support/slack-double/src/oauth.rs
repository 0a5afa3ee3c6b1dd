//! Installing the app: the page where somebody allows it, the code that it leaves with, and the
//! token that the code is changed for.

use crate::arguments::Arguments;
use crate::refusal::Refusal;
use crate::settings::{APP_ID, BOT_USER, Settings};
use crate::state::{Impossible, SlackState};
use crate::world::World;
use reqwest::Url;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;

/// How long a code can be changed for a token.
pub const CODE_VALID: Duration = Duration::from_mins(10);

/// What somebody allowed.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    text: String,
    workspace: String,
    channel: String,
    /// As it was asked for; `None` where it was not.
    redirect_uri: Option<String>,
    scope: String,
    made_at: Duration,
    used: bool,
}

/// What the app asks for on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) scope: String,
    state: Option<String>,
    asked_uri: Option<String>,
    redirect_uri: Url,
}

impl Request {
    /// From the query of the page's address.
    pub(crate) fn read(query: &str, settings: &Settings) -> Result<Self, Refusal> {
        let mut fields: HashMap<_, _> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if fields.get("client_id") != Some(&settings.client_id) {
            return Err(Refusal::new("invalid_client_id", "no app has this client_id"));
        }
        let scope = fields.remove("scope").filter(|scope| !scope.is_empty());
        let scope = scope.ok_or_else(|| Refusal::new("invalid_scope", "no scope"))?;
        let asked_uri = fields.remove("redirect_uri");
        let redirect_uri = redirect_uri(asked_uri.as_deref(), settings)?;
        Ok(Self { scope, state: fields.remove("state"), asked_uri, redirect_uri })
    }

    /// Where the person is sent with the answer.
    fn back(&self, name: &str, value: &str) -> String {
        let mut url = self.redirect_uri.clone();
        url.query_pairs_mut().append_pair(name, value);
        if let Some(state) = &self.state {
            url.query_pairs_mut().append_pair("state", state);
        }
        url.into()
    }
}

fn redirect_uri(asked: Option<&str>, settings: &Settings) -> Result<Url, Refusal> {
    let known = &settings.redirect_uris;
    let bad = |why: &str| Refusal::new("bad_redirect_uri", why);
    let first = known.first().map(String::as_str);
    let text = asked.or(first).ok_or_else(|| bad("none is asked for and none is known"))?;
    if !known.is_empty() && !known.iter().any(|known| text.starts_with(known.as_str())) {
        return Err(bad("it is not one of the app's"));
    }
    let url = Url::parse(text).map_err(|error| bad(&error.to_string()))?;
    if matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err(bad("it is no web page")) }
}

impl World {
    /// Somebody allows what is asked for; gives the address to go on to.
    pub(crate) fn allow(
        &mut self,
        query: &str,
        workspace: &str,
        channel: &str,
    ) -> Result<String, Refusal> {
        let request = Request::read(query, &self.settings)?;
        let there = self.workspace(workspace).and_then(|found| found.channel(channel));
        there.ok_or_else(|| Refusal::new("channel_not_found", "no such channel there"))?;
        let text = self.name();
        let back = request.back("code", &text);
        self.codes.push(Code {
            text,
            workspace: workspace.to_owned(),
            channel: channel.to_owned(),
            redirect_uri: request.asked_uri,
            scope: request.scope,
            made_at: self.now(),
            used: false,
        });
        Ok(back)
    }

    /// Somebody does not; gives the address to go on to.
    pub(crate) fn cancel(&self, query: &str) -> Result<String, Refusal> {
        let request = Request::read(query, &self.settings)?;
        Ok(request.back("error", "access_denied"))
    }
}

impl SlackState {
    /// Somebody opens the page, chooses a channel and allows it; gives the address that the page
    /// sends on to.
    pub fn allow(&self, url: &str, workspace: &str, channel: &str) -> Result<String, Impossible> {
        Ok(self.world().allow(query(url), workspace, channel)?)
    }

    /// Somebody opens the page and does not allow it.
    pub fn cancel(&self, url: &str) -> Result<String, Impossible> {
        Ok(self.world().cancel(query(url))?)
    }
}

fn query(url: &str) -> &str {
    let (before, _) = url.split_once('#').unwrap_or((url, ""));
    before.split_once('?').map_or("", |(_, query)| query)
}

/// `oauth.v2.access`.
pub(crate) fn access(world: &mut World, arguments: &Arguments) -> Result<Value, Refusal> {
    check_client(world, arguments)?;
    let code = spend(world, arguments)?;
    let (token, path) = world
        .install(&code.workspace, &code.channel)
        .ok_or_else(|| Refusal::new("invalid_code", "the channel is gone"))?;
    Ok(granted(world, &code, &token, &path))
}

fn granted(world: &World, code: &Code, token: &str, path: &str) -> Value {
    let team = world.workspace(&code.workspace);
    let channel = team.and_then(|found| found.channel(&code.channel));
    let channel = channel.map(|channel| format!("#{}", channel.name));
    let person = team.and_then(|found| found.people.first()).map(|person| &person.id);
    let base = world.settings.base_url.trim_end_matches('/');
    json!({
        "access_token": token,
        "token_type": "bot",
        "scope": code.scope,
        "bot_user_id": BOT_USER,
        "app_id": APP_ID,
        "team": {"id": code.workspace, "name": team.map(|found| &found.name)},
        "enterprise": null,
        "is_enterprise_install": false,
        "authed_user": {"id": person},
        "incoming_webhook": {
            "channel": channel,
            "channel_id": code.channel,
            "configuration_url": format!("{base}/preview"),
            "url": format!("{base}{path}"),
        },
    })
}

/// The app says who it is, as arguments or by HTTP basic authentication.
fn check_client(world: &World, arguments: &Arguments) -> Result<(), Refusal> {
    let in_body = || (arguments.text("client_id").into(), arguments.text("client_secret").into());
    let (id, secret): (String, String) = arguments.client.clone().unwrap_or_else(in_body);
    if id != world.settings.client_id {
        return Err(Refusal::new("invalid_client_id", "no app has this client_id"));
    }
    if secret != world.settings.client_secret {
        return Err(Refusal::new("bad_client_secret", "another client_secret"));
    }
    Ok(())
}

/// A code is good once, for ten minutes, for the page that it was made for.
fn spend(world: &mut World, arguments: &Arguments) -> Result<Code, Refusal> {
    let (now, text) = (world.now(), arguments.text("code"));
    let code = world.codes.iter_mut().find(|code| code.text == text);
    let code = code.ok_or_else(|| Refusal::new("invalid_code", "nobody gave this code"))?;
    if code.used {
        return Err(Refusal::new("code_already_used", "a code is good once"));
    }
    if now.saturating_sub(code.made_at) >= CODE_VALID {
        return Err(Refusal::new("invalid_code", "older than 10 minutes"));
    }
    if arguments.sent["redirect_uri"].as_str() != code.redirect_uri.as_deref() {
        return Err(Refusal::new("bad_redirect_uri", "not the one of the page"));
    }
    code.used = true;
    Ok(code.clone())
}

/// `apps.uninstall`.
pub(crate) fn uninstall(world: &mut World, arguments: &Arguments) -> Result<Value, Refusal> {
    let workspace = world.workspace_of(&arguments.token)?;
    check_client(world, arguments)?;
    world.take_away(&workspace);
    world.departed.push(workspace);
    Ok(json!({}))
}
