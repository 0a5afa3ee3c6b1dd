//! RDS, Aurora, DocumentDB and Neptune: all arrive as `rds.amazonaws.com` with their engine.
//!
//! Instances and clusters have separate name spaces, so a cluster's resource is named
//! `cluster:<identifier>`, as in its ARN; [`DatabaseSpec::cluster`] holds that same name.

use crate::loose::{Items, Loose, wire};
use crate::record::{Call, Reading};
use crate::skip::Refusal;
use domain::event::Change;
use domain::resource::{
    AcuRange, ClusterSpec, DatabaseSpec, Deployment, ResourceId, Service, Spec, SpecChange,
    VolumeSpec,
};

/// A new, restored or copied instance, as the answer shows it.
pub(crate) fn create_instance(call: &Call<'_>) -> Result<Reading, Refusal> {
    let (asked, given): (Instance<'_>, Instance<'_>) = (call.request()?, call.response()?);
    let class = given.class.text().or(asked.class.text());
    let class = class.ok_or_else(|| Refusal::missing("dBInstanceClass"))?.to_owned();
    let resource = instance(call, given.id.text().or(asked.target_id.text()).or(asked.id.text()))?;
    let spec = Spec::Database(database_spec(class, &asked, &given));
    Ok(Change::Started { resources: vec![resource], spec }.into())
}

/// What takes effect at once: what waits for the maintenance window is not paid for yet.
pub(crate) fn modify_instance(call: &Call<'_>) -> Result<Reading, Refusal> {
    let (asked, given): (Instance<'_>, Instance<'_>) = (call.request()?, call.response()?);
    if !asked.apply_immediately.is_true() {
        return Err(Refusal::no_effect("waits for the maintenance window"));
    }
    let to = SpecChange::Database {
        class: new_class(&asked, &given),
        deployment: new_deployment(&asked, &given),
        storage: new_storage(&asked, &given),
    };
    if to == (SpecChange::Database { class: None, deployment: None, storage: None }) {
        return Err(Refusal::no_effect("nothing that has a price"));
    }
    let resource = instance(call, asked.id.text().or(given.id.text()))?;
    Ok(Change::Modified { resource, to }.into())
}

/// The instance runs again.
pub(crate) fn start_instance(call: &Call<'_>) -> Result<Reading, Refusal> {
    Ok(Change::Resumed { resources: vec![asked_instance(call)?] }.into())
}

/// The instance stops; its storage costs on.
pub(crate) fn stop_instance(call: &Call<'_>) -> Result<Reading, Refusal> {
    Ok(Change::Stopped { resources: vec![asked_instance(call)?] }.into())
}

/// The instance is gone.
pub(crate) fn delete_instance(call: &Call<'_>) -> Result<Reading, Refusal> {
    Ok(Change::Deleted { resources: vec![asked_instance(call)?] }.into())
}

/// A cluster. Aurora's costs come with its instances, a Multi-AZ cluster has a class of its own.
pub(crate) fn create_cluster(call: &Call<'_>) -> Result<Reading, Refusal> {
    let (asked, given): (Cluster<'_>, Cluster<'_>) = (call.request()?, call.response()?);
    let resource = cluster(call, given.id.text().or(asked.id.text()))?;
    let engine = given.engine.text().or(asked.engine.text());
    let class = given.class.text().or(asked.class.text());
    let spec = Spec::Cluster(ClusterSpec {
        engine: engine.ok_or_else(|| Refusal::missing("engine"))?.to_owned(),
        instance_class: class.map(ToOwned::to_owned),
        storage: class.and_then(|_| cluster_storage(&asked, &given)),
        acu: acu_range(&asked, &given),
        io_optimized: is_io_optimized(given.storage_type.text().or(asked.storage_type.text())),
    });
    Ok(Change::Started { resources: vec![resource], spec }.into())
}

/// Another serverless range, storage mode or class.
pub(crate) fn modify_cluster(call: &Call<'_>) -> Result<Reading, Refusal> {
    let (asked, given): (Cluster<'_>, Cluster<'_>) = (call.request()?, call.response()?);
    let class = asked.class.text().filter(|_| asked.apply_immediately.is_true());
    let to = SpecChange::Cluster {
        acu: asked.scaling.as_ref().and_then(|_| acu_range(&asked, &given)),
        io_optimized: asked.storage_type.text().map(|kind| is_io_optimized(Some(kind))),
        instance_class: class.map(ToOwned::to_owned),
    };
    if to == (SpecChange::Cluster { acu: None, io_optimized: None, instance_class: None }) {
        return Err(Refusal::no_effect("nothing that has a price at once"));
    }
    let resource = cluster(call, asked.id.text().or(given.id.text()))?;
    Ok(Change::Modified { resource, to }.into())
}

/// The cluster and its members run again; the members get no calls of their own.
pub(crate) fn start_cluster(call: &Call<'_>) -> Result<Reading, Refusal> {
    Ok(Change::Resumed { resources: cluster_and_members(call)? }.into())
}

