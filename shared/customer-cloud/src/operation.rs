//! All that is ever called, one line each. What is not in here cannot be called.

/// A service as its protocol and its endpoints know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Service {
    Sts,
    Iam,
    Ec2,
    Rds,
    ElbClassic,
    Elb,
    CloudWatch,
    Lambda,
    DynamoDb,
    Logs,
    SageMaker,
    CloudTrail,
    Events,
}

/// How a service is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// A form with `Action` and this `Version`; the answer is XML.
    Query(&'static str),
    /// JSON of a version, and `X-Amz-Target` with this prefix.
    Json(&'static str, &'static str),
    /// Paths and JSON.
    Rest,
}

/// What a service is called in the scope of a signature, and how it is spoken to; a row each, in the
/// order of [`Service`].
const SPOKEN: [(Service, &str, Protocol); 13] = [
    (Service::Sts, "sts", Protocol::Query("2011-06-15")),
    (Service::Iam, "iam", Protocol::Query("2010-05-08")),
    (Service::Ec2, "ec2", Protocol::Query("2016-11-15")),
    (Service::Rds, "rds", Protocol::Query("2014-10-31")),
    (Service::ElbClassic, "elasticloadbalancing", Protocol::Query("2012-06-01")),
    (Service::Elb, "elasticloadbalancing", Protocol::Query("2015-12-01")),
    (Service::CloudWatch, "monitoring", Protocol::Query("2010-08-01")),
    (Service::Lambda, "lambda", Protocol::Rest),
    (Service::DynamoDb, "dynamodb", Protocol::Json("1.0", "DynamoDB_20120810")),
    (Service::Logs, "logs", Protocol::Json("1.1", "Logs_20140328")),
    (Service::SageMaker, "sagemaker", Protocol::Json("1.1", "SageMaker")),
    (Service::CloudTrail, "cloudtrail", Protocol::Json("1.1", CLOUDTRAIL)),
    (Service::Events, "events", Protocol::Json("1.1", "AWSEvents")),
];
const CLOUDTRAIL: &str = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";

impl Service {
    /// Name in the scope of a signature.
    pub(crate) const fn signing_name(self) -> &'static str {
        SPOKEN[self as usize].1
    }

    /// First part of the name of its endpoints.
    pub(crate) const fn host(self) -> &'static str {
        match self {
            Self::SageMaker => "api.sagemaker",
            other => other.signing_name(),
        }
    }

    /// First part of IAM's names of its actions.
    const fn iam_prefix(self) -> &'static str {
        match self {
            Self::CloudWatch => "cloudwatch",
            other => other.signing_name(),
        }
    }

    pub(crate) const fn protocol(self) -> Protocol {
        SPOKEN[self as usize].2
    }
}

/// One kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operation {
    pub(crate) service: Service,
    pub(crate) name: &'static str,
}

impl Operation {
    /// IAM's name of the right that it needs.
    pub(crate) fn action(self) -> String {
        format!("{}:{}", self.service.iam_prefix(), self.name)
    }
}

macro_rules! operations {
    ($($constant:ident = $service:ident $name:literal;)*) => {
        $(pub(crate) const $constant: Operation =
            Operation { service: Service::$service, name: $name };)*
        /// Every operation.
        const ALL: &[Operation] = &[$($constant),*];
    };
}

