//! Addresses, load balancers, NAT gateways and interface endpoints.

use super::findings::{Findings, Looked, MOST, of};
use super::instances::{is_old, named};
use super::metrics::{Asked, Metric, Metrics, OfDays, Silence};
use super::prices::PriceTags;
use super::storage::EC2_PAGES;
use crate::client::Visit;
use crate::input::Input;
use crate::node::Node;
use crate::operation::{
    DESCRIBE_ADDRESSES, DESCRIBE_CLASSIC_BALANCERS, DESCRIBE_INSTANCE_HEALTH,
    DESCRIBE_LOAD_BALANCERS, DESCRIBE_NAT_GATEWAYS, DESCRIBE_TARGET_GROUPS, DESCRIBE_TARGET_HEALTH,
    DESCRIBE_VPC_ENDPOINTS, Operation,
};
use crate::pages::Mark;
use crate::when;
use domain::resource::Spec;
use domain::zombie::network::{
    BalancerKind, LoadBalancer, Passage, idle_endpoint, idle_load_balancer, idle_nat_gateway,
    unassociated_address,
};
use domain::zombie::{Named, Place, ZombieCheck};
use pipeline::error::Failure;
use pricing::Standing;
use std::collections::{HashMap, HashSet};

/// How load balancers continue their lists; each of the two kinds has an answer of its own name.
const ELB_PAGES: Mark = Mark("Marker", "DescribeLoadBalancersResult.NextMarker");
const TARGET_PAGES: Mark = Mark("Marker", "DescribeTargetGroupsResult.NextMarker");

/// What there is, before it is judged.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    addresses: Vec<(Named, bool)>,
    balancers: Vec<SeenBalancer>,
    gateways: Vec<SeenPassage>,
    endpoints: Vec<SeenPassage>,
}

#[derive(Debug)]
struct SeenBalancer {
    balancer: LoadBalancer,
    used: Option<Asked>,
}

#[derive(Debug)]
struct SeenPassage {
    passage: Passage,
    /// In how many zones it is paid.
    zones: u32,
    bytes: Option<Asked>,
}

pub(crate) async fn look(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
    findings: &mut Findings,
) -> Result<Seen, Failure> {
    use ZombieCheck::{IdleEndpoint, IdleLoadBalancer, IdleNatGateway, UnassociatedAddress};
    let addresses = findings.kept(&[UnassociatedAddress], addresses(visit).await)?;
    let balancers = balancers(visit, place, metrics, findings).await;
    let mut balancers = findings.kept(&[IdleLoadBalancer], balancers)?;
    let classic = classic_balancers(visit, place, metrics, findings).await;
    balancers.extend(findings.kept(&[IdleLoadBalancer], classic)?);
    let gateways = findings.kept(&[IdleNatGateway], gateways(visit, place, metrics).await)?;
    let endpoints = findings.kept(&[IdleEndpoint], endpoints(visit, place, metrics).await)?;
    Ok(Seen { addresses, balancers, gateways, endpoints })
}

async fn addresses(visit: &Visit<'_>) -> Looked<Vec<(Named, bool)>> {
    let answer = visit.xml(DESCRIBE_ADDRESSES, Input::form([])).await;
    let answer = answer.map_err(of(DESCRIBE_ADDRESSES))?;
    let addresses = answer.list("addressesSet").iter().filter(|node| is_paid(node));
    let is_associated = |node: &Node| {
        ["associationId", "instanceId", "networkInterfaceId"]
            .iter()
            .any(|it| node.some(it).is_some())
    };
    Ok(addresses
        .filter_map(|node| Some((named(node, "allocationId")?, is_associated(node))))
        .collect())
}

/// AWS charges for no address that the customer has brought along himself.
fn is_paid(node: &Node) -> bool {
    matches!(node.text("publicIpv4Pool"), "amazon" | "")
}

/// Application, network and gateway load balancers, with the healthy targets of each.
async fn balancers(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
    findings: &mut Findings,
) -> Looked<Vec<SeenBalancer>> {
    let input = Input::form([("PageSize", "400")]);
    let pages = visit.xml_pages(DESCRIBE_LOAD_BALANCERS, input, ELB_PAGES).await;
    let pages = pages.map_err(of(DESCRIBE_LOAD_BALANCERS))?;
    let nodes: Vec<&Node> = pages
        .iter()
        .flat_map(|page| page.list("DescribeLoadBalancersResult.LoadBalancers"))
        .collect();
    if nodes.is_empty() {
        return Ok(Vec::new());
    }
    let targets = targets(visit, findings).await?;
    let mut seen = Vec::new();
    for node in nodes {
        let arn = node.text("LoadBalancerArn");
        // Of a group that could not be looked at is said already why.
        if targets.refused.contains(arn) {
            continue;
        }
        if targets.uncounted.contains(arn) {
            findings.beyond(ZombieCheck::IdleLoadBalancer, "target groups");
        } else {
            seen.extend(seen_balancer(node, &targets.healthy, place, metrics));
        }
    }
    Ok(seen)
}

