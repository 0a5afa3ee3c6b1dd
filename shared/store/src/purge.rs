//! Deleting all that is stored of an account.

use crate::account::{AccountStatus, Connection, TenantScope};
use crate::attribute::{Item, text, write};
use crate::keys::{self, PK, SK};
use crate::table::{StoreError, Table, Written, failed, unbuilt};
use aws_sdk_dynamodb::types::builders::DeleteBuilder;
use aws_sdk_dynamodb::types::{Delete, DeleteRequest, Select, TransactWriteItem, WriteRequest};
use domain::ids::AccountId;
use std::collections::HashMap;

/// Items that one batch write may hold.
pub(crate) const MAX_BATCH_WRITE: usize = 25;
/// Rounds in which a batch write may come back incomplete.
const MAX_ROUNDS: usize = 10;
/// Work that is claimed under the number of an account; claims would outlive it by days.
const WORK_ON_AN_ACCOUNT: [&str; 2] = ["rehearse", "scan"];

impl Table {
    /// Deletes up to so many items of an account's events, resources, anomalies and baselines; how
    /// many it deleted. May be repeated, and goes on where it was broken off.
    pub async fn purge_some(&self, account: &AccountId, most: usize) -> Result<usize, StoreError> {
        let mut deleted = 0;
        for partition in keys::partitions_of(account) {
            while deleted < most {
                let keys = self.first_keys(&partition, MAX_BATCH_WRITE.min(most - deleted)).await?;
                if keys.is_empty() {
                    break;
                }
                deleted += keys.len();
                self.delete_all(keys).await?;
            }
        }
        Ok(deleted)
    }

    /// How many items of an account there are.
    pub async fn count_left(&self, account: &AccountId) -> Result<u64, StoreError> {
        let mut left = 0;
        for partition in keys::partitions_of(account) {
            left += self.count_in(&partition).await?;
        }
        Ok(left)
    }

    /// How many items there are in a partition; consistent.
    pub(crate) async fn count_in(&self, partition: &str) -> Result<u64, StoreError> {
        let (mut left, mut from) = (0, None);
        loop {
            let request = self.client.query().table_name(&self.name).consistent_read(true);
            let answer = request
                .select(Select::Count)
                .key_condition_expression("PK = :partition")
                .expression_attribute_values(":partition", text(partition))
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| failed(&error))?;
            left += u64::try_from(answer.count).unwrap_or(0);
            from = answer.last_evaluated_key;
            if from.is_none() {
                return Ok(left);
            }
        }
    }

    /// Takes an account from its tenant, after its data: first the setups and claims that name it, so
    /// that who was broken off finds the account again. Says whether it was taken: not if it is on its
    /// way out no more, or has changed since it was read.
    pub async fn forget(
        &self,
        scope: &TenantScope,
        connection: &Connection,
    ) -> Result<bool, StoreError> {
        let account = &connection.account;
        let setups = self.setups(scope).await?.into_iter();
        let about = setups.filter(|setup| setup.stage.account() == Some(account));
        let keys = about.flat_map(|setup| {
            [keys::setup(scope.tenant(), &setup.id), keys::handshake(&setup.handshake)]
        });
        let claims = WORK_ON_AN_ACCOUNT.map(|kind| keys::work(kind, account.as_str()));
        let keys: Vec<Item> = keys.chain(claims).map(|key| key.attributes()).collect();
        for keys in keys.chunks(MAX_BATCH_WRITE) {
            self.delete_all(keys.to_vec()).await?;
        }
        // Both or none: an account that is another's by now stays his.
        let writes = self.forgetting(scope, connection)?;
        Ok(self.transact(writes).await? == Written::Done)
    }

    fn forgetting(
        &self,
        scope: &TenantScope,
        connection: &Connection,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let account = &connection.account;
        let mut as_read = Item::new();
        write(&mut as_read, ":status", &AccountStatus::Disconnecting);
        write(&mut as_read, ":version", &connection.version);
        let uncounted =
            if connection.version == 0 { "attribute_not_exists(version) OR " } else { "" };
        let still = format!("#status = :status AND ({uncounted}version = :version)");
        let of_tenant = keys::connection(scope.tenant(), account);
        let connection = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(of_tenant.attributes()))
            .condition_expression(still)
            .expression_attribute_names("#status", "status")
            .set_expression_attribute_values(Some(as_read));
        let owner = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(keys::owner(account).attributes()))
            .condition_expression("tenant = :tenant")
            .expression_attribute_values(":tenant", text(scope.tenant().as_str()));
        let delete = |delete: DeleteBuilder| {
            let delete = delete.build().map_err(unbuilt)?;
            Ok(TransactWriteItem::builder().delete(delete).build())
        };
        [connection, owner].into_iter().map(delete).collect()
    }

    async fn first_keys(&self, partition: &str, most: usize) -> Result<Vec<Item>, StoreError> {
        let request = self.client.query().table_name(&self.name).consistent_read(true);
        let answer = request
            .key_condition_expression("PK = :partition")
            .expression_attribute_values(":partition", text(partition))
            .projection_expression(format!("{PK}, {SK}"))
            .limit(i32::try_from(most).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| failed(&error))?;
        Ok(answer.items.unwrap_or_default())
    }

    pub(crate) async fn delete_all(&self, keys: Vec<Item>) -> Result<(), StoreError> {
        let delete = |key| {
            let request = DeleteRequest::builder().set_key(Some(key)).build().map_err(unbuilt)?;
            Ok(WriteRequest::builder().delete_request(request).build())
        };
        let requests = keys.into_iter().map(delete).collect::<Result<Vec<_>, StoreError>>()?;
        let mut left = HashMap::from([(self.name.clone(), requests)]);
        for _ in 0..MAX_ROUNDS {
            let request = self.client.batch_write_item().set_request_items(Some(left));
            let answer = request.send().await.map_err(|error| failed(&error))?;
            left = answer.unprocessed_items.unwrap_or_default();
            if left.is_empty() {
                return Ok(());
            }
        }
        Err(StoreError::Busy("a batch write stayed incomplete".to_owned()))
    }
}
