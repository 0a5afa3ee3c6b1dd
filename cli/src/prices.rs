//! `prices`: look up, rebuild, check.

use crate::args::{CheckOptions, PricesCommand, RefreshOptions, ShowOptions};
use crate::error::CliError;
use crate::output::{say, words};
use domain::resource::Service;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pricing::check::{Change, Differences, SourceAge, TableReport};
use pricing::refresh::FileReport;
use pricing::{Book, Shown, Tables, check, refresh};
use std::fmt::Write;
use std::path::Path;

/// Changed prices that are listed one by one.
const MAX_CHANGES: usize = 20;

/// Runs the command.
pub(crate) fn run(command: &PricesCommand) -> Result<(), CliError> {
    match command {
        PricesCommand::Show(options) => show(options),
        PricesCommand::Refresh(options) => renew(options),
        PricesCommand::Check(options) => report(options),
    }
}

/// The book of a command: compiled in, or from a folder of tables. It lives as long as the program.
pub(crate) fn book(folder: Option<&Path>) -> Result<&'static Book, CliError> {
    let Some(folder) = folder else { return Ok(Book::builtin()) };
    let book = Book::load(folder).map_err(|error| CliError::Failed(error.to_string()))?;
    Ok(Box::leak(Box::new(book)))
}

fn show(options: &ShowOptions) -> Result<(), CliError> {
    let service = Service::from_code(&options.service).ok_or_else(|| {
        let known: Vec<&str> = Service::ALL.into_iter().map(Service::code).collect();
        CliError::Usage(format!(
            "no service {:?}; it is one of {}",
            options.service,
            known.join(", ")
        ))
    })?;
    let book = book(options.prices.as_deref())?;
    let (kind, region) = (&options.resource_type, &options.region);
    match book.show(service, kind, region) {
        Shown::Prices(listed) => {
            let mut text = String::new();
            for price in listed {
                let _ = writeln!(
                    text,
                    "${:<14} {:<12} {}  ({}, {})",
                    price.unit_price.normalize(),
                    price.unit,
                    price.product,
                    price.source.name,
                    price.source.as_of,
                );
            }
            say(&text)
        }
        Shown::NotThere { regions } => Err(CliError::Failed(format!(
            "{service} {kind} is not listed in {region}; it is in {}",
            some(&regions)
        ))),
        Shown::UnknownType { similar } => Err(CliError::Failed(format!(
            "{service} has no type {kind:?}; did you mean {}?",
            some(&similar)
        ))),
        Shown::UnknownRegion { similar } => Err(CliError::Failed(format!(
            "{service} has no prices for {region:?}; did you mean {}?",
            some(&similar)
        ))),
    }
}

/// The first few of a list, in words.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut text = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        let _ = write!(text, " and {} more", names.len() - SHOWN);
    }
    text
}

fn renew(options: &RefreshOptions) -> Result<(), CliError> {
    let failed = |error: String| CliError::Failed(error);
    if options.from.to_string_lossy().contains("://") {
        return Err(CliError::Usage(
            "--from is a folder: fetch the files first (docs/RECIPES.md has the commands)"
                .to_owned(),
        ));
    }
    let base = if options.out.join("ec2.csv").is_file() {
        Tables::read(&options.out).map_err(|error| failed(error.to_string()))?
    } else {
        Book::builtin().tables()
    };
    let renewed =
        refresh::refresh(&base, &options.from).map_err(|error| failed(error.to_string()))?;
    let mut text = String::new();
    for file in &renewed.files {
        read_file(&mut text, file);
    }
    difference(&mut text, &renewed.differences);
    say(&text)?;
    let (vanished, all) = (renewed.differences.vanished.len(), prices_in(&base));
    if vanished * 100 > all && !options.force {
        return Err(CliError::Failed(format!(
            "nothing was written: {vanished} of {all} prices would vanish, so the files are likely \
             incomplete; if that is right, add --force"
        )));
    }
    std::fs::create_dir_all(&options.out)
        .map_err(|error| CliError::file(&options.out, "cannot make the folder", &error))?;
    renewed.tables.write(&options.out).map_err(|error| failed(error.to_string()))?;
    let out = options.out.display();
    say(&format!(
        "Written to {out}. Use them: cargo build (if that is the project's folder), or --prices {out}\n"
    ))
}

fn prices_in(tables: &Tables) -> usize {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    check::check(tables, today).iter().map(|table| table.filled).sum()
}

fn read_file(text: &mut String, file: &FileReport) {
    let _ = writeln!(
        text,
        "{}: {} of {}, {} read, {} kept",
        file.file.display(),
        file.offer,
        file.published,
        words::count(file.read),
        words::count(file.kept),
    );
    for (reason, count) in &file.dropped {
        let _ = writeln!(text, "{:>12}  left out: {reason}", words::count(*count));
    }
}

fn report(options: &CheckOptions) -> Result<(), CliError> {
    let tables = book(options.prices.as_deref())?.tables();
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let mut text = String::from(
        "table          products  regions  filled of possible       dates of the figures\n",
    );
    for table in check::check(&tables, today) {
        one_table(&mut text, &table);
    }
    if options.prices.is_some() {
        text.push_str("\nAgainst the prices compiled in:\n");
        difference(&mut text, &check::differences(&Book::builtin().tables(), &tables));
    }
    say(&text)
}

fn one_table(text: &mut String, table: &TableReport) {
    let percent = (table.filled * 100).checked_div(table.possible).unwrap_or(0);
    let _ = writeln!(
        text,
        "{:<14} {:>8} {:>8} {:>9} of {:>7} {percent:>3} %  {}",
        table.table,
        table.products,
        table.regions,
        table.filled,
        table.possible,
        ages(&table.sources),
    );
    if !table.missing_regions.is_empty() {
        let _ = writeln!(text, "{:<14} without: {}", "", some(&table.missing_regions));
    }
}

/// `2025-08-15 to 2025-12-05, 351 to 463 days old`
fn ages(sources: &[SourceAge]) -> String {
    let dates = sources.iter().map(|source| source.as_of.as_str());
    let days = sources.iter().filter_map(|source| source.age_days);
    let (oldest, newest) = (dates.clone().min().unwrap_or("?"), dates.max().unwrap_or("?"));
    let days = match (days.clone().min(), days.max()) {
        (Some(least), Some(most)) if least < most => format!("{least} to {most} days old"),
        (Some(least), _) => format!("{least} days old"),
        (None, _) => "of unknown age".to_owned(),
    };
    if oldest == newest {
        format!("{oldest}, {days}")
    } else {
        format!("{oldest} to {newest}, {days}")
    }
}

fn difference(text: &mut String, differences: &Differences) {
    let of = [
        ("changed", &differences.changed),
        ("new", &differences.new),
        ("vanished", &differences.vanished),
    ];
    for (what, changes) in of {
        let _ = writeln!(text, "{:>12}  prices {what}", words::count(changes.len() as u64));
        for change in changes.iter().take(MAX_CHANGES) {
            one_change(text, change);
        }
        if changes.len() > MAX_CHANGES {
            let _ = writeln!(text, "{:>12}  … and {} more", "", changes.len() - MAX_CHANGES);
        }
    }
}

fn one_change(text: &mut String, change: &Change) {
    let price = |price: Option<rust_decimal::Decimal>| {
        price.map_or_else(|| "none".to_owned(), |price| format!("${}", price.normalize()))
    };
    let _ = writeln!(
        text,
        "{:>12}  {} {} in {}: {} → {}",
        "",
        change.table,
        change.product,
        change.region,
        price(change.before),
        price(change.after),
    );
}