/// Targets by load balancer.
#[derive(Default)]
struct Targets {
    /// How many are healthy. A balancer without a target group is not in here: it may only redirect.
    healthy: HashMap<String, u32>,
    /// Balancers with a target group that nobody has looked at: it may have healthy ones.
    uncounted: HashSet<String>,
    /// Balancers with a target group that went after it was listed.
    refused: HashSet<String>,
}

async fn targets(visit: &Visit<'_>, findings: &mut Findings) -> Looked<Targets> {
    let input = Input::form([("PageSize", "400")]);
    let pages = visit.xml_pages(DESCRIBE_TARGET_GROUPS, input, TARGET_PAGES).await;
    let pages = pages.map_err(of(DESCRIBE_TARGET_GROUPS))?;
    let groups = pages.iter().flat_map(|page| page.list("DescribeTargetGroupsResult.TargetGroups"));
    let used = groups.filter(|group| !group.list("LoadBalancerArns").is_empty());
    let mut counted = Targets::default();
    for (nth, group) in used.enumerate() {
        let balancers = group.list("LoadBalancerArns").iter().map(|it| it.own_text().to_owned());
        if nth >= MOST {
            counted.uncounted.extend(balancers);
            continue;
        }
        let well = healthy_targets(visit, group.text("TargetGroupArn")).await;
        let Some(well) = findings.each(ZombieCheck::IdleLoadBalancer, well)? else {
            counted.refused.extend(balancers);
            continue;
        };
        for balancer in balancers {
            *counted.healthy.entry(balancer).or_default() += well;
        }
    }
    Ok(counted)
}

async fn healthy_targets(visit: &Visit<'_>, group: &str) -> Looked<u32> {
    let answer = visit.xml(DESCRIBE_TARGET_HEALTH, Input::form([("TargetGroupArn", group)])).await;
    let answer = answer.map_err(of(DESCRIBE_TARGET_HEALTH))?;
    let targets = answer.list("DescribeTargetHealthResult.TargetHealthDescriptions").iter();
    // A target whose health nobody checks may well answer.
    let well = targets.filter(|it| {
        matches!(it.text("TargetHealth.State"), "healthy" | "initial" | "unavailable")
    });
    Ok(u32::try_from(well.count()).unwrap_or(u32::MAX))
}

fn seen_balancer(
    node: &Node,
    healthy: &HashMap<String, u32>,
    place: Place<'_>,
    metrics: &mut Metrics,
) -> Option<SeenBalancer> {
    let arn = node.text("LoadBalancerArn");
    let balancer = LoadBalancer {
        named: Named::only(node.some("LoadBalancerName")?),
        kind: BalancerKind::from_code(node.text("Type"))?,
        created: when::iso(node.text("CreatedTime"))?,
        healthy_targets: healthy.get(arn).copied(),
        used: None,
    };
    // Its capacity units are always reported, and are zero when nothing comes.
    let dimension = arn.split_once(":loadbalancer/")?.1.to_owned();
    let (namespace, name) = match balancer.kind {
        BalancerKind::Application => ("AWS/ApplicationELB", "ConsumedLCUs"),
        BalancerKind::Network => ("AWS/NetworkELB", "ConsumedLCUs"),
        _ => ("AWS/GatewayELB", "ConsumedLCUs"),
    };
    let dimensions = vec![("LoadBalancer", dimension)];
    let (of_days, silence) = (OfDays::Sum, Silence::Unknown);
    let metric = Metric { namespace, name, dimensions, of_days, silence };
    let used = is_old(balancer.created, place).then(|| metrics.want(metric));
    Some(SeenBalancer { balancer, used })
}

async fn classic_balancers(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
    findings: &mut Findings,
) -> Looked<Vec<SeenBalancer>> {
    let operation = DESCRIBE_CLASSIC_BALANCERS;
    let input = Input::form([("PageSize", "400")]);
    let pages = visit.xml_pages(operation, input, ELB_PAGES).await.map_err(of(operation))?;
    let path = "DescribeLoadBalancersResult.LoadBalancerDescriptions";
    let nodes: Vec<&Node> = pages.iter().flat_map(|page| page.list(path)).collect();
    let mut seen = Vec::new();
    for node in findings.first(ZombieCheck::IdleLoadBalancer, "classic load balancers", nodes) {
        let (Some(name), Some(created)) =
            (node.some("LoadBalancerName"), when::iso(node.text("CreatedTime")))
        else {
            continue;
        };
        let healthy = healthy_instances(visit, name).await;
        let healthy_targets = findings.each(ZombieCheck::IdleLoadBalancer, healthy)?;
        if healthy_targets.is_none() {
            continue;
        }
        let (kind, named) = (BalancerKind::Classic, Named::only(name));
        let used = is_old(created, place).then(|| {
            let dimensions = vec![("LoadBalancerName", name.to_owned())];
            let (of_days, silence) = (OfDays::Sum, Silence::Zero);
            let (namespace, name) = ("AWS/ELB", "RequestCount");
            metrics.want(Metric { namespace, name, dimensions, of_days, silence })
        });
        let balancer = LoadBalancer { named, kind, created, healthy_targets, used: None };
        seen.push(SeenBalancer { balancer, used });
    }
    Ok(seen)
}

