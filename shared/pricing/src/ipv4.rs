//! Public IPv4 addresses: by the hour, used or idle.

use crate::book::Book;
use crate::draft::Draft;
use crate::grid::{GridName, Listing};
use domain::price::Unit;
use rust_decimal::Decimal;

/// US dollars an hour for an empty table: twenty times what AWS asks everywhere.
const LAST_RESORT: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

impl Book {
    pub(crate) fn price_public_ipv4(&self, draft: &mut Draft, region: &str) {
        match self.listing(GridName::Ipv4, &["public-ipv4", "hour"], region) {
            Listing::Listed(rate) => draft.line("public IPv4 address", 1, Unit::Hour, rate),
            Listing::Missing(dearest) => draft.unknown(
                dearest.unwrap_or(LAST_RESORT),
                format!(
                    "IPv4 addresses have no price for {region}: the dearest place that is listed"
                ),
            ),
        }
    }
}
