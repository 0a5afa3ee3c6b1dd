//! Prices that are known from AWS's own pages.

#![expect(clippy::unwrap_used, reason = "a test may end here")]

use domain::ids::Region;
use domain::price::{BoundKind, Estimate, Prices, Unit};
use domain::resource::{
    AcuRange, Architecture, ClusterSpec, ConcurrencySpec, DatabaseSpec, Deployment, FunctionSpec,
    InstanceSpec, OperatingSystem, Purchase, Spec, Tenancy, VolumeSpec,
};
use pricing::{Book, Standing};
use rust_decimal::Decimal;

fn usd(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn estimate(spec: &Spec, region: &str) -> Estimate {
    Book::builtin().estimate(spec, &Region::parse(region).unwrap())
}

fn instance(name: &str) -> InstanceSpec {
    InstanceSpec {
        instance_type: name.to_owned(),
        os: OperatingSystem::Linux,
        tenancy: Tenancy::Shared,
        purchase: Purchase::OnDemand,
        volumes: Vec::new(),
        availability_zone: None,
    }
}

fn volume(kind: &str, size: u32) -> VolumeSpec {
    VolumeSpec { kind: kind.to_owned(), size_gib: Some(size), iops: None, throughput_mibps: None }
}

fn database(class: &str, engine: &str) -> DatabaseSpec {
    DatabaseSpec {
        class: class.to_owned(),
        engine: engine.to_owned(),
        licence: None,
        deployment: Deployment::SingleAz,
        storage: None,
        cluster: None,
        acu: None,
        io_optimized: false,
    }
}

fn bound(estimate: &Estimate) -> (BoundKind, Decimal) {
    let bound = estimate.bound.as_ref().unwrap();
    assert!(!bound.reason.is_empty());
    (bound.kind, bound.hourly)
}

#[test]
fn instances_cost_what_aws_lists() {
    for (name, region, price) in [
        ("m5.large", "us-east-1", "0.096"),
        ("t3.micro", "us-east-1", "0.0104"),
        ("t3.micro", "eu-west-1", "0.0114"),
    ] {
        let found = estimate(&Spec::Instance(instance(name)), region);
        assert_eq!(found.hourly(), usd(price), "{name} in {region}");
        assert_eq!(found.bound, None);
        let line = &found.lines[0];
        assert_eq!(line.item, format!("{name} Linux on demand"));
        assert_eq!(line.source.as_of, "2026-07");
    }
}

#[test]
fn databases_cost_what_aws_lists() {
    let mysql = |class| database(class, "mysql");
    assert_eq!(estimate(&Spec::Database(mysql("db.m5.large")), "eu-west-1").hourly(), usd("0.189"));
    assert_eq!(estimate(&Spec::Database(mysql("db.t3.large")), "us-east-1").hourly(), usd("0.136"));
    let multi_az = DatabaseSpec { deployment: Deployment::MultiAz, ..mysql("db.t3.large") };
    assert_eq!(estimate(&Spec::Database(multi_az), "us-east-1").hourly(), usd("0.272"));
}

#[test]
fn gateways_addresses_volumes_and_functions_cost_what_aws_lists() {
    let nat = estimate(&Spec::NatGateway, "us-east-1");
    assert_eq!(nat.hourly(), usd("0.045"));
    assert_eq!((nat.as_used[0].unit, nat.as_used[0].unit_price), (Unit::Gb, usd("0.045")));
    assert_eq!(estimate(&Spec::PublicIpv4, "eu-west-1").hourly(), usd("0.005"));

    let gp3 = estimate(&Spec::Volume(volume("gp3", 730)), "us-east-1");
    assert_eq!(gp3.lines[0].unit_price, usd("0.08"));
    assert_eq!(gp3.hourly(), usd("0.08"));

    for (architecture, price) in
        [(Architecture::X86, "0.0000166667"), (Architecture::Arm, "0.0000133334")]
    {
        let function = FunctionSpec { memory_mb: 128, architecture, ephemeral_storage_mb: 512 };
        let found = estimate(&Spec::Function(function), "us-east-1");
        assert_eq!(found.hourly(), Decimal::ZERO);
        assert_eq!(found.as_used[0].unit_price, usd(price));
        assert_eq!(found.as_used[1].unit_price, usd("0.0000002"));
    }
}

#[test]
fn gp3_pays_for_what_is_above_its_free_performance() {
    let spec = VolumeSpec { iops: Some(4_000), throughput_mibps: Some(225), ..volume("gp3", 100) };
    let found = estimate(&Spec::Volume(spec), "us-east-1");
    let quantities: Vec<_> =
        found.lines.iter().map(|line| (line.quantity, line.unit_price, line.unit)).collect();
    assert_eq!(
        quantities,
        [
            (usd("100"), usd("0.08"), Unit::GibMonth),
            (usd("1000"), usd("0.005"), Unit::IopsMonth),
            (usd("100"), usd("0.04"), Unit::MibpsMonth),
        ]
    );
}

#[test]
fn io2_has_three_tiers_of_iops() {
    let spec = VolumeSpec { iops: Some(100_000), ..volume("io2", 1_000) };
    let found = estimate(&Spec::Volume(spec), "us-east-1");
    let quantities: Vec<_> =
        found.lines[1..].iter().map(|line| (line.quantity, line.unit_price)).collect();
    assert_eq!(
        quantities,
        [
            (usd("36000"), usd("0.03185")),
            (usd("32000"), usd("0.0455")),
            (usd("32000"), usd("0.065")),
        ]
    );
}

#[test]
fn io2_where_it_is_not_listed_is_bounded_by_io1() {
    let spec = VolumeSpec { iops: Some(730), ..volume("io2", 730) };
    let (kind, hourly) = bound(&estimate(&Spec::Volume(spec), "eu-west-3"));
    assert_eq!((kind, hourly), (BoundKind::PriceUnknown, usd("0.145") + usd("0.076")));
}

#[test]
fn spot_is_an_average_below_its_ceiling() {
    let spec = InstanceSpec { purchase: Purchase::Spot, ..instance("m5.large") };
    let found = estimate(&Spec::Instance(spec), "us-east-1");
    assert_eq!(bound(&found), (BoundKind::Varies, usd("0.096")));
    assert!(found.hourly() > Decimal::ZERO && found.hourly() < usd("0.096"));
    assert!(found.lines[0].source.name.contains("average Spot price"));
}

#[test]
fn dedicated_tenancy_adds_its_share_and_names_the_fee_of_the_region() {
    let spec = InstanceSpec { tenancy: Tenancy::Dedicated, ..instance("m6i.large") };
    let found = estimate(&Spec::Instance(spec), "us-east-1");
    assert_eq!(found.known_hourly(), usd("0.1056"));
    assert_eq!(bound(&found), (BoundKind::Varies, usd("2.1056")));
}

#[test]
fn on_a_host_only_the_licence_is_paid_by_the_instance() {
    let on_host = |os| InstanceSpec { tenancy: Tenancy::Host, os, ..instance("m5.large") };
    let linux = estimate(&Spec::Instance(on_host(OperatingSystem::Linux)), "us-east-1");
    assert_eq!((linux.hourly(), linux.lines.len()), (Decimal::ZERO, 1));
    let windows = estimate(&Spec::Instance(on_host(OperatingSystem::Windows)), "us-east-1");
    assert_eq!(windows.hourly(), usd("0.092"));
}

#[test]
fn a_capacity_block_is_shown_with_what_it_would_cost() {
    let spec = InstanceSpec { purchase: Purchase::CapacityBlock, ..instance("p5.48xlarge") };
    let found = estimate(&Spec::Instance(spec), "us-east-1");
    let (kind, hourly) = bound(&found);
    assert_eq!(kind, BoundKind::Varies);
    assert!(hourly > usd("30"));
    assert_eq!(found.lines.len(), 1);
}

#[test]
fn a_local_zone_has_its_own_price() {
    let zone = Some("us-west-2-lax-1a".to_owned());
    let spec = InstanceSpec { availability_zone: zone, ..instance("t3.medium") };
    let there = estimate(&Spec::Instance(spec), "us-west-2").hourly();
    assert_eq!(there, estimate(&Spec::Instance(instance("t3.medium")), "us-west-2-lax-1").hourly());
    assert!(there > estimate(&Spec::Instance(instance("t3.medium")), "us-west-2").hourly());
}

#[test]
fn an_unknown_type_is_bounded_by_the_dearest_of_its_size() {
    let found = estimate(&Spec::Instance(instance("m99.48xlarge")), "us-east-1");
    let (kind, hourly) = bound(&found);
    assert_eq!(kind, BoundKind::PriceUnknown);
    assert!(hourly > usd("50"), "{hourly}");
    let reason = &found.bound.as_ref().unwrap().reason;
    assert!(
        reason.starts_with("m99.48xlarge Linux is not in the price table of 2026-07: at most $")
    );
}

#[test]
fn a_type_that_the_region_lacks_is_bounded_by_its_dearest_place() {
    let found = estimate(&Spec::Instance(instance("m5.large")), "xx-nowhere-1");
    let (kind, hourly) = bound(&found);
    assert_eq!(kind, BoundKind::PriceUnknown);
    assert!(hourly >= usd("0.3") && hourly < usd("1"), "{hourly}");
}

#[test]
fn the_volumes_of_a_launch_are_lines_of_their_own() {
    let untold = VolumeSpec { size_gib: None, ..volume("gp3", 0) };
    let spec = InstanceSpec { volumes: vec![volume("gp2", 73), untold], ..instance("m5.large") };
    let found = estimate(&Spec::Instance(spec), "us-east-1");
    assert_eq!(found.hourly(), usd("0.106"));
    assert_eq!(found.as_used[0].unit, Unit::GibMonth);
}

#[test]
fn a_volume_without_a_size_is_reckoned_with_a_tebibyte() {
    let spec = VolumeSpec { size_gib: None, ..volume("gp3", 0) };
    let (kind, hourly) = bound(&estimate(&Spec::Volume(spec), "us-east-1"));
    assert_eq!(kind, BoundKind::PriceUnknown);
    assert_eq!(
        hourly,
        (usd("0.08") * usd("1024") / usd("730"))
            .round_dp_with_strategy(6, rust_decimal::RoundingStrategy::AwayFromZero)
    );
}

#[test]
fn serverless_is_paid_from_its_minimum_to_its_maximum() {
    let acu = Some(AcuRange { min_milli: 500, max_milli: 16_000 });
    let spec = DatabaseSpec { acu, ..database("db.serverless", "aurora-postgresql") };
    let found = estimate(&Spec::Database(spec), "us-east-1");
    assert_eq!(found.hourly(), usd("0.06"));
    assert_eq!(bound(&found), (BoundKind::Varies, usd("1.92")));
    let untold = estimate(&Spec::Database(database("db.serverless", "aurora-mysql")), "us-east-1");
    assert_eq!(bound(&untold), (BoundKind::PriceUnknown, usd("30.72")));
}

#[test]
fn a_cluster_shows_what_its_storage_costs() {
    let mut spec = ClusterSpec {
        engine: "aurora-mysql".to_owned(),
        instance_class: None,
        storage: None,
        acu: None,
        io_optimized: false,
    };
    let found = estimate(&Spec::Cluster(spec.clone()), "us-east-1");
    assert_eq!(found.hourly(), Decimal::ZERO);
    let rates: Vec<_> = found.as_used.iter().map(|rate| rate.unit_price).collect();
    assert_eq!(rates, [usd("0.1"), usd("0.0000002")]);

    spec = ClusterSpec {
        engine: "postgres".to_owned(),
        instance_class: Some("db.m6gd.large".to_owned()),
        storage: Some(VolumeSpec { iops: Some(1_000), ..volume("io1", 100) }),
        ..spec
    };
    let found = estimate(&Spec::Cluster(spec), "us-east-1");
    assert_eq!(found.lines[0].unit_price, usd("0.522"));
    assert_eq!(found.lines[1].unit_price, usd("0.375"));
    assert_eq!(found.lines[2].unit_price, usd("0.3"));
}

#[test]
fn storage_of_a_multi_az_database_counts_twice() {
    let spec = DatabaseSpec {
        deployment: Deployment::MultiAz,
        storage: Some(volume("gp3", 100)),
        ..database("db.t3.large", "mysql")
    };
    let found = estimate(&Spec::Database(spec), "us-east-1");
    assert_eq!(found.lines[1].unit_price, usd("0.23"));
}

#[test]
fn provisioned_concurrency_costs_by_the_hour() {
    let function = FunctionSpec {
        memory_mb: 1_024,
        architecture: Architecture::X86,
        ephemeral_storage_mb: 512,
    };
    let mut spec =
        ConcurrencySpec { function: "f".to_owned(), instances: 10, function_spec: Some(function) };
    let found = estimate(&Spec::ProvisionedConcurrency(spec.clone()), "us-east-1");
    assert_eq!(found.hourly(), usd("0.1500012"));
    spec.function_spec = None;
    let (kind, hourly) = bound(&estimate(&Spec::ProvisionedConcurrency(spec), "us-east-1"));
    assert_eq!((kind, hourly), (BoundKind::PriceUnknown, usd("1.500012")));
}

#[test]
fn ec2_fits_into_a_megabyte() {
    for (table, bytes) in Book::builtin().sizes() {
        println!("{table}: {bytes} bytes");
        if table == "ec2" {
            assert!(bytes <= 1_000_000, "{bytes}");
        }
    }
}

fn standing(what: &Standing<'_>, region: &str) -> Estimate {
    Book::builtin().standing(what, &Region::parse(region).unwrap())
}

#[test]
fn what_stands_in_an_account_has_the_prices_of_its_pages() {
    let hourly = |what: &Standing<'_>, region: &str| {
        let estimate = standing(what, region);
        assert!(estimate.price_known(), "{what:?}: {estimate:?}");
        estimate.hourly().normalize()
    };
    assert_eq!(hourly(&Standing::LoadBalancer("application"), "us-east-1"), usd("0.0225"));
    assert_eq!(hourly(&Standing::LoadBalancer("classic"), "us-east-1"), usd("0.025"));
    assert_eq!(hourly(&Standing::VpcEndpoint { zones: 3 }, "us-east-1"), usd("0.03"));
    assert_eq!(hourly(&Standing::VpcEndpoint { zones: 1 }, "eu-west-1"), usd("0.011"));
    let capacity = Standing::TableCapacity { read: 100, write: 50 };
    assert_eq!(hourly(&capacity, "us-east-1"), usd("0.0455"));
    let logs = Standing::Logs { gib: usd("730") };
    assert_eq!(hourly(&logs, "us-east-1"), usd("0.03"));
}

