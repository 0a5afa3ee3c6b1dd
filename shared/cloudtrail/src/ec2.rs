//! EC2 instances: launches, starts and stops, new types, the end of Spot instances.

use crate::loose::{Items, Loose, wire};
use crate::record::{Call, Reading};
use crate::skip::Refusal;
use domain::event::Change;
use domain::resource::{
    InstanceSpec, OperatingSystem, Purchase, ResourceId, Service, Spec, SpecChange, Tenancy,
    VolumeSpec,
};

/// The instances of the answer, grouped by equal spec: the request tells only how many were wanted.
pub(crate) fn run_instances(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: RunRequest<'_> = call.request()?;
    let response: Instances<'_> = call.response()?;
    let volumes = launch_volumes(&request.block_device_mapping.0);
    let mut changes = Vec::with_capacity(1);
    for instance in &response.instances.0 {
        let spec = instance_spec(call, &request, instance, &volumes)?;
        let id = instance.id.text().ok_or_else(|| Refusal::missing("instanceId"))?;
        add_to_group(&mut changes, Spec::Instance(spec), call.resource(Service::Ec2, id));
    }
    if changes.is_empty() {
        return Err(Refusal::missing("responseElements.instancesSet"));
    }
    Ok(Reading { launcher: launcher(call, &request, &response.instances.0), changes })
}

/// Those that were stopped and run again.
pub(crate) fn start_instances(call: &Call<'_>) -> Result<Reading, Refusal> {
    let resources = changed_instances(call, &["running", "pending"])?;
    Ok(Change::Resumed { resources }.into())
}

/// Those that ran and stop.
pub(crate) fn stop_instances(call: &Call<'_>) -> Result<Reading, Refusal> {
    let stopped = ["stopped", "stopping", "terminated", "shutting-down"];
    Ok(Change::Stopped { resources: changed_instances(call, &stopped)? }.into())
}

/// Those that were not gone already.
pub(crate) fn terminate_instances(call: &Call<'_>) -> Result<Reading, Refusal> {
    let resources = changed_instances(call, &["terminated", "shutting-down"])?;
    Ok(Change::Deleted { resources }.into())
}

/// A new type; most calls set something that costs nothing.
pub(crate) fn modify_instance_attribute(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: AttributeRequest<'_> = call.request()?;
    let by_attribute = if request.attribute.text() == Some("instanceType") {
        request.value
    } else {
        Loose::Absent
    };
    let instance_type = request.instance_type.or(by_attribute);
    let Some(instance_type) = instance_type.text() else {
        return Err(Refusal::no_effect("an attribute other than the instance type"));
    };
    let id = request.instance_id.text().ok_or_else(|| Refusal::missing("instanceId"))?;
    Ok(Change::Modified {
        resource: call.resource(Service::Ec2, id),
        to: SpecChange::InstanceType(instance_type.to_owned()),
    }
    .into())
}

/// Spot instances that AWS took back.
pub(crate) fn bid_evicted(call: &Call<'_>) -> Result<Reading, Refusal> {
    let details: EvictionDetails<'_> = call.details()?;
    let ids = details.instance_ids.0.iter().filter_map(Loose::text);
    let resources: Vec<_> = ids.map(|id| call.resource(Service::Ec2, id)).collect();
    if resources.is_empty() {
        return Err(Refusal::missing("serviceEventDetails.instanceIdSet"));
    }
    Ok(Change::Deleted { resources }.into())
}

fn instance_spec(
    call: &Call<'_>,
    request: &RunRequest<'_>,
    instance: &Instance<'_>,
    volumes: &[VolumeSpec],
) -> Result<InstanceSpec, Refusal> {
    let instance_type = instance.kind.text().or(request.instance_type.text());
    let placement = instance.placement.as_ref().or(request.placement.as_ref());
    let zone = placement.and_then(|placement| placement.availability_zone.text());
    let market = request.market_options.as_ref().and_then(|market| market.market_type.text());
    Ok(InstanceSpec {
        instance_type: instance_type.ok_or_else(|| Refusal::missing("instanceType"))?.to_owned(),
        os: operating_system(instance),
        tenancy: tenancy(placement.and_then(|placement| placement.tenancy.text())),
        purchase: purchase(instance.lifecycle.text().or(market)),
        volumes: volumes.to_vec(),
        availability_zone: local_zone(zone, call).map(ToOwned::to_owned),
    })
}

