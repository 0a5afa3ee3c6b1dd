//! More than one answer holds: 1 MB of a query, 16 MB of a batch read.

use domain::anomaly::Anomaly;
use domain::assessment::AccountState;
use domain::cost_event::CostEvent;
use store::{Committed, Head, Table};
use store_engines::on_each_engine;
use store_engines::sample::{account, anomaly, start};

/// A list of names of about so many bytes.
fn names(bytes: usize) -> Vec<String> {
    (0..bytes / 100).map(|nth| format!("{nth:096}")).collect()
}

fn large(serial: u64) -> CostEvent {
    CostEvent { resources: names(350_000), ..start(serial) }
}

#[tokio::test]
async fn cost_events_that_fill_several_pages_are_all_read_and_counted() {
    on_each_engine("large-events", async |_, table| {
        for (serial, head) in (1..=8).zip(0..) {
            table.record(&account(), Head(head), vec![large(serial)], &[]).await.unwrap();
        }
        let events = table.cost_events_after(&account(), 0).await.unwrap();
        let ids: Vec<_> = events.iter().map(|numbered| numbered.event.id.clone()).collect();
        assert_eq!(ids, (1..=8).map(|serial| start(serial).id).collect::<Vec<_>>());
        assert_eq!(events[7].event, large(8));
        assert_eq!(table.count_left(&account()).await.unwrap(), 9);
        assert_eq!(table.purge_some(&account(), 100).await.unwrap(), 9);
        assert_eq!(table.count_left(&account()).await.unwrap(), 0);
    })
    .await;
}

async fn store(table: &Table, anomalies: &[Anomaly]) {
    for (portion, batch) in anomalies.chunks(8).zip(0..) {
        let mut state = AccountState::default();
        for each in portion {
            state.changed.insert(each.id.clone());
            state.anomalies.insert(each.id.clone(), each.clone());
        }
        let committed = table.commit_scores(&account(), &state, (batch, batch + 1)).await.unwrap();
        assert_eq!(committed, Committed::Stored);
    }
}

#[tokio::test]
async fn anomalies_that_fill_several_pages_and_batches_are_all_read() {
    on_each_engine("large-anomalies", async |_, table| {
        let large = |serial| {
            let mut large = anomaly(serial);
            large.actor.principal = "x".repeat(380_000);
            large
        };
        let all: Vec<Anomaly> = (1..=48).map(large).collect();
        store(&table, &all).await;
        // One query that goes over many pages, and one batch read beyond 16 MB.
        assert!(table.anomalies(&account()).await.unwrap() == all, "by query");
        assert!(table.open_anomalies(&account()).await.unwrap() == all, "by batch");
    })
    .await;
}