async fn healthy_instances(visit: &Visit<'_>, balancer: &str) -> Looked<u32> {
    let asked = Input::form([("LoadBalancerName", balancer)]);
    let answer = visit.xml(DESCRIBE_INSTANCE_HEALTH, asked).await;
    let answer = answer.map_err(of(DESCRIBE_INSTANCE_HEALTH))?;
    let states = answer.list("DescribeInstanceHealthResult.InstanceStates").iter();
    let healthy = states.filter(|state| state.text("State") == "InService").count();
    Ok(u32::try_from(healthy).unwrap_or(u32::MAX))
}

async fn gateways(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
) -> Looked<Vec<SeenPassage>> {
    let nodes = listed(visit, DESCRIBE_NAT_GATEWAYS, "natGatewaySet").await?;
    let available = nodes.iter().filter(|node| node.text("state") == "available");
    let seen = available.filter_map(|node| {
        let named = named(node, "natGatewayId")?;
        let created = when::iso(node.text("createTime"))?;
        let bytes = is_old(created, place).then(|| {
            let dimensions = vec![("NatGatewayId", named.id.clone())];
            let (namespace, name) = ("AWS/NATGateway", "BytesOutToDestination");
            let (of_days, silence) = (OfDays::Sum, Silence::Unknown);
            metrics.want(Metric { namespace, name, dimensions, of_days, silence })
        });
        Some(SeenPassage { passage: Passage { named, created, bytes: None }, zones: 1, bytes })
    });
    Ok(seen.collect())
}

async fn endpoints(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
) -> Looked<Vec<SeenPassage>> {
    let nodes = listed(visit, DESCRIBE_VPC_ENDPOINTS, "vpcEndpointSet").await?;
    let is_paid = |node: &&Node| {
        node.text("vpcEndpointType") == "Interface"
            && node.text("state").eq_ignore_ascii_case("available")
    };
    let seen = nodes.iter().filter(is_paid).filter_map(|node| {
        let named = named(node, "vpcEndpointId")?;
        let created = when::iso(node.text("creationTimestamp"))?;
        let zones = u32::try_from(node.list("subnetIdSet").len()).unwrap_or(u32::MAX);
        let bytes = is_old(created, place).then(|| metrics.want(endpoint_metric(node, &named.id)));
        Some(SeenPassage { passage: Passage { named, created, bytes: None }, zones, bytes })
    });
    Ok(seen.collect())
}

/// Reported only when something passed.
fn endpoint_metric(node: &Node, id: &str) -> Metric {
    let text = |name: &str| node.text(name).to_owned();
    let dimensions = vec![
        ("Endpoint Type", "Interface".to_owned()),
        ("Service Name", text("serviceName")),
        ("VPC Endpoint Id", id.to_owned()),
        ("VPC Id", text("vpcId")),
    ];
    let (namespace, name) = ("AWS/PrivateLinkEndpoints", "BytesProcessed");
    Metric { namespace, name, dimensions, of_days: OfDays::Sum, silence: Silence::Zero }
}

async fn listed(visit: &Visit<'_>, operation: Operation, path: &str) -> Looked<Vec<Node>> {
    let input = Input::form([("MaxResults", "1000")]);
    let pages = visit.xml_pages(operation, input, EC2_PAGES).await.map_err(of(operation))?;
    Ok(pages.iter().flat_map(|page| page.list(path)).cloned().collect())
}

pub(crate) fn judge(
    seen: Seen,
    place: Place<'_>,
    prices: &PriceTags<'_>,
    metrics: &Metrics,
    findings: &mut Findings,
) {
    let address_price = prices.of(&Spec::PublicIpv4);
    for (address, is_associated) in &seen.addresses {
        findings.priced(ZombieCheck::UnassociatedAddress, address_price.clone(), |price| {
            Ok(unassociated_address(address, *is_associated, place, price))
        });
    }
    for SeenBalancer { mut balancer, used } in seen.balancers {
        balancer.used = used.and_then(|asked| metrics.measured(asked));
        let price = prices.standing(&Standing::LoadBalancer(balancer.kind.code()));
        findings.priced(ZombieCheck::IdleLoadBalancer, price, |price| {
            idle_load_balancer(&balancer, place, price)
        });
    }
    for SeenPassage { mut passage, bytes, .. } in seen.gateways {
        passage.bytes = bytes.and_then(|asked| metrics.measured(asked));
        findings.priced(ZombieCheck::IdleNatGateway, prices.of(&Spec::NatGateway), |price| {
            idle_nat_gateway(&passage, place, price)
        });
    }
    for SeenPassage { mut passage, zones, bytes } in seen.endpoints {
        passage.bytes = bytes.and_then(|asked| metrics.measured(asked));
        let price = prices.standing(&Standing::VpcEndpoint { zones });
        findings.priced(ZombieCheck::IdleEndpoint, price, |price| {
            idle_endpoint(&passage, place, price)
        });
    }
}
