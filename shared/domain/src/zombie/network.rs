//! Addresses, load balancers, NAT gateways and endpoints that nothing goes through.

use super::{DAYS, Judged, Measured, Named, Place, Zombie, ZombieCheck, measured_since, settled};
use crate::price::Monthly;
use jiff::Timestamp;

/// An Elastic IP address that belongs to nothing. AWS does not tell since when.
pub fn unassociated_address(
    address: &Named,
    is_associated: bool,
    place: Place<'_>,
    price: Monthly,
) -> Option<Zombie> {
    if is_associated {
        return None;
    }
    let why = "The Elastic IP address belongs to nothing, and is paid all the same.".to_owned();
    let found = place.zombie(ZombieCheck::UnassociatedAddress, address, why, price);
    let look = place.command("ec2 describe-addresses").with("--allocation-ids", &address.id);
    let release = place.command("ec2 release-address").with("--allocation-id", &address.id);
    Some(found.stopped_by(place.steps(address, "EC2, Elastic IPs", [look, release])))
}

/// A load balancer as AWS describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadBalancer {
    /// By its name.
    pub named: Named,
    /// What kind.
    pub kind: BalancerKind,
    /// When it was made.
    pub created: Timestamp,
    /// Targets behind it that are well, where they could be counted.
    pub healthy_targets: Option<u32>,
    /// Requests or connections, or the units in which they are paid, where measured.
    pub used: Option<Measured>,
}

/// Four kinds of load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BalancerKind {
    /// HTTP.
    Application,
    /// TCP and UDP.
    Network,
    /// Appliances.
    Gateway,
    /// The first kind there was.
    Classic,
}

impl BalancerKind {
    /// Word in the table of prices.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Network => "network",
            Self::Gateway => "gateway",
            Self::Classic => "classic",
        }
    }

    /// The kind with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Application, Self::Network, Self::Gateway, Self::Classic]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// A load balancer with nobody behind it or before it.
pub fn idle_load_balancer(balancer: &LoadBalancer, place: Place<'_>, price: Monthly) -> Judged {
    if !place.is_older(balancer.created, DAYS) {
        return Ok(None);
    }
    let kind = balancer.kind.code();
    let why = if balancer.healthy_targets == Some(0) {
        format!("The {kind} load balancer has no healthy target, so that it answers nobody.")
    } else if settled(balancer.used, "requests")? > 0.0 {
        return Ok(None);
    } else {
        format!("The {kind} load balancer had no request and no connection for {DAYS} days.")
    };
    let found = place.zombie(ZombieCheck::IdleLoadBalancer, &balancer.named, why, price);
    let name = &balancer.named.id;
    let [look, delete] = if balancer.kind == BalancerKind::Classic {
        [
            place.command("elb describe-instance-health").with("--load-balancer-name", name),
            place.command("elb delete-load-balancer").with("--load-balancer-name", name),
        ]
    } else {
        let arn = place.command("elbv2 describe-load-balancers").with("--names", name);
        let arn = arn.query("LoadBalancers[0].LoadBalancerArn");
        ["describe-listeners", "delete-load-balancer"].map(|what| {
            place.command(&format!("elbv2 {what}")).with_answer("--load-balancer-arn", &arn)
        })
    };
    let stop = place.steps(&balancer.named, "EC2, Load Balancers", [look, delete]);
    Ok(Some(found.stopped_by(stop)))
}

/// Something by which traffic passes.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// `nat-…`, `vpce-…`
    pub named: Named,
    /// When it was made.
    pub created: Timestamp,
    /// Bytes that passed, where measured.
    pub bytes: Option<Measured>,
}

/// A NAT gateway without traffic.
pub fn idle_nat_gateway(gateway: &Passage, place: Place<'_>, price: Monthly) -> Judged {
    if !is_unused(gateway, place)? {
        return Ok(None);
    }
    let why = format!("The NAT gateway sent nothing for {DAYS} days.");
    let found = place.zombie(ZombieCheck::IdleNatGateway, &gateway.named, why, price);
    let id = &gateway.named.id;
    let filter = format!("Name=route.nat-gateway-id,Values={id}");
    let look = place.command("ec2 describe-route-tables").with("--filters", &filter);
    let delete = place.command("ec2 delete-nat-gateway").with("--nat-gateway-id", id);
    let stop = place.steps(&gateway.named, "VPC, NAT gateways", [look, delete]);
    Ok(Some(found.since(measured_since(place.now)).stopped_by(stop)))
}

/// An interface endpoint without traffic.
pub fn idle_endpoint(endpoint: &Passage, place: Place<'_>, price: Monthly) -> Judged {
    if !is_unused(endpoint, place)? {
        return Ok(None);
    }
    let why = format!("The interface endpoint moved nothing for {DAYS} days.");
    let found = place.zombie(ZombieCheck::IdleEndpoint, &endpoint.named, why, price);
    let id = &endpoint.named.id;
    let look = place.command("ec2 describe-vpc-endpoints").with("--vpc-endpoint-ids", id);
    let delete = place.command("ec2 delete-vpc-endpoints").with("--vpc-endpoint-ids", id);
    let stop = place.steps(&endpoint.named, "VPC, Endpoints", [look, delete]);
    Ok(Some(found.since(measured_since(place.now)).stopped_by(stop)))
}

fn is_unused(passage: &Passage, place: Place<'_>) -> Result<bool, String> {
    Ok(place.is_older(passage.created, DAYS) && settled(passage.bytes, "traffic")? <= 0.0)
}
