//! The price tables as text: one CSV file a service, with its sources at the head.
//!
//! Shared by the build script, which compiles the checked-in tables in, and by the library, which
//! loads and writes refreshed ones.

use crate::amount::Amount;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// All tables of one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    pub(crate) ec2: Ec2Table,
    /// In the order of [`GRIDS`].
    pub(crate) grids: Vec<Grid>,
}

/// EC2 instances: one row a type and region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ec2Table {
    pub(crate) head: Head,
    /// (type, region) → prices in the order of [`EC2_COLUMNS`].
    pub(crate) rows: BTreeMap<(String, String), Ec2Row>,
}

pub(crate) type Ec2Row = [Option<Amount>; EC2_COLUMNS.len()];

/// Columns of `ec2.csv` after type and region.
pub(crate) const EC2_COLUMNS: [&str; 7] =
    ["linux", "windows", "rhel", "suse", "ubuntu-pro", "spot-linux", "spot-windows"];

/// How many of them are on-demand prices.
pub(crate) const SYSTEMS: usize = 5;

/// Key of the source of Spot averages in `ec2.csv`.
pub(crate) const SPOT_SOURCE: &str = "spot";

/// Any other service: one row a product, one column a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grid {
    pub(crate) head: Head,
    pub(crate) rows: BTreeMap<String, Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// `hour`, `GiB-month` …, or `ratio`.
    pub(crate) unit: String,
    /// Key of a source.
    pub(crate) source: String,
    /// Region → figure.
    pub(crate) cells: BTreeMap<String, Amount>,
}

/// What stands above the columns of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Head {
    /// Comment lines, for people.
    pub(crate) title: Vec<String>,
    /// In the order of the file; the first one is the default.
    pub(crate) sources: Vec<TableSource>,
    /// Regions whose figures come from another source than their row says.
    pub(crate) regions: BTreeMap<String, String>,
}

/// `#@source key as_of name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableSource {
    pub(crate) key: String,
    pub(crate) as_of: String,
    pub(crate) name: String,
}

/// Names of the tables other than `ec2`, which are also their file names.
pub(crate) const GRIDS: [&str; 11] = [
    "dedicated",
    "docdb",
    "ebs",
    "ipv4",
    "lambda",
    "nat",
    "neptune",
    "rds",
    "rds-ratio",
    "rds-storage",
    "services",
];

/// What is wrong with a table, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// Path of the file.
    pub file: String,
    /// Line in it, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// In words, with what to do.
    pub problem: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.problem),
            line => write!(f, "{}:{line}: {}", self.file, self.problem),
        }
    }
}

impl std::error::Error for TableError {}

impl Tables {
    /// Reads all tables of a folder.
    pub fn read(folder: &Path) -> Result<Self, TableError> {
        let ec2 = read_file(folder, "ec2", Ec2Table::parse)?;
        let grids = GRIDS
            .iter()
            .map(|name| read_file(folder, name, Grid::parse))
            .collect::<Result<_, _>>()?;
        Ok(Self { ec2, grids })
    }

    /// Writes all tables into a folder, which is made when it is not there.
    pub fn write(&self, folder: &Path) -> Result<(), TableError> {
        std::fs::create_dir_all(folder).map_err(|error| whole_file(folder, &error))?;
        write_file(folder, "ec2", &self.ec2.to_text())?;
        GRIDS
            .iter()
            .zip(&self.grids)
            .try_for_each(|(name, grid)| write_file(folder, name, &grid.to_text()))
    }

    pub(crate) fn grid_mut(&mut self, name: &str) -> Option<&mut Grid> {
        self.grids.get_mut(GRIDS.iter().position(|grid| *grid == name)?)
    }
}

type Problem = (usize, String);

/// Line number and line.
type Line<'a> = (usize, &'a str);

