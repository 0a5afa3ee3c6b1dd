//! What the customer's template makes. `shared/customer-cloud/tests/parity.rs` holds it against
//! `infra-cdk/customer/dd0c-cost-readonly.yaml`.

/// Name of the role's one inline policy.
pub(crate) const POLICY: &str = "read-only";

/// What the role may call, by IAM's names.
pub const ALLOWED: [&str; 26] = [
    "ce:GetCostAndUsage",
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrailStatus",
    "cloudtrail:LookupEvents",
    "cloudwatch:Describe*",
    "cloudwatch:GetMetricData",
    "cloudwatch:ListMetrics",
    "dynamodb:DescribeTable",
    "dynamodb:ListTables",
    "ec2:Describe*",
    "elasticloadbalancing:Describe*",
    "events:DescribeRule",
    "events:ListRules",
    "events:ListTargetsByRule",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "lambda:GetFunctionConfiguration",
    "lambda:List*",
    "logs:DescribeLogGroups",
    "rds:Describe*",
    "sagemaker:Describe*",
    "sagemaker:List*",
    "tag:GetResources",
];

/// What the role is denied whatever else somebody attaches to it.
pub const DENIED: [&str; 16] = [
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "dynamodb:PartiQL*",
    "dynamodb:Query",
    "dynamodb:Scan",
    "ec2:DescribeInstanceAttribute",
    "ec2:DescribeLaunchTemplateVersions",
    "kms:Decrypt",
    "lambda:GetFunction",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:StartQuery",
    "s3:GetObject*",
    "secretsmanager:*",
    "ssm:GetParameter*",
];
