//! How to stop it: commands for a person to run, the reversible one first. We never run them.

use crate::cost_event::CostEvent;
use crate::resource::{ResourceId, Service};

/// More names than this are left for the person to fill in.
const MAX_NAMES: usize = 20;

/// One suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// A command of the AWS CLI.
    pub command: String,
    /// What to know before running it.
    pub remark: String,
}

/// What stops the resources that an event started.
pub fn how_to_stop(event: &CostEvent) -> Vec<Suggestion> {
    let region = format!("--region {}", event.region);
    let mut suggestions: Vec<Suggestion> = launcher(event.launcher.as_ref()).into_iter().collect();
    let more = still_there(event).len().saturating_sub(MAX_NAMES);
    let suggest = |command: String, remark: &str| Suggestion {
        command,
        remark: match more {
            0 => remark.to_owned(),
            _ => format!("{remark}; the first {MAX_NAMES}, {more} more are like them"),
        },
    };
    let each = |make: &dyn Fn(&str) -> String| -> String {
        let shown = still_there(event).iter().take(MAX_NAMES).map(|name| make(name));
        shown.collect::<Vec<_>>().join("\n")
    };
    let names = names(event);
    match event.service {
        Service::Ec2 => {
            suggestions.push(suggest(
                format!("aws ec2 stop-instances {region} --instance-ids {names}"),
                "can be started again; instance-store data is lost",
            ));
            suggestions.push(suggest(
                format!("aws ec2 terminate-instances {region} --instance-ids {names}"),
                "final",
            ));
        }
        Service::Ebs => suggestions.push(suggest(
            each(&|name| format!("aws ec2 delete-volume {region} --volume-id {}", quoted(name))),
            "final; take a snapshot first if in doubt",
        )),
        Service::NatGateway => suggestions.push(suggest(
            each(&|name| {
                format!("aws ec2 delete-nat-gateway {region} --nat-gateway-id {}", quoted(name))
            }),
            "cuts private subnets off until another one is made",
        )),
        Service::PublicIpv4 => suggestions.push(suggest(
            each(&|name| {
                format!("aws ec2 release-address {region} --allocation-id {}", quoted(name))
            }),
            "the address cannot be had back",
        )),
        Service::Rds => suggestions.push(suggest(
            each(&|name| database(&region, name)),
            "AWS starts it again after 7 days; an instance of Aurora stops with its cluster only",
        )),
        Service::Lambda => suggestions.push(suggest(
            each(&|name| lambda(&region, name)),
            "takes the warm instances away; the function still runs",
        )),
        Service::AutoScaling | Service::Ec2Fleet => {}
    }
    suggestions
}

/// Instances of a group come back unless the group is told first.
fn launcher(launcher: Option<&ResourceId>) -> Option<Suggestion> {
    let launcher = launcher?;
    let (region, name) = (&launcher.region, quoted(&launcher.name));
    let command = match launcher.service {
        Service::AutoScaling => format!(
            "aws autoscaling update-auto-scaling-group --region {region} \
             --auto-scaling-group-name {name} --min-size 0 --desired-capacity 0"
        ),
        Service::Ec2Fleet if launcher.name.starts_with("sfr-") => format!(
            "aws ec2 modify-spot-fleet-request --region {region} --spot-fleet-request-id {name} \
             --target-capacity 0"
        ),
        _ => format!(
            "aws ec2 modify-fleet --region {region} --fleet-id {name} \
             --target-capacity-specification TotalTargetCapacity=0"
        ),
    };
    Some(Suggestion { command, remark: "first: otherwise it launches new ones".to_owned() })
}

fn database(region: &str, name: &str) -> String {
    match name.strip_prefix("cluster:") {
        Some(cluster) => {
            format!("aws rds stop-db-cluster {region} --db-cluster-identifier {}", quoted(cluster))
        }
        None => {
            format!("aws rds stop-db-instance {region} --db-instance-identifier {}", quoted(name))
        }
    }
}

fn lambda(region: &str, name: &str) -> String {
    let (function, qualifier) = name.split_once(':').unwrap_or((name, "$LATEST"));
    format!(
        "aws lambda delete-provisioned-concurrency-config {region} --function-name {} --qualifier {}",
        quoted(function),
        quoted(qualifier)
    )
}

fn names(event: &CostEvent) -> String {
    let shown = still_there(event).iter().take(MAX_NAMES).map(|name| quoted(name));
    shown.collect::<Vec<_>>().join(" ")
}

/// Without those that have ended already, which stand last: a command that names one fails.
fn still_there(event: &CostEvent) -> &[String] {
    let there = event.resources.len().saturating_sub(event.ended_already as usize);
    event.resources.get(..there).unwrap_or_default()
}

/// A name as one word for a shell, whatever somebody called his resource.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/".contains(c);
    // A leading dash would be an option.
    if name.starts_with('-') {
        return "'(a name that begins with a dash: use the console)'".to_owned();
    }
    if !name.is_empty() && name.chars().all(plain) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_stays_one_word() {
        assert_eq!(quoted("i-0abc"), "i-0abc");
        assert_eq!(quoted("x; rm -rf ~"), "'x; rm -rf ~'");
        assert_eq!(quoted("a'b"), "'a'\\''b'");
    }
}