/// The cluster and its members stop; the members get no calls of their own.
pub(crate) fn stop_cluster(call: &Call<'_>) -> Result<Reading, Refusal> {
    Ok(Change::Stopped { resources: cluster_and_members(call)? }.into())
}

/// The cluster is gone; its members were deleted before, by calls of their own.
pub(crate) fn delete_cluster(call: &Call<'_>) -> Result<Reading, Refusal> {
    let asked: Cluster<'_> = call.request()?;
    Ok(Change::Deleted { resources: vec![cluster(call, asked.id.text())?] }.into())
}

fn database_spec(class: String, asked: &Instance<'_>, given: &Instance<'_>) -> DatabaseSpec {
    let engine = given.engine.text().or(asked.engine.text()).unwrap_or_default();
    let cluster = given.cluster.text().or(asked.cluster.text());
    let shares_storage = cluster.is_some() || has_cluster_storage(engine);
    let storage_type = given.storage_type.text().or(asked.storage_type.text());
    DatabaseSpec {
        class,
        engine: engine.to_owned(),
        licence: given.licence.text().or(asked.licence.text()).map(ToOwned::to_owned),
        deployment: deployment(given.multi_az.flag().or(asked.multi_az.flag())),
        storage: if shares_storage { None } else { instance_storage(asked, given) },
        cluster: cluster.map(cluster_name),
        acu: None,
        io_optimized: is_io_optimized(storage_type),
    }
}

fn has_cluster_storage(engine: &str) -> bool {
    engine.starts_with("aurora") || matches!(engine, "docdb" | "neptune")
}

fn deployment(multi_az: Option<bool>) -> Deployment {
    if multi_az == Some(true) { Deployment::MultiAz } else { Deployment::SingleAz }
}

/// `aurora-iopt1`; DocumentDB and Neptune say `iopt1`.
fn is_io_optimized(storage_type: Option<&str>) -> bool {
    storage_type.is_some_and(|kind| kind.ends_with("iopt1"))
}

fn instance_storage(asked: &Instance<'_>, given: &Instance<'_>) -> Option<VolumeSpec> {
    let size_gib = given.allocated_storage.whole().or(asked.allocated_storage.whole());
    let kind = given.storage_type.text().or(asked.storage_type.text());
    if size_gib.is_none() && kind.is_none() {
        return None;
    }
    Some(volume(
        kind,
        size_gib,
        given.iops.whole().or(asked.iops.whole()),
        given.throughput.whole().or(asked.throughput.whole()),
    ))
}

fn cluster_storage(asked: &Cluster<'_>, given: &Cluster<'_>) -> Option<VolumeSpec> {
    let size_gib = given.allocated_storage.whole().or(asked.allocated_storage.whole())?;
    let kind = given.storage_type.text().or(asked.storage_type.text());
    Some(volume(kind, Some(size_gib), given.iops.whole().or(asked.iops.whole()), None))
}

fn volume(
    kind: Option<&str>,
    size_gib: Option<u32>,
    iops: Option<u32>,
    throughput_mibps: Option<u32>,
) -> VolumeSpec {
    VolumeSpec { kind: kind.unwrap_or("gp2").to_owned(), size_gib, iops, throughput_mibps }
}

/// What the answer still shows as pending wins; without an answer the request is believed; a value
/// that the instance has already is no change.
fn new_class(asked: &Instance<'_>, given: &Instance<'_>) -> Option<String> {
    let pending = given.pending.as_ref().and_then(|pending| pending.class.text());
    let wanted = asked.class.text()?;
    pending
        .or_else(|| (given.class.text() != Some(wanted)).then_some(wanted))
        .map(ToOwned::to_owned)
}

fn new_deployment(asked: &Instance<'_>, given: &Instance<'_>) -> Option<Deployment> {
    let pending = given.pending.as_ref().and_then(|pending| pending.multi_az.flag());
    let wanted = asked.multi_az.flag()?;
    let changed = pending.or_else(|| (given.multi_az.flag() != Some(wanted)).then_some(wanted));
    changed.map(|multi_az| deployment(Some(multi_az)))
}

/// The whole storage as it will be, where any part of it changes.
fn new_storage(asked: &Instance<'_>, given: &Instance<'_>) -> Option<VolumeSpec> {
    let pending = given.pending.as_ref();
    let size = pending.and_then(|new| new.allocated_storage.whole());
    let kind = pending.and_then(|new| new.storage_type.text());
    let iops = pending.and_then(|new| new.iops.whole());
    let throughput = pending.and_then(|new| new.throughput.whole());
    let new = volume(
        kind.or(asked.storage_type.text()).or(given.storage_type.text()),
        size.or(asked.allocated_storage.whole()).or(given.allocated_storage.whole()),
        iops.or(asked.iops.whole()).or(given.iops.whole()),
        throughput.or(asked.throughput.whole()).or(given.throughput.whole()),
    );
    let named = asked.storage_type.text().is_some()
        || [&asked.allocated_storage, &asked.iops, &asked.throughput]
            .iter()
            .any(|field| field.whole().is_some());
    let now = instance_storage(&Instance::default(), given);
    (named && now.as_ref() != Some(&new)).then_some(new)
}

