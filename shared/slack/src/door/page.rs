//! What a person sees in his browser when he installs us.

use crate::error::SlackError;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use pipeline::error::Failure;

pub(super) fn installed(team: &str, channel: &str) -> Response {
    let text = format!(
        "dd0c/cost is in the workspace {team} and writes to {channel}. Say /dd0c status there. You \
         may close this page."
    );
    page(StatusCode::OK, "Connected", &text)
}

pub(super) fn used_up() -> Response {
    let text = "This link has been used, or is older than ten minutes, or was opened in another \
                browser. Ask for a new one and open it here.";
    page(StatusCode::BAD_REQUEST, "The link does not hold any more", text)
}

pub(super) fn cancelled() -> Response {
    let text = "You did not let dd0c/cost in, so nothing has changed. The same link holds until it \
                is ten minutes old.";
    page(StatusCode::OK, "Not connected", text)
}

pub(super) fn of_another(team: &str) -> Response {
    let text = format!(
        "The workspace {team} is connected to another customer of dd0c/cost. Remove the app there \
         first, or choose another workspace."
    );
    page(StatusCode::CONFLICT, "Not connected", &text)
}

pub(super) fn not_granted(error: &SlackError) -> Response {
    let text = format!("Slack did not grant access. {error}. Ask for a new link and try again.");
    page(StatusCode::BAD_GATEWAY, "Not connected", &text)
}

pub(super) fn failed(failure: &Failure) -> Response {
    tracing::error!(why = %failure, "an installation failed");
    let text = "Something of ours does not work just now. Please try it again in a minute.";
    page(StatusCode::SERVICE_UNAVAILABLE, "Not connected", text)
}

fn page(status: StatusCode, title: &str, text: &str) -> Response {
    let (title, text) = (escaped(title), escaped(text));
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>dd0c/cost: {title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n</html>\n"
    );
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    (status, headers, html).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
