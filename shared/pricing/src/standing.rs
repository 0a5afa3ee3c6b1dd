//! What stands in an account and is paid by the hour or by the month, seen by a look at the account
//! and not by an event.

use crate::book::Book;
use crate::draft::{Draft, Rate, monthly};
use crate::grid::{GridName, Listing};
use domain::ids::Region;
use domain::price::{Estimate, Unit};
use rust_decimal::Decimal;

/// US dollars a unit for an empty table: more than any of these costs but large machines.
const LAST_RESORT: Decimal = Decimal::ONE_HUNDRED;
/// Hosting a model costs about what a notebook costs; at most this part of it.
const HOSTING_OF_NOTEBOOK: Decimal = Decimal::from_parts(15, 0, 0, false, 1);

/// Something that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'a> {
    /// EBS snapshots; AWS charges what differs from the one before, at most the volume's size.
    EbsSnapshot {
        /// Size of the volume.
        gib: u32,
    },
    /// Snapshots of RDS instances, at most the database's size.
    RdsSnapshot {
        /// Size of the database.
        gib: u32,
    },
    /// A load balancer: `application`, `network`, `gateway`, `classic`.
    LoadBalancer(&'a str),
    /// An interface endpoint, paid in each zone.
    VpcEndpoint {
        /// Zones.
        zones: u32,
    },
    /// Provisioned capacity of a DynamoDB table.
    TableCapacity {
        /// Units of reading.
        read: u64,
        /// Units of writing.
        write: u64,
    },
    /// Logs that are kept.
    Logs {
        /// GiB of them.
        gib: Decimal,
    },
    /// Instances that serve a model.
    ModelInstance {
        /// `ml.m5.large`
        instance_type: &'a str,
        /// How many.
        count: u32,
    },
}

impl Book {
    /// What it costs in a region.
    pub fn standing(&self, what: &Standing<'_>, region: &Region) -> Estimate {
        let (mut draft, region) = (Draft::default(), region.as_str());
        match *what {
            Standing::EbsSnapshot { gib } => {
                self.price_snapshot(&mut draft, "ebs-snapshot", gib, region);
            }
            Standing::RdsSnapshot { gib } => {
                self.price_snapshot(&mut draft, "rds-snapshot", gib, region);
            }
            Standing::LoadBalancer(kind) => {
                self.stands(&mut draft, &["load-balancer", kind], 1, Unit::Hour, region);
            }
            Standing::VpcEndpoint { zones } => {
                self.stands(&mut draft, &["vpc-endpoint", "hour"], zones, Unit::Hour, region);
            }
            Standing::TableCapacity { read, write } => {
                self.stands(&mut draft, &["dynamodb", "read-unit"], read, Unit::Hour, region);
                self.stands(&mut draft, &["dynamodb", "write-unit"], write, Unit::Hour, region);
            }
            Standing::Logs { gib: kept } => {
                self.stands(&mut draft, &["log-storage", "kept"], kept, Unit::GibMonth, region);
            }
            Standing::ModelInstance { instance_type, count } => {
                self.price_model_instance(&mut draft, instance_type, count, region);
            }
        }
        draft.finish()
    }

    /// One line, or a gap bounded by the dearest place.
    fn stands(
        &self,
        draft: &mut Draft,
        product: &[&str],
        quantity: impl Into<Decimal>,
        unit: Unit,
        region: &str,
    ) {
        let (quantity, item) = (quantity.into(), product.join(" "));
        match self.listing(GridName::Services, product, region) {
            Listing::Listed(rate) => draft.line(item, quantity, unit, rate),
            Listing::Missing(dearest) => {
                let usd = dearest.unwrap_or(LAST_RESORT);
                let above = match unit {
                    Unit::GibMonth => monthly(quantity, usd),
                    _ => quantity * usd,
                };
                let why = "the dearest place that is listed";
                draft.unknown(above, format!("{item} has no price for {region}: {why}"));
            }
        }
    }

    /// AWS charges what no earlier snapshot holds, and does not tell how much that is.
    fn price_snapshot(&self, draft: &mut Draft, kind: &str, gib: u32, region: &str) {
        let (usd, place) = match self.listing(GridName::Services, &[kind, "storage"], region) {
            Listing::Listed(Rate { usd, .. }) => (usd, ""),
            Listing::Missing(dearest) => (
                dearest.unwrap_or(LAST_RESORT),
                " at the price of the dearest place that is listed",
            ),
        };
        let why = "AWS does not tell how much of a snapshot is paid";
        draft.unknown(monthly(gib, usd), format!("{why}: at most {gib} GiB{place}"));
    }

    /// No table has the prices of hosting: a notebook's is the measure.
    fn price_model_instance(
        &self,
        draft: &mut Draft,
        instance_type: &str,
        count: u32,
        region: &str,
    ) {
        let shown: String = instance_type.chars().take(30).collect();
        let product = ["sagemaker-notebook", instance_type];
        let (usd, why) = match self.listing(GridName::Services, &product, region) {
            Listing::Listed(Rate { usd, .. }) => (usd, "one and a half times a notebook's price"),
            Listing::Missing(Some(usd)) => (usd, "the dearest place of a notebook, and half of it"),
            Listing::Missing(None) => {
                let any = |product: &str| product.starts_with("sagemaker-notebook/");
                let dearest = self.dearest(GridName::Services, any);
                (
                    dearest.unwrap_or(LAST_RESORT),
                    "the dearest notebook that is listed, and half of it",
                )
            }
        };
        let above = usd * HOSTING_OF_NOTEBOOK * Decimal::from(count);
        draft.unknown(above, format!("hosting on {shown} has no price: at most {why}"));
    }
}
