//! Setups of accounts, while they last.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, number, read, text, write};
use crate::keys::{self, EXPIRY};
use crate::table::{StoreError, Table, Written};
use domain::ids::TenantId;
use domain::setup::{Setup, Stage};
use jiff::{SignedDuration, Timestamp};

/// A setup is kept for so long after its link has ended, to be looked at.
const KEPT: SignedDuration = SignedDuration::from_hours(6 * 24);

fn to_item(scope: &TenantScope, setup: &Setup, version: u64) -> Item {
    let mut item = keys::setup(scope.tenant(), &setup.id).item("Setup");
    let kept = setup.expires_at().checked_add(KEPT).unwrap_or(Timestamp::MAX);
    item.insert(EXPIRY.to_owned(), number(kept.as_second()));
    write(&mut item, keys::GSI1_PK, &keys::setup_by_id(&setup.id));
    write(&mut item, keys::GSI1_SK, &setup.created_at);
    write(&mut item, "id", &setup.id);
    write(&mut item, "externalId", &setup.external_id);
    write(&mut item, "handshake", &setup.handshake);
    write(&mut item, "createdAt", &setup.created_at);
    write(&mut item, "stage", &setup.stage.code().to_owned());
    write(&mut item, "account", &setup.stage.account().cloned());
    if let Stage::Refused { findings, .. } = &setup.stage {
        write(&mut item, "findings", findings);
    }
    write(&mut item, "lookedForSince", &setup.looked_for_since);
    write(&mut item, "checkingSince", &setup.checking_since);
    write(&mut item, "version", &version);
    item
}

fn from_item(item: &Item) -> Result<Setup, Corrupt> {
    Ok(Setup {
        id: read(item, "id")?,
        external_id: read(item, "externalId")?,
        handshake: read(item, "handshake")?,
        created_at: read(item, "createdAt")?,
        stage: stage(item)?,
        looked_for_since: read(item, "lookedForSince")?,
        checking_since: read(item, "checkingSince")?,
        version: read(item, "version")?,
    })
}

fn stage(item: &Item) -> Result<Stage, Corrupt> {
    let stage: String = read(item, "stage")?;
    Ok(match stage.as_str() {
        "waiting" => Stage::Waiting,
        "checking" => Stage::Checking { account: read(item, "account")? },
        "refused" => {
            Stage::Refused { account: read(item, "account")?, findings: read(item, "findings")? }
        }
        "connected" => Stage::Connected { account: read(item, "account")? },
        _ => return Err(Corrupt::expected("a stage of a setup")),
    })
}

fn handshake_to_item(scope: &TenantScope, setup: &Setup) -> Item {
    let mut item = keys::handshake(&setup.handshake).item("Handshake");
    item.insert(EXPIRY.to_owned(), number(setup.expires_at().as_second()));
    item.insert("tenant".to_owned(), text(scope.tenant().as_str()));
    write(&mut item, "setup", &setup.id);
    item
}

/// Whose setup a handshake begins, and which.
fn begins(handshake: &Item) -> Result<Option<(TenantScope, String)>, Corrupt> {
    let tenant: String = read(handshake, "tenant")?;
    let setup = read(handshake, "setup")?;
    Ok(TenantId::parse(&tenant).ok().map(|tenant| (TenantScope::of_stored(tenant), setup)))
}

impl Table {
    /// Begins a setup: keeps it, and whose its handshake is.
    pub async fn begin_setup(&self, scope: &TenantScope, setup: &Setup) -> Result<(), StoreError> {
        let writes = vec![
            self.put_if(to_item(scope, setup, setup.version), "attribute_not_exists(PK)")?,
            self.put_if(handshake_to_item(scope, setup), "attribute_not_exists(PK)")?,
        ];
        match self.transact(writes).await? {
            Written::Done => Ok(()),
            Written::ConditionsFailed(_) => {
                Err(StoreError::Busy("a setup of this name is there".to_owned()))
            }
        }
    }

    /// One setup of a tenant.
    pub async fn setup(&self, scope: &TenantScope, id: &str) -> Result<Option<Setup>, StoreError> {
        let item = self.get(&keys::setup(scope.tenant(), id)).await?;
        item.as_ref().map(from_item).transpose().map_err(StoreError::corrupt("Setup"))
    }

    /// Whether another tenant has a setup of this id, as far as the index knows by now.
    pub async fn is_setup_of_another(
        &self,
        scope: &TenantScope,
        id: &str,
    ) -> Result<bool, StoreError> {
        self.is_of_another(scope, &keys::setup_by_id(id)).await
    }

    /// A tenant's setups, the oldest first.
    pub async fn setups(&self, scope: &TenantScope) -> Result<Vec<Setup>, StoreError> {
        let items = self.query(&keys::tenant(scope.tenant()), keys::SETUP).await?;
        let read = items.iter().map(from_item).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("Setup"))
    }

    /// Changes a setup that still is of the version that was read; says whether it was. Its version is
    /// then the next one.
    pub async fn change_setup(
        &self,
        scope: &TenantScope,
        setup: &Setup,
    ) -> Result<bool, StoreError> {
        let item = to_item(scope, setup, setup.version + 1);
        let put = self.put_version(item, (setup.version, false))?;
        Ok(self.transact(vec![put]).await? == Written::Done)
    }

    /// One setup, for work on it in the background: its tenant stands in it.
    pub async fn begun_setup(
        &self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<(TenantScope, Setup)>, StoreError> {
        let scope = TenantScope::of_stored(tenant.clone());
        Ok(self.setup(&scope, id).await?.map(|setup| (scope, setup)))
    }

    /// Takes a handshake back, for one request alone: whose setup it begins. The same request may
    /// come again. `None` if it is unknown, was taken back by another, or is too old.
    pub async fn take_handshake(
        &self,
        handshake: &str,
        request: &str,
        now: Timestamp,
    ) -> Result<Option<(TenantScope, String)>, StoreError> {
        let values = Item::from([
            (":now".to_owned(), number(now.as_second())),
            (":request".to_owned(), text(request)),
        ]);
        let holds =
            format!("{EXPIRY} > :now AND (attribute_not_exists(takenBy) OR takenBy = :request)");
        let (key, take) = (keys::handshake(handshake), "SET takenBy = :request");
        let Some(item) = self.update(&key, take, Some(&holds), values).await? else {
            return Ok(None);
        };
        begins(&item).map_err(StoreError::corrupt("Handshake"))
    }

    /// The setup that a handshake begins, whoever has taken it.
    pub async fn setup_of_handshake(
        &self,
        handshake: &str,
    ) -> Result<Option<(TenantScope, Setup)>, StoreError> {
        let Some(item) = self.get(&keys::handshake(handshake)).await? else { return Ok(None) };
        let begins = begins(&item).map_err(StoreError::corrupt("Handshake"))?;
        let Some((scope, id)) = begins else { return Ok(None) };
        Ok(self.setup(&scope, &id).await?.map(|setup| (scope, setup)))
    }

    /// Gives the handshake of a setup to another request, in one write with the change of the setup
    /// that lets it; false if the setup was changed meanwhile, so that nothing is.
    pub async fn retake_handshake(
        &self,
        scope: &TenantScope,
        setup: &Setup,
        request: &str,
    ) -> Result<bool, StoreError> {
        let mut taken = handshake_to_item(scope, setup);
        taken.insert("takenBy".to_owned(), text(request));
        let writes = vec![
            self.put_if(taken, "attribute_exists(PK)")?,
            self.put_version(to_item(scope, setup, setup.version + 1), (setup.version, false))?,
        ];
        Ok(self.transact(writes).await? == Written::Done)
    }
}
