"""From the bus to Slack: who started what, where, and what it costs."""

import json

from events import Trail, instances
from harness.emulator import OWN_ACCOUNT


def test_an_expensive_launch_on_the_bus_gives_one_card(system):
    system.connect(OWN_ACCOUNT)
    launch = Trail(OWN_ACCOUNT, region="ap-southeast-2", user="bus-rider").run_instances("p4d.24xlarge", 4)
    system.put(launch)
    card = json.dumps(system.card("bus-rider"), ensure_ascii=False)
    for part in ("4 × p4d.24xlarge", "$114.18/h", "user/bus-rider", "ap-southeast-2", OWN_ACCOUNT, instances(launch)[0]):
        assert part in card
    assert not system.slack.refused


def test_a_cheap_call_is_stored_and_not_told(system):
    account = system.new_account()
    system.send(Trail(account).create_nat_gateway())
    system.settled(account)
    assert [each["number"] for each in system.items("CostEvent", account)] == [1]
    assert not system.slack.posted


def test_further_launches_join_the_open_card(system):
    account = system.new_account()
    trail = Trail(account, user="fleet-builder")
    system.send(trail.run_instances("p4d.24xlarge"), trail.run_instances("p4d.24xlarge"))
    system.settled(account)
    system.send(trail.run_instances("p4d.24xlarge"))
    system.settled(account)
    assert len(system.items("Anomaly", account)) == 1
    assert system.card("fleet-builder")


def test_a_call_that_blinds_the_watch_is_told(system):
    account = system.new_account()
    system.send(Trail(account, user="saboteur").stop_logging("main"))
    assert "StopLogging" in json.dumps(system.card("saboteur"))
