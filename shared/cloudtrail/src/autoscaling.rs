//! Auto Scaling groups: their launches arrive as `RunInstances` of their own; the group tells who is
//! behind them.

use crate::loose::{Loose, wire};
use crate::record::{Call, Reading};
use crate::skip::Refusal;
use domain::event::Change;
use domain::resource::{LauncherSpec, ResourceId, Service, Spec, SpecChange};

/// A group starts with its desired capacity, or its minimum where none is told.
pub(crate) fn create_group(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: GroupRequest<'_> = call.request()?;
    let desired = request.desired_capacity.whole().or(request.min_size.whole());
    let spec = Spec::Launcher(LauncherSpec { desired, max: request.max_size.whole() });
    Ok(Change::Started { resources: vec![group(call, &request)?], spec }.into())
}

/// Another size.
pub(crate) fn resize_group(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: GroupRequest<'_> = call.request()?;
    let (desired, max) = (request.desired_capacity.whole(), request.max_size.whole());
    if desired.is_none() && max.is_none() {
        return Err(Refusal::no_effect("neither a new desired capacity nor a new maximum"));
    }
    let resource = group(call, &request)?;
    Ok(Change::Modified { resource, to: SpecChange::Launcher { desired, max } }.into())
}

/// The group is gone; its instances end by calls of their own.
pub(crate) fn delete_group(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: GroupRequest<'_> = call.request()?;
    Ok(Change::Deleted { resources: vec![group(call, &request)?] }.into())
}

fn group(call: &Call<'_>, request: &GroupRequest<'_>) -> Result<ResourceId, Refusal> {
    let name = request.name.text().ok_or_else(|| Refusal::missing("autoScalingGroupName"))?;
    Ok(call.resource(Service::AutoScaling, name))
}

wire! {
    struct GroupRequest<'a> {
        "autoScalingGroupName" | "AutoScalingGroupName" => name: Loose<'a>,
        "desiredCapacity" | "DesiredCapacity" => desired_capacity: Loose<'a>,
        "minSize" | "MinSize" => min_size: Loose<'a>,
        "maxSize" | "MaxSize" => max_size: Loose<'a>,
    }
}
