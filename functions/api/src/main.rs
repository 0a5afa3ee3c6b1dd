//! `api`: what the dashboard and programs of tenants ask and change.

use api::cursor::CursorKey;
use api::outside::Ports;
use api::{Api, Places};
use domain::ids::AccountId;
use identity::{HttpKeys, HttpUserinfo, Identity, Verifier};
use pipeline::error::Failure;
use runtime::aws::Aws;
use runtime::secrets::LazySecret;
use runtime::settings::Api as Settings;
use runtime::{http, lambda};
use std::sync::Arc;
use store::Table;
use stripe::{Stripe, StripeSecrets};
use tokio::sync::OnceCell;

/// Requests that one caller may make in a minute.
const REQUESTS_PER_MINUTE: u64 = 300;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Settings::from_env()?;
    let aws = Aws::from_env();
    let cursor_key = Arc::new(LazySecret::new(&aws, &settings.cursor_secret));
    let stripe = LazySecret::new(&aws, &settings.stripe_secret);
    // Made when the first request comes: only then can be logged what is wrong with a secret. Without
    // Stripe it is made anew for the next one.
    let kept = OnceCell::new();
    let handle = async |request: http::Request, _| {
        if let Some(router) = kept.get() {
            return http::answer(router, request).await;
        }
        let payments = payments(&settings, &stripe).await;
        let whole = payments.is_some();
        let made = async || -> Result<_, Failure> {
            let table = aws.table(&settings.table);
            Ok(api::routes(Api {
                identity: identity(&table, &settings)?,
                outside: Box::new(Ports {
                    table: table.clone(),
                    accounts: aws.queue(&settings.account_queue),
                    alerts: aws.queue(&settings.alert_queue),
                    keys: aws.keys(&settings.secrets_key),
                    payments,
                }),
                table,
                places: places(&settings)?,
                cursor_key: fetched(&cursor_key),
                requests_per_minute: REQUESTS_PER_MINUTE,
                local_webhooks: settings.local_webhooks.is_some(),
            }))
        };
        let router = made().await?;
        if whole {
            // Somebody else may have been quicker with the same.
            let _ = kept.set(router.clone());
        }
        http::answer(&router, request).await
    };
    lambda::serve(Settings::FUNCTION, &aws, &settings.hash_key, handle).await
}

/// Who needs no cursor does not wait for the key; where it cannot be had the answer is a problem of
/// those who do.
fn fetched(secret: &Arc<LazySecret>) -> CursorKey {
    let secret = secret.clone();
    CursorKey::from_elsewhere(move || {
        let secret = secret.clone();
        async move { secret.get().await.cloned() }
    })
}

/// Without Stripe all the rest works.
async fn payments(settings: &Settings, secret: &LazySecret) -> Option<Stripe> {
    let made = async {
        let secrets = StripeSecrets::from_secret(secret.get().await?)?;
        Ok::<_, Failure>(Stripe::new(&settings.stripe_api, &secrets)?)
    };
    made.await.inspect_err(|why| tracing::error!(%why, "nobody can pay")).ok()
}

/// Who comes for the first time has his name from the issuer.
fn identity(table: &Table, settings: &Settings) -> Result<Identity, Failure> {
    let names = HttpUserinfo::of(&settings.issuer)?;
    Ok(Identity::new(table.clone(), verifier(settings)?).with_names(names))
}

fn verifier(settings: &Settings) -> Result<Verifier, Failure> {
    let keys = match &settings.jwks {
        Some(address) => HttpKeys::at(address),
        None => HttpKeys::of(&settings.issuer),
    };
    Ok(Verifier::new(settings.issuer.as_str(), settings.client_id.as_str(), keys?))
}

fn places(settings: &Settings) -> Result<Places, Failure> {
    let our_account = AccountId::parse(&settings.our_account);
    Ok(Places {
        public_url: settings.public_url.trim_end_matches('/').to_owned(),
        dashboard_url: settings.dashboard_url.trim_end_matches('/').to_owned(),
        template_url: settings.template_url.clone(),
        our_account: our_account.map_err(|error| Failure::Reject(error.to_string()))?,
        bus_arn: settings.bus.clone(),
        callback_topic_arn: settings.callback_topic.clone(),
        console_url: None,
    })
}
