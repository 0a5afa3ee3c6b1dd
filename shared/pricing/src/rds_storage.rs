//! Storage of RDS instances and of Aurora-like clusters.

use crate::book::Book;
use crate::draft::{Draft, Rate, monthly};
use crate::grid::{GridName, Listing};
use crate::rds::{Engine, code};
use domain::price::Unit;
use domain::resource::{Deployment, VolumeSpec};
use rust_decimal::Decimal;

/// GiB to reckon with when the size is not told.
const UNTOLD_GIB: u32 = 1_024;

/// The least IOPS of provisioned storage: paid when nobody tells more.
const LEAST_PROVISIONED_IOPS: u32 = 1_000;

/// What gp3 includes below and from the size at which RDS stripes a volume.
const SMALL_GP3: (u32, u32) = (3_000, 125);
const STRIPED_GP3: (u32, u32) = (12_000, 500);

/// US dollars a GiB-month for an empty table.
const LAST_RESORT: Decimal = Decimal::TEN;

struct Storage<'a> {
    engine: Engine,
    deployment: Deployment,
    kind: &'a str,
}

impl Storage<'_> {
    fn deployment_code(&self) -> &'static str {
        match self.deployment {
            Deployment::MultiAz if self.engine.is_sql_server() => "multi-az-sqlserver",
            other => code(other),
        }
    }
}

impl Book {
    pub(crate) fn price_database_storage(
        &self,
        draft: &mut Draft,
        engine: Engine,
        deployment: Deployment,
        volume: &VolumeSpec,
        region: &str,
    ) {
        let storage = Storage { engine, deployment, kind: &volume.kind };
        let kind: String = volume.kind.chars().take(20).collect();
        let size = volume.size_gib.unwrap_or(UNTOLD_GIB);
        if volume.size_gib.is_some() {
            let item = format!("{kind} database storage");
            self.storage_line(draft, &storage, "storage", (item, size, Unit::GibMonth), region);
        } else {
            let (usd, _) = self.storage_ceiling(&storage, "storage", region);
            let reason =
                format!("the size of the {kind} storage is not told: reckoned with {size} GiB");
            draft.unknown(monthly(size, usd), reason);
        }
        let (free_iops, free_mibps) = free_performance(&storage, size);
        let iops = match (storage.kind, volume.iops) {
            ("gp3", Some(iops)) => iops.saturating_sub(free_iops),
            ("io1" | "io2", iops) => iops.unwrap_or(LEAST_PROVISIONED_IOPS),
            _ => 0,
        };
        if iops > 0 {
            let item = format!("{kind} database IOPS");
            self.storage_line(draft, &storage, "iops", (item, iops, Unit::IopsMonth), region);
        }
        let mibps = volume.throughput_mibps.unwrap_or(0).saturating_sub(free_mibps);
        if storage.kind == "gp3" && mibps > 0 {
            let item = format!("{kind} database throughput");
            self.storage_line(
                draft,
                &storage,
                "throughput",
                (item, mibps, Unit::MibpsMonth),
                region,
            );
        }
    }

    fn storage_line(
        &self,
        draft: &mut Draft,
        storage: &Storage<'_>,
        what: &str,
        (item, quantity, unit): (String, u32, Unit),
        region: &str,
    ) {
        match self.storage_rate(storage, what, region) {
            Listing::Listed(rate) => draft.line(item, quantity, unit, rate),
            Listing::Missing(_) => {
                if let Some(rate) = self.thrice_single_az(storage, what, region) {
                    draft.line(
                        format!("{item}, estimated as three times Single-AZ"),
                        quantity,
                        unit,
                        rate,
                    );
                } else {
                    let (usd, why) = self.storage_ceiling(storage, what, region);
                    let reason = format!("{item} has no price for {region}: {why}");
                    draft.unknown(monthly(quantity, usd), reason);
                }
            }
        }
    }

    fn storage_rate(&self, storage: &Storage<'_>, what: &str, region: &str) -> Listing {
        // io2 pays what io1 pays for IOPS.
        let kind = if what == "iops" && storage.kind == "io2" { "io1" } else { storage.kind };
        self.listing(GridName::RdsStorage, &[storage.deployment_code(), kind, what], region)
    }

    /// Readable standbys have storage three times; only io1 is listed so.
    fn thrice_single_az(&self, storage: &Storage<'_>, what: &str, region: &str) -> Option<Rate> {
        let readable = storage.deployment == Deployment::ReadableStandbys;
        let single = Storage { deployment: Deployment::SingleAz, ..*storage };
        match self.storage_rate(&single, what, region) {
            Listing::Listed(rate) if readable => {
                Some(Rate { usd: rate.usd * Decimal::from(3), ..rate })
            }
            _ => None,
        }
    }

    fn storage_ceiling(
        &self,
        storage: &Storage<'_>,
        what: &str,
        region: &str,
    ) -> (Decimal, &'static str) {
        match self.storage_rate(storage, what, region) {
            Listing::Listed(rate) => (rate.usd, "listed"),
            Listing::Missing(Some(dearest)) => (dearest, "the dearest region that is listed"),
            Listing::Missing(None) => {
                let same =
                    |product: &str| product.ends_with(what) && !product.starts_with("aurora");
                let any = self.dearest(GridName::RdsStorage, same).unwrap_or(LAST_RESORT);
                (any, "the dearest kind that is listed")
            }
        }
    }

    /// Storage of an Aurora-like cluster: nobody knows how much, so rates only.
    pub(crate) fn rate_cluster_storage(
        &self,
        draft: &mut Draft,
        engine: Engine,
        io_optimized: bool,
        region: &str,
    ) {
        let (grid, name) = match engine.grid {
            GridName::Rds => (GridName::RdsStorage, "aurora"),
            other => (other, engine.name),
        };
        let mode = if io_optimized { "io-optimized" } else { "none" };
        if let Listing::Listed(rate) = self.listing(grid, &[name, mode, "storage"], region) {
            draft.as_used(format!("{name} storage"), Unit::GibMonth, rate);
        }
        if let Listing::Listed(rate) = self.listing(grid, &[name, mode, "request"], region) {
            draft.as_used(format!("{name} I/O requests"), Unit::Request, rate);
        }
    }
}

/// IOPS and MiB/s that the size of a gp3 volume includes.
fn free_performance(storage: &Storage<'_>, size_gib: u32) -> (u32, u32) {
    let striped_from = match storage.engine.name {
        name if name.contains("sqlserver") => return SMALL_GP3,
        name if name.contains("oracle") => 200,
        _ => 400,
    };
    if size_gib >= striped_from { STRIPED_GP3 } else { SMALL_GP3 }
}
