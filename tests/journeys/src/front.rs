//! The counter for browsers and programs: the real router of the API over the embedded engine, with
//! two tenants who each have something of everything. People are minted tokens by a login of this
//! machine; requests go to the router in this process, as bytes of HTTP would.

mod ask;
mod furnish;
mod watch;

pub use ask::{Answer, Ask};
pub use furnish::{Tenant, furnish};
pub use watch::{Halt, Watch};

use crate::faults::BreakingQueue;
use api::cursor::CursorKey;
use api::outside::Ports;
use api::{Api, Places};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use axum::Router;
use domain::ids::AccountId;
use identity::{Identity, Verifier};
use jiff::Timestamp;
use kms::LocalKeys;
use login_double::{LoginState, Settings};
use queue::LocalQueue;
use std::collections::{BTreeMap, HashMap};
use store::Table;
use stripe::{Stripe, StripeSecrets};
use stripe_double::{API_KEY, Double, PRICE, WEBHOOK_SECRET};

/// Of our table.
const TABLE: &str = "dd0c-cost-main";
/// Whom tokens come from.
const ISSUER: &str = "http://127.0.0.1/login";
/// For whom tokens are.
const CLIENT: &str = "dd0c-cost";
/// So many requests a minute that nobody meets the limit who does not look for it.
pub const PLENTY: u64 = 1_000_000;

/// All of it.
pub struct Front {
    /// The table.
    pub table: Table,
    /// The same, for looking at items as they are.
    pub client: Client,
    /// Stands between the API and its table.
    pub watch: Watch,
    /// Mints tokens, right ones and wrong ones.
    pub login: LoginState,
    /// Who takes money.
    pub stripe: Double,
    /// What is to be told.
    pub alerts: LocalQueue,
    /// What is to be done with accounts.
    pub jobs: LocalQueue,
    /// Into both, as the API sends.
    pub to_queues: [BreakingQueue; 2],
    /// The router.
    pub router: Router,
    /// A tenant.
    pub acme: Tenant,
    /// Another one.
    pub initech: Tenant,
}

/// Items by their keys.
pub type Items = BTreeMap<(String, String), HashMap<String, AttributeValue>>;

#[expect(clippy::expect_used, reason = "a counter that cannot be opened is the end of the test")]
impl Front {
    /// Open, with both tenants and as many requests a minute as anybody likes.
    pub async fn open() -> Self {
        Self::with_limit(PLENTY).await
    }

    /// Open, with a limit of requests a minute.
    pub async fn with_limit(requests_per_minute: u64) -> Self {
        Self::with(requests_per_minute, "the key of this counter".into()).await
    }

    /// Open, with another key for cursors.
    pub async fn with_cursor_key(key: CursorKey) -> Self {
        Self::with(PLENTY, key).await
    }

    async fn with(requests_per_minute: u64, cursor_key: CursorKey) -> Self {
        let engine = store::embedded::connector(None).expect("the engine starts");
        let client = store::embedded::client_over(engine.clone());
        let watch = Watch::default();
        let watched = SharedHttpConnector::new(watch.before(engine));
        let table = Table::new(store::embedded::client_over(watched), TABLE);
        table.create().await.expect("the table is made");
        let stripe = Double::start().await.expect("a Stripe");
        let login = LoginState::new(Settings {
            issuer: ISSUER.to_owned(),
            client_id: CLIENT.to_owned(),
            redirect_uris: Vec::new(),
        });
        let keys = LocalKeys::fleeting().expect("a key");
        let acme = furnish(&table, &keys, ("acme", "ana", "111122223333")).await;
        let initech = furnish(&table, &keys, ("initech", "ben", "444455556666")).await;
        for (name, tenant) in [("ana", &acme), ("ben", &initech)] {
            tenant.member(&table, &subject(&login, name), name).await;
        }
        let (alerts, jobs) = (LocalQueue::new(1_000), LocalQueue::new(1_000));
        let to_queues = [BreakingQueue::new(alerts.clone()), BreakingQueue::new(jobs.clone())];
        let [to_alerts, to_jobs] = to_queues.clone();
        let outside = Ports {
            table: table.clone(),
            accounts: to_jobs,
            alerts: to_alerts,
            keys,
            payments: payments(&stripe),
        };
        let router = api::routes(Api {
            identity: Identity::new(table.clone(), verifier(&login)),
            outside: Box::new(outside),
            table: table.clone(),
            places: places(),
            cursor_key,
            requests_per_minute,
            local_webhooks: false,
        });
        Self { table, client, watch, login, stripe, alerts, jobs, to_queues, router, acme, initech }
    }

    /// A token of a person, as it should be.
    pub fn token(&self, name: &str) -> String {
        self.login.access_token(name, Timestamp::now())
    }

    /// A request that nobody has sent yet.
    pub fn ask(&self, method: &str, path: &str) -> Ask {
        Ask::new(self.router.clone(), method, path)
    }

