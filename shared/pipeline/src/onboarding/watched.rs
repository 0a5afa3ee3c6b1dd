//! An account that we can look into.

use crate::cloud::Access;
use crate::error::Failure;
use domain::ids::{AccountId, Region};
use store::{Connection, Table};

/// It, and what it is looked into with.
pub(crate) struct Watched {
    /// How it stands.
    pub(crate) connection: Connection,
    /// By which role.
    pub(crate) access: Access,
    /// The regions that are watched.
    pub(crate) regions: Vec<Region>,
}

impl Watched {
    /// `None` for one that nobody owns, that is on its way out or not paid for, or that an operator
    /// has connected without a role.
    pub(crate) async fn of(table: &Table, account: &AccountId) -> Result<Option<Self>, Failure> {
        let Some(owner) = table.owner(account).await? else { return Ok(None) };
        let Some(connection) = table.connection(&owner.scope, account).await? else {
            return Ok(None);
        };
        if !connection.status.is_watched() {
            return Ok(None);
        }
        let Some(role) = connection.access.clone() else { return Ok(None) };
        let access = Access::by(account, &role);
        Ok(Some(Self { connection, access, regions: role.regions }))
    }
}
