//! Deleting all that is stored of a tenant, after his accounts. What only points to him (logins, keys,
//! workspaces, customers, handshakes) goes before the item that names it: who is broken off in between
//! finds it again, and where a count of his own items is 0 nothing points to him either.

use crate::account::TenantScope;
use crate::attribute::{Item, read, text};
use crate::keys::{self, Key, PK, SK};
use crate::purge::MAX_BATCH_WRITE;
use crate::table::{StoreError, Table, failed};
use domain::ids::TenantId;
use domain::plan::REMINDERS;
use jiff::{SignedDuration, Timestamp};

/// Claims on digests that may still be there, in days to both sides: they are kept for a week.
const DIGEST_DAYS: std::ops::RangeInclusive<i64> = -9..=1;

/// What only points to a tenant, and what is claimed in his name, by one of his own items.
#[derive(Debug, Default)]
struct Elsewhere {
    /// Each says itself whose it is.
    owned: Vec<Key>,
    claims: Vec<Key>,
}

/// Read leniently: an item that nobody understands has to go all the same.
fn elsewhere(item: &Item, tenant: &TenantId) -> Elsewhere {
    let sort: String = read(item, SK).unwrap_or_default();
    let named = |prefix: &str| sort.strip_prefix(prefix);
    let value = |name: &str| read::<String>(item, name).ok();
    let mut found = Elsewhere::default();
    if let Some(sub) = named(keys::MEMBER) {
        found.owned.push(keys::login_owner(sub));
    } else if named(keys::API_KEY).is_some() {
        found.owned.extend(value("hash").map(|hash| keys::api_key(&hash)));
    } else if let Some(team) = named(keys::SLACK) {
        found.owned.push(keys::team_owner(team));
    } else if named(keys::SETUP).is_some() {
        found.owned.extend(value("handshake").map(|random| keys::handshake(&random)));
    } else if sort == keys::billing(tenant).sort {
        found.owned.extend(value("customer").map(|customer| keys::customer_owner(&customer)));
        found
            .claims
            .extend(value("paymentFailedAt").into_iter().flat_map(|at| dunning(tenant, &at)));
    }
    found
}

/// Claims on reminders of a payment that failed.
fn dunning(tenant: &TenantId, failed_at: &str) -> Vec<Key> {
    let days = REMINDERS.iter().map(|day| format!("day-{day}"));
    let all = days.chain(["downgrade".to_owned()]);
    all.map(|what| keys::work("dunning", &format!("{tenant}#{failed_at}#{what}"))).collect()
}

impl Table {
    /// Deletes up to so many items of a tenant and of his audit trail, with what points to him by them;
    /// how many it deleted. That he leaves stays, and so do accounts, which [`Table::forget`] takes. May
    /// be repeated, and goes on where it was broken off.
    pub async fn purge_tenant_some(
        &self,
        scope: &TenantScope,
        most: usize,
    ) -> Result<usize, StoreError> {
        let mut deleted = 0;
        for partition in keys::partitions_of_tenant(scope.tenant()) {
            while deleted < most {
                let page = MAX_BATCH_WRITE.min(most - deleted);
                let items = self.first_to_go(&partition, page).await?;
                if items.is_empty() {
                    break;
                }
                deleted += items.len();
                self.delete_with_lookups(scope, items).await?;
            }
        }
        Ok(deleted)
    }

    /// How many items of a tenant there are, but for the one that says that he leaves; consistent.
    pub async fn count_left_of_tenant(&self, scope: &TenantScope) -> Result<u64, StoreError> {
        let mut left = 0;
        for partition in keys::partitions_of_tenant(scope.tenant()) {
            left += self.count_in(&partition).await?;
        }
        let leaving = self.get(&keys::leaving(scope.tenant())).await?;
        Ok(left.saturating_sub(u64::from(leaving.is_some())))
    }

    /// Deletes what is claimed in a tenant's name; claims would outlive him by a week.
    pub async fn purge_claims_of_tenant(
        &self,
        scope: &TenantScope,
        asked_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tenant = scope.tenant();
        let day = |days: i64| now.checked_add(SignedDuration::from_hours(24 * days)).ok();
        let digests = DIGEST_DAYS.filter_map(day).map(|at| {
            let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
            keys::work("digest", &format!("{tenant}#{day}"))
        });
        let told = ["asked", "undone"]
            .map(|what| keys::work("leaving", &format!("{tenant}#{asked_at}#{what}")));
        let billing = keys::work("billing", tenant.as_str());
        let claims: Vec<Key> = digests.chain(told).chain([billing]).collect();
        self.delete_keys(&claims).await
    }

    async fn delete_with_lookups(
        &self,
        scope: &TenantScope,
        items: Vec<Item>,
    ) -> Result<(), StoreError> {
        let tenant = scope.tenant();
        for item in &items {
            let Elsewhere { owned, claims } = elsewhere(item, tenant);
            for key in owned {
                // What is another tenant's by now stays his.
                let ours = Item::from([(":tenant".to_owned(), text(tenant.as_str()))]);
                self.take(&key, "tenant = :tenant", ours).await?;
            }
            self.delete_keys(&claims).await?;
        }
        let keys = items.iter().filter_map(|item| Key::read(item).ok());
        self.delete_keys(&keys.collect::<Vec<_>>()).await
    }

    async fn delete_keys(&self, keys: &[Key]) -> Result<(), StoreError> {
        for keys in keys.chunks(MAX_BATCH_WRITE) {
            self.delete_all(keys.iter().map(Key::attributes).collect()).await?;
        }
        Ok(())
    }

    /// The first items of a partition that are to go now.
    async fn first_to_go(&self, partition: &str, most: usize) -> Result<Vec<Item>, StoreError> {
        let mut from = None;
        loop {
            let request = self.client.query().table_name(&self.name).consistent_read(true);
            let answer = request
                .key_condition_expression(format!("{PK} = :partition"))
                .expression_attribute_values(":partition", text(partition))
                .set_exclusive_start_key(from)
                .limit(i32::try_from(most).unwrap_or(i32::MAX))
                .send()
                .await
                .map_err(|error| failed(&error))?;
            let mut items = answer.items.unwrap_or_default();
            items.retain(goes);
            from = answer.last_evaluated_key;
            if !items.is_empty() || from.is_none() {
                return Ok(items);
            }
        }
    }
}

/// Accounts go before, and that he leaves goes last.
fn goes(item: &Item) -> bool {
    let sort: String = read(item, SK).unwrap_or_default();
    sort != keys::LEAVING && !sort.starts_with(keys::ACCOUNT)
}
