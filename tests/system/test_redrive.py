"""What lies in a dead-letter queue can be moved back when its cause is gone."""

import json
import uuid

from events import Trail, envelope
from harness.deadline import until


def test_a_message_moved_back_a_day_later_is_processed(system):
    account = system.new_account()
    launch = Trail(account, user="second-chance").run_instances("p4d.24xlarge")
    put_aside(system, launch)
    system.queues.redrive("EVENT_DLQ_URL", "EVENT_QUEUE_URL")
    assert system.card("second-chance")
    system.settled(account)
    assert len(system.items("CostEvent", account)) == 1


def test_moving_back_what_was_processed_meanwhile_changes_nothing(system):
    account = system.new_account()
    launch = Trail(account, user="both-ways").run_instances("p4d.24xlarge")
    system.send(launch)
    system.settled(account)
    before = system.naming(account)
    put_aside(system, launch)
    system.queues.redrive("EVENT_DLQ_URL", "EVENT_QUEUE_URL")
    system.settled(account)
    assert system.naming(account) == before
    assert system.card("both-ways")


def test_what_fails_again_after_it_was_moved_back_lies_there_again(system):
    """At once, so within the five minutes in which a FIFO queue drops what looks the same."""
    account = system.new_account()
    broken = {**Trail(account).create_nat_gateway(), "eventTime": "never"}
    system.send(broken)
    until("it is aside", lambda: system.queues.peek("EVENT_DLQ_URL"))
    system.queues.redrive("EVENT_DLQ_URL", "EVENT_QUEUE_URL")
    [aside] = until("it is aside again", lambda: system.queues.peek("EVENT_DLQ_URL"))
    assert broken["eventID"] in aside["Body"]


def put_aside(system, record):
    """As SQS does it after the last receive: the identity is that of the message."""
    message = str(uuid.uuid4())
    system.queues.send("EVENT_DLQ_URL", json.dumps(envelope(record)), record["recipientAccountId"], message)
