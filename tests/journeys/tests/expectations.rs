//! What somebody said is expected stays silent, within its limits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::expectation::Expectation;
use domain::money::Usd;
use journeys::{account, known, run, story, table};

fn expectation(max_hourly: i64) -> Expectation {
    Expectation {
        id: "reporting".to_owned(),
        actor: Some("role/Engineer".to_owned()),
        resource_type: Some("db.r6g.4xlarge".to_owned()),
        region: None,
        max_count: Some(1),
        max_hourly: Usd::from_cents(max_hourly * 100),
        expires_at: "2026-09-01T00:00:00Z".parse().unwrap(),
        by: "ana".to_owned(),
    }
}

#[tokio::test]
async fn an_expected_database_does_not_alert_and_the_thief_still_does() {
    let table = table(None).await;
    table.put_expectation(&account(), &expectation(10)).await.unwrap();
    run(&table, &story(), usize::MAX).await;
    let anomalies = known(&table, &account()).await.anomalies;
    assert_eq!(anomalies.len(), 1);
    assert_eq!(anomalies[0].actor.id, "user/ci-legacy");
}

#[tokio::test]
async fn a_larger_one_than_was_said_alerts_and_names_the_expectation() {
    let table = table(None).await;
    table.put_expectation(&account(), &expectation(1)).await.unwrap();
    run(&table, &story(), usize::MAX).await;
    let anomalies = known(&table, &account()).await.anomalies;
    assert_eq!(anomalies.len(), 2);
    assert!(
        anomalies[0].members[0]
            .reasons
            .iter()
            .any(|reason| reason.contains("said by ana") || reason.contains("by ana"))
    );
}
