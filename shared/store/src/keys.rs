//! Keys of the table, in one place.

use crate::attribute::{Corrupt, Item, number, read, text};
use domain::baseline::BaselineKey;
use domain::cost_event::CostEventId;
use domain::ids::{AccountId, EventId, Region, TenantId};
use domain::resource::ResourceId;
use domain::watch::WatchEvent;
use jiff::Timestamp;

/// Partition key.
pub(crate) const PK: &str = "PK";
/// Sort key.
pub(crate) const SK: &str = "SK";
/// When DynamoDB may remove an item, in seconds since 1970.
pub(crate) const EXPIRY: &str = "expiresAt";

/// A global secondary index; holds keys only.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) name: &'static str,
    pub(crate) partition: &'static str,
    pub(crate) sort: &'static str,
}

/// For finding one item by another name than its key, and lists of all.
pub(crate) const GSI1: Index = Index { name: "GSI1", partition: GSI1_PK, sort: GSI1_SK };
pub(crate) const GSI1_PK: &str = "GSI1PK";
pub(crate) const GSI1_SK: &str = "GSI1SK";
/// An account's anomalies by status and time: open ones by their beginning, those that are over by
/// their end.
pub(crate) const GSI3: Index = Index { name: "GSI3", partition: GSI3_PK, sort: GSI3_SK };
pub(crate) const GSI3_PK: &str = "GSI3PK";
pub(crate) const GSI3_SK: &str = "GSI3SK";
/// All of them.
pub(crate) const INDEXES: &[Index] = &[GSI1, GSI3];

/// Partition of [`GSI1`] with all accounts that have cost events.
pub(crate) const ACCOUNTS: &str = "ACCOUNTS";
/// Partition of [`GSI1`] with all accounts that a tenant has proved to own.
pub(crate) const OWNERS: &str = "OWNERS";

/// Partition of [`GSI1`] with all tenants that are being deleted, by when their data go.
pub(crate) const LEAVERS: &str = "LEAVERS";
/// Partition of [`GSI1`] with all that is to be done at a time, sorted by it.
pub(crate) const DUE: &str = "DUE";
/// Partition of [`GSI1`] with what was due and could not be read.
pub(crate) const DUE_ASIDE: &str = "DUE#ASIDE";

/// Sort-key prefix of cost events.
pub(crate) const EVENT: &str = "EVENT#";
/// Sort-key prefix of anomalies.
pub(crate) const ANOMALY: &str = "ANOMALY#";
/// Sort-key prefix of calls that may have blinded the watch.
pub(crate) const WATCH: &str = "WATCH#";
/// Sort-key prefix of expectations.
pub(crate) const EXPECTED: &str = "EXPECTED#";

/// Sort-key prefix of open resources.
pub(crate) const RESOURCE: &str = "RESOURCE#";
/// Sort-key prefix of a tenant's workspaces of Slack.
pub(crate) const SLACK: &str = "SLACK#";

/// Sort key of that a tenant is being deleted.
pub(crate) const LEAVING: &str = "LEAVING";
/// Sort-key prefix of a tenant's setups.
pub(crate) const SETUP: &str = "SETUP#";
/// Sort-key prefix of when events last came from the regions of an account.
pub(crate) const HEARTBEAT: &str = "HEARTBEAT#";
/// Sort-key prefix of what costs money and does nothing.
pub(crate) const ZOMBIE: &str = "ZOMBIE#";
/// The rest of the key of a task, where that is to look at an account.
pub(crate) const CHECK: &str = "check";
/// Sort-key prefix of a tenant's people.
pub(crate) const MEMBER: &str = "MEMBER#";
/// Sort-key prefix of a tenant's API keys.
pub(crate) const API_KEY: &str = "APIKEY#";

/// Partition of what holds for all tenants.
pub(crate) const POLICY: &str = "POLICY";
/// Sort-key prefix of its history.
pub(crate) const VERSION: &str = "VERSION#";

/// Prefix of an account's partition, and of its connection in that of its tenant.
pub(crate) const ACCOUNT: &str = "ACCOUNT#";
/// Prefix of a tenant's partition.
pub(crate) const TENANT: &str = "TENANT#";
/// Sort-key prefix of what is to be done at a time.
pub(crate) const DUE_AT: &str = "DUE#";
/// The rest of the key where that is a digest.
pub(crate) const DIGEST: &str = "digest";
/// The rest of the key where that is about money.
pub(crate) const BILLING: &str = "billing";

/// Partition and sort key of one item.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) partition: String,
    pub(crate) sort: String,
}

impl Key {
    fn new(partition: String, sort: String) -> Self {
        Self { partition, sort }
    }

    /// The beginning of an item: its key, what it is and the version of its shape.
    pub(crate) fn item(&self, entity: &str) -> Item {
        let mut item = self.attributes();
        item.insert("entity".to_owned(), text(entity));
        item.insert("schemaVersion".to_owned(), number(1));
        item
    }

