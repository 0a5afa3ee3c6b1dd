//! Numbers: exact, however long.

use domain::cost_event::CostEvent;
use domain::money::{MicroUsd, Usd};
use domain::price::Line;
use rust_decimal::Decimal;
use store::Head;
use store_engines::sample::{account, anomaly, estimate, expectation, opened_by, start, usd};
use store_engines::{on_each_engine, patiently};

/// What a decimal can be: 28 digits, all of them on either side of the point.
const DECIMALS: [&str; 10] = [
    "0",
    "1",
    "1.10",
    "100000000000000000000",
    "7.922816251426433759354395033",
    "-7.922816251426433759354395033",
    "1234567890123456789012345678",
    "9999999999999999999999999999",
    "0.0000000000000000000000000001",
    "0.1234567890123456789012345678",
];

#[tokio::test]
async fn prices_of_28_digits_come_back_equal() {
    on_each_engine("decimals", async |_, table| {
        let mut event = start(1);
        let [line] = &estimate().lines[..] else { panic!("one line") };
        let decimals = DECIMALS.map(|text| text.parse::<Decimal>().unwrap());
        event.estimate.lines = decimals
            .iter()
            .map(|decimal| Line { quantity: *decimal, unit_price: *decimal, ..line.clone() })
            .collect();
        table.record(&account(), Head(0), vec![event.clone()], &[]).await.unwrap();
        let stored = table.cost_event(&account(), event.time, &event.id).await.unwrap().unwrap();
        for (stored, put) in stored.estimate.lines.iter().zip(decimals) {
            assert_eq!((stored.quantity, stored.unit_price), (put, put));
        }
        assert_eq!(stored, event);
    })
    .await;
}

#[tokio::test]
async fn amounts_come_back_equal_to_the_last_place() {
    on_each_engine("amounts", async |_, table| {
        let amounts = ["0", "0.0000000001", "-0.0000000001", "94.86276", "123456789012345678.1"];
        for (amount, serial) in amounts.into_iter().zip(1..) {
            let amount = usd(amount);
            let event =
                CostEvent { hourly_before: amount, hourly_change: -amount, ..start(serial) };
            let resource = opened_by(&event, &format!("i-{serial}"));
            let resources = [domain::open_resource::OpenResource { hourly: amount, ..resource }];
            let head = Head(serial - 1);
            table.record(&account(), head, vec![event.clone()], &resources).await.unwrap();
            let stored = table.cost_event(&account(), event.time, &event.id).await.unwrap();
            assert_eq!(stored, Some(event));
            assert_eq!(table.resources(&account(), [&resources[0].id]).await.unwrap(), resources);
        }
    })
    .await;
}

#[tokio::test]
async fn whole_numbers_come_back_equal_up_to_the_ends_of_their_range() {
    on_each_engine("whole", async |_, table| {
        let mut state = domain::assessment::AccountState::default();
        let spent = [0, 1, -1, 100_000_000_000_000_000_000, 1_234_567_890_123_456_789_012_345_678];
        let rates = [0, i64::MAX, i64::MIN, 1_000_000, 1_000_000_000_000];
        for ((spent, rate), serial) in spent.into_iter().zip(rates).zip(1..) {
            let mut each = anomaly(serial);
            each.open.spent = spent;
            each.open.rate = MicroUsd(rate);
            each.open.running = rate;
            each.alerts = u64::MAX;
            each.hourly = Usd::ZERO;
            state.changed.insert(each.id.clone());
            state.anomalies.insert(each.id.clone(), each);
        }
        patiently(async || table.commit_scores(&account(), &state, (0, 1)).await).await;
        let stored = table.anomalies(&account()).await.unwrap();
        assert_eq!(stored, state.anomalies.into_values().collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn sums_beyond_64_bits_are_added_exactly() {
    on_each_engine("sums", async |_, table| {
        let mut expected = domain::baseline::Sums::default();
        for batch in 0..4_u64 {
            let mut state = domain::assessment::AccountState::default();
            for nth in 0..5 {
                let dearest = usd("9223372036854.775807");
                let event = CostEvent { hourly_change: dearest, ..start(batch * 5 + nth) };
                expected.add(&domain::baseline::Sums::of(event.hourly_change.micros()));
                state.history.learn(&event);
            }
            table.commit_scores(&account(), &state, (batch, batch + 1)).await.unwrap();
        }
        assert!(expected.micros > i128::from(u64::MAX), "the test is too small");
        let baselines = table.baselines(&account()).await.unwrap();
        assert_eq!(baselines.len(), 4);
        for (key, baseline) in baselines {
            assert_eq!(baseline.sums, expected, "{key:?}");
            assert_eq!(baseline.max, MicroUsd(i64::MAX), "{key:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_limit_of_an_expectation_is_exact() {
    on_each_engine("limit", async |_, table| {
        let mut exact = expectation("exact");
        exact.max_hourly = usd("123456789.0123456789");
        exact.max_count = Some(u64::MAX);
        table.put_expectation(&account(), &exact).await.unwrap();
        assert_eq!(table.expectations(&account()).await.unwrap(), [exact]);
    })
    .await;
}
