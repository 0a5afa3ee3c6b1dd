//! What is running and what it is: resources, their identity, and the details that drive their
//! price.

use crate::ids::Region;
use std::fmt;

/// The kinds of resource that are read and priced. The code is what people and the table see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// EC2 instances.
    Ec2,
    /// EBS volumes that live on their own.
    Ebs,
    /// NAT gateways.
    NatGateway,
    /// Elastic IP addresses (every public IPv4 address costs the same).
    PublicIpv4,
    /// RDS, Aurora, DocumentDB and Neptune: instances and clusters.
    Rds,
    /// Lambda functions and their provisioned concurrency.
    Lambda,
    /// Auto Scaling groups: cost nothing themselves, but say who is behind later launches.
    AutoScaling,
    /// EC2 fleets and Spot fleets: likewise.
    Ec2Fleet,
}

impl Service {
    /// What launched an instance with this tag, whose value is its name or id.
    pub fn launching(tag: &str) -> Option<Self> {
        match tag {
            "aws:autoscaling:groupName" => Some(Self::AutoScaling),
            "aws:ec2:fleet-id" | "aws:ec2spot:fleet-request-id" => Some(Self::Ec2Fleet),
            _ => None,
        }
    }

    /// Every service, in the order in which reports list them.
    pub const ALL: [Self; 8] = [
        Self::Ec2,
        Self::Ebs,
        Self::NatGateway,
        Self::PublicIpv4,
        Self::Rds,
        Self::Lambda,
        Self::AutoScaling,
        Self::Ec2Fleet,
    ];

    /// Stable code, used in keys of the table and in JSON output.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ec2 => "ec2",
            Self::Ebs => "ebs",
            Self::NatGateway => "nat-gateway",
            Self::PublicIpv4 => "public-ipv4",
            Self::Rds => "rds",
            Self::Lambda => "lambda",
            Self::AutoScaling => "autoscaling",
            Self::Ec2Fleet => "ec2-fleet",
        }
    }

    /// The service with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.code() == code)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Identity of one resource within an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId {
    /// What kind of resource.
    pub service: Service,
    /// Where it runs. RDS identifiers and Lambda names are unique only within a region.
    pub region: Region,
    /// `i-…`, `vol-…`, `nat-…`, `eipalloc-…`, a database or cluster identifier, a function name
    /// (`name:qualifier` for provisioned concurrency), a group name.
    pub name: String,
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}#{}", self.service.code(), self.region, self.name)
    }
}

/// The details of a resource that drive its price. Two resources with equal specs in one region
/// cost the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spec {
    /// An EC2 instance.
    Instance(InstanceSpec),
    /// An EBS volume.
    Volume(VolumeSpec),
    /// A NAT gateway (by the hour; traffic is not in the event).
    NatGateway,
    /// A public IPv4 address.
    PublicIpv4,
    /// An RDS, Aurora, DocumentDB or Neptune instance.
    Database(DatabaseSpec),
    /// An Aurora, DocumentDB, Neptune or Multi-AZ cluster.
    Cluster(ClusterSpec),
    /// A Lambda function: costs nothing until it runs.
    Function(FunctionSpec),
    /// Provisioned concurrency of a function: costs by the hour.
    ProvisionedConcurrency(ConcurrencySpec),
    /// Something that launches other resources and costs nothing itself.
    Launcher(LauncherSpec),
}

impl Spec {
    /// A Linux instance on shared hardware at the on-demand price.
    pub fn plain_instance(instance_type: &str) -> Self {
        Self::Instance(InstanceSpec {
            instance_type: instance_type.to_owned(),
            os: OperatingSystem::Linux,
            tenancy: Tenancy::Shared,
            purchase: Purchase::OnDemand,
            volumes: Vec::new(),
            availability_zone: None,
        })
    }

    /// With a change applied; a change that does not fit the kind leaves it as it is.
    #[must_use]
    pub fn with(&self, to: &SpecChange) -> Self {
        let mut spec = self.clone();
        match (&mut spec, to) {
            (Self::Instance(instance), SpecChange::InstanceType(name)) => {
                instance.instance_type.clone_from(name);
            }
            (
                Self::Volume(volume),
                SpecChange::Volume { kind, size_gib, iops, throughput_mibps },
            ) => {
                if let Some(kind) = kind {
                    volume.become_kind(kind);
                }
                volume.size_gib = size_gib.or(volume.size_gib);
                volume.iops = iops.or(volume.iops);
                volume.throughput_mibps = throughput_mibps.or(volume.throughput_mibps);
            }
            (Self::Database(database), SpecChange::Database { class, deployment, storage }) => {
                if let Some(class) = class {
                    database.class.clone_from(class);
                }
                database.deployment = deployment.unwrap_or(database.deployment);
                database.storage = storage.clone().or(database.storage.take());
            }
            (Self::Cluster(cluster), SpecChange::Cluster { acu, io_optimized, instance_class }) => {
                cluster.acu = acu.or(cluster.acu);
                cluster.io_optimized = io_optimized.unwrap_or(cluster.io_optimized);
                if instance_class.is_some() {
                    cluster.instance_class.clone_from(instance_class);
                }
            }
            (Self::Function(function), SpecChange::Function(to)) => function.clone_from(to),
            (Self::Launcher(launcher), SpecChange::Launcher { desired, max }) => {
                launcher.desired = desired.or(launcher.desired);
                launcher.max = max.or(launcher.max);
            }
            _ => {}
        }
        spec
    }

