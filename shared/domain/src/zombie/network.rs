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
    Some(found.stopped_by(place.steps_by_id(&address.id, "EC2, Elastic IPs", [look, release])))
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
    let no_target = balancer.healthy_targets == Some(0);
    // The others send traffic to unhealthy targets if they have no better ones, or only redirect.
    let answers_nobody = no_target && balancer.kind == BalancerKind::Classic;
    let why = if answers_nobody {
        format!("The {kind} load balancer has no healthy target, so that it answers nobody.")
    } else if settled(balancer.used, "requests")? > 0.0 {
        return Ok(None);
    } else if no_target {
        format!(
            "The {kind} load balancer has no healthy target, and had no request and no connection \
             for {DAYS} days."
        )
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
    let stop = place.steps_by_id(&gateway.named.id, "VPC, NAT gateways", [look, delete]);
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
    let stop = place.steps_by_id(&endpoint.named.id, "VPC, Endpoints", [look, delete]);
    Ok(Some(found.since(measured_since(place.now)).stopped_by(stop)))
}

fn is_unused(passage: &Passage, place: Place<'_>) -> Result<bool, String> {
    Ok(place.is_older(passage.created, DAYS) && settled(passage.bytes, "traffic")? <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{days_ago, here, measured, price, region};
    use super::*;

    fn balancer(healthy_targets: Option<u32>, used: f64) -> LoadBalancer {
        LoadBalancer {
            named: Named::only("front"),
            kind: BalancerKind::Application,
            created: days_ago(14),
            healthy_targets,
            used: measured(14, used),
        }
    }

    #[test]
    fn an_address_that_belongs_to_nothing_is_found() {
        let region = region();
        let address = Named::only("eipalloc-0abc");
        let find = |used| unassociated_address(&address, used, here(&region), price("3.65"));
        assert!(find(false).unwrap().stop.ends_with("--allocation-id eipalloc-0abc"));
        assert_eq!(find(true), None);
    }

    #[test]
    fn a_load_balancer_is_idle_without_targets_or_without_requests() {
        let region = region();
        let judge = |it: &LoadBalancer| idle_load_balancer(it, here(&region), price("16"));
        let no_target = LoadBalancer { kind: BalancerKind::Classic, ..balancer(Some(0), 9.0) };
        assert!(judge(&no_target).unwrap().unwrap().why.contains("answers nobody"));
        let unmeasured = LoadBalancer { used: None, ..no_target.clone() };
        assert!(judge(&unmeasured).unwrap().is_some(), "needs no figures");
        for kind in [BalancerKind::Application, BalancerKind::Network, BalancerKind::Gateway] {
            let failing = |used| LoadBalancer { kind, ..balancer(Some(0), used) };
            assert_eq!(judge(&failing(0.1)), Ok(None), "it sends them on all the same");
            let silent = judge(&failing(0.0)).unwrap().unwrap().why;
            assert!(silent.contains("no healthy target, and had no request"), "{silent}");
            assert!(judge(&LoadBalancer { used: None, ..failing(0.0) }).is_err());
        }
        for silent in [balancer(Some(2), 0.0), balancer(None, 0.0)] {
            assert!(judge(&silent).unwrap().unwrap().why.contains("no request"));
        }
        assert_eq!(judge(&balancer(Some(2), 0.1)), Ok(None));
        assert!(judge(&LoadBalancer { used: None, ..balancer(Some(1), 0.0) }).is_err());
        assert_eq!(judge(&LoadBalancer { created: days_ago(13), ..no_target }), Ok(None));
    }

    #[test]
    fn a_load_balancer_is_deleted_by_its_name() {
        let region = region();
        let stop = |kind| {
            let balancer = LoadBalancer { kind, ..balancer(Some(0), 0.0) };
            idle_load_balancer(&balancer, here(&region), price("1")).unwrap().unwrap().stop
        };
        assert!(stop(BalancerKind::Classic).ends_with("--load-balancer-name front"));
        let newer = stop(BalancerKind::Network);
        assert!(newer.contains("elbv2 delete-load-balancer") && newer.contains("--names front"));
        for kind in ["application", "network", "gateway", "classic"] {
            assert_eq!(BalancerKind::from_code(kind).map(BalancerKind::code), Some(kind));
        }
    }

    #[test]
    fn a_passage_is_idle_if_nothing_passed() {
        let region = region();
        let passage = |days, bytes, age| Passage {
            named: Named::only("nat-0abc"),
            created: days_ago(age),
            bytes: measured(days, bytes),
        };
        for rule in [idle_nat_gateway, idle_endpoint] {
            let judge = |it: &Passage| rule(it, here(&region), price("32"));
            assert!(judge(&passage(14, 0.0, 14)).unwrap().is_some());
            assert_eq!(judge(&passage(14, 1.0, 14)), Ok(None));
            assert_eq!(judge(&passage(14, 0.0, 13)), Ok(None));
            assert!(judge(&passage(12, 0.0, 30)).is_err());
            let unmeasured = Passage { bytes: None, ..passage(14, 0.0, 30) };
            assert!(judge(&unmeasured).is_err());
        }
    }
}