operations! {
    ASSUME_ROLE = Sts "AssumeRole";
    GET_CALLER_IDENTITY = Sts "GetCallerIdentity";
    GET_ROLE = Iam "GetRole";
    LIST_ROLE_POLICIES = Iam "ListRolePolicies";
    GET_ROLE_POLICY = Iam "GetRolePolicy";
    LIST_ATTACHED_ROLE_POLICIES = Iam "ListAttachedRolePolicies";
    DESCRIBE_REGIONS = Ec2 "DescribeRegions";
    DESCRIBE_VOLUMES = Ec2 "DescribeVolumes";
    DESCRIBE_SNAPSHOTS = Ec2 "DescribeSnapshots";
    DESCRIBE_IMAGES = Ec2 "DescribeImages";
    DESCRIBE_ADDRESSES = Ec2 "DescribeAddresses";
    DESCRIBE_INSTANCES = Ec2 "DescribeInstances";
    DESCRIBE_NAT_GATEWAYS = Ec2 "DescribeNatGateways";
    DESCRIBE_VPC_ENDPOINTS = Ec2 "DescribeVpcEndpoints";
    CREATE_SNAPSHOT = Ec2 "CreateSnapshot";
    DESCRIBE_LOAD_BALANCERS = Elb "DescribeLoadBalancers";
    DESCRIBE_TARGET_GROUPS = Elb "DescribeTargetGroups";
    DESCRIBE_TARGET_HEALTH = Elb "DescribeTargetHealth";
    DESCRIBE_CLASSIC_BALANCERS = ElbClassic "DescribeLoadBalancers";
    DESCRIBE_INSTANCE_HEALTH = ElbClassic "DescribeInstanceHealth";
    DESCRIBE_DB_INSTANCES = Rds "DescribeDBInstances";
    DESCRIBE_DB_SNAPSHOTS = Rds "DescribeDBSnapshots";
    LIST_FUNCTIONS = Lambda "ListFunctions";
    LIST_PROVISIONED = Lambda "ListProvisionedConcurrencyConfigs";
    LIST_TABLES = DynamoDb "ListTables";
    DESCRIBE_TABLE = DynamoDb "DescribeTable";
    DESCRIBE_LOG_GROUPS = Logs "DescribeLogGroups";
    LIST_ENDPOINTS = SageMaker "ListEndpoints";
    DESCRIBE_ENDPOINT = SageMaker "DescribeEndpoint";
    DESCRIBE_ENDPOINT_CONFIG = SageMaker "DescribeEndpointConfig";
    GET_METRIC_DATA = CloudWatch "GetMetricData";
    DESCRIBE_TRAILS = CloudTrail "DescribeTrails";
    GET_TRAIL_STATUS = CloudTrail "GetTrailStatus";
    GET_EVENT_SELECTORS = CloudTrail "GetEventSelectors";
    LOOKUP_EVENTS = CloudTrail "LookupEvents";
    LIST_RULES = Events "ListRules";
    LIST_TARGETS_BY_RULE = Events "ListTargetsByRule";
}

/// IAM's names of all that is called by the role, for who checks that the role may.
pub fn actions() -> Vec<String> {
    let by_the_role = ALL.iter().filter(|operation| operation.service != Service::Sts);
    let mut actions: Vec<String> = by_the_role.map(|operation| operation.action()).collect();
    actions.retain(|action| *action != denied_on_purpose());
    actions.sort();
    actions.dedup();
    actions
}

/// The one call that the role is not allowed, so that it only knocks.
pub fn denied_on_purpose() -> String {
    CREATE_SNAPSHOT.action()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_that_is_called_has_its_own_row() {
        for Operation { service, name } in ALL {
            assert_eq!(SPOKEN[*service as usize].0, *service, "{name}");
        }
        for (service, ..) in SPOKEN {
            assert!(ALL.iter().any(|operation| operation.service == service), "{service:?}");
        }
    }

    #[test]
    fn names_and_protocols_are_those_of_the_service() {
        assert_eq!(DESCRIBE_CLASSIC_BALANCERS.service.signing_name(), "elasticloadbalancing");
        assert_eq!(DESCRIBE_CLASSIC_BALANCERS.service.protocol(), Protocol::Query("2012-06-01"));
        assert_eq!(LIST_FUNCTIONS.service.protocol(), Protocol::Rest);
        assert_eq!(LIST_RULES.service.protocol(), Protocol::Json("1.1", "AWSEvents"));
        assert_eq!(GET_METRIC_DATA.action(), "cloudwatch:GetMetricData");
    }
}
