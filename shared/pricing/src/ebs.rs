//! EBS volumes: storage, provisioned IOPS and throughput, by the month.

use crate::book::Book;
use crate::draft::{Draft, Rate, monthly};
use crate::grid::{GridName, Listing};
use domain::price::Unit;
use domain::resource::VolumeSpec;
use rust_decimal::Decimal;

/// gp3 includes these.
const GP3_FREE_IOPS: u32 = 3_000;
const GP3_FREE_MIBPS: u32 = 125;

/// io2 IOPS are cheaper above each of these.
const IO2_TIERS: [(u32, &str); 3] =
    [(64_000, "iops-above-64000"), (32_000, "iops-above-32000"), (0, "iops")];

/// GiB to reckon with when nobody tells: 16 TiB is possible, 1 TiB is already unusual.
const UNTOLD_GIB: u32 = 1_024;

/// US dollars a GiB-month for a kind that is in no table: more than any kind costs.
const UNLISTED_GIB_MONTH: Decimal = Decimal::ONE;

/// Most IOPS that a volume may have for each GiB, and at all.
const IOPS_PER_GIB: u32 = 1_000;
const MOST_IOPS: u32 = 256_000;

impl Book {
    pub(crate) fn price_volume(&self, draft: &mut Draft, volume: &VolumeSpec, region: &str) {
        let size = volume.size_gib.unwrap_or(UNTOLD_GIB);
        if volume.size_gib.is_some() {
            self.price_storage(draft, volume, size, region);
        } else {
            let (usd, _) = self.ebs_dearest_or_listed(volume, "storage", region);
            let kind = shown(volume);
            draft.unknown(
                monthly(size, usd),
                format!("the size of the {kind} volume is not told: reckoned with {size} GiB"),
            );
        }
        self.price_performance(draft, volume, size, region);
    }

    /// A volume of a launch. Without a size (it comes with the image) only its rate is shown, since
    /// nearly every launch has one.
    pub(crate) fn price_attached_volume(
        &self,
        draft: &mut Draft,
        volume: &VolumeSpec,
        region: &str,
    ) {
        if volume.size_gib.is_some() {
            return self.price_volume(draft, volume, region);
        }
        if let Listing::Listed(rate) = self.ebs(volume, "storage", region) {
            let item = format!("{} storage, of the size that the image has", shown(volume));
            draft.as_used(item, Unit::GibMonth, rate);
        }
    }

    fn price_storage(&self, draft: &mut Draft, volume: &VolumeSpec, size: u32, region: &str) {
        let item = format!("{} storage", shown(volume));
        self.ebs_line(draft, volume, "storage", (item, size, Unit::GibMonth), region);
        if volume.kind == "standard"
            && let Listing::Listed(rate) = self.ebs(volume, "request", region)
        {
            draft.as_used("standard I/O requests", Unit::Request, rate);
        }
    }

    fn price_performance(&self, draft: &mut Draft, volume: &VolumeSpec, size: u32, region: &str) {
        match volume.kind.as_str() {
            "gp3" => {
                let iops = volume.iops.unwrap_or(0).saturating_sub(GP3_FREE_IOPS);
                let mibps = volume.throughput_mibps.unwrap_or(0).saturating_sub(GP3_FREE_MIBPS);
                self.price_iops(draft, volume, "iops", iops, region);
                if mibps > 0 {
                    let item = "gp3 throughput above 125 MiB/s".to_owned();
                    let wanted = (item, mibps, Unit::MibpsMonth);
                    self.ebs_line(draft, volume, "throughput", wanted, region);
                }
            }
            "io1" | "io2" => {
                if let Some(iops) = volume.iops {
                    self.price_provisioned_iops(draft, volume, iops, region);
                } else {
                    let most = size.saturating_mul(IOPS_PER_GIB).min(MOST_IOPS);
                    let (usd, _) = self.ebs_dearest_or_listed(volume, "iops", region);
                    let kind = &volume.kind;
                    draft.unknown(
                        monthly(most, usd),
                        format!("the IOPS of the {kind} volume are not told: at most {most}"),
                    );
                }
            }
            _ => {}
        }
    }

    fn price_provisioned_iops(
        &self,
        draft: &mut Draft,
        volume: &VolumeSpec,
        iops: u32,
        region: &str,
    ) {
        if volume.kind == "io1" {
            return self.price_iops(draft, volume, "iops", iops, region);
        }
        let mut left = iops;
        for (above, what) in IO2_TIERS {
            let listed =
                what == "iops" || matches!(self.ebs(volume, what, region), Listing::Listed(_));
            if left > above && listed {
                self.price_iops(draft, volume, what, left - above, region);
                left = above;
            }
        }
    }

    fn price_iops(
        &self,
        draft: &mut Draft,
        volume: &VolumeSpec,
        what: &str,
        iops: u32,
        region: &str,
    ) {
        if iops == 0 {
            return;
        }
        let item = match (volume.kind.as_str(), what) {
            ("gp3", _) => "gp3 IOPS above 3,000".to_owned(),
            (_, "iops-above-32000") => "io2 IOPS above 32,000".to_owned(),
            (_, "iops-above-64000") => "io2 IOPS above 64,000".to_owned(),
            (kind, _) => format!("{kind} IOPS"),
        };
        self.ebs_line(draft, volume, what, (item, iops, Unit::IopsMonth), region);
    }

    /// One line, or a gap with its bound.
    fn ebs_line(
        &self,
        draft: &mut Draft,
        volume: &VolumeSpec,
        what: &str,
        (item, quantity, unit): (String, u32, Unit),
        region: &str,
    ) {
        match self.ebs(volume, what, region) {
            Listing::Listed(rate) => draft.line(item, quantity, unit, rate),
            Listing::Missing(_) => {
                let (usd, why) = self.ebs_dearest_or_listed(volume, what, region);
                draft.unknown(
                    monthly(quantity, usd),
                    format!("{item} has no price for {region}: {why}"),
                );
            }
        }
    }

    fn ebs(&self, volume: &VolumeSpec, what: &str, region: &str) -> Listing {
        self.listing(GridName::Ebs, &[&volume.kind, what], region)
    }

    /// The listed price or an upper bound for it, and which bound.
    fn ebs_dearest_or_listed(
        &self,
        volume: &VolumeSpec,
        what: &str,
        region: &str,
    ) -> (Decimal, &'static str) {
        match self.ebs(volume, what, region) {
            Listing::Listed(Rate { usd, .. }) => (usd, "listed"),
            Listing::Missing(dearest) => {
                // io2 costs what io1 costs wherever both are listed.
                let of_io1 = self.grid_rate(GridName::Ebs, &["io1", what], region);
                match (volume.kind.as_str(), of_io1, dearest) {
                    ("io2", Some(rate), _) => {
                        (rate.usd, "as io1, which is equal wherever both are listed")
                    }
                    (_, _, Some(dearest)) => (dearest, "the dearest place that is listed"),
                    (_, _, None) => {
                        let any =
                            self.dearest(GridName::Ebs, |product| product.ends_with("/storage"));
                        (any.unwrap_or(UNLISTED_GIB_MONTH), "the dearest kind that is listed")
                    }
                }
            }
        }
    }
}

/// The kind, cut where it came from a hostile event.
fn shown(volume: &VolumeSpec) -> String {
    volume.kind.chars().take(20).collect()
}
