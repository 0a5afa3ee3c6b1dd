"""The template that customers install asks for no more than it says."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, TEMPLATE

CONTRACT = json.loads((ROOT / "infra-cdk/contract.json").read_text())
PATTERNS = [pattern for kind in CONTRACT["patterns"].values() for pattern in kind]
# Reading calls that begin with none of these words do not exist in the services that we look at.
READING = re.compile(r"[a-z0-9]+:(Describe|List)(\*|[A-Z]\w*)")
READING_BY_NAME = {
    "ce:GetCostAndUsage",
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrailStatus",
    "cloudtrail:LookupEvents",
    "cloudwatch:GetMetricData",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "lambda:GetFunctionConfiguration",
    "tag:GetResources",
}
DATA = {
    "s3:GetObject*", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan",
    "secretsmanager:*", "ssm:GetParameter*", "kms:Decrypt",
}


def statements(template: dict, role: str) -> list[dict]:
    policies = template["Resources"][role]["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def actions(template: dict, role: str, effect: str) -> set[str]:
    found = set()
    for statement in statements(template, role):
        if statement["Effect"] == effect:
            action = statement["Action"]
            found.update([action] if isinstance(action, str) else action)
    return found


def lint(path) -> str:
    command = [Path(sys.executable).with_name("cfn-lint"), path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_it_is_clean_under_cfn_lint():
    assert lint(TEMPLATE) == ""


def test_the_template_of_a_region_is_clean_under_cfn_lint(template, tmp_path):
    inner = tmp_path / "regional.yaml"
    inner.write_text(template["Resources"]["RegionalRules"]["Properties"]["TemplateBody"])
    assert lint(inner) == ""


def test_it_is_up_to_date_with_the_contract():
    command = [sys.executable, TEMPLATE.with_name("build.py"), "--check"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


def test_it_can_be_sent_without_a_bucket():
    assert len(TEMPLATE.read_bytes()) <= 51_200


def test_a_region_gets_every_pattern_of_the_contract(regional):
    rules = [rule["Properties"] for rule in regional["Resources"].values()]
    patterns = [rule["EventPattern"] for rule in rules]
    assert [pattern for pattern in PATTERNS if pattern not in patterns] == []
    assert len(patterns) == len(PATTERNS)


def test_the_watchdog_hears_of_rules_made_deaf_and_of_trails_that_log_no_changes(regional):
    heard = regional["Resources"]["Watchdog1"]["Properties"]["EventPattern"]["detail"]
    assert {"PutRule", "PutEventSelectors"} <= set(heard["eventName"])
    assert {"events.amazonaws.com", "cloudtrail.amazonaws.com"} <= set(heard["eventSource"])


def test_ec2_is_asked_for_ends_alone(regional):
    states = [rule["Properties"]["EventPattern"] for name, rule in regional["Resources"].items() if name.startswith("States")]
    assert states == [{
        "source": ["aws.ec2"],
        "detail-type": ["EC2 Instance State-change Notification"],
        "detail": {"state": ["stopped", "terminated"]},
    }]


def test_eventbridge_takes_every_pattern(regional):
    for name, rule in regional["Resources"].items():
        size = len(json.dumps(rule["Properties"]["EventPattern"], separators=(",", ":")))
        assert size <= 2_048, f"{name} has {size} characters"


def test_every_rule_sends_to_our_bus_and_nowhere_else(regional):
    target = [{"Id": "dd0c-cost-bus", "Arn": {"Ref": "BusArn"}, "RoleArn": {"Ref": "ForwardRoleArn"}}]
    for name, rule in regional["Resources"].items():
        assert rule["Type"] == "AWS::Events::Rule", name
        assert rule["Properties"]["Targets"] == target, name
        # The execution role may touch no other rule.
        assert rule["Properties"]["Name"].startswith("dd0c-cost-"), name


def test_the_role_can_only_read(template):
    allowed = actions(template, "ReadOnlyRole", "Allow")
    other = {action for action in allowed if not READING.fullmatch(action)}
    assert other == READING_BY_NAME


@pytest.mark.parametrize("role", ["ReadOnlyRole", "ForwardRole"])
def test_no_statement_allows_by_exclusion(template, role):
    for statement in statements(template, role):
        assert not {"NotAction", "NotResource", "NotPrincipal"} & statement.keys()


def test_reading_data_is_denied_outright(template):
    assert DATA <= actions(template, "ReadOnlyRole", "Deny")


def test_only_our_account_with_the_external_id_may_use_the_role(template):
    [trust] = template["Resources"]["ReadOnlyRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${DdAccountId}:root"}}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}


def test_events_can_go_to_one_bus_only(template):
    [statement] = statements(template, "ForwardRole")
    assert statement == {"Effect": "Allow", "Action": "events:PutEvents", "Resource": {"Ref": "BusArn"}}


def test_the_rules_are_made_by_a_role_that_can_make_nothing_else(template):
    services = {action.split(":")[0] for action in actions(template, "StackSetExecution", "Allow")}
    assert services == {"cloudformation", "events", "iam"}
    [unlimited] = [each for each in statements(template, "StackSetExecution") if each.get("Resource") == "*"]
    assert unlimited["Action"] == "cloudformation:*"
    [limit] = [each for each in statements(template, "StackSetExecution") if each["Effect"] == "Deny"]
    assert {"cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DeleteStack"} == set(limit["Action"])
    name = template["Resources"]["RegionalRules"]["Properties"]["StackSetName"]
    assert limit["NotResource"]["Fn::Sub"].endswith(f":stack/StackSet-{name}-*")


def test_roles_outlive_what_needs_them(template):
    resources = template["Resources"]
    rules = resources["RegionalRules"]["Properties"]
    assert rules["AdministrationRoleARN"] == {"Fn::GetAtt": ["StackSetAdmin", "Arn"]}
    assert rules["ExecutionRoleName"] == {"Ref": "StackSetExecution"}
    assert {"ParameterKey": "ForwardRoleArn", "ParameterValue": {"Fn::GetAtt": ["ForwardRole", "Arn"]}} in rules["Parameters"]
    # We hear of the end before anything is taken away, and of the start when all is there.
    assert resources["Connection"]["DependsOn"] == "RegionalRules"


def test_by_default_all_regions_of_every_account_are_watched(template):
    regions = template["Parameters"]["Regions"]["Default"].split(",")
    assert len(set(regions)) == len(regions) == 17
    assert "us-east-1" in regions


def test_defaults_name_one_account_of_ours(template):
    parameters = template["Parameters"]
    account = parameters["DdAccountId"]["Default"]
    assert parameters["BusArn"]["Default"] == f"arn:aws:events:us-east-1:{account}:event-bus/dd0c-cost-bus"
    assert parameters["CallbackTopicArn"]["Default"] == f"arn:aws:sns:us-east-1:{account}:dd0c-cost-callback"


def test_the_published_template_has_our_account_and_no_placeholder():
    command = [sys.executable, TEMPLATE.with_name("build.py"), "--account", "210987654321"]
    published = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "123456789012" not in published
    assert "arn:aws:events:us-east-1:210987654321:event-bus/dd0c-cost-bus" in published


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        ("ExternalId", "3f1c7d5e-8a9b-4c2d-9e0f-112233445566", "3f1c7d5e-8a9b-1c2d-9e0f-112233445566"),
        ("Handshake", "Zm9vYmFyYmF6cXV4MTIzNDU2", "short"),
        ("Regions", "ap-southeast-2", "everywhere"),
        ("OptInRegions", "", "eu-south-1;"),
        ("BusArn", "arn:aws:events:us-east-1:210987654321:event-bus/dd0c-cost-bus", "arn:aws:sqs:us-east-1:1:x"),
    ],
)
def test_parameters_are_checked(template, parameter, good, bad):
    pattern = template["Parameters"][parameter]["AllowedPattern"]
    assert re.fullmatch(pattern, good)
    assert not re.fullmatch(pattern, bad)


def test_the_call_back_says_what_onboarding_needs(template):
    properties = template["Resources"]["Connection"]["Properties"]
    assert properties["ServiceToken"] == {"Ref": "CallbackTopicArn"}
    assert {"Handshake", "RoleArn", "AccountId", "Regions", "TemplateVersion"} <= properties.keys()
    assert re.fullmatch(r"[0-9a-f]{12}", properties["TemplateVersion"])
