//! Past: what happened in an account before it was connected is rehearsed, day by day, the oldest
//! first. It may be broken off at any point: what was read twice counts once.

use super::check::look_soon;
use super::scan::{CLAIM, REHEARSAL, leave};
use super::watched::Watched;
use super::worker::Worked;
use super::{Job, Jobs};
use crate::alert::{About, ask_to_tell};
use crate::cloud::Cloud;
use crate::error::Failure;
use crate::once::alone;
use crate::ports::Queue;
use crate::rehearse::Rehearsal;
use crate::switches::Switches;
use crate::{Outcome, Pipeline};
use cloudtrail::{Item, Options, Reader};
use domain::event::ResourceEvent;
use domain::ids::{AccountId, Region};
use domain::price::Prices;
use domain::setup::{REHEARSED, RehearsalProgress};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use store::Table;

/// Records of one account that are read; then what there is has to do.
pub const MAX_RECORDS: u64 = 200_000;
/// Pages of fifty records that are held at once.
const MAX_PAGES: u64 = 400;
/// Pages of one account that are read, those among them that were read twice.
const MAX_REQUESTS: u64 = 40_000;
/// With fewer, more time is looked up at once.
const FEW_PAGES: u64 = 40;
/// Regions that are looked up at the same time.
const AT_ONCE: usize = 4;
/// What is looked up at once, in seconds: a day …
const MAX_STEP: u64 = 24 * 3600;
/// … or less, down to this.
const MIN_STEP: u64 = 60;

/// What is needed of the outside.
pub(crate) struct Reading<'a, C, P> {
    pub(crate) table: &'a Table,
    pub(crate) prices: &'a dyn Prices,
    pub(crate) switches: Switches<'a>,
    pub(crate) cloud: &'a C,
    /// Waits until a region may be asked again: AWS allows two requests a second and region.
    pub(crate) pace: &'a P,
}

/// What was called in a span of time.
#[derive(Default)]
struct Called {
    events: Vec<ResourceEvent>,
    records: u64,
    /// A region that may not be asked.
    cut: bool,
    /// Which these are.
    skipped: Vec<Region>,
}

/// A run over an account's past: how far it has come, and who hears of it.
struct Run<'a, Q> {
    pipeline: Pipeline<'a>,
    rehearsal: Rehearsal,
    progress: RehearsalProgress,
    watched: &'a Watched,
    alerts: &'a Q,
    now: Timestamp,
}

/// How reading a span ended.
enum Read {
    Whole(Called),
    /// There are more pages than there is room or time for.
    TooMany,
}

