//! The price book: tables as one block of bytes, read in place.

use crate::draft::Draft;
use crate::encode::{WIDE, encode, section};
use crate::names::{Names, u32_at};
use crate::tables::{GRIDS, TableError, Tables};
use domain::ids::Region;
use domain::price::{Estimate, Prices, Source};
use domain::resource::Spec;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::path::Path;

/// List prices of every service that is watched.
pub struct Book {
    sections: [&'static [u8]; section::COUNT],
    /// Dates and names of the sources of each table.
    sources: [&'static str; TABLES],
    /// How many regions have a column of EC2 prices; the places after them have lists.
    pub(crate) ec2_columns: usize,
}

impl Prices for Book {
    fn estimate(&self, spec: &Spec, region: &Region) -> Estimate {
        let (mut draft, region) = (Draft::default(), region.as_str());
        match spec {
            Spec::Instance(instance) => self.price_instance(&mut draft, instance, region),
            Spec::Volume(volume) => self.price_volume(&mut draft, volume, region),
            Spec::NatGateway => self.price_nat_gateway(&mut draft, region),
            Spec::PublicIpv4 => self.price_public_ipv4(&mut draft, region),
            Spec::Database(database) => self.price_database(&mut draft, database, region),
            Spec::Cluster(cluster) => self.price_cluster(&mut draft, cluster, region),
            Spec::Function(function) => self.price_function(&mut draft, function, region),
            Spec::ProvisionedConcurrency(concurrency) => {
                self.price_concurrency(&mut draft, concurrency, region);
            }
            // What it launches is priced by the launches' own events.
            Spec::Launcher(_) => {}
        }
        draft.finish()
    }
}

static BUILTIN: Book = Book::of_static(include_bytes!(concat!(env!("OUT_DIR"), "/book.bin")));

/// Why refreshed tables make no book.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file is missing or wrong.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The tables are right one by one but too large, or name a source or unit that is unknown.
    #[error("{0}")]
    TooLarge(String),
}

impl Book {
    /// The book that is compiled in. Costs nothing to get.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// A book of the tables in a folder, such as [`crate::refresh`] writes.
    ///
    /// It takes about 1.6 MB and keeps them until the program ends, like the one that is compiled
    /// in: prices are loaded once, and every estimate borrows its sources from them.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        Self::of_tables(&Tables::read(folder)?)
    }

    /// A book of tables in memory. Keeps its bytes as [`Book::load`] does.
    pub fn of_tables(tables: &Tables) -> Result<Self, LoadError> {
        let bytes = encode(tables).map_err(LoadError::TooLarge)?;
        Ok(Self::of_static(Vec::leak(bytes)))
    }

    const fn of_static(bytes: &'static [u8]) -> Self {
        let sections = sections(bytes);
        let ec2_columns = match sections[section::EC2_SCALE].len() {
            0 => 0,
            types => sections[section::EC2_LINUX].len() / 4 / types,
        };
        Self { sections, sources: source_texts(&sections), ec2_columns }
    }

    /// Codes of the regions and local zones in which EC2 has prices, sorted.
    pub fn regions(&self) -> Vec<&str> {
        let mut regions: Vec<&str> = self.names(section::EC2_REGIONS).iter().collect();
        regions.sort_unstable();
        regions
    }

    /// All EC2 instance types, sorted.
    pub fn instance_types(&self) -> impl Iterator<Item = &str> {
        self.names(section::EC2_TYPES).iter()
    }

    /// Size of each table in bytes, as it stands in the program.
    pub fn sizes(&self) -> Vec<(&'static str, usize)> {
        let size = |from: usize, to: usize| {
            self.sections[from..to].iter().map(|section| section.len()).sum::<usize>()
        };
        let mut sizes = vec![("ec2", size(0, section::EC2_END))];
        for (index, name) in GRIDS.iter().enumerate() {
            let start = section::EC2_END + index * section::GRID_END;
            sizes.push((name, size(start, start + section::GRID_END)));
        }
        sizes
    }

    #[inline]
    pub(crate) fn section(&self, number: usize) -> &'static [u8] {
        self.sections[number]
    }

    #[inline]
    pub(crate) fn names(&self, number: usize) -> Names<'static> {
        Names {
            slots: self.section(number),
            offsets: self.section(number + 1),
            text: self.section(number + 2),
        }
    }

    /// A figure that its row's `u32` could not hold.
    pub(crate) fn wide(&self, number: usize, key: usize) -> Option<(u64, u8)> {
        let list = self.section(number);
        let record = |index: usize| list.get(index * WIDE..(index + 1) * WIDE);
        let (mut low, mut high) = (0, list.len() / WIDE);
        while low < high {
            let middle = low.midpoint(high);
            let found = record(middle)?;
            match (u32_at(found, 0)? as usize).cmp(&key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    let mantissa = u64::from_le_bytes(*found[5..].first_chunk()?);
                    return Some((mantissa, found[4]));
                }
            }
        }
        None
    }

    /// A source of a table whose sources begin at this section.
    #[inline]
    pub(crate) fn source(&self, number: usize, index: usize) -> Source {
        let table =
            (number + section::GRID_END).saturating_sub(section::EC2_END) / section::GRID_END;
        let (offsets, all) = (self.section(number + 1), self.sources.get(table));
        let text = |index: usize| {
            let start = u32_at(offsets, index)? as usize;
            all?.get(start..u32_at(offsets, index + 1)? as usize)
        };
        let named = |index: usize| Cow::Borrowed(text(index).unwrap_or("not named"));
        Source { name: named(index * 2 + 1), as_of: named(index * 2) }
    }
}

/// EC2's, and those of one product a row.
const TABLES: usize = 1 + GRIDS.len();

/// `mantissa / 10^scale` without trailing zeros.
#[inline]
pub(crate) fn decimal(mut mantissa: u64, mut scale: u8) -> Decimal {
    while scale > 0 && mantissa.is_multiple_of(10) {
        mantissa /= 10;
        scale -= 1;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of the mantissa")]
    let (low, middle) = (mantissa as u32, (mantissa >> 32) as u32);
    Decimal::from_parts(low, middle, 0, false, u32::from(scale))
}

/// The sections, by the directory at the head of a book.
const fn sections(book: &'static [u8]) -> [&'static [u8]; section::COUNT] {
    let mut sections: [&[u8]; section::COUNT] = [&[]; section::COUNT];
    let mut index = 0;
    while index < section::COUNT {
        let (start, length) = (word(book, index * 8), word(book, index * 8 + 4));
        sections[index] = book.split_at(start).1.split_at(length).0;
        index += 1;
    }
    sections
}

/// The texts of all sources, checked once.
const fn source_texts(sections: &[&'static [u8]; section::COUNT]) -> [&'static str; TABLES] {
    let mut texts = [""; TABLES];
    let mut table = 0;
    while table < TABLES {
        let first = match table {
            0 => section::EC2_SOURCES,
            grid => section::EC2_END + (grid - 1) * section::GRID_END + section::GRID_SOURCES,
        };
        if let Ok(text) = std::str::from_utf8(sections[first + 2]) {
            texts[table] = text;
        }
        table += 1;
    }
    texts
}

const fn word(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize
}
