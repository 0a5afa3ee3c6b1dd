//! The pages on which people subscribe and change how they pay.

use crate::people::Card;
use crate::state::{Impossible, StripeState};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY};
use axum::response::{Html, IntoResponse, Response};

/// Nothing is run, and nothing but what comes from here is sent for. A button leads on to the app,
/// wherever that is.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const STYLE: &str = "body{font:16px/1.5 system-ui;max-width:32rem;margin:3rem auto;padding:0 1rem}\
    button{font:inherit;padding:.5rem 1rem;margin:.25rem .5rem .25rem 0}form{display:inline}";

pub(crate) async fn checkout(
    State(stripe): State<StripeState>,
    Path(id): Path<String>,
) -> Response {
    let world = stripe.world();
    let Some(session) = world.sessions.get(&id) else { return not_found() };
    match session.status() {
        "complete" => return page("Paid", "<p>This page has been used.</p>"),
        "expired" => return page("Closed", "<p>This page has been closed.</p>"),
        _ => {}
    }
    let here = world.page(&format!("pay/{id}"));
    let dollars = 19 * session.quantity;
    let text = format!(
        "<p>{} × dd0c/cost Pro, <strong>${dollars}.00</strong> a month. No money moves: this \
         Stripe is played on this machine.</p>{}{}{}",
        session.quantity,
        button(&here, "pay", "Pay"),
        button(&here, "decline", "Pay with a card that is declined"),
        button(&here, "cancel", "Cancel"),
    );
    page("Subscribe", &text)
}

pub(crate) async fn checkout_pressed(
    State(stripe): State<StripeState>,
    Path((id, action)): Path<(String, String)>,
) -> Response {
    let url = format!("/pay/{id}");
    match action.as_str() {
        "pay" => led(stripe.pay(&url)),
        "cancel" => led(stripe.leave(&url)),
        "decline" => match stripe.decline(&url) {
            Ok(()) => {
                let back = stripe.world().page(&format!("pay/{id}"));
                let link = format!("<p><a href=\"{back}\">Try another card</a></p>");
                page("The card was declined", &link)
            }
            Err(error) => impossible(&error),
        },
        _ => not_found(),
    }
}

pub(crate) async fn portal(State(stripe): State<StripeState>, Path(id): Path<String>) -> Response {
    let world = stripe.world();
    let Some(portal) = world.portals.get(&id) else { return not_found() };
    let here = world.page(&format!("portal/{id}"));
    let stands = match world.subscription_of(&portal.customer) {
        Err(_) => "<p>There is no subscription.</p>".to_owned(),
        Ok(found) => {
            let status = serde_json::to_string(&found.status).unwrap_or_default();
            let ends = if found.cancel_at_period_end { ", ends with this period" } else { "" };
            format!(
                "<p>{} × dd0c/cost Pro: {}{ends}.</p>",
                found.quantity,
                status.trim_matches('"')
            )
        }
    };
    let back = escaped(&portal.return_url);
    let text = format!(
        "{stands}{}{}{}{}<p><a href=\"{back}\">Back</a></p>",
        button(&here, "cancel", "Cancel subscription"),
        button(&here, "resume", "Keep subscription"),
        button(&here, "card", "Give a card that pays"),
        button(&here, "bad-card", "Give a card that is declined"),
    );
    page("Billing", &text)
}

pub(crate) async fn portal_pressed(
    State(stripe): State<StripeState>,
    Path((id, action)): Path<(String, String)>,
) -> Response {
    let url = format!("/portal/{id}");
    let done = match action.as_str() {
        "cancel" => stripe.cancel(&url),
        "resume" => stripe.resume(&url),
        "card" => stripe.give_card(&url, Card::Pays),
        "bad-card" => stripe.give_card(&url, Card::Declined),
        _ => return not_found(),
    };
    let here = stripe.world().page(&format!("portal/{id}"));
    led(done.map(|()| here))
}

fn led(to: Result<String, Impossible>) -> Response {
    match to {
        Ok(to) => (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
        Err(error) => impossible(&error),
    }
}

fn impossible(error: &Impossible) -> Response {
    (StatusCode::CONFLICT, page("This cannot be done", &escaped(&error.to_string())))
        .into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, page("There is no such page", "")).into_response()
}

fn button(here: &str, action: &str, text: &str) -> String {
    let here = escaped(here);
    format!("<form method=\"post\" action=\"{here}/{action}\"><button>{text}</button></form>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn page(title: &str, text: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <style>{STYLE}</style><h1>{title}</h1>{text}</html>"
    );
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (headers, Html(html)).into_response()
}
