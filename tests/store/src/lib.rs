//! The engines that speak DynamoDB's API, each with tables of a test's own.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::missing_panics_doc, reason = "the same")]

mod image;
mod records;
pub mod sample;

pub use image::image_of;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, retry::RetryConfig};
use std::io::Write;
use std::sync::Once;
use std::time::{SystemTime, UNIX_EPOCH};
use store::{StoreError, Table};

/// The engines beside the embedded one, and the variables that name their endpoints.
const SERVERS: [(&str, &str); 2] =
    [("ministack", "STORE_TEST_MINISTACK"), ("DynamoDB Local", "STORE_TEST_DYNAMODB_LOCAL")];
/// Times that a busy table is asked again.
const MAX_TRIES: usize = 100;

/// Something that speaks DynamoDB's API.
#[derive(Debug, Clone)]
pub struct Engine {
    /// What people call it.
    pub name: &'static str,
    /// Talks to it.
    pub client: Client,
    /// Where it listens; `None` inside this process.
    endpoint: Option<String>,
}

/// All engines that are there. What is not there is said once.
pub fn engines() -> Vec<Engine> {
    static SAID: Once = Once::new();
    let mut engines = vec![embedded()];
    let mut missing = Vec::new();
    for (name, variable) in SERVERS {
        match std::env::var(variable) {
            Ok(endpoint) => engines.push(server(name, endpoint)),
            Err(_) => missing.push(format!("skipped: the store on {name} ({variable} not set)\n")),
        }
    }
    SAID.call_once(|| {
        // Past the test harness, which hides what a test that passes prints.
        let said = std::io::stdout().write_all(missing.concat().as_bytes());
        said.expect("the output takes text");
    });
    engines
}

/// Checks the same on each engine, with a table of the test's own.
pub async fn on_each_engine(test: &str, check: impl AsyncFn(Engine, Table)) {
    on_each_table(test, async |engine, table, _| check(engine, table).await).await;
}

/// The same with the table's name: for what is asked past the store.
pub async fn on_each_table(test: &str, check: impl AsyncFn(Engine, Table, String)) {
    on_each_engine_by_name(test, async |engine, name| {
        let table = Table::new(engine.client.clone(), name.clone());
        table.create().await.expect("the table is made");
        check(engine, table, name).await;
    })
    .await;
}

/// Checks the same on each engine, with the name of a table that is not there yet: no other test
/// and no earlier run has used it.
pub async fn on_each_engine_by_name(test: &str, check: impl AsyncFn(Engine, String)) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
    let name = format!("{test}-{}-{}", std::process::id(), now.as_nanos());
    for engine in engines() {
        let _named = Named(engine.name);
        check(engine, name.clone()).await;
    }
}

/// Asks again while the table is busy, as everyone does who works with it.
pub async fn patiently<T>(ask: impl AsyncFn() -> Result<T, StoreError>) -> T {
    for _ in 0..MAX_TRIES {
        match Box::pin(ask()).await {
            Err(StoreError::Busy(_)) => tokio::task::yield_now().await,
            answer => return answer.expect("the table does not refuse"),
        }
    }
    Box::pin(ask()).await.expect("the table is free at last")
}

/// Says which engine it was when a check fails.
struct Named(&'static str);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was the engine {}", self.0);
        }
    }
}

fn embedded() -> Engine {
    let client = store::embedded::client(None).expect("the embedded engine starts");
    Engine { name: "embedded", client, endpoint: None }
}

fn server(name: &'static str, endpoint: String) -> Engine {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::from_keys("test", "test", None))
        .endpoint_url(&endpoint)
        // What an engine answers is to be seen, not what a second try makes of it.
        .retry_config(RetryConfig::disabled())
        .build();
    Engine { name, client: Client::from_conf(config), endpoint: Some(endpoint) }
}