#[test]
fn what_of_a_snapshot_is_paid_is_not_known_but_bounded() {
    for (what, most) in [
        (Standing::EbsSnapshot { gib: 730 }, "0.05"),
        (Standing::RdsSnapshot { gib: 730 }, "0.095"),
    ] {
        let estimate = standing(&what, "us-east-1");
        assert!(!estimate.price_known());
        assert_eq!(estimate.hourly(), usd(most));
    }
}

#[test]
fn what_has_no_price_is_bounded_never_nothing() {
    for what in [
        Standing::LoadBalancer("application"),
        Standing::LoadBalancer("of-tomorrow"),
        Standing::EbsSnapshot { gib: 1 },
        Standing::TableCapacity { read: 1, write: 0 },
        Standing::ModelInstance { instance_type: "ml.zz9.huge", count: 1 },
    ] {
        let estimate = standing(&what, "xx-nowhere-9");
        assert!(!estimate.price_known() && estimate.hourly() > Decimal::ZERO, "{what:?}");
    }
    let two = Standing::ModelInstance { instance_type: "ml.m5.large", count: 2 };
    let bound = standing(&two, "us-east-1");
    assert!(!bound.price_known());
    assert_eq!(bound.hourly(), usd("0.345"), "2 × 0.115 × 1.5");
}
