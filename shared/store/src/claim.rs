//! Claims: who may tell people of an item, until when. After a crash a claim runs out.

use crate::attribute::{Item, write};
use crate::keys::Key;
use crate::table::{StoreError, Table};
use jiff::Timestamp;

impl Table {
    /// Takes the claim on an item until a moment, and gives the item; `None` while somebody else
    /// has it, if the further condition does not hold, or if there is no such item.
    pub(crate) async fn claim(
        &self,
        key: &Key,
        further: Option<&str>,
        (now, until): (Timestamp, Timestamp),
    ) -> Result<Option<Item>, StoreError> {
        let mut values = Item::new();
        write(&mut values, ":now", &now.as_millisecond());
        write(&mut values, ":until", &until.as_millisecond());
        let free = "attribute_exists(PK) AND \
                    (attribute_not_exists(tellingUntil) OR tellingUntil < :now)";
        let condition = further.map_or_else(|| free.to_owned(), |and| format!("{free} AND {and}"));
        self.update(key, "SET tellingUntil = :until", Some(&condition), values).await
    }
}
