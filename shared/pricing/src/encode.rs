//! Turns tables into the bytes of a book: names with a hash index, and dense matrices of figures.
//!
//! EC2 is laid out for size. Linux prices are a dense matrix type × region of `u32`, in units of
//! 10^-scale with a scale a type. What another system adds to Linux is nearly a function of the
//! type, so each type has a short list of such fees and a matrix of `u8` that points into it.
//! Places where few types are sold (local zones) are lists. Spot averages are shares of the
//! on-demand price. A figure that a `u32` cannot hold exactly stands in a list of its own, so every
//! figure is exact whatever a refresh brings.

use crate::amount::Amount;
use crate::tables::{
    EC2_COLUMNS, Ec2Row, Ec2Table, GRIDS, Grid, Head, SPOT_SOURCE, SYSTEMS, Tables,
};
use std::collections::BTreeMap;

/// Numbers of the sections of a book.
pub(crate) mod section {
    // A list of names takes three: hash slots, offsets, text.

    pub(crate) const EC2_TYPES: usize = 0;
    pub(crate) const EC2_REGIONS: usize = 3;
    pub(crate) const EC2_SOURCES: usize = 6;
    pub(crate) const EC2_SCALE: usize = 9;
    pub(crate) const EC2_LINUX: usize = 10;
    pub(crate) const EC2_FEE_INDEX: usize = 11;
    pub(crate) const EC2_FEE_START: usize = 12;
    pub(crate) const EC2_FEES: usize = 13;
    pub(crate) const EC2_SPOT: usize = 14;
    pub(crate) const EC2_ZONE_START: usize = 15;
    pub(crate) const EC2_ZONE_TYPE: usize = 16;
    pub(crate) const EC2_ZONE_PRICES: usize = 17;
    pub(crate) const EC2_ZONE_SPOT: usize = 18;
    pub(crate) const EC2_WIDE: usize = 19;
    pub(crate) const EC2_REGION_SOURCE: usize = 20;
    pub(crate) const EC2_SPOT_SOURCE: usize = 21;
    pub(crate) const EC2_DEAREST: usize = 22;
    pub(crate) const EC2_END: usize = 23;

    pub(crate) const GRID_PRODUCTS: usize = 0;
    pub(crate) const GRID_REGIONS: usize = 3;
    pub(crate) const GRID_SOURCES: usize = 6;
    pub(crate) const GRID_UNIT: usize = 9;
    pub(crate) const GRID_SCALE: usize = 10;
    pub(crate) const GRID_ROW_SOURCE: usize = 11;
    pub(crate) const GRID_REGION_SOURCE: usize = 12;
    pub(crate) const GRID_CELLS: usize = 13;
    pub(crate) const GRID_WIDE: usize = 14;
    pub(crate) const GRID_END: usize = 15;

    pub(crate) const COUNT: usize = EC2_END + super::GRIDS.len() * GRID_END;
}

/// Units in the order of their code; the last one is no unit of `domain::price::Unit`.
pub(crate) const UNITS: [&str; 9] = [
    "hour",
    "GiB-month",
    "IOPS-month",
    "MiB/s-month",
    "ACU-hour",
    "GB-second",
    "request",
    "GB",
    "ratio",
];

/// A Spot average is kept as so many parts of the on-demand price.
pub(crate) const SPOT_PARTS: u64 = 50_000;

/// Bytes of one figure in a list of wide figures: key, scale, mantissa.
pub(crate) const WIDE: usize = 4 + 1 + 8;

/// A region of which less than this share of types is sold gets a list instead of a column.
const SPARSE_PERCENT: usize = 10;

/// No name of this index in a hash slot.
pub(crate) const EMPTY_SLOT: u16 = u16::MAX;

/// The book of these tables: a directory of (start, length) as `u32`, then the sections.
pub(crate) fn encode(tables: &Tables) -> Result<Vec<u8>, String> {
    let mut sections = encode_ec2(&tables.ec2).map_err(|problem| format!("ec2.csv: {problem}"))?;
    for (name, grid) in GRIDS.iter().zip(&tables.grids) {
        sections.extend(encode_grid(grid).map_err(|problem| format!("{name}.csv: {problem}"))?);
    }
    let mut start = section::COUNT * 8;
    let mut book = Vec::new();
    for section in &sections {
        book.extend(small(start)?.to_le_bytes());
        book.extend(small(section.len())?.to_le_bytes());
        start += section.len();
    }
    book.extend(sections.into_iter().flatten());
    Ok(book)
}

