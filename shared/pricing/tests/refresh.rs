//! Refreshing from price lists in the form of AWS, written here by hand after the real ones.

#![expect(clippy::unwrap_used, reason = "a test may end here")]

use domain::resource::OperatingSystem;
use flate2::Compression;
use flate2::write::GzEncoder;
use pricing::refresh::{RefreshError, Refreshed, refresh};
use pricing::{Book, Tables};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::fs;
use std::io::Write;
use std::path::Path;

const EC2_CSV: &str = r#""FormatVersion","v1.0"
"Disclaimer","This pricing list is for informational purposes only."
"Publication Date","2026-09-01T20:48:02Z"
"Version","20260901204802"
"OfferCode","AmazonEC2"
"SKU","OfferTermCode","RateCode","TermType","PriceDescription","EffectiveDate","StartingRange","EndingRange","Unit","PricePerUnit","Currency","Product Family","serviceCode","Location","Location Type","Instance Type","Tenancy","Operating System","License Model","Group","usageType","operation","CapacityStatus","Pre Installed S/W","Region Code","Volume API Name"
"A","T","A.T.1","OnDemand","$0.1 per hour","2026-09-01","0","Inf","Hrs","0.1000000000","USD","Compute Instance","AmazonEC2","EU (Ireland)","AWS Region","m5.large","Shared","Linux","No License required","","EU-BoxUsage:m5.large","RunInstances","Used","NA","eu-west-1",""
"B","T","B.T.1","OnDemand","new type","2026-09-01","0","Inf","Hrs","0.2034648000","USD","Compute Instance","AmazonEC2","EU (Ireland)","AWS Region","m9.large","Shared","RHEL","No License required","","EU-BoxUsage:m9.large","RunInstances:0010","Used","NA","eu-west-1",""
"C","T","C.T.1","OnDemand","reservation","2026-09-01","0","Inf","Hrs","0.0000000000","USD","Compute Instance","AmazonEC2","EU (Ireland)","AWS Region","m5.large","Shared","Linux","No License required","","EU-Reservation:m5.large","RunInstances","AllocatedCapacityReservation","NA","eu-west-1",""
"D","T","D.T.1","OnDemand","zero","2026-09-01","0","Inf","Hrs","0.0000000000","USD","Compute Instance","AmazonEC2","EU (Ireland)","AWS Region","m5.xlarge","Shared","Linux","No License required","","EU-BoxUsage:m5.xlarge","RunInstances","Used","NA","eu-west-1",""
"E","T","E.T.1","OnDemand","with SQL","2026-09-01","0","Inf","Hrs","9.9","USD","Compute Instance","AmazonEC2","EU (Ireland)","AWS Region","m5.large","Shared","Windows","No License required","","EU-BoxUsage:m5.large","RunInstances:0006","Used","SQL Std","eu-west-1",""
"F","T","F.T.1","OnDemand","dedicated","2026-09-01","0","Inf","Hrs","0.11","USD","Compute Instance","AmazonEC2","EU (Ireland)","AWS Region","m5.large","Dedicated","Linux","No License required","","EU-DedicatedUsage:m5.large","RunInstances","Used","NA","eu-west-1",""
"G","T","G.T.1","OnDemand","own licence","2026-09-01","0","Inf","Hrs","0.1","USD","Compute Instance","AmazonEC2","EU (Ireland)","AWS Region","m5.large","Shared","Windows","Bring your own license","","EU-BoxUsage:m5.large","RunInstances:0800","Used","NA","eu-west-1",""
"H","R","H.R.1","Reserved","reserved","2026-09-01","","","Quantity","300","USD","Compute Instance","AmazonEC2","EU (Ireland)","AWS Region","m5.large","Shared","Linux","No License required","","EU-BoxUsage:m5.large","RunInstances","Used","NA","eu-west-1",""
"I","T","I.T.1","OnDemand","$0.09 gp3","2026-09-01","0","Inf","GB-Mo","0.0900000000","USD","Storage","AmazonEC2","EU (Ireland)","AWS Region","","","","","","EU-EBS:VolumeUsage.gp3","","","","eu-west-1","gp3"
"J","T","J.T.1","OnDemand","throughput","2026-09-01","0","Inf","GiBps-mo","45.0560000000","USD","Provisioned Throughput","AmazonEC2","EU (Ireland)","AWS Region","","","","","EBS Throughput","EU-EBS:VolumeP-Throughput.gp3","","","","eu-west-1","gp3"
"K","T","K.T.1","OnDemand","NAT","2026-09-01","0","Inf","Hrs","0.0500000000","USD","NAT Gateway","AmazonEC2","EU (Ireland)","AWS Region","","","","","NGW:NatGateway","EU-NatGateway-Hours","NatGateway","","","eu-west-1",""
"#;

