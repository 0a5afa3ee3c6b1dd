//! EC2 instances: on demand by operating system, Spot, dedicated tenancy, hosts, capacity blocks.

use crate::book::{Book, decimal};
use crate::draft::{Draft, Rate, rounded_up};
use crate::encode::{SPOT_PARTS, section};
use crate::grid::GridName;
use crate::names::{u16_at, u32_at};
use crate::tables::SYSTEMS;
use domain::price::{Source, Unit};
use domain::resource::{InstanceSpec, OperatingSystem, Purchase, Tenancy};
use rust_decimal::Decimal;

/// What one EC2 price is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ec2Price {
    /// US dollars an hour, exactly as published.
    pub hourly: Decimal,
    /// The list that it stands in.
    pub source: Source,
}

/// An average Spot price: kept as a share of the on-demand price, so right to 1/50,000 of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpotAverage {
    /// US dollars an hour.
    pub hourly: Decimal,
    /// Whose average it is, and of when.
    pub source: Source,
}

/// A type that a region does not list is reckoned with this times its dearest other place. No
/// region is dearer than 1.75 times the dearest of the others for any type in the table of 2026-07.
const DEAREST_ELSEWHERE: i64 = 2;

/// US dollars an hour that AWS adds once for each region with a dedicated instance.
const DEDICATED_REGION_FEE: i64 = 2;

/// What dedicated tenancy adds where the family is not in the table: the common share.
const DEDICATED_DEFAULT: Decimal = Decimal::from_parts(10, 0, 0, false, 2);

const SPOT_PER_CELL: usize = 2;
const FEES: usize = SYSTEMS - 1;

impl Book {
    /// On-demand price of a type with shared tenancy. `region` may be a local zone
    /// (`us-west-2-lax-1`).
    pub fn ec2_on_demand(
        &self,
        instance_type: &str,
        region: &str,
        os: OperatingSystem,
    ) -> Option<Ec2Price> {
        let (name, place) = (self.ec2_type(instance_type)?, self.ec2_place(region)?);
        let (mantissa, scale) = self.ec2_parts(name, place, os as usize)?;
        Some(Ec2Price { hourly: decimal(mantissa, scale), source: self.ec2_source(place) })
    }

    /// On-demand price in US dollars an hour, without its source.
    #[inline]
    pub fn ec2_hourly(
        &self,
        instance_type: &str,
        region: &str,
        os: OperatingSystem,
    ) -> Option<Decimal> {
        self.ec2_figure(self.ec2_type(instance_type)?, self.ec2_place(region)?, os)
    }

    /// Average Spot price of a type. RHEL, SUSE and Ubuntu Pro pay the Linux average and their
    /// ordinary fee on top.
    pub fn ec2_spot(
        &self,
        instance_type: &str,
        region: &str,
        os: OperatingSystem,
    ) -> Option<SpotAverage> {
        let (name, place) = (self.ec2_type(instance_type)?, self.ec2_place(region)?);
        let windows = os == OperatingSystem::Windows;
        let base = if windows { OperatingSystem::Windows } else { OperatingSystem::Linux };
        let mut hourly = self.ec2_spot_average(name, place, base)?;
        if os != base {
            let fee = self.ec2_figure(name, place, os)? - self.ec2_figure(name, place, base)?;
            hourly = (hourly + fee).normalize();
        }
        let source = self.section(section::EC2_SPOT_SOURCE).first().copied().unwrap_or_default();
        Some(SpotAverage { hourly, source: self.source(section::EC2_SOURCES, source.into()) })
    }

    pub(crate) fn ec2_type(&self, instance_type: &str) -> Option<usize> {
        self.names(section::EC2_TYPES).find(instance_type)
    }

    pub(crate) fn ec2_place(&self, region: &str) -> Option<usize> {
        self.names(section::EC2_REGIONS).find(region)
    }

    fn ec2_source(&self, place: usize) -> Source {
        let own = self.section(section::EC2_REGION_SOURCE).get(place).copied().unwrap_or_default();
        self.source(section::EC2_SOURCES, usize::from(own.saturating_sub(1)))
    }

    fn ec2_figure(&self, name: usize, place: usize, os: OperatingSystem) -> Option<Decimal> {
        self.ec2_parts(name, place, os as usize).map(|(mantissa, scale)| decimal(mantissa, scale))
    }

