//! Calls that commit an account to pay for a year or longer, or at once for what cannot be given
//! back: nothing starts, nothing can be stopped, so people are told before anything is scored.

use crate::loose::{Loose, wire};
use crate::record::Call;
use domain::money::Usd;

/// Source without `.amazonaws.com`, name without its API date, and what is bought.
const COMMITMENTS: [(&str, &str, &str); 9] = [
    ("savingsplans", "CreateSavingsPlan", "a Savings Plan"),
    ("ec2", "PurchaseReservedInstancesOffering", "Reserved Instances"),
    ("ec2", "PurchaseCapacityBlock", "a Capacity Block"),
    ("rds", "PurchaseReservedDBInstancesOffering", "reserved database instances"),
    ("redshift", "PurchaseReservedNodeOffering", "reserved Redshift nodes"),
    ("elasticache", "PurchaseReservedCacheNodesOffering", "reserved cache nodes"),
    ("es", "PurchaseReservedInstanceOffering", "reserved OpenSearch instances"),
    ("memorydb", "PurchaseReservedNodesOffering", "reserved MemoryDB nodes"),
    ("shield", "CreateSubscription", "Shield Advanced, $3,000 a month for a year"),
];

wire! {
    struct Terms<'a> {
        "commitment" | "Commitment" => hourly: Loose<'a>,
        "upfrontPaymentAmount" | "UpfrontPaymentAmount" => upfront: Loose<'a>,
        "instanceCount" | "InstanceCount" | "dBInstanceCount" | "nodeCount" | "cacheNodeCount" => count: Loose<'a>,
    }
}

fn money(thousandths: u32) -> String {
    let cents = i64::from(thousandths).div_euclid(10) + i64::from(thousandths % 10 >= 5);
    Usd::from_cents(cents).display()
}

/// What is bought, in words: `a Savings Plan of $5.00/h, $0.00 at once`. `None` for calls that commit
/// to nothing. What the request does not tell is left out: an offering is only named there.
pub(crate) fn commitment(call: &Call<'_>) -> Option<String> {
    let known = |known: &&(&str, &str, &str)| (known.0, known.1) == (call.service, call.name);
    let (_, _, what) = COMMITMENTS.iter().find(known)?;
    let terms: Terms<'_> = call.request().unwrap_or_default();
    let dollars = |amount: &Loose<'_>| Some(money(amount.thousandths()?));
    let count = terms.count.whole();
    let parts = [
        count.map(|count| format!("{count} × {what}")).or_else(|| Some((*what).to_owned())),
        dollars(&terms.hourly).map(|hourly| format!(" of {hourly}/h")),
        dollars(&terms.upfront).map(|upfront| format!(", {upfront} at once")),
    ];
    Some(parts.into_iter().flatten().collect())
}
