//! The routes: a file for each thing that they are about, with its shapes.

mod account;
mod anomaly;
mod api_key;
mod audit;
mod baseline;
mod billing;
mod expectation;
mod governance;
mod health;
mod settings;
mod setup;
mod slack;
mod spend;
mod status;
mod tenant;
mod zombie;

use crate::Api;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// All of them.
pub(crate) fn all() -> OpenApiRouter<Arc<Api>> {
    OpenApiRouter::new()
        .routes(routes!(status::status))
        .routes(routes!(setup::begin))
        .routes(routes!(setup::get))
        .routes(routes!(account::list, setup::connect))
        .routes(routes!(account::get, account::rename, account::disconnect))
        .routes(routes!(account::undo))
        .routes(routes!(account::check))
        .routes(routes!(health::get))
        .routes(routes!(health::rehearsal))
        .routes(routes!(governance::get, governance::put))
        .routes(routes!(baseline::list))
        .routes(routes!(baseline::change))
        .routes(routes!(expectation::list))
        .routes(routes!(expectation::delete))
        .routes(routes!(anomaly::list))
        .routes(routes!(anomaly::get))
        .routes(routes!(anomaly::expected))
        .routes(routes!(anomaly::confirm))
        .routes(routes!(anomaly::snooze))
        .routes(routes!(zombie::list))
        .routes(routes!(spend::spend))
        .routes(routes!(api_key::list, api_key::create))
        .routes(routes!(api_key::revoke))
        .routes(routes!(billing::get))
        .routes(routes!(billing::checkout))
        .routes(routes!(billing::portal))
        .routes(routes!(settings::get, settings::put))
        .routes(routes!(settings::put_webhook, settings::delete_webhook))
        .routes(routes!(slack::get))
        .routes(routes!(slack::install))
        .routes(routes!(audit::list))
        .routes(routes!(tenant::get, tenant::delete))
        .routes(routes!(tenant::undo))
}
