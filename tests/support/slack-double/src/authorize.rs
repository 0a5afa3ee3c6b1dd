//! The page on which somebody allows the app to be installed.

use crate::arguments::form;
use crate::fault::redirect;
use crate::oauth::Request;
use crate::preview::POLICY;
use crate::refusal::Refusal;
use crate::state::SlackState;
use crate::workspace::{Channel, Workspace};
use crate::world::World;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::fmt::Write as _;

/// The place that is not there yet.
const NEW: &str = "new";
/// Its channel.
const CARDS: &str = "cost-alerts";

/// Shows what is asked for, with a choice of channel.
pub(crate) async fn page(State(slack): State<SlackState>, uri: Uri) -> Response {
    let world = slack.world();
    match Request::read(uri.query().unwrap_or_default(), &world.settings) {
        Ok(request) => html(StatusCode::OK, &question(&world, &request)),
        Err(refusal) => wrong(&refusal),
    }
}

/// Somebody chose; the question's query stands in the address again.
pub(crate) async fn chosen(State(slack): State<SlackState>, uri: Uri, body: Bytes) -> Response {
    let fields = form(&body);
    let field = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let (query, mut world) = (uri.query().unwrap_or_default(), slack.world());
    let back = match field("choice") {
        "allow" => world.allow_at(query, field("place")),
        _ => world.cancel(query),
    };
    back.map_or_else(|refusal| wrong(&refusal), |to| redirect(&to))
}

impl World {
    /// Somebody allows what is asked for at a place of the page.
    fn allow_at(&mut self, query: &str, place: &str) -> Result<String, Refusal> {
        if place != NEW || !self.settings.offers_new_workspace {
            let (workspace, channel) = place.split_once('/').unwrap_or_default();
            return self.allow(query, workspace, channel);
        }
        // What is asked for wrongly leaves nothing.
        Request::read(query, &self.settings)?;
        let (id, channel) = (self.id("T"), self.id("C"));
        let mut workspace =
            Workspace::new(&id, &format!("Workspace {}", self.workspaces.len() + 1));
        let cards = Channel { has_bot: false, ..Channel::new(&channel, CARDS) };
        workspace.channels.push(cards);
        self.workspaces.push(workspace);
        self.changes += 1;
        self.allow(query, &id, &channel)
    }
}

fn wrong(refusal: &Refusal) -> Response {
    let text = format!("<h1>{}</h1><p>{}</p>", escaped(refusal.code), escaped(&refusal.why));
    html(StatusCode::BAD_REQUEST, &text)
}

fn question(world: &World, request: &Request) -> String {
    let mut places = String::new();
    if world.settings.offers_new_workspace {
        let _ = write!(places, "<option value=\"{NEW}\">A new workspace · #{CARDS}</option>");
    }
    for workspace in &world.workspaces {
        for channel in workspace.channels.iter().filter(|channel| !channel.archived) {
            // Writing to a String does not fail.
            let _ = write!(
                places,
                "<option value=\"{}/{}\">{} · #{}</option>",
                escaped(&workspace.id),
                escaped(&channel.id),
                escaped(&workspace.name),
                escaped(&channel.name),
            );
        }
    }
    let scopes = request.scope.split([',', ' ']).filter(|scope| !scope.is_empty());
    let scopes = scopes
        .fold(String::new(), |list, scope| list + "<li><code>" + &escaped(scope) + "</code></li>");
    format!(
        "<h1>dd0c/cost wants to join a workspace</h1><p>It asks for:</p><ul>{scopes}</ul>\
         <form method=\"post\"><label for=\"place\">Where should it post?</label>\
         <select id=\"place\" name=\"place\">{places}</select>\
         <p class=\"choice\"><button name=\"choice\" value=\"cancel\">Cancel</button>\
         <button class=\"primary\" name=\"choice\" value=\"allow\">Allow</button></p></form>"
    )
}

fn html(status: StatusCode, inside: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Install dd0c/cost</title><link rel=\"icon\" href=\"data:,\">\
         <link rel=\"stylesheet\" href=\"/preview/style.css\">\
         <body class=\"ask\"><main>{inside}</main></body></html>"
    );
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        // The form leads to the app, wherever that is.
        (CONTENT_SECURITY_POLICY, POLICY),
    ];
    (status, headers, page).into_response()
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}
