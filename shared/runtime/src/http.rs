//! HTTP: what API Gateway brings, through the same router that answers on a laptop.

use lambda_http::Adapter;
use lambda_http::request::LambdaRequest;
use lambda_runtime::{Context, LambdaEvent, Service};
use pipeline::error::Failure;
use serde::Serialize;

/// A request as API Gateway writes it.
pub type Request = LambdaRequest;

/// A router's answer, as API Gateway reads it.
pub async fn answer(
    router: &axum::Router,
    request: Request,
) -> Result<impl Serialize + use<>, Failure> {
    let mut adapter = Adapter::from(router.clone());
    let answered = adapter.call(LambdaEvent::new(request, Context::default())).await;
    // A router answers whatever it is asked.
    answered.map_err(|never| Failure::Retry(never.to_string()))
}
