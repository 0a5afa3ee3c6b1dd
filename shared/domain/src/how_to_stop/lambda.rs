//! Lambda: provisioned concurrency, and functions that should run no more.

use super::shell::Command;
use super::targets::Targets;
use super::{Suggestion, told};
use crate::cost_event::CostEvent;

/// By the name: `checkout:live` is provisioned concurrency, `checkout` a function.
pub(super) fn steps(event: &CostEvent, targets: &Targets<'_>) -> Vec<Suggestion> {
    if targets.first().split_once(':').is_none() {
        return vec![targets.each(
            "no call of it runs any more; delete-function-concurrency undoes it",
            |name| {
                let put = targets.command("lambda put-function-concurrency");
                put.with("--function-name", name).and("--reserved-concurrent-executions 0")
            },
        )];
    }
    let mut steps = Vec::new();
    if is_scaled(event) {
        steps.push(suspend_scaling(targets));
    }
    steps.extend(as_before(event, targets));
    steps.push(targets.each("no warm instances; the function runs on and starts cold", |name| {
        warm(targets, "delete-provisioned-concurrency-config", name)
    }));
    steps
}

/// More of them than before: as many as there were.
fn as_before(event: &CostEvent, targets: &Targets<'_>) -> Option<Suggestion> {
    let before = told::warm_before(event)?;
    let remark = format!("back to the {before} warm instances that there were");
    Some(targets.each(&remark, |name| {
        warm(targets, "put-provisioned-concurrency-config", name)
            .and(&format!("--provisioned-concurrent-executions {before}"))
    }))
}

/// Whether a scaling policy or schedule asked for it, which would ask again.
fn is_scaled(event: &CostEvent) -> bool {
    let by_role = event.actor.id.contains("AWSServiceRoleForApplicationAutoScaling");
    let by = event.actor.invoked_by.as_deref().unwrap_or(&event.actor.principal);
    by_role || by.ends_with("application-autoscaling.amazonaws.com")
}

fn suspend_scaling(targets: &Targets<'_>) -> Suggestion {
    let remark = "first: scaling sets it no more; the same with false undoes it";
    targets.each(remark, |name| {
        targets
            .command("application-autoscaling register-scalable-target")
            .and("--service-namespace lambda")
            .with("--resource-id", &format!("function:{name}"))
            .and(
                "--scalable-dimension lambda:function:ProvisionedConcurrency --suspended-state \
                 DynamicScalingInSuspended=true,DynamicScalingOutSuspended=true,\
                 ScheduledScalingSuspended=true",
            )
    })
}

fn warm(targets: &Targets<'_>, call: &str, name: &str) -> Command {
    let (function, qualifier) = name.split_once(':').unwrap_or((name, "$LATEST"));
    let command = targets.command(&format!("lambda {call}")).with("--function-name", function);
    command.with("--qualifier", qualifier)
}
