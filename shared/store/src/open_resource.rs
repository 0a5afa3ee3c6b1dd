//! Open resources: the last known state of each.

use crate::attribute::{Corrupt, Item, number, read, text, write};
use crate::keys::{self, Key};
use crate::table::{StoreError, Table, failed};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use domain::ids::AccountId;
use domain::open_resource::{OpenResource, RunState};
use domain::resource::ResourceId;

/// What has ended is kept this long, in seconds, so that a start that comes late does not open it.
const KEPT_AFTER_END: i64 = 30 * 24 * 3600;

pub(crate) fn to_item(account: &AccountId, resource: &OpenResource) -> Item {
    let mut item = keys::resource(account, &resource.id).item("OpenResource");
    if resource.state == RunState::Gone {
        let expires = resource.last_change.at.as_second() + KEPT_AFTER_END;
        item.insert(keys::EXPIRY.to_owned(), number(expires));
    }
    write(&mut item, "id", &resource.id);
    write(&mut item, "spec", &resource.spec);
    write(&mut item, "state", &resource.state);
    write(&mut item, "hourlyUsd", &resource.hourly);
    write(&mut item, "since", &resource.since);
    write(&mut item, "openedBy", &resource.opened_by);
    write(&mut item, "raisedBy", &resource.raised_by);
    write(&mut item, "actor", &resource.actor);
    write(&mut item, "members", &resource.members);
    write(&mut item, "lastChange", &resource.last_change);
    // Beside the map, since conditions cannot order texts as times: for the condition of a write on its own.
    item.insert("changedAtMs".to_owned(), number(resource.last_change.at.as_millisecond()));
    write(&mut item, "changedBy", &resource.last_change.event);
    item
}

fn from_item(item: &Item) -> Result<OpenResource, Corrupt> {
    Ok(OpenResource {
        id: read(item, "id")?,
        spec: read(item, "spec")?,
        state: read(item, "state")?,
        hourly: read(item, "hourlyUsd")?,
        since: read(item, "since")?,
        opened_by: read(item, "openedBy")?,
        raised_by: read(item, "raisedBy")?,
        actor: read(item, "actor")?,
        members: read(item, "members")?,
        last_change: read(item, "lastChange")?,
    })
}

impl Table {
    /// The resources of an account that are known among these.
    pub async fn resources(
        &self,
        account: &AccountId,
        ids: impl IntoIterator<Item = &ResourceId>,
    ) -> Result<Vec<OpenResource>, StoreError> {
        let keys: Vec<Key> = ids.into_iter().map(|id| keys::resource(account, id)).collect();
        let items = self.get_all(&keys).await?;
        let read = items.iter().map(from_item).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("OpenResource"))
    }

    /// The resources of an account that run or are paid for.
    pub async fn open_resources(
        &self,
        account: &AccountId,
    ) -> Result<Vec<OpenResource>, StoreError> {
        let items = self.query(&keys::account(account), keys::RESOURCE).await?;
        let read = items.iter().map(from_item).collect::<Result<Vec<_>, _>>();
        let mut resources = read.map_err(StoreError::corrupt("OpenResource"))?;
        resources.retain(|resource| resource.state != RunState::Gone);
        Ok(resources)
    }

    /// Stores one resource outside a transaction, unless the table knows something newer. Storing
    /// the same again changes nothing: this is for events that start more resources than one
    /// transaction holds, whose cost event is stored last.
    pub(crate) async fn put_resource(
        &self,
        account: &AccountId,
        resource: &OpenResource,
    ) -> Result<(), StoreError> {
        let request = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(to_item(account, resource)))
            .condition_expression(
                "attribute_not_exists(PK) OR changedBy = :event OR changedAtMs <= :at",
            )
            .expression_attribute_values(":event", text(resource.last_change.event.as_str()))
            .expression_attribute_values(":at", number(resource.last_change.at.as_millisecond()));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }
}
