//! Baselines: integer sums that are added to, never rewritten.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, Stored, number, read, text, write};
use crate::keys;
use crate::table::{StoreError, Table, Written, unbuilt};
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use domain::assessment::AccountState;
use domain::baseline::{Baseline, BaselineKey, Sensitivity, Sums};
use domain::breaker::Breaker;
use domain::governance::AuditEntry;
use domain::habits::Habits;
use domain::ids::AccountId;
use std::collections::BTreeMap;

/// A baseline as stored, with what the scorer keeps beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredBaseline {
    pub(crate) key: BaselineKey,
    pub(crate) baseline: Baseline,
    /// Number of the last cost event that was scored; on the account's baseline only.
    pub(crate) scored_through: Option<u64>,
    /// The actor's latest anomaly; on an actor's baseline only.
    pub(crate) current_anomaly: Option<String>,
    /// What the actor is used to; on an actor's baseline only.
    pub(crate) habits: Option<Habits>,
    /// What holds for the whole account; on the account's baseline only.
    pub(crate) of_account: OfAccount,
}

/// What the account's own baseline holds beside its sums.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OfAccount {
    /// How many events each region had.
    pub(crate) regions: BTreeMap<String, u64>,
    /// How much each channel has alerted of late.
    pub(crate) breakers: BTreeMap<String, Breaker>,
    /// How often people have said something of its alerts: answered one, or released those held back.
    pub(crate) answers: u64,
}

/// What a batch adds to a baseline.
pub(crate) struct Addition<'a> {
    pub(crate) key: &'a BaselineKey,
    pub(crate) sums: Sums,
    pub(crate) after: Baseline,
    pub(crate) current_anomaly: Option<&'a str>,
    /// For an actor's baseline: what it is used to, if that has changed.
    pub(crate) habits: Option<&'a Habits>,
    /// For the account's baseline: how far it is.
    pub(crate) account: Option<Progress<'a>>,
}

/// How far an account is, before and after a write.
#[derive(Clone, Copy)]
pub(crate) struct Progress<'a> {
    /// The number up to which it was and will be scored.
    pub(crate) scored: (u64, u64),
    /// What holds for the whole account afterwards, and how many answers there were before.
    pub(crate) state: &'a AccountState,
    /// What people say by this write, as far as it is counted: a release counts as no answer.
    pub(crate) answer: Option<Counted>,
}

/// What an answer changes in the counts of answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Alerts that were said to be expected.
    pub expected: i64,
    /// Alerts that were said not to be.
    pub not_expected: i64,
}

pub(crate) fn from_item(item: &Item) -> Result<StoredBaseline, Corrupt> {
    let code: String = read(item, "SK")?;
    let key = BaselineKey::from_code(&code).ok_or_else(|| Corrupt::expected("a baseline key"))?;
    Ok(StoredBaseline {
        key,
        baseline: baseline(item)?,
        scored_through: read(item, "scoredThrough")?,
        current_anomaly: read(item, "currentAnomaly")?,
        habits: read(item, "habits")?,
        of_account: of_account(item)?,
    })
}

fn baseline(item: &Item) -> Result<Baseline, Corrupt> {
    Ok(Baseline {
        sums: sums(item)?,
        max: or_zero(read(item, "maxMicros")?),
        first_at: read(item, "firstAt")?,
        last_at: read(item, "lastAt")?,
        sensitivity: read(item, "sensitivityOverride")?,
        version: or_zero(read(item, "sensitivityVersion")?),
    })
}

fn sums(item: &Item) -> Result<Sums, Corrupt> {
    Ok(Sums {
        n: or_zero(read(item, "n")?),
        micros: or_zero(read(item, "sumMicros")?),
        logs: or_zero(read(item, "sumLogs")?),
        log_squares: or_zero(read(item, "sumLogSquares")?),
    })
}

fn of_account(item: &Item) -> Result<OfAccount, Corrupt> {
    Ok(OfAccount {
        regions: read(item, "regions")?,
        breakers: read(item, "breakers")?,
        answers: or_zero(read(item, "answers")?),
    })
}

fn or_zero<T: Default>(value: Option<T>) -> T {
    value.unwrap_or_default()
}

impl Table {
    /// How readily a baseline alerts from now on; `None` as the policy has it.
    pub async fn set_sensitivity(
        &self,
        account: &AccountId,
        of: &BaselineKey,
        sensitivity: Option<Sensitivity>,
    ) -> Result<(), StoreError> {
        let key = keys::baseline(account, of);
        let Some(value) = sensitivity.to_attribute() else {
            let update = "REMOVE sensitivityOverride ADD sensitivityVersion :one";
            let there = Some("attribute_exists(PK)");
            let one = Item::from([(":one".to_owned(), number(1))]);
            return self.update(&key, update, there, one).await.map(drop);
        };
        let values = Item::from([
            (":one".to_owned(), number(1)),
            (":sensitivity".to_owned(), value),
            (":entity".to_owned(), text("Baseline")),
            (":version".to_owned(), number(1)),
        ]);
        let update = "SET sensitivityOverride = :sensitivity, entity = :entity, \
                      schemaVersion = :version ADD sensitivityVersion :one";
        self.update(&key, update, None, values).await.map(drop)
    }

