//! How to stop it: commands for a person to run, in the order in which one would act. Who launches
//! comes first, a step that can be undone before one that is final. We never run them.
//!
//! `tests/infra/test_suggested_commands.py` gives each to the AWS CLI's own parser. What a step is
//! said to do stands in AWS's documentation; what is not sure is left out.

mod ebs;
mod ec2;
pub(crate) mod instance_store;
mod joined;
mod lambda;
mod launcher;
mod network;
mod rds;
pub(crate) mod shell;
mod targets;
mod told;

pub use joined::joined;

use crate::cost_event::{Action, CostEvent};
use crate::resource::Service;
use targets::Targets;

/// A card stays short.
const MAX_STEPS: usize = 4;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Commands of the AWS CLI, one a line.
    pub command: String,
    /// What to know before running it.
    pub remark: String,
}

impl Suggestion {
    fn new(command: impl Into<String>, remark: impl Into<String>) -> Self {
        Self { command: command.into(), remark: remark.into() }
    }
}

/// What stops the resources that an event started, made dearer or started again. What stopped or
/// ended needs nothing.
pub fn how_to_stop(event: &CostEvent) -> Vec<Suggestion> {
    if matches!(event.action, Action::Stop | Action::Delete) {
        return Vec::new();
    }
    let targets = Targets::of(event);
    let mut steps = if targets.none() { Vec::new() } else { steps(event, &targets) };
    steps.truncate(MAX_STEPS);
    if steps.is_empty() {
        steps.extend(targets.listed());
    }
    steps
}

fn steps(event: &CostEvent, targets: &Targets<'_>) -> Vec<Suggestion> {
    match event.service {
        Service::Ec2 => ec2::steps(event, targets),
        Service::Ebs => ebs::steps(event, targets),
        Service::NatGateway => network::nat_gateway(targets),
        Service::PublicIpv4 => network::address(targets),
        Service::Rds => rds::steps(event, targets),
        Service::Lambda => lambda::steps(event, targets),
        Service::AutoScaling => launcher::group(targets),
        Service::Ec2Fleet => launcher::fleet(targets),
    }
}