    /// Mantissa and scale of a price; `system` counts as [`OperatingSystem::ALL`] does.
    #[inline]
    pub(crate) fn ec2_parts(&self, name: usize, place: usize, system: usize) -> Option<(u64, u8)> {
        let narrow = if let Some(cell) = self.ec2_dense_cell(name, place) {
            self.ec2_dense_price(name, cell, system)
        } else {
            let entry = self.ec2_zone_entry(name, place)?;
            u32_at(self.section(section::EC2_ZONE_PRICES), entry * SYSTEMS + system)
        };
        match narrow? {
            0 => {
                let places = self.names(section::EC2_REGIONS).len();
                self.wide(section::EC2_WIDE, (name * places + place) * SYSTEMS + system)
            }
            mantissa => Some((mantissa.into(), *self.section(section::EC2_SCALE).get(name)?)),
        }
    }

    #[inline]
    fn ec2_dense_cell(&self, name: usize, place: usize) -> Option<usize> {
        let dense = self.ec2_columns;
        (place < dense).then_some(name * dense + place)
    }

    /// Linux, or Linux and the fee that the system has for this type here; 0 for none.
    #[inline]
    fn ec2_dense_price(&self, name: usize, cell: usize, system: usize) -> Option<u32> {
        let linux = u32_at(self.section(section::EC2_LINUX), cell)?;
        let Some(system) = system.checked_sub(1) else { return Some(linux) };
        let index = *self.section(section::EC2_FEE_INDEX).get(cell * FEES + system)?;
        let Some(index) = index.checked_sub(1) else { return Some(0) };
        let start = u32_at(self.section(section::EC2_FEE_START), name * FEES + system)? as usize;
        let fee = u32_at(self.section(section::EC2_FEES), start + usize::from(index))?;
        Some(linux.wrapping_add(fee))
    }