fn read_file<T>(
    folder: &Path,
    name: &str,
    parse: impl Fn(&str) -> Result<T, Problem>,
) -> Result<T, TableError> {
    let path = folder.join(format!("{name}.csv"));
    let text = std::fs::read_to_string(&path).map_err(|error| whole_file(&path, &error))?;
    parse(&text).map_err(|(line, problem)| TableError {
        file: path.display().to_string(),
        line,
        problem,
    })
}

fn write_file(folder: &Path, name: &str, text: &str) -> Result<(), TableError> {
    let path = folder.join(format!("{name}.csv"));
    std::fs::write(&path, text).map_err(|error| whole_file(&path, &error))
}

fn whole_file(path: &Path, error: &std::io::Error) -> TableError {
    TableError { file: path.display().to_string(), line: 0, problem: error.to_string() }
}

impl Ec2Table {
    fn parse(text: &str) -> Result<Self, Problem> {
        let (head, lines) = Head::parse(text)?;
        let mut rows = BTreeMap::new();
        let mut lines = lines.into_iter();
        check_columns(lines.next(), &["type", "region"], &EC2_COLUMNS)?;
        for (number, line) in lines {
            let mut fields = line.split(',');
            let name = checked_name(fields.next(), number)?;
            let region = checked_name(fields.next(), number)?;
            let mut row: Ec2Row = [None; EC2_COLUMNS.len()];
            for cell in &mut row {
                *cell = parse_cell(fields.next().ok_or_else(|| too_short(number))?, number)?;
            }
            rows.insert((name, region), row);
        }
        Ok(Self { head, rows })
    }

    fn to_text(&self) -> String {
        let mut out = self.head.to_text();
        out.push_str("type,region,");
        out.push_str(&EC2_COLUMNS.join(","));
        out.push('\n');
        for ((name, region), row) in &self.rows {
            out.push_str(name);
            out.push(',');
            out.push_str(region);
            for cell in row {
                push_cell(&mut out, *cell);
            }
            out.push('\n');
        }
        out
    }
}

impl Grid {
    fn parse(text: &str) -> Result<Self, Problem> {
        let (head, lines) = Head::parse(text)?;
        let mut lines = lines.into_iter();
        let (number, columns) = lines.next().ok_or_else(|| no_columns(0))?;
        let regions =
            columns.strip_prefix("product,unit,source,").ok_or_else(|| no_columns(number))?;
        let regions: Vec<String> = regions
            .split(',')
            .map(|region| checked_name(Some(region), number))
            .collect::<Result<_, _>>()?;
        let mut rows = BTreeMap::new();
        for (number, line) in lines {
            let (product, row) = Self::parse_row(line, number, &regions)?;
            head.check_source(&row.source, number)?;
            rows.insert(product, row);
        }
        Ok(Self { head, rows })
    }

    fn parse_row(line: &str, number: usize, regions: &[String]) -> Result<(String, Row), Problem> {
        let mut fields = line.split(',');
        let product = checked_name(fields.next(), number)?;
        let unit = checked_name(fields.next(), number)?;
        let source = checked_name(fields.next(), number)?;
        let mut cells = BTreeMap::new();
        for region in regions {
            let field = fields.next().ok_or_else(|| too_short(number))?;
            if let Some(figure) = parse_cell(field, number)? {
                cells.insert(region.clone(), figure);
            }
        }
        Ok((product, Row { unit, source, cells }))
    }

    fn to_text(&self) -> String {
        let regions = self.regions();
        let mut out = self.head.to_text();
        out.push_str("product,unit,source");
        for region in &regions {
            out.extend([",", region]);
        }
        out.push('\n');
        for (product, row) in &self.rows {
            out.extend([product, ",", &row.unit, ",", &row.source]);
            for region in &regions {
                push_cell(&mut out, row.cells.get(*region).copied());
            }
            out.push('\n');
        }
        out
    }

    /// Regions with at least one figure, sorted.
    pub(crate) fn regions(&self) -> Vec<&str> {
        let mut regions: Vec<&str> =
            self.rows.values().flat_map(|row| row.cells.keys()).map(String::as_str).collect();
        regions.sort_unstable();
        regions.dedup();
        regions
    }
}

