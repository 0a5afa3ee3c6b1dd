//! Deleting all that is stored of an account, and nothing else.

use domain::cost_event::CostEvent;
use domain::ids::AccountId;
use store::{Head, Table, Work};
use store_engines::on_each_engine;
use store_engines::sample::{
    account, account_named, entry, expectation, leaving, minute, opened_by, start, stopped_trail,
    tenant,
};

/// Fills an account; the number of items.
async fn fill(table: &Table, account: &AccountId, events: u64) -> u64 {
    let events: Vec<CostEvent> = (1..=events)
        .map(|serial| CostEvent { account: account.clone(), ..start(serial) })
        .collect();
    let count = u64::try_from(events.len()).unwrap();
    let resources: Vec<_> = (0..9).map(|nth| opened_by(&events[0], &format!("i-{nth}"))).collect();
    table.record(account, Head(0), events, &resources).await.unwrap();
    table.put_expectation(account, &expectation("one")).await.unwrap();
    let mut watch = stopped_trail(1);
    watch.account = account.clone();
    table.record_watch(&watch).await.unwrap();
    count + 9 + 3
}

#[tokio::test]
async fn an_account_is_purged_in_portions_until_nothing_is_left() {
    on_each_engine("purged", async |_, table| {
        let other = account_named("222222222222");
        let filled = fill(&table, &account(), 80).await;
        let of_other = fill(&table, &other, 3).await;
        assert_eq!(table.count_left(&account()).await.unwrap(), filled);

        let mut left = filled;
        while left > 0 {
            let deleted = u64::try_from(table.purge_some(&account(), 50).await.unwrap()).unwrap();
            assert!((1..=50).contains(&deleted), "{deleted} of {left}");
            left -= deleted;
            assert_eq!(table.count_left(&account()).await.unwrap(), left);
        }
        assert_eq!(table.purge_some(&account(), 50).await.unwrap(), 0);
        assert_eq!(table.head(&account()).await.unwrap(), Head(0));
        assert!(table.cost_events_after(&account(), 0).await.unwrap().is_empty());
        assert!(table.expectations(&account()).await.unwrap().is_empty());
        assert_eq!(table.count_left(&other).await.unwrap(), of_other);
        assert_eq!(table.accounts().await.unwrap(), [other]);
    })
    .await;
}

#[tokio::test]
async fn a_purge_leaves_the_connection_to_be_forgotten_last() {
    on_each_engine("purged-first", async |_, table| {
        let acme = tenant("acme");
        table.connect(&acme, &leaving(&account()), &entry(0)).await.unwrap();
        fill(&table, &account(), 3).await;
        table.purge_some(&account(), 1_000).await.unwrap();
        assert!(table.owner(&account()).await.unwrap().is_some());
        assert!(table.forget(&acme, &leaving(&account())).await.unwrap());
        assert_eq!(table.owner(&account()).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn two_who_purge_at_once_leave_nothing() {
    on_each_engine("two-purge", async |_, table| {
        fill(&table, &account(), 70).await;
        let purge = async || table.purge_some(&account(), 1_000).await.unwrap();
        tokio::join!(purge(), purge());
        assert_eq!(table.count_left(&account()).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_claimed_under_the_number_of_an_account_is_forgotten_with_it() {
    on_each_engine("purged-claims", async |_, table| {
        let acme = tenant("acme");
        table.connect(&acme, &leaving(&account()), &entry(0)).await.unwrap();
        for kind in ["rehearse", "scan"] {
            let work = (kind, account().to_string());
            let work = (work.0, work.1.as_str());
            table.claim_work(work, (minute(0), minute(1))).await.unwrap();
            table.work_done(work, minute(1)).await.unwrap();
            table.forget(&acme, &leaving(&account())).await.unwrap();
            // As if nobody had ever done it.
            let claimed = table.claim_work(work, (minute(2), minute(3))).await.unwrap();
            assert_eq!(claimed, Work::Ours, "{kind}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_account_that_was_purged_may_begin_anew() {
    on_each_engine("anew", async |_, table| {
        fill(&table, &account(), 5).await;
        table.purge_some(&account(), 1_000).await.unwrap();
        assert_eq!(fill(&table, &account(), 5).await, 5 + 12);
        assert_eq!(table.head(&account()).await.unwrap(), Head(5));
        let untold = table.untold_watch_events(&account()).await.unwrap();
        assert_eq!(untold.len(), 1);
        assert_eq!(untold[0].time, minute(1));
    })
    .await;
}
