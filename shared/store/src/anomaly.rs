//! Anomalies, and which of them a cost event belongs to.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, Stored, read, text, write};
use crate::keys;
use crate::table::{StoreError, Table, Written, unbuilt};
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use domain::anomaly::{Anomaly, Status};
use domain::answer::Answered;
use domain::cost_event::CostEventId;
use domain::expectation::Burst;
use domain::governance::AuditEntry;
use domain::ids::AccountId;
use domain::told::{Hooked, Known, Snooze, Told};
use jiff::Timestamp;
use std::collections::HashMap;

/// All but what people were told: that is not the scorer's to write.
fn to_item(anomaly: &Anomaly) -> Item {
    let (status, since) = match anomaly.status {
        Status::Open => ("open", anomaly.first_at),
        Status::Resolved { at, .. } => ("resolved", at),
    };
    let mut item = keys::anomaly(&anomaly.account, &anomaly.id).item("Anomaly");
    item.insert(keys::GSI1_PK.to_owned(), text(keys::anomaly_by_id(&anomaly.id)));
    item.insert(keys::GSI1_SK.to_owned(), text(anomaly.account.as_str()));
    item.insert(
        keys::GSI3_PK.to_owned(),
        text(keys::anomalies_by_status(&anomaly.account, status)),
    );
    item.insert(keys::GSI3_SK.to_owned(), text(keys::moment(since)));
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
    write(&mut item, "burst", &anomaly.burst);
    write(&mut item, "answered", &anomaly.answered);
    item
}

pub(crate) fn from_item(item: &Item) -> Result<Anomaly, Corrupt> {
    let ((burst, answered, snooze), (told, published, hooked)) = of_late(item)?;
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
        burst,
        answered,
        snooze,
        told,
        published,
        hooked,
    })
}

/// The burst that it is about, the answer to it, the silence about it.
type Said = (Burst, Option<Answered>, Option<Snooze>);
/// What people, the bus and the tenant's own receiver were told.
type Heard = (Told, Known, Hooked);

fn of_late(item: &Item) -> Result<(Said, Heard), Corrupt> {
    let said = (or_default(item, "burst")?, read(item, "answered")?, read(item, "snooze")?);
    let heard =
        (or_default(item, "told")?, or_default(item, "published")?, or_default(item, "hooked")?);
    Ok((said, heard))
}

