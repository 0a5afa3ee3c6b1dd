//! RDS, Aurora, DocumentDB and Neptune: instances by class, engine, licence and deployment.

use crate::book::Book;
use crate::draft::{Draft, Rate, rounded_up};
use crate::grid::{GridName, Listing};
use domain::price::Unit;
use domain::resource::{AcuRange, ClusterSpec, DatabaseSpec, Deployment};
use rust_decimal::Decimal;

/// A class that a region does not list is reckoned with this times its dearest other region.
const DEAREST_ELSEWHERE: i64 = 2;

/// The most capacity that a serverless cluster may have, in ACU.
const MOST_ACU: i64 = 256;

/// The least that runs while it is not paused, in thousandths of an ACU.
const LEAST_RUNNING_MILLI_ACU: u32 = 500;

/// US dollars an hour for an empty table: more than any class costs.
const LAST_RESORT: Decimal = Decimal::from_parts(1_000, 0, 0, false, 0);

const SERVERLESS: &str = "db.serverless";

/// How an engine's products are named in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Engine {
    pub(crate) grid: GridName,
    pub(crate) name: &'static str,
    /// The licence when the event tells none, or one that the engine is not sold with.
    default_licence: &'static str,
    licences: &'static [&'static str],
}

impl Engine {
    /// Storage belongs to the cluster, and zones do not change the price of an instance.
    pub(crate) fn shares_storage(self) -> bool {
        self.name.starts_with("aurora") || self.grid != GridName::Rds
    }

    pub(crate) fn is_sql_server(self) -> bool {
        self.name.contains("sqlserver")
    }

    /// Multi-AZ is twice Single-AZ, for estimates.
    fn doubles_by_multi_az(self) -> bool {
        self.name.starts_with("oracle") || self.follows_region_ratio()
    }

    /// Without a licence in its price, so that a region's ratio holds.
    fn follows_region_ratio(self) -> bool {
        matches!(self.name, "postgres" | "mysql" | "mariadb")
    }
}

const BYOL: &str = "bring-your-own-license";
const INCLUDED: &str = "license-included";
const NONE: &str = "none";
const IO_OPTIMIZED: &str = "io-optimized";

/// Names in AWS's API, where and how the tables name them, and their licences, the usual one first.
type Named = (&'static [&'static str], GridName, &'static str, &'static [&'static str]);

const ENGINES: [Named; 20] = [
    (&["postgres"], GridName::Rds, "postgres", &[NONE]),
    (&["mysql"], GridName::Rds, "mysql", &[NONE]),
    (&["mariadb"], GridName::Rds, "mariadb", &[NONE]),
    (&["aurora", "aurora-mysql"], GridName::Rds, "aurora-mysql", &[NONE]),
    (&["aurora-postgresql"], GridName::Rds, "aurora-postgresql", &[NONE]),
    (&["oracle-ee", "oracle-ee-cdb"], GridName::Rds, "oracle-ee", &[BYOL]),
    (&["oracle-se2", "oracle-se2-cdb"], GridName::Rds, "oracle-se2", &[INCLUDED, BYOL]),
    (&["sqlserver-ee"], GridName::Rds, "sqlserver-ee", &[INCLUDED]),
    (&["sqlserver-se"], GridName::Rds, "sqlserver-se", &[INCLUDED]),
    (&["sqlserver-web"], GridName::Rds, "sqlserver-web", &[INCLUDED]),
    (&["sqlserver-ex"], GridName::Rds, "sqlserver-ex", &[INCLUDED]),
    (&["db2-se", "db2-ae"], GridName::Rds, "db2", &[BYOL, "marketplace-license"]),
    (&["custom-oracle-ee", "custom-oracle-ee-cdb"], GridName::Rds, "custom-oracle-ee", &[BYOL]),
    (&["custom-oracle-se2", "custom-oracle-se2-cdb"], GridName::Rds, "custom-oracle-se2", &[BYOL]),
    (&["custom-sqlserver-ee"], GridName::Rds, "custom-sqlserver-ee", &[INCLUDED, BYOL]),
    (&["custom-sqlserver-se"], GridName::Rds, "custom-sqlserver-se", &[INCLUDED, BYOL]),
    (&["custom-sqlserver-web"], GridName::Rds, "custom-sqlserver-web", &[INCLUDED]),
    (&["custom-sqlserver-dev"], GridName::Rds, "custom-sqlserver-dev", &[BYOL]),
    (&["docdb"], GridName::Docdb, "docdb", &[NONE]),
    (&["neptune"], GridName::Neptune, "neptune", &[NONE]),
];

/// The engine as its products are named, from the name in AWS's API.
pub(crate) fn engine(api_name: &str) -> Option<Engine> {
    let named = ENGINES.iter().find(|(names, ..)| names.contains(&api_name));
    let (_, grid, name, licences) = *named?;
    let default_licence = licences.first()?;
    Some(Engine { grid, name, default_licence, licences })
}

/// One instance, or three with readable standbys, as the tables name it.
struct Product<'a> {
    engine: Engine,
    licence: &'a str,
    deployment: Deployment,
    class: &'a str,
}