    /// The same, as a tenant asks for it: if it still is as he has read it; says whether it was. The
    /// baseline must be there.
    pub async fn change_sensitivity(
        &self,
        scope: &TenantScope,
        (account, of): (&AccountId, &BaselineKey),
        (before, after): (&Baseline, Option<Sensitivity>),
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut values = Item::from([(":one".to_owned(), number(1))]);
        write(&mut values, ":before", &before.sensitivity);
        write(&mut values, ":after", &after);
        let still = match before.sensitivity {
            None => "attribute_not_exists(sensitivityOverride)",
            Some(_) => "sensitivityOverride = :before",
        };
        let of_version = match before.version {
            0 => "attribute_not_exists(sensitivityVersion)",
            version => {
                values.insert(":version".to_owned(), number(version));
                "sensitivityVersion = :version"
            }
        };
        let change = match after {
            None => "REMOVE sensitivityOverride",
            Some(_) => "SET sensitivityOverride = :after",
        };
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(keys::baseline(account, of).attributes()))
            .update_expression(format!("{change} ADD sensitivityVersion :one"))
            .condition_expression(format!("attribute_exists(PK) AND {still} AND {of_version}"))
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(unbuilt)?;
        let update = TransactWriteItem::builder().update(update).build();
        let writes = vec![update, self.write_audit(scope, entry)?];
        Ok(self.transact(writes).await? == Written::Done)
    }

    /// The update that adds to a baseline. The account's carries the condition that nobody else
    /// has scored or answered meanwhile, which makes the whole transaction happen exactly once.
    pub(crate) fn add_to_baseline(
        &self,
        account: &AccountId,
        addition: &Addition<'_>,
    ) -> Result<Update, StoreError> {
        let mut writing = Writing::default();
        writing.sums(addition);
        if let Some(anomaly) = addition.current_anomaly {
            writing.set("currentAnomaly", Some(text(anomaly)));
        }
        writing.set("habits", addition.habits.and_then(Stored::to_attribute));
        if let Some(progress) = &addition.account {
            writing.progress(progress);
        }
        let Writing { set, add, conditions, values } = writing;
        Update::builder()
            .table_name(&self.name)
            .set_key(Some(keys::baseline(account, addition.key).attributes()))
            .update_expression(format!("SET {} ADD {}", set.join(", "), add.join(", ")))
            .set_condition_expression((!conditions.is_empty()).then(|| conditions.join(" AND ")))
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(unbuilt)
    }
}

/// An update as it is put together. No name of an attribute is a reserved word.
#[derive(Default)]
struct Writing {
    set: Vec<String>,
    add: Vec<String>,
    conditions: Vec<String>,
    values: Item,
}

impl Writing {
    /// Sets an attribute; what is absent stays as it is.
    fn set(&mut self, name: &str, value: Option<AttributeValue>) {
        if let Some(value) = value {
            self.set.push(format!("{name} = :{name}"));
            self.values.insert(format!(":{name}"), value);
        }
    }

    fn add(&mut self, name: &str, by: impl ToString) {
        self.add.push(format!("{name} :{name}"));
        self.values.insert(format!(":{name}"), number(by));
    }

    fn sums(&mut self, addition: &Addition<'_>) {
        let (sums, after) = (&addition.sums, &addition.after);
        self.set("entity", Some(text("Baseline")));
        self.set("schemaVersion", Some(number(1)));
        self.set("maxMicros", Some(number(after.max.0)));
        self.set("firstAt", after.first_at.to_attribute());
        self.set("lastAt", after.last_at.to_attribute());
        self.add("n", sums.n);
        self.add("sumMicros", sums.micros);
        self.add("sumLogs", sums.logs);
        self.add("sumLogSquares", sums.log_squares);
    }

    fn progress(&mut self, progress: &Progress<'_>) {
        let (before, after) = progress.scored;
        let state = progress.state;
        self.still("scoredThrough", before);
        self.still("answers", state.answers);
        if after > 0 {
            self.set("scoredThrough", Some(number(after)));
        }
        self.set("regions", state.history.regions().to_attribute());
        self.set("breakers", state.breakers.to_attribute());
        if let Some(counted) = progress.answer {
            self.add("answers", 1);
            self.add("answeredExpected", counted.expected);
            self.add("answeredNotExpected", counted.not_expected);
        }
    }

    /// Only if a counter is still as it was read.
    fn still(&mut self, name: &str, value: u64) {
        if value == 0 {
            self.conditions.push(format!("attribute_not_exists({name})"));
        } else {
            self.conditions.push(format!("{name} = :before_{name}"));
            self.values.insert(format!(":before_{name}"), number(value));
        }
    }
}
