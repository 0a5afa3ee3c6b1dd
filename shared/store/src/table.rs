//! Requests to the one table: reads in batches, writes in transactions, errors in our words.

use crate::account::TenantScope;
use crate::attribute::{Corrupt, Item, text};
use crate::keys::{self, GSI1, INDEXES, Index, Key, PK, SK};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    KeysAndAttributes, Projection, ProjectionType, ReturnValue, ScalarAttributeType,
    TransactWriteItem,
};
use std::collections::HashMap;

/// Items that one transaction may hold.
pub(crate) const MAX_TRANSACTION: usize = 100;
/// Keys that one batch read may hold.
const MAX_BATCH_GET: usize = 100;
/// Rounds in which a batch read may come back incomplete.
const MAX_ROUNDS: usize = 10;

/// DynamoDB's word for a condition that did not hold.
const CONDITION_FAILED: &str = "ConditionalCheckFailedException";

/// The table `dd0c-cost-main`, wherever it is.
#[derive(Debug, Clone)]
pub struct Table {
    pub(crate) client: Client,
    pub(crate) name: String,
}

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Worth another try: throttled, timed out, or somebody else wrote at the same moment.
    #[error("the table is busy: {0}")]
    Busy(String),
    /// An item is not what this release understands.
    #[error("item {key} cannot be read: {source}")]
    Corrupt {
        /// Kind of item.
        key: &'static str,
        /// What is wrong with it.
        source: Corrupt,
    },
    /// One event needs more items than a transaction holds.
    #[error("a write of {0} items does not fit into one transaction")]
    TooLarge(usize),
    /// Another failure: not to be tried again as it is.
    #[error("the table refused the request: {0}")]
    Refused(String),
}

impl StoreError {
    /// For `map_err`: an item of this kind cannot be read.
    pub(crate) fn corrupt(key: &'static str) -> impl Fn(Corrupt) -> Self + Copy {
        move |source| Self::Corrupt { key, source }
    }
}

/// How a conditional transaction ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Written {
    /// All of it is stored.
    Done,
    /// Nothing is stored; the conditions of these items did not hold.
    ConditionsFailed(Vec<usize>),
}

