//! The issuer's keys, kept: fetched once an hour, sooner if a token names one that is not known, and
//! still good for a while where the issuer is down.

use crate::Refusal;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// Keys are asked for anew after this time.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// While the issuer cannot be asked, they are believed for this long.
const BELIEVED: SignedDuration = SignedDuration::from_hours(24);
/// A token that names an unknown key makes us ask at most once in this time.
const ASK_AGAIN: SignedDuration = SignedDuration::from_secs(30);
/// The same while there is no key at all: nobody can be let in until there is one.
const ASK_AGAIN_WITHOUT_KEYS: SignedDuration = SignedDuration::from_secs(3);
/// An issuer has two or three; more than so many are none of ours.
const MAX_KEYS: usize = 20;
/// Letters of an RSA modulus in base64: 2,048 to 4,096 bits.
const MODULUS: std::ops::RangeInclusive<usize> = 342..=683;

/// The document with the keys, or why it cannot be had.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send + 'a>>;

/// Where the document with the issuer's keys comes from: [`crate::HttpKeys`], or an issuer in this
/// process, as a closure.
pub trait FetchKeys: Send + Sync + 'static {
    /// Fetches it, in bounded time.
    fn fetch(&self) -> Fetching<'_>;
}

impl<F, Fetched> FetchKeys for F
where
    F: Fn() -> Fetched + Send + Sync + 'static,
    Fetched: Future<Output = Result<Vec<u8>, String>> + Send + 'static,
{
    fn fetch(&self) -> Fetching<'_> {
        Box::pin(self())
    }
}

/// Keys by their names, as of a moment.
#[derive(Default)]
struct Known {
    keys: HashMap<String, Arc<DecodingKey>>,
    fetched_at: Option<Timestamp>,
}

/// The last time that the issuer was asked, and what came of it.
struct Asked {
    at: Timestamp,
    failed: Option<String>,
}

pub(crate) struct Keys {
    source: Box<dyn FetchKeys>,
    known: RwLock<Arc<Known>>,
    /// Held while the issuer is asked: one at a time asks.
    asked: Mutex<Option<Asked>>,
}

impl Keys {
    pub(crate) fn new(source: impl FetchKeys) -> Self {
        Self { source: Box::new(source), known: RwLock::default(), asked: Mutex::default() }
    }

    /// The key of this name.
    pub(crate) async fn find(
        &self,
        name: &str,
        now: Timestamp,
    ) -> Result<Arc<DecodingKey>, Refusal> {
        let known = self.known();
        match known.keys.get(name) {
            Some(key) if known.is_within(FRESH, now) => Ok(key.clone()),
            Some(key) if known.is_within(BELIEVED, now) => {
                self.refresh_unless_busy(now).await;
                Ok(self.known().keys.get(name).unwrap_or(key).clone())
            }
            _ => self.ask_for(name, now).await,
        }
    }

    fn known(&self) -> Arc<Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who has an old key does not wait for somebody who is asking already.
    async fn refresh_unless_busy(&self, now: Timestamp) {
        if let Ok(mut asked) = self.asked.try_lock()
            && self.may_ask(asked.as_ref(), now)
        {
            self.ask(&mut asked, now).await;
        }
    }

    async fn ask_for(&self, name: &str, now: Timestamp) -> Result<Arc<DecodingKey>, Refusal> {
        let mut asked = self.asked.lock().await;
        // Somebody else may have asked meanwhile.
        if let Some(key) = self.believed(name, now) {
            return Ok(key);
        }
        if self.may_ask(asked.as_ref(), now) {
            self.ask(&mut asked, now).await;
        }
        if let Some(key) = self.believed(name, now) {
            return Ok(key);
        }
        match asked.as_ref().and_then(|asked| asked.failed.clone()) {
            Some(why) => Err(Refusal::Unreachable(why)),
            None => Err(Refusal::Invalid("it is signed with an unknown key")),
        }
    }

    fn believed(&self, name: &str, now: Timestamp) -> Option<Arc<DecodingKey>> {
        let known = self.known();
        known.keys.get(name).filter(|_| known.is_within(BELIEVED, now)).cloned()
    }

    fn may_ask(&self, asked: Option<&Asked>, now: Timestamp) -> bool {
        let wait = if self.known().keys.is_empty() { ASK_AGAIN_WITHOUT_KEYS } else { ASK_AGAIN };
        asked.is_none_or(|asked| now.duration_since(asked.at).abs() >= wait)
    }

    async fn ask(&self, asked: &mut Option<Asked>, now: Timestamp) {
        let fetched = self.source.fetch().await.and_then(|document| read(&document));
        let failed = match fetched {
            Ok(keys) => {
                let known = Arc::new(Known { keys, fetched_at: Some(now) });
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
                None
            }
            Err(why) => {
                tracing::warn!(why = %why, "the issuer's keys cannot be had");
                Some(why)
            }
        };
        *asked = Some(Asked { at: now, failed });
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keys").field(&self.known().keys.keys().collect::<Vec<_>>()).finish()
    }
}

impl Known {
    fn is_within(&self, span: SignedDuration, now: Timestamp) -> bool {
        self.fetched_at.is_some_and(|at| now.duration_since(at) < span)
    }
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Entry {
    kid: String,
    kty: String,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    n: String,
    e: String,
}

/// The keys of a document that can be used; those of other kinds are passed over.
fn read(document: &[u8]) -> Result<HashMap<String, Arc<DecodingKey>>, String> {
    let document: Document = serde_json::from_slice(document)
        .map_err(|_| "the issuer's keys cannot be read".to_owned())?;
    let entries = document.keys.into_iter().take(MAX_KEYS);
    let keys: HashMap<_, _> = entries.filter_map(usable).collect();
    if keys.is_empty() {
        Err("the issuer has no key that can be used".to_owned())
    } else {
        Ok(keys)
    }
}

fn usable(entry: Value) -> Option<(String, Arc<DecodingKey>)> {
    let entry: Entry = serde_json::from_value(entry).ok()?;
    let is = |said: &Option<String>, wanted| said.as_deref().is_none_or(|it| it == wanted);
    let fits = entry.kty == "RSA" && is(&entry.alg, "RS256") && is(&entry.purpose, "sig");
    if !fits || !MODULUS.contains(&entry.n.len()) {
        return None;
    }
    let key = DecodingKey::from_rsa_components(&entry.n, &entry.e).ok()?;
    Some((entry.kid, Arc::new(key)))
}
