"""What lies in a dead-letter queue can be moved back when its cause is gone."""

import json

from events import Trail, envelope


def test_a_message_moved_back_a_day_later_is_processed(system):
    account = system.new_account()
    launch = Trail(account, user="second-chance").run_instances("p4d.24xlarge")
    system.queues.send("EVENT_DLQ_URL", json.dumps(envelope(launch)), account, launch["eventID"], reason="the table was away")
    system.queues.redrive("EVENT_DLQ_URL", "EVENT_QUEUE_URL")
    assert system.card("second-chance")
    system.settled(account)
    assert len(system.items("CostEvent", account)) == 1


def test_moving_back_what_was_processed_meanwhile_changes_nothing(system):
    account = system.new_account()
    launch = Trail(account, user="both-ways").run_instances("p4d.24xlarge")
    system.send(launch)
    system.settled(account)
    before = system.stored()
    system.queues.send("EVENT_DLQ_URL", json.dumps(envelope(launch)), account, launch["eventID"], reason="too often")
    system.queues.redrive("EVENT_DLQ_URL", "EVENT_QUEUE_URL")
    system.settled(account)
    assert system.stored() == before
    assert system.card("both-ways")