impl Table {
    /// A table of this name, which must exist or be [created](Self::create).
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self { client, name: name.into() }
    }

    /// Creates the table unless it is there.
    pub async fn create(&self) -> Result<(), StoreError> {
        if self.exists().await? {
            return Ok(());
        }
        let string = ScalarAttributeType::S;
        let mut request = self
            .client
            .create_table()
            .table_name(&self.name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_key_schema(Some(key_schema(PK, SK)?));
        for index in INDEXES {
            request = request.global_secondary_indexes(of_index(index)?);
        }
        let of_indexes = INDEXES.iter().flat_map(|index| [index.partition, index.sort]);
        for name in [PK, SK].into_iter().chain(of_indexes) {
            let definition = AttributeDefinition::builder();
            let definition = definition.attribute_name(name).attribute_type(string.clone());
            request = request.attribute_definitions(definition.build().map_err(unbuilt)?);
        }
        request.send().await.map_err(|error| failed(&error)).map(drop)
    }

    async fn exists(&self) -> Result<bool, StoreError> {
        match self.client.describe_table().table_name(&self.name).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(false),
            Err(error) => Err(failed(&error)),
        }
    }

    /// One item, read consistently.
    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let request = self.client.get_item().table_name(&self.name).consistent_read(true);
        let answer = request.set_key(Some(key.attributes())).send().await;
        answer.map(|answer| answer.item).map_err(|error| failed(&error))
    }

    /// All of these items that exist, read consistently, in any order.
    pub(crate) async fn get_all(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::with_capacity(keys.len());
        for chunk in keys.chunks(MAX_BATCH_GET) {
            let mut wanted: Vec<Item> = chunk.iter().map(Key::attributes).collect();
            for _ in 0..MAX_ROUNDS {
                let (found, missed) = self.get_some(wanted).await?;
                items.extend(found);
                wanted = missed;
                if wanted.is_empty() {
                    break;
                }
            }
            if !wanted.is_empty() {
                return Err(StoreError::Busy("a batch read stayed incomplete".to_owned()));
            }
        }
        Ok(items)
    }

    async fn get_some(&self, wanted: Vec<Item>) -> Result<(Vec<Item>, Vec<Item>), StoreError> {
        let keys = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(wanted));
        let request = self.client.batch_get_item();
        let request = request.request_items(&self.name, keys.build().map_err(unbuilt)?);
        let answer = request.send().await.map_err(|error| failed(&error))?;
        let take = |mut map: HashMap<String, Vec<Item>>| map.remove(&self.name).unwrap_or_default();
        let missed = answer.unprocessed_keys.and_then(|mut map| map.remove(&self.name));
        let missed = missed.map(|keys| keys.keys).unwrap_or_default();
        Ok((answer.responses.map(take).unwrap_or_default(), missed))
    }

    /// All items of a partition whose sort key begins so (any if it is empty), in order; consistent.
    pub(crate) async fn query(
        &self,
        partition: &str,
        sort_prefix: &str,
    ) -> Result<Vec<Item>, StoreError> {
        let values = [(":prefix".to_owned(), text(sort_prefix))];
        match sort_prefix {
            "" => self.query_where(partition, "", Item::new()).await,
            _ => self.query_where(partition, "begins_with(SK, :prefix)", values.into()).await,
        }
    }

    /// All items of a partition whose sort keys lie between two, both included; strongly consistent.
    pub(crate) async fn query_between(
        &self,
        partition: &str,
        (first, last): (&str, &str),
    ) -> Result<Vec<Item>, StoreError> {
        let values = [(":first".to_owned(), text(first)), (":last".to_owned(), text(last))];
        self.query_where(partition, "SK BETWEEN :first AND :last", values.into()).await
    }

    /// The last few items of a partition whose sort keys lie between two, both included, the last
    /// one first; strongly consistent.
    pub(crate) async fn query_last(
        &self,
        partition: &str,
        (first, last): (&str, &str),
        most: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let request = self.client.query().table_name(&self.name).consistent_read(true);
        let answer = request
            .key_condition_expression("PK = :partition AND SK BETWEEN :first AND :last")
            .expression_attribute_values(":partition", text(partition))
            .expression_attribute_values(":first", text(first))
            .expression_attribute_values(":last", text(last))
            .scan_index_forward(false)
            .limit(i32::try_from(most.max(1)).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| failed(&error))?;
        Ok(answer.items.unwrap_or_default())
    }

    async fn query_where(
        &self,
        partition: &str,
        condition: &str,
        mut values: Item,
    ) -> Result<Vec<Item>, StoreError> {
        values.insert(":partition".to_owned(), text(partition));
        let and = if condition.is_empty() { "" } else { " AND " };
        let condition = format!("PK = :partition{and}{condition}");
        let mut items = Vec::new();
        let mut from = None;
        loop {
            let request = self.client.query().table_name(&self.name).consistent_read(true);
            let answer = request
                .key_condition_expression(&condition)
                .set_expression_attribute_values(Some(values.clone()))
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| failed(&error))?;
            items.extend(answer.items.unwrap_or_default());
            from = answer.last_evaluated_key;
            if from.is_none() {
                return Ok(items);
            }
        }
    }

    /// The keys of all items with this partition key in an index; eventually consistent.
    pub(crate) async fn find(
        &self,
        index: &Index,
        partition: &str,
    ) -> Result<Vec<Item>, StoreError> {
        self.find_from(index, partition, "").await
    }

    /// Whether what has this name in the first index stands in another tenant's partition.
    pub(crate) async fn is_of_another(
        &self,
        scope: &TenantScope,
        name: &str,
    ) -> Result<bool, StoreError> {
        let ours = text(keys::tenant(scope.tenant()));
        let found = self.find(&GSI1, name).await?;
        Ok(found.iter().any(|item| item.get(PK) != Some(&ours)))
    }

    /// The same, of those whose sort key in the index does not stand before this one.
    pub(crate) async fn find_from(
        &self,
        index: &Index,
        partition: &str,
        first: &str,
    ) -> Result<Vec<Item>, StoreError> {
        let mut keys = Vec::new();
        let mut from = None;
        loop {
            let bound = (!first.is_empty()).then_some((">=", first));
            let request = self.find_some(index, partition, bound);
            let answer = request.set_exclusive_start_key(from).send().await;
            let answer = answer.map_err(|error| failed(&error))?;
            keys.extend(answer.items.unwrap_or_default());
            from = answer.last_evaluated_key;
            if from.is_none() {
                return Ok(keys);
            }
        }
    }

    /// The same, of the first ones, up to this sort key in the index.
    pub(crate) async fn find_until(
        &self,
        index: &Index,
        partition: &str,
        (last, most): (&str, i32),
    ) -> Result<Vec<Item>, StoreError> {
        let request = self.find_some(index, partition, Some(("<=", last))).limit(most);
        let answer = request.send().await.map_err(|error| failed(&error))?;
        Ok(answer.items.unwrap_or_default())
    }

    fn find_some(
        &self,
        index: &Index,
        partition: &str,
        bound: Option<(&str, &str)>,
    ) -> QueryFluentBuilder {
        let request = self.client.query().table_name(&self.name).index_name(index.name);
        let request = request.expression_attribute_values(":partition", text(partition));
        let of_partition = format!("{} = :partition", index.partition);
        match bound {
            None => request.key_condition_expression(of_partition),
            Some((relation, bound)) => request
                .key_condition_expression(format!(
                    "{of_partition} AND {} {relation} :bound",
                    index.sort
                ))
                .expression_attribute_values(":bound", text(bound)),
        }
    }

    /// Puts an item, in place of one with the same key.
    pub(crate) async fn put_item(&self, item: Item) -> Result<(), StoreError> {
        let request = self.client.put_item().table_name(&self.name).set_item(Some(item));
        request.send().await.map(drop).map_err(|error| failed(&error))
    }

    /// Puts an item unless there is one with its key; says whether it was put.
    pub(crate) async fn put_new(&self, item: Item) -> Result<bool, StoreError> {
        self.put_where(item, "attribute_not_exists(PK)", Item::new()).await
    }

    /// Puts an item if a condition holds for what has its key now; says whether it was put.
    pub(crate) async fn put_where(
        &self,
        item: Item,
        condition: &str,
        values: Item,
    ) -> Result<bool, StoreError> {
        let request = self.client.put_item().table_name(&self.name).set_item(Some(item));
        let request = request
            .condition_expression(condition)
            .set_expression_attribute_values((!values.is_empty()).then_some(values));
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some(CONDITION_FAILED) => Ok(false),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Deletes one item; the item as it was, or `None` if the condition did not hold. The condition
    /// must not hold where there is no item.
    pub(crate) async fn take(
        &self,
        key: &Key,
        condition: &str,
        values: Item,
    ) -> Result<Option<Item>, StoreError> {
        let request = self.client.delete_item().table_name(&self.name);
        let request = request
            .set_key(Some(key.attributes()))
            .condition_expression(condition)
            .set_expression_attribute_values((!values.is_empty()).then_some(values))
            .return_values(ReturnValue::AllOld);
        match request.send().await {
            Ok(answer) => Ok(answer.attributes),
            Err(error) if error.code() == Some(CONDITION_FAILED) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Changes one item; the item after it, or `None` if the condition did not hold.
    pub(crate) async fn update(
        &self,
        key: &Key,
        expression: &str,
        condition: Option<&str>,
        values: Item,
    ) -> Result<Option<Item>, StoreError> {
        let request = self.client.update_item().table_name(&self.name);
        let request = request
            .set_key(Some(key.attributes()))
            .update_expression(expression)
            .set_condition_expression(condition.map(str::to_owned))
            .set_expression_attribute_values((!values.is_empty()).then_some(values))
            .return_values(ReturnValue::AllNew);
        match request.send().await {
            Ok(answer) => Ok(Some(answer.attributes.unwrap_or_default())),
            Err(error) if error.code() == Some(CONDITION_FAILED) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Writes all of these or none.
    pub(crate) async fn transact(
        &self,
        writes: Vec<TransactWriteItem>,
    ) -> Result<Written, StoreError> {
        if writes.len() > MAX_TRANSACTION {
            return Err(StoreError::TooLarge(writes.len()));
        }
        let request = self.client.transact_write_items().set_transact_items(Some(writes));
        match request.send().await {
            Ok(_) => Ok(Written::Done),
            Err(error) => canceled(&error),
        }
    }
}

/// Reads the reasons of a cancelled transaction: an index whose condition failed is an answer, a
/// conflict is worth another try, anything else is an error.
fn canceled(error: &SdkError<TransactWriteItemsError>) -> Result<Written, StoreError> {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancel)) =
        error.as_service_error()
    else {
        return Err(failed(error));
    };
    let codes: Vec<&str> = cancel
        .cancellation_reasons()
        .iter()
        .map(|reason| reason.code().unwrap_or("None"))
        .collect();
    let failed_at =
        |(index, code): (usize, &&str)| (*code == "ConditionalCheckFailed").then_some(index);
    let conditions: Vec<usize> = codes.iter().enumerate().filter_map(failed_at).collect();
    match codes.iter().find(|code| !["None", "ConditionalCheckFailed"].contains(*code)) {
        Some(code) if *code == "ValidationError" => Err(StoreError::Refused(words_of(error))),
        Some(code) => Err(StoreError::Busy((*code).to_owned())),
        None if conditions.is_empty() => Err(StoreError::Busy("cancelled".to_owned())),
        None => Ok(Written::ConditionsFailed(conditions)),
    }
}

/// Sorts a failure: only what DynamoDB calls malformed will never succeed. Everything else passes,
/// or people put it right (a missing permission, expired credentials), and nothing may be lost
/// until then.
pub(crate) fn failed<E, R>(error: &SdkError<E, R>) -> StoreError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug,
{
    let never = [
        "ValidationException",
        "SerializationException",
        "ItemCollectionSizeLimitExceededException",
    ];
    let text = words_of(error);
    match error {
        SdkError::ConstructionFailure(_) => StoreError::Refused(text),
        _ if error.code().is_some_and(|code| never.contains(&code)) => StoreError::Refused(text),
        _ => StoreError::Busy(text),
    }
}

/// Code and message of a service's error, or what happened on the way: never the raw answer, which
/// may quote items.
fn words_of<E, R>(error: &SdkError<E, R>) -> String
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        (None, _) => match error {
            SdkError::TimeoutError(_) => "no answer in time".to_owned(),
            SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
                Some(error) => format!("no connection: {}", DisplayErrorContext(error)),
                None => "no connection".to_owned(),
            },
            other => other.to_string(),
        },
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(crate) fn unbuilt(error: aws_sdk_dynamodb::error::BuildError) -> StoreError {
    StoreError::Refused(error.to_string())
}

fn of_index(index: &Index) -> Result<GlobalSecondaryIndex, StoreError> {
    GlobalSecondaryIndex::builder()
        .index_name(index.name)
        .set_key_schema(Some(key_schema(index.partition, index.sort)?))
        .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
        .build()
        .map_err(unbuilt)
}

fn key_schema(partition: &str, sort: &str) -> Result<Vec<KeySchemaElement>, StoreError> {
    let element = |name: &str, kind| {
        KeySchemaElement::builder().attribute_name(name).key_type(kind).build().map_err(unbuilt)
    };
    Ok(vec![element(partition, KeyType::Hash)?, element(sort, KeyType::Range)?])
}
