//! Price lists as CSV: a few lines about the list, then one row a price.

use super::Collector;
use super::offer::Attributes;
use std::io::Read;

/// Lines about the list before its columns; five in every list so far.
const MOST_LINES_BEFORE_COLUMNS: usize = 20;

pub(super) fn read(text: impl Read, collector: &mut Collector) -> Result<(), String> {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut row = csv::ByteRecord::new();
    let columns = read_head(&mut rows, &mut row, collector)?;
    while rows.read_byte_record(&mut row).map_err(|error| error.to_string())? {
        if row.len() != columns.names.len() {
            let line = row.position().map_or(0, csv::Position::line);
            let (has, needs) = (row.len(), columns.names.len());
            return Err(format!("line {line} has {has} fields instead of {needs}"));
        }
        read_row(&row, &columns, collector);
    }
    Ok(())
}

struct Columns {
    names: Vec<String>,
    term: usize,
    begin: usize,
    price: usize,
    currency: usize,
}

impl Columns {
    fn of(row: &csv::ByteRecord) -> Result<Self, String> {
        let names: Vec<String> = row.iter().map(text).collect();
        let find = |wanted: &str| {
            let found = names.iter().position(|name| name == wanted);
            found.ok_or_else(|| format!("it has no column {wanted:?}"))
        };
        Ok(Self {
            term: find("TermType")?,
            begin: find("StartingRange")?,
            price: find("PricePerUnit")?,
            currency: find("Currency")?,
            names,
        })
    }
}

fn read_head(
    rows: &mut csv::Reader<impl Read>,
    row: &mut csv::ByteRecord,
    collector: &mut Collector,
) -> Result<Columns, String> {
    for _ in 0..MOST_LINES_BEFORE_COLUMNS {
        if !rows.read_byte_record(row).map_err(|error| error.to_string())? {
            break;
        }
        let value = row.get(1).map(text).unwrap_or_default();
        match row.get(0).map(text).unwrap_or_default().as_str() {
            "SKU" => return Columns::of(row),
            "OfferCode" => collector.offer = value,
            "Publication Date" => collector.published_at(&value),
            _ => {}
        }
    }
    Err("it has no line of columns that begins with SKU".to_owned())
}

fn read_row(row: &csv::ByteRecord, columns: &Columns, collector: &mut Collector) {
    let field = |index: usize| row.get(index).map(text).unwrap_or_default();
    if field(columns.term) != "OnDemand" {
        collector.read += 1;
        return collector.drop("reserved");
    }
    let mut attributes = Attributes::default();
    for (name, value) in columns.names.iter().zip(row) {
        if !value.is_empty() {
            attributes.set(name, &text(value));
        }
    }
    if let Some(target) = collector.target(&attributes) {
        let usd = Some(field(columns.price)).filter(|_| field(columns.currency) == "USD");
        collector.price(target, &field(columns.begin), usd.as_deref());
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
