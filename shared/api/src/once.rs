//! Once: a request with an idempotency key has one effect and one answer, however often it comes.

use crate::caller::Known;
use crate::problem::{Code, Problem};
use crate::reply::Reply;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::words;
use sha2::{Digest, Sha256};
use store::Repeated;

/// Characters that a key may have.
const MAX_KEY: usize = 200;

/// The header `Idempotency-Key`.
pub(crate) struct IdempotencyKey(Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        let key = value.to_str().ok().filter(|key| (1..=MAX_KEY).contains(&key.len()));
        let wrong =
            || Problem::invalid(format!("An Idempotency-Key has 1 to {MAX_KEY} ASCII characters."));
        key.map(|key| Self(Some(key.to_owned()))).ok_or_else(wrong)
    }
}

impl IdempotencyKey {
    /// Answers a request once: `route` and `said` tell which it is. What failed may be tried again;
    /// of the answer all is kept but what is to be seen once only.
    pub(crate) async fn once(
        &self,
        known: &Known,
        (route, said): (&str, &str),
        answer: impl Future<Output = Result<Reply, Problem>>,
    ) -> Result<Reply, Problem> {
        let Some(key) = &self.0 else { return answer.await };
        let (table, scope) = (known.table(), known.scope());
        let said = words::hex(&Sha256::digest(said.as_bytes()));
        match table.begin_request(scope, (route, key, &said), known.now).await? {
            Repeated::Ours => {}
            Repeated::Answered(status, body) => return Reply::again(status, &body),
            Repeated::InProgress => return Err(Problem::of(Code::InProgress).after(1)),
            Repeated::OfAnother => return Err(Problem::of(Code::KeyReused)),
        }
        let answered = answer.await;
        match &answered {
            Ok(reply) => {
                let kept = (reply.status().as_u16(), reply.kept());
                table.answer_request(scope, (route, key), (kept.0, &kept.1)).await?;
            }
            Err(_) => table.release_request(scope, (route, key)).await?,
        }
        answered
    }
}
