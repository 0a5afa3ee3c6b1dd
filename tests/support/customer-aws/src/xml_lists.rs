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

/// The shape of a call's answer. Classic load balancers have a version of their own.
pub(crate) fn shape(service: &str, version: &str, action: &str) -> Option<Shape> {
    Some(match (service, version, action) {
        ("ec2", _, "DescribeRegions") => ec2("regionInfo"),
        ("ec2", _, "DescribeVolumes") => ec2("volumeSet"),
        ("ec2", _, "DescribeSnapshots") => ec2("snapshotSet"),
        ("ec2", _, "DescribeImages") => ec2("imagesSet"),
        ("ec2", _, "DescribeAddresses") => ec2("addressesSet"),
        ("ec2", _, "DescribeInstances") => ec2("reservationSet"),
        ("ec2", _, "DescribeNatGateways") => ec2("natGatewaySet"),
        ("ec2", _, "DescribeVpcEndpoints") => ec2("vpcEndpointSet"),
        ("rds", _, "DescribeDBInstances") => query("DBInstances", "DBInstance", "Marker"),
        ("rds", _, "DescribeDBSnapshots") => query("DBSnapshots", "DBSnapshot", "Marker"),
        ("elasticloadbalancing", "2012-06-01", "DescribeLoadBalancers") => {
            query("LoadBalancerDescriptions", "member", "NextMarker")
        }
        ("elasticloadbalancing", "2012-06-01", "DescribeInstanceHealth") => {
            query("InstanceStates", "member", "NextMarker")
        }
        ("elasticloadbalancing", "2015-12-01", "DescribeLoadBalancers") => {
            query("LoadBalancers", "member", "NextMarker")
        }
        ("elasticloadbalancing", "2015-12-01", "DescribeTargetGroups") => {
            query("TargetGroups", "member", "NextMarker")
        }
        ("elasticloadbalancing", "2015-12-01", "DescribeTargetHealth") => {
            query("TargetHealthDescriptions", "member", "NextMarker")
        }
        _ => return None,
    })
}

/// Under which name the members of a list stand in a region.
pub(crate) fn name(version: &str, action: &str, of: Option<&str>) -> String {
    let classic = if version == "2012-06-01" { "classic:" } else { "" };
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