    /// What somebody reads, where he may.
    pub async fn read(&self, credential: &str, path: &str) -> serde_json::Value {
        let answer = self.ask("GET", path).by(credential).send().await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    /// All items, but for counters of requests.
    pub async fn items(&self) -> Items {
        let mut items = Items::new();
        for partition in self.watch.partitions() {
            if !partition.starts_with("RATE#") {
                self.items_of(&partition, &mut items).await;
            }
        }
        items
    }

    async fn items_of(&self, partition: &str, items: &mut Items) {
        let mut after = None;
        loop {
            let query = self.client.query().table_name(TABLE).consistent_read(true);
            let query = query.key_condition_expression("PK = :partition");
            let named = AttributeValue::S(partition.to_owned());
            let query = query.expression_attribute_values(":partition", named);
            let page = query.set_exclusive_start_key(after).send().await.expect("items");
            for item in page.items.unwrap_or_default() {
                let key = |name: &str| item[name].as_s().expect("a key").clone();
                items.insert((key("PK"), key("SK")), item);
            }
            match page.last_evaluated_key {
                Some(key) => after = Some(key),
                None => return,
            }
        }
    }

    /// Time passes for whoever has begun to answer a request and has not come to an end: another may
    /// take it over.
    pub async fn let_claims_run_out(&self) {
        self.set_of_requests("workingUntil").await;
    }

    /// A day passes for all requests with an idempotency key.
    pub async fn expire_idempotency(&self) {
        self.set_of_requests("expiresAt").await;
    }

    /// Moves a moment that is noted of requests into the past, where it is noted.
    async fn set_of_requests(&self, name: &str) {
        let items = self.items().await;
        let of_requests = |(key, item): &(&(String, String), &HashMap<_, _>)| {
            key.0.starts_with("IDEMPOTENCY#") && item.contains_key(name)
        };
        for ((partition, sort), _) in items.iter().filter(of_requests) {
            let update = self.client.update_item().table_name(TABLE);
            let update = update
                .key("PK", AttributeValue::S(partition.clone()))
                .key("SK", AttributeValue::S(sort.clone()))
                .update_expression(format!("SET {name} = :past"))
                .expression_attribute_values(":past", AttributeValue::N("1".to_owned()));
            update.send().await.expect("it is set");
        }
    }

    /// Copies of an anomaly under other ids, in an account: cheaper than as many launches.
    pub async fn copy_anomaly(
        &self,
        (from, id): (&AccountId, &str),
        to: &AccountId,
        copies: &[String],
    ) {
        let mut items = Items::new();
        self.items_of(&format!("ACCOUNT#{from}"), &mut items).await;
        let key = (format!("ACCOUNT#{from}"), format!("ANOMALY#{id}"));
        let item = items.remove(&key).expect("there is such an anomaly");
        for copy in copies {
            let named = item.clone().into_iter().map(|(name, value)| {
                let renamed = match value {
                    AttributeValue::S(text) => AttributeValue::S(
                        text.replace(id, copy).replace(from.as_str(), to.as_str()),
                    ),
                    other => other,
                };
                (name, renamed)
            });
            let put = self.client.put_item().table_name(TABLE);
            put.set_item(Some(named.collect())).send().await.expect("it is put");
        }
    }
}

fn payments(stripe: &Double) -> Stripe {
    let secrets = StripeSecrets {
        api_key: API_KEY.into(),
        webhook_secrets: vec![WEBHOOK_SECRET.into()],
        price: PRICE.to_owned(),
        earlier_prices: Vec::new(),
    };
    #[expect(clippy::expect_used, reason = "the double's own address")]
    Stripe::new(&stripe.base_url(), &secrets).expect("an address").without_pause()
}

/// The issuer's name for a person.
pub fn subject(login: &LoginState, name: &str) -> String {
    let claims = login.access_claims(name, Timestamp::now());
    claims["sub"].as_str().unwrap_or_default().to_owned()
}

fn verifier(login: &LoginState) -> Verifier {
    let login = login.clone();
    let keys = move || {
        let keys = login.jwks().to_string().into_bytes();
        async move { Ok(keys) }
    };
    Verifier::new(ISSUER, CLIENT, keys)
}

#[expect(clippy::expect_used, reason = "it is a constant")]
fn places() -> Places {
    Places {
        public_url: "https://api.example.com".to_owned(),
        dashboard_url: "https://app.example.com".to_owned(),
        template_url: "https://templates.example.com/dd0c-cost-readonly.yaml".to_owned(),
        our_account: AccountId::parse("999988887777").expect("twelve digits"),
        bus_arn: "arn:aws:events:us-east-1:999988887777:event-bus/dd0c-cost-bus".to_owned(),
        callback_topic_arn: "arn:aws:sns:us-east-1:999988887777:dd0c-cost-callback".to_owned(),
        console_url: None,
    }
}
