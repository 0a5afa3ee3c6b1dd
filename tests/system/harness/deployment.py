"""The synthesised stacks on the emulator, with the built functions as their code."""

import json
import os
from dataclasses import dataclass, field, replace

from harness import assembly, packages
from harness.deadline import until

FINISHED = ("COMPLETE", "FAILED")


@dataclass
class Settings:
    """What differs from a deployment to AWS."""

    bucket: str = "system-test-code"
    functions: tuple = packages.NAMES
    variables: dict = field(default_factory=dict)
    # The same by function, where a name means another thing to another one.
    of_function: dict = field(default_factory=dict)
    # What is known only of what is deployed already: from its outputs to a variable.
    later: dict = field(default_factory=dict)
    # A function may take 5 of them. On a busy machine it starts late, and five receives are soon used up.
    visibility_seconds: int = int(os.environ.get("SYSTEM_VISIBILITY", "15"))


def deploy(emulator, folder, settings):
    """Creates all stacks; their outputs by name."""
    upload(emulator.client("s3"), settings)
    cloud, outputs = emulator.client("cloudformation"), {}
    for name, template in assembly.stacks(folder):
        known = {key: value(outputs) for key, (needed, value) in settings.later.items() if needed in outputs}
        settings = replace(settings, variables={**settings.variables, **known})
        outputs.update(create(cloud, name, kept(emulator, name, assembly.adapted(template, settings), settings)))
    return outputs


def upload(s3, settings):
    s3.create_bucket(Bucket=settings.bucket)
    for name in settings.functions:
        s3.put_object(Bucket=settings.bucket, Key=f"{name}.zip", Body=packages.zipped(packages.folder() / name))


def kept(emulator, name, template, settings):
    """The address of a template in S3: some are too long to be sent by themselves."""
    emulator.client("s3").put_object(Bucket=settings.bucket, Key=f"{name}.json", Body=json.dumps(template))
    return f"{emulator.endpoint}/{settings.bucket}/{name}.json"


def create(cloud, name, template):
    """Creates a stack from a template at this address; its outputs."""
    cloud.create_stack(
        StackName=name,
        TemplateURL=template,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )

    def finished():
        [stack] = cloud.describe_stacks(StackName=name)["Stacks"]
        return stack["StackStatus"].endswith(FINISHED) and stack

    stack = until(f"{name} is created", finished)
    assert stack["StackStatus"] == "CREATE_COMPLETE", failures(cloud, name)
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def failures(cloud, name):
    events = cloud.describe_stack_events(StackName=name)["StackEvents"]
    wrong = [each for each in events if "FAILED" in each["ResourceStatus"]]
    return f"{name}:\n" + "\n".join(f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason')}" for each in wrong)