    /// Of an item.
    pub(crate) fn read(item: &Item) -> Result<Self, Corrupt> {
        Ok(Self::new(read(item, PK)?, read(item, SK)?))
    }

    /// As attributes.
    pub(crate) fn attributes(&self) -> Item {
        Item::from([(PK.to_owned(), text(&self.partition)), (SK.to_owned(), text(&self.sort))])
    }
}

pub(crate) fn account(account: &AccountId) -> String {
    format!("{ACCOUNT}{account}")
}

pub(crate) fn baselines(account: &AccountId) -> String {
    format!("BASELINE#{account}")
}

/// The account's counter of cost events.
pub(crate) fn head(of: &AccountId) -> Key {
    Key::new(account(of), "HEAD".to_owned())
}

/// `EVENT#<time>#<event id>`, with `#n` from the second part on. Times have a fixed width, so that
/// keys sort by time.
pub(crate) fn cost_event(of: &AccountId, time: Timestamp, id: &CostEventId) -> Key {
    let part = if id.part == 0 { String::new() } else { format!("#{}", id.part) };
    Key::new(account(of), format!("{EVENT}{}#{}{part}", moment(time), id.event))
}

/// A moment in a sort key: the order of the texts is that of time.
pub(crate) fn moment(at: Timestamp) -> String {
    format!("{at:.3}")
}

pub(crate) fn resource(of: &AccountId, id: &ResourceId) -> Key {
    Key::new(account(of), format!("{RESOURCE}{id}"))
}

pub(crate) fn baseline(of: &AccountId, key: &BaselineKey) -> Key {
    Key::new(baselines(of), key.code())
}

pub(crate) fn anomaly(of: &AccountId, id: &str) -> Key {
    Key::new(account(of), format!("{ANOMALY}{id}"))
}

/// Partition of [`GSI1`] of one anomaly.
pub(crate) fn anomaly_by_id(id: &str) -> String {
    format!("ANOMALYID#{id}")
}

/// Partition of [`GSI1`] of one setup.
pub(crate) fn setup_by_id(id: &str) -> String {
    format!("SETUPID#{id}")
}

/// Partition of [`GSI1`] of one API key, by its id.
pub(crate) fn api_key_by_id(id: &str) -> String {
    format!("APIKEYID#{id}")
}

/// Which anomaly a cost event belongs to.
pub(crate) fn membership(of: &AccountId, id: &CostEventId) -> Key {
    Key::new(account(of), format!("MEMBER#{}#{}", id.event, id.part))
}

pub(crate) fn expectation(of: &AccountId, id: &str) -> Key {
    Key::new(baselines(of), format!("{EXPECTED}{id}"))
}

/// Partition of an account's anomalies of one status.
pub(crate) fn anomalies_by_status(of: &AccountId, status: &str) -> String {
    format!("ANOMALY#{of}#STATUS#{status}")
}

/// Which tenant an account belongs to.
pub(crate) fn owner(of: &AccountId) -> Key {
    Key::new(format!("AWSACCOUNT#{of}"), "OWNER".to_owned())
}

pub(crate) fn connection(tenant: &TenantId, of: &AccountId) -> Key {
    Key::new(self::tenant(tenant), format!("{ACCOUNT}{of}"))
}

/// Partition of what belongs to a tenant.
pub(crate) fn tenant(id: &TenantId) -> String {
    format!("{TENANT}{id}")
}

/// A tenant's settings.
pub(crate) fn settings(of: &TenantId) -> Key {
    Key::new(tenant(of), "META".to_owned())
}

/// That a tenant is being deleted: the last of his items to go.
pub(crate) fn leaving(of: &TenantId) -> Key {
    Key::new(tenant(of), LEAVING.to_owned())
}

/// A workspace of Slack that a tenant has installed us into.
pub(crate) fn installation(of: &TenantId, team: &str) -> Key {
    Key::new(tenant(of), format!("{SLACK}{team}"))
}

/// Which tenant a workspace of Slack belongs to.
pub(crate) fn team_owner(team: &str) -> Key {
    Key::new(format!("SLACKTEAM#{team}"), "OWNER".to_owned())
}

/// A person of a tenant, by the issuer's name for him.
pub(crate) fn member(of: &TenantId, sub: &str) -> Key {
    Key::new(tenant(of), format!("{MEMBER}{sub}"))
}

/// Which tenant a login belongs to.
pub(crate) fn login_owner(sub: &str) -> Key {
    Key::new(format!("SUB#{sub}"), "OWNER".to_owned())
}

/// An API key, found by the hash of it alone.
pub(crate) fn api_key(hash: &str) -> Key {
    Key::new(format!("APIKEY#{hash}"), "META".to_owned())
}

/// That a tenant has a key of this id.
pub(crate) fn api_key_of(tenant: &TenantId, id: &str) -> Key {
    Key::new(self::tenant(tenant), format!("{API_KEY}{id}"))
}

