"""What `cdk synth` wrote: stacks in the order in which they can be created."""

import json
from pathlib import Path


def stacks(folder):
    """Pairs of stack name and template; what a stack needs comes before it."""
    manifest = json.loads((Path(folder) / "manifest.json").read_text())["artifacts"]
    ordered, done = [], set()

    def visit(name):
        if name in done:
            return
        done.add(name)
        artifact = manifest[name]
        for needed in artifact.get("dependencies", []):
            visit(needed)
        if artifact["type"] == "aws:cloudformation:stack":
            properties = artifact["properties"]
            template = json.loads((Path(folder) / properties["templateFile"]).read_text())
            ordered.append((properties.get("stackName", name), template))

    for name in manifest:
        visit(name)
    return ordered


def adapted(template, settings):
    """The template for the emulator. Everything that is not named here is deployed as it is."""
    # The version of the bootstrap stack, which only `cdk deploy` needs.
    template.get("Parameters", {}).pop("BootstrapVersion", None)
    template.get("Rules", {}).pop("CheckBootstrapVersion", None)
    template["Resources"] = {name: each for name, each in template["Resources"].items() if not _is_metric_math(each)}
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Lambda::Function":
            _adapt_function(properties, settings)
        if resource["Type"] == "AWS::SQS::Queue":
            _adapt_queue(properties, settings)
        if "PolicyDocument" in properties:
            _allow_plain_http(properties["PolicyDocument"])
            _allow_batches(properties["PolicyDocument"])
    return template


def _is_metric_math(resource):
    """Alarms over more than one metric, which the emulator refuses."""
    return resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]


def _adapt_function(properties, settings):
    name = next((each for each in settings.functions if str(properties.get("FunctionName", "")).endswith(each)), None)
    if name is None:
        return
    properties["Code"] = {"S3Bucket": settings.bucket, "S3Key": f"{name}.zip"}
    variables = properties.get("Environment", {}).get("Variables", {})
    wanted = {**settings.variables, **settings.of_function.get(name, {})}
    variables.update({key: value for key, value in wanted.items() if key in variables})


def _adapt_queue(properties, settings):
    # Six times a function's timeout is right on AWS and only makes a test wait here: a second more than
    # the timeout will do.
    if six_times := properties.get("VisibilityTimeout"):
        properties["VisibilityTimeout"] = min(six_times, max(settings.visibility_seconds, six_times // 6 + 1))


def _allow_plain_http(policy):
    """The emulator listens on the loopback interface without TLS, and does deny what asks for it."""
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    policy["Statement"] = [each for each in policy["Statement"] if each.get("Condition") != insecure]


def _allow_batches(policy):
    """The emulator asks for `sqs:SendMessageBatch`, a right that AWS does not have: there it is
    `sqs:SendMessage`."""
    for statement in policy["Statement"]:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        if "sqs:SendMessage" in actions:
            statement["Action"] = [*actions, "sqs:SendMessageBatch"]
