//! A book turned back into tables, to compare it, to report on it, or to refresh it.

use crate::amount::Amount;
use crate::book::Book;
use crate::encode::section;
use crate::grid::GridName;
use crate::tables::{
    Ec2Row, Ec2Table, GRIDS, Grid, Head, Row, SPOT_SOURCE, SYSTEMS, TableSource, Tables,
};
use domain::resource::OperatingSystem;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

impl Book {
    /// The tables that this book was made of. On-demand prices are exact, Spot averages as exact as
    /// the book keeps them; comments at the head of a table are not kept.
    pub fn tables(&self) -> Tables {
        Tables {
            ec2: self.ec2_table(),
            grids: GridName::ALL.map(|grid| self.grid_table(grid)).into(),
        }
    }

    fn ec2_table(&self) -> Ec2Table {
        let spot = self.section(section::EC2_SPOT_SOURCE).first().copied().unwrap_or_default();
        let mut sources = self.sources(section::EC2_SOURCES);
        if let Some(source) = sources.get_mut(usize::from(spot)).filter(|_| spot > 0) {
            SPOT_SOURCE.clone_into(&mut source.key);
        }
        let places: Vec<&str> = self.names(section::EC2_REGIONS).iter().collect();
        let regions = self.own_sources(section::EC2_REGION_SOURCE, &places, &sources);
        let mut rows = BTreeMap::new();
        for (name, instance_type) in self.instance_types().enumerate() {
            for (place, region) in places.iter().enumerate() {
                let row = self.ec2_row(name, place);
                if row.iter().any(Option::is_some) {
                    rows.insert((instance_type.to_owned(), (*region).to_owned()), row);
                }
            }
        }
        Ec2Table { head: Head { title: title("ec2"), sources, regions }, rows }
    }

    fn ec2_row(&self, name: usize, place: usize) -> Ec2Row {
        let mut row = Ec2Row::default();
        for (system, cell) in row[..SYSTEMS].iter_mut().enumerate() {
            *cell = self
                .ec2_parts(name, place, system)
                .map(|(mantissa, scale)| Amount::new(mantissa, scale));
        }
        let spot = |os| self.ec2_spot_average(name, place, os).and_then(amount);
        row[SYSTEMS] = spot(OperatingSystem::Linux);
        row[SYSTEMS + 1] = spot(OperatingSystem::Windows);
        row
    }

    fn grid_table(&self, grid: GridName) -> Grid {
        let first = grid.first_section();
        let sources = self.sources(first + section::GRID_SOURCES);
        let places: Vec<&str> = self.grid_regions(grid).collect();
        let regions = self.own_sources(first + section::GRID_REGION_SOURCE, &places, &sources);
        let row_sources = self.section(first + section::GRID_ROW_SOURCE);
        let rows = self.grid_products(grid).enumerate().map(|(row, product)| {
            let cells = places.iter().enumerate().filter_map(|(column, region)| {
                let (mantissa, scale) = self.grid_parts(grid, row, column)?;
                Some(((*region).to_owned(), Amount::new(mantissa, scale)))
            });
            let source = row_sources.get(row).and_then(|index| sources.get(usize::from(*index)));
            let row = Row {
                unit: self.grid_unit(grid, row).to_owned(),
                source: source.map(|source| source.key.clone()).unwrap_or_default(),
                cells: cells.collect(),
            };
            (product.to_owned(), row)
        });
        let rows = rows.collect();
        Grid { head: Head { title: title(GRIDS[grid as usize]), sources, regions }, rows }
    }

    fn sources(&self, number: usize) -> Vec<TableSource> {
        (0..self.names(number).len() / 2)
            .map(|index| {
                let source = self.source(number, index);
                TableSource {
                    key: format!("s{}", index + 1),
                    as_of: source.as_of.into_owned(),
                    name: source.name.into_owned(),
                }
            })
            .collect()
    }

    /// Regions whose source is not that of their rows.
    fn own_sources(
        &self,
        number: usize,
        places: &[&str],
        sources: &[TableSource],
    ) -> BTreeMap<String, String> {
        let bytes = self.section(number).iter().zip(places);
        bytes
            .filter_map(|(byte, region)| {
                let source = sources.get(usize::from(byte.checked_sub(1)?))?;
                Some(((*region).to_owned(), source.key.clone()))
            })
            .collect()
    }
}

fn title(name: &str) -> Vec<String> {
    vec![format!("{name}: US dollars; the form is told in pricing-tables/README.md.")]
}

fn amount(usd: Decimal) -> Option<Amount> {
    Amount::parse(&usd.to_string())
}
