//! EBS volumes: made slower, or deleted with a snapshot. They cannot shrink.

use super::targets::Targets;
use super::{Suggestion, told};
use crate::cost_event::{Action, CostEvent};

/// Only a new volume is there to be deleted; one that has grown holds what was there before.
pub(super) fn steps(event: &CostEvent, targets: &Targets<'_>) -> Vec<Suggestion> {
    let mut steps: Vec<Suggestion> = slower(event, targets).into_iter().collect();
    if event.action == Action::Start {
        steps.extend(delete(targets));
    } else {
        steps.push(former(targets));
    }
    steps
}

fn former(targets: &Targets<'_>) -> Suggestion {
    let remark = "changes nothing: shows what it was before; a volume cannot shrink, only its kind \
                  and speed go back (modify-volume)";
    targets.each(remark, |id| {
        targets.command("ec2 describe-volumes-modifications").with("--volume-ids", id)
    })
}

/// What is paid beside storage ends at once, and the data stays.
fn slower(event: &CostEvent, targets: &Targets<'_>) -> Option<Suggestion> {
    let options = match event.resource_type.as_str() {
        "io1" | "io2" => "--volume-type gp3",
        "gp3" if told::paid_performance(event) => "--iops 3000 --throughput 125",
        _ => return None,
    };
    let remark = "cheaper and slower, the data stays; can be undone, up to four changes a day";
    Some(targets.each(remark, |id| {
        targets.command("ec2 modify-volume").with("--volume-id", id).and(options)
    }))
}

fn delete(targets: &Targets<'_>) -> [Suggestion; 3] {
    let volume = |words: &str, id: &str| targets.command(words).with("--volume-id", id);
    [
        targets.each("keeps the data, for the price of a snapshot", |id| {
            volume("ec2 create-snapshot", id)
        }),
        targets.each("only if it is in use: unmount it before; can be attached again", |id| {
            volume("ec2 detach-volume", id)
        }),
        targets.each("final; wait until the snapshot is complete", |id| {
            volume("ec2 delete-volume", id)
        }),
    ]
}
