//! Telling people: cards on a terminal, JSON lines or CSV rows.

mod card;
mod json;
pub(crate) mod rehearsed;
pub(crate) mod summary;
pub(crate) mod words;

use crate::args::Format;
use domain::anomaly::Fold;
use domain::card::Note;
use domain::cost_event::CostEvent;
use domain::decision::Severity;
use domain::told::MessageAt;
use domain::watch::WatchEvent;
use indicatif::ProgressBar;
use jiff::Timestamp;
use pipeline::error::Failure;
use pipeline::notify::Notice;
use pipeline::ports::Announce;
use std::collections::HashSet;
use std::io::{self, ErrorKind, Write};

/// Prints notices in one format.
pub(crate) struct Output {
    format: Format,
    min_severity: Severity,
    header_written: bool,
    silent: bool,
    /// What is told happens now, rather than in a replayed past.
    live: bool,
    /// Anomalies that were shown: one that grows loud enough later is new to its readers then.
    shown: HashSet<String>,
    /// What is printed stands above it.
    pub(crate) progress: ProgressBar,
}

impl Output {
    pub(crate) fn new(format: Format, min_severity: Severity) -> Self {
        Self {
            format,
            min_severity,
            header_written: false,
            silent: false,
            live: false,
            shown: HashSet::new(),
            progress: ProgressBar::hidden(),
        }
    }

    /// Prints what happens now.
    pub(crate) fn live(format: Format, min_severity: Severity) -> Self {
        Self { live: true, ..Self::new(format, min_severity) }
    }

    /// Prints nothing: for those who want what is stored, not what is told.
    pub(crate) fn silent() -> Self {
        Self { silent: true, ..Self::new(Format::Human, Severity::Critical) }
    }

    /// What is new to the readers, though an earlier and quieter alert was not shown to them.
    fn as_first_seen(&mut self, notice: &Notice) -> Option<Notice> {
        let all_are_shown = self.min_severity == Severity::Info;
        if all_are_shown || !self.shown.insert(notice.anomaly().id.clone()) {
            return None;
        }
        let mut notice = notice.clone();
        if let Notice::Alert { fold, .. } = &mut notice {
            *fold = Fold::New;
        }
        Some(notice)
    }

    fn csv(&mut self, notice: &Notice) -> String {
        let Notice::Alert { anomaly, fold, event, .. } = notice else { return String::new() };
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = [
            "started_at",
            "fold",
            "anomaly_id",
            "account_id",
            "severity",
            "score",
            "actor",
            "service",
            "resource_type",
            "region",
            "count",
            "hourly_usd",
            "price_known",
            "text",
        ];
        if !std::mem::replace(&mut self.header_written, true)
            && writer.write_record(header).is_err()
        {
            return String::new();
        }
        let score = anomaly.members.iter().find(|member| member.id == event.id);
        let row = [
            event.time.to_string(),
            words::fold(*fold).to_owned(),
            anomaly.id.clone(),
            anomaly.account.to_string(),
            anomaly.severity.code().to_owned(),
            score.map(|member| member.score.to_string()).unwrap_or_default(),
            event.actor.id.clone(),
            event.service.code().to_owned(),
            event.resource_type.clone(),
            event.region.to_string(),
            event.count().to_string(),
            event.hourly_change.to_string(),
            event.estimate.price_known().to_string(),
            words::sentence(event),
        ];
        // A cell that begins like a formula would be run by a spreadsheet.
        let row =
            row.map(
                |cell| {
                    if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell }
                },
            );
        let written =
            writer.write_record(row).and_then(|()| writer.flush().map_err(csv::Error::from));
        let bytes = written.ok().and_then(|()| writer.into_inner().ok());
        bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl Output {
    fn print(&self, text: &str) -> Result<(), Failure> {
        self.progress
            .suspend(|| print(text))
            .map_err(|error| Failure::Reject(format!("cannot write: {error}")))
    }
}

impl Output {
    /// Prints a notice.
    pub(crate) fn show(&mut self, notice: &Notice) -> Result<(), Failure> {
        if self.silent || notice.anomaly().severity < self.min_severity {
            return Ok(());
        }
        let renewed = self.as_first_seen(notice);
        let notice = renewed.as_ref().unwrap_or(notice);
        let text = match self.format {
            Format::Human => card::render(notice),
            Format::Json => {
                let alerted_at = if self.live { Timestamp::now() } else { notice.at() };
                json::notice(notice, alerted_at)
            }
            Format::Csv => self.csv(notice),
        };
        self.print(&text)
    }

    /// Prints that the watch may have been blinded.
    pub(crate) fn show_warning(&self, event: &WatchEvent) -> Result<(), Failure> {
        match self.format {
            Format::Human => self.print(&card::warning(event)),
            Format::Json => self.print(&json::warning(event)),
            Format::Csv => Ok(()),
        }
    }

    /// Prints how the day was.
    pub(crate) fn show_digest(&self, digest: &Note) -> Result<(), Failure> {
        match self.format {
            Format::Human => self.print(&card::digest(digest)),
            Format::Json | Format::Csv => Ok(()),
        }
    }
}

impl Announce for Output {
    async fn announce(
        &mut self,
        notice: &Notice,
        _: Option<&CostEvent>,
    ) -> Result<Option<MessageAt>, Failure> {
        self.show(notice).map(|()| None)
    }

    async fn warn(&mut self, event: &WatchEvent) -> Result<(), Failure> {
        self.show_warning(event)
    }

    async fn digest(&mut self, digest: &Note) -> Result<(), Failure> {
        self.show_digest(digest)
    }
}

/// Writes to standard output; colours are left out where nobody sees them. When the reader has
/// gone (`| head`) there is nothing more to say.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut stream = anstream::stdout().lock();
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        other => other,
    }
}

/// [`print()`], with an error in our words.
pub(crate) fn say(text: &str) -> Result<(), crate::error::CliError> {
    print(text).map_err(|error| crate::error::CliError::Failed(format!("cannot write: {error}")))
}
