//! The REST API `/v1`: what the dashboard and the programs of a tenant ask and change.
//!
//! A route stands with its shapes in a file of [`routes`]. Who asks is found out by an extractor of
//! [`caller`], and with it whose data a route may see; what goes wrong is a [`problem::Problem`].

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod caller;
pub mod cursor;
mod each;
mod guard;
mod once;
pub mod outside;
pub mod problem;
mod reply;
mod routes;

use crate::cursor::CursorKey;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use domain::ids::AccountId;
use identity::Identity;
use outside::Outside;
use problem::{Code, Problem};
use std::sync::Arc;
use store::Table;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

/// Bytes that a request may have.
const MAX_BODY: usize = 256 * 1024;

/// What the API works with.
pub struct Api {
    /// The one table.
    pub table: Table,
    /// Who asks.
    pub identity: Identity,
    /// What lies outside of the table.
    pub outside: Box<dyn Outside>,
    /// Where we and others are found.
    pub places: Places,
    /// Key that cursors are signed with.
    pub cursor_key: CursorKey,
    /// Requests that one caller may make in a minute.
    pub requests_per_minute: u64,
    /// Webhooks may lead to this machine.
    pub local_webhooks: bool,
}

/// Where we and others are found.
#[derive(Debug, Clone)]
pub struct Places {
    /// Our own address, for links that install us into Slack: no slash at its end.
    pub public_url: String,
    /// Address of the dashboard: no slash at its end.
    pub dashboard_url: String,
    /// Address of the customers' template.
    pub template_url: String,
    /// Our account, which customers' roles trust.
    pub our_account: AccountId,
    /// Bus to which customers' rules forward.
    pub bus_arn: String,
    /// Topic that customers' stacks call back.
    pub callback_topic_arn: String,
    /// The console in which customers create stacks: AWS's own, unless another one is played.
    pub console_url: Option<String>,
}

impl Places {
    /// The dashboard's page of what is paid.
    pub(crate) fn billing_page(&self) -> String {
        format!("{}/dashboard/settings/billing", self.dashboard_url)
    }
}

/// All routes, below `/v1`.
pub fn routes(api: Api) -> Router {
    let (router, _) = documented().split_for_parts();
    router
        .fallback(async || Problem::of(Code::NotFound))
        .method_not_allowed_fallback(async || Problem::of(Code::MethodNotAllowed))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(guard::guard))
        .with_state(Arc::new(api))
}

/// What the API is, as `OpenAPI` 3.1: `dashboard/openapi.json`.
pub fn document() -> Document {
    documented().split_for_parts().1
}

fn documented() -> OpenApiRouter<Arc<Api>> {
    OpenApiRouter::with_openapi(About::openapi()).nest("/v1", routes::all())
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "dd0c/cost",
        version = "1",
        description = "Who has started something expensive on AWS, what it costs, and how to stop it.\n\n\
            Times are RFC 3339 in UTC, amounts are decimal strings in US dollars. Lists come in pages: \
            `next` leads to the one after. Every answer of 400 and above is a problem of RFC 9457 whose \
            `code` is stable. A POST may carry an `Idempotency-Key`: sent again within a day it has one \
            effect and one answer, whatever became of the first try. While that runs the answer is 409 \
            `in_progress`, and `Retry-After` says for how long. Links of Stripe's and what is shown \
            once are not answered again.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    modifiers(&Credentials),
)]
struct About;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        problem::describe(components);
        let scheme = |what: &str| {
            let http = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(what));
            SecurityScheme::Http(http.build())
        };
        let person = scheme("Access token of a person who has signed in");
        let key = scheme("API key of a tenant, `dd0c_…`; it opens the routes that name its scopes");
        components.add_security_scheme("person", person);
        components.add_security_scheme("key", key);
    }
}