/// Rehearses the next days, until `go_on` says that there is no more time.
pub(crate) async fn rehearse<C: Cloud, P: AsyncFn(&Region), Q: Queue>(
    reading: &Reading<'_, C, P>,
    (jobs, alerts): (Jobs<'_, Q>, &Q),
    account: &AccountId,
    now: Timestamp,
    go_on: &impl Fn() -> bool,
) -> Result<Worked, Failure> {
    let table = reading.table;
    let Some(watched) = Watched::of(table, account).await? else {
        return Ok(Worked::Ignored("the account is not looked into"));
    };
    let some = reading.some(alerts, &watched, now, go_on);
    match alone(table, (REHEARSAL, account.as_str()), (now, CLAIM), some).await {
        Ok(Some(true)) => return Ok(Worked::Rehearsed { finished: true }),
        Ok(Some(false)) => {}
        Ok(None) => return leave(table, account, now).await,
        // The role is lost. A look at the account that finds it again goes on where this was.
        Err(Failure::Gone(_)) => {
            look_soon(table, account, now).await?;
            return Ok(Worked::Rehearsed { finished: false });
        }
        Err(failure) => return Err(failure),
    }
    let job = Job::Rehearse { account: account.clone() };
    jobs.give([job]).await?;
    Ok(Worked::Rehearsed { finished: false })
}

/// Where the past begins that is rehearsed.
fn begin(connected_at: Timestamp) -> RehearsalProgress {
    let from = connected_at.checked_sub(REHEARSED).unwrap_or(Timestamp::MIN);
    RehearsalProgress {
        from,
        until: connected_at,
        through: from,
        step: MAX_STEP,
        ..RehearsalProgress::default()
    }
}

impl<C: Cloud, P: AsyncFn(&Region)> Reading<'_, C, P> {
    /// Whether it is done.
    async fn some<Q: Queue>(
        &self,
        alerts: &Q,
        watched: &Watched,
        now: Timestamp,
        go_on: &impl Fn() -> bool,
    ) -> Result<bool, Failure> {
        let account = &watched.connection.account;
        let kept = self.table.rehearsal_progress(account).await?;
        let progress = kept.unwrap_or_else(|| begin(watched.connection.connected_at));
        if progress.finished_at.is_some() {
            return Ok(true);
        }
        let policy = self.table.policy_of(account).await?;
        let (table, prices, switches) = (self.table, self.prices, self.switches);
        let pipeline = Pipeline { table, prices, policy: &policy, switches };
        let rehearsal = Rehearsal::before(progress.until);
        let mut run = Run { pipeline, rehearsal, progress, watched, alerts, now };
        run.catch_up().await?;
        let mut is_first = true;
        while goes_on(&run.progress) {
            if !go_on() {
                return Ok(false);
            }
            self.step(&mut run, is_first, go_on).await?;
            is_first = false;
        }
        run.finish().await?;
        Ok(true)
    }

    /// Reads one step and rehearses it, or makes the next one smaller.
    async fn step<Q: Queue>(
        &self,
        run: &mut Run<'_, Q>,
        is_first: bool,
        go_on: &impl Fn() -> bool,
    ) -> Result<(), Failure> {
        let end = end_of_step(&run.progress);
        let span = (run.progress.through, end);
        match self.read(run.watched, span, &mut run.progress, go_on).await? {
            Read::Whole(called) => run.rehearse(called, end).await?,
            // Too much for one run: with less of it the next one gets on.
            Read::TooMany if is_first || go_on() => {
                run.progress.step = (run.progress.step / 4).max(MIN_STEP);
            }
            Read::TooMany => {}
        }
        run.keep().await
    }

    /// Reads a span in all watched regions, and decides how much is read next.
    async fn read(
        &self,
        watched: &Watched,
        span: (Timestamp, Timestamp),
        progress: &mut RehearsalProgress,
        go_on: &impl Fn() -> bool,
    ) -> Result<Read, Failure> {
        // Less than the least is not read: then it takes what time it takes.
        let most = if progress.step > MIN_STEP { MAX_PAGES } else { u64::MAX };
        let pages = AtomicU64::new(0);
        let room = || pages.fetch_add(1, Ordering::Relaxed) < most && go_on();
        let of_region =
            async |region: Region| self.read_region(watched, &region, span, &room).await;
        let regions = stream::iter(watched.regions.clone()).map(of_region);
        let regions: Result<Vec<Option<Called>>, Failure> =
            regions.buffered(AT_ONCE).try_collect().await;
        let pages = pages.into_inner();
        progress.requests += pages;
        let Some(called) = regions?.into_iter().collect::<Option<Vec<Called>>>() else {
            return Ok(Read::TooMany);
        };
        if pages < FEW_PAGES {
            progress.step = (progress.step * 2).min(MAX_STEP);
        }
        let called = Called::together(called);
        progress.skipped_regions.extend(called.skipped.iter().cloned());
        progress.skipped_regions.sort();
        progress.skipped_regions.dedup();
        Ok(Read::Whole(called))
    }

    /// `None` where there is more than there is room for: it comes newest first, so that a part of it
    /// is worth nothing.
    async fn read_region(
        &self,
        watched: &Watched,
        region: &Region,
        span: (Timestamp, Timestamp),
        room: &impl Fn() -> bool,
    ) -> Result<Option<Called>, Failure> {
        let mut called = Called::default();
        let mut next = None;
        loop {
            if !room() {
                return Ok(None);
            }
            (self.pace)(region).await;
            let page = match self.cloud.lookup(&watched.access, region, span, next).await {
                Ok(page) => page,
                // A policy of the organisation may deny it there, and nowhere else.
                Err(Failure::Reject(why) | Failure::Closed(why)) => {
                    tracing::warn!(%region, why, "a region's past cannot be read");
                    called.cut = true;
                    called.skipped.push(region.clone());
                    return Ok(Some(called));
                }
                Err(failure) => return Err(failure),
            };
            called.records += page.records.len() as u64;
            called.events.extend(self.events(watched, span, &page.records));
            next = page.next;
            if next.is_none() {
                return Ok(Some(called));
            }
        }
    }

    /// The events of the account within the span.
    fn events(
        &self,
        watched: &Watched,
        (from, until): (Timestamp, Timestamp),
        records: &[String],
    ) -> Vec<ResourceEvent> {
        let is_off =
            |account: &AccountId, parser: &str| self.switches.is_parser_off(account, parser);
        let account = &watched.connection.account;
        let counts = |event: &ResourceEvent| {
            event.account == *account && from <= event.time && event.time < until
        };
        let event = |record: &String| {
            let mut reader = Reader::new(record.as_bytes(), "a record", Options::default());
            match reader.next_unless(&is_off)? {
                Item::Event(event) => Some(event).filter(|event| counts(event)),
                Item::Skipped(_) => None,
            }
        };
        records.iter().filter_map(event).collect()
    }
}

