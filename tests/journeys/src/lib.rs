//! What the journeys share: a table, events out of made-up records, and all that is known in the
//! end.

#![expect(clippy::missing_panics_doc, reason = "a journey that cannot go on has failed")]

pub mod collector;
pub mod counter;
pub mod faults;
pub mod front;
pub mod meter;
pub mod office;
pub mod world;

use cloudtrail::{Strictness, parse_record};
use domain::anomaly::Anomaly;
use domain::event::ResourceEvent;
use domain::governance::Asker;
use domain::ids::{AccountId, TenantId};
use domain::policy::{Governance, Mode, Policy};
use jiff::Timestamp;
use pipeline::lifecycle;
use pipeline::switches::Switches;
use pipeline::{Outcome, Pipeline};
use pricing::Book;
use sample_trail::{Call, Caller, Record};
use std::path::Path;
use store::{Connection, Numbered, Table, TenantScope};

/// A table in a file, or a temporary one.
#[expect(clippy::expect_used, reason = "a journey without a table cannot go on")]
pub async fn table(file: Option<&Path>) -> Table {
    let client = store::embedded::client(file).expect("the embedded engine starts");
    let table = Table::new(client, "dd0c-cost-main");
    table.create().await.expect("the table is made");
    table
}

/// The events among some records, in their order.
pub fn events(records: &[Record]) -> Vec<ResourceEvent> {
    let parse = |record: &Record| parse_record(record.to_string().as_bytes(), Strictness::Strict);
    records.iter().filter_map(|record| parse(record).ok()).collect()
}

/// The events of the demo's story.
pub fn story() -> Vec<ResourceEvent> {
    events(&sample_trail::story::records())
}

/// The account of the demo's story.
#[expect(clippy::expect_used, reason = "it is a constant")]
pub fn account() -> AccountId {
    AccountId::parse(sample_trail::story::ACCOUNT).expect("twelve digits")
}

/// 1 June 2026.
pub const FIRST_DAY: i64 = 1_780_272_000;

/// What somebody does in the account at a minute of a day since the first.
#[expect(clippy::expect_used, reason = "days of a journey are few, and not before its first")]
pub fn call(user: &'static str, day: i64, minute: i64) -> Call {
    Call {
        account: account().to_string(),
        region: "us-east-1",
        at: Timestamp::from_second(FIRST_DAY + day * 86_400 + minute * 60).expect("a time"),
        caller: Caller::User(user),
        serial: u64::try_from(day * 10_000 + minute).expect("after the first day"),
    }
}

/// The tenant of all journeys.
#[expect(clippy::expect_used, reason = "it is a constant")]
pub fn tenant() -> TenantScope {
    TenantScope::of_operator(TenantId::parse("acme").expect("an id"))
}

/// Connects an account to the tenant, past its time in strict mode.
#[expect(clippy::expect_used, reason = "a journey without its account cannot go on")]
pub async fn connect(table: &Table, account: &AccountId, now: Timestamp) {
    let governance = Governance { mode: Mode::Audit, customer_strict: false };
    let connection = Connection::new(account.clone(), governance, now);
    let asker = Asker::Operator("ana".to_owned());
    let entry = lifecycle::entry("connect", &asker, (None, &connection), String::new(), now);
    table.connect(&tenant(), &connection, &entry).await.expect("it is connected");
}

/// The stages over a table, with the prices compiled in and no flags.
pub fn pipeline<'a>(table: &'a Table, policy: &'a Policy) -> Pipeline<'a> {
    Pipeline { table, prices: Book::builtin(), policy, switches: Switches::NONE }
}

/// Runs events in portions.
#[expect(clippy::expect_used, reason = "a failure is the end of the journey")]
pub async fn run(table: &Table, events: &[ResourceEvent], portion: usize) -> Vec<Outcome> {
    let policy = Policy::default();
    let mut outcomes = Vec::new();
    for portion in events.chunks(portion) {
        let outcome = pipeline(table, &policy).run(portion.to_vec()).await;
        outcomes.push(outcome.expect("the portion is stored"));
    }
    outcomes
}

/// All that is known about an account in the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Every cost event with its number.
    pub cost_events: Vec<Numbered>,
    /// Every anomaly.
    pub anomalies: Vec<Anomaly>,
    /// Up to which number it was scored.
    pub scored_through: u64,
}

/// Reads all that is known about an account.
#[expect(clippy::expect_used, reason = "a journey whose end cannot be read has failed")]
pub async fn known(table: &Table, account: &AccountId) -> Known {
    Known {
        cost_events: table.cost_events_after(account, 0).await.expect("cost events"),
        anomalies: table.anomalies(account).await.expect("anomalies"),
        scored_through: table.scored_through(account).await.expect("scored through"),
    }
}
