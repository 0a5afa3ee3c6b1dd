//! An engine that speaks DynamoDB's API inside this process: what is tested on a laptop is the
//! code that runs on AWS, down to the bytes of each request.

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, retry::RetryConfig};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::path::Path;
use std::task::Poll;

/// A DynamoDB client whose every request is answered by a database in this process, kept in a file
/// or, without a path, in a temporary database that spills to disk and is gone at the end.
pub fn client(file: Option<&Path>) -> Result<aws_sdk_dynamodb::Client, String> {
    connector(file).map(client_over)
}

/// What answers the requests of a client: the engine itself.
pub fn connector(file: Option<&Path>) -> Result<SharedHttpConnector, String> {
    Ok(SharedHttpConnector::new(Engine { database: open(file)? }))
}

/// A client over a connector, so that a test can stand between the two and break things.
pub fn client_over(connector: SharedHttpConnector) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::from_keys("embedded", "embedded", None))
        .endpoint_url("http://embedded.invalid")
        .retry_config(RetryConfig::disabled())
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

fn open(file: Option<&Path>) -> Result<Database, String> {
    let path = match file {
        // SQLite's name for a private database in a temporary file that it deletes itself.
        None => "",
        Some(path) => path.to_str().ok_or_else(|| format!("{} is not UTF-8", path.display()))?,
    };
    Database::new(path).map_err(|error| error.to_string())
}

#[derive(Clone)]
struct Engine {
    database: Database,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("embedded DynamoDB")
    }
}

impl HttpConnector for Engine {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let engine = self.clone();
        HttpConnectorFuture::new(async move {
            // As on a network, others get their turn before the answer is there.
            give_way().await;
            let (status, body) = match engine.answer(&request) {
                Ok(body) => (200, body),
                Err(error) => (error.status_code(), error.to_json()),
            };
            let status = StatusCode::try_from(status)
                .map_err(|error| ConnectorError::other(error.into(), None))?;
            Ok(HttpResponse::new(status, SdkBody::from(body)))
        })
    }
}

/// Pending once, then ready.
async fn give_way() {
    let mut asked = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut asked, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Engine {
    fn answer(&self, request: &HttpRequest) -> dynoxide::Result<String> {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        let database = &self.database;
        match operation {
            "BatchGetItem" => run(body, |input| database.batch_get_item(input)),
            "BatchWriteItem" => run(body, |input| database.batch_write_item(input)),
            "DeleteItem" => run(body, |input| database.delete_item(input)),
            "GetItem" => run(body, |input| database.get_item(input)),
            "PutItem" => run(body, |input| database.put_item(input)),
            "Query" => run(body, |input| database.query(input)),
            "TransactWriteItems" => run(body, |mut input: TransactWriteItemsRequest| {
                // Against a request that a network delivers twice. Here none does, and the engine
                // would keep each for ten minutes.
                input.client_request_token = None;
                database.transact_write_items(input)
            }),
            "UpdateItem" => run(body, |input| database.update_item(input)),
            _ => self.answer_about_the_table(operation, body),
        }
    }

    fn answer_about_the_table(&self, operation: &str, body: &[u8]) -> dynoxide::Result<String> {
        let database = &self.database;
        match operation {
            "CreateTable" => run(body, |input| database.create_table(input)),
            "DescribeTable" => run(body, |input| database.describe_table(input)),
            // The product asks for no scan; a test looks at all that is left.
            "Scan" => run(body, |input| database.scan(input)),
            other => Err(DynoxideError::ValidationException(format!(
                "the embedded engine is not asked for {other:?} by this product"
            ))),
        }
    }
}

fn run<Input: DeserializeOwned, Output: Serialize>(
    body: &[u8],
    answer: impl FnOnce(Input) -> dynoxide::Result<Output>,
) -> dynoxide::Result<String> {
    let malformed =
        |error: serde_json::Error| DynoxideError::SerializationException(error.to_string());
    let input = serde_json::from_slice(body).map_err(malformed)?;
    serde_json::to_string(&answer(input)?).map_err(malformed)
}