    /// Name of the type as people know it: `m5.large`, `gp3`, `db.r6g.large`, `1024 MB`.
    pub fn resource_type(&self) -> String {
        match self {
            Self::Instance(spec) => spec.instance_type.clone(),
            Self::Volume(spec) => spec.kind.clone(),
            Self::NatGateway => "nat-gateway".to_owned(),
            Self::PublicIpv4 => "public-ipv4".to_owned(),
            Self::Database(spec) => spec.class.clone(),
            Self::Cluster(spec) => spec.resource_type().to_owned(),
            Self::Function(_) => "function".to_owned(),
            Self::ProvisionedConcurrency(_) => "provisioned-concurrency".to_owned(),
            Self::Launcher(_) => "launcher".to_owned(),
        }
    }
}

/// An EC2 instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceSpec {
    /// `m5.large`.
    pub instance_type: String,
    /// Operating system that is billed.
    pub os: OperatingSystem,
    /// Shared, dedicated or on a host.
    pub tenancy: Tenancy,
    /// On demand or Spot.
    pub purchase: Purchase,
    /// Volumes that the launch itself asks for (block device mappings with a size).
    pub volumes: Vec<VolumeSpec>,
    /// `us-west-2-lax-1a` when the instance stands in a local zone, whose prices differ.
    pub availability_zone: Option<String>,
}

/// What the hourly price of an instance includes besides the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OperatingSystem {
    /// Amazon Linux, Ubuntu, Debian … without a licence fee.
    Linux,
    /// Windows without SQL Server.
    Windows,
    /// Red Hat Enterprise Linux.
    Rhel,
    /// SUSE Linux Enterprise Server.
    Suse,
    /// Ubuntu Pro.
    UbuntuPro,
}

impl OperatingSystem {
    /// All of them, in the order of the price table.
    pub const ALL: [Self; 5] =
        [Self::Linux, Self::Windows, Self::Rhel, Self::Suse, Self::UbuntuPro];

    /// Code in tables and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Windows => "windows",
            Self::Rhel => "rhel",
            Self::Suse => "suse",
            Self::UbuntuPro => "ubuntu-pro",
        }
    }

    /// Name as people write it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::Windows => "Windows",
            Self::Rhel => "RHEL",
            Self::Suse => "SUSE",
            Self::UbuntuPro => "Ubuntu Pro",
        }
    }

    /// The system with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|os| os.code() == code)
    }
}

/// Whose hardware an instance runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tenancy {
    /// The default.
    Shared,
    /// Hardware of this customer alone; dearer by the instance.
    Dedicated,
    /// On a host that is paid as a whole: the instance itself adds nothing.
    Host,
}

impl Tenancy {
    /// Word in the table and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Dedicated => "dedicated",
            Self::Host => "host",
        }
    }

    /// The value with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Shared, Self::Dedicated, Self::Host].into_iter().find(|each| each.code() == code)
    }
}

/// How an instance is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purchase {
    /// List price by the second.
    OnDemand,
    /// Spot market: the price moves, on demand is its ceiling.
    Spot,
    /// Into a capacity block that was paid in advance.
    CapacityBlock,
}

impl Purchase {
    /// Word in the table and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OnDemand => "on-demand",
            Self::Spot => "spot",
            Self::CapacityBlock => "capacity-block",
        }
    }

    /// The value with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::OnDemand, Self::Spot, Self::CapacityBlock]
            .into_iter()
            .find(|each| each.code() == code)
    }
}

/// An EBS volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeSpec {
    /// `gp2`, `gp3`, `io1`, `io2`, `st1`, `sc1`, `standard`.
    pub kind: String,
    /// GiB; `None` when neither request nor answer tells (snapshot or image size).
    pub size_gib: Option<u32>,
    /// Provisioned IOPS, where asked for.
    pub iops: Option<u32>,
    /// Provisioned throughput in MiB/s, where asked for.
    pub throughput_mibps: Option<u32>,
}

impl VolumeSpec {
    /// Provisioned performance belongs to the kind it was bought for.
    fn become_kind(&mut self, kind: &str) {
        if self.kind != kind {
            (self.iops, self.throughput_mibps) = (None, None);
            kind.clone_into(&mut self.kind);
        }
    }
}

