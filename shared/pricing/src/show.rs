//! Every listed price of one type, for people who ask by name, with hints when they mistype.

use crate::book::Book;
use crate::encode::section;
use crate::grid::GridName;
use domain::price::Source;
use domain::resource::{OperatingSystem, Service};
use rust_decimal::Decimal;

/// Answer to "what does this cost there".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// All prices that are listed.
    Prices(Vec<Listed>),
    /// The service has prices there, but not of this type.
    NotThere {
        /// Where it is listed.
        regions: Vec<String>,
    },
    /// No such type.
    UnknownType {
        /// Types with a similar name, the most similar first.
        similar: Vec<String>,
    },
    /// The service has no prices for this region.
    UnknownRegion {
        /// Regions with a similar name, the most similar first.
        similar: Vec<String>,
    },
}

/// One listed price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// `Linux on demand`, `mysql/none/multi-az/db.m5.large`.
    pub product: String,
    /// `hour`, `GiB-month` … as the tables name it.
    pub unit: &'static str,
    /// US dollars for one unit.
    pub unit_price: Decimal,
    /// Where it was published.
    pub source: Source,
}

/// How many similar names are offered.
const SIMILAR: usize = 5;

impl Book {
    /// Every listed price of a type (`m5.large`, `gp3`, `db.r6g.large`, `x86`) in a region. The type
    /// does not matter for NAT gateways and addresses.
    pub fn show(&self, service: Service, kind: &str, region: &str) -> Shown {
        match service {
            Service::Ec2 | Service::AutoScaling | Service::Ec2Fleet => self.show_ec2(kind, region),
            Service::Ebs => self.show_grids(&[GridName::Ebs], first_part, kind, region),
            Service::Lambda => self.show_grids(&[GridName::Lambda], first_part, kind, region),
            Service::NatGateway => {
                self.show_grids(&[GridName::Nat], first_part, "nat-gateway", region)
            }
            Service::PublicIpv4 => {
                self.show_grids(&[GridName::Ipv4], first_part, "public-ipv4", region)
            }
            Service::Rds => {
                let grids = [GridName::Rds, GridName::Docdb, GridName::Neptune];
                self.show_grids(&grids, class_part, kind, region)
            }
        }
    }

    fn show_ec2(&self, name: &str, region: &str) -> Shown {
        if self.ec2_place(region).is_none() {
            let similar = most_similar(region, self.regions().into_iter());
            return Shown::UnknownRegion { similar };
        }
        if self.ec2_type(name).is_none() {
            return Shown::UnknownType { similar: most_similar(name, self.instance_types()) };
        }
        let mut prices = Vec::new();
        for os in OperatingSystem::ALL {
            let on_demand = self.ec2_on_demand(name, region, os);
            let spot = self.ec2_spot(name, region, os);
            prices.extend(
                on_demand.map(|price| by_hour(os, "on demand", price.hourly, price.source)),
            );
            prices
                .extend(spot.map(|price| by_hour(os, "Spot, average", price.hourly, price.source)));
        }
        if !prices.is_empty() {
            return Shown::Prices(prices);
        }
        let here = |place: &&str| {
            OperatingSystem::ALL.iter().any(|os| self.ec2_on_demand(name, place, *os).is_some())
        };
        Shown::NotThere {
            regions: self.regions().into_iter().filter(here).map(str::to_owned).collect(),
        }
    }

    fn show_grids(
        &self,
        grids: &[GridName],
        kind_of: fn(&str) -> Option<&str>,
        kind: &str,
        region: &str,
    ) -> Shown {
        if grids.iter().all(|grid| self.grid_column(*grid, region).is_none()) {
            let known = grids.iter().flat_map(|grid| self.grid_regions(*grid));
            return Shown::UnknownRegion { similar: most_similar(region, known) };
        }
        let fits = |product: &str| kind_of(product) == Some(kind);
        let mut prices = Vec::new();
        let mut regions = Vec::new();
        for grid in grids {
            let rows = self.grid_products(*grid).enumerate().filter(|(_, product)| fits(product));
            for (row, product) in rows {
                prices.extend(self.grid_rate(*grid, &[product], region).map(|rate| Listed {
                    product: product.to_owned(),
                    unit: self.grid_unit(*grid, row),
                    unit_price: rate.usd,
                    source: rate.source,
                }));
                let elsewhere = self.grid_regions(*grid).enumerate();
                regions.extend(
                    elsewhere
                        .filter(|(column, _)| self.grid_figure(*grid, row, *column).is_some())
                        .map(|(_, region)| region.to_owned()),
                );
            }
        }
        if !prices.is_empty() {
            return Shown::Prices(prices);
        }
        if regions.is_empty() {
            let known = grids.iter().flat_map(|grid| self.grid_products(*grid)).filter_map(kind_of);
            return Shown::UnknownType { similar: most_similar(kind, known) };
        }
        regions.sort_unstable();
        regions.dedup();
        Shown::NotThere { regions }
    }

    /// Name and date of EC2's own source: the one to name beside the whole book.
    pub fn main_source(&self) -> Source {
        self.source(section::EC2_SOURCES, 0)
    }
}

fn by_hour(os: OperatingSystem, how: &str, unit_price: Decimal, source: Source) -> Listed {
    Listed { product: format!("{} {how}", os.label()), unit: "hour", unit_price, source }
}

/// `gp3` of `gp3/storage`.
fn first_part(product: &str) -> Option<&str> {
    product.split('/').next()
}

/// `db.m5.large` of `mysql/none/multi-az/db.m5.large`.
fn class_part(product: &str) -> Option<&str> {
    product.split('/').nth(3)
}

fn most_similar<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    known.sort_by_key(|name| strsim::damerau_levenshtein(name, wanted));
    known.into_iter().take(SIMILAR).map(str::to_owned).collect()
}