fn goes_on(progress: &RehearsalProgress) -> bool {
    let more = progress.through < progress.until;
    more && progress.records < MAX_RECORDS && progress.requests < MAX_REQUESTS
}

fn end_of_step(progress: &RehearsalProgress) -> Timestamp {
    let step = SignedDuration::from_secs(i64::try_from(progress.step).unwrap_or(i64::MAX));
    progress.through.checked_add(step).unwrap_or(Timestamp::MAX).min(progress.until)
}

impl Called {
    /// All regions' in one, in the order of time.
    fn together(all: Vec<Self>) -> Self {
        let mut sum = Self::default();
        for each in all {
            sum.records += each.records;
            sum.cut |= each.cut;
            sum.skipped.extend(each.skipped);
            sum.events.extend(each.events);
        }
        sum.events.sort_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
        sum
    }
}

impl<Q: Queue> Run<'_, Q> {
    fn account(&self) -> &AccountId {
        &self.watched.connection.account
    }

    /// What an earlier run stored and did not score.
    async fn catch_up(&mut self) -> Result<(), Failure> {
        let account = &self.watched.connection.account;
        let outcome = self.rehearsal.catch_up(&self.pipeline, account).await?;
        self.tell(&outcome).await
    }

    /// Rehearses what was called until `end`.
    async fn rehearse(&mut self, called: Called, end: Timestamp) -> Result<(), Failure> {
        self.progress.records += called.records;
        self.progress.cut |= called.cut;
        let outcome = self.rehearsal.run(&self.pipeline, called.events).await?;
        self.tell(&outcome).await?;
        self.progress.cost_events += outcome.cost_events;
        self.progress.through = end;
        Ok(())
    }

    /// There is no more to read, or no more of it is read.
    async fn finish(&mut self) -> Result<(), Failure> {
        self.progress.cut |= self.progress.through < self.progress.until;
        self.progress.finished_at = Some(self.now);
        self.keep().await
    }

    async fn keep(&self) -> Result<(), Failure> {
        let table = self.pipeline.table;
        Ok(table.put_rehearsal_progress(self.account(), &self.progress).await?)
    }

    /// What happened since and was scored on the way is told as ever.
    async fn tell(&self, outcome: &Outcome) -> Result<(), Failure> {
        let notices = outcome.notices.iter();
        let ids: BTreeSet<&String> = notices.map(|each| &each.anomaly().id).collect();
        let about = ids.into_iter().map(|id| About::Anomaly(id.clone()));
        ask_to_tell(self.alerts, self.account(), about, self.now).await.map(drop)
    }
}