/// A database instance of RDS, Aurora, DocumentDB or Neptune.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseSpec {
    /// `db.r6g.large`, `db.serverless`.
    pub class: String,
    /// Engine as AWS names it: `mysql`, `aurora-postgresql`, `sqlserver-se`, `docdb`, `neptune`.
    pub engine: String,
    /// `license-included`, `bring-your-own-license`, `general-public-license` …, where told.
    pub licence: Option<String>,
    /// Single or multi zone.
    pub deployment: Deployment,
    /// Storage of the instance itself (`None` for members of an Aurora-like cluster).
    pub storage: Option<VolumeSpec>,
    /// The cluster that it belongs to.
    pub cluster: Option<String>,
    /// Aurora capacity range for `db.serverless`, in thousandths of an ACU; filled in from the
    /// cluster when the event itself does not tell.
    pub acu: Option<AcuRange>,
    /// Whether the cluster's storage is I/O-Optimized, which makes the instance dearer; filled in
    /// from the cluster.
    pub io_optimized: bool,
}

/// Over how many zones a database is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deployment {
    /// One instance.
    SingleAz,
    /// One instance and a standby.
    MultiAz,
    /// One writer and two readable standbys.
    ReadableStandbys,
}

impl Deployment {
    /// Word in the table and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SingleAz => "single-az",
            Self::MultiAz => "multi-az",
            Self::ReadableStandbys => "readable-standbys",
        }
    }

    /// The value with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::SingleAz, Self::MultiAz, Self::ReadableStandbys]
            .into_iter()
            .find(|each| each.code() == code)
    }
}

/// Capacity range of Aurora Serverless v2, in thousandths of an ACU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AcuRange {
    /// Paid even when idle.
    pub min_milli: u32,
    /// At most this.
    pub max_milli: u32,
}

/// A database cluster. Aurora-like clusters cost through their instances and per use of storage;
/// a Multi-AZ cluster of plain RDS has a class of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterSpec {
    /// Engine as AWS names it.
    pub engine: String,
    /// Class of a Multi-AZ DB cluster (three instances).
    pub instance_class: Option<String>,
    /// Provisioned storage of a Multi-AZ DB cluster.
    pub storage: Option<VolumeSpec>,
    /// Serverless v2 range that its `db.serverless` members have.
    pub acu: Option<AcuRange>,
    /// `aurora-iopt1` storage.
    pub io_optimized: bool,
}

impl ClusterSpec {
    fn resource_type(&self) -> &str {
        match self.acu {
            Some(_) => "serverless-v2-cluster",
            None => self.instance_class.as_deref().unwrap_or("cluster"),
        }
    }
}

/// A Lambda function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionSpec {
    /// Memory in MB.
    pub memory_mb: u32,
    /// Processor.
    pub architecture: Architecture,
    /// `/tmp` in MB (512 are free).
    pub ephemeral_storage_mb: u32,
}

/// Provisioned concurrency of one function version or alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConcurrencySpec {
    /// Name of the function.
    pub function: String,
    /// Instances kept warm.
    pub instances: u32,
    /// The function behind it, where known from an earlier event.
    pub function_spec: Option<FunctionSpec>,
}

/// Processor of a Lambda function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Architecture {
    /// `x86_64`.
    X86,
    /// `arm64`.
    Arm,
}

impl Architecture {
    /// Word in the table and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::X86 => "x86_64",
            Self::Arm => "arm64",
        }
    }

    /// The value with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::X86, Self::Arm].into_iter().find(|each| each.code() == code)
    }
}

/// A scaling group or fleet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LauncherSpec {
    /// Instances that it should have now, where told.
    pub desired: Option<u32>,
    /// Instances that it may have: the blast radius, where told.
    pub max: Option<u32>,
}

/// A change of a spec: what is `None` stays as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpecChange {
    /// `ModifyInstanceAttribute` with a type.
    InstanceType(String),
    /// `ModifyVolume`.
    Volume {
        /// New kind.
        kind: Option<String>,
        /// New size in GiB.
        size_gib: Option<u32>,
        /// New IOPS.
        iops: Option<u32>,
        /// New throughput in MiB/s.
        throughput_mibps: Option<u32>,
    },
    /// `ModifyDBInstance`, as far as it took effect at once.
    Database {
        /// New class.
        class: Option<String>,
        /// New deployment.
        deployment: Option<Deployment>,
        /// New storage.
        storage: Option<VolumeSpec>,
    },
    /// `ModifyDBCluster`.
    Cluster {
        /// New serverless range.
        acu: Option<AcuRange>,
        /// New storage mode.
        io_optimized: Option<bool>,
        /// New class of a Multi-AZ cluster.
        instance_class: Option<String>,
    },
    /// `UpdateFunctionConfiguration`, `UpdateFunctionCode`.
    Function(FunctionSpec),
    /// Capacity of a scaling group or fleet.
    Launcher {
        /// New desired number.
        desired: Option<u32>,
        /// New maximum.
        max: Option<u32>,
    },
}
