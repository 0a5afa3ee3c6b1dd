//! Once: a request with an idempotency key has one effect and one answer, however often it comes.

use crate::caller::Known;
use crate::problem::{Code, Problem};
use crate::reply::Reply;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::words;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::Repeated;
use ulid::Ulid;

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

/// One try at answering a request. Whatever the request makes is named by it: the same at each try, so
/// that a later one finds what an earlier one has made, should that have died before it answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    begun: Timestamp,
    again: bool,
    name: [u8; 10],
}

impl Attempt {
    /// When it was tried first.
    pub(crate) const fn begun(&self) -> Timestamp {
        self.begun
    }

    /// Somebody has tried before, and whatever is asked for may be done.
    pub(crate) const fn is_again(&self) -> bool {
        self.again
    }

    /// Id of what is made: a ULID.
    pub(crate) fn id(&self) -> String {
        let millis = u64::try_from(self.begun.as_millisecond()).unwrap_or_default();
        let mut name = [0; 16];
        name[6..].copy_from_slice(&self.name);
        Ulid::from_parts(millis, u128::from_be_bytes(name)).to_string()
    }

    /// Of a request that is not to be recognised.
    fn single(now: Timestamp) -> Result<Self, Problem> {
        Ok(Self { begun: now, again: false, name: random::bytes()? })
    }

    /// Of a request with a key. The same key may be used for something else a day later: so when it
    /// was tried first is in the name, too.
    fn of(known: &Known, (route, key): (&str, &str), (begun, again): (Timestamp, bool)) -> Self {
        let mut digest = Sha256::new_with_prefix("dd0c-cost idempotency");
        for part in [known.scope().tenant().as_str(), route, key, &begun.to_string()] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let digest: [u8; 32] = digest.finalize().into();
        let mut name = [0; 10];
        name.copy_from_slice(&digest[..10]);
        Self { begun, again, name }
    }
}

impl IdempotencyKey {
    /// Answers a request once: `route` and `said` tell which it is. What failed may be tried again;
    /// of the answer all is kept but what is to be seen once only.
    pub(crate) async fn once<Answer: Future<Output = Result<Reply, Problem>>>(
        &self,
        known: &Known,
        (route, said): (&str, &str),
        answer: impl FnOnce(Attempt) -> Answer,
    ) -> Result<Reply, Problem> {
        let Some(key) = &self.0 else { return answer(Attempt::single(known.now)?).await };
        let attempt = match begin(known, (route, key), said).await? {
            Begun::Ours(attempt) => attempt,
            Begun::Answered(reply) => return Ok(reply),
        };
        let answered = answer(attempt).await;
        end(known, (route, key), attempt, &answered).await?;
        answered
    }
}

/// A request that may be answered, or was.
enum Begun {
    Ours(Attempt),
    Answered(Reply),
}

async fn begin(known: &Known, (route, key): (&str, &str), said: &str) -> Result<Begun, Problem> {
    let said = words::hex(&Sha256::digest(said.as_bytes()));
    let begun = known.table().begin_request(known.scope(), (route, key, &said), known.now);
    match begun.await? {
        Repeated::Ours(begun, again) => {
            Ok(Begun::Ours(Attempt::of(known, (route, key), (begun, again))))
        }
        Repeated::Answered(status, body) => Reply::again(status, &body).map(Begun::Answered),
        Repeated::InProgress(left) => Err(in_progress(left)),
        Repeated::OfAnother => Err(Problem::of(Code::KeyReused)),
    }
}

/// Keeps what was answered, or gives the request back.
async fn end(
    known: &Known,
    request: (&str, &str),
    attempt: Attempt,
    answered: &Result<Reply, Problem>,
) -> Result<(), Problem> {
    let (table, scope) = (known.table(), known.scope());
    let ended = match answered.as_ref().map(Reply::kept) {
        Ok(Some((status, body))) => {
            table.answer_request(scope, request, (status.as_u16(), &body)).await
        }
        // A part of it may be done, by this try or by one before.
        Err(problem) if attempt.again || problem.code().status().is_server_error() => {
            table.release_request(scope, request).await
        }
        Ok(None) | Err(_) => table.forget_request(scope, request).await,
    };
    Ok(ended?)
}

/// Whoever answers it has so long left: then it may be taken over.
fn in_progress(left: u64) -> Problem {
    Problem::of(Code::InProgress).after(left.max(1))
}
