"""A customer's CloudFormation: the template that customers install, in an account of its own on the emulator.

The emulator knows no StackSets, and calls functions back but no topics. So the stack goes up without the
rules, which tests/infra deploys by themselves, and a function of the customer's publishes to our topic what
CloudFormation would: the stack is complete when ours has answered, and not before.
"""

import io
import json
import zipfile
from urllib.parse import parse_qs, urlsplit

import yaml

from harness.deadline import until
from harness.deployment import FINISHED
from harness.packages import ROOT

TEMPLATE = ROOT / "infra-cdk/customer/dd0c-cost-readonly.yaml"
MESSENGER = """
import json, os, boto3
def handler(event, context):
    sns = boto3.client("sns", endpoint_url=os.environ["AWS_ENDPOINT_URL"], region_name="us-east-1")
    sns.publish(TopicArn=os.environ["TOPIC"], Message=json.dumps(event))
"""


class Stack:
    """In the account with this number."""

    def __init__(self, emulator, account):
        self.account, self.client = account, lambda service: emulator.client(service, account)
        self.cloud, self.name, self.messenger = self.client("cloudformation"), None, None

    def create(self, url, change=lambda template: template):
        """From the link that somebody was given, with what he changes in the template first. Ends when
        the stack does; its status."""
        asked = parse_qs(urlsplit(url).fragment.partition("?")[2])
        parameters = {name.removeprefix("param_"): value for name, [value] in asked.items() if name.startswith("param_")}
        [self.name] = asked["stackName"]
        # One that is not switched on; of none the emulator makes a region without a name.
        parameters["OptInRegions"] = "eu-south-1"
        template = change(emulated(read(TEMPLATE), self._messenger(parameters["CallbackTopicArn"])))
        self.cloud.create_stack(
            StackName=self.name,
            TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        return self._ended()

    def delete(self):
        """Ends when it is gone; its status."""
        [stack] = self.cloud.describe_stacks(StackName=self.name)["Stacks"]
        self.name = stack["StackId"]
        self.cloud.delete_stack(StackName=self.name)
        return self._ended("DELETE_")

    def reasons(self):
        """What went wrong, in words."""
        found = self.cloud.describe_stack_events(StackName=self.name)["StackEvents"]
        return " ".join(each.get("ResourceStatusReason", "") for each in found)

    def _ended(self, begins=""):
        def status():
            [stack] = self.cloud.describe_stacks(StackName=self.name)["Stacks"]
            now = stack["StackStatus"]
            return now if now.startswith(begins) and now.endswith(FINISHED) else None

        return until(f"the customer's stack ends: {self.name}", status)

    def _messenger(self, topic):
        """Calls back in place of CloudFormation; one for all stacks of the account."""
        self.messenger = self.messenger or self._new_messenger(topic)
        return self.messenger

    def _new_messenger(self, topic):
        role = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        iam = self.client("iam")
        arn = iam.create_role(RoleName="messenger", AssumeRolePolicyDocument=policy(role))["Role"]["Arn"]
        may = {"Effect": "Allow", "Action": "sns:Publish", "Resource": topic}
        iam.put_role_policy(RoleName="messenger", PolicyName="publish", PolicyDocument=policy(may))
        return self.client("lambda").create_function(
            FunctionName="messenger",
            Runtime="python3.12",
            Handler="messenger.handler",
            Role=arn,
            Timeout=30,
            Code={"ZipFile": zipped("messenger.py", MESSENGER)},
            Environment={"Variables": {"TOPIC": topic}},
        )["FunctionArn"]


def emulated(template, messenger):
    """The template as far as the emulator goes."""
    del template["Resources"]["RegionalRules"]
    connection = template["Resources"]["Connection"]
    del connection["DependsOn"]
    connection["Properties"]["ServiceToken"] = messenger
    return template


def read(path):
    """A template of CloudFormation, its short forms written out."""
    return yaml.load(path.read_text(), Loader)


class Loader(yaml.SafeLoader):
    pass


def written_out(loader, tag, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt":
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


Loader.add_multi_constructor("!", written_out)


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def zipped(name, text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, text)
    return packed.getvalue()
