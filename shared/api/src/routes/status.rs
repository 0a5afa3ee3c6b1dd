//! Status: how things stand, for the top of a page.

use super::anomaly::{Standing, standing};
use super::spend::hours_left;
use crate::caller::{Known, Person};
use crate::each::each;
use crate::problem::{Problem, Problems};
use crate::reply::{Money, Reply};
use domain::anomaly::Anomaly;
use domain::decision::Delivery;
use domain::governance::Asker;
use domain::ids::AccountId;
use domain::money::Usd;
use jiff::Timestamp;
use pipeline::{billing, leaving};
use serde::Serialize;
use store::{AccountStatus, Connection, Leaving};
use utoipa::ToSchema;

/// How things stand.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Status {
    /// Who you are to us.
    name: String,
    /// `free` or `pro`.
    tier: String,
    /// We hold all alerts back: everything is scored and kept.
    alerting_paused: bool,
    accounts: u64,
    /// Accounts that are watched: neither paused nor on their way out.
    watched: u64,
    /// Accounts of which something is not as it should be.
    degraded: u64,
    open_anomalies: u64,
    snoozed_anomalies: u64,
    /// What was started while we watched and still runs costs an hour.
    hourly: Money,
    /// What it will have cost from now to the month's end.
    until_month_end: Money,
    /// When the newest event that costs something happened.
    last_event_at: Option<String>,
    /// Seconds from the event of the newest open anomaly that was told to its message.
    seconds_to_alert: Option<i64>,
    slack_connected: bool,
    /// Until when it can be taken back that everything of the tenant is deleted; none unless somebody has
    /// asked for that, and none once it is too late.
    deletion_undo_until: Option<String>,
    /// Everything of the tenant is being deleted, and it is too late to take that back.
    deletion_begun: bool,
}

/// When an anomaly's event happened, and seconds from then to its message.
fn told(anomaly: &Anomaly) -> Option<(Timestamp, i64)> {
    let alerted_at = anomaly.alerted_at()?;
    Some((anomaly.first_at, alerted_at.duration_since(anomaly.first_at).as_secs().max(0)))
}

/// What is to be added up of an account.
struct OfAccount {
    hourly: Usd,
    last_event_at: Option<Timestamp>,
    open: Vec<Anomaly>,
}

async fn of_account(known: &Known, account: &AccountId) -> Result<OfAccount, Problem> {
    let resources = known.table().open_resources(account).await?;
    Ok(OfAccount {
        hourly: resources.iter().map(|resource| resource.hourly).sum(),
        last_event_at: known.table().last_cost_event_at(account).await?,
        open: known.table().open_anomalies(account).await?,
    })
}

impl Status {
    /// Counts anomalies that people were told of; when the newest of them was told.
    fn count(&mut self, open: &[Anomaly], now: Timestamp) -> Option<(Timestamp, i64)> {
        let sent = || open.iter().filter(|each| each.delivery == Delivery::Send);
        let stand = |as_this| sent().filter(|each| standing(each, now) == as_this).count() as u64;
        self.snoozed_anomalies += stand(Standing::Snoozed);
        self.open_anomalies += stand(Standing::Open);
        sent().filter_map(told).max()
    }
}

fn count(connections: &[Connection], like: impl Fn(AccountStatus) -> bool) -> u64 {
    connections.iter().filter(|each| like(each.status)).count() as u64
}

/// How things stand
#[utoipa::path(get, operation_id = "getStatus", path = "/status", tag = "Status",
    responses((status = 200, body = Status), Problems), security(("person" = [])))]
pub(crate) async fn status(Person(known): Person) -> Result<Reply, Problem> {
    let (table, scope) = (known.table(), known.scope());
    let connections = table.connections(scope).await?;
    let leaving = leaving::of(table, scope).await?;
    let can_be_undone = |it: &&Leaving| it.can_be_undone(known.now);
    let mut status = Status {
        name: match known.asker() {
            Asker::Customer(name) | Asker::Operator(name) => name,
            Asker::Rules => String::new(),
        },
        tier: billing::billing(table, scope).await?.tier.code().to_owned(),
        alerting_paused: table.panic_mode().await?,
        accounts: connections.len() as u64,
        watched: count(&connections, AccountStatus::is_watched),
        degraded: count(&connections, |status| status == AccountStatus::Degraded),
        open_anomalies: 0,
        snoozed_anomalies: 0,
        hourly: Usd::ZERO.into(),
        until_month_end: Usd::ZERO.into(),
        last_event_at: None,
        seconds_to_alert: None,
        slack_connected: table.installation(scope).await?.is_some_and(|it| it.broken.is_none()),
        deletion_undo_until: leaving
            .as_ref()
            .filter(can_be_undone)
            .map(|it| it.purge_at.to_string()),
        deletion_begun: leaving.as_ref().is_some_and(|it| !can_be_undone(&it)),
    };
    let (mut hourly, mut last, mut newest) = (Usd::ZERO, None, None);
    let accounts = connections.iter().map(|each| of_account(&known, &each.account)).collect();
    for of in each(accounts).await? {
        hourly += of.hourly;
        last = last.max(of.last_event_at);
        newest = newest.max(status.count(&of.open, known.now));
    }
    status.seconds_to_alert = newest.map(|(_, seconds)| seconds);
    status.hourly = hourly.into();
    status.until_month_end = (hourly * hours_left(known.now)).into();
    status.last_event_at = last.map(|at| at.to_string());
    Ok(Reply::ok(&status))
}
