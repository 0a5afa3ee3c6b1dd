//! Digest: how a tenant's day was, in a few lines; a quiet day is one.

use crate::chat::{concerns, line};
use crate::clock::DigestDue;
use crate::error::Failure;
use crate::leaving;
use crate::once::once;
use crate::ports::{Addressee, Announce, Lines, Way};
use crate::tell::Telling;
use domain::anomaly::Anomaly;
use domain::card::{Note, NoteLine};
use domain::governance::Answers;
use domain::ids::AccountId;
use domain::money::Usd;
use domain::open_resource::OpenResource;
use domain::words;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{Connection, Table, Task, TenantScope};

/// How long a day is.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How far back the run-rate is compared.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// An account that was not silent and then is for so long is named.
const SILENT: SignedDuration = SignedDuration::from_hours(3 * 24);
/// How long one has to write and post it before somebody else may.
const CLAIM: SignedDuration = SignedDuration::from_mins(5);
/// Until then it is asked for again after so long.
const AGAIN: Duration = Duration::from_mins(1);
/// Open anomalies that are named.
const MAX_NAMED: usize = 10;
/// Movers and zombies that are named, of each kind.
const TOP: usize = 3;
/// A change or a zombie of less is not worth a line.
fn worth() -> Usd {
    Usd::from_cents(5)
}

/// Writes a tenant's digest and posts it, once a day.
pub async fn send<L: Lines>(
    table: &Table,
    lines: &L,
    due: &DigestDue,
    now: Timestamp,
) -> Result<Telling, Failure> {
    let Some(scope) = (Task::Digest { tenant: due.tenant.clone() }).scope() else {
        return Err(Failure::Reject("a digest belongs to a tenant".to_owned()));
    };
    if leaving::of(table, &scope).await?.is_some() {
        return Ok(Telling::Nothing);
    }
    let settings = table.settings(&scope).await?;
    let day = format!("{}#{}", due.tenant, settings.zone.local(due.at).date());
    let to = Addressee { scope, settings };
    // On the heap: it would be held twice on the stack.
    let posted = Box::pin(async {
        match post(table, lines, &to, now).await {
            Err(Failure::Closed(why) | Failure::Gone(why)) => {
                tracing::warn!(why, "nobody can be told how the day was");
                Ok(Telling::Undelivered)
            }
            posted => posted.map(|()| Telling::Told(1)),
        }
    });
    let told = once(table, ("digest", &day), (now, CLAIM, AGAIN), posted).await?;
    Ok(told.unwrap_or(Telling::Nothing))
}

async fn post(
    table: &Table,
    lines: &impl Lines,
    to: &Addressee,
    now: Timestamp,
) -> Result<(), Failure> {
    // Asked first: who has no Slack needs no digest.
    if watched(table, &to.scope).await?.is_empty() {
        return Err(Failure::Closed("no account is watched".to_owned()));
    }
    match lines.line(to, None).await? {
        Way::Closed(why) => Err(Failure::Closed(why)),
        Way::Open(mut line) => line.digest(&digest_of(table, &to.scope, now).await?).await,
    }
}

/// Accounts that are on their way out, or not paid for, are nobody's day.
async fn watched(table: &Table, scope: &TenantScope) -> Result<Vec<Connection>, Failure> {
    let mut connections = table.connections(scope).await?;
    connections.retain(|connection| connection.status.is_watched());
    Ok(connections)
}

/// How the 24 hours before a moment were for a tenant.
pub async fn digest_of(
    table: &Table,
    scope: &TenantScope,
    now: Timestamp,
) -> Result<Note, Failure> {
    let mut day = Day::default();
    for connection in watched(table, scope).await? {
        day.add(table, &connection, now).await?;
    }
    Ok(day.note(now))
}

/// What a day is written from.
#[derive(Default)]
struct Day {
    accounts: u64,
    open: Vec<Anomaly>,
    ended: Vec<Anomaly>,
    resources: Vec<(AccountId, OpenResource)>,
    by_service: BTreeMap<&'static str, Usd>,
    by_actor: BTreeMap<String, Usd>,
    silent: Vec<NoteLine>,
    answers: Answers,
}

impl Day {
    async fn add(
        &mut self,
        table: &Table,
        connection: &Connection,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let account = &connection.account;
        self.accounts += 1;
        self.open.extend(table.open_anomalies(account).await?.into_iter().filter(concerns));
        let yesterday = now.checked_sub(DAY).unwrap_or(Timestamp::MIN);
        let ended = table.anomalies_resolved_since(account, yesterday).await?;
        self.ended.extend(ended.into_iter().filter(concerns));
        let resources = table.open_resources(account).await?;
        self.resources.extend(resources.into_iter().map(|each| (account.clone(), each)));
        let answers = table.answers(account).await?;
        self.answers.expected += answers.expected;
        self.answers.not_expected += answers.not_expected;
        self.add_week(table, connection, now).await
    }

    /// What moved within a week, and whether the account still speaks.
    async fn add_week(
        &mut self,
        table: &Table,
        connection: &Connection,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let account = &connection.account;
        let since = now.checked_sub(WEEK).unwrap_or(Timestamp::MIN);
        let events = table.cost_events_between(account, since, now).await?;
        let last = events.iter().map(|numbered| numbered.event.time).max();
        for event in events.iter().map(|numbered| &numbered.event) {
            for owner in event.owners() {
                let change = event.open_change_of(owner);
                *self.by_service.entry(event.service.code()).or_default() += change;
                *self.by_actor.entry(owner.to_owned()).or_default() += change;
            }
        }
        let heard = match last {
            Some(last) => Some(last),
            // Nothing for a week, of an account that has spoken before and is not new.
            None if table.head(account).await?.0 > 0 => {
                Some(since).filter(|since| connection.connected_at < *since)
            }
            None => None,
        };
        let silent = heard.filter(|heard| now.duration_since(*heard) > SILENT);
        self.silent.extend(silent.map(|heard| {
            let time = words::duration(heard, now);
            let at_least = if last.is_none() { "at least " } else { "" };
            NoteLine::from(format!(
                "Account {account} has been silent for {at_least}{time}: does its trail still log?"
            ))
        }));
        Ok(())
    }

