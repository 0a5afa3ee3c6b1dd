"""The template that customers install works when it is installed.

The emulator has no StackSets, calls back functions only, and delivers to no other region. So the
stack goes up without its StackSet, a function plays our topic, and what a region gets goes up by
itself, in two regions, each with a bus that plays ours.
"""

import copy
import io
import json
import zipfile

import pytest

ACCOUNT = "000000000000"
REGIONS = ["us-east-1", "ap-southeast-2"]
PARAMETERS = {
    "ExternalId": "3f1c7d5e-8a9b-4c2d-9e0f-112233445566",
    "Handshake": "Zm9vYmFyYmF6cXV4MTIzNDU2",
    "DdAccountId": ACCOUNT,
    "Regions": "us-east-1,ap-southeast-2",
    "OptInRegions": "eu-south-1",
}
# Says yes, and keeps what it was told as the name of what it made.
LISTENER = """
import json, urllib.request
def handler(event, context):
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"Status": "SUCCESS", "PhysicalResourceId": json.dumps(event["ResourceProperties"])}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request, timeout=5).close()
"""
# The emulator, like AWS, takes no events whose source begins with "aws." from us.
TEST_SOURCE = "dd0c.test"


def create(cloudformation, name: str, template: dict, parameters: dict) -> None:
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


@pytest.fixture(scope="module")
def emulated(aws, template) -> dict:
    """The customer's template as far as the emulator goes."""
    emulated = copy.deepcopy(template)
    del emulated["Resources"]["RegionalRules"]
    connection = emulated["Resources"]["Connection"]
    del connection["DependsOn"]
    connection["Properties"]["ServiceToken"] = listener(aws)
    return emulated


