//! What a command is to name: resources that still run, by names that can be typed.

use super::Suggestion;
use super::shell::{Command, can_be_typed, is_id};
use crate::cost_event::CostEvent;
use crate::ids::Region;
use crate::resource::Service;

/// More names than this are not shown.
pub(super) const MAX_NAMES: usize = 20;
/// Commands that take one name each and are seldom needed.
const FEW: usize = 2;

/// The resources of an event that a command can name.
pub(super) struct Targets<'e> {
    service: Service,
    region: &'e Region,
    names: Vec<&'e str>,
    /// Names that no command can take.
    unnamed: usize,
}

impl<'e> Targets<'e> {
    /// Without those that have ended already, which stand last: a command that names one fails.
    pub(super) fn of(event: &'e CostEvent) -> Self {
        let there = event.resources.len().saturating_sub(event.ended_already as usize);
        let there = event.resources.iter().take(there).map(String::as_str);
        let (names, unnamed): (Vec<_>, Vec<_>) =
            there.partition(|name| can_be_named(event.service, name));
        Self { service: event.service, region: &event.region, names, unnamed: unnamed.len() }
    }

    /// Whether there is nothing that a command could name.
    pub(super) fn none(&self) -> bool {
        self.names.is_empty()
    }

    /// One of them.
    pub(super) fn first(&self) -> &'e str {
        self.names.first().copied().unwrap_or_default()
    }

    /// `aws ec2 stop-instances --region eu-west-1`
    pub(super) fn command(&self, words: &str) -> Command {
        Command::new(words, self.region)
    }

    /// The names that one command takes.
    pub(super) fn shown(&self) -> &[&'e str] {
        &self.names[..self.names.len().min(MAX_NAMES)]
    }

    /// A step of one command.
    pub(super) fn step(&self, command: Command, remark: &str) -> Suggestion {
        Suggestion::new(command, self.with_rest(remark, MAX_NAMES))
    }

    /// A step of one command for each resource.
    pub(super) fn each(&self, remark: &str, make: impl Fn(&str) -> Command) -> Suggestion {
        self.up_to(MAX_NAMES, remark, |name| vec![make(name)])
    }

    /// A step of several commands for each of a few resources.
    pub(super) fn few(&self, remark: &str, make: impl Fn(&str) -> Vec<Command>) -> Suggestion {
        self.up_to(FEW, remark, make)
    }

    fn up_to(&self, most: usize, remark: &str, make: impl Fn(&str) -> Vec<Command>) -> Suggestion {
        let commands = self.names.iter().take(most).flat_map(|name| make(name));
        let commands: Vec<String> = commands.map(String::from).collect();
        Suggestion::new(commands.join("\n"), self.with_rest(remark, most))
    }

    fn with_rest(&self, remark: &str, most: usize) -> String {
        let rest = match self.names.len().saturating_sub(most) {
            0 => None,
            more => Some(format!("the first {most}, {more} more are like them")),
        };
        let parts = [Some(remark.to_owned()), rest, self.unnamed()];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    fn unnamed(&self) -> Option<String> {
        (self.unnamed > 0)
            .then(|| format!("{} with a name that only the console can take", self.unnamed))
    }

    /// Where to look for those that no command can name.
    pub(super) fn listed(&self) -> Option<Suggestion> {
        let remark = self.unnamed()?;
        let list = self.command(listing(self.service));
        Some(Suggestion::new(list, format!("changes nothing: lists all; {remark}")))
    }
}

/// What shows all that there is of a kind.
pub(super) fn listing(service: Service) -> &'static str {
    match service {
        Service::Ec2 => "ec2 describe-instances",
        Service::Ebs => "ec2 describe-volumes",
        Service::NatGateway => "ec2 describe-nat-gateways",
        Service::PublicIpv4 => "ec2 describe-addresses",
        Service::Rds => "rds describe-db-instances",
        Service::Lambda => "lambda list-functions",
        Service::AutoScaling => "autoscaling describe-auto-scaling-groups",
        Service::Ec2Fleet => "ec2 describe-fleets",
    }
}

/// AWS makes ids itself; other names are what a person chose.
pub(super) fn can_be_named(service: Service, name: &str) -> bool {
    match service {
        Service::Ec2
        | Service::Ebs
        | Service::NatGateway
        | Service::PublicIpv4
        | Service::Ec2Fleet => is_id(name),
        Service::AutoScaling => can_be_typed(name),
        // `cluster:shop` and `checkout:live` stand apart in a command.
        Service::Rds | Service::Lambda => {
            let (before, after) = name.split_once(':').unwrap_or((name, name));
            can_be_typed(before) && can_be_typed(after) && can_be_typed(name)
        }
    }
}
