//! Laws of the circuit breaker, for any alerts at any times.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "laws/seeded.rs"]
mod seeded;

use domain::breaker::{BASELINE_FLOOR, BUCKET_SECONDS, BUCKETS, Breaker, FACTOR, OPEN_BUCKETS};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use seeded::seeded;

const FEWEST: u64 = FACTOR * BASELINE_FLOOR / 1_000_000;
/// The same, as a length.
const SIX: usize = 6;

/// A moment so many seconds after the begin of a day and of a bucket.
fn at(seconds: i64) -> Timestamp {
    "2026-07-01T00:00:00Z".parse::<Timestamp>().unwrap() + seconds.seconds()
}

fn after(times: &[i64]) -> Breaker {
    let mut breaker = Breaker::default();
    for seconds in times {
        breaker.record(at(*seconds));
    }
    breaker
}

/// So many alerts a day, evenly, for so many days.
fn usual(alerts_a_day: i64, days: i64) -> Vec<i64> {
    let between = 86_400 / alerts_a_day;
    (0..alerts_a_day * days).map(|nth| nth * between).collect()
}

fn any_state() -> impl Strategy<Value = Breaker> {
    let parts = (
        any::<[u32; BUCKETS]>(),
        any::<i64>(),
        any::<u32>(),
        any::<u64>(),
        any::<u8>(),
        any::<Option<i64>>(),
    );
    parts.prop_map(|(window, newest, today, baseline, days, tripped)| Breaker {
        window,
        newest,
        today,
        baseline,
        days,
        tripped,
    })
}

