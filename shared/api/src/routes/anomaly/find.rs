//! Finding anomalies: those of all accounts of a tenant in one order, page by page, and what else an
//! actor has started.

use super::shape::standing;
use crate::caller::Known;
use crate::each::each;
use crate::problem::Problem;
use crate::reply::Paging;
use domain::anomaly::Anomaly;
use domain::cost_event::CostEvent;
use domain::decision::{Delivery, Severity};
use domain::ids::AccountId;
use domain::resource::Service;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::collections::VecDeque;
use utoipa::IntoParams;

/// Anomalies that are looked at for one page: rare ones come on later pages.
const MAX_SEEN: usize = 400;
/// The first and the last id that there can be.
const IDS: (&str, &str) = ("0", "Z");
/// How late an event may come: a day by EventBridge, four of a queue, fourteen among what was put aside,
/// and some to spare.
const LATE: SignedDuration = SignedDuration::from_hours(21 * 24);
/// How far back an actor's other launches are shown, and how many.
const RELATED: SignedDuration = SignedDuration::from_hours(7 * 24);
const MAX_RELATED: usize = 20;
/// Of a busy account the last so many launches are looked at.
const MAX_LOOKED_AT: usize = 500;

/// Which anomalies.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Begun at this time or later.
    #[param(format = DateTime)]
    since: Option<String>,
    /// Begun before this time.
    #[param(format = DateTime)]
    until: Option<String>,
    /// `open`, `expected`, `snoozed` or `resolved`.
    status: Option<String>,
    /// `info`, `warning` or `critical`.
    severity: Option<String>,
    /// Of this account only.
    account_id: Option<String>,
    /// `ec2`, `rds`, …
    service: Option<String>,
    /// Whose: the actor's id.
    actor: Option<String>,
    /// `true`: also what was held back and what was only rehearsed.
    all: Option<bool>,
}

/// A filter that was read.
struct Wanted {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    status: Option<String>,
    severity: Option<Severity>,
    service: Option<Service>,
    actor: Option<String>,
    all: bool,
    now: Timestamp,
}

impl Filter {
    fn read(&self, now: Timestamp) -> Result<Wanted, Problem> {
        let time = |name: &str, text: &Option<String>| {
            let parsed = text.as_deref().map(str::parse::<Timestamp>).transpose();
            parsed.map_err(|_| {
                Problem::invalid(format!("{name} is a time such as 2026-06-01T03:00:00Z."))
            })
        };
        let known = |status: &str| ["open", "expected", "snoozed", "resolved"].contains(&status);
        if self.status.as_deref().is_some_and(|status| !known(status)) {
            return Err(Problem::invalid("status is open, expected, snoozed or resolved."));
        }
        let severity = self.severity.as_deref().map(|word| {
            Severity::from_code(word)
                .ok_or_else(|| Problem::invalid("severity is info, warning or critical."))
        });
        let service = self.service.as_deref().map(|word| {
            let all: Vec<&str> = Service::ALL.iter().map(|service| service.code()).collect();
            let wrong = || Problem::invalid(format!("service is one of {}.", all.join(", ")));
            Service::from_code(word).ok_or_else(wrong)
        });
        Ok(Wanted {
            since: time("since", &self.since)?,
            until: time("until", &self.until)?,
            status: self.status.clone(),
            severity: severity.transpose()?,
            service: service.transpose()?,
            actor: self.actor.clone(),
            all: self.all.unwrap_or_default(),
            now,
        })
    }
}

impl Wanted {
    fn takes(&self, anomaly: &Anomaly) -> bool {
        let began = anomaly.first_at;
        self.since.is_none_or(|since| since <= began)
            && self.until.is_none_or(|until| began < until)
            && self.severity.is_none_or(|severity| anomaly.severity == severity)
            && self.says(anomaly)
    }

    fn says(&self, anomaly: &Anomaly) -> bool {
        let status = || standing(anomaly, self.now).code();
        let of_service =
            |service: Service| anomaly.members.iter().any(|member| member.service == service);
        (self.all || anomaly.delivery == Delivery::Send)
            && self.status.as_deref().is_none_or(|wanted| wanted == status())
            && self.service.is_none_or(of_service)
            && self.actor.as_deref().is_none_or(|actor| anomaly.actor.id == actor)
    }

    /// An id has the time of the first event that came in. What comes late lies before it, never after.
    fn first_id(&self) -> String {
        self.since.map_or_else(|| IDS.0.to_owned(), |since| id(since, 0))
    }

    /// The last id of an account by which something began in time. By the rehearsal of its past, which
    /// runs beside what is seen live, an anomaly may begin months before its id: none of those that came
    /// after the rehearsal.
    async fn last_id(&self, known: &Known, account: &AccountId) -> Result<String, Problem> {
        let Some(until) = self.until else { return Ok(IDS.1.to_owned()) };
        let rehearsed = known.table().rehearsal_progress(account).await?;
        let Some(finished) = rehearsed.and_then(|progress| progress.finished_at) else {
            return Ok(IDS.1.to_owned());
        };
        let latest = until.checked_add(LATE).unwrap_or(Timestamp::MAX);
        Ok(id(latest.max(finished), u128::MAX))
    }
}

