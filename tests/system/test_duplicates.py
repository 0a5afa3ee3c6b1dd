"""What comes more than once counts once."""

import json

from events import Trail, envelope


def test_an_event_put_three_times_gives_one_cost_event_and_one_card(system):
    account = system.new_account()
    launch = Trail(account, user="thrice").run_instances("p4d.24xlarge")
    system.send(launch, launch, launch)
    system.settled(account)
    assert len(system.items("CostEvent", account)) == 1
    assert system.card("thrice")


def test_an_event_that_comes_again_past_the_queue_s_memory_is_left_out(system):
    """A queue forgets after five minutes; another identity of the message stands for that."""
    account = system.new_account()
    launch = Trail(account, user="late-again").run_instances("p4d.24xlarge")
    system.send(launch)
    system.settled(account)
    system.queues.send("EVENT_QUEUE_URL", json.dumps(envelope(launch)), group=account, identity="after-five-minutes")
    system.settled(account)
    assert len(system.items("CostEvent", account)) == 1
    assert system.card("late-again")

