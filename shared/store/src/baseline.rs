//! Baselines: integer sums that are added to, never rewritten.

use crate::attribute::{Corrupt, Item, number, read, text, write};
use crate::keys;
use crate::table::{StoreError, Table, unbuilt};
use aws_sdk_dynamodb::types::Update;
use domain::baseline::{Baseline, BaselineKey, Sums};
use domain::ids::AccountId;
use domain::money::MicroUsd;

/// A baseline as stored, with what the scorer keeps beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredBaseline {
    pub(crate) key: BaselineKey,
    pub(crate) baseline: Baseline,
    /// Number of the last cost event that was scored; on the account's baseline only.
    pub(crate) scored_through: Option<u64>,
    /// The actor's latest anomaly; on an actor's baseline only.
    pub(crate) current_anomaly: Option<String>,
}

/// What a batch adds to a baseline.
pub(crate) struct Addition<'a> {
    pub(crate) key: &'a BaselineKey,
    pub(crate) sums: Sums,
    pub(crate) after: Baseline,
    pub(crate) current_anomaly: Option<&'a str>,
    /// For the account's baseline: the number scored before and after this batch.
    pub(crate) scored: Option<(u64, u64)>,
}

pub(crate) fn from_item(item: &Item) -> Result<StoredBaseline, Corrupt> {
    let code: String = read(item, "SK")?;
    let key = BaselineKey::from_code(&code).ok_or_else(|| Corrupt::expected("a baseline key"))?;
    let sums = Sums {
        n: or_zero(read(item, "n")?),
        micros: or_zero(read(item, "sumMicros")?),
        logs: or_zero(read(item, "sumLogs")?),
        log_squares: or_zero(read(item, "sumLogSquares")?),
    };
    let baseline = Baseline {
        sums,
        max: read::<Option<MicroUsd>>(item, "maxMicros")?.unwrap_or_default(),
        first_at: read(item, "firstAt")?,
        last_at: read(item, "lastAt")?,
        sensitivity: read(item, "sensitivityOverride")?,
    };
    Ok(StoredBaseline {
        key,
        baseline,
        scored_through: read(item, "scoredThrough")?,
        current_anomaly: read(item, "currentAnomaly")?,
    })
}

fn or_zero<T: Default>(value: Option<T>) -> T {
    value.unwrap_or_default()
}

impl Table {
    /// The update that adds to a baseline. The account's carries the condition that nobody else
    /// has scored meanwhile, which makes the whole transaction happen exactly once.
    pub(crate) fn add_to_baseline(
        &self,
        account: &AccountId,
        addition: &Addition<'_>,
    ) -> Result<Update, StoreError> {
        let mut values = Item::from([
            (":n".to_owned(), number(addition.sums.n)),
            (":micros".to_owned(), number(addition.sums.micros)),
            (":logs".to_owned(), number(addition.sums.logs)),
            (":squares".to_owned(), number(addition.sums.log_squares)),
            (":entity".to_owned(), text("Baseline")),
            (":version".to_owned(), number(1)),
            (":max".to_owned(), number(addition.after.max.0)),
        ]);
        let mut set = "entity = :entity, schemaVersion = :version, maxMicros = :max".to_owned();
        let mut assign = |name: &str, value: &str| {
            set.push_str(", ");
            set.push_str(name);
            set.push_str(" = ");
            set.push_str(value);
        };
        if addition.after.first_at.is_some() {
            assign("firstAt", ":first");
            write(&mut values, ":first", &addition.after.first_at);
            assign("lastAt", ":last");
            write(&mut values, ":last", &addition.after.last_at);
        }
        if let Some(anomaly) = addition.current_anomaly {
            assign("currentAnomaly", ":anomaly");
            values.insert(":anomaly".to_owned(), text(anomaly));
        }
        let mut condition = None;
        if let Some((before, after)) = addition.scored {
            assign("scoredThrough", ":after");
            values.insert(":after".to_owned(), number(after));
            condition = Some(match before {
                0 => "attribute_not_exists(scoredThrough)",
                _ => "scoredThrough = :before",
            });
            if before > 0 {
                values.insert(":before".to_owned(), number(before));
            }
        }
        let expression =
            format!("SET {set} ADD n :n, sumMicros :micros, sumLogs :logs, sumLogSquares :squares");
        Update::builder()
            .table_name(&self.name)
            .set_key(Some(keys::baseline(account, addition.key).attributes()))
            .update_expression(expression)
            .set_condition_expression(condition.map(str::to_owned))
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(unbuilt)
    }
}
