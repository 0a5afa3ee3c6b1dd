//! New tables out of AWS Price List bulk files, JSON or CSV, as they come or gzipped.
//!
//! A file is read as a stream: a product is looked at once and kept only when its price belongs
//! into a table, so the largest file (EC2 of one region, 450 MB) needs little memory. Nothing is
//! fetched here.

mod csv_file;
mod json_file;
mod offer;

use crate::amount::Amount;
use crate::check::{Differences, differences};
use crate::tables::{EC2_COLUMNS, SYSTEMS, TableSource, Tables};
use flate2::read::MultiGzDecoder;
use offer::{Attributes, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Reads every price list under a folder and lays its prices over `base`: regions that a list
/// covers are replaced, all others stay as they were. Spot averages stay.
pub fn refresh(base: &Tables, folder: &Path) -> Result<Refreshed, RefreshError> {
    let files = price_lists(folder)?;
    if files.is_empty() {
        return Err(RefreshError::NoFiles { folder: folder.to_owned() });
    }
    let regions: BTreeSet<&str> = base.ec2.rows.keys().map(|(_, region)| region.as_str()).collect();
    let mut tables = base.clone();
    let mut reports = Vec::new();
    for file in files {
        let mut collector = Collector::new(region_in_name(&file, &regions));
        read_file(&file, &mut collector)?;
        collector.lay_over(&mut tables);
        reports.push(collector.report(file));
    }
    let differences = differences(base, &tables);
    Ok(Refreshed { tables, files: reports, differences })
}

/// New tables, and what is new in them.
#[derive(Debug, Clone)]
pub struct Refreshed {
    /// To be written by [`Tables::write`] or made a book of by [`crate::Book::of_tables`].
    pub tables: Tables,
    /// One report a file.
    pub files: Vec<FileReport>,
    /// What differs from the tables before.
    pub differences: Differences,
}

/// What one price list gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// The file.
    pub file: PathBuf,
    /// `AmazonEC2`.
    pub offer: String,
    /// Day of publication, `2026-07-20`.
    pub published: String,
    /// Prices (CSV: rows; JSON: products) that were read.
    pub read: u64,
    /// Prices that went into a table.
    pub kept: u64,
    /// Prices that did not, by reason.
    pub dropped: BTreeMap<&'static str, u64>,
    /// Tables and regions that were replaced.
    pub replaced: BTreeSet<(&'static str, String)>,
}

/// Why no tables came out.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// A file or folder cannot be read.
    #[error("{file}: {error}", file = file.display())]
    Unreadable {
        /// The file or folder.
        file: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Nothing to read.
    #[error(
        "{folder} holds no price list: put index.csv or index.json files of the AWS Price List \
         there (.gz is fine)",
        folder = folder.display()
    )]
    NoFiles {
        /// The folder.
        folder: PathBuf,
    },
    /// A file is not what it should be.
    #[error(
        "{file} is no price list of AWS, or is cut off: {problem}; download it again or take it \
         out of the folder",
        file = file.display()
    )]
    NotAPriceList {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

/// Folders below the given one that are looked into.
const DEEPEST: usize = 8;

fn price_lists(folder: &Path) -> Result<Vec<PathBuf>, RefreshError> {
    let mut files = Vec::new();
    find_price_lists(folder, DEEPEST, &mut files)
        .map_err(|error| RefreshError::Unreadable { file: folder.to_owned(), error })?;
    files.sort();
    Ok(files)
}

fn find_price_lists(folder: &Path, deeper: usize, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if deeper > 0 {
                find_price_lists(&path, deeper - 1, files)?;
            }
        } else if is_price_list(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_price_list(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let plain = name.strip_suffix(".gz").unwrap_or(name);
    let listed = Path::new(plain).extension().is_some_and(|it| it == "json" || it == "csv");
    // The list of regions stands beside the lists of prices.
    listed && !plain.ends_with("region_index.json")
}

/// Old files do not tell their region; `…_eu-west-3.csv` and `eu-west-3/index.csv` do.
fn region_in_name(file: &Path, regions: &BTreeSet<&str>) -> Option<String> {
    let text = file.to_string_lossy();
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'));
    words.rev().find(|word| regions.contains(word)).map(str::to_owned)
}

fn read_file(file: &Path, collector: &mut Collector) -> Result<(), RefreshError> {
    let unreadable = |error| RefreshError::Unreadable { file: file.to_owned(), error };
    let mut plain = BufReader::new(File::open(file).map_err(unreadable)?);
    let gzipped = plain.fill_buf().map_err(unreadable)?.starts_with(&[0x1F, 0x8B]);
    let text: Box<dyn Read> =
        if gzipped { Box::new(MultiGzDecoder::new(plain)) } else { Box::new(plain) };
    let mut text = BufReader::with_capacity(1 << 16, text);
    let not_a_list =
        |problem: String| RefreshError::NotAPriceList { file: file.to_owned(), problem };
    let first =
        text.fill_buf().map_err(|error| not_a_list(error.to_string()))?.trim_ascii_start().first();
    match first {
        None => Err(not_a_list("it is empty".to_owned())),
        Some(b'{') => json_file::read(text, collector).map_err(not_a_list),
        Some(_) => csv_file::read(text, collector).map_err(not_a_list),
    }
}

/// Gathers the prices of one file.
struct Collector {
    offer: String,
    published: String,
    region_of_file: Option<String>,
    read: u64,
    kept: u64,
    dropped: BTreeMap<&'static str, u64>,
    prices: BTreeMap<Target, Amount>,
}

impl Collector {
    fn new(region_of_file: Option<String>) -> Self {
        Self {
            offer: String::new(),
            published: String::new(),
            region_of_file,
            read: 0,
            kept: 0,
            dropped: BTreeMap::new(),
            prices: BTreeMap::new(),
        }
    }

    /// `2026-07-20` of `2026-07-20T01:02:03Z`.
    fn published_at(&mut self, time: &str) {
        let day: String = time.chars().take(10).collect();
        if day.parse::<jiff::civil::Date>().is_ok() {
            self.published = day;
        }
    }

    fn drop(&mut self, reason: &'static str) {
        *self.dropped.entry(reason).or_default() += 1;
    }

    /// Where the price of this product belongs; counted as dropped when nowhere.
    fn target(&mut self, attributes: &Attributes) -> Option<Target> {
        self.read += 1;
        let region = attributes.region.clone().or_else(|| self.region_of_file.clone());
        let Some(region) = region.filter(|region| is_region(region)) else {
            self.drop("no region code, neither in the list nor in the name of the file");
            return None;
        };
        match offer::target(&self.offer, attributes, region) {
            Ok(target) => Some(target),
            Err(reason) => {
                self.drop(reason);
                None
            }
        }
    }

    /// A price for it. Where a file has two, the dearer one stays.
    fn price(&mut self, target: Target, begin: &str, usd: Option<&str>) {
        let Some(usd) = usd else { return self.drop("another currency") };
        if !matches!(begin, "" | "0") {
            return self.drop("a later tier");
        }
        let Some(mut figure) = Amount::parse(usd) else { return self.drop("unreadable price") };
        if figure.is_zero() {
            return self.drop("price of 0");
        }
        if target.by_the_gibps {
            figure = match divide_by_1024(figure) {
                Some(figure) => figure,
                None => return self.drop("unreadable price"),
            };
        }
        self.kept += 1;
        let known = self.prices.entry(target).or_insert(figure);
        if dearer(figure, *known) {
            *known = figure;
        }
    }

    fn replaced(&self) -> BTreeSet<(&'static str, String)> {
        self.prices.keys().map(|target| (target.table, target.region.clone())).collect()
    }

    fn report(&self, file: PathBuf) -> FileReport {
        FileReport {
            file,
            offer: self.offer.clone(),
            published: self.published.clone(),
            read: self.read,
            kept: self.kept,
            dropped: self.dropped.clone(),
            replaced: self.replaced(),
        }
    }

    fn lay_over(&self, tables: &mut Tables) {
        for (table, region) in self.replaced() {
            if table == "ec2" {
                self.clear_ec2(tables, &region);
            } else if let Some(grid) = tables.grid_mut(table) {
                // RDS Custom is not in the list of RDS in this form: it stays.
                let rows =
                    grid.rows.iter_mut().filter(|(product, _)| !product.starts_with("custom-"));
                for (_, row) in rows {
                    row.cells.remove(&region);
                }
                let key = self.add_source(&mut grid.head.sources);
                grid.head.regions.insert(region, key);
            }
        }
        for (target, figure) in &self.prices {
            self.lay(tables, target, *figure);
        }
        tables.ec2.rows.retain(|_, row| row[..SYSTEMS].iter().any(Option::is_some));
        for grid in &mut tables.grids {
            grid.rows.retain(|_, row| !row.cells.is_empty());
        }
    }

    fn clear_ec2(&self, tables: &mut Tables, region: &str) {
        for ((_, place), row) in &mut tables.ec2.rows {
            if place == region {
                row[..SYSTEMS].fill(None);
            }
        }
        let head = &mut tables.ec2.head;
        let key = self.add_source(&mut head.sources);
        head.regions.insert(region.to_owned(), key);
    }

    fn lay(&self, tables: &mut Tables, target: &Target, figure: Amount) {
        let (product, region) = (target.product.clone(), target.region.clone());
        if target.table == "ec2" {
            if let Some(column) = EC2_COLUMNS.iter().position(|column| *column == target.unit) {
                tables.ec2.rows.entry((product, region)).or_default()[column] = Some(figure);
            }
        } else if let Some(grid) = tables.grid_mut(target.table) {
            let source = self.add_source(&mut grid.head.sources);
            let new_row = || crate::tables::Row {
                unit: target.unit.to_owned(),
                source,
                cells: BTreeMap::new(),
            };
            grid.rows.entry(product).or_insert_with(new_row).cells.insert(region, figure);
        }
    }

    /// Key of this list among the sources of a table.
    fn add_source(&self, sources: &mut Vec<TableSource>) -> String {
        let as_of = if self.published.is_empty() { "undated" } else { &self.published };
        let key = format!("list-{as_of}");
        if !sources.iter().any(|source| source.key == key) {
            let name = "AWS Price List".to_owned();
            sources.push(TableSource { key: key.clone(), as_of: as_of.to_owned(), name });
        }
        key
    }
}

fn is_region(text: &str) -> bool {
    domain::ids::Region::parse(text).is_ok()
}

/// Published by the GiB/s, kept by the MiB/s. Exact: 1024 divides after ten more decimals.
fn divide_by_1024(figure: Amount) -> Option<Amount> {
    let mantissa = u128::from(figure.mantissa()) * 10_u128.pow(10) / 1024;
    let mut shorter = (mantissa, figure.scale() + 10);
    while shorter.0.is_multiple_of(10) && shorter.1 > 0 {
        shorter = (shorter.0 / 10, shorter.1 - 1);
    }
    Some(Amount::new(u64::try_from(shorter.0).ok()?, shorter.1))
        .filter(|figure| figure.scale() <= 18)
}

fn dearer(left: Amount, right: Amount) -> bool {
    let at = |figure: Amount, other: Amount| {
        u128::from(figure.mantissa()) * 10_u128.pow(u32::from(other.scale()))
    };
    at(left, right) > at(right, left)
}
