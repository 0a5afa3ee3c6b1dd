//! EC2 fleets and Spot fleets: an instant fleet starts instances itself, the others launch later.

use crate::ec2::{add_to_group, purchase};
use crate::loose::{Items, Loose, wire};
use crate::record::{Call, Reading};
use crate::skip::Refusal;
use domain::event::Change;
use domain::resource::{
    InstanceSpec, LauncherSpec, OperatingSystem, Service, Spec, SpecChange, Tenancy,
};

/// The instances of an instant fleet, or the fleet as a launcher.
pub(crate) fn create_fleet(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: FleetRequest<'_> = call.request()?;
    let response: FleetResponse<'_> = call.response()?;
    let fleet = response.fleet_id.text().map(|id| call.resource(Service::Ec2Fleet, id));
    let mut changes = Vec::new();
    for group in &response.instances.0 {
        for id in group.instance_ids.0.iter().filter_map(Loose::text) {
            add_to_group(&mut changes, fleet_instance(group)?, call.resource(Service::Ec2, id));
        }
    }
    if !changes.is_empty() {
        return Ok(Reading { launcher: fleet, changes });
    }
    if request.kind.text() == Some("instant") {
        return Err(Refusal::no_effect("an instant fleet that got no instances"));
    }
    let fleet = fleet.ok_or_else(|| Refusal::missing("responseElements.fleetId"))?;
    Ok(started(fleet, total(request.target.as_ref())))
}

/// Another capacity of a fleet.
pub(crate) fn modify_fleet(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: FleetRequest<'_> = call.request()?;
    let id = request.fleet_id.text().ok_or_else(|| Refusal::missing("fleetId"))?;
    resized(call, id, total(request.target.as_ref()))
}

/// Fleets that launch no more.
pub(crate) fn delete_fleets(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: DeleteRequest<'_> = call.request()?;
    deleted(call, &request.fleet_ids)
}

/// A Spot fleet as a launcher.
pub(crate) fn request_spot_fleet(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: SpotRequest<'_> = call.request()?;
    let response: SpotResponse<'_> = call.response()?;
    let config = request.config.unwrap_or_default();
    let id = response.request_id.text().ok_or_else(|| Refusal::missing("spotFleetRequestId"))?;
    let target = config.target_capacity.or(request.target_capacity);
    Ok(started(call.resource(Service::Ec2Fleet, id), target.whole()))
}

/// Another capacity of a Spot fleet.
pub(crate) fn modify_spot_fleet(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: SpotRequest<'_> = call.request()?;
    let id = request.request_id.text().ok_or_else(|| Refusal::missing("spotFleetRequestId"))?;
    resized(call, id, request.target_capacity.whole())
}

/// Spot fleets that launch no more.
pub(crate) fn cancel_spot_fleets(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: DeleteRequest<'_> = call.request()?;
    deleted(call, &request.spot_fleet_ids)
}

fn started(fleet: domain::resource::ResourceId, desired: Option<u32>) -> Reading {
    let spec = Spec::Launcher(LauncherSpec { desired, max: desired });
    Change::Started { resources: vec![fleet], spec }.into()
}

fn resized(call: &Call<'_>, id: &str, desired: Option<u32>) -> Result<Reading, Refusal> {
    if desired.is_none() {
        return Err(Refusal::no_effect("no new capacity"));
    }
    let resource = call.resource(Service::Ec2Fleet, id);
    Ok(Change::Modified { resource, to: SpecChange::Launcher { desired, max: desired } }.into())
}

fn deleted(call: &Call<'_>, ids: &Items<Loose<'_>>) -> Result<Reading, Refusal> {
    let ids = ids.0.iter().filter_map(Loose::text);
    let resources: Vec<_> = ids.map(|id| call.resource(Service::Ec2Fleet, id)).collect();
    if resources.is_empty() {
        return Err(Refusal::missing("the ids of the fleets"));
    }
    Ok(Change::Deleted { resources }.into())
}

fn total(target: Option<&Target<'_>>) -> Option<u32> {
    target.and_then(|target| target.total.whole())
}

fn fleet_instance(group: &FleetInstances<'_>) -> Result<Spec, Refusal> {
    let instance_type = group.instance_type.text();
    let windows = group.platform.text().is_some_and(|name| name.eq_ignore_ascii_case("windows"));
    Ok(Spec::Instance(InstanceSpec {
        instance_type: instance_type.ok_or_else(|| Refusal::missing("instanceType"))?.to_owned(),
        os: if windows { OperatingSystem::Windows } else { OperatingSystem::Linux },
        tenancy: Tenancy::Shared,
        purchase: purchase(group.lifecycle.text()),
        volumes: Vec::new(),
        availability_zone: None,
    }))
}

wire! {
    struct FleetRequest<'a> {
        "type" | "Type" => kind: Loose<'a>,
        "fleetId" | "FleetId" => fleet_id: Loose<'a>,
        "targetCapacitySpecification" | "TargetCapacitySpecification" => target: Option<Target<'a>>,
    }
    struct Target<'a> {
        "totalTargetCapacity" | "TotalTargetCapacity" => total: Loose<'a>,
    }
    struct FleetResponse<'a> {
        "fleetId" | "FleetId" => fleet_id: Loose<'a>,
        "fleetInstanceSet" | "FleetInstanceSet" => instances: Items<FleetInstances<'a>>,
    }
    struct FleetInstances<'a> {
        "instanceIds" | "InstanceIds" => instance_ids: Items<Loose<'a>>,
        "instanceType" | "InstanceType" => instance_type: Loose<'a>,
        "lifecycle" | "Lifecycle" => lifecycle: Loose<'a>,
        "platform" | "Platform" => platform: Loose<'a>,
    }
    struct DeleteRequest<'a> {
        "fleetId" | "FleetId" => fleet_ids: Items<Loose<'a>>,
        "spotFleetRequestId" | "SpotFleetRequestId" => spot_fleet_ids: Items<Loose<'a>>,
    }
    struct SpotRequest<'a> {
        "spotFleetRequestConfig" | "SpotFleetRequestConfig" => config: Option<SpotConfig<'a>>,
        "spotFleetRequestId" | "SpotFleetRequestId" => request_id: Loose<'a>,
        "targetCapacity" | "TargetCapacity" => target_capacity: Loose<'a>,
    }
    struct SpotConfig<'a> {
        "targetCapacity" | "TargetCapacity" => target_capacity: Loose<'a>,
    }
    struct SpotResponse<'a> {
        "spotFleetRequestId" | "SpotFleetRequestId" => request_id: Loose<'a>,
    }
}
