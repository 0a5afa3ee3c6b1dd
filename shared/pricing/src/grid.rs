//! Lookups in the tables of one product a row and one region a column.

use crate::book::{Book, decimal};
use crate::draft::Rate;
use crate::encode::UNITS;
use crate::encode::section::{
    EC2_END, GRID_CELLS, GRID_END, GRID_PRODUCTS, GRID_REGION_SOURCE, GRID_REGIONS,
    GRID_ROW_SOURCE, GRID_SCALE, GRID_SOURCES, GRID_UNIT, GRID_WIDE,
};
use crate::names::u32_at;
use crate::tables::GRIDS;
use rust_decimal::Decimal;

/// A table other than EC2's, by its place in [`crate::tables::GRIDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GridName {
    Dedicated,
    Docdb,
    Ebs,
    Ipv4,
    Lambda,
    Nat,
    Neptune,
    Rds,
    RdsRatio,
    RdsStorage,
    Services,
}

impl GridName {
    /// In the order of [`crate::tables::GRIDS`].
    pub(crate) const ALL: [Self; GRIDS.len()] = [
        Self::Dedicated,
        Self::Docdb,
        Self::Ebs,
        Self::Ipv4,
        Self::Lambda,
        Self::Nat,
        Self::Neptune,
        Self::Rds,
        Self::RdsRatio,
        Self::RdsStorage,
        Self::Services,
    ];

    pub(crate) const fn first_section(self) -> usize {
        EC2_END + self as usize * GRID_END
    }
}

/// Longest product that is looked up; anything longer is in no table.
const LONGEST_PRODUCT: usize = 128;

/// What a grid knows of a product in a region.
pub(crate) enum Listing {
    Listed(Rate),
    /// Not in this region: the dearest of all others, where there is one.
    Missing(Option<Decimal>),
}

impl Book {
    pub(crate) fn grid_rate(&self, grid: GridName, product: &[&str], region: &str) -> Option<Rate> {
        let row = self.grid_row(grid, product)?;
        self.rate_at(grid, row, self.grid_column(grid, region)?)
    }

    /// The rate, or the dearest of the other regions.
    pub(crate) fn listing(&self, grid: GridName, product: &[&str], region: &str) -> Listing {
        let Some(row) = self.grid_row(grid, product) else { return Listing::Missing(None) };
        let listed =
            self.grid_column(grid, region).and_then(|column| self.rate_at(grid, row, column));
        match listed {
            Some(rate) => Listing::Listed(rate),
            None => Listing::Missing(self.dearest_in_row(grid, row)),
        }
    }

    pub(crate) fn grid_row(&self, grid: GridName, product: &[&str]) -> Option<usize> {
        let mut joined = [0_u8; LONGEST_PRODUCT];
        let mut length = 0;
        for part in product {
            if length > 0 {
                *joined.get_mut(length)? = b'/';
                length += 1;
            }
            joined.get_mut(length..length + part.len())?.copy_from_slice(part.as_bytes());
            length += part.len();
        }
        let joined = std::str::from_utf8(&joined[..length]).ok()?;
        self.names(grid.first_section() + GRID_PRODUCTS).find(joined)
    }

    /// The column of a region; a local zone without one takes that of its region.
    pub(crate) fn grid_column(&self, grid: GridName, region: &str) -> Option<usize> {
        let regions = self.names(grid.first_section() + GRID_REGIONS);
        let mut place = region;
        loop {
            if let Some(column) = regions.find(place) {
                return Some(column);
            }
            place = place.rsplit_once('-')?.0;
        }
    }

    fn rate_at(&self, grid: GridName, row: usize, column: usize) -> Option<Rate> {
        let first = grid.first_section();
        let usd = self.grid_figure(grid, row, column)?;
        let own = self.section(first + GRID_REGION_SOURCE).get(column)?.checked_sub(1);
        let of_row = || self.section(first + GRID_ROW_SOURCE).get(row).copied();
        let source = self.source(first + GRID_SOURCES, usize::from(own.or_else(of_row)?));
        Some(Rate { usd, source })
    }

    pub(crate) fn grid_figure(&self, grid: GridName, row: usize, column: usize) -> Option<Decimal> {
        let (mantissa, scale) = self.grid_parts(grid, row, column)?;
        Some(decimal(mantissa, scale))
    }

    pub(crate) fn grid_parts(
        &self,
        grid: GridName,
        row: usize,
        column: usize,
    ) -> Option<(u64, u8)> {
        let first = grid.first_section();
        let key = row * self.columns(grid) + column;
        match u32_at(self.section(first + GRID_CELLS), key)? {
            0 => self.wide(first + GRID_WIDE, key),
            mantissa => Some((mantissa.into(), *self.section(first + GRID_SCALE).get(row)?)),
        }
    }

    pub(crate) fn columns(&self, grid: GridName) -> usize {
        self.names(grid.first_section() + GRID_REGIONS).len()
    }

    pub(crate) fn dearest_in_row(&self, grid: GridName, row: usize) -> Option<Decimal> {
        (0..self.columns(grid)).filter_map(|column| self.grid_figure(grid, row, column)).max()
    }

    /// The dearest figure, over all regions, of the products that a test picks.
    pub(crate) fn dearest(&self, grid: GridName, picks: impl Fn(&str) -> bool) -> Option<Decimal> {
        let rows = self.names(grid.first_section() + GRID_PRODUCTS).iter().enumerate();
        rows.filter(|(_, product)| picks(product))
            .filter_map(|(row, _)| self.dearest_in_row(grid, row))
            .max()
    }

    pub(crate) fn grid_products(&self, grid: GridName) -> impl Iterator<Item = &str> {
        self.names(grid.first_section() + GRID_PRODUCTS).iter()
    }

    pub(crate) fn grid_regions(&self, grid: GridName) -> impl Iterator<Item = &str> {
        self.names(grid.first_section() + GRID_REGIONS).iter()
    }

    /// Name of the unit, as it stands in the table.
    pub(crate) fn grid_unit(&self, grid: GridName, row: usize) -> &'static str {
        let code = self.section(grid.first_section() + GRID_UNIT).get(row);
        code.and_then(|code| UNITS.get(usize::from(*code))).copied().unwrap_or("unit")
    }
}
