//! What the table's stream brings is what was stored.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::cost_event::{CostEvent, Effect};
use serde_json::Value;
use std::collections::HashMap;
use store::stream::{Image, Put};
use store::{Head, Numbered, Table};
use store_engines::sample::{
    account, cost_event_id, expectation, opened_by, start, stopped_trail, usd,
};
use store_engines::{Engine, image_of, on_each_table};

fn read(image: Value) -> Put {
    serde_json::from_value::<Image>(image).unwrap().read().unwrap()
}

fn full() -> CostEvent {
    let effects = vec![Effect { opened_by: cost_event_id(9), running: 2, hourly: usd("0.5") }];
    CostEvent { effects, ended_already: 1, ..start(1) }
}

fn bare() -> CostEvent {
    CostEvent { launcher: None, resources: Vec::new(), ..start(2) }
}

/// What is stored, and what its images must read as.
async fn fill(table: &Table) -> [Put; 3] {
    let resources = [opened_by(&full(), "i-1")];
    table.record(&account(), Head(0), vec![full(), bare()], &resources).await.unwrap();
    table.put_expectation(&account(), &expectation("one")).await.unwrap();
    table.record_watch(&stopped_trail(3)).await.unwrap();
    [
        Put::CostEvent(Box::new(Numbered { event: full(), number: 1 })),
        Put::CostEvent(Box::new(Numbered { event: bare(), number: 2 })),
        Put::Watch(Box::new(stopped_trail(3))),
    ]
}

/// All items of the account, as the engine gives them.
async fn items(engine: &Engine, table: &str) -> Vec<HashMap<String, AttributeValue>> {
    let mut items = Vec::new();
    for kind in ["ACCOUNT", "BASELINE"] {
        let partition = AttributeValue::S(format!("{kind}#{}", account()));
        let request = engine.client.query().table_name(table);
        let answer = request
            .key_condition_expression("PK = :partition")
            .expression_attribute_values(":partition", partition)
            .send()
            .await
            .unwrap();
        items.extend(answer.items.unwrap());
    }
    items
}

#[tokio::test]
async fn the_image_of_an_item_reads_as_what_was_stored() {
    on_each_table("image", async |engine, table, name| {
        let expected = fill(&table).await;
        let images = items(&engine, &name).await.iter().map(image_of).collect();
        check(images, &expected);
    })
    .await;
}

#[tokio::test]
async fn the_stream_brings_what_was_stored() {
    on_each_table("stream", async |engine, table, name| {
        let Some(stream) = engine.start_stream(&name).await else {
            // The product calls no stream of the embedded engine: it takes what it has stored.
            assert_eq!(engine.name, "embedded");
            return;
        };
        let expected = fill(&table).await;
        check(engine.images(&stream).await, &expected);
    })
    .await;
}

/// The account's counter, the resource and the expectation are none of the scorer's business.
fn check(images: Vec<Value>, expected: &[Put]) {
    assert_eq!(images.len(), expected.len() + 3, "{images:?}");
    let mut puts: Vec<Put> =
        images.into_iter().map(read).filter(|put| *put != Put::Other).collect();
    puts.sort_by_key(|put| match put {
        Put::CostEvent(numbered) => numbered.number,
        Put::Watch(_) | Put::Other => u64::MAX,
    });
    assert_eq!(puts, expected);
}
