"""When what was started has ended, the card says so."""

import json

from events import Trail, instances, state_change
from harness.deadline import until


def test_a_termination_updates_the_card(system):
    account = system.new_account()
    trail = Trail(account, user="short-runner")
    launch = trail.run_instances("p4d.24xlarge", 2)
    system.send(launch)
    system.card("short-runner")
    system.send(trail.terminate_instances(instances(launch)))
    until("the card says that it ended", lambda: "resolved" in json.dumps(system.card("short-runner")).lower())
    assert [each["channel"] for each in system.slack.updated] == [system.slack.posted[0]["channel"]]


def test_an_instance_that_shuts_itself_down_updates_the_card_and_names_nobody(system):
    account = system.new_account()
    launch = Trail(account, user="self-stopper").run_instances("p4d.24xlarge", 2)
    system.send(launch)
    system.card("self-stopper")
    for instance in instances(launch):
        for state in ("stopping", "stopped"):
            system.deliver(state_change(launch, instance, state))
    said = "EC2 reported the last of it stopped (no call was seen)"
    until("the card says whose word it is", lambda: said in json.dumps(system.card("self-stopper")))
