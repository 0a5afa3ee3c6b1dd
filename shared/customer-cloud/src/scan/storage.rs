//! EBS volumes and snapshots.

use super::findings::{Findings, Looked, of};
use super::instances::{self, is_old, named};
use super::metrics::{Asked, Metric, Metrics, OfDays, Silence};
use super::prices::PriceTags;
use crate::client::Visit;
use crate::input::Input;
use crate::node::Node;
use crate::operation::{DESCRIBE_IMAGES, DESCRIBE_SNAPSHOTS, DESCRIBE_VOLUMES};
use crate::pages::Mark;
use crate::when;
use domain::price::Monthly;
use domain::resource::{Spec, VolumeSpec};
use domain::zombie::instance::State;
use domain::zombie::storage::{
    AsGp3, Attached, Snapshot, Volume, idle_volume, old_snapshot, old_volume_kind,
    unattached_volume,
};
use domain::zombie::{Place, ZombieCheck};
use pipeline::error::Failure;
use pricing::Standing;
use std::collections::HashSet;

/// How EC2 continues its lists.
pub(super) const EC2_PAGES: Mark = Mark("NextToken", "nextToken");

/// Volumes and snapshots before they are judged.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    volumes: Vec<SeenVolume>,
    snapshots: Vec<Snapshot>,
}

#[derive(Debug)]
struct SeenVolume {
    volume: Volume,
    spec: VolumeSpec,
    instance: Option<String>,
    metrics: Option<[Asked; 2]>,
}

pub(crate) async fn look(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
    instances: &[instances::Seen],
    findings: &mut Findings,
) -> Result<Seen, Failure> {
    use ZombieCheck::{IdleVolume, OldSnapshot, OldVolumeKind, StoppedInstance, UnattachedVolume};
    let volumes = look_at_volumes(visit, place, metrics, instances).await;
    let volumes_known = volumes.is_ok();
    // What a stopped instance costs are its volumes.
    let of_volumes = [UnattachedVolume, IdleVolume, OldVolumeKind, StoppedInstance];
    let volumes = findings.kept(&of_volumes, volumes)?;
    if !volumes_known {
        let why = "the volumes could not be listed".to_owned();
        findings.judged(OldSnapshot, Err(why));
        return Ok(Seen { volumes, snapshots: Vec::new() });
    }
    let snapshots = look_at_snapshots(visit, &volumes).await;
    let snapshots = findings.kept(&[OldSnapshot], snapshots)?;
    Ok(Seen { volumes, snapshots })
}

async fn look_at_volumes(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
    instances: &[instances::Seen],
) -> Looked<Vec<SeenVolume>> {
    let running: HashSet<&str> = instances
        .iter()
        .filter(|seen| seen.instance.state == State::Running)
        .map(|seen| seen.instance.named.id.as_str())
        .collect();
    let input = Input::form([("MaxResults", "500")]);
    let pages = visit.xml_pages(DESCRIBE_VOLUMES, input, EC2_PAGES).await;
    let pages = pages.map_err(of(DESCRIBE_VOLUMES))?;
    let volumes = pages.iter().flat_map(|page| page.list("volumeSet"));
    Ok(volumes.filter_map(|node| seen_volume(node, place, metrics, &running)).collect())
}

fn seen_volume(
    node: &Node,
    place: Place<'_>,
    metrics: &mut Metrics,
    running: &HashSet<&str>,
) -> Option<SeenVolume> {
    let mut instances = node.list("attachmentSet").iter();
    let instance = instances.find_map(|each| each.some("instanceId"));
    let attached = attached(node, instance, running);
    let volume = Volume {
        named: named(node, "volumeId")?,
        kind: node.text("volumeType").to_owned(),
        size_gib: node.number("size")?,
        created: when::iso(node.text("createTime"))?,
        attached,
        operations: None,
    };
    let spec = VolumeSpec {
        kind: volume.kind.clone(),
        size_gib: Some(volume.size_gib),
        iops: node.number("iops"),
        throughput_mibps: node.number("throughput"),
    };
    let is_judged = attached == Attached::Running && is_old(volume.created, place);
    let metrics = is_judged.then(|| wanted(metrics, &volume.named.id));
    Some(SeenVolume { volume, spec, instance: instance.map(str::to_owned), metrics })
}

fn attached(node: &Node, instance: Option<&str>, running: &HashSet<&str>) -> Attached {
    match instance {
        None if node.text("status") == "available" => Attached::Nothing,
        // A volume of a task on Fargate is in use, and its attachment names no instance.
        None => Attached::Elsewhere,
        Some(id) if running.contains(id) => Attached::Running,
        Some(_) => Attached::Stopped,
    }
}

fn wanted(metrics: &mut Metrics, id: &str) -> [Asked; 2] {
    ["VolumeReadOps", "VolumeWriteOps"].map(|name| {
        let dimensions = vec![("VolumeId", id.to_owned())];
        let (namespace, of_days, silence) = ("AWS/EBS", OfDays::Sum, Silence::Unknown);
        metrics.want(Metric { namespace, name, dimensions, of_days, silence })
    })
}

