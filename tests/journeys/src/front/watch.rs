//! Stands between the API and its table: notes in which partitions something is written, and makes
//! the table as slow as a test wants it.

use crate::faults::{CONFLICT, answered, is_transaction};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Watch(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    partitions: BTreeSet<String>,
    delay: Option<Duration>,
    busy: bool,
    mute: bool,
    muted: Arc<Notify>,
    halt: Option<Halt>,
}

/// Where somebody waits before he looks something up.
#[derive(Debug, Clone, Default)]
pub struct Halt(Arc<(Notify, Notify)>);

impl Halt {
    /// Waits until somebody stands here.
    pub async fn reached(&self) {
        self.0.0.notified().await;
    }

    /// Lets him go on.
    pub fn open(&self) {
        self.0.1.notify_one();
    }

    async fn stand(&self) {
        self.0.0.notify_one();
        self.0.1.notified().await;
    }
}

impl Watch {
    /// In front of an engine.
    pub(super) fn before(&self, engine: SharedHttpConnector) -> impl HttpConnector + 'static {
        Watched { engine, watch: self.clone() }
    }

    /// Partitions in which something was ever written.
    pub fn partitions(&self) -> BTreeSet<String> {
        self.seen().partitions.clone()
    }

    /// From now on each answer of the table takes so long.
    pub fn slow_down(&self, delay: Option<Duration>) {
        self.seen().delay = delay;
    }

    /// From now on others are at whatever a transaction wants to write.
    pub fn refuse_transactions(&self, busy: bool) {
        self.seen().busy = busy;
    }

    /// From now on whoever wants to keep what a request was answered waits for ever: he is as good as
    /// dead.
    pub fn keep_no_answer(&self, mute: bool) {
        self.seen().mute = mute;
    }

    /// When somebody has come so far.
    pub async fn answer_was_not_kept(&self) {
        let muted = self.seen().muted.clone();
        muted.notified().await;
    }

    /// The next one who looks up what is known of a request with an idempotency key waits there.
    pub fn halt_before_look(&self) -> Halt {
        self.seen().halt.insert(Halt::default()).clone()
    }

    /// Where this request has to wait.
    fn halts(&self, request: &HttpRequest) -> Option<Halt> {
        looks_up_a_request(request).then(|| self.seen().halt.take()).flatten()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, request: &HttpRequest) {
        if is_read(request) {
            return;
        }
        let body = request.body().bytes().unwrap_or_default();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        add_partitions(&body, &mut self.seen().partitions);
    }
}

/// The last thing that is done about a request with an idempotency key, whatever came of it.
fn keeps_an_answer(request: &HttpRequest) -> bool {
    let body = request.body().bytes().unwrap_or_default();
    let body = std::str::from_utf8(body).unwrap_or_default();
    body.contains("IDEMPOTENCY#") && !body.contains(":begun") && !is_read(request)
}

/// Somebody else has begun it: what has he come to?
fn looks_up_a_request(request: &HttpRequest) -> bool {
    let body = request.body().bytes().unwrap_or_default();
    let body = std::str::from_utf8(body).unwrap_or_default();
    body.contains("IDEMPOTENCY#") && is_read(request)
}

fn is_read(request: &HttpRequest) -> bool {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    let reads = ["Query", "GetItem", "BatchGetItem", "DescribeTable", "CreateTable"];
    reads.contains(&target.rsplit('.').next().unwrap_or_default())
}

fn add_partitions(value: &Value, partitions: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|each| add_partitions(each, partitions)),
        Value::Object(fields) => {
            let named = fields.get("PK").and_then(|key| key["S"].as_str());
            partitions.extend(named.map(str::to_owned));
            fields.values().for_each(|each| add_partitions(each, partitions));
        }
        _ => {}
    }
}

#[derive(Debug)]
struct Watched {
    engine: SharedHttpConnector,
    watch: Watch,
}

impl HttpConnector for Watched {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.watch.note(&request);
        if self.watch.seen().mute && keeps_an_answer(&request) {
            self.watch.seen().muted.notify_one();
            return HttpConnectorFuture::new(std::future::pending());
        }
        if self.watch.seen().busy && is_transaction(&request) {
            return answered(400, CONFLICT);
        }
        if let Some(halt) = self.watch.halts(&request) {
            let engine = self.engine.clone();
            return HttpConnectorFuture::new(async move {
                halt.stand().await;
                engine.call(request).await
            });
        }
        let (answer, delay) = (self.engine.call(request), self.watch.seen().delay);
        let Some(delay) = delay else { return answer };
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(delay).await;
            answer.await
        })
    }
}
