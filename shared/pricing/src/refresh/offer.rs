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
        let field = match name.as_str() {
            "regioncode" => {
                self.region = Some(value.to_owned()).filter(|region| !region.is_empty());
                return;
            }
            "productfamily" => &mut self.family,
            "instancetype" => &mut self.instance_type,
            "operatingsystem" => &mut self.operating_system,
            "tenancy" => &mut self.tenancy,
            "capacitystatus" => &mut self.capacity_status,
            "preinstalledsw" => &mut self.preinstalled,
            "licensemodel" => &mut self.licence,
            "marketoption" => &mut self.market,
            "usagetype" => &mut self.usage,
            "volumeapiname" => &mut self.volume,
            "volumetype" => &mut self.volume_type,
            "group" => &mut self.group,
            "databaseengine" => &mut self.engine,
            "databaseedition" => &mut self.edition,
            "deploymentoption" => &mut self.deployment,
            "deploymentmodel" => &mut self.deployment_model,
            _ => return,
        };
        value.clone_into(field);
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
    let (table, name, unit) = match offer.trim_end_matches("-test") {
        "AmazonEC2" => ec2(product),
        "AmazonVPC" => vpc(product),
        "AWSLambda" => lambda(product),
        "AmazonRDS" => rds(product),
        "AmazonDocDB" => cluster_engine(product, "docdb"),
        "AmazonNeptune" => cluster_engine(product, "neptune"),
        _ => Err("another service"),
    }?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-./".contains(&byte);
    if name.len() > 100 || !name.bytes().all(fits) {
        return Err("a name that no table can hold");
    }
    let by_the_gibps = table == "ebs" && unit == "MiB/s-month";
    Ok(Target { table, product: name, unit, region, by_the_gibps })
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

/// The filters without which two prices in five are 0, or those of something else.
fn instance(product: &Attributes) -> Result<Place, &'static str> {
    if product.tenancy != "Shared" {
        return Err("tenancy other than Shared");
    }
    if product.capacity_status != "Used" {
        return Err("capacity reservation");
    }
    if !matches!(product.preinstalled.as_str(), "NA" | "") {
        return Err("software preinstalled");
    }
    if product.licence != "No License required" {
        return Err("licence brought along");
    }
    if !matches!(product.market.as_str(), "OnDemand" | "") {
        return Err("capacity block or Spot");
    }
    let os = match product.operating_system.as_str() {
        "Linux" => OperatingSystem::Linux,
        "Windows" => OperatingSystem::Windows,
        "RHEL" => OperatingSystem::Rhel,
        "SUSE" => OperatingSystem::Suse,
        "Ubuntu Pro" => OperatingSystem::UbuntuPro,
        _ => return Err("another operating system"),
    };
    if product.instance_type.split_once('.').is_none() {
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
        "ServerlessV2" if product.usage.contains("Aurora:ServerlessV2") => {
            let engine = engine(product).ok_or("another engine")?;
            let name = format!("{engine}/{}/single-az/db.serverless", product.io_optimized());
            Ok(("rds", name, "ACU-hour"))
        }
        "Database Storage" => database_storage(product),
        "Provisioned IOPS" if !product.usage.contains("IO2") => {
            let kind = if product.usage.contains("GP3") { "gp3" } else { "io1" };
            let name = format!("{}/{kind}/iops", storage_deployment(product)?);
            Ok(("rds-storage", name, "IOPS-month"))
        }
        "Provisioned Throughput" => {
            let name = format!("{}/gp3/throughput", storage_deployment(product)?);
            Ok(("rds-storage", name, "MiB/s-month"))
        }
        "System Operation" if product.group == "Aurora I/O Operation" => {
            Ok(("rds-storage", "aurora/none/request".to_owned(), "request"))
        }
        _ => Err(OTHER),
    }
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

fn engine(product: &Attributes) -> Option<&'static str> {
    Some(match (product.engine.as_str(), product.edition.as_str()) {
        ("PostgreSQL", _) => "postgres",
        ("MySQL", _) => "mysql",
        ("MariaDB", _) => "mariadb",
        ("Aurora MySQL", _) => "aurora-mysql",
        ("Aurora PostgreSQL", _) => "aurora-postgresql",
        ("Db2", _) => "db2",
        ("Oracle", "Enterprise") => "oracle-ee",
        ("Oracle", "Standard Two") => "oracle-se2",
        ("SQL Server", "Enterprise") => "sqlserver-ee",
        ("SQL Server", "Standard") => "sqlserver-se",
        ("SQL Server", "Web") => "sqlserver-web",
        ("SQL Server", "Express") => "sqlserver-ex",
        _ => return None,
    })
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
    match product.usage.as_str() {
        usage if usage.ends_with("StorageIOUsage") => {
            Ok((engine, format!("{engine}/none/request"), "request"))
        }
        usage if usage.contains("StorageUsage") && !usage.contains("Snapshot") => {
            Ok((engine, format!("{engine}/{mode}/storage"), "GiB-month"))
        }
        usage if engine == "neptune" && usage.contains("ServerlessUsage") => {
            Ok((engine, format!("{engine}/{mode}/single-az/db.serverless"), "ACU-hour"))
        }
        _ => Err(OTHER),
    }
}
