//! What things cost, by the real reader and the real price book.

use crate::trail::Labelled;
use cloudtrail::{Strictness, parse_record};
use domain::ids::Region;
use domain::money::MicroUsd;
use domain::open_resource::OpenResources;
use domain::price::Prices;
use domain::resource::{DatabaseSpec, Deployment, Spec};
use jiff::{SignedDuration, Timestamp};
use pricing::Book;

/// Whether an instance type is offered in a region.
pub(super) fn is_offered(instance_type: &str, region: &str) -> bool {
    is_priced(&Spec::plain_instance(instance_type), region)
}

/// Whether a class is offered for PostgreSQL (of Aurora or not) in a region.
pub(super) fn is_class_offered(class: &str, engine: &str, region: &str) -> bool {
    let spec = Spec::Database(DatabaseSpec {
        class: class.to_owned(),
        engine: engine.to_owned(),
        licence: None,
        deployment: Deployment::SingleAz,
        storage: None,
        cluster: None,
        acu: None,
        io_optimized: false,
    });
    is_priced(&spec, region)
}

fn is_priced(spec: &Spec, region: &str) -> bool {
    let Ok(region) = Region::parse(region) else { return false };
    let estimate = Book::builtin().estimate(spec, &region);
    estimate.bound.is_none() && !estimate.lines.is_empty()
}

/// What the records of incidents cost in so many hours from a moment on. `entries` are in the order
/// of time; those of no incident only tell what there was.
pub(super) fn spent_in<'a>(
    hours: i64,
    from: Timestamp,
    entries: impl IntoIterator<Item = &'a (Timestamp, Labelled)>,
) -> MicroUsd {
    let mut resources = OpenResources::default();
    let mut spent = MicroUsd(0);
    let end = from + SignedDuration::from_hours(hours);
    for (at, labelled) in entries {
        let Ok(event) = parse_record(labelled.record.to_string().as_bytes(), Strictness::Strict)
        else {
            continue;
        };
        let costs = domain::cost::cost(&event, Book::builtin(), &mut resources);
        if labelled.incident.is_none() {
            continue;
        }
        let seconds = end.duration_since(*at).as_secs().max(0);
        let change: i64 = costs.iter().map(|cost| cost.hourly_change.micros().0).sum();
        spent.0 += change * seconds / 3600;
    }
    spent
}
