//! Requests that name a key of their own: done once, and answered as before when they come again.

use crate::account::TenantScope;
use crate::attribute::{Item, number, read, text, write};
use crate::keys::{self, EXPIRY};
use crate::table::{StoreError, Table};
use domain::words;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Answers are kept for so long, in seconds.
const KEPT: i64 = 24 * 3600;
/// How long one has to answer before somebody else may try, in seconds.
const CLAIM: i64 = 30;

/// What is known of a request with this key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeated {
    /// It is new: ours to answer.
    Ours,
    /// It was answered so: status, and a body.
    Answered(u16, String),
    /// Somebody else is answering it.
    InProgress,
    /// The key was used for another request.
    OfAnother,
}

/// Which request: its route with all that it says, and its own key.
fn key_of(scope: &TenantScope, route: &str, key: &str) -> keys::Key {
    let digest = Sha256::digest(format!("{route}\n{key}").as_bytes());
    keys::idempotency(scope.tenant(), &words::hex(&digest))
}

impl Table {
    /// Takes the right to answer a request, by its route, key and a digest of what it says.
    pub async fn begin_request(
        &self,
        scope: &TenantScope,
        (route, key, said): (&str, &str, &str),
        now: Timestamp,
    ) -> Result<Repeated, StoreError> {
        let key = key_of(scope, route, key);
        let mut values = Item::from([
            (":entity".to_owned(), text("Idempotency")),
            (":version".to_owned(), number(1)),
            (":said".to_owned(), text(said)),
            (":expires".to_owned(), number(now.as_second() + KEPT)),
        ]);
        write(&mut values, ":now", &now.as_second());
        write(&mut values, ":until", &(now.as_second() + CLAIM));
        // What has expired is as good as gone, though it may still be there.
        let free = format!(
            "attribute_not_exists(PK) OR {EXPIRY} <= :now OR \
             (said = :said AND attribute_not_exists(answer) AND workingUntil < :now)"
        );
        let expression = format!(
            "SET entity = :entity, schemaVersion = :version, said = :said, \
             workingUntil = :until, {EXPIRY} = :expires REMOVE answer, answerStatus"
        );
        if self.update(&key, &expression, Some(&free), values).await?.is_some() {
            return Ok(Repeated::Ours);
        }
        let item = self.get(&key).await?.unwrap_or_default();
        let corrupt = StoreError::corrupt("Idempotency");
        if read::<Option<String>>(&item, "said").map_err(corrupt)?.as_deref() != Some(said) {
            return Ok(Repeated::OfAnother);
        }
        let answer: Option<String> = read(&item, "answer").map_err(corrupt)?;
        let status: Option<u16> = read(&item, "answerStatus").map_err(corrupt)?;
        Ok(match status.zip(answer) {
            Some((status, body)) => Repeated::Answered(status, body),
            None => Repeated::InProgress,
        })
    }

    /// Keeps what a request was answered.
    pub async fn answer_request(
        &self,
        scope: &TenantScope,
        (route, key): (&str, &str),
        (status, body): (u16, &str),
    ) -> Result<(), StoreError> {
        let values = Item::from([
            (":status".to_owned(), number(status)),
            (":answer".to_owned(), text(body)),
        ]);
        let expression = "SET answer = :answer, answerStatus = :status REMOVE workingUntil";
        let there = Some("attribute_exists(PK)");
        self.update(&key_of(scope, route, key), expression, there, values).await.map(drop)
    }

    /// Gives a request back that came to nothing: it may be tried again.
    pub async fn release_request(
        &self,
        scope: &TenantScope,
        (route, key): (&str, &str),
    ) -> Result<(), StoreError> {
        let key = key_of(scope, route, key);
        self.take(&key, "attribute_exists(PK) AND attribute_not_exists(answer)", Item::new())
            .await
            .map(drop)
    }
}
