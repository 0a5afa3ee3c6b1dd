//! The compiled-in book against the published lists that its tables were carried over from.

#![expect(clippy::panic, reason = "a test may end here")]

use csv::StringRecord;
use domain::ids::Region;
use domain::price::Prices;
use domain::resource::{DatabaseSpec, Deployment, OperatingSystem, Spec};
use flate2::read::GzDecoder;
use pricing::Book;
use rust_decimal::Decimal;
use std::fs::File;
use std::path::Path;

/// All rows of a published list, or `None` and a word on it where the lists are not at hand.
fn published(name: &str) -> Option<impl Iterator<Item = StringRecord>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/prices");
    let Ok(file) = File::open(folder.join(name)) else {
        println!("skipped: the published lists are not at {}", folder.display());
        return None;
    };
    Some(csv::Reader::from_reader(GzDecoder::new(file)).into_records().map(Result::unwrap))
}

fn system(name: &str) -> OperatingSystem {
    match name {
        "linux" => OperatingSystem::Linux,
        "mswin" => OperatingSystem::Windows,
        "rhel" => OperatingSystem::Rhel,
        "sles" => OperatingSystem::Suse,
        "ubuntu" => OperatingSystem::UbuntuPro,
        other => panic!("{other}"),
    }
}

#[test]
fn every_ec2_price_is_found_to_the_last_digit() {
    let Some(rows) = published("ec2_ondemand_flat_linux_windows_rhel_sles_ubuntu.csv.gz") else {
        return;
    };
    let book = Book::builtin();
    let (mut prices, mut averages) = (0, 0);
    for row in rows {
        let (name, region, os) = (&row[0], &row[1], system(&row[2]));
        let price: Decimal = row[3].parse().unwrap();
        let found = book.ec2_on_demand(name, region, os).map(|price| price.hourly);
        assert_eq!(found, Some(price), "{name} {region} {os:?}");
        prices += 1;
        let Ok(average) = row[4].parse::<Decimal>() else { continue };
        let Some(found) = book.ec2_spot(name, region, os) else {
            // RHEL, SUSE and Ubuntu Pro need the Linux average, which is missing six times.
            assert!(!matches!(os, OperatingSystem::Linux | OperatingSystem::Windows), "{row:?}");
            continue;
        };
        let close =
            (found.hourly - average).abs() <= price * Decimal::new(1, 5) + Decimal::new(1, 6);
        assert!(close, "{name} {region} {os:?}: {} is not {average}", found.hourly);
        averages += 1;
    }
    assert!(prices > 100_000 && averages > 70_000, "{prices} {averages}");
}

#[test]
fn every_rds_price_is_found_by_the_name_that_the_api_uses() {
    let Some(rows) = published("rds_instances_2025-12.csv.gz") else { return };
    let mut prices = 0;
    for row in rows {
        let Some(engine) = api_engine(&row[0], &row[3]) else { continue };
        let spec = DatabaseSpec {
            class: row[5].split(',').next().unwrap().to_owned(),
            engine: engine.to_owned(),
            licence: licence(&row[4]).map(str::to_owned),
            deployment: match &row[6] {
                "Single-AZ" => Deployment::SingleAz,
                "Multi-AZ" => Deployment::MultiAz,
                _ => Deployment::ReadableStandbys,
            },
            storage: None,
            cluster: None,
            acu: None,
            io_optimized: !row[7].is_empty(),
        };
        let region = Region::parse(&row[1]).unwrap();
        let found = Book::builtin().estimate(&Spec::Database(spec), &region);
        assert_eq!(found.hourly(), row[9].parse::<Decimal>().unwrap(), "{row:?}: {found:?}");
        assert_eq!(found.lines[0].source.as_of, row[11], "{row:?}");
        prices += 1;
    }
    assert!(prices > 71_000, "{prices}");
}

/// Service and engine as the list names them, and the engine in AWS's API.
const API_ENGINES: [(&str, &str, &str); 18] = [
    ("RDS", "PostgreSQL", "postgres"),
    ("RDS", "MySQL", "mysql"),
    ("RDS", "MariaDB", "mariadb"),
    ("RDS", "Aurora MySQL", "aurora-mysql"),
    ("RDS", "Aurora PostgreSQL", "aurora-postgresql"),
    ("RDS", "Oracle Enterprise", "oracle-ee"),
    ("RDS", "Oracle Standard Two", "oracle-se2"),
    ("RDS", "SQL Server Enterprise", "sqlserver-ee"),
    ("RDS", "SQL Server Standard", "sqlserver-se"),
    ("RDS", "SQL Server Web", "sqlserver-web"),
    ("RDS", "SQL Server Express", "sqlserver-ex"),
    ("RDS", "Db2", "db2-se"),
    ("RDS Custom", "Oracle Enterprise", "custom-oracle-ee"),
    ("RDS Custom", "Oracle Standard Two", "custom-oracle-se2"),
    ("RDS Custom", "SQL Server Enterprise", "custom-sqlserver-ee"),
    ("RDS Custom", "SQL Server Standard", "custom-sqlserver-se"),
    ("RDS Custom", "SQL Server Web", "custom-sqlserver-web"),
    ("RDS Custom", "SQL Server Developer", "custom-sqlserver-dev"),
];

/// `None` for Oracle Standard: one row, no longer sold.
fn api_engine(service: &str, engine: &str) -> Option<&'static str> {
    let found = API_ENGINES.iter().find(|(of, name, _)| (*of, *name) == (service, engine));
    found.map(|(.., api)| *api)
}

fn licence(name: &str) -> Option<&'static str> {
    match name {
        "Bring your own license" | "Customer-provided" => Some("bring-your-own-license"),
        "License included" | "AWS-provided" => Some("license-included"),
        "Marketplace" => Some("marketplace-license"),
        _ => None,
    }
}

#[test]
fn a_book_turned_into_tables_and_back_is_the_same() {
    let tables = Book::builtin().tables();
    let again = Book::of_tables(&tables).unwrap().tables();
    assert!(pricing::check::differences(&tables, &again) == pricing::check::Differences::default());
    assert!(tables == again);

    let folder = tempfile::tempdir().unwrap();
    tables.write(folder.path()).unwrap();
    assert!(pricing::Tables::read(folder.path()).unwrap() == tables);
}

#[test]
fn a_loaded_book_answers_as_the_one_that_is_compiled_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pricing-tables");
    let loaded = Book::load(&folder).unwrap();
    for name in Book::builtin().instance_types() {
        for region in ["us-east-1", "sa-east-1", "us-west-2-lax-1"] {
            for os in OperatingSystem::ALL {
                let compiled = Book::builtin().ec2_on_demand(name, region, os);
                assert_eq!(loaded.ec2_on_demand(name, region, os), compiled);
            }
        }
    }
}
