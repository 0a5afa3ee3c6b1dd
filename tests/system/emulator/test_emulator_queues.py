"""Queues and the functions that read them."""

import json

import pytest
from botocore.exceptions import ClientError

from emulator.probe import messages, queue
from harness.deadline import until
from harness.emulator import OWN_ACCOUNT, REGION
from harness.processes import functions, kill


def test_a_failed_message_of_a_fifo_queue_holds_back_its_group_only(emulator, probe):
    dead_url, dead = queue(emulator, "dead.fifo")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 2})
    url, arn = queue(emulator, "work.fifo", VisibilityTimeout="1", RedrivePolicy=redrive)
    sqs = emulator.client("sqs")
    for group, body in (("a", "poison"), ("b", "one"), ("a", "two"), ("b", "three")):
        sqs.send_message(QueueUrl=url, MessageGroupId=group, MessageDeduplicationId=body, MessageBody=body)
    probe.listens(arn, FunctionResponseTypes=["ReportBatchItemFailures"])
    [message] = until("poison is in the other queue", lambda: messages(emulator, dead_url))
    assert message["Body"] == "poison"
    until("all are seen", lambda: {"one", "two", "three"} <= set(probe.bodies()))
    assert probe.bodies().count("poison") == 2
    assert probe.bodies().count("one") == 1


def test_a_message_comes_back_when_the_function_was_killed(emulator, probe):
    # More than a function may take, so that nobody else begins meanwhile.
    url, arn = queue(emulator, "work", VisibilityTimeout="6")
    probe.listens(arn)
    emulator.client("sqs").send_message(QueueUrl=url, MessageBody="hang")
    until("it works", probe.seen)
    [(_, pid)] = functions(emulator.process.pid)
    kill(pid)
    until("it is given again", lambda: len(probe.bodies()) == 2)


def test_redrive_is_not_there(emulator):
    with pytest.raises(ClientError, match="InvalidAction"):
        emulator.client("sqs").start_message_move_task(SourceArn=f"arn:aws:sqs:{REGION}:{OWN_ACCOUNT}:dead.fifo")
