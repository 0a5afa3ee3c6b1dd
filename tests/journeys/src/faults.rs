//! A connector that breaks: between the client and the embedded engine it refuses, throttles, loses
//! answers or lets the process die, at the request that a test names. And a queue that breaks, at the
//! sending that a test names.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use pipeline::error::Failure;
use pipeline::ports::{Message, Queue};
use queue::LocalQueue;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The process dies before the request is sent.
    DieBefore,
    /// The process dies after the table has done it.
    DieAfter,
    /// The table did it, but the answer is lost.
    LoseAnswer,
    /// The table has no time for it.
    Throttle,
    /// Another transaction is at the same items.
    Conflict,
    /// The credentials have expired.
    Expired,
    /// The table is out of order.
    ServerError,
}

/// The faults to come, by the number of the request that they meet.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    requests: u64,
    plan: BTreeMap<u64, Fault>,
    dead: bool,
}

impl Faults {
    /// This fault meets the request with this number, from 1.
    pub fn plan(&self, request: u64, fault: Fault) {
        self.state().plan.insert(request, fault);
    }

    /// Requests so far.
    pub fn requests(&self) -> u64 {
        self.state().requests
    }

    /// Whether the process has died; nothing of it reaches the table any more.
    pub fn dead(&self) -> bool {
        self.state().dead
    }

    /// A new process takes its place.
    pub fn revive(&self) {
        self.state().dead = false;
    }

    fn next(&self) -> (bool, Option<Fault>) {
        let mut state = self.state();
        if state.dead {
            return (true, None);
        }
        state.requests += 1;
        let number = state.requests;
        let fault = state.plan.remove(&number);
        state.dead = matches!(fault, Some(Fault::DieBefore | Fault::DieAfter));
        (false, fault)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The engine behind its faults.
#[derive(Debug)]
pub(crate) struct Breaking {
    pub(crate) engine: SharedHttpConnector,
    pub(crate) faults: Faults,
}

impl HttpConnector for Breaking {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (dead, fault) = self.faults.next();
        if dead {
            return broken("the process is dead");
        }
        match fault {
            None => self.engine.call(request),
            Some(Fault::DieBefore) => broken("the process dies"),
            Some(Fault::DieAfter | Fault::LoseAnswer) => {
                let done = self.engine.call(request);
                HttpConnectorFuture::new(async move {
                    let _ = done.await?;
                    Err(ConnectorError::timeout("the answer is lost".into()))
                })
            }
            Some(Fault::Throttle) => answered(400, THROTTLED),
            Some(Fault::Conflict) if !is_transaction(&request) => self.engine.call(request),
            Some(Fault::Conflict) => answered(400, CONFLICT),
            Some(Fault::Expired) => answered(400, EXPIRED),
            Some(Fault::ServerError) => answered(500, SERVER_ERROR),
        }
    }
}

const THROTTLED: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"Rate of requests exceeds the allowed throughput."}"#;
pub(crate) const CONFLICT: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction cancelled","CancellationReasons":[{"Code":"TransactionConflict","Message":"Transaction is ongoing for the item"}]}"#;
const EXPIRED: &str = r#"{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"The security token included in the request is expired"}"#;
const SERVER_ERROR: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"Internal server error"}"#;

pub(crate) fn is_transaction(request: &HttpRequest) -> bool {
    request
        .headers()
        .get("x-amz-target")
        .is_some_and(|target| target.ends_with("TransactWriteItems"))
}

fn broken(why: &'static str) -> HttpConnectorFuture {
    HttpConnectorFuture::ready(Err(ConnectorError::io(why.into())))
}

pub(crate) fn answered(status: u16, body: &'static str) -> HttpConnectorFuture {
    let status = StatusCode::try_from(status);
    let status = status.map_err(|error| ConnectorError::other(error.into(), None));
    HttpConnectorFuture::ready(status.map(|status| HttpResponse::new(status, SdkBody::from(body))))
}

/// What happens to a sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueFault {
    /// Nothing was sent.
    Refuse,
    /// All was sent, but the answer is lost.
    LoseAnswer,
    /// Half was sent.
    SendHalf,
}

/// A queue behind its faults; clones are the same one.
#[derive(Debug, Clone)]
pub struct BreakingQueue {
    queue: LocalQueue,
    state: Arc<Mutex<(u64, BTreeMap<u64, QueueFault>)>>,
}

impl BreakingQueue {
    pub(crate) fn new(queue: LocalQueue) -> Self {
        Self { queue, state: Arc::default() }
    }

    /// This fault meets the sending with this number, from 1.
    pub fn plan(&self, sending: u64, fault: QueueFault) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1.insert(sending, fault);
    }

    /// Sendings so far.
    pub fn sendings(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn next(&self) -> Option<QueueFault> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 += 1;
        let sending = state.0;
        state.1.remove(&sending)
    }
}

impl Queue for BreakingQueue {
    async fn send(&self, mut messages: Vec<Message>) -> Result<(), Failure> {
        let broken = || Failure::Retry("the queue is out of order".to_owned());
        match self.next() {
            None => return self.queue.send(messages).await,
            Some(QueueFault::Refuse) => {}
            Some(QueueFault::LoseAnswer) => self.queue.send(messages).await?,
            Some(QueueFault::SendHalf) => {
                messages.truncate(messages.len() / 2);
                self.queue.send(messages).await?;
            }
        }
        Err(broken())
    }
}
