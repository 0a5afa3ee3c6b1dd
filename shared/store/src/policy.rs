//! What holds for all tenants: the panic switch.

use crate::attribute::{Item, read, write};
use crate::keys;
use crate::table::{StoreError, Table, unbuilt};
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::governance::AuditEntry;
use domain::ids::AccountId;
use domain::policy::Policy;

impl Table {
    /// The policy that an account's events are judged by: the defaults, under the account's own
    /// governance and the panic switch. An account that nobody owns is judged by the strictest. One
    /// whose past we can read rehearses it, whoever scores it: the stream brings that past too.
    pub async fn policy_of(&self, account: &AccountId) -> Result<Policy, StoreError> {
        let connection = match self.owner(account).await? {
            Some(owner) => self.connection(&owner.scope, account).await?,
            None => None,
        };
        let governance = connection.as_ref().map(|each| each.governance).unwrap_or_default();
        let with_past = connection.filter(|connection| connection.access.is_some());
        Ok(Policy {
            panic: self.panic_mode().await?,
            rehearsed_before: with_past.map(|connection| connection.connected_at),
            ..Policy::default().under(governance)
        })
    }

    /// Whether everything is scored and stored, and nothing sent.
    pub async fn panic_mode(&self) -> Result<bool, StoreError> {
        let Some(item) = self.get(&keys::policy()).await? else { return Ok(false) };
        let on: Option<bool> = read(&item, "panic").map_err(StoreError::corrupt("Policy"))?;
        Ok(on.unwrap_or(false))
    }

    /// Turns panic mode on or off; the entry says who did, when and from what.
    pub async fn set_panic_mode(&self, on: bool, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut item: Item = keys::policy().item("Policy");
        write(&mut item, "panic", &on);
        write(&mut item, "by", &entry.who);
        write(&mut item, "changedAt", &entry.at);
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        let put = TransactWriteItem::builder().put(put.build().map_err(unbuilt)?).build();
        // Where the entry is there already, the same change was made at the same moment.
        self.transact(vec![put, self.write_audit_of_all(entry)?]).await.map(drop)
    }
}
