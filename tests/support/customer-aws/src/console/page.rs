//! The files of the console's page.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};

/// Nothing but what comes from here is run or shown.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      connect-src 'self'; img-src data:; base-uri 'none'; \
                      frame-ancestors 'none'";

pub(super) async fn page() -> Response {
    served("text/html; charset=utf-8", include_str!("../../console/index.html"))
}

pub(super) async fn script() -> Response {
    served("text/javascript; charset=utf-8", include_str!("../../console/page.js"))
}

pub(super) async fn style() -> Response {
    served("text/css; charset=utf-8", include_str!("../../console/page.css"))
}

fn served(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}