/// Adds a resource to the group of those with equal specs.
pub(crate) fn add_to_group(changes: &mut Vec<Change>, spec: Spec, resource: ResourceId) {
    for change in changes.iter_mut() {
        if let Change::Started { resources, spec: known } = change
            && *known == spec
        {
            resources.push(resource);
            return;
        }
    }
    changes.push(Change::Started { resources: vec![resource], spec });
}

/// What is billed besides the machine, as far as the answer tells. Codes of `usageOperation`:
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html>.
fn operating_system(instance: &Instance<'_>) -> OperatingSystem {
    let operation = instance.usage_operation.text().and_then(|text| text.split_once(':'));
    match operation.map(|(_, code)| code) {
        Some("0002" | "0006" | "0102" | "0202") => return OperatingSystem::Windows,
        Some("0010" | "0014" | "1010" | "1014" | "1110" | "0110" | "0210") => {
            return OperatingSystem::Rhel;
        }
        Some("000g") => return OperatingSystem::Suse,
        Some("0g00") => return OperatingSystem::UbuntuPro,
        Some("0800") => return OperatingSystem::Linux, // Windows under one's own licence
        _ => {}
    }
    os_by_name(
        instance.platform_details.text().unwrap_or_default(),
        instance.platform.text().unwrap_or_default(),
    )
}

fn os_by_name(details: &str, platform: &str) -> OperatingSystem {
    if details.contains("Red Hat") {
        OperatingSystem::Rhel
    } else if details.contains("SUSE") {
        OperatingSystem::Suse
    } else if details.contains("Ubuntu Pro") {
        OperatingSystem::UbuntuPro
    } else if details.contains("BYOL") {
        OperatingSystem::Linux
    } else if platform.eq_ignore_ascii_case("windows") || details.starts_with("Windows") {
        OperatingSystem::Windows
    } else {
        OperatingSystem::Linux
    }
}

fn tenancy(word: Option<&str>) -> Tenancy {
    match word {
        Some("dedicated") => Tenancy::Dedicated,
        Some("host") => Tenancy::Host,
        _ => Tenancy::Shared,
    }
}

pub(crate) fn purchase(lifecycle: Option<&str>) -> Purchase {
    match lifecycle {
        Some("spot") => Purchase::Spot,
        Some("capacity-block") => Purchase::CapacityBlock,
        _ => Purchase::OnDemand,
    }
}

/// `us-west-2-lax-1a`, but not `us-west-2a`.
fn local_zone<'z>(zone: Option<&'z str>, call: &Call<'_>) -> Option<&'z str> {
    zone.filter(|zone| {
        zone.strip_prefix(call.region.as_str()).is_some_and(|rest| rest.starts_with('-'))
    })
}