/// Hash of a name: eight bytes at a time, the last eight overlapping, folded multiplication.
#[inline]
pub(crate) fn hash(name: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = FACTOR ^ name.len() as u64;
    let Some(last) = name.last_chunk() else {
        let word = name.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        return fold(state ^ word, FACTOR);
    };
    let mut rest = name;
    while let Some((chunk, after)) = rest.split_first_chunk() {
        state = fold(state ^ u64::from_le_bytes(*chunk), FACTOR);
        rest = after;
    }
    if rest.is_empty() { state } else { fold(state ^ u64::from_le_bytes(*last), FACTOR) }
}

#[inline]
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
    let folded = (product >> 64) as u64 ^ product as u64;
    folded
}

fn small(number: usize) -> Result<u32, String> {
    u32::try_from(number).map_err(|_| "is too large for a price book".to_owned())
}

/// Hash slots, offsets and text of a list of names.
fn encode_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<[Vec<u8>; 3], String> {
    let names: Vec<&str> = names.into_iter().collect();
    let size = (names.len() * 2).next_power_of_two();
    if size > usize::from(EMPTY_SLOT) {
        return Err(format!("has {} rows, more than a price book holds", names.len()));
    }
    let mut slots = vec![EMPTY_SLOT; size];
    let mut offsets = small(0)?.to_le_bytes().to_vec();
    let mut text = Vec::new();
    for (index, name) in (0..).zip(&names) {
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits are wanted")]
        let mut slot = hash(name.as_bytes()) as usize % size;
        while slots[slot] != EMPTY_SLOT {
            slot = (slot + 1) % size;
        }
        slots[slot] = index;
        text.extend(name.bytes());
        offsets.extend(small(text.len())?.to_le_bytes());
    }
    let slots = slots.into_iter().flat_map(u16::to_le_bytes).collect();
    Ok([slots, offsets, text])
}

/// Two texts a source: date and name.
fn encode_sources(head: &Head) -> Result<[Vec<u8>; 3], String> {
    let sources = head.sources.iter();
    encode_names(sources.flat_map(|source| [source.as_of.as_str(), source.name.as_str()]))
}

/// One byte a region: 0, or 1 + the number of the source that overrides the row's.
fn region_sources(head: &Head, regions: &[&str]) -> Result<Vec<u8>, String> {
    regions
        .iter()
        .map(|region| match head.regions.get(*region) {
            Some(key) => source_byte(head, key).map(|byte| byte + 1),
            None => Ok(0),
        })
        .collect()
}

fn source_byte(head: &Head, key: &str) -> Result<u8, String> {
    let index = head.source_index(key).ok_or_else(|| format!("has no source {key:?}"))?;
    u8::try_from(index).ok().filter(|byte| *byte < u8::MAX).ok_or("has over 254 sources".to_owned())
}

/// The finest scale at which the largest figure still fits into a `u32`, but no finer than needed.
fn row_scale(figures: &(impl Iterator<Item = Amount> + Clone)) -> u8 {
    let mut scale = figures.clone().map(Amount::scale).max().unwrap_or(0);
    let too_large = |scale: u8| {
        figures.clone().any(|figure| {
            let whole = figure.mantissa() / 10_u64.pow(u32::from(figure.scale()));
            whole.saturating_add(1).saturating_mul(10_u64.saturating_pow(u32::from(scale)))
                > u64::from(u32::MAX)
        })
    };
    while scale > 0 && too_large(scale) {
        scale -= 1;
    }
    scale
}

/// Figures that do not fit their row's `u32`, by key.
#[derive(Default)]
struct WideFigures(BTreeMap<u32, Amount>);

impl WideFigures {
    /// The figure as a `u32` at this scale; 0 when there is none or it went into the list.
    fn place(&mut self, key: usize, figure: Option<Amount>, scale: u8) -> Result<u32, String> {
        let Some(figure) = figure else { return Ok(0) };
        if let Some(narrow) = figure.mantissa_at(scale).and_then(|wide| u32::try_from(wide).ok()) {
            return Ok(narrow);
        }
        self.0.insert(small(key)?, figure);
        Ok(0)
    }

    fn into_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (key, figure) in self.0 {
            bytes.extend(key.to_le_bytes());
            bytes.push(figure.scale());
            bytes.extend(figure.mantissa().to_le_bytes());
        }
        bytes
    }
}

