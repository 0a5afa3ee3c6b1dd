//! Tenants on this machine: who signs in, the API, what takes money, and a customer's AWS, all of it
//! played where only this machine reaches it.

use super::chat::is_alone;
use super::console::Ears;
use super::http::take;
use super::{App, origin};
use crate::error::CliError;
use api::outside::Ports;
use api::{Api, Places};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use customer_aws::{CustomerAws, Running, console};
use customer_cloud::{CustomerCloud, Limits, OwnCredentials};
use domain::governance::{Asker, AuditEntry};
use domain::ids::{AccountId, Region};
use identity::{Identity, Verifier};
use jiff::Timestamp;
use login_double::LoginState;
use pipeline::billing::{self, BillingTask};
use pipeline::error::Failure;
use pipeline::onboarding::{Job, Jobs, Worker};
use pipeline::ports::Lines;
use queue::LocalQueue;
use serde_json::Value;
use serde_json::value::RawValue;
use stack_reply::StackReplies;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::TenantScope;
use stripe::{Stripe, StripeSecrets};
use stripe_double::{API_KEY, PRICE, StripeState, WEBHOOK_SECRET};
use tower::ServiceExt as _;

/// Who is asked for: the dashboard, as the login knows it.
pub(super) const CLIENT_ID: &str = "dashboard";
/// Whoever signs in by this name sees the accounts whose events come to this program; by any other
/// name he is a tenant of his own.
const LOCAL: &str = "local";
/// Bytes of an answer of our own.
const MAX_ANSWER: usize = 1 << 20;
/// Requests that one caller may make in a minute.
const REQUESTS_PER_MINUTE: u64 = 6_000;
/// Where people create stacks and use their accounts.
const CONSOLE: &str = "/aws-double/console";
/// Between two steps of a stack: slow enough to be seen.
const STEP: Duration = Duration::from_millis(400);
/// Our account, as the played AWS knows it.
const OUR_ACCOUNT: &str = "123456789012";
/// Our bus and our topic there.
const BUS: &str = "arn:aws:events:us-east-1:123456789012:event-bus/dd0c-cost-bus";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:dd0c-cost-callback";
/// The customers' template, where it is published.
const TEMPLATE: &str = "https://dd0c-cf-templates.s3.amazonaws.com/dd0c-cost-readonly.yaml";

/// What is played for tenants.
pub(crate) struct Tenants {
    login: LoginState,
    stripe: StripeState,
    payments: Stripe,
    aws: Running,
    cloud: CustomerCloud,
    reply: StackReplies,
}

impl Tenants {
    /// `None` where others reach this program: a played login lets everybody in.
    pub(crate) async fn new(app: &App, address: SocketAddr) -> Result<Option<Self>, CliError> {
        if !is_alone(address) {
            return Ok(None);
        }
        let here = origin(address);
        let failed = |why: String| CliError::Failed(format!("cannot play the outside: {why}"));
        let redirect_uris = vec![format!("{here}/callback"), format!("{here}/")];
        let login = LoginState::new(login_double::Settings {
            issuer: format!("{here}/login"),
            client_id: CLIENT_ID.to_owned(),
            redirect_uris,
        });
        let stripe = StripeState::new(stripe_double::Settings {
            base_url: format!("{here}/stripe-double"),
            webhook_url: Some(format!("{here}/stripe/webhook")),
            tell_at_once: true,
            ..stripe_double::Settings::default()
        });
        let aws = CustomerAws::start().await.map_err(|error| failed(error.to_string()))?;
        let own = OwnCredentials {
            key_id: "AKIALOCAL".to_owned(),
            secret: "local".into(),
            session_token: None,
        };
        let cloud = CustomerCloud::new(&own, Some(aws.url()), Limits::default());
        let tenants = Self {
            login,
            stripe,
            payments: payments(&here)?,
            cloud: cloud.map_err(|error| failed(error.to_string()))?,
            aws,
            reply: StackReplies::new(true),
        };
        tenants.let_in(app).await?;
        Ok(Some(tenants))
    }

    /// Who signs in by the name of this program sees its accounts.
    async fn let_in(&self, app: &App) -> Result<(), CliError> {
        let now = Timestamp::now();
        let claims = self.login.access_claims(LOCAL, now);
        let sub = claims["sub"].as_str().unwrap_or_default();
        let entry = AuditEntry {
            at: now,
            who: Asker::Operator("of serve".to_owned()).to_string(),
            what: "sign up".to_owned(),
            account: None,
            old: String::new(),
            new: "the tenant of this program".to_owned(),
            why: String::new(),
        };
        let tenant = app.scope.tenant();
        app.table.sign_up(sub, LOCAL, tenant, &entry, now).await.map_err(Failure::from)?;
        Ok(())
    }

    /// Their routes: sign-in below `/login`, Stripe below `/stripe-double`, the
    /// customer's AWS below `/aws-double`, with its console.
    pub(crate) fn routes(&self, app: &Arc<App>, address: SocketAddr) -> Router {
        let here = origin(address);
        let (ears, at) = (Ears(app.clone()), format!("{here}{CONSOLE}"));
        let door = stripe::door::Door {
            queue: app.billing.clone(),
            secrets: stripe_secrets().webhook_secrets,
        };
        Router::new()
            .merge(stripe::door::routes(Arc::new(door)))
            .nest("/login", login_double::routes(self.login.clone()))
            .nest("/stripe-double", stripe_double::routes(self.stripe.clone()))
            .nest("/aws-double", customer_aws::control_routes(&self.aws))
            .nest(CONSOLE, console::routes(&self.aws, ears, &at, STEP))
    }

