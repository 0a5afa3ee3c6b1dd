//! What one event costs in time: parse, price, score, and all three.

use cloudtrail::{Strictness, parse_record};
use divan::{Bencher, black_box};
use domain::assessment::{AccountState, assess, judge};
use domain::cost::cost;
use domain::cost_event::CostEvent;
use domain::open_resource::OpenResources;
use domain::policy::Policy;
use jiff::ToSpan as _;
use pricing::Book;
use sample_trail::{Call, Caller};
use std::collections::BTreeSet;

/// The one that the program has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn record() -> Vec<u8> {
    let call = Call {
        account: "111122223333".to_owned(),
        region: "eu-west-1",
        at: jiff::Timestamp::from_second(1_780_272_000).unwrap_or_default(),
        caller: Caller::User("ci"),
        serial: 7,
    };
    call.run_instances("m5.large", 1, None).to_string().into_bytes()
}

fn cost_event() -> Option<CostEvent> {
    let event = parse_record(&record(), Strictness::Strict).ok()?;
    cost(&event, Book::builtin(), &mut OpenResources::default()).pop()
}

/// An account whose actor has as large a memory as any: four weeks of days, and all the kinds that are
/// kept of one.
fn state() -> AccountState {
    let mut state = AccountState::default();
    let Some(event) = cost_event() else { return state };
    for nth in 0..28 * 24_i64 {
        let mut event = event.clone();
        event.resource_type = format!("m5.{}", nth % 24);
        event.time = event.time.checked_sub((28 * 24 - nth).hours()).unwrap_or(event.time);
        judge(event, &mut state, &Policy::default());
    }
    state
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let record = record();
    let counted = bencher.counter(divan::counter::BytesCount::of_slice(&record));
    counted.bench(|| parse_record(black_box(&record), Strictness::Strict));
}

#[divan::bench]
fn price(bencher: Bencher<'_, '_>) {
    let Ok(event) = parse_record(&record(), Strictness::Strict) else { return };
    bencher.with_inputs(OpenResources::default).bench_local_values(|mut resources| {
        cost(black_box(&event), Book::builtin(), &mut resources)
    });
}

#[divan::bench]
fn score(bencher: Bencher<'_, '_>) {
    score_by(bencher, &Policy::default());
}

#[divan::bench]
fn score_with_the_learned_channel(bencher: Bencher<'_, '_>) {
    score_by(bencher, &Policy { channels_off: BTreeSet::new(), ..Policy::default() });
}

fn score_by(bencher: Bencher<'_, '_>, policy: &Policy) {
    let (Some(event), mut state) = (cost_event(), state()) else { return };
    bencher
        .with_inputs(|| event.clone())
        .bench_local_values(|event| judge(event, &mut state, policy));
}

#[divan::bench]
fn parse_price_and_score(bencher: Bencher<'_, '_>) {
    let (record, mut state, policy) = (record(), state(), Policy::default());
    bencher.with_inputs(OpenResources::default).bench_local_values(|mut resources| {
        let event = parse_record(black_box(&record), Strictness::Strict).ok()?;
        Some(assess(&event, Book::builtin(), &mut resources, &mut state, &policy))
    });
}
