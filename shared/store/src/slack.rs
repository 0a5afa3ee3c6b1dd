//! Workspaces of Slack: which one a tenant has installed us into, and whose a workspace is.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, read, text, write};
use crate::keys;
use crate::table::{StoreError, Table, Written, unbuilt};
use aws_sdk_dynamodb::types::builders::DeleteBuilder;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use domain::governance::AuditEntry;
use domain::ids::TenantId;
use domain::sealed::Sealed;
use jiff::Timestamp;

/// A workspace that a tenant has installed us into. He has one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// The workspace's id, `T0123456789`.
    pub team: String,
    /// Its name.
    pub team_name: String,
    /// Our user there, `U0123456789`.
    pub bot_user: String,
    /// The channel that was chosen, by its id.
    pub channel: String,
    /// Its name, `#cost-alerts`.
    pub channel_name: String,
    /// The right to post, encrypted.
    pub token: Sealed,
    /// Who installed us, by his id there.
    pub installed_by: String,
    /// When.
    pub installed_at: Timestamp,
    /// Why nothing can be posted any more: the token was revoked, or the workspace is gone.
    pub broken: Option<String>,
}

fn to_item(scope: &TenantScope, installation: &Installation) -> Item {
    let mut item = keys::installation(scope.tenant(), &installation.team).item("SlackInstallation");
    write(&mut item, "team", &installation.team);
    write(&mut item, "teamName", &installation.team_name);
    write(&mut item, "botUser", &installation.bot_user);
    write(&mut item, "channel", &installation.channel);
    write(&mut item, "channelName", &installation.channel_name);
    write(&mut item, "token", &installation.token);
    write(&mut item, "installedBy", &installation.installed_by);
    write(&mut item, "installedAt", &installation.installed_at);
    write(&mut item, "broken", &installation.broken);
    item
}

fn from_item(item: &Item) -> Result<Installation, Corrupt> {
    Ok(Installation {
        team: read(item, "team")?,
        team_name: read(item, "teamName")?,
        bot_user: read(item, "botUser")?,
        channel: read(item, "channel")?,
        channel_name: read(item, "channelName")?,
        token: read(item, "token")?,
        installed_by: read(item, "installedBy")?,
        installed_at: read(item, "installedAt")?,
        broken: read(item, "broken")?,
    })
}

/// How installing ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installed {
    /// Now; an installation in another workspace of this tenant is gone.
    Now,
    /// The workspace belongs to another tenant.
    OfAnother,
}

impl Table {
    /// The workspace that a tenant has installed us into.
    pub async fn installation(
        &self,
        scope: &TenantScope,
    ) -> Result<Option<Installation>, StoreError> {
        let items = self.query(&keys::tenant(scope.tenant()), keys::SLACK).await?;
        let read = items.iter().map(from_item).collect::<Result<Vec<_>, _>>();
        let installations = read.map_err(StoreError::corrupt("SlackInstallation"))?;
        Ok(installations.into_iter().max_by_key(|each| each.installed_at))
    }

    /// The tenant of a workspace: for what Slack itself has signed.
    pub async fn tenant_of_team(&self, team: &str) -> Result<Option<TenantScope>, StoreError> {
        let Some(item) = self.get(&keys::team_owner(team)).await? else { return Ok(None) };
        let tenant: String = read(&item, "tenant").map_err(StoreError::corrupt("SlackTeam"))?;
        Ok(TenantId::parse(&tenant).ok().map(TenantScope::of_stored))
    }

    /// Keeps an installation, in place of an earlier one of this tenant.
    pub async fn install(
        &self,
        scope: &TenantScope,
        installation: &Installation,
        entry: &AuditEntry,
    ) -> Result<Installed, StoreError> {
        let before = self.installation(scope).await?;
        let mut owner = keys::team_owner(&installation.team).item("SlackTeam");
        owner.insert("tenant".to_owned(), text(scope.tenant().as_str()));
        let free = Put::builder()
            .table_name(&self.name)
            .set_item(Some(owner))
            .condition_expression("attribute_not_exists(PK) OR tenant = :tenant")
            .expression_attribute_values(":tenant", text(scope.tenant().as_str()))
            .build()
            .map_err(unbuilt)?;
        let mut writes = vec![
            TransactWriteItem::builder().put(free).build(),
            self.put(to_item(scope, installation))?,
            self.write_audit(scope, entry)?,
        ];
        if let Some(before) = before.filter(|before| before.team != installation.team) {
            writes.extend(self.removal_of(scope, &before.team)?);
        }
        match self.transact(writes).await? {
            Written::ConditionsFailed(at) if at.contains(&0) => Ok(Installed::OfAnother),
            // The entry is there already: the same was done at the same moment.
            Written::Done | Written::ConditionsFailed(_) => Ok(Installed::Now),
        }
    }

    /// Notes why nothing can be posted by an installation any more, unless there is a newer one.
    pub async fn mark_broken(
        &self,
        scope: &TenantScope,
        installation: &Installation,
        why: &str,
    ) -> Result<(), StoreError> {
        let mut values = Item::from([(":why".to_owned(), text(why))]);
        write(&mut values, ":at", &installation.installed_at);
        let key = keys::installation(scope.tenant(), &installation.team);
        let same = Some("installedAt = :at");
        self.update(&key, "SET broken = :why", same, values).await.map(drop)
    }

    /// Forgets a workspace, its token included, unless there is a newer installation than the one
    /// that was seen.
    pub async fn uninstall(
        &self,
        scope: &TenantScope,
        (team, seen): (&str, Option<&Installation>),
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let same = seen.map_or("attribute_not_exists(PK)", |_| "installedAt = :at");
        let mut values = Item::new();
        if let Some(seen) = seen {
            write(&mut values, ":at", &seen.installed_at);
        }
        let delete = self.deletion(&keys::installation(scope.tenant(), team));
        let delete = delete.condition_expression(same);
        let delete =
            delete.set_expression_attribute_values(Some(values).filter(|it| !it.is_empty()));
        let writes = vec![
            TransactWriteItem::builder().delete(delete.build().map_err(unbuilt)?).build(),
            self.removal(&keys::team_owner(team))?,
            self.write_audit(scope, entry)?,
        ];
        self.transact(writes).await.map(drop)
    }

    fn removal_of(
        &self,
        scope: &TenantScope,
        team: &str,
    ) -> Result<[TransactWriteItem; 2], StoreError> {
        let installation = self.removal(&keys::installation(scope.tenant(), team))?;
        Ok([installation, self.removal(&keys::team_owner(team))?])
    }

    fn removal(&self, key: &keys::Key) -> Result<TransactWriteItem, StoreError> {
        let delete = self.deletion(key).build().map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    fn deletion(&self, key: &keys::Key) -> DeleteBuilder {
        Delete::builder().table_name(&self.name).set_key(Some(key.attributes()))
    }
}
