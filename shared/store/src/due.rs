//! What is to be done at a time: one item for each thing, in the partition of whom it concerns and
//! so gone with it, found by its time in an index.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, read, text};
use crate::keys::{self, Key};
use crate::table::{StoreError, Table};
use domain::ids::{AccountId, TenantId};
use jiff::Timestamp;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Task {
    /// People are to be told of an anomaly: a snooze is over, quiet hours are, or alerts were
    /// gathered.
    Tell {
        /// Whose.
        account: AccountId,
        /// Which.
        anomaly: String,
    },
    /// An account is to be looked at.
    Check {
        /// Which.
        account: AccountId,
    },
    /// A tenant's digest.
    Digest {
        /// Whose.
        tenant: TenantId,
    },
    /// What a tenant pays for and what he has are to be brought together.
    Billing {
        /// Whose.
        tenant: TenantId,
    },
}

/// Something whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub task: Task,
    /// Its time.
    pub at: String,
}

/// What an index names as due, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dues {
    /// What can be done, the oldest first.
    pub tasks: Vec<Due>,
    /// What cannot be read.
    pub unreadable: Vec<Unreadable>,
}

/// An item whose time has come and that says nothing that could be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    key: Key,
    /// What is wrong with it.
    pub why: Corrupt,
}

impl Task {
    fn key(&self) -> Key {
        match self {
            Self::Tell { account, anomaly } => keys::due_telling(account, anomaly),
            Self::Check { account } => keys::due_check(account),
            Self::Digest { tenant } => keys::due_digest(tenant),
            Self::Billing { tenant } => keys::due_billing(tenant),
        }
    }

    pub(crate) fn item(&self, at: Timestamp) -> Item {
        let mut item = self.key().item("Due");
        item.insert(keys::GSI1_PK.to_owned(), text(keys::DUE));
        item.insert(keys::GSI1_SK.to_owned(), text(keys::moment(at)));
        item
    }

    /// The tenant whose task it is, for who works on it; `None` where it is an account's.
    pub fn scope(&self) -> Option<TenantScope> {
        match self {
            Self::Tell { .. } | Self::Check { .. } => None,
            Self::Digest { tenant } | Self::Billing { tenant } => {
                Some(TenantScope::of_stored(tenant.clone()))
            }
        }
    }

    fn read(item: &Item) -> Result<Self, Corrupt> {
        let Key { partition, sort } = Key::read(item)?;
        let unknown = || Corrupt::expected("a task");
        let what = sort.strip_prefix(keys::DUE_AT).ok_or_else(unknown)?;
        let task = match partition.strip_prefix(keys::ACCOUNT) {
            Some(account) => Self::of_account(account, what),
            None => Self::of_tenant(partition.strip_prefix(keys::TENANT).unwrap_or_default(), what),
        };
        task.ok_or_else(unknown)
    }

    fn of_account(account: &str, what: &str) -> Option<Self> {
        let account = AccountId::parse_lenient(account).ok()?;
        Some(match what {
            keys::CHECK => Self::Check { account },
            anomaly => Self::Tell { account, anomaly: anomaly.to_owned() },
        })
    }

    fn of_tenant(tenant: &str, what: &str) -> Option<Self> {
        let tenant = TenantId::parse(tenant).ok()?;
        match what {
            keys::DIGEST => Some(Self::Digest { tenant }),
            keys::BILLING => Some(Self::Billing { tenant }),
            _ => None,
        }
    }
}

impl Due {
    fn read(item: &Item) -> Result<Self, Corrupt> {
        Ok(Self { task: Task::read(item)?, at: read(item, keys::GSI1_SK)? })
    }
}

impl Table {
    /// Sets the time of a task, in place of an earlier one.
    pub async fn set_due(&self, task: &Task, at: Timestamp) -> Result<(), StoreError> {
        self.put_item(task.item(at)).await
    }

    /// Sets the time of a task unless it has one.
    pub async fn set_due_once(&self, task: &Task, at: Timestamp) -> Result<bool, StoreError> {
        self.put_new(task.item(at)).await
    }

    /// Sets the time of a task that is there; says whether it was.
    pub async fn set_due_again(&self, task: &Task, at: Timestamp) -> Result<bool, StoreError> {
        self.put_where(task.item(at), "attribute_exists(PK)", Item::new()).await
    }

    /// Sets the time of a task unless it has one that comes sooner; says whether it was set.
    pub async fn set_due_by(&self, task: &Task, at: Timestamp) -> Result<bool, StoreError> {
        let values = Item::from([(":at".to_owned(), text(keys::moment(at)))]);
        self.put_where(task.item(at), "attribute_not_exists(PK) OR GSI1SK > :at", values).await
    }

    /// Up to so many items whose time has come; eventually consistent.
    pub async fn due(&self, now: Timestamp, most: i32) -> Result<Dues, StoreError> {
        let until = keys::moment(now);
        let mut dues = Dues::default();
        for item in self.find_until(&keys::GSI1, keys::DUE, (&until, most)).await? {
            match Due::read(&item) {
                Ok(due) => dues.tasks.push(due),
                Err(why) => {
                    let key = Key::read(&item).map_err(StoreError::corrupt("Due"))?;
                    dues.unreadable.push(Unreadable { key, why });
                }
            }
        }
        Ok(dues)
    }

    /// Takes what cannot be read off the list and leaves it where it stands, for people to look at.
    pub async fn set_aside(&self, unreadable: &Unreadable) -> Result<(), StoreError> {
        let listed = Item::from([
            (":aside".to_owned(), text(keys::DUE_ASIDE)),
            (":due".to_owned(), text(keys::DUE)),
        ]);
        self.update(&unreadable.key, "SET GSI1PK = :aside", Some("GSI1PK = :due"), listed).await?;
        Ok(())
    }

    /// Takes a task off the list, unless it has got another time meanwhile; says whether it was
    /// taken off.
    pub async fn done_due(&self, due: &Due) -> Result<bool, StoreError> {
        let values = Item::from([(":at".to_owned(), text(&due.at))]);
        Ok(self.take(&due.task.key(), "GSI1SK = :at", values).await?.is_some())
    }
}
