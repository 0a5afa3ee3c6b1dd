//! The people of a tenant, and whose a login is. A login is found by its own item, not through an
//! index: an index lags, and two first requests at once must not make two tenants.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, number, read, text, write};
use crate::keys::{self, Key};
use crate::table::{StoreError, Table, Written, unbuilt};
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use domain::governance::AuditEntry;
use domain::ids::TenantId;
use jiff::Timestamp;

/// Times that a sign-up is tried while others write at the same moment.
const MAX_TRIES: usize = 5;

/// A person of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The issuer's name for him.
    pub sub: String,
    /// His name, as the issuer said it when he came.
    pub name: String,
    /// When he came.
    pub joined_at: Timestamp,
}

/// What is known of a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The tenant that it belongs to.
    pub scope: TenantScope,
    /// The person's name, as the issuer said it when he came; `None` of who came before it was noted.
    pub name: Option<String>,
}

fn to_item(tenant: &TenantId, member: &Member) -> Item {
    let mut item = keys::member(tenant, &member.sub).item("Member");
    write(&mut item, "sub", &member.sub);
    write(&mut item, "name", &member.name);
    write(&mut item, "joinedAt", &member.joined_at);
    item
}

fn from_item(item: &Item) -> Result<Member, Corrupt> {
    Ok(Member {
        sub: read(item, "sub")?,
        name: read(item, "name")?,
        joined_at: read(item, "joinedAt")?,
    })
}

impl Table {
    /// The tenant of a login: for what an issuer of ours has signed. Read consistently.
    pub async fn tenant_of_login(&self, sub: &str) -> Result<Option<TenantScope>, StoreError> {
        Ok(self.login(sub).await?.map(|login| login.scope))
    }

    /// What is known of a login: for what an issuer of ours has signed. Read consistently.
    pub async fn login(&self, sub: &str) -> Result<Option<Login>, StoreError> {
        let Some(item) = self.get(&keys::login_owner(sub)).await? else { return Ok(None) };
        let corrupt = StoreError::corrupt("Login");
        let tenant: String = read(&item, "tenant").map_err(corrupt)?;
        let name: Option<String> = read(&item, "name").map_err(corrupt)?;
        let scope = TenantId::parse(&tenant).ok().map(TenantScope::of_stored);
        Ok(scope.map(|scope| Login { scope, name }))
    }

    /// A login signs up as a member of a tenant, which is made if it is not there. A login that
    /// already belongs to a tenant, because somebody was quicker, stays there: whose it is.
    pub async fn sign_up(
        &self,
        sub: &str,
        name: &str,
        tenant: &TenantId,
        entry: &AuditEntry,
        now: Timestamp,
    ) -> Result<Login, StoreError> {
        let member = Member { sub: sub.to_owned(), name: name.to_owned(), joined_at: now };
        for _ in 0..MAX_TRIES {
            let written = self.transact(self.writes_of_sign_up(tenant, &member, entry)?).await;
            match written {
                Ok(Written::Done) => {
                    let (scope, name) = (TenantScope::of_stored(tenant.clone()), member.name);
                    return Ok(Login { scope, name: Some(name) });
                }
                Ok(Written::ConditionsFailed(_)) | Err(StoreError::Busy(_)) => {}
                Err(error) => return Err(error),
            }
            if let Some(winner) = self.login(sub).await? {
                return Ok(winner);
            }
        }
        Err(StoreError::Busy("a login is being signed up".to_owned()))
    }

    /// The people of a tenant.
    pub async fn members(&self, scope: &TenantScope) -> Result<Vec<Member>, StoreError> {
        let items = self.query(&keys::tenant(scope.tenant()), keys::MEMBER).await?;
        let read = items.iter().map(from_item).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("Member"))
    }

    fn writes_of_sign_up(
        &self,
        tenant: &TenantId,
        member: &Member,
        entry: &AuditEntry,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut login = keys::login_owner(&member.sub).item("Login");
        login.insert("tenant".to_owned(), text(tenant.as_str()));
        write(&mut login, "name", &member.name);
        let new = Put::builder()
            .table_name(&self.name)
            .set_item(Some(login))
            .condition_expression("attribute_not_exists(PK)")
            .build()
            .map_err(unbuilt)?;
        let put = Put::builder().table_name(&self.name).set_item(Some(to_item(tenant, member)));
        Ok(vec![
            TransactWriteItem::builder().put(new).build(),
            TransactWriteItem::builder().put(put.build().map_err(unbuilt)?).build(),
            self.make_if_absent(&keys::settings(tenant), "Tenant")?,
            self.write_audit(&TenantScope::of_stored(tenant.clone()), entry)?,
        ])
    }

    /// An item that holds nothing yet; one that is there stays as it is.
    fn make_if_absent(&self, key: &Key, entity: &str) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .update_expression(
                "SET entity = if_not_exists(entity, :entity), \
                 schemaVersion = if_not_exists(schemaVersion, :version)",
            )
            .expression_attribute_values(":entity", text(entity))
            .expression_attribute_values(":version", number(1))
            .build()
            .map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}