proptest! {
    #![proptest_config(seeded(11))]

    #[test]
    fn the_order_within_a_bucket_does_not_matter(
        mut buckets in prop::collection::vec((0_i64..600, prop::collection::vec(0..BUCKET_SECONDS, 1..8)), 1..60),
    ) {
        buckets.sort_by_key(|(bucket, _)| *bucket);
        let times = |turned: bool| -> Vec<i64> {
            let mut seconds = Vec::new();
            for (bucket, within) in &buckets {
                let mut within = within.clone();
                within.sort_unstable();
                if turned {
                    within.reverse();
                }
                seconds.extend(within.iter().map(|second| bucket * BUCKET_SECONDS + second));
            }
            seconds
        };
        prop_assert_eq!(after(&times(false)), after(&times(true)));
    }

    #[test]
    fn the_window_holds_the_alerts_of_the_last_hour(
        mut times in prop::collection::vec(0_i64..40_000, 1..200),
    ) {
        times.sort_unstable();
        let newest = times[times.len() - 1] / BUCKET_SECONDS;
        let within = times.iter().filter(|time| newest - *time / BUCKET_SECONDS < 12).count();
        prop_assert_eq!(after(&times).alerts(), within as u64);
    }

    #[test]
    fn alerts_of_an_hour_count_in_whatever_order_they_come(
        times in prop::collection::vec(0_i64..3_600, 1..SIX + 1),
        turn in 0_usize..6,
    ) {
        let mut turned = times.clone();
        turned.rotate_left(turn % times.len());
        prop_assert_eq!(after(&times), after(&turned));
    }

    #[test]
    fn six_alerts_in_an_hour_never_trip_it(
        hours in prop::collection::vec(prop::collection::vec(0_i64..3_600, 0..=SIX), 1..40),
    ) {
        let mut breaker = Breaker::default();
        for (nth, times) in hours.iter().enumerate() {
            // Every other hour is silent, so that no sliding hour has more than one of these.
            let begin = i64::try_from(nth).unwrap() * 7_200;
            for seconds in times {
                prop_assert!(!breaker.record(at(begin + seconds)));
            }
        }
    }

    #[test]
    fn what_comes_evenly_becomes_usual_and_three_times_as_much_trips_it(
        alerts_a_day in 1_i64..=140,
    ) {
        let days = 10;
        let mut breaker = after(&usual(alerts_a_day, days));
        // Half a day later the window is empty.
        let begin = days * 86_400 + 43_200;
        prop_assert!(!breaker.is_open(at(begin)));
        let expected = (u64::try_from(alerts_a_day).unwrap() * FACTOR / 24).max(FEWEST);
        let mut let_through = 0;
        while !breaker.record(at(begin)) {
            let_through += 1;
        }
        // The baseline is in whole millionths, towards zero: at most one alert less.
        prop_assert!(let_through <= expected && let_through + 1 >= expected);
    }

    #[test]
    fn it_trips_above_three_times_its_baseline_and_not_before(millionths in 0_u64..200_000_000) {
        let newest = at(0).as_second() / BUCKET_SECONDS;
        let mut breaker =
            Breaker { baseline: millionths, days: 8, newest, ..Breaker::default() };
        let limit = (FACTOR * millionths / 1_000_000).max(FEWEST);
        for _ in 0..limit {
            prop_assert!(!breaker.record(at(0)));
        }
        prop_assert!(breaker.record(at(0)));
    }

    #[test]
    fn what_comes_while_it_is_open_teaches_nothing(storm in 1_usize..500) {
        let mut calm = after(&usual(24, 10));
        let begin = 10 * 86_400 + 43_200;
        while !calm.record(at(begin)) {}
        let mut stormy = calm.clone();
        for _ in 0..storm {
            prop_assert!(stormy.record(at(begin)));
        }
        for breaker in [&mut calm, &mut stormy] {
            breaker.record(at(begin + 2 * 86_400));
        }
        prop_assert_eq!(calm.baseline, stormy.baseline);
    }

    #[test]
    fn it_closes_by_a_reset_or_after_a_day(seconds in 0_i64..BUCKET_SECONDS) {
        let mut breaker = after(&[seconds; SIX + 1]);
        let day = OPEN_BUCKETS * BUCKET_SECONDS;
        prop_assert!(breaker.is_open(at(seconds)));
        prop_assert!(breaker.is_open(at(day - 1)));
        prop_assert!(!breaker.is_open(at(day)));
        breaker.reset();
        prop_assert!(!breaker.is_open(at(seconds)));
        for _ in 0..FEWEST {
            prop_assert!(!breaker.record(at(seconds)));
        }
        prop_assert!(breaker.record(at(seconds)));
    }

    #[test]
    fn a_silent_year_forgets_what_was_usual(alerts_a_day in 1_i64..600, days in 401_i64..5_000) {
        let mut breaker = after(&usual(alerts_a_day, 10));
        breaker.record(at((10 + days) * 86_400));
        prop_assert_eq!(breaker.baseline, 0);
        prop_assert_eq!(breaker.limit(), FEWEST);
    }

    #[test]
    fn any_stored_numbers_are_a_state(mut breaker in any_state(), seconds in -4_000_000_000_i64..4_000_000_000) {
        let open = breaker.record(at(seconds));
        prop_assert_eq!(open, breaker.is_open(at(seconds)));
        prop_assert!(breaker.limit() >= FEWEST);
        breaker.reset();
        prop_assert!(!breaker.is_open(at(seconds)));
    }
}

#[test]
fn the_fewest_alerts_that_trip_it_are_seven() {
    assert_eq!(FEWEST, SIX as u64);
}

#[test]
fn the_first_alert_of_a_quiet_account_goes_out() {
    assert!(!Breaker::default().record(at(0)));
}

#[test]
fn a_late_alert_counts_in_its_own_bucket_and_an_older_one_not_at_all() {
    let mut breaker = after(&[10_000]);
    breaker.record(at(7_000));
    assert_eq!(breaker.alerts(), 2);
    breaker.record(at(6_000));
    assert_eq!(breaker.alerts(), 2);
    // The bucket of the late one leaves the window before that of the newest.
    breaker.record(at(10_800));
    assert_eq!(breaker.alerts(), 2);
}