const RDS_JSON: &str = r#"{
  "formatVersion": "v1.0", "disclaimer": "…", "offerCode": "AmazonRDS",
  "version": "20260815", "publicationDate": "2026-08-15T00:00:00Z",
  "products": {
    "P1": {"sku": "P1", "productFamily": "Database Instance", "attributes": {"servicecode": "AmazonRDS",
      "regionCode": "us-east-1", "instanceType": "db.m5.large", "databaseEngine": "MySQL",
      "licenseModel": "No license required", "deploymentOption": "Single-AZ",
      "usagetype": "InstanceUsage:db.m5.large"}},
    "P2": {"sku": "P2", "productFamily": "Database Instance", "attributes": {"regionCode": "us-east-1",
      "instanceType": "db.r6g.large", "databaseEngine": "Aurora PostgreSQL",
      "licenseModel": "No license required", "deploymentOption": "Single-AZ",
      "usagetype": "InstanceUsageIOOptimized:db.r6g.large"}},
    "P3": {"sku": "P3", "productFamily": "Database Storage", "attributes": {"regionCode": "us-east-1",
      "databaseEngine": "SQL Server", "deploymentOption": "Multi-AZ (SQL Server Mirror)",
      "volumeType": "General Purpose-GP3", "usagetype": "RDS:Mirror-GP3-Storage"}},
    "P4": {"sku": "P4", "productFamily": "ServerlessV2", "attributes": {"regionCode": "us-east-1",
      "databaseEngine": "Aurora MySQL", "usagetype": "Aurora:ServerlessV2Usage"}}
  },
  "terms": {
    "OnDemand": {
      "P1": {"P1.T": {"offerTermCode": "T", "sku": "P1", "priceDimensions": {"P1.T.1": {"unit": "Hrs",
        "beginRange": "0", "endRange": "Inf", "pricePerUnit": {"USD": "0.1750000000"}}}}},
      "P2": {"P2.T": {"priceDimensions": {"P2.T.1": {"beginRange": "0", "pricePerUnit": {"USD": "0.3"}}}}},
      "P3": {"P3.T": {"priceDimensions": {"P3.T.1": {"beginRange": "0", "pricePerUnit": {"USD": "0.24"}}}}},
      "P4": {"P4.T": {"priceDimensions": {"P4.T.1": {"beginRange": "0", "pricePerUnit": {"USD": "0.13"}},
        "P4.T.2": {"beginRange": "100", "pricePerUnit": {"USD": "0.01"}}}}},
      "P5": {"P5.T": {"priceDimensions": {"P5.T.1": {"beginRange": "0", "pricePerUnit": {"CNY": "1"}}}}}
    },
    "Reserved": {"P1": {"P1.R": {"priceDimensions": {}}}}
  }
}"#;

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn refreshed(files: &[(&str, &[u8])]) -> Result<Refreshed, RefreshError> {
    refresh(&Book::builtin().tables(), folder(files).path())
}

