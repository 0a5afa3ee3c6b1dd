//! NAT gateways: by the hour, and by the GB.

use crate::book::Book;
use crate::draft::Draft;
use crate::grid::{GridName, Listing};
use domain::price::Unit;
use rust_decimal::Decimal;

/// US dollars an hour for an empty table: more than any region asks.
const LAST_RESORT: Decimal = Decimal::ONE;

impl Book {
    pub(crate) fn price_nat_gateway(&self, draft: &mut Draft, region: &str) {
        match self.listing(GridName::Nat, &["nat-gateway", "hour"], region) {
            Listing::Listed(rate) => draft.line("NAT gateway", 1, Unit::Hour, rate),
            Listing::Missing(dearest) => draft.unknown(
                dearest.unwrap_or(LAST_RESORT),
                format!(
                    "NAT gateways have no price for {region}: the dearest place that is listed"
                ),
            ),
        }
        if let Listing::Listed(rate) =
            self.listing(GridName::Nat, &["nat-gateway", "traffic"], region)
        {
            draft.as_used("NAT gateway traffic", Unit::Gb, rate);
        }
    }
}
