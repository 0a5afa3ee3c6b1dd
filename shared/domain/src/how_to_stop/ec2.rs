//! EC2 instances: stopped where that can be, ended where it must be.

use super::instance_store::{LocalDisks, local_disks};
use super::targets::Targets;
use super::{Suggestion, launcher, told};
use crate::cost_event::{Action, CostEvent};

/// What ran before is stopped, what is new may also be ended.
pub(super) fn steps(event: &CostEvent, targets: &Targets<'_>) -> Vec<Suggestion> {
    let spot = told::spot(event);
    match (event.action, &event.launcher) {
        (Action::Start, Some(launcher)) => launcher::instances(event, launcher, targets, spot),
        (Action::Start, None) if spot => of_spot(event, targets),
        (Action::Start, None) => on_demand(event, targets),
        (Action::Resize, _) => vec![stop(
            event,
            targets,
            "; while it is stopped, modify-instance-attribute takes its former type",
        )],
        _ => vec![stop(event, targets, "")],
    }
}

pub(super) fn on_demand(event: &CostEvent, targets: &Targets<'_>) -> Vec<Suggestion> {
    let protected =
        targets.few("only if that or the next is refused: takes protection off", |id| {
            let protection =
                targets.command("ec2 modify-instance-attribute").with("--instance-id", id);
            let off = |option| protection.clone().and(option);
            vec![off("--no-disable-api-stop"), off("--no-disable-api-termination")]
        });
    vec![stop(event, targets, ""), protected, terminate(targets)]
}

/// Spot instances cannot be protected; whether one can be stopped is up to its request.
fn of_spot(event: &CostEvent, targets: &Targets<'_>) -> Vec<Suggestion> {
    let requests = targets
        .command("ec2 describe-instances")
        .with_all("--instance-ids", targets.shown())
        .query("Reservations[].Instances[].SpotInstanceRequestId");
    let cancel = targets
        .command("ec2 cancel-spot-instance-requests")
        .with_answers("--spot-instance-request-ids", &requests);
    let cancel =
        targets.step(cancel, "before the next: a persistent request would start a new one");
    vec![stop(event, targets, "; refused for a one-time Spot request"), cancel, terminate(targets)]
}

/// What is lost and what is still paid.
pub(super) fn stop(event: &CostEvent, targets: &Targets<'_>, besides: &str) -> Suggestion {
    let loses = match local_disks(&event.resource_type) {
        LocalDisks::Some => "instance-store data is lost",
        LocalDisks::MaybeRoot => {
            "instance-store data is lost; refused where the root disk is an instance store"
        }
        LocalDisks::None => "volumes are still paid",
        LocalDisks::Unknown => "data on an instance store is lost",
    };
    let command = targets.command("ec2 stop-instances").with_all("--instance-ids", targets.shown());
    targets.step(command, &format!("can be started again; {loses}{besides}"))
}

pub(super) fn terminate(targets: &Targets<'_>) -> Suggestion {
    let command =
        targets.command("ec2 terminate-instances").with_all("--instance-ids", targets.shown());
    targets.step(command, "final; deletes the volumes that are set to go with it")
}
