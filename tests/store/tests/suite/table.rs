//! The table itself.

use store::{Head, Recorded, StoreError, Table};
use store_engines::sample::{account, start};
use store_engines::{on_each_engine, on_each_engine_by_name, patiently};

#[tokio::test]
async fn a_table_may_be_created_again_and_keeps_what_is_in_it() {
    on_each_engine("created-again", async |_, table| {
        let stored = table.record(&account(), Head(0), vec![start(1)], &[]).await.unwrap();
        assert!(matches!(stored, Recorded::Stored(_)));
        table.create().await.unwrap();
        assert_eq!(table.head(&account()).await.unwrap(), Head(1));
    })
    .await;
}

#[tokio::test]
async fn two_may_create_a_table_at_once() {
    on_each_engine_by_name("created-by-two", async |engine, name| {
        let table = Table::new(engine.client, name);
        let create = async || table.create().await;
        tokio::join!(patiently(create), patiently(create));
        assert_eq!(table.head(&account()).await.unwrap(), Head(0));
    })
    .await;
}

#[tokio::test]
async fn a_table_that_is_not_there_yet_is_worth_another_try() {
    on_each_engine_by_name("missing", async |engine, name| {
        let table = Table::new(engine.client, name);
        let read = table.head(&account()).await;
        assert!(matches!(read, Err(StoreError::Busy(_))), "{read:?}");
        let written = table.record(&account(), Head(0), vec![start(1)], &[]).await;
        assert!(matches!(written, Err(StoreError::Busy(_))), "{written:?}");
    })
    .await;
}

#[tokio::test]
async fn tables_know_nothing_of_each_other() {
    on_each_engine_by_name("two-tables", async |engine, name| {
        let [one, other] = ["one", "other"]
            .map(|which| Table::new(engine.client.clone(), format!("{name}-{which}")));
        tokio::try_join!(one.create(), other.create()).unwrap();
        one.record(&account(), Head(0), vec![start(1)], &[]).await.unwrap();
        assert_eq!(other.head(&account()).await.unwrap(), Head(0));
        assert!(other.accounts().await.unwrap().is_empty());
    })
    .await;
}
