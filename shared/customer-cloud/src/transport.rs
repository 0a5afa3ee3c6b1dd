//! One request over HTTP: a time limit for all of it, no redirect, a bounded answer.

use crate::aws_error::AwsError;
use crate::input::Written;
use crate::own::SettingsError;
use outbound::Unread;
use reqwest::{Client, Method, Response};
use std::time::Duration;

/// Bytes of an answer that are read.
const MAX_ANSWER: usize = 8 << 20;

#[derive(Debug, Clone)]
pub(crate) struct Transport {
    http: Client,
}

impl Transport {
    /// `is_plain`: this machine, without TLS and proxy.
    pub(crate) fn new(within: Duration, is_plain: bool) -> Result<Self, SettingsError> {
        let client = outbound::client(is_plain, within)
            .connect_timeout(within)
            .pool_idle_timeout(Duration::from_secs(30))
            .build();
        let http =
            client.map_err(|error| SettingsError::Client(error.without_url().to_string()))?;
        Ok(Self { http })
    }

    /// The body of a success, as text.
    pub(crate) async fn send(
        &self,
        url: String,
        written: Written,
        signature: Vec<(String, String)>,
    ) -> Result<String, AwsError> {
        let method = if written.method == "GET" { Method::GET } else { Method::POST };
        let mut request = self.http.request(method, url).body(written.body);
        for (name, value) in written.headers {
            request = request.header(name, value);
        }
        for (name, value) in signature {
            request = request.header(name, value);
        }
        let response = request.send().await.map_err(|error| unreachable(&error))?;
        let status = response.status();
        let kind = response.headers().get("x-amzn-errortype");
        let kind = kind.and_then(|kind| kind.to_str().ok()).map(str::to_owned);
        let body = read(response).await?;
        if status.is_success() {
            return Ok(body);
        }
        Err(AwsError::of(status.as_u16(), kind.as_deref(), &body))
    }
}

async fn read(response: Response) -> Result<String, AwsError> {
    let body = outbound::body(response, MAX_ANSWER).await.map_err(|unread| match unread {
        Unread::Endless => AwsError::Busy("its answer does not end".to_owned()),
        Unread::Broken(error) => unreachable(&error),
    })?;
    String::from_utf8(body).map_err(|_| AwsError::Busy("its answer is no text".to_owned()))
}

/// The address and what stands in it stay out.
fn unreachable(error: &reqwest::Error) -> AwsError {
    let why = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "the connection broke"
    };
    AwsError::Busy(why.to_owned())
}
