//! `replay`: the whole pipeline over recorded CloudTrail.

pub(crate) mod inputs;
mod order;
pub(crate) mod tally;
mod warm;

use crate::args::{Format, ReplayOptions};
use crate::error::CliError;
use crate::output::{Output, rehearsed, summary};
use crate::policy_file::{self, Loaded};
use crate::{data, prices, switched};
use cloudtrail::{Item, Options, Reader};
use domain::event::ResourceEvent;
use domain::ids::AccountId;
use indicatif::{ProgressBar, ProgressStyle};
use inputs::Input;
use jiff::Timestamp;
use order::Order;
use pipeline::notify;
use pipeline::switches::Switches;
use pipeline::{Outcome, Pipeline};
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::time::Instant;
use tally::Tally;
use warm::Warm;

/// Events that go through the pipeline together, and resources that they name.
const BATCH: usize = 5_000;
const BATCH_RESOURCES: usize = 50_000;

/// Runs the command.
pub(crate) fn run(options: &ReplayOptions) -> Result<(), CliError> {
    let filter = Filter::of(options)?;
    let Loaded { policy, expectations } = policy_file::load(&options.policy)?;
    let book = prices::book(options.prices.as_deref())?;
    let (inputs, unreadable) = inputs::find(&options.paths)?;
    let output = Output::new(options.format, options.min_severity);
    let tally = data::block_on(async {
        let table = data::open(options.data.as_deref()).await?;
        for (account, expectation) in &expectations {
            table.put_expectation(account, expectation).await?;
        }
        // What was recorded is judged by the flags of today: they say what is tried now.
        let now = Timestamp::now();
        let flags = switched::flags(now).await?;
        let pipeline = Pipeline {
            table: &table,
            prices: book,
            policy: &policy,
            switches: Switches::at(&flags, now),
        };
        let mut replay = Replay::new(pipeline, filter, output);
        replay.leave_out(unreadable);
        replay.warm(options.warm_days);
        replay.show_progress(progress(&inputs, options.quiet));
        replay.read_all(inputs).await
    })?;
    finish(&tally, options)
}

fn finish(tally: &Tally, options: &ReplayOptions) -> Result<(), CliError> {
    let not_records = tally.damaged() + tally.counts.skipped(cloudtrail::SkipReason::NotCloudTrail);
    if not_records > 0 && not_records == tally.counts.records {
        let first = tally.damage.first().map(|damage| format!("\n  {damage}")).unwrap_or_default();
        return Err(CliError::Failed(format!(
            "no CloudTrail record found in what was named ({} pieces were not records){first}",
            tally.counts.records
        )));
    }
    if let Some(report) = &tally.rehearsed {
        rehearsed::show(report, options)?;
    }
    match options.format {
        Format::Json => summary::json(tally),
        Format::Human if !options.quiet => summary::human(tally, options.data.as_deref()),
        Format::Human | Format::Csv => Ok(()),
    }
}

/// Which events count.
#[derive(Default)]
pub(crate) struct Filter {
    accounts: BTreeSet<AccountId>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Filter {
    fn of(options: &ReplayOptions) -> Result<Self, CliError> {
        let (since, until) = (options.since, options.until);
        if since.zip(until).is_some_and(|(since, until)| since >= until) {
            return Err(CliError::Usage("--since must be before --until".to_owned()));
        }
        Ok(Self { accounts: options.account.iter().cloned().collect(), since, until })
    }

    fn takes_account(&self, account: &AccountId) -> bool {
        self.accounts.is_empty() || self.accounts.contains(account)
    }

    fn takes(&self, event: &ResourceEvent) -> bool {
        self.takes_account(&event.account)
            && self.since.is_none_or(|since| event.time >= since)
            && self.until.is_none_or(|until| event.time < until)
    }
}

/// A replay under way.
pub(crate) struct Replay<'a> {
    pipeline: Pipeline<'a>,
    filter: Filter,
    output: Output,
    progress: ProgressBar,
    order: Order,
    batch: Vec<ResourceEvent>,
    batch_resources: usize,
    warm: Option<Warm>,
    tally: Tally,
}

impl<'a> Replay<'a> {
    pub(crate) fn new(pipeline: Pipeline<'a>, filter: Filter, output: Output) -> Self {
        Self {
            pipeline,
            filter,
            output,
            progress: ProgressBar::hidden(),
            order: Order::default(),
            batch: Vec::new(),
            batch_resources: 0,
            warm: None,
            tally: Tally::default(),
        }
    }

    /// Notes inputs that cannot be read: they are named and counted.
    fn leave_out(&mut self, unreadable: Vec<String>) {
        for what in unreadable {
            self.tally.broken(what);
        }
    }

    /// The first days of the records only teach.
    fn warm(&mut self, days: Option<u16>) {
        self.warm = days.map(Warm::new);
    }