impl Product<'_> {
    fn key(&self) -> [&str; 4] {
        [self.engine.name, self.licence, code(self.deployment), self.class]
    }

    fn in_single_az(&self) -> [&str; 4] {
        [self.engine.name, self.licence, code(Deployment::SingleAz), self.class]
    }

    /// `db.r6g.large PostgreSQL Multi-AZ`.
    fn item(&self) -> String {
        let mut item = format!("{} {}", self.class, self.engine.name);
        if self.licence == IO_OPTIMIZED {
            item.push_str(" I/O-Optimized");
        } else if self.engine.licences.len() > 1 {
            item.extend([" ", self.licence]);
        }
        match self.deployment {
            Deployment::SingleAz => {}
            Deployment::MultiAz => item.push_str(" Multi-AZ"),
            Deployment::ReadableStandbys => item.push_str(" with two readable standbys"),
        }
        item
    }
}

/// Name of a deployment in the tables.
pub(crate) const fn code(deployment: Deployment) -> &'static str {
    match deployment {
        Deployment::SingleAz => "single-az",
        Deployment::MultiAz => "multi-az",
        Deployment::ReadableStandbys => "readable-standbys",
    }
}

impl Book {
    pub(crate) fn price_database(&self, draft: &mut Draft, spec: &DatabaseSpec, region: &str) {
        let Some(engine) = engine(&spec.engine) else {
            return self.unknown_engine(draft, &spec.engine, &spec.class, region);
        };
        let told = spec.licence.as_deref();
        let licence = match told.filter(|licence| engine.licences.contains(licence)) {
            _ if spec.io_optimized && engine.shares_storage() => IO_OPTIMIZED,
            Some(licence) => licence,
            None => engine.default_licence,
        };
        let shares_storage = engine.shares_storage();
        let deployment = if shares_storage { Deployment::SingleAz } else { spec.deployment };
        let product = Product { engine, licence, deployment, class: &spec.class };
        if spec.class == SERVERLESS {
            self.price_serverless(draft, &product, spec.acu, region);
        } else {
            self.price_class(draft, &product, region);
        }
        if let Some(storage) = spec.storage.as_ref().filter(|_| !shares_storage) {
            self.price_database_storage(draft, engine, deployment, storage, region);
        }
    }

    /// Aurora-like clusters cost through their instances, and storage by use.
    pub(crate) fn price_cluster(&self, draft: &mut Draft, spec: &ClusterSpec, region: &str) {
        let engine = engine(&spec.engine);
        if let Some(engine) = engine.filter(|engine| engine.shares_storage()) {
            return self.rate_cluster_storage(draft, engine, spec.io_optimized, region);
        }
        let Some(class) = spec.instance_class.as_deref() else { return };
        let Some(engine) = engine else {
            return self.unknown_engine(draft, &spec.engine, class, region);
        };
        let deployment = Deployment::ReadableStandbys;
        let product = Product { engine, licence: engine.default_licence, deployment, class };
        self.price_class(draft, &product, region);
        if let Some(storage) = &spec.storage {
            self.price_database_storage(draft, engine, deployment, storage, region);
        }
    }

    fn price_class(&self, draft: &mut Draft, product: &Product<'_>, region: &str) {
        let (grid, key) = (product.engine.grid, product.key());
        match self.listing(grid, &key, region) {
            Listing::Listed(rate) => draft.line(product.item(), 1, Unit::Hour, rate),
            Listing::Missing(dearest) => match self.estimated_class(product, region) {
                Some((rate, how)) => {
                    let item = format!("{}, estimated {how}", product.item());
                    draft.line(item, 1, Unit::Hour, rate);
                }
                None => self.unknown_class(draft, product, dearest, region),
            },
        }
    }

    /// A price that is not listed but follows from others, and how.
    fn estimated_class(&self, product: &Product<'_>, region: &str) -> Option<(Rate, &'static str)> {
        let single = product.in_single_az();
        let doubles = product.engine.doubles_by_multi_az();
        if product.deployment == Deployment::MultiAz
            && doubles
            && let Some(rate) = self.grid_rate(GridName::Rds, &single, region)
        {
            let usd = rate.usd * Decimal::TWO;
            return Some((Rate { usd, ..rate }, "as twice Single-AZ"));
        }
        if !product.engine.follows_region_ratio() {
            return None;
        }
        let family = product.class.split('.').nth(1)?;
        let ratio = self.grid_rate(GridName::RdsRatio, &[family], region)?;
        let home = self.grid_rate(GridName::Rds, &product.key(), "us-east-1")?;
        let usd = rounded_up(home.usd * ratio.usd);
        Some((Rate { usd, source: ratio.source }, "from us-east-1 by the ratio of the region"))
    }