/// How many live keys a tenant has.
pub(crate) fn api_key_count(of: &TenantId) -> Key {
    Key::new(tenant(of), "APIKEYS".to_owned())
}

/// That something is to be told of an anomaly at a time.
pub(crate) fn due_telling(of: &AccountId, anomaly: &str) -> Key {
    Key::new(account(of), format!("{DUE_AT}{anomaly}"))
}

/// That a tenant's digest is due at a time.
pub(crate) fn due_digest(of: &TenantId) -> Key {
    Key::new(tenant(of), format!("{DUE_AT}{DIGEST}"))
}

/// That an account is to be looked at.
pub(crate) fn due_check(of: &AccountId) -> Key {
    Key::new(account(of), format!("{DUE_AT}{CHECK}"))
}

/// An account that somebody wants to connect.
pub(crate) fn setup(of: &TenantId, id: &str) -> Key {
    Key::new(tenant(of), format!("{SETUP}{id}"))
}

/// Whose setup a handshake begins.
pub(crate) fn handshake(random: &str) -> Key {
    Key::new(format!("STATE#handshake#{random}"), "META".to_owned())
}

/// How far something is that is done with an account.
pub(crate) fn progress(of: &AccountId, what: &str) -> Key {
    Key::new(account(of), format!("PROGRESS#{what}"))
}

/// When an event last came from a region.
pub(crate) fn heartbeat(of: &AccountId, region: &Region) -> Key {
    Key::new(account(of), format!("{HEARTBEAT}{region}"))
}

/// Something that costs money and does nothing.
pub(crate) fn zombie(of: &AccountId, region: &Region, check: &str, resource: &str) -> Key {
    Key::new(account(of), format!("{}{check}#{resource}", zombies_of(region)))
}

/// Sort-key prefix of what was found in a region.
pub(crate) fn zombies_of(region: &Region) -> String {
    format!("{ZOMBIE}{region}#")
}

/// What a request with an idempotency key was answered.
pub(crate) fn idempotency(of: &TenantId, digest: &str) -> Key {
    Key::new(format!("IDEMPOTENCY#{of}#{digest}"), "META".to_owned())
}

/// That somebody is to look after a tenant's money at a time.
pub(crate) fn due_billing(of: &TenantId) -> Key {
    Key::new(tenant(of), format!("{DUE_AT}{BILLING}"))
}

/// How a tenant stands with us.
pub(crate) fn billing(of: &TenantId) -> Key {
    Key::new(tenant(of), "BILLING".to_owned())
}

/// Which tenant a customer of Stripe is.
pub(crate) fn customer_owner(customer: &str) -> Key {
    Key::new(format!("STRIPECUSTOMER#{customer}"), "OWNER".to_owned())
}

/// A state that is given out once and taken back once.
pub(crate) fn state(random: &str) -> Key {
    Key::new(format!("STATE#{random}"), "META".to_owned())
}

/// A claim on work whose effect is outside the table.
pub(crate) fn work(kind: &str, id: &str) -> Key {
    Key::new(format!("CLAIM#{kind}#{id}"), "META".to_owned())
}

/// A call that may have blinded the watch.
pub(crate) fn watch(event: &WatchEvent) -> Key {
    watch_of(&event.account, event.time, &event.id)
}

pub(crate) fn watch_of(of: &AccountId, time: Timestamp, id: &EventId) -> Key {
    Key::new(account(of), format!("{WATCH}{}#{id}", moment(time)))
}

/// All partitions that hold what is known of an account.
pub(crate) fn partitions_of(of: &AccountId) -> [String; 2] {
    [account(of), baselines(of)]
}

/// All partitions of a tenant: what his is, and what was changed of it.
pub(crate) fn partitions_of_tenant(of: &TenantId) -> [String; 2] {
    [tenant(of), audits(of)]
}

/// What holds for all tenants.
pub(crate) fn policy() -> Key {
    Key::new(POLICY.to_owned(), "CURRENT".to_owned())
}

/// One change of what holds for all tenants, beside what holds now.
pub(crate) fn policy_version(at: Timestamp, digest: &str) -> Key {
    Key::new(POLICY.to_owned(), format!("{VERSION}{}#{digest}", moment(at)))
}

/// Partition of what was changed for one tenant: not his accounts', and so not purged with them.
pub(crate) fn audits(tenant: &TenantId) -> String {
    format!("TENANT#{tenant}#AUDIT")
}

/// One change for a tenant, `<time>#<digest>`.
pub(crate) fn audit(tenant: &TenantId, at: Timestamp, digest: &str) -> Key {
    Key::new(audits(tenant), format!("{}#{digest}", moment(at)))
}

/// Counter of one minute of what somebody sends.
pub(crate) fn rate(of: &str, route: &str, minute: i64) -> Key {
    Key::new(format!("RATE#{of}#{route}"), format!("MINUTE#{minute}"))
}