impl Head {
    /// The head, and the numbered lines below it.
    fn parse(text: &str) -> Result<(Self, Vec<Line<'_>>), Problem> {
        let mut head = Self::default();
        let mut lines = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(directive) = line.strip_prefix("#@") {
                head.directive(directive, number)?;
            } else if let Some(comment) = line.strip_prefix('#') {
                head.title.push(comment.trim().to_owned());
            } else if !line.is_empty() {
                lines.push((number, line));
            }
        }
        if head.sources.is_empty() {
            return Err((0, "needs a line `#@source key date name`".to_owned()));
        }
        for source in head.regions.values() {
            head.check_source(source, 0)?;
        }
        Ok((head, lines))
    }

    fn directive(&mut self, text: &str, number: usize) -> Result<(), Problem> {
        let mut words = text.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("source"), Some(key), Some(as_of), Some(name)) => {
                self.sources.push(TableSource {
                    key: key.to_owned(),
                    as_of: as_of.to_owned(),
                    name: name.to_owned(),
                });
            }
            (Some("region"), Some(region), Some(source), None) => {
                self.regions.insert(region.to_owned(), source.to_owned());
            }
            _ => {
                let known = "`#@source key date name` or `#@region region key`";
                return Err((number, format!("a line that begins with #@ is {known}")));
            }
        }
        Ok(())
    }

    fn check_source(&self, key: &str, number: usize) -> Result<(), Problem> {
        match self.source_index(key) {
            Some(_) => Ok(()),
            None => Err((number, format!("source {key:?} has no line `#@source {key} date name`"))),
        }
    }

    pub(crate) fn source_index(&self, key: &str) -> Option<usize> {
        self.sources.iter().position(|source| source.key == key)
    }

    fn to_text(&self) -> String {
        let mut out = String::new();
        for line in &self.title {
            out.extend(["# ", line, "\n"]);
        }
        for source in &self.sources {
            out.extend(["#@source ", &source.key, " ", &source.as_of, " ", &source.name, "\n"]);
        }
        for (region, source) in &self.regions {
            out.extend(["#@region ", region, " ", source, "\n"]);
        }
        out
    }
}

fn check_columns(
    line: Option<(usize, &str)>,
    first: &[&str],
    then: &[&str],
) -> Result<(), Problem> {
    let wanted = [first, then].concat().join(",");
    match line {
        Some((_, found)) if found == wanted => Ok(()),
        other => {
            Err((other.map_or(0, |(number, _)| number), format!("the columns must be {wanted}")))
        }
    }
}

fn no_columns(number: usize) -> Problem {
    (number, "the columns must be product,unit,source and one a region".to_owned())
}

fn too_short(number: usize) -> Problem {
    (number, "has fewer fields than the head has columns".to_owned())
}

fn checked_name(field: Option<&str>, number: usize) -> Result<String, Problem> {
    let name = field.unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-./".contains(&byte);
    if !name.is_empty() && name.len() <= 100 && name.bytes().all(plain) {
        Ok(name.to_owned())
    } else {
        let short: String = name.chars().take(40).collect();
        Err((number, format!("{short:?} is not a name (1 to 100 letters, digits, `-`, `.`, `/`)")))
    }
}

fn parse_cell(field: &str, number: usize) -> Result<Option<Amount>, Problem> {
    if field.is_empty() {
        return Ok(None);
    }
    match Amount::parse(field) {
        Some(figure) if !figure.is_zero() => Ok(Some(figure)),
        Some(_) => Err((
            number,
            "a price of 0 must not stand in a table: leave the field empty".to_owned(),
        )),
        None => {
            let short: String = field.chars().take(40).collect();
            Err((number, format!("{short:?} is not a price (digits and at most 18 decimals)")))
        }
    }
}

fn push_cell(out: &mut String, figure: Option<Amount>) {
    out.push(',');
    if let Some(figure) = figure {
        out.push_str(&figure.to_string());
    }
}