def listener(aws) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("listener.py", LISTENER)
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws.client("iam", "us-east-1").create_role(
        RoleName="listener", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    return aws.client("lambda", "us-east-1").create_function(
        FunctionName="listener", Runtime="python3.12", Handler="listener.handler",
        Role=role["Role"]["Arn"], Code={"ZipFile": archive.getvalue()},
    )["FunctionArn"]


@pytest.fixture(scope="module")
def stack(aws, emulated) -> dict:
    """The outputs of the customer's stack."""
    cloudformation = aws.client("cloudformation", "us-east-1")
    create(cloudformation, "dd0c-cost-readonly", emulated, PARAMETERS)
    [described] = cloudformation.describe_stacks(StackName="dd0c-cost-readonly")["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


@pytest.fixture(scope="module")
def queues(aws, stack, regional):
    """One queue a region with all that the rules there have forwarded."""
    watched = copy.deepcopy(regional)
    for rule in watched["Resources"].values():
        rule["Properties"]["EventPattern"]["source"].append(TEST_SOURCE)
    return {region: forwarded_to_a_queue(aws, region, watched, stack["ForwardRoleArn"]) for region in REGIONS}


def forwarded_to_a_queue(aws, region: str, regional: dict, role: str) -> str:
    events, sqs = aws.client("events", region), aws.client("sqs", region)
    bus = events.create_event_bus(Name="dd0c-cost-bus")["EventBusArn"]
    queue = sqs.create_queue(QueueName="forwarded")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="all", EventBusName="dd0c-cost-bus", EventPattern=json.dumps({"account": [ACCOUNT]}))
    events.put_targets(Rule="all", EventBusName="dd0c-cost-bus", Targets=[{"Id": "queue", "Arn": arn}])
    create(aws.client("cloudformation", region), "dd0c-cost-regional", regional, {"BusArn": bus, "ForwardRoleArn": role})
    return queue


def put(aws, region: str, kind: str, detail: dict) -> None:
    entry = {"Source": TEST_SOURCE, "DetailType": kind, "Detail": json.dumps(detail)}
    answer = aws.client("events", region).put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0, answer


def call(source: str, name: str) -> dict:
    return {"eventSource": f"{source}.amazonaws.com", "eventName": name, "recipientAccountId": ACCOUNT}


def received(aws, region: str, queue: str) -> list[dict]:
    sqs, found = aws.client("sqs", region), []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages"):
        found += [json.loads(message["Body"]) for message in messages]
        for message in messages:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return found


def test_the_role_is_there_as_written(aws, stack, template):
    role = aws.client("iam", "us-east-1").get_role(RoleName="dd0c-cost-readonly")["Role"]
    assert role["Arn"] == stack["RoleArn"]
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": PARAMETERS["ExternalId"]}}


def test_the_role_opens_with_its_external_id_and_not_without(aws, stack):
    sts = aws.client("sts", "us-east-1")
    role = {"RoleArn": stack["RoleArn"], "RoleSessionName": "check"}
    assert sts.assume_role(**role, ExternalId=PARAMETERS["ExternalId"])["Credentials"]
    for wrong in [{}, {"ExternalId": "3f1c7d5e-8a9b-4c2d-9e0f-ffffffffffff"}]:
        with pytest.raises(sts.exceptions.ClientError, match="AccessDenied"):
            sts.assume_role(**role, **wrong)


def test_the_call_back_tells_whose_stack_it_is_and_what_it_watches(aws, stack, template):
    cloudformation = aws.client("cloudformation", "us-east-1")
    made = cloudformation.describe_stack_resource(StackName="dd0c-cost-readonly", LogicalResourceId="Connection")
    told = json.loads(made["StackResourceDetail"]["PhysicalResourceId"])
    assert told["Handshake"] == PARAMETERS["Handshake"]
    assert told["RoleArn"] == stack["RoleArn"]
    assert told["AccountId"] == ACCOUNT
    assert told["Regions"] == ["us-east-1", "ap-southeast-2", "eu-south-1"]
    assert told["TemplateVersion"] == template["Resources"]["Connection"]["Properties"]["TemplateVersion"]


def test_nobody_is_called_back_where_no_topic_is_named(aws, emulated, stack):
    cloudformation = aws.client("cloudformation", "us-east-1")
    quiet = copy.deepcopy(emulated)
    # Names are taken by the stack that stands already.
    for name in ["ReadOnlyRole", "ForwardRole", "StackSetAdmin", "StackSetExecution"]:
        del quiet["Resources"][name]["Properties"]["RoleName"]
    create(cloudformation, "quiet", quiet, PARAMETERS | {"CallbackTopicArn": ""})
    made = cloudformation.list_stack_resources(StackName="quiet")["StackResourceSummaries"]
    assert "Connection" not in {resource["LogicalResourceId"] for resource in made}


def test_cloudformation_of_opt_in_regions_may_begin_the_stack_set(aws, stack):
    role = aws.client("iam", "us-east-1").get_role(RoleName="dd0c-cost-stackset-admin")["Role"]
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"]["Service"] == ["cloudformation.amazonaws.com", "cloudformation.eu-south-1.amazonaws.com"]


def test_a_stack_set_puts_the_rules_into_every_region(aws, template):
    cloudformation = aws.client("cloudformation", "us-east-1")
    try:
        create(cloudformation, "whole", template, PARAMETERS)
    except cloudformation.exceptions.ClientError as refusal:
        if "Unrecognized resource types" not in str(refusal):
            raise
        pytest.skip("the emulator knows no AWS::CloudFormation::StackSet")
    instances = cloudformation.list_stack_instances(StackSetName="dd0c-cost-regional")["Summaries"]
    assert {instance["Region"] for instance in instances} == {"us-east-1", "ap-southeast-2", "eu-south-1"}


def test_regions_without_us_east_1_are_refused(aws, emulated):
    cloudformation = aws.client("cloudformation", "us-east-1")
    with pytest.raises(cloudformation.exceptions.ClientError, match="global services"):
        create(cloudformation, "refused", emulated, PARAMETERS | {"Regions": "eu-west-1,eu-west-2"})


@pytest.mark.parametrize("region", REGIONS)
def test_what_matters_is_forwarded_and_nothing_else(aws, queues, region):
    put(aws, region, "AWS API Call via CloudTrail", call("ec2", "RunInstances"))
    put(aws, region, "AWS API Call via CloudTrail", call("lambda", "CreateFunction20150331"))
    put(aws, region, "AWS API Call via CloudTrail", call("cloudtrail", "StopLogging"))
    put(aws, region, "AWS API Call via CloudTrail", call("ec2", "DescribeInstances"))
    for state in ["pending", "running", "stopped"]:
        put(aws, region, "EC2 Instance State-change Notification", {"instance-id": "i-0123", "state": state})
    put(aws, region, "EC2 Spot Instance Interruption Warning", {"instance-id": "i-0123"})

    forwarded = received(aws, region, queues[region])
    names = sorted(event["detail"].get("eventName") or event["detail"]["state"] for event in forwarded)
    assert names == ["CreateFunction20150331", "RunInstances", "StopLogging", "stopped"]
    assert {event["account"] for event in forwarded} == {ACCOUNT}
