"""The workflows are clean under actionlint and zizmor, and run nothing that could change unseen."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def tool(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def report(*command: object) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_deployment_role_is_clean_under_cfn_lint():
    assert report(tool("cfn-lint"), ".github/deploy-role.yaml") == ""


def test_the_deployment_role_goes_through_the_roles_of_the_bootstrap():
    text = (ROOT / ".github/deploy-role.yaml").read_text()
    assert "role/cdk-hnb659fds-*" in text
    assert "token.actions.githubusercontent.com:sub: !Sub repo:${Repository}:environment:${Stage}" in text
    assert not re.search(r"Action: ['\"]?\*", text)


def test_of_the_dashboard_the_deployment_role_may_change_the_files_and_nothing_else():
    text = (ROOT / ".github/deploy-role.yaml").read_text()
    publish = text.partition("PolicyName: publish-the-dashboard")[2].partition("- !If")[0]
    actions = re.findall(r"[a-z0-9]+:[A-Z]\w+", publish)
    wanted = ["DescribeStacks", "ListBucket", "PutObject", "DeleteObject", "CreateInvalidation"]
    assert [action.partition(":")[2] for action in actions] == wanted
    # The name that infra-cdk/lib/constructs/static-site.ts gives the bucket.
    assert publish.count("s3:::dd0c-cost-${Stage}-site-${AWS::AccountId}") == 2


def test_the_dashboard_is_built_before_and_published_after_its_stage_is_deployed():
    jobs = yaml.safe_load((ROOT / ".github/workflows/main.yml").read_text())["jobs"]
    assert "dashboard" in jobs["dev"]["needs"]
    steps = yaml.safe_load((ROOT / ".github/workflows/deploy.yml").read_text())["jobs"]["deploy"]["steps"]
    done = [step.get("with", {}).get("name") or step.get("name") for step in steps]
    order = [done.index(name) for name in ("dashboard", "deploy", "publish the dashboard", "smoke test")]
    assert order == sorted(order)


def test_actionlint_finds_nothing():
    assert report(tool("actionlint"), *WORKFLOWS) == ""


def test_zizmor_finds_nothing():
    assert report(tool("zizmor"), "--offline", "--quiet", "--config", ".github/zizmor.yml", ".github/workflows") == ""


@pytest.mark.parametrize("script", sorted((ROOT / ".github/scripts").glob("*.sh")), ids=lambda script: script.name)
def test_scripts_are_good_shell(script):
    assert report("bash", "-n", script) == ""
    assert "set -euo pipefail" in script.read_text()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_every_action_is_pinned_by_its_commit(workflow):
    used = re.findall(r"uses: (.*)", workflow.read_text())
    assert used
    for action in used:
        assert action.startswith("./") or PINNED.fullmatch(action), action


def test_an_action_has_the_same_commit_everywhere():
    used = {action for workflow in WORKFLOWS for action in re.findall(r"uses: ([^.].*)", workflow.read_text())}
    names = [action.partition("@")[0] for action in used]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_jobs_have_no_more_rights_than_they_name_and_end_by_themselves(workflow):
    content = yaml.safe_load(workflow.read_text())
    assert content["permissions"] == {}
    for name, job in content["jobs"].items():
        assert "permissions" in job, name
        assert "uses" in job or job["timeout-minutes"] <= 120, name
