//! What is made once and kept for all requests: the router, and with it the issuer's keys. Secrets are
//! fetched by those requests that cannot do without.

use api::cursor::CursorKey;
use api::outside::Ports;
use api::{Api, Places};
use axum::Router;
use domain::ids::AccountId;
use identity::{HttpKeys, HttpUserinfo, Identity, Verifier};
use pipeline::billing::Payments;
use pipeline::error::Failure;
use runtime::aws::Aws;
use runtime::secrets::LazySecret;
use runtime::settings::Api as Settings;
use std::sync::Arc;
use store::Table;
use stripe::LazyStripe;
use tokio::sync::OnceCell;

/// Requests that one caller may make in a minute.
const REQUESTS_PER_MINUTE: u64 = 300;

/// What is kept.
pub(crate) struct Kept {
    settings: Settings,
    aws: Aws,
    router: OnceCell<Router>,
}

impl Kept {
    /// Nothing yet.
    pub(crate) fn new(settings: Settings, aws: &Aws) -> Self {
        Self { settings, aws: aws.clone(), router: OnceCell::new() }
    }

    /// Made when the first request comes: only then can be logged what is wrong with the settings.
    pub(crate) async fn router(&self) -> Result<&Router, Failure> {
        self.router.get_or_try_init(async || self.made()).await
    }

    fn made(&self) -> Result<Router, Failure> {
        let (settings, aws) = (&self.settings, &self.aws);
        let table = aws.table(&settings.table);
        Ok(api::routes(Api {
            identity: identity(&table, settings)?,
            outside: Box::new(Ports {
                table: table.clone(),
                accounts: aws.queue(&settings.account_queue),
                alerts: aws.queue(&settings.alert_queue),
                keys: aws.keys(&settings.secrets_key),
                payments: payments(settings, aws),
            }),
            table,
            places: places(settings)?,
            cursor_key: cursor_key(settings, aws),
            requests_per_minute: REQUESTS_PER_MINUTE,
            local_webhooks: settings.local_webhooks.is_some(),
        }))
    }
}

/// Who needs no cursor does not wait for the key; where it cannot be had the answer is a problem of
/// those who do.
fn cursor_key(settings: &Settings, aws: &Aws) -> CursorKey {
    let secret = Arc::new(LazySecret::new(aws, &settings.cursor_secret));
    CursorKey::from_elsewhere(move || {
        let secret = secret.clone();
        async move { secret.get().await.cloned() }
    })
}

/// Without a good secret of Stripe's all the rest works.
fn payments(settings: &Settings, aws: &Aws) -> impl Payments + Send + use<> {
    let secret = Arc::new(LazySecret::new(aws, &settings.stripe_secret));
    LazyStripe::new(&settings.stripe_api, move || {
        let secret = secret.clone();
        async move { secret.fetch().await }
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{SignedDuration, Timestamp};
    use login_double::LoginDouble;
    use runtime::http;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::net::TcpListener;

    /// An AWS that has nothing, and counts what it is asked for.
    async fn empty_aws() -> (Aws, Arc<AtomicU32>) {
        let asked = Arc::new(AtomicU32::new(0));
        let count = asked.clone();
        let refuse = move || async move {
            count.fetch_add(1, Ordering::SeqCst);
            axum::http::StatusCode::BAD_REQUEST
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, Router::new().fallback(refuse)).await });
        let aws = Aws::from_variables(|name| match name {
            "AWS_ENDPOINT_URL" => Some(address.clone()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
            _ => None,
        });
        (aws, asked)
    }

    fn settings(issuer: &str) -> Settings {
        let read = Settings::read(|name| {
            Some(match name {
                "ISSUER_URL" => issuer.to_owned(),
                "JWKS_URL" => return None,
                "CLIENT_ID" => "dd0c-cost".to_owned(),
                "OUR_ACCOUNT_ID" => "111122223333".to_owned(),
                name if name.ends_with("_URL") => "https://app.example.com".to_owned(),
                _ => "something".to_owned(),
            })
        });
        read.unwrap()
    }

    /// A request with a token that was good yesterday: to refuse it the issuer's keys are needed, and
    /// nothing else.
    fn late_request(login: &LoginDouble) -> http::Request {
        let yesterday = Timestamp::now() - SignedDuration::from_hours(24);
        let token = login.access_token("ana", yesterday);
        let request = serde_json::json!({
            "version": "2.0", "routeKey": "$default", "rawPath": "/v1/accounts",
            "rawQueryString": "", "headers": {"authorization": format!("Bearer {token}")},
            "isBase64Encoded": false,
            "requestContext": {
                "accountId": "111122223333", "apiId": "api", "domainName": "api.example.com",
                "domainPrefix": "api", "requestId": "1", "routeKey": "$default",
                "stage": "$default", "time": "01/Jun/2026:00:00:00 +0000", "timeEpoch": 1,
                "http": {"method": "GET", "path": "/v1/accounts", "protocol": "HTTP/1.1",
                    "sourceIp": "127.0.0.1", "userAgent": "test"},
            },
        });
        serde_json::from_value(request).unwrap()
    }

    #[tokio::test]
    async fn without_a_secret_of_stripes_the_issuers_keys_are_fetched_once_for_all_requests() {
        let login = LoginDouble::start().await.unwrap();
        let (aws, asked) = empty_aws().await;
        let kept = Kept::new(settings(&login.settings().issuer), &aws);
        for _ in 0..3 {
            let router = kept.router().await.unwrap();
            let answer = http::answer(router, late_request(&login)).await.unwrap();
            let answer = serde_json::to_value(answer).unwrap();
            let body = answer["body"].as_str().unwrap_or_default();
            assert!(body.contains("\"expired\""), "{answer}");
        }
        assert_eq!(login.jwks_requests(), 1, "each request has fetched the issuer's keys");
        assert_eq!(asked.load(Ordering::SeqCst), 0, "who pays nothing waits for no secret");
    }
}
