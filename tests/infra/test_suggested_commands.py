"""Every command that a card suggests is good shell, harms nobody whatever a resource is called, and is taken by the
AWS CLI's own parser. Nothing is called: what would be sent is looked at instead."""

import os
import re
import shlex
import subprocess

import pytest
from aws_cli import parsed
from conftest import ROOT

REGIONS = {"eu-west-1", "us-gov-west-1", "us-west-2"}
# Says on a line of its own, word by word, how it was called, and answers with two words.
STUB = """#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word"; done >> "$ASKED"
printf '\\n' >> "$ASKED"
printf 'id-1\\tid-2'
"""


@pytest.fixture(scope="session")
def suggested() -> list[tuple[str, str]]:
    """Region and command, of made-up events of every kind and of the golden cases."""
    cargo = [os.environ.get("CARGO", "cargo"), "run", "--quiet", "-p", "domain", "--example", "commands"]
    listed = subprocess.run(cargo, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    made = [tuple(line.split("\t", 1)) for line in listed.splitlines()]
    assert len(made) > 300
    cases = [path.read_text() for path in (ROOT / "tests/golden/cases").glob("*/expected.txt")]
    lines = [line.strip() for case in cases for line in case.splitlines()]
    golden = [line.split(" # ")[0] for line in lines if line.startswith("aws ")]
    assert len(golden) > 50
    return made + [(region, command) for command in sorted(set(golden)) for region in [region_of(command)]]


def region_of(command: str) -> str:
    words = shlex.split(command)
    return words[words.index("--region") + 1]


@pytest.fixture(scope="session")
def shell(tmp_path_factory):
    """What a shell makes of a command: the words of each call of `aws`, inner ones first."""
    place = tmp_path_factory.mktemp("shell")
    stub = place / "bin/aws"
    stub.parent.mkdir()
    stub.write_text(STUB)
    stub.chmod(0o755)
    # Within reach of a name that breaks out.
    (place / "bin/touch").symlink_to("/usr/bin/touch")
    asked, home = place / "asked", place / "home"
    home.mkdir()

    def run(command: str) -> list[list[str]]:
        asked.write_text("")
        environment = {"PATH": str(stub.parent), "ASKED": str(asked), "HOME": str(home)}
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd=home, env=environment, capture_output=True, text=True, check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), command
        assert list(home.iterdir()) == [], f"a name broke out: {command}"
        return [line.split("\0")[:-1] for line in asked.read_text().splitlines()]

    return run


def test_each_command_is_taken_by_the_aws_cli_in_its_region(suggested, shell):
    asked = [(region, words) for region, command in suggested for words in shell(command)]
    calls = parsed([words for _, words in asked])
    assert len(calls) == len(asked)
    faults = [(words, call) for (region, words), call in zip(asked, calls) if call.get("region") != region]
    assert faults == []
    assert {region for region, _ in asked} == REGIONS
    operations = {(call["service"], call["operation"]) for call in calls}
    print(f"{len(suggested)} commands, {len(calls)} calls of {len(operations)} operations")
    assert len(operations) >= 30


def test_each_command_is_one_line_without_placeholders(suggested):
    for _, command in suggested:
        assert command.startswith("aws ") and command.isprintable(), command
        assert not re.search(r"<[\w -]+>|YOUR|\.\.\.", command), command


def test_the_words_are_the_same_to_another_reader_of_shell(suggested, shell):
    for command in {command for _, command in suggested if "$(aws" not in command}:
        assert shell(command) == [shlex.split(command)[1:]]


@pytest.mark.parametrize(
    "broken",
    [
        "ec2 stop-instances --region eu-west-1 --instance-idz i-1",
        "ec2 stop-instances --region eu-west-1 --instance-id i-1",
        "ec2 stop-instances --region eu-west-1",
        "ec2 stop-instance --region eu-west-1 --instance-ids i-1",
        "ec2 modify-volume --region eu-west-1 --volume-id vol-1 --iops many",
        "ec2 modify-volume --region eu-west-1 --volume-id vol-1 --volume-type gp9",
        "ec2 delete-fleets --region eu-west-1 --fleet-ids fleet-1",
        "ec2 modify-fleet --region eu-west-1 --fleet-id f-1 --target-capacity-specification Total=0",
        "ec2 modify-fleet --region eu-west-1 --fleet-id f-1 --excess-capacity-termination-policy noTermination",
        "ec2 describe-addresses --region eu-west-1 --query Addresses[0].AssociatedId --output text",
        "autoscaling suspend-processes --region eu-west-1 --auto-scaling-group-name a --scaling-processes Lunch",
        "autoscaling update-auto-scaling-group --region eu-west-1 --auto-scaling-group-name a --min-size none",
        "rds delete-db-instance --region eu-west-1 --db-instance-identifier a --final-snapshot-identifier b",
        "lambda delete-provisioned-concurrency-config --region eu-west-1 --function-name a",
        "lambda delete-function --region eu-west-1 --function-name a --qualifier",
    ],
)
def test_a_broken_command_is_refused(broken):
    assert "refused" in parsed([shlex.split(broken)])[0]


def test_a_good_command_gives_what_would_be_sent():
    good = "ec2 modify-instance-attribute --region us-west-2 --instance-id i-1 --no-disable-api-stop"
    assert parsed([shlex.split(good)]) == [
        {
            "service": "ec2",
            "operation": "ModifyInstanceAttribute",
            "parameters": {"InstanceId": "i-1", "DisableApiStop": {"Value": False}},
            "region": "us-west-2",
        }
    ]


def test_a_name_that_breaks_out_of_its_quotes_is_seen(shell):
    with pytest.raises(AssertionError, match="broke out"):
        shell("aws ec2 stop-instances --instance-ids $(touch pwned)")


def test_a_command_that_would_fetch_from_the_network_is_refused():
    fetching = "rds stop-db-instance --region eu-west-1 --db-instance-identifier https://192.0.2.1/name"
    assert "network" in parsed([shlex.split(fetching)])[0]["refused"]
