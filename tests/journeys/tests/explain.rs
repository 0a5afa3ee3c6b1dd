//! Every figure of every anomaly can be computed again from what the table holds.

use domain::recompute;
use journeys::{account, known, run, story, table};

#[tokio::test]
async fn every_anomaly_of_the_story_is_recomputed_to_the_last_digit() {
    let table = table(None).await;
    run(&table, &story(), 9).await;
    let anomalies = known(&table, &account()).await.anomalies;
    assert!(!anomalies.is_empty());
    for anomaly in &anomalies {
        let checks = recompute::anomaly(anomaly);
        // At least cost, three terms, score and the sum.
        assert!(checks.len() >= 6, "{checks:?}");
        for check in checks {
            assert!(check.holds(), "{check:?}");
        }
    }
}

#[tokio::test]
async fn a_changed_figure_is_found() {
    let table = table(None).await;
    run(&table, &story(), usize::MAX).await;
    let mut anomaly = known(&table, &account()).await.anomalies.remove(1);
    anomaly.members[0].terms[0].value = domain::fixed::Millionths(1);
    assert!(recompute::anomaly(&anomaly).iter().any(|check| !check.holds()));
}
