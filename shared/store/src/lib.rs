//! The single table `dd0c-cost-main` over the DynamoDB API: one implementation, whether the other
//! side is AWS or the engine embedded in this process.
//!
//! Writes that must happen once are one conditional transaction: [`Table::record`] for the
//! processor, [`Table::commit_scores`] for the scorer.

mod account;
mod anomaly;
mod answers;
mod api_key;
mod attribute;
mod audit;
mod baseline;
mod billing;
mod claim;
pub mod contract;
mod cost_event;
mod due;
#[cfg(feature = "embedded")]
pub mod embedded;
mod expectation;
mod idempotency;
mod keys;
mod leaving;
mod member;
mod onboarding;
mod open_resource;
mod policy;
mod purge;
mod purge_tenant;
mod rate;
mod record;
mod scores;
mod setup;
mod slack;
mod state;
pub mod stream;
mod table;
mod tenant;
mod values;
mod watch;
mod work;
mod zombie;

pub use account::{AccountOwner, AccountStatus, Connected, Connection, RoleAccess, TenantScope};
pub use api_key::{KeyMade, MAX_API_KEYS};
pub use attribute::Corrupt;
pub use baseline::Counted;
pub use billing::{BillingChange, Kept};
pub use cost_event::Numbered;
pub use due::{Due, Dues, Task, Unreadable};
pub use idempotency::Repeated;
pub use leaving::Leaving;
pub use member::{Login, Member};
pub use record::{Head, Recorded};
pub use scores::{Committed, Loaded, Said};
pub use slack::{Installation, Installed};
pub use state::{Given, StateKind};
pub use table::{StoreError, Table};
pub use watch::Claimed;
pub use work::Work;
