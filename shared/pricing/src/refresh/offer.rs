//! Which table, product and region the price of a listed product belongs to, if any.

use domain::resource::{Deployment, OperatingSystem};

/// The attributes of a product that decide; empty where the list has none.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    pub(super) region: Option<String>,
    family: String,
    instance_type: String,
    operating_system: String,
    tenancy: String,
    capacity_status: String,
    preinstalled: String,
    licence: String,
    market: String,
    usage: String,
    volume: String,
    volume_type: String,
    group: String,
    engine: String,
    edition: String,
    deployment: String,
    deployment_model: String,
}

impl Attributes {
    /// Sets an attribute by its name in JSON (`preInstalledSw`) or CSV (`Pre Installed S/W`).
    pub(super) fn set(&mut self, name: &str, value: &str) {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        let name: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
        if name == "regioncode" {
            self.region = Some(value.to_owned()).filter(|region| !region.is_empty());
        } else if let Some((_, field)) = FIELDS.iter().find(|(known, _)| *known == name) {
            value.clone_into(field(self));
        }
    }

    /// Whether the usage type is this one, behind a region's prefix (`EU-`) or without.
    fn uses(&self, name: &str) -> bool {
        self.usage
            .strip_suffix(name)
            .is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('-'))
    }

    fn io_optimized(&self) -> &'static str {
        let words = [&self.usage, &self.volume_type, &self.group];
        let told = |text: &&String| text.contains("IOOptimized") || text.contains("IO-Optimized");
        if words.iter().any(told) || self.volume_type.contains("IO Optimized") {
            "io-optimized"
        } else {
            "none"
        }
    }
}

type Field = fn(&mut Attributes) -> &mut String;

/// Attributes by their names in small letters.
const FIELDS: [(&str, Field); 16] = [
    ("productfamily", |attributes| &mut attributes.family),
    ("instancetype", |attributes| &mut attributes.instance_type),
    ("operatingsystem", |attributes| &mut attributes.operating_system),
    ("tenancy", |attributes| &mut attributes.tenancy),
    ("capacitystatus", |attributes| &mut attributes.capacity_status),
    ("preinstalledsw", |attributes| &mut attributes.preinstalled),
    ("licensemodel", |attributes| &mut attributes.licence),
    ("marketoption", |attributes| &mut attributes.market),
    ("usagetype", |attributes| &mut attributes.usage),
    ("volumeapiname", |attributes| &mut attributes.volume),
    ("volumetype", |attributes| &mut attributes.volume_type),
    ("group", |attributes| &mut attributes.group),
    ("databaseengine", |attributes| &mut attributes.engine),
    ("databaseedition", |attributes| &mut attributes.edition),
    ("deploymentoption", |attributes| &mut attributes.deployment),
    ("deploymentmodel", |attributes| &mut attributes.deployment_model),
];

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    pub(super) table: &'static str,
    pub(super) product: String,
    /// For EC2 the column.
    pub(super) unit: &'static str,
    pub(super) region: String,
    /// Listed by the GiB/s, kept by the MiB/s.
    pub(super) by_the_gibps: bool,
}

type Place = (&'static str, String, &'static str);

/// The cell for this product, or why it has none.
pub(super) fn target(
    offer: &str,
    product: &Attributes,
    region: String,
) -> Result<Target, &'static str> {
    let (table, name, unit) = place(offer.trim_end_matches("-test"), product)?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-./".contains(&byte);
    if name.len() > 100 || !name.bytes().all(fits) {
        return Err("a name that no table can hold");
    }
    let by_the_gibps = table == "ebs" && unit == "MiB/s-month";
    Ok(Target { table, product: name, unit, region, by_the_gibps })
}

fn place(offer: &str, product: &Attributes) -> Result<Place, &'static str> {
    match offer {
        "AmazonEC2" => ec2(product),
        "AmazonVPC" => vpc(product),
        "AWSLambda" => lambda(product),
        "AmazonRDS" => rds(product),
        "AmazonDocDB" => cluster_engine(product, "docdb"),
        "AmazonNeptune" => cluster_engine(product, "neptune"),
        _ => Err("another service"),
    }
}

const OTHER: &str = "another product of the service";

fn ec2(product: &Attributes) -> Result<Place, &'static str> {
    match product.family.as_str() {
        "Compute Instance" | "Compute Instance (bare metal)" => instance(product),
        "Storage" | "System Operation" | "Provisioned Throughput" => volume(product),
        "NAT Gateway" if product.uses("NatGateway-Hours") => {
            Ok(("nat", "nat-gateway/hour".to_owned(), "hour"))
        }
        "NAT Gateway" if product.uses("NatGateway-Bytes") => {
            Ok(("nat", "nat-gateway/traffic".to_owned(), "GB"))
        }
        _ => Err(OTHER),
    }
}