#[expect(clippy::unnecessary_wraps, reason = "compared with prices that may be missing")]
fn usd(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn an_ec2_list_replaces_its_region_and_nothing_else() {
    let found = refreshed(&[("AmazonEC2/eu-west-1/index.csv", EC2_CSV.as_bytes())]).unwrap();
    let (book, before) = (Book::of_tables(&found.tables).unwrap(), Book::builtin());
    let hourly = |book: &Book, name: &str, region: &str, os| book.ec2_hourly(name, region, os);

    assert_eq!(hourly(&book, "m5.large", "eu-west-1", OperatingSystem::Linux), usd("0.1"));
    assert_eq!(hourly(&book, "m9.large", "eu-west-1", OperatingSystem::Rhel), usd("0.2034648"));
    assert_eq!(hourly(&book, "m5.large", "eu-west-1", OperatingSystem::Windows), None);
    assert_eq!(hourly(&book, "m5.xlarge", "eu-west-1", OperatingSystem::Linux), None);
    for name in before.instance_types() {
        let linux = OperatingSystem::Linux;
        let (new, old) =
            (hourly(&book, name, "us-east-1", linux), hourly(before, name, "us-east-1", linux));
        assert_eq!(new, old, "{name}");
    }
    let price = book.ec2_on_demand("m5.large", "eu-west-1", OperatingSystem::Linux).unwrap();
    assert_eq!((&*price.source.name, &*price.source.as_of), ("AWS Price List", "2026-09-01"));
    let price = book.ec2_on_demand("m5.large", "us-east-1", OperatingSystem::Linux).unwrap();
    assert_eq!(price.source.as_of, "2026-07");
}

#[test]
fn the_report_tells_what_was_dropped_and_what_changed() {
    let found = refreshed(&[("index.csv", EC2_CSV.as_bytes())]).unwrap();
    let report = &found.files[0];
    assert_eq!((report.offer.as_str(), report.published.as_str()), ("AmazonEC2", "2026-09-01"));
    assert_eq!((report.read, report.kept), (11, 5));
    let dropped: Vec<_> = report.dropped.iter().map(|(reason, count)| (*reason, *count)).collect();
    assert_eq!(
        dropped,
        [
            ("capacity reservation", 1),
            ("licence brought along", 1),
            ("price of 0", 1),
            ("reserved", 1),
            ("software preinstalled", 1),
            ("tenancy other than Shared", 1),
        ]
    );
    let differences = &found.differences;
    let changed = |table: &str, product: &str| {
        let change =
            differences.changed.iter().find(|it| it.table == table && it.product == product);
        change.map(|it| (it.region.as_str(), it.before, it.after))
    };
    assert_eq!(changed("ec2", "m5.large linux"), Some(("eu-west-1", usd("0.107"), usd("0.1"))));
    assert_eq!(changed("nat", "nat-gateway/hour"), Some(("eu-west-1", usd("0.048"), usd("0.05"))));
    assert_eq!(differences.new.len(), 1);
    assert!(differences.vanished.len() > 3_000);
    assert!(differences.vanished.iter().all(|change| change.region == "eu-west-1"));
}

#[test]
fn throughput_listed_by_the_gibibyte_is_kept_by_the_mebibyte() {
    let found = refreshed(&[("index.csv", EC2_CSV.as_bytes())]).unwrap();
    let differs = |change: &pricing::check::Change| change.product == "gp3/throughput";
    assert!(!found.differences.changed.iter().any(differs), "45.056 / 1024 is 0.044, as before");
    assert!(!found.differences.vanished.iter().any(differs));
}

#[test]
fn an_rds_list_comes_as_json_gzipped_or_not() {
    let gz = gzipped(RDS_JSON);
    let (plain, zipped) = (
        refreshed(&[("rds.json", RDS_JSON.as_bytes())]).unwrap(),
        refreshed(&[("rds.json.gz", &gz)]).unwrap(),
    );
    assert!(plain.tables == zipped.tables);
    let report = &plain.files[0];
    assert_eq!((report.offer.as_str(), report.published.as_str()), ("AmazonRDS", "2026-08-15"));
    assert_eq!((report.read, report.kept), (4, 4));
    assert_eq!(report.dropped.get("a later tier"), Some(&1));
    let after = |product: &str| {
        let change = plain.differences.changed.iter().find(|change| change.product == product);
        change.and_then(|change| change.after)
    };
    assert_eq!(after("mysql/none/single-az/db.m5.large"), usd("0.175"));
    assert_eq!(after("aurora-postgresql/io-optimized/single-az/db.r6g.large"), usd("0.3"));
    assert_eq!(after("aurora-mysql/none/single-az/db.serverless"), usd("0.13"));
    assert_eq!(after("multi-az-sqlserver/gp3/storage"), usd("0.24"));
    let custom = |change: &pricing::check::Change| change.product.starts_with("custom-");
    assert!(!plain.differences.vanished.iter().any(custom));
}

#[test]
fn refreshed_tables_are_written_read_and_loaded_again() {
    let found = refreshed(&[("index.csv", EC2_CSV.as_bytes())]).unwrap();
    let out = tempfile::tempdir().unwrap();
    found.tables.write(out.path()).unwrap();
    assert!(Tables::read(out.path()).unwrap() == found.tables);
    let book = Book::load(out.path()).unwrap();
    let price = book.ec2_on_demand("m5.large", "eu-west-1", OperatingSystem::Linux).unwrap();
    assert_eq!(price.source.as_of, "2026-09-01");
    assert!(book.ec2_spot("m5.large", "eu-west-1", OperatingSystem::Linux).is_some());
}

#[test]
fn prices_of_any_size_stay_exact() {
    let huge = EC2_CSV
        .replace("0.2034648000", "98765.432109876")
        .replace("0.1000000000", "0.000000000123");
    let found = refreshed(&[("index.csv", huge.as_bytes())]).unwrap();
    let book = Book::of_tables(&found.tables).unwrap();
    let hourly = |name, os| book.ec2_hourly(name, "eu-west-1", os);
    assert_eq!(hourly("m9.large", OperatingSystem::Rhel), usd("98765.432109876"));
    assert_eq!(hourly("m5.large", OperatingSystem::Linux), usd("0.000000000123"));
}

#[test]
fn wrong_files_are_named_with_what_to_do() {
    let error = |name: &str, bytes: &[u8]| refreshed(&[(name, bytes)]).unwrap_err().to_string();
    for (name, bytes, word) in [
        ("a.json", &b""[..], "it is empty"),
        ("b.json", &b"{}"[..], "it has no products"),
        ("c.json", &RDS_JSON.as_bytes()[..900], "EOF"),
        ("d.csv", &b"hello,world\n"[..], "begins with SKU"),
        ("e.csv", &EC2_CSV.as_bytes()[..1_200], "fields instead of"),
        ("f.csv.gz", &gzipped(EC2_CSV)[..200], "f.csv.gz"),
    ] {
        let error = error(name, bytes);
        assert!(error.contains(name) && error.contains(word), "{error}");
        assert!(error.contains("download it again"), "{error}");
    }
    let nothing = refreshed(&[("readme.txt", b"x"), ("region_index.json", b"{}")]).unwrap_err();
    assert!(nothing.to_string().contains("holds no price list"));
    let nowhere = refresh(&Book::builtin().tables(), Path::new("/nowhere")).unwrap_err();
    assert!(nowhere.to_string().starts_with("/nowhere: "));
}

#[test]
fn a_wrong_table_is_named_with_its_line() {
    let tables = Book::builtin().tables();
    let written = tempfile::tempdir().unwrap();
    tables.write(written.path()).unwrap();
    let path = written.path().join("nat.csv");
    let text = fs::read_to_string(&path).unwrap();
    for (from, to, word) in [
        (",0.045", ",0", "must not stand in a table"),
        (",0.045", ",-1", "is not a price"),
        (",0.045", ",1e9999", "is not a price"),
        ("product,unit", "products,unit", "columns must be"),
        ("#@source", "#source", "needs a line"),
    ] {
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let error = Book::load(written.path()).err().unwrap().to_string();
        assert!(error.contains("nat.csv") && error.contains(word), "{error}");
    }
}

#[test]
fn the_published_sample_of_the_form_is_understood() {
    let sample = "../../../shared/data/prices/pricelist_format_AmazonEC2_eu-west-3.csv";
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join(sample);
    let Ok(bytes) = fs::read(&sample) else {
        println!("skipped: {} is not there", sample.display());
        return;
    };
    let found = refreshed(&[("AmazonEC2_eu-west-3.csv", &bytes)]).unwrap();
    let report = &found.files[0];
    assert_eq!(report.published, "2020-10-19");
    assert!(report.kept >= 4, "{report:?}");
    assert!(report.replaced.contains(&("ebs", "eu-west-3".to_owned())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), kind in 0..4_u8) {
        let name = ["a.csv", "a.json", "a.csv.gz", "a.json.gz"][usize::from(kind)];
        let bytes = [if kind > 1 { &[0x1F, 0x8B][..] } else { &[] }, &bytes].concat();
        let _result = refreshed_small(name, &bytes);
    }

    #[test]
    fn no_change_of_a_list_makes_it_panic(at in 0..EC2_CSV.len(), byte in any::<u8>(), json in any::<bool>()) {
        let (name, text) = if json { ("a.json", RDS_JSON) } else { ("a.csv", EC2_CSV) };
        let mut bytes = text.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _result = refreshed_small(name, &bytes);
    }
}

/// Over tables made once, since each case only looks for a panic.
fn refreshed_small(name: &str, bytes: &[u8]) -> Result<Refreshed, RefreshError> {
    static TABLES: std::sync::OnceLock<Tables> = std::sync::OnceLock::new();
    let tables = TABLES.get_or_init(small_tables);
    refresh(tables, folder(&[(name, bytes)]).path())
}

/// Tables of one product each.
fn small_tables() -> Tables {
    let source = "#@source s1 2026-01 a list\n";
    let written = tempfile::tempdir().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pricing-tables");
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_owned();
        if path.extension().is_some_and(|extension| extension == "csv") && name != "ec2.csv" {
            let text = format!("{source}product,unit,source,eu-west-1\na,hour,s1,1\n");
            fs::write(written.path().join(name), text).unwrap();
        }
    }
    let columns = "type,region,linux,windows,rhel,suse,ubuntu-pro,spot-linux,spot-windows";
    let ec2 = format!("{source}{columns}\nm5.large,eu-west-1,1,2,,,,,\n");
    fs::write(written.path().join("ec2.csv"), ec2).unwrap();
    Tables::read(written.path()).unwrap()
}
