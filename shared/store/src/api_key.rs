//! API keys: found by their hash alone, consistently, and listed for their tenant just as
//! consistently. What is known of a key stands once, under its hash; the tenant's own item holds
//! that hash.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, number, read, text, write};
use crate::keys::{self, EXPIRY, Key};
use crate::table::{StoreError, Table, Written, unbuilt};
use aws_sdk_dynamodb::types::{Delete, TransactWriteItem, Update};
use domain::api_key::{ApiKey, Right};
use domain::governance::AuditEntry;
use domain::ids::TenantId;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// Live keys that a tenant may have.
pub const MAX_API_KEYS: u32 = 20;

/// How long a revoked key is still listed, in seconds.
const LISTED: i64 = 90 * 24 * 3600;
/// Its last use is noted at most once in this time.
const NOTED_EACH: SignedDuration = SignedDuration::from_mins(10);

/// How making a key ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyMade {
    /// It is good from now on.
    Now,
    /// The tenant has [`MAX_API_KEYS`] live ones: one has to be revoked first.
    TooMany,
}

fn to_item(scope: &TenantScope, key: &ApiKey, hash: &str) -> Item {
    let mut item = keys::api_key(hash).item("ApiKey");
    item.insert("tenant".to_owned(), text(scope.tenant().as_str()));
    write(&mut item, "id", &key.id);
    write(&mut item, "name", &key.name);
    write(&mut item, "hint", &key.hint);
    let rights: BTreeSet<String> = key.rights.iter().map(|it| it.code().to_owned()).collect();
    write(&mut item, "rights", &rights);
    write(&mut item, "createdBy", &key.created_by);
    write(&mut item, "createdAt", &key.created_at);
    write(&mut item, "lastUsedAt", &key.last_used_at);
    write(&mut item, "revokedAt", &key.revoked_at);
    item
}

fn from_item(item: &Item) -> Result<ApiKey, Corrupt> {
    let rights: BTreeSet<String> = read(item, "rights")?;
    Ok(ApiKey {
        id: read(item, "id")?,
        name: read(item, "name")?,
        hint: read(item, "hint")?,
        // A right that this release does not know is none.
        rights: rights.iter().filter_map(|code| Right::from_code(code)).collect(),
        created_by: read(item, "createdBy")?,
        created_at: read(item, "createdAt")?,
        last_used_at: read(item, "lastUsedAt")?,
        revoked_at: read(item, "revokedAt")?,
    })
}

/// How a transaction ended that counts, puts a key and lists it.
fn made(written: &Written) -> Result<KeyMade, StoreError> {
    match written {
        Written::Done => Ok(KeyMade::Now),
        // The same was asked for twice.
        Written::ConditionsFailed(at) if at.contains(&1) => Ok(KeyMade::Now),
        Written::ConditionsFailed(at) if at.contains(&0) => Ok(KeyMade::TooMany),
        Written::ConditionsFailed(_) => {
            Err(StoreError::Busy("a key of this id is there already".to_owned()))
        }
    }
}

impl Table {
    /// Keeps a new key, by the SHA-256 of it in hexadecimal digits.
    pub async fn create_api_key(
        &self,
        scope: &TenantScope,
        key: &ApiKey,
        hash: &str,
        entry: &AuditEntry,
    ) -> Result<KeyMade, StoreError> {
        let mut listed = keys::api_key_of(scope.tenant(), &key.id).item("ApiKeyOfTenant");
        write(&mut listed, "hash", &hash.to_owned());
        write(&mut listed, keys::GSI1_PK, &keys::api_key_by_id(&key.id));
        write(&mut listed, keys::GSI1_SK, &key.created_at);
        let writes = vec![
            self.count_one_more(scope.tenant())?,
            self.put_if(to_item(scope, key, hash), "attribute_not_exists(PK)")?,
            self.put_if(listed, "attribute_not_exists(PK)")?,
            self.write_audit(scope, entry)?,
        ];
        made(&self.transact(writes).await?)
    }

    /// Keeps a key in place of the one of the same id, which opens nothing from then on: nobody has seen
    /// it. Says whether there was one that could be replaced.
    pub async fn renew_api_key(
        &self,
        scope: &TenantScope,
        key: &ApiKey,
        hash: &str,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let listed = keys::api_key_of(scope.tenant(), &key.id);
        let Some(item) = self.get(&listed).await? else { return Ok(false) };
        let before: String = read(&item, "hash").map_err(StoreError::corrupt("ApiKeyOfTenant"))?;
        let unseen = "attribute_exists(PK) AND attribute_not_exists(revokedAt) AND \
                      attribute_not_exists(lastUsedAt)";
        let writes = vec![
            self.delete_if(&keys::api_key(&before), unseen)?,
            self.put_if(to_item(scope, key, hash), "attribute_not_exists(PK)")?,
            self.rehash(&listed, (&before, hash))?,
            self.write_audit(scope, entry)?,
        ];
        Ok(self.transact(writes).await? == Written::Done)
    }

    /// Whether another tenant has a key of this id, as far as the index knows by now.
    pub async fn is_api_key_of_another(
        &self,
        scope: &TenantScope,
        id: &str,
    ) -> Result<bool, StoreError> {
        self.is_of_another(scope, &keys::api_key_by_id(id)).await
    }

