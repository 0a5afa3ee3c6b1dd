"""The function `bootstrap` on an emulator of its own: what it was given, and what it is asked to do."""

import json
from pathlib import Path

from harness.emulator import OWN_ACCOUNT, REGION
from harness.packages import zipped

PROBE = Path(__file__).with_name("bootstrap")


class Probe:
    def __init__(self, emulator, **settings):
        self.emulator, self.lambdas, self.notes = emulator, emulator.client("lambda"), emulator.home / "notes"
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        iam = emulator.client("iam")
        iam.create_role(RoleName="probe", AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName="probe", PolicyName="all", PolicyDocument=json.dumps(policy))
        self.arn = self.lambdas.create_function(
            FunctionName="probe",
            Runtime="provided.al2023",
            Handler="bootstrap",
            Architectures=["arm64"],
            Timeout=5,
            Role=f"arn:aws:iam::{OWN_ACCOUNT}:role/probe",
            Code={"ZipFile": zipped(PROBE)},
            Environment={"Variables": {"PROBE_FILE": str(self.notes)}},
            **settings,
        )["FunctionArn"]

    def seen(self):
        return [json.loads(line) for line in self.notes.read_text().splitlines()] if self.notes.exists() else []

    def events(self):
        return [each["event"] for each in self.seen()]

    def bodies(self):
        return [record["body"] for event in self.events() for record in event.get("Records", [])]

    def invoke(self, event, kind="RequestResponse"):
        return self.lambdas.invoke(FunctionName="probe", InvocationType=kind, Payload=json.dumps(event))

    def listens(self, source, **settings):
        self.lambdas.create_event_source_mapping(FunctionName="probe", EventSourceArn=source, **settings)


def queue(emulator, name, **attributes):
    sqs = emulator.client("sqs")
    if name.endswith(".fifo"):
        attributes["FifoQueue"] = "true"
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, f"arn:aws:sqs:{REGION}:{OWN_ACCOUNT}:{name}"


def messages(emulator, url):
    return emulator.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, AttributeNames=["All"], MessageAttributeNames=["All"]
    ).get("Messages", [])