/// Both ends must be known: the answer fills in the one that was not asked for.
fn acu_range(asked: &Cluster<'_>, given: &Cluster<'_>) -> Option<AcuRange> {
    let (asked, given) = (asked.scaling.as_ref(), given.scaling.as_ref());
    let min = |range: Option<&Scaling<'_>>| range.and_then(|range| range.min.thousandths());
    let max = |range: Option<&Scaling<'_>>| range.and_then(|range| range.max.thousandths());
    Some(AcuRange { min_milli: min(asked).or(min(given))?, max_milli: max(asked).or(max(given))? })
}

fn asked_instance(call: &Call<'_>) -> Result<ResourceId, Refusal> {
    let asked: Instance<'_> = call.request()?;
    instance(call, asked.id.text())
}

fn cluster_and_members(call: &Call<'_>) -> Result<Vec<ResourceId>, Refusal> {
    let (asked, given): (Cluster<'_>, Cluster<'_>) = (call.request()?, call.response()?);
    let mut resources = vec![cluster(call, asked.id.text().or(given.id.text()))?];
    for member in &given.members.0 {
        resources.extend(instance(call, member.id.text()));
    }
    Ok(resources)
}

/// Identifiers are stored in lower case, whatever the request writes.
fn instance(call: &Call<'_>, id: Option<&str>) -> Result<ResourceId, Refusal> {
    let id = id.ok_or_else(|| Refusal::missing("dBInstanceIdentifier"))?;
    Ok(call.resource(Service::Rds, short(id).to_ascii_lowercase()))
}

fn cluster(call: &Call<'_>, id: Option<&str>) -> Result<ResourceId, Refusal> {
    let id = id.ok_or_else(|| Refusal::missing("dBClusterIdentifier"))?;
    Ok(call.resource(Service::Rds, cluster_name(id)))
}

fn cluster_name(id: &str) -> String {
    format!("cluster:{}", short(id).to_ascii_lowercase())
}

/// The identifier at the end of an ARN.
fn short(id: &str) -> &str {
    id.rsplit(':').next().unwrap_or(id)
}

wire! {
    struct Instance<'a> {
        "dBInstanceIdentifier" | "DBInstanceIdentifier" => id: Loose<'a>,
        "targetDBInstanceIdentifier" | "TargetDBInstanceIdentifier" => target_id: Loose<'a>,
        "dBInstanceClass" | "DBInstanceClass" => class: Loose<'a>,
        "engine" | "Engine" => engine: Loose<'a>,
        "licenseModel" | "LicenseModel" => licence: Loose<'a>,
        "multiAZ" | "MultiAZ" => multi_az: Loose<'a>,
        "allocatedStorage" | "AllocatedStorage" => allocated_storage: Loose<'a>,
        "storageType" | "StorageType" => storage_type: Loose<'a>,
        "iops" | "Iops" => iops: Loose<'a>,
        "storageThroughput" | "StorageThroughput" => throughput: Loose<'a>,
        "dBClusterIdentifier" | "DBClusterIdentifier" => cluster: Loose<'a>,
        "applyImmediately" | "ApplyImmediately" => apply_immediately: Loose<'a>,
        "pendingModifiedValues" | "PendingModifiedValues" => pending: Option<Pending<'a>>,
    }
    struct Pending<'a> {
        "dBInstanceClass" | "DBInstanceClass" => class: Loose<'a>,
        "multiAZ" | "MultiAZ" => multi_az: Loose<'a>,
        "allocatedStorage" | "AllocatedStorage" => allocated_storage: Loose<'a>,
        "storageType" | "StorageType" => storage_type: Loose<'a>,
        "iops" | "Iops" => iops: Loose<'a>,
        "storageThroughput" | "StorageThroughput" => throughput: Loose<'a>,
    }
    struct Cluster<'a> {
        "dBClusterIdentifier" | "DBClusterIdentifier" => id: Loose<'a>,
        "engine" | "Engine" => engine: Loose<'a>,
        "dBClusterInstanceClass" | "DBClusterInstanceClass" => class: Loose<'a>,
        "allocatedStorage" | "AllocatedStorage" => allocated_storage: Loose<'a>,
        "storageType" | "StorageType" => storage_type: Loose<'a>,
        "iops" | "Iops" => iops: Loose<'a>,
        "serverlessV2ScalingConfiguration" | "ServerlessV2ScalingConfiguration"
            => scaling: Option<Scaling<'a>>,
        "applyImmediately" | "ApplyImmediately" => apply_immediately: Loose<'a>,
        "dBClusterMembers" | "DBClusterMembers" => members: Items<Member<'a>>,
    }
    struct Scaling<'a> {
        "minCapacity" | "MinCapacity" => min: Loose<'a>,
        "maxCapacity" | "MaxCapacity" => max: Loose<'a>,
    }
    struct Member<'a> {
        "dBInstanceIdentifier" | "DBInstanceIdentifier" => id: Loose<'a>,
    }
}