    /// All keys of a tenant in the order of their ids, those that were revoked lately among them;
    /// consistent.
    pub async fn api_keys(&self, scope: &TenantScope) -> Result<Vec<ApiKey>, StoreError> {
        let listed = self.query(&keys::tenant(scope.tenant()), keys::API_KEY).await?;
        let hash = |item| read::<String>(item, "hash").map(|hash| keys::api_key(&hash));
        let found = listed.iter().map(hash).collect::<Result<Vec<Key>, _>>();
        let found = self.get_all(&found.map_err(StoreError::corrupt("ApiKeyOfTenant"))?).await?;
        let read = found.iter().map(from_item).collect::<Result<Vec<_>, _>>();
        let mut keys = read.map_err(StoreError::corrupt("ApiKey"))?;
        keys.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(keys)
    }

    /// Revokes a key of a tenant, at once and for good; says whether it was live until now.
    pub async fn revoke_api_key(
        &self,
        scope: &TenantScope,
        id: &str,
        at: Timestamp,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let listed = keys::api_key_of(scope.tenant(), id);
        let Some(item) = self.get(&listed).await? else { return Ok(false) };
        let hash: String = read(&item, "hash").map_err(StoreError::corrupt("ApiKeyOfTenant"))?;
        let mut writes = self.writes_of_revocation(scope.tenant(), (&hash, &listed), at)?;
        writes.push(self.write_audit(scope, entry)?);
        match self.transact(writes).await? {
            Written::Done => Ok(true),
            Written::ConditionsFailed(at) if at.contains(&0) => Ok(false),
            // Nothing was revoked: that must not look as if it were.
            Written::ConditionsFailed(_) => {
                Err(StoreError::Busy("a key is being changed".to_owned()))
            }
        }
    }

    /// The key itself first; both items go after a time, and there is room for another.
    fn writes_of_revocation(
        &self,
        tenant: &TenantId,
        (hash, listed): (&str, &Key),
        at: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let expires = number(at.as_second() + LISTED);
        let mut values = Item::from([(":expires".to_owned(), expires.clone())]);
        write(&mut values, ":at", &at);
        let live = "attribute_exists(PK) AND attribute_not_exists(revokedAt)";
        let revoke = format!("SET revokedAt = :at, {EXPIRY} = :expires");
        let expire = format!("SET {EXPIRY} = :expires");
        let of_list = Item::from([(":expires".to_owned(), expires)]);
        let one_less = Item::from([(":one".to_owned(), number(-1))]);
        let count = keys::api_key_count(tenant);
        Ok(vec![
            self.change(&keys::api_key(hash), (&revoke, live), values)?,
            self.change(listed, (&expire, "attribute_exists(PK)"), of_list)?,
            self.change(&count, ("ADD live :one", "attribute_exists(PK)"), one_less)?,
        ])
    }

    /// The live key of this hash, and whose it is. Read consistently: a revoked one is good for
    /// nothing from that moment on.
    pub async fn api_key_by_hash(
        &self,
        hash: &str,
    ) -> Result<Option<(TenantScope, ApiKey)>, StoreError> {
        let Some(item) = self.get(&keys::api_key(hash)).await? else { return Ok(None) };
        let corrupt = StoreError::corrupt("ApiKey");
        let key = from_item(&item).map_err(corrupt)?;
        let tenant: String = read(&item, "tenant").map_err(corrupt)?;
        let scope = TenantId::parse(&tenant).ok().map(TenantScope::of_stored);
        Ok(scope.filter(|_| key.revoked_at.is_none()).map(|scope| (scope, key)))
    }

    /// Notes that a live key was used, at most once in ten minutes; says whether it was written.
    pub async fn note_api_key_used(&self, hash: &str, at: Timestamp) -> Result<bool, StoreError> {
        let mut values = Item::new();
        write(&mut values, ":at", &at);
        let before = at.checked_sub(NOTED_EACH).unwrap_or(Timestamp::MIN);
        write(&mut values, ":before", &before);
        let stale = "attribute_exists(PK) AND attribute_not_exists(revokedAt) AND \
                     (attribute_not_exists(lastUsedAt) OR lastUsedAt <= :before)";
        let key = keys::api_key(hash);
        let noted = self.update(&key, "SET lastUsedAt = :at", Some(stale), values).await?;
        Ok(noted.is_some())
    }

    fn count_one_more(&self, tenant: &TenantId) -> Result<TransactWriteItem, StoreError> {
        let values = Item::from([
            (":one".to_owned(), number(1)),
            (":most".to_owned(), number(MAX_API_KEYS)),
            (":entity".to_owned(), text("ApiKeyCount")),
            (":version".to_owned(), number(1)),
        ]);
        let expression = "SET entity = :entity, schemaVersion = :version ADD live :one";
        let room = "attribute_not_exists(live) OR live < :most";
        self.change(&keys::api_key_count(tenant), (expression, room), values)
    }

    /// Lists a key by another hash: `hash` is a word of DynamoDB's own.
    fn rehash(
        &self,
        listed: &Key,
        (before, hash): (&str, &str),
    ) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(listed.attributes()))
            .update_expression("SET #hash = :hash")
            .condition_expression("#hash = :before")
            .expression_attribute_names("#hash", "hash")
            .expression_attribute_values(":hash", text(hash))
            .expression_attribute_values(":before", text(before))
            .build()
            .map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    fn delete_if(&self, key: &Key, condition: &str) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .condition_expression(condition)
            .build()
            .map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    fn change(
        &self,
        key: &Key,
        (expression, condition): (&str, &str),
        values: Item,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .update_expression(expression)
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}
