//! Counters of what somebody sends in a minute.

use crate::attribute::{Item, number, read, text};
use crate::keys::{self, EXPIRY};
use crate::table::{StoreError, Table};
use domain::words;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Counters are kept for this long, in seconds.
const KEPT: i64 = 2 * 3600;

impl Table {
    /// Adds to what a sender has sent in this minute; the sum.
    pub async fn add_to_rate(
        &self,
        sender: &str,
        route: &str,
        at: Timestamp,
        count: u64,
    ) -> Result<u64, StoreError> {
        // A counter outlives what it counts: its key is for nobody to read.
        let sender = words::hex(&Sha256::digest(format!("rate\n{sender}").as_bytes())[..16]);
        let key = keys::rate(&sender, route, at.as_second().div_euclid(60));
        let values = Item::from([
            (":count".to_owned(), number(count)),
            (":entity".to_owned(), text("RateBucket")),
            (":version".to_owned(), number(1)),
            (":expires".to_owned(), number(at.as_second() + KEPT)),
        ]);
        let expression = format!(
            "SET entity = :entity, schemaVersion = :version, {EXPIRY} = :expires ADD used :count"
        );
        let item = self.update(&key, &expression, None, values).await?.unwrap_or_default();
        read(&item, "used").map_err(StoreError::corrupt("RateBucket"))
    }
}