fn id(at: Timestamp, random: u128) -> String {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or_default();
    ulid::Ulid::from_parts(millis, random).to_string()
}

/// One page, and the cursor of the next.
pub(super) async fn page(
    known: &Known,
    filter: &Filter,
    paging: &Paging,
) -> Result<(Vec<Anomaly>, Option<String>), Problem> {
    let wanted = filter.read(known.now)?;
    let limit = paging.limit()?;
    let question = format!("anomalies {filter:?}");
    let cursor = paging.cursor.as_deref();
    let after = known.page_after(&question, cursor).await?;
    let mut merged = merged(known, filter, (&wanted, after.as_deref(), limit)).await?;
    let (found, last) = some(known, &mut merged, &wanted, limit).await?;
    let next = known.next_page(&question, last.as_deref()).await?;
    Ok((found, next))
}

/// As many as there is room and time for; the id after which it goes on, none after the last.
async fn some(
    known: &Known,
    merged: &mut Merged,
    wanted: &Wanted,
    limit: usize,
) -> Result<(Vec<Anomaly>, Option<String>), Problem> {
    let (mut found, mut seen) = (Vec::new(), 0);
    while let Some(anomaly) = merged.next(known).await? {
        let id = anomaly.id.clone();
        seen += 1;
        if wanted.takes(&anomaly) {
            found.push(anomaly);
        }
        if found.len() == limit || seen == MAX_SEEN {
            let more = merged.next(known).await?.is_some();
            return Ok((found, more.then_some(id)));
        }
    }
    Ok((found, None))
}

async fn merged(
    known: &Known,
    filter: &Filter,
    (wanted, after, limit): (&Wanted, Option<&str>, usize),
) -> Result<Merged, Problem> {
    let accounts = known.accounts(filter.account_id.as_deref()).await?;
    let lasts = each(accounts.iter().map(|account| wanted.last_id(known, account)).collect());
    let spans = accounts.iter().cloned().zip(lasts.await?).collect();
    Ok(Merged::new(spans, wanted.first_id(), after, limit))
}

/// The anomalies of several accounts in one order, the last id first, read as far as they are asked
/// for.
struct Merged {
    first: String,
    portion: usize,
    accounts: Vec<OfAccount>,
}

struct OfAccount {
    account: AccountId,
    /// The last id that was read or asked from; it is left out when it comes again.
    last: String,
    read: VecDeque<Anomaly>,
    over: bool,
}

impl Merged {
    /// Of accounts, each with the last id that it may have.
    fn new(
        accounts: Vec<(AccountId, String)>,
        first: String,
        after: Option<&str>,
        limit: usize,
    ) -> Self {
        let portion = (limit / accounts.len().max(1)).clamp(4, limit.max(4)) + 1;
        let of_account = |(account, last): (AccountId, String)| {
            let last = after.map(str::to_owned).into_iter().fold(last, String::min);
            OfAccount { account, last, read: VecDeque::new(), over: false }
        };
        Self { first, portion, accounts: accounts.into_iter().map(of_account).collect() }
    }

    async fn next(&mut self, known: &Known) -> Result<Option<Anomaly>, Problem> {
        let (first, portion) = (self.first.as_str(), self.portion);
        let empty = self.accounts.iter_mut().filter(|each| each.is_to_be_filled());
        each(empty.map(|account| account.fill(known, first, portion)).collect()).await?;
        let newest = self.accounts.iter_mut().filter(|each| !each.read.is_empty());
        let newest = newest.max_by_key(|each| each.read.front().map(|first| first.id.clone()));
        Ok(newest.and_then(|each| each.read.pop_front()))
    }
}

impl OfAccount {
    fn is_to_be_filled(&self) -> bool {
        self.read.is_empty() && !self.over
    }

    async fn fill(&mut self, known: &Known, first: &str, portion: usize) -> Result<(), Problem> {
        let span = (first, self.last.as_str());
        if span.0 > span.1 {
            self.over = true;
            return Ok(());
        }
        let found = known.table().last_anomalies(&self.account, span, portion).await?;
        let before = std::mem::replace(
            &mut self.last,
            found.last().map(|anomaly| anomaly.id.clone()).unwrap_or_default(),
        );
        self.over =
            found.len() < portion && found.iter().all(|each| each.id == before) || found.is_empty();
        self.read.extend(found.into_iter().filter(|anomaly| anomaly.id != before));
        Ok(())
    }
}

/// What the actor of an anomaly started besides, about the same time, the newest first.
pub(super) async fn related(known: &Known, anomaly: &Anomaly) -> Result<Vec<CostEvent>, Problem> {
    let from = anomaly.first_at.checked_sub(RELATED).unwrap_or(Timestamp::MIN);
    let to = anomaly.last_at.checked_add(RELATED).unwrap_or(Timestamp::MAX);
    let events = known.table().last_cost_events(&anomaly.account, (from, to), MAX_LOOKED_AT);
    let own = |event: &CostEvent| anomaly.members.iter().any(|member| member.id == event.id);
    let others = events.await?.into_iter().filter(|event| {
        event.actor.id == anomaly.actor.id
            && event.hourly_change > domain::money::Usd::ZERO
            && !own(event)
    });
    Ok(others.take(MAX_RELATED).collect())
}
