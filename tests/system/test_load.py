"""Many events while functions are killed: each counts once, and all is as if nothing had happened."""

import os
import time

import pytest

import workload
from harness import table
from harness.running import running_system

EVENTS = int(os.environ.get("SYSTEM_EVENTS", "300"))
# The large run is the one by which crash safety is judged.
KILLS = 15 if EVENTS < 5_000 else 60
SEED = 20260608


@pytest.fixture
def undisturbed():
    yield from running_system()


@pytest.fixture
def disturbed():
    yield from running_system()


def outcome(system, every=None):
    """What is stored after the load, and how many functions were killed meanwhile."""
    # Each of a tenant of its own: in one channel Slack takes about one message a second.
    accounts = [system.new_account(system.new_tenant().name) for _ in range(workload.ACCOUNTS)]
    load = workload.Load(system, EVENTS, SEED, every)
    began = time.monotonic()
    load.run(accounts)
    taken = time.monotonic() - began
    # Bounded by the load itself: each batch that was killed is hidden for a while.
    system.settled(*accounts, seconds=120 + EVENTS // 2)
    print(f"{EVENTS} events, {load.killed} functions killed: taken in {taken:.0f} s, settled in {time.monotonic() - began:.0f} s")
    return accounts, system.stored(), load.killed


def test_nothing_is_lost_or_counted_twice_while_functions_are_killed(undisturbed, disturbed):
    accounts, wanted, _ = outcome(undisturbed)
    again, stored, killed = outcome(disturbed, every=max(1, EVENTS // KILLS))
    assert accounts == again
    assert killed
    for account in accounts:
        numbered_without_gap(stored, account)
    assert table.of_accounts(stored) == table.of_accounts(wanted)
    assert not table.not_told(stored, accounts)
    assert not disturbed.queues.depth("EVENT_DLQ_URL")


def numbered_without_gap(stored, account):
    of = {item["SK"]: item for item in stored if item["PK"].endswith(account)}
    numbers = sorted(item["number"] for item in of.values() if item["entity"] == "CostEvent")
    assert numbers == list(range(1, len(numbers) + 1))
    assert of["HEAD"]["number"] == of["_ACCOUNT"]["scoredThrough"] == len(numbers)
