//! Anomalies, and which of them a cost event belongs to.

use crate::attribute::{Corrupt, Item, read, text, write};
use crate::keys;
use crate::table::{StoreError, Table, failed};
use domain::anomaly::{Anomaly, Status, Told};
use domain::cost_event::CostEventId;
use domain::ids::AccountId;

pub(crate) fn to_item(anomaly: &Anomaly) -> Item {
    let status = match anomaly.status {
        Status::Open => "open",
        Status::Resolved { .. } => "resolved",
    };
    let mut item = keys::anomaly(&anomaly.account, &anomaly.id).item("Anomaly");
    item.insert(keys::GSI1_PK.to_owned(), text(keys::anomaly_by_id(&anomaly.id)));
    item.insert(keys::GSI1_SK.to_owned(), text(anomaly.account.as_str()));
    item.insert(
        keys::GSI3_PK.to_owned(),
        text(keys::anomalies_by_status(&anomaly.account, status)),
    );
    item.insert(keys::GSI3_SK.to_owned(), text(format!("{:.3}", anomaly.first_at)));
    write(&mut item, "id", &anomaly.id);
    write(&mut item, "account", &anomaly.account);
    write(&mut item, "actor", &anomaly.actor);
    write(&mut item, "status", &anomaly.status);
    write(&mut item, "severity", &anomaly.severity);
    write(&mut item, "delivery", &anomaly.delivery);
    write(&mut item, "firstAt", &anomaly.first_at);
    write(&mut item, "lastAt", &anomaly.last_at);
    write(&mut item, "members", &anomaly.members);
    write(&mut item, "alerts", &anomaly.alerts);
    write(&mut item, "count", &anomaly.count);
    write(&mut item, "hourlyUsd", &anomaly.hourly);
    write(&mut item, "priceKnown", &anomaly.price_known);
    write(&mut item, "open", &anomaly.open);
    write(&mut item, "told", &anomaly.told);
    item
}

pub(crate) fn from_item(item: &Item) -> Result<Anomaly, Corrupt> {
    Ok(Anomaly {
        id: read(item, "id")?,
        account: read(item, "account")?,
        actor: read(item, "actor")?,
        status: read(item, "status")?,
        severity: read(item, "severity")?,
        delivery: read(item, "delivery")?,
        first_at: read(item, "firstAt")?,
        last_at: read(item, "lastAt")?,
        members: read(item, "members")?,
        alerts: read(item, "alerts")?,
        count: read(item, "count")?,
        hourly: read(item, "hourlyUsd")?,
        price_known: read(item, "priceKnown")?,
        open: read(item, "open")?,
        told: read::<Option<Told>>(item, "told")?.unwrap_or_default(),
    })
}

pub(crate) fn membership_to_item(account: &AccountId, id: &CostEventId, anomaly: &str) -> Item {
    let mut item = keys::membership(account, id).item("AnomalyMember");
    write(&mut item, "id", id);
    item.insert("anomaly".to_owned(), text(anomaly));
    item
}

pub(crate) fn membership_from_item(item: &Item) -> Result<(CostEventId, String), Corrupt> {
    Ok((read(item, "id")?, read(item, "anomaly")?))
}

impl Table {
    /// One anomaly of an account.
    pub async fn anomaly(
        &self,
        account: &AccountId,
        id: &str,
    ) -> Result<Option<Anomaly>, StoreError> {
        let item = self.get(&keys::anomaly(account, id)).await?;
        item.as_ref().map(from_item).transpose().map_err(StoreError::corrupt("Anomaly"))
    }

    /// An anomaly by its id alone, of whatever account: for a table of one's own, not for tenants.
    pub async fn find_anomaly(&self, id: &str) -> Result<Option<Anomaly>, StoreError> {
        let found = self.find(&keys::anomaly_by_id(id)).await?;
        let Some(found) = found.first() else { return Ok(None) };
        let account = read(found, keys::GSI1_SK).map_err(StoreError::corrupt("Anomaly"))?;
        self.anomaly(&account, id).await
    }

    /// Notes what people were told of an anomaly.
    pub async fn mark_told(&self, anomaly: &Anomaly, told: Told) -> Result<(), StoreError> {
        let request = self.client.update_item().table_name(&self.name);
        let request = request
            .set_key(Some(keys::anomaly(&anomaly.account, &anomaly.id).attributes()))
            .update_expression("SET told = :told")
            .condition_expression("attribute_exists(PK)")
            .set_expression_attribute_values(Some({
                let mut values = Item::new();
                write(&mut values, ":told", &told);
                values
            }));
        request.send().await.map(drop).map_err(|error| failed(&error))
    }

    /// All anomalies of an account, oldest first.
    pub async fn anomalies(&self, account: &AccountId) -> Result<Vec<Anomaly>, StoreError> {
        let items = self.query(&keys::account(account), keys::ANOMALY).await?;
        items
            .iter()
            .map(from_item)
            .collect::<Result<_, _>>()
            .map_err(StoreError::corrupt("Anomaly"))
    }
}