    fn note(mut self, now: Timestamp) -> Note {
        self.open.sort_by(|a, b| b.open.rate.cmp(&a.open.rate).then_with(|| a.id.cmp(&b.id)));
        let watched = words::counted(self.accounts, "account");
        let rate = self.run_rate();
        if self.open.is_empty() && self.ended.is_empty() && self.silent.is_empty() {
            return Note::new(format!(
                "A quiet day: nothing unusual in {watched}, nothing open. {rate}"
            ));
        }
        let snoozed = self.open.iter().filter(|anomaly| anomaly.is_snoozed(now)).count();
        let title = format!(
            "{} open ({} snoozed), {} ended in the last 24 hours, {watched} watched",
            words::counted(self.open.len() as u64, "anomaly"),
            words::count(snoozed as u64),
            words::count(self.ended.len() as u64),
        );
        let named = self.open.iter().take(MAX_NAMED).map(|anomaly| line(anomaly, now));
        let mut lines: Vec<NoteLine> = named.collect();
        let more = self.open.len().saturating_sub(MAX_NAMED);
        lines.extend(some(more > 0, || format!("and {} more", words::count(more as u64))));
        lines.extend(some(!self.ended.is_empty(), || self.cost_of_the_ended(now)));
        lines.push(rate.into());
        lines.extend(movers("services", &self.by_service).map(NoteLine::from));
        lines.extend(movers("actors", &self.by_actor).map(NoteLine::from));
        lines.extend(self.zombies(now));
        lines.append(&mut self.silent);
        lines.extend(self.accuracy().map(NoteLine::from));
        Note { title, lines }
    }

    fn cost_of_the_ended(&self, now: Timestamp) -> String {
        let spent: Usd = self.ended.iter().map(|anomaly| anomaly.spent(now)).sum();
        format!("What has ended cost {} in all.", spent.display())
    }

    /// `What we saw start runs at $4.20/h, $1.10/h more than a week ago.`
    fn run_rate(&self) -> String {
        let now: Usd = self.resources.iter().map(|(_, resource)| resource.hourly).sum();
        let change: Usd = self.by_service.values().copied().sum();
        let compared = match change {
            change if change > worth() => format!("{}/h more than a week ago", change.display()),
            change if -change > worth() => {
                format!("{}/h less than a week ago", (-change).display())
            }
            _ => "as a week ago".to_owned(),
        };
        format!("What we saw start runs at {}/h, {compared}.", now.display())
    }

    /// What has run for a week and longer, the dearest first.
    fn zombies(&self, now: Timestamp) -> Vec<NoteLine> {
        let since = now.checked_sub(WEEK).unwrap_or(Timestamp::MIN);
        let old =
            |(_, each): &&(AccountId, OpenResource)| each.since < since && each.hourly > worth();
        let mut old: Vec<_> = self.resources.iter().filter(old).collect();
        old.sort_by(|(_, a), (_, b)| b.hourly.cmp(&a.hourly).then_with(|| a.id.cmp(&b.id)));
        let zombie = |(account, each): &&(AccountId, OpenResource)| {
            NoteLine::from(words::clean(&format!(
                "Still needed? {} {} in {} of account {account} has run for {}, {}/h",
                each.id.service,
                each.id.name,
                each.id.region,
                words::duration(each.since, now),
                each.hourly.display(),
            )))
        };
        old.iter().take(TOP).map(zombie).collect()
    }

    /// How many of our alerts were worth it, as far as anybody said.
    fn accuracy(&self) -> Option<String> {
        let total = self.answers.total();
        let percent = u128::from(self.answers.not_expected) * 100 / u128::from(total.max(1));
        (total > 0).then(|| {
            format!(
                "Our own record: {} of {} answered alerts were worth it ({percent} %).",
                words::count(self.answers.not_expected),
                words::count(total),
            )
        })
    }
}

fn some(is: bool, text: impl FnOnce() -> String) -> Option<NoteLine> {
    is.then(|| text().into())
}

/// `Top movers, services: ec2 +$4.06/h, rds -$0.20/h`
fn movers<N: AsRef<str>>(what: &str, changes: &BTreeMap<N, Usd>) -> Option<String> {
    let size = |change: Usd| if change < Usd::ZERO { -change } else { change };
    let mut largest: Vec<_> =
        changes.iter().filter(|(_, change)| size(**change) > worth()).collect();
    largest
        .sort_by(|a, b| size(*b.1).cmp(&size(*a.1)).then_with(|| a.0.as_ref().cmp(b.0.as_ref())));
    let named = largest.into_iter().take(TOP).map(|(name, change)| {
        let sign = if *change < Usd::ZERO { "-" } else { "+" };
        format!("{} {sign}{}/h", words::clean(name.as_ref()), size(*change).display())
    });
    let named = named.collect::<Vec<_>>().join(", ");
    (!named.is_empty()).then(|| format!("Top movers of the week, {what}: {named}"))
}