fn encode_grid(grid: &Grid) -> Result<Vec<Vec<u8>>, String> {
    let regions = grid.regions();
    let (mut units, mut scales, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    let mut cells = Vec::new();
    let mut wide = WideFigures::default();
    for (row_index, (product, row)) in grid.rows.iter().enumerate() {
        units.push(unit_byte(product, &row.unit)?);
        let scale = row_scale(&row.cells.values().copied());
        scales.push(scale);
        sources.push(source_byte(&grid.head, &row.source)?);
        for (column, region) in regions.iter().enumerate() {
            let key = row_index * regions.len() + column;
            let cell = wide.place(key, row.cells.get(*region).copied(), scale)?;
            cells.extend(cell.to_le_bytes());
        }
    }
    let mut sections = Vec::new();
    sections.extend(encode_names(grid.rows.keys().map(String::as_str))?);
    sections.extend(encode_names(regions.iter().copied())?);
    sections.extend(encode_sources(&grid.head)?);
    sections.extend([units, scales, sources, region_sources(&grid.head, &regions)?]);
    sections.extend([cells, wide.into_bytes()]);
    Ok(sections)
}

fn unit_byte(product: &str, unit: &str) -> Result<u8, String> {
    let place = UNITS.iter().position(|known| *known == unit);
    let byte = place.and_then(|place| u8::try_from(place).ok());
    byte.ok_or_else(|| format!("{product} has the unknown unit {unit:?}"))
}

/// Types and places of EC2, places with a column first.
struct Ec2Places<'a> {
    types: Vec<&'a str>,
    regions: Vec<&'a str>,
    dense: usize,
}

impl<'a> Ec2Places<'a> {
    fn of(table: &'a Ec2Table) -> Self {
        let mut types: Vec<&str> = table.rows.keys().map(|(name, _)| name.as_str()).collect();
        types.dedup();
        let mut sold = BTreeMap::<&str, usize>::new();
        for (_, region) in table.rows.keys() {
            *sold.entry(region).or_default() += 1;
        }
        let (mut regions, zones): (Vec<_>, Vec<_>) =
            sold.into_iter().partition(|(_, count)| count * 100 >= types.len() * SPARSE_PERCENT);
        let dense = regions.len();
        regions.extend(zones);
        Self { types, regions: regions.into_iter().map(|(region, _)| region).collect(), dense }
    }

    fn row<'t>(&self, table: &'t Ec2Table, name: usize, region: usize) -> Option<&'t Ec2Row> {
        table.rows.get(&(self.types[name].to_owned(), self.regions[region].to_owned()))
    }
}

fn encode_ec2(table: &Ec2Table) -> Result<Vec<Vec<u8>>, String> {
    let places = Ec2Places::of(table);
    if places.dense > usize::from(u8::MAX) {
        return Err("has over 255 regions".to_owned());
    }
    let scales = ec2_scales(table, &places.types);
    let mut wide = WideFigures::default();
    let dense = encode_dense(table, &places, &scales, &mut wide)?;
    let zones = encode_zones(table, &places, &scales, &mut wide)?;
    let spot_source = match table.head.source_index(SPOT_SOURCE) {
        Some(_) => source_byte(&table.head, SPOT_SOURCE)?,
        None => 0,
    };
    let mut sections = Vec::new();
    sections.extend(encode_names(places.types.iter().copied())?);
    sections.extend(encode_names(places.regions.iter().copied())?);
    sections.extend(encode_sources(&table.head)?);
    sections.push(scales.clone());
    sections.extend(dense);
    sections.extend(zones);
    sections.push(wide.into_bytes());
    sections.push(region_sources(&table.head, &places.regions)?);
    sections.push(vec![spot_source]);
    sections.push(encode_dearest(table, &places.types, &scales));
    Ok(sections)
}

fn ec2_scales(table: &Ec2Table, types: &[&str]) -> Vec<u8> {
    let mut figures = BTreeMap::<&str, Vec<Amount>>::new();
    for ((name, _), row) in &table.rows {
        figures.entry(name).or_default().extend(row[..SYSTEMS].iter().flatten());
    }
    types.iter().map(|name| row_scale(&figures[name].iter().copied())).collect()
}

/// The dearest place of each type and system, rounded up; `u32::MAX` where it does not fit.
fn encode_dearest(table: &Ec2Table, types: &[&str], scales: &[u8]) -> Vec<u8> {
    let mut dearest: BTreeMap<&str, [u32; SYSTEMS]> = BTreeMap::new();
    let scale_of: BTreeMap<&str, u8> = types.iter().copied().zip(scales.iter().copied()).collect();
    for ((name, _), row) in &table.rows {
        let scale = scale_of[name.as_str()];
        let most = dearest.entry(name).or_default();
        for (most, figure) in most.iter_mut().zip(row).filter_map(|(m, f)| Some((m, (*f)?))) {
            let narrow = figure.mantissa_at(scale).and_then(|wide| u32::try_from(wide).ok());
            *most = (*most).max(narrow.unwrap_or(u32::MAX));
        }
    }
    types.iter().flat_map(|name| dearest[name]).flat_map(u32::to_le_bytes).collect()
}

