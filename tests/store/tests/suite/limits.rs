//! What DynamoDB never takes is refused for good, so that nobody tries it for ever.

use domain::cost_event::CostEvent;
use store::{Head, StoreError};
use store_engines::on_each_engine;
use store_engines::sample::{account, start};

fn of_size(serial: u64, bytes: usize) -> CostEvent {
    CostEvent { resources: vec!["x".repeat(bytes)], ..start(serial) }
}

#[tokio::test]
async fn an_event_larger_than_an_item_may_be_is_refused_for_good() {
    on_each_engine("large-item", async |_, table| {
        let events = vec![start(1), of_size(2, 420_000)];
        let refused = table.record(&account(), Head(0), events, &[]).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        assert_eq!(table.count_left(&account()).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_batch_larger_than_a_transaction_may_be_is_refused_for_good() {
    on_each_engine("large-batch", async |_, table| {
        let events = (1..=12).map(|serial| of_size(serial, 390_000)).collect();
        let refused = table.record(&account(), Head(0), events, &[]).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        assert_eq!(table.count_left(&account()).await.unwrap(), 0);
    })
    .await;
}
