//! A connector that reads the meter: which requests are made, and how many units DynamoDB would
//! charge for each, as the engine reckons them.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Requests and units of one operation.
#[derive(Debug, Clone, Copy, Default)]
pub struct Used {
    /// How often.
    pub requests: u64,
    /// Capacity units in all, indexes included.
    pub units: f64,
}

/// What was used, by operation.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    used: Arc<Mutex<BTreeMap<String, Used>>>,
}

impl Meter {
    /// So far.
    pub fn read(&self) -> BTreeMap<String, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts the meter between a client and its engine.
    pub fn connector(&self, engine: SharedHttpConnector) -> SharedHttpConnector {
        SharedHttpConnector::new(Metered { engine, meter: self.clone() })
    }

    fn add(&self, operation: String, units: f64) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let of_operation = used.entry(operation).or_default();
        of_operation.requests += 1;
        of_operation.units += units;
    }
}

#[derive(Debug)]
struct Metered {
    engine: SharedHttpConnector,
    meter: Meter,
}

impl HttpConnector for Metered {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default();
        if let Ok(Value::Object(mut body)) = serde_json::from_slice(body) {
            body.insert("ReturnConsumedCapacity".to_owned(), json!("TOTAL"));
            *request.body_mut() = SdkBody::from(Value::Object(body).to_string());
        }
        let (answer, meter) = (self.engine.call(request), self.meter.clone());
        HttpConnectorFuture::new(async move {
            let answer: HttpResponse = answer.await?;
            let body = answer.body().bytes().unwrap_or_default();
            let body: Value = serde_json::from_slice(body).unwrap_or_default();
            meter.add(operation, units(&body["ConsumedCapacity"]));
            Ok(answer)
        })
    }
}

/// One table's units, or those of each table of a batch.
fn units(consumed: &Value) -> f64 {
    match consumed {
        Value::Array(tables) => tables.iter().map(units).sum(),
        one => one["CapacityUnits"].as_f64().unwrap_or(0.0),
    }
}