    /// Does a piece of work on an account; the calls of ours that it makes there come back as events.
    pub(crate) async fn work(&self, app: &App, body: &str) -> Result<(), Failure> {
        self.work_at(app, (&app.jobs, &app.alerts), body, Timestamp::now()).await
    }

    /// The same at another time, with other queues for what follows from it.
    pub(crate) async fn work_at(
        &self,
        app: &App,
        (jobs, alerts): (&LocalQueue, &LocalQueue),
        body: &str,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let may_connect = async |scope: &TenantScope| {
            let is_ours = scope.tenant() == app.scope.tenant();
            Ok(is_ours || billing::may_connect(&app.table, scope).await?.is_ok())
        };
        // A played AWS takes any pace.
        let pace = async |_: &Region| {};
        let worker = Worker {
            table: &app.table,
            prices: app.prices,
            switches: app.switches(),
            cloud: &self.cloud,
            reply: &self.reply,
            jobs: Jobs::in_one(jobs),
            alerts,
            bus_arn: BUS,
            pace: &pace,
            may_connect: &may_connect,
        };
        Box::pin(worker.handle(body, now, || true)).await?;
        if let Ok(Job::Check { account }) = Job::from_json(body) {
            self.bring_knocks(app, &account).await?;
        }
        Ok(())
    }

    /// The accounts that are played.
    pub(crate) fn aws(&self) -> &CustomerAws {
        &self.aws
    }

    /// What somebody called in a played account, for its own history.
    pub(crate) fn remember(&self, account: &str, record: Value) {
        let region = record["awsRegion"].as_str().unwrap_or_default().to_owned();
        self.aws.remember(account, &region, [record]);
    }

    /// A played account, as our template leaves it, with what its people have forgotten.
    pub(crate) fn play_account(&self, account: &str, external_id: &str, regions: &[&str]) {
        self.aws.deploy(account, external_id, OUR_ACCOUNT, BUS, regions);
        self.aws.with_zombies(account);
    }

    /// Asks the API as who signs in by the name of this program.
    pub(crate) async fn ask_as_local(
        &self,
        (app, address): (&App, SocketAddr),
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<Value, CliError> {
        let failed = |why: String| CliError::Failed(format!("{method} {path}: {why}"));
        let token = self.login.access_token(LOCAL, Timestamp::now());
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .map_err(|error| failed(error.to_string()))?;
        let Ok(answer) = api(app, address)?.oneshot(request).await;
        if !answer.status().is_success() {
            return Err(failed(answer.status().to_string()));
        }
        let body = to_bytes(answer.into_body(), MAX_ANSWER).await;
        let body = body.map_err(|error| failed(error.to_string()))?;
        serde_json::from_slice(&body).map_err(|error| failed(error.to_string()))
    }

    /// He subscribes, and pays at the played Stripe.
    pub(crate) async fn subscribe_local(&self, at: (&App, SocketAddr)) -> Result<(), CliError> {
        let link = self.ask_as_local(at, "POST", "/v1/billing/checkout", &Value::Null).await?;
        let paid = self.stripe.pay(link["url"].as_str().unwrap_or_default());
        paid.map(drop).map_err(|error| CliError::Failed(format!("cannot pay: {error}")))
    }

    async fn bring_knocks(&self, app: &App, account: &AccountId) -> Result<(), Failure> {
        let knocks = self.aws.knocks(account.as_str());
        let bodies = knocks.iter().map(|knock| RawValue::from_string(knock.to_string()));
        let bodies = bodies.collect::<Result<Vec<_>, _>>();
        let bodies = bodies.map_err(|error| Failure::Reject(error.to_string()))?;
        let bodies: Vec<&RawValue> = bodies.iter().map(AsRef::as_ref).collect();
        take(app, &bodies).await.map(drop)
    }

    /// Does what is to be done about money.
    pub(crate) async fn settle(
        &self,
        app: &App,
        lines: &impl Lines,
        body: &str,
    ) -> Result<(), Failure> {
        let task = BillingTask::from_json(body)?;
        billing::work(&app.table, &self.payments, lines, &task, Timestamp::now()).await.map(drop)
    }
}

/// The API, all of it below `/v1`.
pub(super) fn api(app: &App, address: SocketAddr) -> Result<Router, CliError> {
    let here = origin(address);
    let table = app.table.clone();
    let verifier = Verifier::over_http(&format!("{here}/login"), CLIENT_ID)?;
    let our_account = AccountId::parse(OUR_ACCOUNT);
    let failed = |error: domain::ids::IdError| CliError::Failed(error.to_string());
    Ok(api::routes(Api {
        identity: Identity::new(table.clone(), verifier),
        outside: Box::new(Ports {
            table: table.clone(),
            accounts: app.jobs.clone(),
            alerts: app.alerts.clone(),
            keys: app.keys.clone(),
            payments: payments(&here)?,
        }),
        table,
        places: Places {
            public_url: here.clone(),
            dashboard_url: here.clone(),
            template_url: TEMPLATE.to_owned(),
            our_account: our_account.map_err(failed)?,
            bus_arn: BUS.to_owned(),
            callback_topic_arn: TOPIC.to_owned(),
            console_url: Some(format!("{here}{CONSOLE}")),
        },
        cursor_key: random::token()?.into(),
        requests_per_minute: REQUESTS_PER_MINUTE,
        local_webhooks: true,
    }))
}

fn payments(here: &str) -> Result<Stripe, Failure> {
    Ok(Stripe::new(&format!("{here}/stripe-double"), &stripe_secrets())?)
}

fn stripe_secrets() -> StripeSecrets {
    StripeSecrets {
        api_key: API_KEY.into(),
        webhook_secrets: vec![WEBHOOK_SECRET.into()],
        price: PRICE.to_owned(),
        earlier_prices: Vec::new(),
    }
}