    /// Where a type stands in the list of a zone.
    fn ec2_zone_entry(&self, name: usize, place: usize) -> Option<usize> {
        let zone = place.checked_sub(self.ec2_columns)?;
        let starts = self.section(section::EC2_ZONE_START);
        let (mut low, mut high) =
            (u32_at(starts, zone)? as usize, u32_at(starts, zone + 1)? as usize);
        let types = self.section(section::EC2_ZONE_TYPE);
        while low < high {
            let middle = low.midpoint(high);
            match usize::from(u16_at(types, middle)?).cmp(&name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// Average Spot price of Linux or Windows.
    pub(crate) fn ec2_spot_average(
        &self,
        name: usize,
        place: usize,
        os: OperatingSystem,
    ) -> Option<Decimal> {
        let (list, entry) = match self.ec2_dense_cell(name, place) {
            Some(cell) => (section::EC2_SPOT, cell),
            None => (section::EC2_ZONE_SPOT, self.ec2_zone_entry(name, place)?),
        };
        let parts = u16_at(self.section(list), entry * SPOT_PER_CELL + os as usize)?;
        if parts == 0 {
            return None;
        }
        let on_demand = self.ec2_figure(name, place, os)?;
        let share = Decimal::from(parts) / Decimal::from(SPOT_PARTS);
        Some((on_demand * share).round_dp(8).normalize())
    }

    pub(crate) fn price_instance(&self, draft: &mut Draft, spec: &InstanceSpec, region: &str) {
        let zone = local_zone(spec.availability_zone.as_deref(), region);
        let place = zone.as_deref().map_or(region, |zone| self.ec2_zone_code(zone));
        match (spec.tenancy, spec.purchase) {
            (Tenancy::Host, _) => self.price_on_host(draft, spec, place),
            (_, Purchase::CapacityBlock) => self.price_in_capacity_block(draft, spec, place),
            (_, Purchase::Spot) => self.price_spot(draft, spec, place),
            (_, Purchase::OnDemand) => self.price_on_demand(draft, spec, place),
        }
        if spec.tenancy == Tenancy::Dedicated {
            self.price_dedicated(draft, &spec.instance_type, place);
        }
        for volume in &spec.volumes {
            self.price_attached_volume(draft, volume, region);
        }
    }

    fn price_on_demand(&self, draft: &mut Draft, spec: &InstanceSpec, place: &str) {
        if let Some(price) = self.ec2_on_demand(&spec.instance_type, place, spec.os) {
            let item = format!("{} {} on demand", spec.instance_type, spec.os.label());
            draft.line(item, 1, Unit::Hour, price.into());
        } else {
            let (ceiling, reason) = self.ec2_ceiling(spec, place);
            draft.unknown(ceiling, reason);
        }
    }

    fn price_spot(&self, draft: &mut Draft, spec: &InstanceSpec, place: &str) {
        let (name, os) = (&spec.instance_type, spec.os);
        let Some(on_demand) = self.ec2_on_demand(name, place, os) else {
            return self.price_on_demand(draft, spec, place);
        };
        let Some(average) = self.ec2_spot(name, place, os) else {
            let item = format!("{name} {} Spot, reckoned at the on-demand price", os.label());
            draft.line(item, 1, Unit::Hour, on_demand.into());
            return draft.varies(
                Decimal::ZERO,
                "no average of this Spot price is known; on demand is its ceiling",
            );
        };
        let above = on_demand.hourly - average.hourly;
        let rate = Rate { usd: average.hourly, source: average.source };
        draft.line(format!("{name} {} Spot, average", os.label()), 1, Unit::Hour, rate);
        draft.varies(above, "the Spot price moves; on demand is its ceiling");
    }

    /// The machine is paid with the host; only a licence is paid by the instance.
    fn price_on_host(&self, draft: &mut Draft, spec: &InstanceSpec, place: &str) {
        let (name, os) = (&spec.instance_type, spec.os);
        let linux = self.ec2_on_demand(name, place, OperatingSystem::Linux);
        let rate = linux.clone().map_or_else(|| self.no_rate(), Rate::from);
        draft.line(
            format!("{name} on a dedicated host, which is paid as a whole"),
            0,
            Unit::Hour,
            rate,
        );
        if os == OperatingSystem::Linux {
            return;
        }
        match (linux, self.ec2_on_demand(name, place, os)) {
            (Some(linux), Some(price)) if price.hourly > linux.hourly => {
                let fee = Rate { usd: price.hourly - linux.hourly, source: price.source };
                draft.line(format!("{} licence for {name}", os.label()), 1, Unit::Hour, fee);
            }
            (Some(_), Some(_)) => {}
            _ => {
                let (ceiling, reason) = self.ec2_ceiling(spec, place);
                draft.unknown(ceiling, format!("{} licence on a host: {reason}", os.label()));
            }
        }
    }

    fn price_in_capacity_block(&self, draft: &mut Draft, spec: &InstanceSpec, place: &str) {
        let name = &spec.instance_type;
        let on_demand = self.ec2_on_demand(name, place, spec.os);
        let ceiling = match &on_demand {
            Some(price) => price.hourly,
            None => self.ec2_ceiling(spec, place).0,
        };
        let rate = on_demand.map_or_else(|| self.no_rate(), Rate::from);
        draft.line(format!("{name} in a capacity block, paid in advance"), 0, Unit::Hour, rate);
        draft.varies(
            ceiling,
            "the capacity block was paid in advance; on demand it would cost this",
        );
    }

    /// By rule: a share of the Linux price, whatever the operating system.
    fn price_dedicated(&self, draft: &mut Draft, instance_type: &str, place: &str) {
        let (family, size) = instance_type.split_once('.').unwrap_or((instance_type, ""));
        let fee = "AWS adds $2 an hour once for each region with a dedicated instance";
        draft.varies(DEDICATED_REGION_FEE.into(), fee);
        if size.starts_with("metal") {
            return;
        }
        let Some(linux) = self.ec2_on_demand(instance_type, place, OperatingSystem::Linux) else {
            return;
        };
        let (share, source) = match self.grid_rate(GridName::Dedicated, &[family], "any") {
            Some(rate) => (rate.usd, rate.source),
            None => (DEDICATED_DEFAULT, linux.source),
        };
        let rate = Rate { usd: rounded_up(linux.hourly * share), source };
        let percent = (share * Decimal::ONE_HUNDRED).normalize();
        draft.line(format!("dedicated tenancy, by rule {percent} % of Linux"), 1, Unit::Hour, rate);
    }

    /// At most this many US dollars an hour, and why no price is known.
    fn ec2_ceiling(&self, spec: &InstanceSpec, place: &str) -> (Decimal, String) {
        let (name, os) = (spec.instance_type.as_str(), spec.os);
        let as_of = self.source(section::EC2_SOURCES, 0).as_of;
        if let Some(index) = self.ec2_type(name)
            && let Some(elsewhere) = self.ec2_dearest(index, os)
        {
            let ceiling = elsewhere * Decimal::from(DEAREST_ELSEWHERE);
            let table = format!("the price table of {as_of}");
            let reason = format!(
                "{name} {} has no price for {place} in {table}: at most {DEAREST_ELSEWHERE} \
                     times its dearest other place",
                os.label()
            );
            return (ceiling, reason);
        }
        // No place lists this type with this system: fees stay below the dearest of its size.
        let size = name.rsplit_once('.').map_or("", |(_, size)| size);
        let (ceiling, which) = match self.ec2_dearest_of_size(size, os) {
            Some((ceiling, dearest)) => (ceiling, format!("the dearest {size} ({dearest})")),
            None => match self.ec2_dearest_of_size("", os) {
                Some((ceiling, dearest)) => (ceiling, format!("the dearest of all ({dearest})")),
                None => (LAST_RESORT, "a last resort, since the table is empty".to_owned()),
            },
        };
        let shown: String = name.chars().take(40).collect();
        let what = format!("{shown} {} is not in the price table of {as_of}", os.label());
        (ceiling, format!("{what}: at most ${ceiling} an hour, {which}"))
    }

    /// The dearest place of a type.
    fn ec2_dearest(&self, name: usize, os: OperatingSystem) -> Option<Decimal> {
        match u32_at(self.section(section::EC2_DEAREST), name * SYSTEMS + os as usize)? {
            0 => None,
            u32::MAX => {
                let places = self.names(section::EC2_REGIONS).len();
                (0..places).filter_map(|place| self.ec2_figure(name, place, os)).max()
            }
            dearest => Some(decimal(dearest.into(), *self.section(section::EC2_SCALE).get(name)?)),
        }
    }

    /// The dearest type of a size (of any size for an empty one) in any place.
    fn ec2_dearest_of_size(&self, size: &str, os: OperatingSystem) -> Option<(Decimal, &str)> {
        let same_size = |name: &str| name.rsplit_once('.').is_some_and(|(_, other)| other == size);
        let types = self.instance_types().enumerate();
        types
            .filter(|(_, name)| size.is_empty() || same_size(name))
            .filter_map(|(index, name)| Some((self.ec2_dearest(index, os)?, name)))
            .max()
    }

    /// The code under which the prices of a zone stand: wavelength zones have a shorter one.
    fn ec2_zone_code<'a>(&self, zone: &'a str) -> &'a str {
        match zone.rsplit_once('-') {
            Some((carrier, _))
                if self.ec2_place(zone).is_none()
                    && self.ec2_place(carrier).is_some()
                    && zone.contains("-wl") =>
            {
                carrier
            }
            _ => zone,
        }
    }

    /// For a line of quantity 0 whose price does not matter.
    pub(crate) fn no_rate(&self) -> Rate {
        Rate { usd: Decimal::ZERO, source: self.source(section::EC2_SOURCES, 0) }
    }
}

/// US dollars an hour when a refreshed table is empty: more than any instance costs.
pub(crate) const LAST_RESORT: Decimal = Decimal::from_parts(1_000, 0, 0, false, 0);

impl From<Ec2Price> for Rate {
    fn from(price: Ec2Price) -> Self {
        Self { usd: price.hourly, source: price.source }
    }
}

/// The local or wavelength zone of an availability zone, as price lists name it;
/// none for an ordinary zone of the region.
fn local_zone(availability_zone: Option<&str>, region: &str) -> Option<String> {
    let zone = availability_zone?;
    let below = zone.strip_prefix(region)?.strip_prefix('-')?;
    if let Some((carrier, number)) = below.split_once("-wlz-") {
        // us-east-1-wl1-atl-wlz-1 is listed as us-east-1-wl1-atl1.
        return Some(format!("{region}-{carrier}{number}"));
    }
    Some(zone.trim_end_matches(|letter: char| letter.is_ascii_lowercase()).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_zone_is_told_from_an_ordinary_one() {
        let zone = |zone| local_zone(Some(zone), "us-west-2");
        assert_eq!(zone("us-west-2a"), None);
        assert_eq!(zone("us-west-2-lax-1a").as_deref(), Some("us-west-2-lax-1"));
        assert_eq!(zone("us-west-2-wl1-sea-wlz-1").as_deref(), Some("us-west-2-wl1-sea1"));
        assert_eq!(local_zone(None, "us-west-2"), None);
    }

    #[test]
    fn the_systems_stand_in_the_order_of_the_table() {
        let codes = OperatingSystem::ALL.map(OperatingSystem::code);
        assert_eq!(codes, crate::tables::EC2_COLUMNS[..SYSTEMS]);
        assert!(OperatingSystem::ALL.iter().enumerate().all(|(index, os)| *os as usize == index));
    }
}
