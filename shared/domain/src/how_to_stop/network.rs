//! NAT gateways and public IPv4 addresses: nothing of them can be stopped, so first comes what is
//! cut off.

use super::Suggestion;
use super::shell::Command;
use super::targets::Targets;

pub(super) fn nat_gateway(targets: &Targets<'_>) -> Vec<Suggestion> {
    vec![
        targets.each(
            "changes nothing: lists the route tables, and their networks, that lead through it",
            |id| {
                targets
                    .command("ec2 describe-route-tables")
                    .and(&format!("--filters Name=route.nat-gateway-id,Values={id}"))
                    .query("RouteTables[].[RouteTableId,VpcId]")
            },
        ),
        targets.each(
            "final; cuts their subnets off; its Elastic IP address stays and is still paid",
            |id| targets.command("ec2 delete-nat-gateway").with("--nat-gateway-id", id),
        ),
    ]
}

pub(super) fn address(targets: &Targets<'_>) -> Vec<Suggestion> {
    vec![
        targets.each(
            "only if it is in use: cuts off what answers there; can be associated again",
            |name| {
                let lookup = described(targets, name).query("Addresses[0].AssociationId");
                let disassociate = targets.command("ec2 disassociate-address");
                disassociate.with_answer("--association-id", &lookup)
            },
        ),
        targets.each("final; the same address is hardly to be had again", |name| {
            release(targets, name)
        }),
    ]
}

fn release(targets: &Targets<'_>, name: &str) -> Command {
    let release = targets.command("ec2 release-address");
    if is_allocation(name) {
        return release.with("--allocation-id", name);
    }
    let lookup = described(targets, name).query("Addresses[0].AllocationId");
    release.with_answer("--allocation-id", &lookup)
}

/// By its allocation, else by the address itself.
fn described(targets: &Targets<'_>, name: &str) -> Command {
    let option = if is_allocation(name) { "--allocation-ids" } else { "--public-ips" };
    targets.command("ec2 describe-addresses").with(option, name)
}

fn is_allocation(name: &str) -> bool {
    name.starts_with("eipalloc-")
}
