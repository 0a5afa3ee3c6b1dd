"""What the infrastructure tests share."""

from pathlib import Path

import pytest
from cfnlint.decode import cfn_yaml

import emulator

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "infra-cdk/customer/dd0c-cost-readonly.yaml"


@pytest.fixture(scope="session")
def template() -> dict:
    return cfn_yaml.load(str(TEMPLATE))


@pytest.fixture(scope="session")
def regional(template) -> dict:
    """The template that the StackSet puts into each region."""
    return cfn_yaml.loads(str(template["Resources"]["RegionalRules"]["Properties"]["TemplateBody"]))


@pytest.fixture(scope="session")
def aws(tmp_path_factory):
    with emulator.running(tmp_path_factory.mktemp("ministack") / "log") as running:
        yield running