    /// Shows how far it is; what is told stands above the bar.
    fn show_progress(&mut self, progress: ProgressBar) {
        self.output.progress = progress.clone();
        self.progress = progress;
    }

    /// Reads everything, in the order given, and tells what there is to tell.
    pub(crate) async fn read_all(&mut self, inputs: Vec<Input>) -> Result<Tally, CliError> {
        let began = Instant::now();
        match &mut self.warm {
            Some(warm) => warm.look_ahead(&inputs, &self.filter, self.pipeline.switches),
            None => self.catch_up().await?,
        }
        for input in &inputs {
            self.read(input).await?;
        }
        while let Some(event) = self.order.pop() {
            self.take(event).await?;
        }
        self.run_batch().await?;
        self.progress.finish_and_clear();
        if let Some(rehearsal) = self.warm.as_ref().and_then(Warm::rehearsal) {
            self.tally.rehearsed = Some(rehearsal.report(self.pipeline.table).await?);
        }
        self.tally.late = self.order.late;
        self.tally.elapsed = began.elapsed();
        Ok(std::mem::take(&mut self.tally))
    }

    async fn read(&mut self, input: &Input) -> Result<(), CliError> {
        let name = input.name();
        let bytes = match input.open() {
            Ok(bytes) => bytes,
            Err(error) => {
                // One file that cannot be opened does not end the run, but is named and counted.
                self.tally.broken(format!("{name}: cannot be opened: {error}"));
                return Ok(());
            }
        };
        self.tally.files += 1;
        let bytes = self.progress.wrap_read(bytes);
        let mut reader = Reader::new(bytes, name.as_str(), Options { lenient_accounts: true });
        let switches = self.pipeline.switches;
        let is_off = |account: &AccountId, parser: &str| switches.is_parser_off(account, parser);
        while let Some(item) = reader.next_unless(&is_off) {
            match item {
                Item::Event(event) => self.order(event).await?,
                Item::Skipped(skip) => self.tally.skip(&skip, &name),
            }
        }
        self.tally.counts.add(reader.counts());
        Ok(())
    }

    async fn order(&mut self, event: ResourceEvent) -> Result<(), CliError> {
        self.tally.event(&event);
        if !self.filter.takes(&event) {
            self.tally.filtered += 1;
            return Ok(());
        }
        match self.order.push(event) {
            Some(event) => self.take(event).await,
            None => Ok(()),
        }
    }

    /// What an earlier run stored and did not score, or scored and did not tell.
    async fn catch_up(&mut self) -> Result<(), CliError> {
        for account in self.pipeline.table.accounts().await? {
            if !self.filter.takes_account(&account) {
                continue;
            }
            let outcome = match self.warm.as_ref().and_then(Warm::rehearsal) {
                Some(rehearsal) => rehearsal.catch_up(&self.pipeline, &account).await?,
                None => self.pipeline.catch_up(&account).await?,
            };
            self.tell(&outcome).await?;
        }
        Ok(())
    }

    async fn take(&mut self, event: ResourceEvent) -> Result<(), CliError> {
        if self.warm.as_mut().is_some_and(|warm| warm.begins_with(event.time)) {
            self.catch_up().await?;
        }
        let rehearsed = self.is_rehearsed(&event);
        if self.batch.last().is_some_and(|last| self.is_rehearsed(last) != rehearsed) {
            self.run_batch().await?;
        }
        self.batch_resources += order::weight(&event);
        self.batch.push(event);
        if self.batch.len() >= BATCH || self.batch_resources >= BATCH_RESOURCES {
            self.run_batch().await
        } else {
            Ok(())
        }
    }

    fn is_rehearsed(&self, event: &ResourceEvent) -> bool {
        let rehearsal = self.warm.as_ref().and_then(Warm::rehearsal);
        rehearsal.is_some_and(|rehearsal| rehearsal.covers(event.time))
    }

    async fn run_batch(&mut self) -> Result<(), CliError> {
        let batch = std::mem::take(&mut self.batch);
        self.batch_resources = 0;
        let rehearsed = batch.last().is_some_and(|last| self.is_rehearsed(last));
        let outcome = match self.warm.as_mut().and_then(Warm::rehearsal_mut) {
            Some(rehearsal) if rehearsed => rehearsal.run(&self.pipeline, batch).await?,
            _ => self.pipeline.run(batch).await?,
        };
        self.tell(&outcome).await
    }

    async fn tell(&mut self, outcome: &Outcome) -> Result<(), CliError> {
        let told = notify::notify(self.pipeline.table, &mut self.output, &outcome.notices).await?;
        self.tally.outcome(outcome, told);
        Ok(())
    }
}

/// A bar over all bytes, with rate and time left; hidden when nobody looks.
fn progress(inputs: &[Input], quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let total: Option<u64> = inputs.iter().map(Input::size).sum();
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "reading {bar:30} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left",
        ),
        None => (ProgressBar::new_spinner(), "reading {spinner} {bytes} {bytes_per_sec}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
