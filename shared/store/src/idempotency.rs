//! Requests that name a key of their own: done once, and answered as before when they come again.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, number, read, text, write};
use crate::keys::{self, EXPIRY, Key};
use crate::table::{StoreError, Table};
use domain::words;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Answers are kept for so long, in seconds.
const KEPT: i64 = 24 * 3600;
/// How long one has to answer before somebody else may try, in seconds.
const CLAIM: i64 = 30;
/// How often a request is looked at whose holders give it back again and again.
const MAX_LOOKS: usize = 2;

/// What is known of a request with this key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeated {
    /// It is ours to answer: since when it is tried, and whether somebody has tried before. He may have
    /// died before, within or after whatever it asks for.
    Ours(Timestamp, bool),
    /// It was answered so: status, and a body.
    Answered(u16, String),
    /// Somebody else is answering it, for so many seconds at most.
    InProgress(u64),
    /// The key was used for another request.
    OfAnother,
}

/// A request that nobody has answered yet.
const UNANSWERED: &str = "attribute_exists(PK) AND attribute_not_exists(answer)";

/// What is known of a request that was begun before; it is in progress for no second more where it may
/// be taken over.
fn repeated(item: &Item, said: &str, now: Timestamp) -> Result<Repeated, Corrupt> {
    if read::<Option<String>>(item, "said")?.as_deref() != Some(said) {
        return Ok(Repeated::OfAnother);
    }
    let answer: Option<String> = read(item, "answer")?;
    let status: Option<u16> = read(item, "answerStatus")?;
    if let Some((status, body)) = status.zip(answer) {
        return Ok(Repeated::Answered(status, body));
    }
    let until: Option<i64> = read(item, "workingUntil")?;
    let left = until.unwrap_or_default().saturating_sub(now.as_second());
    Ok(Repeated::InProgress(u64::try_from(left).unwrap_or_default()))
}

/// Which request: its route with all that it says, and its own key.
fn key_of(scope: &TenantScope, route: &str, key: &str) -> Key {
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
        for _ in 0..MAX_LOOKS {
            if self.begin_new(&key, said, now).await? {
                return Ok(Repeated::Ours(now, false));
            }
            // Whoever had it may have given it back meanwhile: it is nobody's then.
            let Some(item) = self.get(&key).await? else { continue };
            return match repeated(&item, said, now).map_err(StoreError::corrupt("Idempotency"))? {
                Repeated::InProgress(0) => self.take_over(&key, &item, now).await,
                repeated => Ok(repeated),
            };
        }
        Ok(Repeated::InProgress(1))
    }

    /// Takes what nobody has tried; says whether it was. What has expired is as good as gone, though it
    /// may still be there.
    async fn begin_new(&self, key: &Key, said: &str, now: Timestamp) -> Result<bool, StoreError> {
        let mut values = Item::from([
            (":entity".to_owned(), text("Idempotency")),
            (":version".to_owned(), number(1)),
            (":said".to_owned(), text(said)),
            (":expires".to_owned(), number(now.as_second() + KEPT)),
        ]);
        write(&mut values, ":now", &now.as_second());
        write(&mut values, ":until", &(now.as_second() + CLAIM));
        write(&mut values, ":begun", &now);
        let free = format!("attribute_not_exists(PK) OR {EXPIRY} <= :now");
        let expression = format!(
            "SET entity = :entity, schemaVersion = :version, said = :said, begunAt = :begun, \
             workingUntil = :until, {EXPIRY} = :expires REMOVE answer, answerStatus"
        );
        Ok(self.update(key, &expression, Some(&free), values).await?.is_some())
    }

    /// Takes what another has not come to an end with, as it was read.
    async fn take_over(
        &self,
        key: &Key,
        item: &Item,
        now: Timestamp,
    ) -> Result<Repeated, StoreError> {
        let corrupt = StoreError::corrupt("Idempotency");
        let before: i64 = read(item, "workingUntil").map_err(corrupt)?;
        let begun: Option<Timestamp> = read(item, "begunAt").map_err(corrupt)?;
        let begun = begun.unwrap_or(now);
        let mut values = Item::new();
        write(&mut values, ":before", &before);
        write(&mut values, ":until", &(now.as_second() + CLAIM));
        write(&mut values, ":begun", &begun);
        let expression = "SET workingUntil = :until, begunAt = :begun";
        let still = Some("workingUntil = :before AND attribute_not_exists(answer)");
        let taken = self.update(key, expression, still, values).await?.is_some();
        Ok(if taken { Repeated::Ours(begun, true) } else { Repeated::InProgress(1) })
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

    /// Gives a request back that came to nothing: it is as if it had never come.
    pub async fn forget_request(
        &self,
        scope: &TenantScope,
        (route, key): (&str, &str),
    ) -> Result<(), StoreError> {
        let key = key_of(scope, route, key);
        self.take(&key, UNANSWERED, Item::new()).await.map(drop)
    }

    /// Gives a request back of which nobody knows how far it came: it may be tried again at once, and
    /// what was made is found then.
    pub async fn release_request(
        &self,
        scope: &TenantScope,
        (route, key): (&str, &str),
    ) -> Result<(), StoreError> {
        let key = key_of(scope, route, key);
        let values = Item::from([(":never".to_owned(), number(0))]);
        self.update(&key, "SET workingUntil = :never", Some(UNANSWERED), values).await.map(drop)
    }
}