/// Volumes with a size; those without take their snapshot's, which the event does not tell.
fn launch_volumes(mapping: &[BlockDevice<'_>]) -> Vec<VolumeSpec> {
    let disks = mapping.iter().filter_map(|device| device.ebs.as_ref());
    disks
        .filter(|disk| disk.size.whole().is_some())
        .map(|disk| VolumeSpec {
            kind: disk.kind.text().unwrap_or("gp2").to_owned(),
            size_gib: disk.size.whole(),
            iops: disk.iops.whole(),
            throughput_mibps: disk.throughput.whole(),
        })
        .collect()
}

/// The scaling group or fleet that AWS names in the tags of what it launched.
fn launcher(
    call: &Call<'_>,
    request: &RunRequest<'_>,
    instances: &[Instance<'_>],
) -> Option<ResourceId> {
    let asked = request.tag_specifications.0.iter().flat_map(|specification| &specification.tags.0);
    let given = instances.iter().take(1).flat_map(|instance| &instance.tags.0);
    asked.chain(given).find_map(|tag| {
        let service = Service::launching(tag.key.text()?)?;
        Some(call.resource(service, tag.value.text()?))
    })
}

/// The instances of the answer (of the request, where there is no answer) whose state before was
/// none of `unchanged`.
fn changed_instances(call: &Call<'_>, unchanged: &[&str]) -> Result<Vec<ResourceId>, Refusal> {
    let answer: Instances<'_> = call.response()?;
    let asked: Instances<'_> = call.request()?;
    let instances = if answer.instances.0.is_empty() { asked.instances } else { answer.instances };
    let before = |instance: &Instance<'_>| {
        let state = instance.previous_state.as_ref();
        state.and_then(|state| state.name.text()).map(ToOwned::to_owned)
    };
    let changed = instances
        .0
        .iter()
        .filter(|instance| !before(instance).is_some_and(|name| unchanged.contains(&&*name)));
    let resources: Vec<_> = changed
        .filter_map(|instance| instance.id.text())
        .map(|id| call.resource(Service::Ec2, id))
        .collect();
    match (resources.is_empty(), instances.0.is_empty()) {
        (false, _) => Ok(resources),
        (true, true) => Err(Refusal::missing("instancesSet")),
        (true, false) => Err(Refusal::no_effect("every instance was in that state already")),
    }
}

wire! {
    struct RunRequest<'a> {
        "instanceType" | "InstanceType" => instance_type: Loose<'a>,
        "blockDeviceMapping" | "BlockDeviceMapping" => block_device_mapping: Items<BlockDevice<'a>>,
        "instanceMarketOptions" | "InstanceMarketOptions" => market_options: Option<Market<'a>>,
        "tagSpecificationSet" | "TagSpecification" => tag_specifications: Items<Tagging<'a>>,
        "placement" | "Placement" => placement: Option<Placement<'a>>,
    }
    struct BlockDevice<'a> {
        "ebs" | "Ebs" => ebs: Option<Disk<'a>>,
    }
    struct Disk<'a> {
        "volumeSize" | "VolumeSize" => size: Loose<'a>,
        "volumeType" | "VolumeType" => kind: Loose<'a>,
        "iops" | "Iops" => iops: Loose<'a>,
        "throughput" | "Throughput" => throughput: Loose<'a>,
    }
    struct Market<'a> {
        "marketType" | "MarketType" => market_type: Loose<'a>,
    }
    struct Tagging<'a> {
        "tags" | "Tag" => tags: Items<Tag<'a>>,
    }
    struct Tag<'a> {
        "key" | "Key" => key: Loose<'a>,
        "value" | "Value" => value: Loose<'a>,
    }
    struct Instances<'a> {
        "instancesSet" | "InstancesSet" => instances: Items<Instance<'a>>,
    }
    struct Instance<'a> {
        "instanceId" | "InstanceId" => id: Loose<'a>,
        "instanceType" | "InstanceType" => kind: Loose<'a>,
        "instanceLifecycle" | "InstanceLifecycle" => lifecycle: Loose<'a>,
        "placement" | "Placement" => placement: Option<Placement<'a>>,
        "platform" | "Platform" => platform: Loose<'a>,
        "platformDetails" | "PlatformDetails" => platform_details: Loose<'a>,
        "usageOperation" | "UsageOperation" => usage_operation: Loose<'a>,
        "tagSet" | "TagSet" => tags: Items<Tag<'a>>,
        "previousState" | "PreviousState" => previous_state: Option<State<'a>>,
    }
    struct Placement<'a> {
        "availabilityZone" | "AvailabilityZone" => availability_zone: Loose<'a>,
        "tenancy" | "Tenancy" => tenancy: Loose<'a>,
    }
    struct State<'a> {
        "name" | "Name" => name: Loose<'a>,
    }
    struct AttributeRequest<'a> {
        "instanceId" | "InstanceId" => instance_id: Loose<'a>,
        "instanceType" | "InstanceType" => instance_type: Loose<'a>,
        "attribute" | "Attribute" => attribute: Loose<'a>,
        "value" | "Value" => value: Loose<'a>,
    }
    struct EvictionDetails<'a> {
        "instanceIdSet" | "InstanceIdSet" => instance_ids: Items<Loose<'a>>,
    }
}
