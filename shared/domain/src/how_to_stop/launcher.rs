//! Scaling groups and fleets: they come first, since they replace what is stopped below them.

use super::shell::Command;
use super::targets::{Targets, can_be_named, listing};
use super::{Suggestion, ec2};
use crate::cost_event::CostEvent;
use crate::resource::{ResourceId, Service};

/// Steps for a group itself.
pub(super) fn group(targets: &Targets<'_>) -> Vec<Suggestion> {
    vec![
        targets.each(SUSPENDED, |name| suspend(targets, name)),
        targets.each(EMPTIED, |name| empty(targets, name)),
    ]
}

/// Steps for a fleet itself.
pub(super) fn fleet(targets: &Targets<'_>) -> Vec<Suggestion> {
    vec![
        targets.each(LAUNCHES_NONE, |id| launch_none(targets, id)),
        targets.each(ENDED, |id| end(targets, id)),
    ]
}

/// Steps for instances that somebody's group or fleet has launched.
pub(super) fn instances(
    event: &CostEvent,
    launcher: &ResourceId,
    targets: &Targets<'_>,
    spot: bool,
) -> Vec<Suggestion> {
    let name = launcher.name.as_str();
    if !can_be_named(launcher.service, name) {
        let list = targets.command(listing(launcher.service));
        return vec![Suggestion::new(list, UNNAMED)];
    }
    match launcher.service {
        Service::AutoScaling => of_group(event, name, targets, spot),
        _ if event.name == "CreateFleet" => of_instant_fleet(event, targets, spot),
        _ => of_fleet(name, targets),
    }
}

/// The group's own end of an instance heeds neither kind of protection.
fn of_group(event: &CostEvent, name: &str, targets: &Targets<'_>, spot: bool) -> Vec<Suggestion> {
    let first = Suggestion::new(suspend(targets, name), SUSPENDED);
    let last = Suggestion::new(empty(targets, name), EMPTIED);
    if spot { vec![first, last] } else { vec![first, ec2::stop(event, targets, ""), last] }
}

/// An instant fleet launches once; its Spot instances cannot be stopped.
fn of_instant_fleet(event: &CostEvent, targets: &Targets<'_>, spot: bool) -> Vec<Suggestion> {
    if spot { vec![ec2::terminate(targets)] } else { ec2::on_demand(event, targets) }
}

/// Other fleets may end what is stopped, so stopping is no step that can be undone.
fn of_fleet(id: &str, targets: &Targets<'_>) -> Vec<Suggestion> {
    vec![
        Suggestion::new(launch_none(targets, id), LAUNCHES_NONE),
        ec2::terminate(targets),
        Suggestion::new(end(targets, id), ENDED),
    ]
}

const UNNAMED: &str = "changes nothing: lists what launches; in the console, set what launched these \
                       to 0 first, else it launches new ones";
const SUSPENDED: &str =
    "first: the group starts no new ones and replaces none; resume-processes undoes it";
const EMPTIED: &str = "final: the group ends all of its instances, older ones too";
const LAUNCHES_NONE: &str = "first: the fleet starts no new ones and ends none; refused by a fleet \
                             that never replaces any";
const ENDED: &str = "final: ends the fleet with all of its instances";

/// An instance that is stopped is unhealthy to its group, which would end it.
fn suspend(targets: &Targets<'_>, name: &str) -> Command {
    let suspend = targets.command("autoscaling suspend-processes");
    suspend
        .with("--auto-scaling-group-name", name)
        .and("--scaling-processes Launch HealthCheck ReplaceUnhealthy")
}

fn empty(targets: &Targets<'_>, name: &str) -> Command {
    let update = targets.command("autoscaling update-auto-scaling-group");
    update.with("--auto-scaling-group-name", name).and("--min-size 0 --desired-capacity 0")
}

/// Only fleets of type `maintain` take another capacity, and only they replace instances.
fn launch_none(targets: &Targets<'_>, id: &str) -> Command {
    if is_spot_fleet(id) {
        let modify = targets.command("ec2 modify-spot-fleet-request");
        return modify
            .with("--spot-fleet-request-id", id)
            .and("--target-capacity 0 --excess-capacity-termination-policy noTermination");
    }
    targets.command("ec2 modify-fleet").with("--fleet-id", id).and(
        "--target-capacity-specification TotalTargetCapacity=0 \
         --excess-capacity-termination-policy no-termination",
    )
}

fn end(targets: &Targets<'_>, id: &str) -> Command {
    let delete = if is_spot_fleet(id) {
        let cancel = targets.command("ec2 cancel-spot-fleet-requests");
        cancel.with("--spot-fleet-request-ids", id)
    } else {
        targets.command("ec2 delete-fleets").with("--fleet-ids", id)
    };
    delete.and("--terminate-instances")
}

fn is_spot_fleet(id: &str) -> bool {
    id.starts_with("sfr-")
}
