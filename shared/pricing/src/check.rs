//! How old and how complete the tables are, and what differs between two sets of them.

use crate::amount::Amount;
use crate::tables::{EC2_COLUMNS, Ec2Table, GRIDS, Grid, Head, SYSTEMS, Tables};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// One report a table, EC2 first.
pub fn check(tables: &Tables, today: Date) -> Vec<TableReport> {
    let regions = main_regions(&tables.ec2);
    let mut reports = vec![check_ec2(&tables.ec2, today)];
    reports.extend(
        GRIDS.iter().zip(&tables.grids).map(|(name, grid)| check_grid(name, grid, &regions, today)),
    );
    reports
}

/// What stands in one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableReport {
    /// Name of the table and of its file without `.csv`.
    pub table: &'static str,
    /// Products: for EC2 type × operating system.
    pub products: usize,
    /// Regions and local zones with at least one figure.
    pub regions: usize,
    /// Figures in the table (for EC2 without Spot).
    pub filled: usize,
    /// Products × regions.
    pub possible: usize,
    /// Regions in which EC2 has prices and this table has none.
    pub missing_regions: Vec<String>,
    /// Where the figures come from.
    pub sources: Vec<SourceAge>,
}

/// A source and its age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceAge {
    /// Name of the list.
    pub name: String,
    /// `2026-07` or `2026-07-20`.
    pub as_of: String,
    /// Days since then; a month counts from its first day. `None` when it is no date.
    pub age_days: Option<i32>,
}

/// What differs between two sets of tables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Differences {
    /// In both, with another price.
    pub changed: Vec<Change>,
    /// Only in the later one.
    pub new: Vec<Change>,
    /// Only in the earlier one.
    pub vanished: Vec<Change>,
}

/// One figure that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Name of the table.
    pub table: &'static str,
    /// `m5.large linux`, `gp3/storage`.
    pub product: String,
    /// Region or local zone.
    pub region: String,
    /// US dollars for one unit before, where there was a price.
    pub before: Option<Decimal>,
    /// US dollars for one unit after, where there is a price.
    pub after: Option<Decimal>,
}

/// What differs from `before` to `after`, Spot averages left out.
pub fn differences(before: &Tables, after: &Tables) -> Differences {
    let mut differences = Differences::default();
    compare(&mut differences, "ec2", ec2_figures(&before.ec2), ec2_figures(&after.ec2));
    for (index, name) in GRIDS.iter().enumerate() {
        let figures =
            |tables: &Tables| tables.grids.get(index).map(grid_figures).unwrap_or_default();
        compare(&mut differences, name, figures(before), figures(after));
    }
    differences
}

/// (product, region) → figure.
type Figures = BTreeMap<(String, String), Amount>;

fn ec2_figures(table: &Ec2Table) -> Figures {
    let mut figures = Figures::new();
    for ((name, region), row) in &table.rows {
        for (system, figure) in EC2_COLUMNS[..SYSTEMS].iter().zip(row) {
            if let Some(figure) = figure {
                figures.insert((format!("{name} {system}"), region.clone()), *figure);
            }
        }
    }
    figures
}

fn grid_figures(grid: &Grid) -> Figures {
    let rows = grid.rows.iter();
    rows.flat_map(|(product, row)| {
        row.cells.iter().map(|(region, figure)| ((product.clone(), region.clone()), *figure))
    })
    .collect()
}

fn compare(found: &mut Differences, table: &'static str, before: Figures, mut after: Figures) {
    for ((product, region), old) in before {
        let key = (product, region);
        let new = after.remove(&key);
        if new == Some(old) {
            continue;
        }
        let list = if new.is_some() { &mut found.changed } else { &mut found.vanished };
        list.push(change(table, key, Some(old), new));
    }
    found.new.extend(after.into_iter().map(|(key, new)| change(table, key, None, Some(new))));
}

fn change(
    table: &'static str,
    (product, region): (String, String),
    before: Option<Amount>,
    after: Option<Amount>,
) -> Change {
    let usd = |figure: Amount| crate::book::decimal(figure.mantissa(), figure.scale());
    Change { table, product, region, before: before.map(usd), after: after.map(usd) }
}

fn check_ec2(table: &Ec2Table, today: Date) -> TableReport {
    let types: BTreeSet<&String> = table.rows.keys().map(|(name, _)| name).collect();
    let places: BTreeSet<&String> = table.rows.keys().map(|(_, region)| region).collect();
    let filled = table.rows.values().map(|row| row[..SYSTEMS].iter().flatten().count()).sum();
    TableReport {
        table: "ec2",
        products: types.len() * SYSTEMS,
        regions: places.len(),
        filled,
        possible: types.len() * SYSTEMS * places.len(),
        missing_regions: Vec::new(),
        sources: ages(&table.head, today),
    }
}

fn check_grid(name: &'static str, grid: &Grid, main: &[&str], today: Date) -> TableReport {
    let regions = grid.regions();
    let everywhere = regions == ["any"];
    let missing = main.iter().filter(|region| !everywhere && !regions.contains(region));
    TableReport {
        table: name,
        products: grid.rows.len(),
        regions: regions.len(),
        filled: grid.rows.values().map(|row| row.cells.len()).sum(),
        possible: grid.rows.len() * regions.len(),
        missing_regions: missing.map(|region| (*region).to_owned()).collect(),
        sources: ages(&grid.head, today),
    }
}

/// Regions that are no zones of another region.
fn main_regions(table: &Ec2Table) -> Vec<&str> {
    let places: BTreeSet<&str> = table.rows.keys().map(|(_, region)| region.as_str()).collect();
    let inside = |place: &str| {
        let mut outer = place;
        std::iter::from_fn(|| {
            outer = outer.rsplit_once('-')?.0;
            Some(outer)
        })
        .any(|outer| places.contains(outer))
    };
    places.iter().copied().filter(|place| !inside(place)).collect()
}

fn ages(head: &Head, today: Date) -> Vec<SourceAge> {
    let age = |as_of: &str| {
        let day =
            if as_of.len() == "2026-07".len() { format!("{as_of}-01") } else { as_of.to_owned() };
        let date: Date = day.parse().ok()?;
        Some(today.since(date).ok()?.get_days())
    };
    let sources = head.sources.iter();
    sources
        .map(|source| SourceAge {
            name: source.name.clone(),
            as_of: source.as_of.clone(),
            age_days: age(&source.as_of),
        })
        .collect()
}
