//! Lists in XML: what contains their members, and how they are continued.

/// Name of the call with its service, the elements around, the element of a member, and the element
/// that names the next page.
pub(crate) struct Shape {
    pub(crate) list: &'static str,
    pub(crate) member: &'static str,
    pub(crate) next: &'static str,
    /// The parameter by which the next page is asked for.
    pub(crate) mark: &'static str,
    pub(crate) is_ec2: bool,
}

const fn ec2(list: &'static str) -> Shape {
    Shape { list, member: "item", next: "nextToken", mark: "NextToken", is_ec2: true }
}

const fn query(list: &'static str, member: &'static str, next: &'static str) -> Shape {
    Shape { list, member, next, mark: "Marker", is_ec2: false }
}

const fn balancing(list: &'static str) -> Shape {
    query(list, "member", "NextMarker")
}

/// Classic load balancers have a version of their own.
const CLASSIC: &str = "2012-06-01";
const ANY: Option<&str> = None;
const OLD: Option<&str> = Some(CLASSIC);
const NEW: Option<&str> = Some("2015-12-01");
const BALANCING: &str = "elasticloadbalancing";

/// Service, version where it matters, call, and the shape of its answer.
const SHAPES: [(&str, Option<&str>, &str, Shape); 15] = [
    ("ec2", ANY, "DescribeRegions", ec2("regionInfo")),
    ("ec2", ANY, "DescribeVolumes", ec2("volumeSet")),
    ("ec2", ANY, "DescribeSnapshots", ec2("snapshotSet")),
    ("ec2", ANY, "DescribeImages", ec2("imagesSet")),
    ("ec2", ANY, "DescribeAddresses", ec2("addressesSet")),
    ("ec2", ANY, "DescribeInstances", ec2("reservationSet")),
    ("ec2", ANY, "DescribeNatGateways", ec2("natGatewaySet")),
    ("ec2", ANY, "DescribeVpcEndpoints", ec2("vpcEndpointSet")),
    ("rds", ANY, "DescribeDBInstances", query("DBInstances", "DBInstance", "Marker")),
    ("rds", ANY, "DescribeDBSnapshots", query("DBSnapshots", "DBSnapshot", "Marker")),
    (BALANCING, OLD, "DescribeLoadBalancers", balancing("LoadBalancerDescriptions")),
    (BALANCING, OLD, "DescribeInstanceHealth", balancing("InstanceStates")),
    (BALANCING, NEW, "DescribeLoadBalancers", balancing("LoadBalancers")),
    (BALANCING, NEW, "DescribeTargetGroups", balancing("TargetGroups")),
    (BALANCING, NEW, "DescribeTargetHealth", balancing("TargetHealthDescriptions")),
];

/// The shape of a call's answer.
pub(crate) fn shape(service: &str, version: &str, action: &str) -> Option<Shape> {
    let asked = |of: &(&str, Option<&str>, &str, Shape)| {
        of.0 == service && of.1.is_none_or(|it| it == version) && of.2 == action
    };
    SHAPES.into_iter().find(asked).map(|(.., shape)| shape)
}

/// Under which name the members of a list stand in a region.
pub(crate) fn name(version: &str, action: &str, of: Option<&str>) -> String {
    let classic = if version == CLASSIC { "classic:" } else { "" };
    match of {
        Some(of) => format!("{classic}{action}:{of}"),
        None => format!("{classic}{action}"),
    }
}

impl Shape {
    /// The answer with these members.
    pub(crate) fn written(&self, action: &str, members: &[String], next: Option<String>) -> String {
        let Self { list, member, .. } = self;
        let members: Vec<String> =
            members.iter().map(|inner| format!("<{member}>{inner}</{member}>")).collect();
        let members = members.concat();
        let next = next.map_or_else(String::new, |it| format!("<{0}>{it}</{0}>", self.next));
        let inner = format!("<{list}>{members}</{list}>{next}");
        let inner = if self.is_ec2 {
            format!("<requestId>r</requestId>{inner}")
        } else {
            format!("<{action}Result>{inner}</{action}Result>")
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><{action}Response>{inner}</{action}Response>"
        )
    }
}
