//! Where an engine is known to differ from DynamoDB: said here, so that nobody relies on it. A
//! check that fails here after an update of an engine is good news for README.md.

use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, Put, ReturnValue, TransactWriteItem,
};
use std::collections::HashMap;
use store_engines::{Engine, on_each_table};

type Item = HashMap<String, AttributeValue>;

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn key(sort: &str) -> Item {
    Item::from([("PK".to_owned(), text("one")), ("SK".to_owned(), text(sort))])
}

fn with(mut item: Item, name: &str, value: AttributeValue) -> Item {
    item.insert(name.to_owned(), value);
    item
}

/// For what the store itself never asks.
async fn on_each_engine(test: &str, check: impl AsyncFn(Engine, String)) {
    on_each_table(test, async |engine, _, name| check(engine, name).await).await;
}

#[tokio::test]
async fn sums_are_exact_to_38_digits_but_to_28_on_ministack() {
    on_each_engine("digits", async |engine, table| {
        let add = async |amount: &str| {
            let request = engine.client.update_item().table_name(&table);
            let request = request
                .set_key(Some(key("sum")))
                .update_expression("ADD tally :amount")
                .expression_attribute_values(":amount", AttributeValue::N(amount.to_owned()))
                .return_values(ReturnValue::AllNew);
            let mut attributes = request.send().await.unwrap().attributes.unwrap();
            attributes.remove("tally").unwrap()
        };
        let number = |text: &str| AttributeValue::N(text.to_owned());
        add("1000000000000000000000000001").await;
        assert_eq!(add("1").await, number("1000000000000000000000000002"), "28 digits");
        add("10000000000000000000000000000000000000").await;
        let (sum, exact) = (add("1").await, number("10000000001000000000000000000000000003"));
        assert_eq!(sum == exact, engine.name != "ministack", "{sum:?}");
    })
    .await;
}

#[tokio::test]
async fn a_query_ends_its_page_at_a_megabyte_and_a_batch_at_16_but_not_on_ministack() {
    on_each_engine("megabytes", async |engine, table| {
        let sorts: Vec<String> = (10..58).map(|nth| nth.to_string()).collect();
        for sort in &sorts {
            let item = with(key(sort), "large", text("x".repeat(380_000)));
            let put = engine.client.put_item().table_name(&table).set_item(Some(item));
            put.send().await.unwrap();
        }
        let query = engine.client.query().table_name(&table);
        let query = query
            .key_condition_expression("PK = :one")
            .expression_attribute_values(":one", text("one"));
        let page = query.send().await.unwrap();
        assert!((2..=3).contains(&page.count), "{} items", page.count);
        assert!(page.last_evaluated_key.is_some());

        let keys = sorts.iter().map(|sort| key(sort)).collect();
        let keys = KeysAndAttributes::builder().set_keys(Some(keys)).build().unwrap();
        let batch = engine.client.batch_get_item().request_items(&table, keys);
        let unread = batch.send().await.unwrap().unprocessed_keys.unwrap_or_default();
        assert_eq!(unread.is_empty(), engine.name == "ministack", "{unread:?}");
    })
    .await;
}

#[tokio::test]
async fn a_transaction_delivered_twice_is_done_once_but_the_embedded_engine_keeps_no_tokens() {
    on_each_engine("token", async |engine, table| {
        let deliver = async || {
            let put = Put::builder()
                .table_name(&table)
                .set_item(Some(key("new")))
                .condition_expression("attribute_not_exists(PK)")
                .build()
                .unwrap();
            let write = TransactWriteItem::builder().put(put).build();
            let request = engine.client.transact_write_items().transact_items(write);
            request.client_request_token("the same token").send().await
        };
        assert!(deliver().await.is_ok());
        let again = deliver().await;
        // Without a network nothing is delivered twice; over one, the second is the first's answer.
        assert_eq!(again.is_ok(), engine.name != "embedded", "{again:?}");
    })
    .await;
}
