"""docs/OPERATING.md answers every alarm and names every dead-letter queue that the CDK app makes."""

import re
import subprocess

import pytest
from conftest import ROOT

PAGE = (ROOT / "docs/OPERATING.md").read_text()
SOURCES = "\n".join(path.read_text() for path in (ROOT / "infra-cdk/lib").rglob("*.ts"))
PLACES = (".github/", "functions/", "infra-cdk/", "docs/")


def anchors(page: str) -> set[str]:
    """Headings, as GitHub makes links of them."""
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_alarm_has_its_section():
    sections = set(re.findall(r'section: "([\w-]+)"', SOURCES))
    assert sections, "alarms name their sections in another way now"
    assert sections <= anchors(PAGE)


def test_every_dead_letter_queue_is_in_the_table():
    queues = set(re.findall(r'new DeadLetterQueue\(this, "([\w-]+)"', SOURCES))
    queues |= {f"{name}-dlq" for name in re.findall(r'new QueueWithDlq\(this, "([\w-]+)"', SOURCES)}
    assert len(queues) >= 6, "dead-letter queues are made in another way now"
    assert [queue for queue in sorted(queues) if not re.search(rf"^\| `{queue}(\.fifo)?` \|", PAGE, re.MULTILINE)] == []


def test_links_within_the_page_lead_somewhere():
    links = set(re.findall(r"\]\(#([\w-]+)\)", PAGE))
    assert links
    assert links <= anchors(PAGE)


@pytest.mark.parametrize("place", PLACES)
def test_files_that_the_page_names_exist(place):
    named = re.findall(rf"(?<![\w/]){re.escape(place)}[\w./-]*\w", PAGE)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_blocks_of_commands_are_good_shell():
    blocks = re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    commands = [block for block in blocks if not block.startswith("http")]
    assert len(commands) > 20
    for block in commands:
        done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{done.stderr}\n{block}"
