//! Answers to CloudFormation, which waits for one when a customer's stack calls back. Anybody may have
//! sent the message that names the address, so it must be one of CloudFormation's own buckets.

mod address;

pub use address::check;

use pipeline::error::Failure;
use pipeline::ports::StackReply;
use reqwest::{Client, StatusCode, Url};
use serde_json::Value;
use std::sync::OnceLock;
use std::time::Duration;

/// For one try, connecting included.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Tries, the first among them; after that the message comes again.
const TRIES: u32 = 2;
/// Bytes that CloudFormation takes.
const MAX_ANSWER: usize = 4_096;

/// Puts answers.
#[derive(Debug, Default)]
pub struct StackReplies {
    /// Addresses of this machine are allowed, too: for stages without customers.
    local: bool,
    http: OnceLock<Client>,
}

impl StackReplies {
    /// `local` allows addresses of this machine, without TLS.
    pub fn new(local: bool) -> Self {
        Self { local, http: OnceLock::new() }
    }

    fn http(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let builder = outbound::client(self.local, ANSWER_WITHIN).pool_max_idle_per_host(0);
        let client = builder.build().map_err(|error| Failure::Retry(error.to_string()))?;
        Ok(self.http.get_or_init(|| client))
    }

    async fn put(&self, url: Url, body: String) -> Result<bool, Failure> {
        // The address is signed without a content type: with one S3 would refuse it.
        let answered = self.http()?.put(url).body(body).send().await.map_err(|error| {
            // The address is a right to write.
            Failure::Retry(format!("CloudFormation cannot be reached: {}", error.without_url()))
        })?;
        match answered.status() {
            status if status.is_success() => Ok(true),
            status if is_worth_another_try(status) => {
                Err(Failure::Retry(format!("CloudFormation's bucket answers {status}")))
            }
            // Too old, answered for good, or never signed.
            _ => Ok(false),
        }
    }
}

fn is_worth_another_try(status: StatusCode) -> bool {
    let soon = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    status.is_server_error() || soon.contains(&status)
}

impl StackReply for StackReplies {
    async fn reply(&self, url: &str, answer: &Value) -> Result<bool, Failure> {
        let url = check(url, self.local).map_err(|why| Failure::Reject(why.to_owned()))?;
        let body = answer.to_string();
        if body.len() > MAX_ANSWER {
            return Err(Failure::Reject(format!("an answer of {} bytes is too long", body.len())));
        }
        let mut put = self.put(url.clone(), body.clone()).await;
        for _ in 1..TRIES {
            if !matches!(put, Err(Failure::Retry(_))) {
                break;
            }
            put = self.put(url.clone(), body.clone()).await;
        }
        put
    }
}