async fn look_at_snapshots(visit: &Visit<'_>, volumes: &[SeenVolume]) -> Looked<Vec<Snapshot>> {
    let input = Input::form([("Owner.1", "self"), ("MaxResults", "1000")]);
    let snapshots = visit.xml_pages(DESCRIBE_SNAPSHOTS, input, EC2_PAGES).await;
    let snapshots = snapshots.map_err(of(DESCRIBE_SNAPSHOTS))?;
    let input = Input::form([("Owner.1", "self"), ("MaxResults", "1000")]);
    // A disabled image can be enabled again, and is made of its snapshots all the same.
    let input = input.with("IncludeDisabled", "true");
    let images = visit.xml_pages(DESCRIBE_IMAGES, input, EC2_PAGES).await;
    let images = images.map_err(of(DESCRIBE_IMAGES))?;
    let used: HashSet<&str> = images
        .iter()
        .flat_map(|page| page.list("imagesSet"))
        .flat_map(|image| image.list("blockDeviceMapping"))
        .filter_map(|device| device.some("ebs.snapshotId"))
        .collect();
    let there: HashSet<&str> = volumes.iter().map(|seen| seen.volume.named.id.as_str()).collect();
    let all = snapshots.iter().flat_map(|page| page.list("snapshotSet"));
    Ok(all.filter_map(|node| snapshot(node, &there, &used)).collect())
}

fn snapshot(node: &Node, volumes: &HashSet<&str>, used: &HashSet<&str>) -> Option<Snapshot> {
    let named = named(node, "snapshotId")?;
    Some(Snapshot {
        size_gib: node.number("volumeSize")?,
        started: when::iso(node.text("startTime"))?,
        volume_exists: volumes.contains(node.text("volumeId")),
        used_by_image: used.contains(named.id.as_str()),
        is_copy: is_copy(node),
        named,
    })
}

/// Only copies have a type of transfer. Older ones have this volume, or the console's description.
fn is_copy(node: &Node) -> bool {
    node.some("transferType").is_some()
        || node.text("volumeId") == "vol-ffffffff"
        || node.text("description").starts_with("[Copied ")
}

impl Seen {
    /// What the volumes of an instance cost together; nothing if it has none.
    pub(crate) fn of_instance(&self, id: &str, prices: &PriceTags<'_>) -> Option<Monthly> {
        let its = self.volumes.iter().filter(|seen| seen.instance.as_deref() == Some(id));
        its.filter_map(|seen| prices.of(&Spec::Volume(seen.spec.clone()))).reduce(Monthly::plus)
    }
}

pub(crate) fn judge(
    seen: Seen,
    place: Place<'_>,
    prices: &PriceTags<'_>,
    metrics: &Metrics,
    findings: &mut Findings,
) {
    for mut seen in seen.volumes {
        // What is paid for nothing saves nothing beside that as gp3.
        if !is_wasted(&mut seen, place, prices, metrics, findings) {
            let (volume, spec) = (&seen.volume, Spec::Volume(seen.spec));
            let saving = prices.saving(&spec, &as_gp3(volume.size_gib));
            let old = old_volume_kind(volume, place, saving);
            findings.judged(ZombieCheck::OldVolumeKind, Ok(old));
        }
    }
    for snapshot in seen.snapshots {
        let price = prices.standing(&Standing::EbsSnapshot { gib: snapshot.size_gib });
        findings.priced(ZombieCheck::OldSnapshot, price, |price| {
            Ok(old_snapshot(&snapshot, place, price))
        });
    }
}

/// Whether all of what a volume costs was found to be paid for nothing, its stopped instance's part
/// of it.
fn is_wasted(
    seen: &mut SeenVolume,
    place: Place<'_>,
    prices: &PriceTags<'_>,
    metrics: &Metrics,
    findings: &mut Findings,
) -> bool {
    let volume = &mut seen.volume;
    let price = || prices.of(&Spec::Volume(seen.spec.clone()));
    let is_unattached = findings.priced(ZombieCheck::UnattachedVolume, price(), |price| {
        Ok(unattached_volume(volume, place, price))
    });
    let is_idle = seen.metrics.is_some_and(|asked| {
        volume.operations = metrics.sum(&asked);
        findings.priced(ZombieCheck::IdleVolume, price(), |price| idle_volume(volume, place, price))
    });
    let instance = seen.instance.as_deref();
    let of_stopped = instance.is_some_and(|id| findings.has(ZombieCheck::StoppedInstance, id));
    is_unattached || is_idle || of_stopped
}

fn as_gp3(size_gib: u32) -> Spec {
    let AsGp3 { iops, mibps } = AsGp3::of_gp2(size_gib);
    let (kind, size_gib) = ("gp3".to_owned(), Some(size_gib));
    Spec::Volume(VolumeSpec { kind, size_gib, iops, throughput_mibps: mibps })
}
