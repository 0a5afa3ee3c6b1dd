//! How long a lookup and an estimate take: `cargo bench -p pricing`.

use divan::{Bencher, black_box};
use domain::ids::Region;
use domain::price::Prices;
use domain::resource::{InstanceSpec, OperatingSystem, Purchase, Spec, Tenancy};
use pricing::Book;

fn main() {
    divan::main();
}

const PLACES: [(&str, &str, OperatingSystem); 8] = [
    ("m5.large", "us-east-1", OperatingSystem::Linux),
    ("t3.micro", "eu-west-1", OperatingSystem::Linux),
    ("c7g.16xlarge", "ap-southeast-2", OperatingSystem::Linux),
    ("r6i.metal", "sa-east-1", OperatingSystem::Rhel),
    ("p5.48xlarge", "us-west-2", OperatingSystem::Linux),
    ("m6a.2xlarge", "eu-central-1", OperatingSystem::Windows),
    ("g4dn.xlarge", "ap-northeast-1", OperatingSystem::UbuntuPro),
    ("x2iedn.32xlarge", "eu-north-1", OperatingSystem::Suse),
];

/// Eight lookups by name, with source and date: an item is one lookup.
#[divan::bench(sample_size = 1_000)]
fn ec2_on_demand_by_name(bencher: Bencher<'_, '_>) {
    bencher.counter(PLACES.len()).bench(|| {
        for (name, region, os) in PLACES {
            black_box(Book::builtin().ec2_on_demand(black_box(name), black_box(region), os));
        }
    });
}

#[divan::bench(sample_size = 1_000)]
fn ec2_on_demand_in_a_local_zone(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        Book::builtin().ec2_on_demand(
            black_box("t3.medium"),
            black_box("us-west-2-lax-1"),
            OperatingSystem::Linux,
        )
    });
}

fn instance(name: &str) -> Spec {
    Spec::Instance(InstanceSpec {
        instance_type: name.to_owned(),
        os: OperatingSystem::Linux,
        tenancy: Tenancy::Shared,
        purchase: Purchase::OnDemand,
        volumes: Vec::new(),
        availability_zone: Some("us-east-1a".to_owned()),
    })
}

#[divan::bench(sample_size = 100, args = ["m5.large", "m99.large"])]
fn estimate_of_an_instance(bencher: Bencher<'_, '_>, name: &str) {
    let (spec, region) = (instance(name), Region::parse("us-east-1"));
    if let Ok(region) = region {
        bencher.bench(|| Book::builtin().estimate(black_box(&spec), black_box(&region)));
    }
}

/// As above, without the source.
#[divan::bench(sample_size = 1_000)]
fn ec2_hourly_by_name(bencher: Bencher<'_, '_>) {
    bencher.counter(PLACES.len()).bench(|| {
        for (name, region, os) in PLACES {
            black_box(Book::builtin().ec2_hourly(black_box(name), black_box(region), os));
        }
    });
}