type Filter = (&'static str, fn(&Attributes) -> bool);

/// The filters without which two prices in five are 0, or those of something else.
const FILTERS: [Filter; 5] = [
    ("tenancy other than Shared", |product| product.tenancy != "Shared"),
    ("capacity reservation", |product| product.capacity_status != "Used"),
    ("software preinstalled", |product| !["NA", ""].contains(&product.preinstalled.as_str())),
    ("licence brought along", |product| product.licence != "No License required"),
    ("capacity block or Spot", |product| !["OnDemand", ""].contains(&product.market.as_str())),
];

fn instance(product: &Attributes) -> Result<Place, &'static str> {
    if let Some((why, _)) = FILTERS.iter().find(|(_, filters_out)| filters_out(product)) {
        return Err(why);
    }
    let os = match product.operating_system.as_str() {
        "Linux" => OperatingSystem::Linux,
        "Windows" => OperatingSystem::Windows,
        "RHEL" => OperatingSystem::Rhel,
        "SUSE" => OperatingSystem::Suse,
        "Ubuntu Pro" => OperatingSystem::UbuntuPro,
        _ => return Err("another operating system"),
    };
    if !product.instance_type.contains('.') {
        return Err("no instance type");
    }
    Ok(("ec2", product.instance_type.clone(), os.code()))
}

fn volume(product: &Attributes) -> Result<Place, &'static str> {
    let kind = product.volume.as_str();
    if !["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"].contains(&kind) {
        return Err(OTHER);
    }
    let (what, unit) = match (product.family.as_str(), product.group.as_str()) {
        ("Storage", _) if product.usage.contains("EBS:VolumeUsage") => ("storage", "GiB-month"),
        ("Provisioned Throughput", _) => ("throughput", "MiB/s-month"),
        (_, "EBS IOPS") => ("iops", "IOPS-month"),
        (_, "EBS IOPS Tier 2") => ("iops-above-32000", "IOPS-month"),
        (_, "EBS IOPS Tier 3") => ("iops-above-64000", "IOPS-month"),
        (_, "EBS I/O Requests") => ("request", "request"),
        _ => return Err(OTHER),
    };
    Ok(("ebs", format!("{kind}/{what}"), unit))
}

fn vpc(product: &Attributes) -> Result<Place, &'static str> {
    if product.uses("PublicIPv4:InUseAddress") {
        Ok(("ipv4", "public-ipv4/hour".to_owned(), "hour"))
    } else {
        Err(OTHER)
    }
}

fn lambda(product: &Attributes) -> Result<Place, &'static str> {
    let group = product.group.strip_prefix("AWS-Lambda-").ok_or(OTHER)?;
    let (what, processor) = match group.strip_suffix("-ARM") {
        Some(what) => (what, "arm"),
        None => (group, "x86"),
    };
    let (what, unit) = match what {
        "Duration" => ("duration", "GB-second"),
        "Requests" => ("request", "request"),
        "Storage-Duration" => ("ephemeral-storage", "GB-second"),
        "Provisioned-Concurrency" => ("provisioned", "GB-second"),
        "Duration-Provisioned" => ("provisioned-duration", "GB-second"),
        _ => return Err(OTHER),
    };
    Ok(("lambda", format!("{processor}/{what}"), unit))
}

fn rds(product: &Attributes) -> Result<Place, &'static str> {
    if product.deployment_model.contains("Custom") {
        return Err("RDS Custom");
    }
    if product.engine.contains("Outpost") {
        return Err("Outposts");
    }
    match product.family.as_str() {
        "Database Instance" => database(product),
        "ServerlessV2" => serverless(product),
        "Database Storage" => database_storage(product),
        "Provisioned IOPS" => database_iops(product),
        "Provisioned Throughput" => {
            let name = format!("{}/gp3/throughput", storage_deployment(product)?);
            Ok(("rds-storage", name, "MiB/s-month"))
        }
        "System Operation" => aurora_requests(product),
        _ => Err(OTHER),
    }
}

fn aurora_requests(product: &Attributes) -> Result<Place, &'static str> {
    match product.group.as_str() {
        "Aurora I/O Operation" => Ok(("rds-storage", "aurora/none/request".to_owned(), "request")),
        _ => Err(OTHER),
    }
}

fn serverless(product: &Attributes) -> Result<Place, &'static str> {
    if !product.usage.contains("Aurora:ServerlessV2") {
        return Err(OTHER);
    }
    let engine = engine(product).ok_or("another engine")?;
    let name = format!("{engine}/{}/single-az/db.serverless", product.io_optimized());
    Ok(("rds", name, "ACU-hour"))
}

fn database_iops(product: &Attributes) -> Result<Place, &'static str> {
    if product.usage.contains("IO2") {
        return Err(OTHER);
    }
    let kind = if product.usage.contains("GP3") { "gp3" } else { "io1" };
    let name = format!("{}/{kind}/iops", storage_deployment(product)?);
    Ok(("rds-storage", name, "IOPS-month"))
}

