//! What holds for any spec, however strange.

#![expect(clippy::unwrap_used, reason = "a test may end here")]

use domain::ids::Region;
use domain::price::{BoundKind, Estimate, Prices};
use domain::resource::{
    AcuRange, Architecture, ClusterSpec, ConcurrencySpec, DatabaseSpec, Deployment, FunctionSpec,
    InstanceSpec, OperatingSystem, Purchase, Spec, Tenancy, VolumeSpec,
};
use pricing::Book;
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn estimate(spec: &Spec, region: &str) -> Estimate {
    Book::builtin().estimate(spec, &Region::parse(region).unwrap())
}

fn regions() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(Book::builtin().regions()).prop_map(str::to_owned),
        "[a-z]{2}-[a-z]{1,8}-[0-9]",
        "[a-z0-9-]{1,32}",
    ]
}

fn types() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(Book::builtin().instance_types().collect::<Vec<_>>())
            .prop_map(str::to_owned),
        "[a-z][0-9]{1,2}[a-z]{0,3}\\.(nano|large|48xlarge|metal|[0-9]{1,3}xlarge)",
        ".{0,200}",
    ]
}

fn volumes() -> impl Strategy<Value = VolumeSpec> {
    let kinds = prop_oneof![
        prop::sample::select(vec!["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"])
            .prop_map(str::to_owned),
        ".{0,40}",
    ];
    let size = option::of(1..65_536_u32);
    (kinds, size, option::of(any::<u32>()), option::of(any::<u32>())).prop_map(
        |(kind, size_gib, iops, throughput_mibps)| VolumeSpec {
            kind,
            size_gib,
            iops,
            throughput_mibps,
        },
    )
}

fn instances() -> impl Strategy<Value = InstanceSpec> {
    let zone = option::of(prop_oneof!["[a-z0-9-]{0,40}", Just("us-west-2-lax-1a".to_owned())]);
    (
        types(),
        prop::sample::select(OperatingSystem::ALL.to_vec()),
        prop::sample::select(vec![Tenancy::Shared, Tenancy::Dedicated]),
        prop::sample::select(vec![Purchase::OnDemand, Purchase::Spot]),
        prop::collection::vec(volumes(), 0..3),
        zone,
    )
        .prop_map(|(instance_type, os, tenancy, purchase, volumes, availability_zone)| {
            InstanceSpec { instance_type, os, tenancy, purchase, volumes, availability_zone }
        })
}

fn databases() -> impl Strategy<Value = DatabaseSpec> {
    let class = prop_oneof![
        Just("db.r6g.large".to_owned()),
        Just("db.serverless".to_owned()),
        "db\\.[a-z][0-9][a-z]{0,2}\\.(large|[0-9]{1,2}xlarge)",
        ".{0,200}",
    ];
    let engines = "(mysql|postgres|mariadb|aurora-mysql|aurora-postgresql|docdb|neptune|\
                   oracle-ee|oracle-se2|sqlserver-ee|sqlserver-ex|db2-se|custom-sqlserver-se|[a-z-]{0,20})";
    let licence = option::of("(license-included|bring-your-own-license|[a-z-]{0,30})");
    let deployments = vec![Deployment::SingleAz, Deployment::MultiAz, Deployment::ReadableStandbys];
    let acu = option::of((any::<u32>(), 1..u32::MAX));
    (
        class,
        engines,
        licence,
        prop::sample::select(deployments),
        option::of(volumes()),
        acu,
        any::<bool>(),
    )
        .prop_map(|(class, engine, licence, deployment, storage, acu, io_optimized)| {
            let acu = acu.map(|(min_milli, max_milli)| AcuRange { min_milli, max_milli });
            DatabaseSpec {
                class,
                engine,
                licence,
                deployment,
                storage,
                cluster: None,
                acu,
                io_optimized,
            }
        })
}

/// Specs that always cost something by the hour.
fn costly_specs() -> impl Strategy<Value = Spec> {
    prop_oneof![
        instances().prop_map(Spec::Instance),
        volumes().prop_map(Spec::Volume),
        Just(Spec::NatGateway),
        Just(Spec::PublicIpv4),
        databases().prop_map(Spec::Database),
        (1..10_000_u32, 128..10_240_u32, any::<bool>()).prop_map(
            |(instances, memory_mb, known)| {
                let function = FunctionSpec {
                    memory_mb,
                    architecture: Architecture::Arm,
                    ephemeral_storage_mb: 512,
                };
                Spec::ProvisionedConcurrency(ConcurrencySpec {
                    function: "f".to_owned(),
                    instances,
                    function_spec: known.then_some(function),
                })
            }
        ),
        option::of(volumes()).prop_map(|storage| Spec::Cluster(ClusterSpec {
            engine: "postgres".to_owned(),
            instance_class: Some("db.m5d.large".to_owned()),
            storage,
            acu: None,
            io_optimized: false,
        })),
    ]
}

proptest! {
    #[test]
    fn nothing_that_costs_is_ever_free(spec in costly_specs(), region in regions()) {
        let found = estimate(&spec, &region);
        prop_assert!(found.hourly() > Decimal::ZERO, "{found:?}");
        for line in &found.lines {
            prop_assert!(line.unit_price > Decimal::ZERO, "{line:?}");
            prop_assert!(!line.source.name.is_empty() && !line.source.as_of.is_empty());
        }
        if let Some(bound) = &found.bound {
            prop_assert!(!bound.reason.is_empty());
            prop_assert!(bound.reason.len() < 1_000, "{}", bound.reason);
            prop_assert!(bound.hourly >= found.known_hourly(), "{found:?}");
        }
    }

    #[test]
    fn a_spot_price_is_never_above_its_ceiling(mut spec in instances(), region in regions()) {
        spec.purchase = Purchase::Spot;
        spec.volumes.clear();
        let spot = estimate(&Spec::Instance(spec.clone()), &region);
        spec.purchase = Purchase::OnDemand;
        let on_demand = estimate(&Spec::Instance(spec), &region);
        let slack = Decimal::new(1, 3);
        prop_assert!(spot.known_hourly() <= on_demand.hourly() + slack, "{spot:?} {on_demand:?}");
        prop_assert!(spot.bound.is_some_and(|bound| bound.hourly > Decimal::ZERO));
    }

    #[test]
    fn a_larger_volume_never_costs_less(
        kind in prop::sample::select(vec!["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"]),
        size in 1..16_384_u32,
        more in 0..16_384_u32,
        iops in 3_000..200_000_u32,
        more_iops in 0..56_000_u32,
        region in regions(),
    ) {
        let volume = |size: u32, iops: u32| Spec::Volume(VolumeSpec {
            kind: kind.to_owned(),
            size_gib: Some(size),
            iops: Some(iops),
            throughput_mibps: None,
        });
        let small = estimate(&volume(size, iops), &region).hourly();
        let large = estimate(&volume(size + more, iops + more_iops), &region).hourly();
        prop_assert!(small <= large, "{small} > {large}");
    }

    #[test]
    fn what_is_estimated_twice_is_equal(spec in costly_specs(), region in regions()) {
        prop_assert_eq!(estimate(&spec, &region), estimate(&spec, &region));
    }
}

#[test]
fn an_unknown_price_is_said_to_be_unknown() {
    for region in ["us-east-1", "xx-new-1"] {
        let spec = Spec::Volume(VolumeSpec {
            kind: "gp9".to_owned(),
            size_gib: Some(1),
            iops: None,
            throughput_mibps: None,
        });
        let bound = estimate(&spec, region).bound.unwrap();
        assert_eq!(bound.kind, BoundKind::PriceUnknown);
    }
}
