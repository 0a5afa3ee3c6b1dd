//! Pages on which people choose who they are.

use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};

/// Nothing is run, and nothing but this page's own style is shown. Where its form leads to is not
/// restricted: back to the application, wherever that is.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                      base-uri 'none'; frame-ancestors 'none'";

const STYLE: &str = include_str!("page.css");

/// A choice of names, and a field for another one where there may be one.
pub(crate) fn choice(title: &str, names: &[&str], may_type: bool) -> Response {
    let button = |name: &&str| {
        let name = escaped(name);
        let first: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
        format!(
            "<button name=\"name\" value=\"{name}\"><span aria-hidden=\"true\">{first}</span>\
             {name}</button>"
        )
    };
    let buttons: String = names.iter().map(button).collect();
    let typed = if may_type {
        "<form method=\"post\" class=\"typed\"><label for=\"name\">Somebody else</label><div>\
         <input id=\"name\" name=\"name\" required maxlength=\"64\" autocomplete=\"off\" \
         placeholder=\"A name\"><button class=\"primary\">Sign in</button></div></form>"
    } else {
        ""
    };
    let inside = format!(
        "<h1>{}</h1><p>This login is on your machine. There are no passwords: choose who you \
         are.</p><form method=\"post\" class=\"names\">{buttons}</form>{typed}",
        escaped(title),
    );
    html(StatusCode::OK, &inside)
}

/// Why nobody can sign in like this: for whoever built the application.
pub(crate) fn wrong(why: &str) -> Response {
    let inside = format!("<h1>This cannot be</h1><p>{}</p>", escaped(why));
    html(StatusCode::BAD_REQUEST, &inside)
}

fn html(status: StatusCode, inside: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Sign in</title><link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style>\
         <main>{inside}</main></html>"
    );
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, page).into_response()
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}
