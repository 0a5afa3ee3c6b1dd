//! `api`: what the dashboard and programs of tenants ask and change.

use api::outside::Ports;
use api::{Api, Places};
use domain::ids::AccountId;
use identity::{HttpKeys, Identity, Verifier};
use pipeline::error::Failure;
use runtime::aws::Aws;
use runtime::secrets::LazySecret;
use runtime::settings::Api as Settings;
use runtime::{http, lambda};
use stripe::{Stripe, StripeSecrets};
use tokio::sync::OnceCell;

/// Requests that one caller may make in a minute.
const REQUESTS_PER_MINUTE: u64 = 300;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Settings::from_env()?;
    let aws = Aws::from_env();
    let cursor_key = LazySecret::new(&aws, &settings.cursor_secret);
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
            let cursor_key = cursor_key.get().await?.clone();
            let table = aws.table(&settings.table);
            Ok(api::routes(Api {
                identity: Identity::new(table.clone(), verifier(&settings)?),
                outside: Box::new(Ports {
                    table: table.clone(),
                    accounts: aws.queue(&settings.account_queue),
                    alerts: aws.queue(&settings.alert_queue),
                    keys: aws.keys(&settings.secrets_key),
                    payments,
                }),
                table,
                places: places(&settings)?,
                cursor_key,
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

/// Without Stripe all the rest works.
async fn payments(settings: &Settings, secret: &LazySecret) -> Option<Stripe> {
    let made = async {
        let secrets = StripeSecrets::from_secret(secret.get().await?)?;
        Ok::<_, Failure>(Stripe::new(&settings.stripe_api, &secrets)?)
    };
    made.await.inspect_err(|why| tracing::error!(%why, "nobody can pay")).ok()
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
