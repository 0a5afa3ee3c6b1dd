//! What the generator gives, in numbers: `cargo run --release -p detection-lab --example volumes`.

use cloudtrail::{Strictness, parse_record};
use detection_lab::generate::trail;
use detection_lab::trail::{Kind, Plan};
use domain::open_resource::OpenResources;
use std::time::Instant;

fn main() {
    let plan = Plan {
        seed: 1,
        accounts: 42,
        start: "2026-02-02T00:00:00Z".parse().unwrap_or_default(),
        days: 90,
        incidents_from: 14,
        incidents: 5.0,
        kinds: Kind::ALL.to_vec(),
    };
    let begin = Instant::now();
    let mut total = 0;
    for index in 0..plan.accounts {
        let made = Instant::now();
        let trail = trail(&plan, index);
        let made = made.elapsed().as_millis();
        total += trail.records.len();
        let (mut resources, mut starts, mut rate, mut incidents) =
            (OpenResources::default(), 0, 0, 0);
        for labelled in &trail.records {
            let Ok(event) =
                parse_record(labelled.record.to_string().as_bytes(), Strictness::Strict)
            else {
                continue;
            };
            for cost in domain::cost::cost(&event, pricing::Book::builtin(), &mut resources) {
                if labelled.incident.is_none() {
                    starts += u64::from(cost.costs_more());
                    rate += cost.hourly_change.micros().0.max(0) / 1_000_000;
                }
            }
        }
        incidents += trail.incidents.len();
        println!(
            "{index:3} {:10} {:6} records {:6} starts {rate:7} $/h started {incidents} incidents {made} ms",
            trail.archetype.code(),
            trail.records.len(),
            starts
        );
    }
    println!("{total} records in {:?} with reading", begin.elapsed());
}