/// What an earlier release did not write.
fn or_default<T: Stored + Default>(item: &Item, name: &str) -> Result<T, Corrupt> {
    Ok(read::<Option<T>>(item, name)?.unwrap_or_default())
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
        let found = self.find(&keys::GSI1, &keys::anomaly_by_id(id)).await?;
        let Some(found) = found.first() else { return Ok(None) };
        let account = read(found, keys::GSI1_SK).map_err(StoreError::corrupt("Anomaly"))?;
        self.anomaly(&account, id).await
    }

    /// Writes an anomaly as it is after scoring; what people were told of it stays as it is.
    pub(crate) fn write_scored(&self, anomaly: &Anomaly) -> Result<TransactWriteItem, StoreError> {
        let (mut names, mut values, mut set) = (HashMap::new(), Item::new(), Vec::new());
        for (nth, (name, value)) in to_item(anomaly).into_iter().enumerate() {
            if name == keys::PK || name == keys::SK {
                continue;
            }
            set.push(format!("#{nth} = :{nth}"));
            names.insert(format!("#{nth}"), name);
            values.insert(format!(":{nth}"), value);
        }
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(keys::anomaly(&anomaly.account, &anomaly.id).attributes()))
            .update_expression(format!("SET {}", set.join(", ")))
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values));
        Ok(TransactWriteItem::builder().update(update.build().map_err(unbuilt)?).build())
    }

    /// Takes the right to tell of an anomaly until a moment, and gives the anomaly; `None` while
    /// somebody else has it, or if there is no such anomaly.
    pub async fn claim_telling(
        &self,
        account: &AccountId,
        id: &str,
        (now, until): (Timestamp, Timestamp),
    ) -> Result<Option<Anomaly>, StoreError> {
        let item = self.claim(&keys::anomaly(account, id), None, (now, until)).await?;
        item.as_ref().map(from_item).transpose().map_err(StoreError::corrupt("Anomaly"))
    }

    /// Notes what people were told of an anomaly; the claim stays.
    pub async fn note_told(&self, anomaly: &Anomaly) -> Result<(), StoreError> {
        let mut values = Item::new();
        write(&mut values, ":told", &anomaly.told);
        let key = keys::anomaly(&anomaly.account, &anomaly.id);
        let exists = Some("attribute_exists(PK)");
        self.update(&key, "SET told = :told", exists, values).await.map(drop)
    }

    /// Notes what was told of an anomaly, to people and machines, and gives the claim back.
    pub async fn mark_told(&self, anomaly: &Anomaly) -> Result<(), StoreError> {
        let mut values = Item::new();
        write(&mut values, ":told", &anomaly.told);
        write(&mut values, ":published", &anomaly.published);
        write(&mut values, ":hooked", &anomaly.hooked);
        let key = keys::anomaly(&anomaly.account, &anomaly.id);
        let exists = Some("attribute_exists(PK)");
        let expression = "SET told = :told, published = :published, hooked = :hooked \
                          REMOVE tellingUntil";
        self.update(&key, expression, exists, values).await.map(drop)
    }

    /// Lets people hear nothing of an open anomaly for a time; `false` if there is no such one.
    pub async fn snooze(
        &self,
        scope: &TenantScope,
        (account, id): (&AccountId, &str),
        snooze: &Snooze,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut values = Item::from([(":open".to_owned(), text("open"))]);
        write(&mut values, ":snooze", snooze);
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(keys::anomaly(account, id).attributes()))
            .update_expression("SET snooze = :snooze")
            .condition_expression("#status = :open")
            .expression_attribute_names("#status", "status")
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(unbuilt)?;
        let update = TransactWriteItem::builder().update(update).build();
        let written = self.transact(vec![update, self.write_audit(scope, entry)?]).await?;
        // The same snooze again finds its own entry.
        Ok(!matches!(written, Written::ConditionsFailed(at) if at.contains(&0)))
    }

    /// An account's open anomalies, oldest first; eventually consistent.
    pub async fn open_anomalies(&self, account: &AccountId) -> Result<Vec<Anomaly>, StoreError> {
        self.anomalies_of_status(account, "open", None).await
    }

    /// An account's anomalies that have ended at this moment or later, in the order in which they
    /// began; eventually consistent. What ended earlier is not read.
    pub async fn anomalies_resolved_since(
        &self,
        account: &AccountId,
        since: Timestamp,
    ) -> Result<Vec<Anomaly>, StoreError> {
        self.anomalies_of_status(account, "resolved", Some(since)).await
    }

    async fn anomalies_of_status(
        &self,
        account: &AccountId,
        status: &str,
        since: Option<Timestamp>,
    ) -> Result<Vec<Anomaly>, StoreError> {
        let partition = keys::anomalies_by_status(account, status);
        let since = since.map(keys::moment).unwrap_or_default();
        let found = self.find_from(&keys::GSI3, &partition, &since).await?;
        let ids: Result<Vec<String>, Corrupt> =
            found.iter().map(|item| read::<String>(item, keys::SK)).collect();
        let ids = ids.map_err(StoreError::corrupt("Anomaly"))?;
        self.anomalies_by_id(account, ids.iter().filter_map(|id| id.strip_prefix(keys::ANOMALY)))
            .await
    }

    /// These of an account's anomalies, in the order of their ids, which is that of time.
    pub(crate) async fn anomalies_by_id(
        &self,
        account: &AccountId,
        ids: impl Iterator<Item = &str>,
    ) -> Result<Vec<Anomaly>, StoreError> {
        let keys: Vec<_> = ids.map(|id| keys::anomaly(account, id)).collect();
        let items = self.get_all(&keys).await?;
        let read = items.iter().map(from_item).collect::<Result<Vec<_>, _>>();
        let mut anomalies = read.map_err(StoreError::corrupt("Anomaly"))?;
        anomalies.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(anomalies)
    }

    /// The last few anomalies of an account whose ids lie between two, both included, the last one
    /// first. Ids sort by the time of the first event. Fewer than were asked for, and not none, says
    /// nothing about whether there are more.
    pub async fn last_anomalies(
        &self,
        account: &AccountId,
        (first, last): (&str, &str),
        most: usize,
    ) -> Result<Vec<Anomaly>, StoreError> {
        let prefixed = |id: &str| format!("{}{id}", keys::ANOMALY);
        let (first, last) = (prefixed(first), prefixed(last));
        let items = self.query_last(&keys::account(account), (&first, &last), most).await?;
        let read = items.iter().map(from_item).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("Anomaly"))
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