    fn unknown_class(
        &self,
        draft: &mut Draft,
        product: &Product<'_>,
        dearest: Option<Decimal>,
        region: &str,
    ) {
        let class = shown(product.class);
        let name = product.engine.name;
        if let Some(dearest) = dearest {
            let ceiling = dearest * Decimal::from(DEAREST_ELSEWHERE);
            return draft.unknown(
                ceiling,
                format!(
                    "{class} {name} has no price for {region}: at most {DEAREST_ELSEWHERE} times \
                     its dearest other region"
                ),
            );
        }
        let size = product.class.split('.').nth(2).unwrap_or_default();
        let same_size = |key: &str, own_engine: bool| {
            let mut parts = key.split('/');
            let engine_fits = parts.next().is_some_and(|engine| !own_engine || engine == name);
            engine_fits
                && parts
                    .nth(2)
                    .and_then(|class| class.split('.').nth(2))
                    .is_some_and(|it| it == size)
        };
        let grid = product.engine.grid;
        let (ceiling, which) = [
            (self.dearest(grid, |key| same_size(key, true)), "the dearest of its size and engine"),
            (
                self.dearest(GridName::Rds, |key| same_size(key, false)),
                "the dearest RDS class of its size",
            ),
            (self.dearest(GridName::Rds, |_| true), "the dearest RDS class"),
        ]
        .into_iter()
        .find_map(|(ceiling, which)| Some((ceiling?, which)))
        .unwrap_or((LAST_RESORT, "a last resort, since the table is empty"));
        draft.unknown(ceiling, format!("{class} {name} is not in the price table: {which}"));
    }

    fn unknown_engine(&self, draft: &mut Draft, engine: &str, class: &str, region: &str) {
        let size = class.split('.').nth(2).unwrap_or_default();
        let same_size =
            |key: &str| key.split('/').nth(3).and_then(|it| it.split('.').nth(2)) == Some(size);
        let ceiling = self
            .dearest(GridName::Rds, same_size)
            .or_else(|| self.dearest(GridName::Rds, |_| true))
            .unwrap_or(LAST_RESORT);
        let (engine, class) = (shown(engine), shown(class));
        draft.unknown(
            ceiling,
            format!("engine {engine} is not in the price table for {region}: the dearest {class}-sized class"),
        );
    }

    fn price_serverless(
        &self,
        draft: &mut Draft,
        product: &Product<'_>,
        acu: Option<AcuRange>,
        region: &str,
    ) {
        let (rate, listed) = match self.listing(product.engine.grid, &product.key(), region) {
            Listing::Listed(rate) => (rate, true),
            Listing::Missing(dearest) => (self.acu_ceiling(dearest), false),
        };
        let name = product.engine.name;
        let Some(range) = acu else {
            return draft.unknown(
                rate.usd * Decimal::from(MOST_ACU),
                format!(
                    "the capacity range of the {name} cluster is not known: at most {MOST_ACU} ACU"
                ),
            );
        };
        let most = acus(range.max_milli.max(range.min_milli)) * rate.usd;
        if !listed {
            let what = format!("{name} serverless has no price for {region}");
            return draft.unknown(most, format!("{what}: the dearest ACU at its maximum capacity"));
        }
        let paused = range.min_milli == 0;
        let least =
            if paused { LEAST_RUNNING_MILLI_ACU.min(range.max_milli) } else { range.min_milli };
        let above = most - acus(least) * rate.usd;
        let item = if paused {
            format!("{name} serverless at 0.5 ACU while it is not paused")
        } else {
            format!("{name} serverless at its minimum capacity")
        };
        draft.line(item, acus(least), Unit::AcuHour, rate);
        draft.varies(above, format!("scales up to {} ACU", acus(range.max_milli)));
    }

    /// The dearest capacity unit of any engine, in place of one without a price.
    fn acu_ceiling(&self, dearest: Option<Decimal>) -> Rate {
        let any = || {
            [GridName::Rds, GridName::Neptune]
                .into_iter()
                .filter_map(|grid| self.dearest(grid, |key| key.ends_with(SERVERLESS)))
                .max()
        };
        Rate { usd: dearest.or_else(any).unwrap_or(Decimal::ONE), source: self.no_rate().source }
    }
}

fn acus(milli: u32) -> Decimal {
    Decimal::new(i64::from(milli), 3).normalize()
}

/// Names of a hostile event, cut.
fn shown(name: &str) -> String {
    name.chars().take(40).collect()
}