fn database(product: &Attributes) -> Result<Place, &'static str> {
    let engine = engine(product).ok_or("another engine")?;
    let licence = match product.licence.as_str() {
        _ if product.io_optimized() == "io-optimized" => "io-optimized",
        "No license required" => "none",
        "License included" => "license-included",
        "Bring your own license" => "bring-your-own-license",
        "Marketplace" => "marketplace-license",
        _ => return Err("another licence"),
    };
    let deployment = crate::rds::code(deployment(product)?);
    let name = format!("{engine}/{licence}/{deployment}/{}", product.instance_type);
    Ok(("rds", name, "hour"))
}

/// Engine and edition as AWS lists them, and how the tables name them. No edition stands for any.
const ENGINES: [(&str, &str, &str); 12] = [
    ("PostgreSQL", "", "postgres"),
    ("MySQL", "", "mysql"),
    ("MariaDB", "", "mariadb"),
    ("Aurora MySQL", "", "aurora-mysql"),
    ("Aurora PostgreSQL", "", "aurora-postgresql"),
    ("Db2", "", "db2"),
    ("Oracle", "Enterprise", "oracle-ee"),
    ("Oracle", "Standard Two", "oracle-se2"),
    ("SQL Server", "Enterprise", "sqlserver-ee"),
    ("SQL Server", "Standard", "sqlserver-se"),
    ("SQL Server", "Web", "sqlserver-web"),
    ("SQL Server", "Express", "sqlserver-ex"),
];

fn engine(product: &Attributes) -> Option<&'static str> {
    let is_it = |(engine, edition, _): &&(&str, &str, &str)| {
        *engine == product.engine && (edition.is_empty() || *edition == product.edition)
    };
    ENGINES.iter().find(is_it).map(|(.., name)| *name)
}

fn deployment(product: &Attributes) -> Result<Deployment, &'static str> {
    match product.deployment.as_str() {
        "Single-AZ" => Ok(Deployment::SingleAz),
        "Multi-AZ" | "Multi-AZ (SQL Server Mirror)" => Ok(Deployment::MultiAz),
        "Multi-AZ (readable standbys)" => Ok(Deployment::ReadableStandbys),
        _ => Err("another deployment"),
    }
}

fn storage_deployment(product: &Attributes) -> Result<&'static str, &'static str> {
    let mirrored = product.engine == "SQL Server" || product.deployment.contains("Mirror");
    match deployment(product)? {
        Deployment::MultiAz if mirrored || product.usage.contains("Mirror") => {
            Ok("multi-az-sqlserver")
        }
        deployment => Ok(crate::rds::code(deployment)),
    }
}

fn database_storage(product: &Attributes) -> Result<Place, &'static str> {
    let kind = match product.volume_type.as_str() {
        "General Purpose" => "gp2",
        "General Purpose-GP3" => "gp3",
        "Provisioned IOPS" => "io1",
        "Provisioned IOPS-IO2" => "io2",
        "Magnetic" => "standard",
        "General Purpose-Aurora" => {
            return Ok(("rds-storage", "aurora/none/storage".to_owned(), "GiB-month"));
        }
        "IO Optimized-Aurora" => {
            return Ok(("rds-storage", "aurora/io-optimized/storage".to_owned(), "GiB-month"));
        }
        _ => return Err(OTHER),
    };
    let name = format!("{}/{kind}/storage", storage_deployment(product)?);
    Ok(("rds-storage", name, "GiB-month"))
}

/// DocumentDB and Neptune.
fn cluster_engine(product: &Attributes, engine: &'static str) -> Result<Place, &'static str> {
    if product.usage.contains("ExtendedSupport") {
        return Err("extended support");
    }
    let mode = product.io_optimized();
    if product.instance_type.starts_with("db.") {
        return Ok((
            engine,
            format!("{engine}/{mode}/single-az/{}", product.instance_type),
            "hour",
        ));
    }
    cluster_usage(product, engine)
}

fn cluster_usage(product: &Attributes, engine: &'static str) -> Result<Place, &'static str> {
    let (usage, mode) = (product.usage.as_str(), product.io_optimized());
    if usage.ends_with("StorageIOUsage") {
        Ok((engine, format!("{engine}/none/request"), "request"))
    } else if usage.contains("StorageUsage") && !usage.contains("Snapshot") {
        Ok((engine, format!("{engine}/{mode}/storage"), "GiB-month"))
    } else if engine == "neptune" && usage.contains("ServerlessUsage") {
        Ok((engine, format!("{engine}/{mode}/single-az/db.serverless"), "ACU-hour"))
    } else {
        Err(OTHER)
    }
}
