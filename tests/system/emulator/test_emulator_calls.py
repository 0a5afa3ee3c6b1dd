"""How the emulator calls functions. A new version of it is checked here."""

import json

from emulator.probe import messages, queue
from harness.deadline import stays, until
from harness.emulator import OWN_ACCOUNT, REGION
from harness.processes import functions, kill


def test_a_host_binary_runs_and_is_told_where_the_services_are(emulator, probe):
    probe.invoke({})
    environment = probe.seen()[0]["environment"]
    assert environment["AWS_ENDPOINT_URL"] == emulator.endpoint
    assert environment["AWS_REGION"] == REGION
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")


def test_a_function_that_is_killed_fails_and_is_started_again(emulator, probe):
    probe.invoke({}, kind="Event")
    until("the process is there", probe.seen)
    [(name, pid)] = functions(emulator.process.pid)
    assert name == "probe"
    probe.invoke({"do": "hang"}, kind="Event")
    until("it works", lambda: len(probe.seen()) == 2)
    kill(pid)
    assert until("it is tried again", lambda: len(probe.seen()) == 3 and probe.seen())[2]["pid"] != pid


def test_what_an_async_call_failed_at_three_times_goes_to_its_queue(emulator, probe):
    url, arn = queue(emulator, "failed")
    probe.lambdas.put_function_event_invoke_config(FunctionName="probe", DestinationConfig={"OnFailure": {"Destination": arn}})
    probe.invoke({"do": "throw"}, kind="Event")
    [message] = until("it is in the queue", lambda: messages(emulator, url))
    assert json.loads(message["Body"])["requestPayload"] == {"do": "throw"}
    assert len(probe.seen()) == 3


def test_what_a_rule_sends_is_tried_once_only(emulator, probe):
    """On AWS it would be tried three times, so the tests with killed functions call the router."""
    url, arn = queue(emulator, "failed")
    probe.lambdas.put_function_event_invoke_config(FunctionName="probe", DestinationConfig={"OnFailure": {"Destination": arn}})
    bus = emulator.client("events")
    bus.create_event_bus(Name="bus")
    bus.put_rule(Name="all", EventBusName="bus", EventPattern=json.dumps({"source": ["dd0c.test"]}))
    bus.put_targets(Rule="all", EventBusName="bus", Targets=[{"Id": "probe", "Arn": probe.arn}])
    bus.put_events(Entries=[{"EventBusName": "bus", "Source": "dd0c.test", "DetailType": "any", "Detail": '{"do": "throw"}'}])
    until("it is called", probe.seen)
    stays("once only", lambda: len(probe.seen()) == 1 and not messages(emulator, url), seconds=2)
    assert probe.events()[0]["account"] == OWN_ACCOUNT


def test_a_schedule_calls_a_function(emulator, probe):
    target = {"Arn": probe.arn, "RoleArn": f"arn:aws:iam::{OWN_ACCOUNT}:role/probe", "Input": '{"tenant": "acme"}'}
    emulator.client("scheduler").create_schedule(
        Name="once",
        ScheduleExpression="at(2020-01-01T00:00:00)",
        ScheduleExpressionTimezone="Europe/Berlin",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target,
    )
    until("it is called", lambda: probe.events() == [{"tenant": "acme"}])
