//! The right to tell of an anomaly: one has it at a time.

use domain::anomaly::Anomaly;
use domain::assessment::AccountState;
use domain::told::Told;
use jiff::Timestamp;
use store::Table;
use store_engines::sample::{account, anomaly, minute, told};
use store_engines::{on_each_engine, patiently};

async fn store(table: &Table, scored: (u64, u64), anomaly: &Anomaly) {
    let mut state = AccountState::default();
    state.changed.insert(anomaly.id.clone());
    state.anomalies.insert(anomaly.id.clone(), anomaly.clone());
    patiently(async || table.commit_scores(&account(), &state, scored).await).await;
}

async fn claim(table: &Table, from: Timestamp, until: Timestamp) -> Option<Anomaly> {
    let id = anomaly(1).id;
    patiently(async || table.claim_telling(&account(), &id, (from, until)).await).await
}

#[tokio::test]
async fn who_claims_an_anomaly_has_it_until_the_claim_ends() {
    on_each_engine("claimed", async |_, table| {
        store(&table, (0, 1), &anomaly(1)).await;
        assert_eq!(claim(&table, minute(0), minute(2)).await, Some(anomaly(1)));
        for during in [0, 1, 2] {
            assert_eq!(claim(&table, minute(during), minute(9)).await, None, "minute {during}");
        }
        assert_eq!(claim(&table, minute(3), minute(4)).await, Some(anomaly(1)));
        assert_eq!(claim(&table, minute(3), minute(4)).await, None);
    })
    .await;
}

#[tokio::test]
async fn who_has_told_gives_the_claim_back() {
    on_each_engine("given-back", async |_, table| {
        store(&table, (0, 1), &anomaly(1)).await;
        let claimed = claim(&table, minute(0), minute(9)).await.unwrap();
        let mut heard = told(1);
        heard.known.resolved_at = Some(minute(5));
        table.mark_told(&with(&claimed, heard.clone())).await.unwrap();
        let again = claim(&table, minute(1), minute(9)).await;
        assert_eq!(again, Some(Anomaly { told: heard, ..anomaly(1) }));
    })
    .await;
}

#[tokio::test]
async fn of_four_who_claim_at_once_one_gets_the_anomaly() {
    on_each_engine("claimed-by-four", async |_, table| {
        store(&table, (0, 1), &anomaly(1)).await;
        let claim = async || claim(&table, minute(0), minute(9)).await.is_some();
        let (a, b, c, d) = tokio::join!(claim(), claim(), claim(), claim());
        assert_eq!([a, b, c, d].into_iter().filter(|got| *got).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn telling_and_scoring_at_once_lose_nothing_of_each_other() {
    on_each_engine("told-and-scored", async |_, table| {
        store(&table, (0, 1), &anomaly(1)).await;
        let claimed = claim(&table, minute(0), minute(9)).await.unwrap();
        let louder = Anomaly { alerts: 2, ..anomaly(1) };
        let tell = patiently(async || table.mark_told(&with(&claimed, told(1))).await);
        tokio::join!(tell, store(&table, (1, 2), &louder));
        let stored = table.anomaly(&account(), &claimed.id).await.unwrap();
        assert_eq!(stored, Some(Anomaly { alerts: 2, told: told(1), ..anomaly(1) }));
        assert!(claim(&table, minute(1), minute(9)).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_neither_claimed_nor_made() {
    on_each_engine("not-there", async |_, table| {
        assert_eq!(claim(&table, minute(0), minute(9)).await, None);
        table.mark_told(&with(&anomaly(1), told(1))).await.unwrap();
        assert_eq!(table.count_left(&account()).await.unwrap(), 0);
    })
    .await;
}

/// An anomaly of which people were told so much.
fn with(anomaly: &Anomaly, told: Told) -> Anomaly {
    Anomaly { told, ..anomaly.clone() }
}