/// Linux, fee index, start of each list of fees, fees, Spot.
fn encode_dense(
    table: &Ec2Table,
    places: &Ec2Places<'_>,
    scales: &[u8],
    wide: &mut WideFigures,
) -> Result<[Vec<u8>; 5], String> {
    let cells = places.types.len() * places.dense;
    let fees_a_cell = SYSTEMS - 1;
    let mut linux = Vec::with_capacity(cells * 4);
    let mut index = vec![0_u8; cells * fees_a_cell];
    let (mut starts, mut fees, mut spot) = (Vec::new(), Vec::<u32>::new(), Vec::new());
    for (name, scale) in scales.iter().enumerate() {
        let mut lists: [Vec<u32>; SYSTEMS - 1] = Default::default();
        for region in 0..places.dense {
            let cell = name * places.dense + region;
            let row = places.row(table, name, region).copied().unwrap_or_default();
            let prices = place_prices(&row, name * places.regions.len() + region, *scale, wide)?;
            linux.extend(prices[0].to_le_bytes());
            for (system, list) in lists.iter_mut().enumerate() {
                if prices[system + 1] != 0 {
                    let fee = prices[system + 1].wrapping_sub(prices[0]);
                    index[cell * fees_a_cell + system] = 1 + position_of(list, fee)?;
                }
            }
            spot.extend(spot_shares(&row));
        }
        for list in lists {
            starts.extend(small(fees.len())?.to_le_bytes());
            fees.extend(list);
        }
    }
    let fees = fees.into_iter().flat_map(u32::to_le_bytes).collect();
    Ok([linux, index, starts, fees, spot])
}

/// Position of the fee in the list of its type, added when it is new.
fn position_of(list: &mut Vec<u32>, fee: u32) -> Result<u8, String> {
    let position = list.iter().position(|known| *known == fee).unwrap_or_else(|| {
        list.push(fee);
        list.len() - 1
    });
    u8::try_from(position).map_err(|_| "has over 255 fees for one type".to_owned())
}

/// Start of each zone's list, types, prices, Spot.
fn encode_zones(
    table: &Ec2Table,
    places: &Ec2Places<'_>,
    scales: &[u8],
    wide: &mut WideFigures,
) -> Result<[Vec<u8>; 4], String> {
    let (mut starts, mut types, mut prices, mut spot) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for region in places.dense..places.regions.len() {
        starts.extend(small(types.len() / 2)?.to_le_bytes());
        for (name, scale) in scales.iter().enumerate() {
            let Some(row) = places.row(table, name, region) else { continue };
            let index = u16::try_from(name).map_err(|_| "has too many types".to_owned())?;
            types.extend(index.to_le_bytes());
            let key = name * places.regions.len() + region;
            prices.extend(
                place_prices(row, key, *scale, wide)?.into_iter().flat_map(u32::to_le_bytes),
            );
            spot.extend(spot_shares(row));
        }
    }
    starts.extend(small(types.len() / 2)?.to_le_bytes());
    Ok([starts, types, prices, spot])
}

fn place_prices(
    row: &Ec2Row,
    place: usize,
    scale: u8,
    wide: &mut WideFigures,
) -> Result<[u32; SYSTEMS], String> {
    let mut prices = [0; SYSTEMS];
    for (system, price) in prices.iter_mut().enumerate() {
        *price = wide.place(place * SYSTEMS + system, row[system], scale)?;
    }
    Ok(prices)
}

/// Spot averages of Linux and Windows as parts of their on-demand prices; 0 for none.
fn spot_shares(row: &Ec2Row) -> [u8; (EC2_COLUMNS.len() - SYSTEMS) * 2] {
    let [linux, windows] = [share(row[SYSTEMS], row[0]), share(row[SYSTEMS + 1], row[1])];
    let ([a, b], [c, d]) = (linux.to_le_bytes(), windows.to_le_bytes());
    [a, b, c, d]
}

fn share(spot: Option<Amount>, on_demand: Option<Amount>) -> u16 {
    let (Some(spot), Some(on_demand)) = (spot, on_demand) else { return 0 };
    let scale = spot.scale().max(on_demand.scale());
    let (Some(spot), Some(on_demand)) = (spot.mantissa_at(scale), on_demand.mantissa_at(scale))
    else {
        return 0;
    };
    let parts = (u128::from(spot) * u128::from(SPOT_PARTS) + u128::from(on_demand) / 2)
        / u128::from(on_demand);
    u16::try_from(parts.max(1)).unwrap_or(u16::MAX)
}
