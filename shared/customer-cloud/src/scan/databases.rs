//! RDS instances and their manual snapshots.

use super::findings::{Findings, Looked, of};
use super::instances::is_old;
use super::metrics::{Asked, Metric, Metrics, OfDays, Silence};
use super::prices::PriceTags;
use crate::client::Visit;
use crate::input::Input;
use crate::node::Node;
use crate::operation::{DESCRIBE_DB_INSTANCES, DESCRIBE_DB_SNAPSHOTS};
use crate::pages::Mark;
use crate::when;
use domain::resource::{DatabaseSpec, Deployment, Spec, VolumeSpec};
use domain::zombie::database::{
    Database, DatabaseSnapshot, Replication, idle_database, old_database_snapshot,
};
use domain::zombie::{Named, Place, ZombieCheck};
use pipeline::error::Failure;
use pricing::Standing;

/// Databases and snapshots before they are judged.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    databases: Vec<SeenDatabase>,
    snapshots: Vec<DatabaseSnapshot>,
}

#[derive(Debug)]
struct SeenDatabase {
    database: Database,
    spec: DatabaseSpec,
    connections: Option<Asked>,
}

pub(crate) async fn look(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
    findings: &mut Findings,
) -> Result<Seen, Failure> {
    let databases = look_at_databases(visit, place, metrics).await;
    let databases = findings.kept(&[ZombieCheck::IdleDatabase], databases)?;
    let snapshots = look_at_snapshots(visit).await;
    let snapshots = findings.kept(&[ZombieCheck::OldDatabaseSnapshot], snapshots)?;
    Ok(Seen { databases, snapshots })
}

async fn look_at_databases(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
) -> Looked<Vec<SeenDatabase>> {
    let (input, operation) = (Input::form([("MaxRecords", "100")]), DESCRIBE_DB_INSTANCES);
    let mark = Mark("Marker", "DescribeDBInstancesResult.Marker");
    let pages = visit.xml_pages(operation, input, mark).await.map_err(of(operation))?;
    let nodes = pages.iter().flat_map(|page| page.list("DescribeDBInstancesResult.DBInstances"));
    Ok(nodes.filter_map(|node| seen(node, place, metrics)).collect())
}

fn seen(node: &Node, place: Place<'_>, metrics: &mut Metrics) -> Option<SeenDatabase> {
    let spec = spec(node);
    let database = Database {
        named: Named::only(node.some("DBInstanceIdentifier")?),
        class: spec.class.clone(),
        engine: spec.engine.clone(),
        cluster: spec.cluster.clone(),
        replication: replication(node),
        is_multi_az: spec.deployment == Deployment::MultiAz,
        created: when::iso(node.text("InstanceCreateTime"))?,
        is_available: node.text("DBInstanceStatus") == "available",
        connections: None,
    };
    let is_judged = database.is_available && is_old(database.created, place);
    let connections = is_judged.then(|| {
        let dimensions = vec![("DBInstanceIdentifier", database.named.id.clone())];
        let (namespace, name) = ("AWS/RDS", "DatabaseConnections");
        let (of_days, silence) = (OfDays::Maximum, Silence::Unknown);
        metrics.want(Metric { namespace, name, dimensions, of_days, silence })
    });
    Some(SeenDatabase { database, spec, connections })
}

/// A replica may have replicas of its own, and stays one.
fn replication(node: &Node) -> Replication {
    if node.some("ReadReplicaSourceDBInstanceIdentifier").is_some() {
        Replication::Replica
    } else if node.list("ReadReplicaDBInstanceIdentifiers").is_empty() {
        Replication::Alone
    } else {
        Replication::Source
    }
}

fn spec(node: &Node) -> DatabaseSpec {
    let text = |name: &str| node.text(name).to_owned();
    let cluster = node.some("DBClusterIdentifier").map(str::to_owned);
    let kind = text("StorageType");
    // Members of a cluster share its storage, which is paid by use.
    let storage = cluster.is_none().then(|| VolumeSpec {
        kind: kind.clone(),
        size_gib: node.number("AllocatedStorage"),
        iops: node.number("Iops"),
        throughput_mibps: node.number("StorageThroughput"),
    });
    let is_doubled = node.text("MultiAZ") == "true" && cluster.is_none();
    DatabaseSpec {
        class: text("DBInstanceClass"),
        engine: text("Engine"),
        licence: node.some("LicenseModel").map(str::to_owned),
        deployment: if is_doubled { Deployment::MultiAz } else { Deployment::SingleAz },
        storage,
        cluster,
        acu: None,
        io_optimized: kind == "aurora-iopt1",
    }
}

async fn look_at_snapshots(visit: &Visit<'_>) -> Looked<Vec<DatabaseSnapshot>> {
    let input = Input::form([("SnapshotType", "manual"), ("MaxRecords", "100")]);
    let (mark, operation) =
        (Mark("Marker", "DescribeDBSnapshotsResult.Marker"), DESCRIBE_DB_SNAPSHOTS);
    let pages = visit.xml_pages(operation, input, mark).await.map_err(of(operation))?;
    let nodes = pages.iter().flat_map(|page| page.list("DescribeDBSnapshotsResult.DBSnapshots"));
    let snapshots = nodes.filter_map(|node| {
        Some(DatabaseSnapshot {
            named: Named::only(node.some("DBSnapshotIdentifier")?),
            size_gib: node.number("AllocatedStorage")?,
            created: when::iso(node.text("SnapshotCreateTime"))?,
            is_manual: node.text("SnapshotType") == "manual",
        })
    });
    Ok(snapshots.collect())
}

pub(crate) fn judge(
    seen: Seen,
    place: Place<'_>,
    prices: &PriceTags<'_>,
    metrics: &Metrics,
    findings: &mut Findings,
) {
    for SeenDatabase { mut database, spec, connections } in seen.databases {
        database.connections = connections.and_then(|asked| metrics.measured(asked));
        findings.priced(ZombieCheck::IdleDatabase, prices.of(&Spec::Database(spec)), |price| {
            idle_database(&database, place, price)
        });
    }
    for snapshot in seen.snapshots {
        let price = prices.standing(&Standing::RdsSnapshot { gib: snapshot.size_gib });
        findings.priced(ZombieCheck::OldDatabaseSnapshot, price, |price| {
            Ok(old_database_snapshot(&snapshot, place, price))
        });
    }
}
