"""What the other tests take for granted about the emulator. A new version of it is checked here."""

import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from harness.deadline import stays, until
from harness.emulator import OWN_ACCOUNT, REGION, Emulator
from harness.packages import zipped
from harness.processes import functions, kill

PROBE = Path(__file__).parent / "probe/bootstrap"
ENTITIES = {"dynamodb": {"NewImage": {"entity": {"S": ["CostEvent", "WatchEvent"]}}}}


@pytest.fixture
def emulator():
    emulator = Emulator()
    try:
        emulator.start()
        yield emulator
    finally:
        emulator.remove()


class Probe:
    """The probe as a function of the emulator."""

    def __init__(self, emulator, **settings):
        self.emulator, self.lambdas, self.notes = emulator, emulator.client("lambda"), emulator.home / "notes"
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        iam = emulator.client("iam")
        iam.create_role(RoleName="probe", AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName="probe", PolicyName="all", PolicyDocument=json.dumps(policy))
        self.arn = self.lambdas.create_function(
            FunctionName="probe",
            Runtime="provided.al2023",
            Handler="bootstrap",
            Architectures=["arm64"],
            Timeout=5,
            Role=f"arn:aws:iam::{OWN_ACCOUNT}:role/probe",
            Code={"ZipFile": zipped(PROBE)},
            Environment={"Variables": {"PROBE_FILE": str(self.notes)}},
            **settings,
        )["FunctionArn"]

    def seen(self):
        return [json.loads(line) for line in self.notes.read_text().splitlines()] if self.notes.exists() else []

    def events(self):
        return [each["event"] for each in self.seen()]

    def bodies(self):
        return [record["body"] for event in self.events() for record in event.get("Records", [])]

    def invoke(self, event, kind="RequestResponse"):
        return self.lambdas.invoke(FunctionName="probe", InvocationType=kind, Payload=json.dumps(event))

    def listens(self, source, **settings):
        self.lambdas.create_event_source_mapping(FunctionName="probe", EventSourceArn=source, **settings)


@pytest.fixture
def probe(emulator):
    return Probe(emulator)


def queue(emulator, name, **attributes):
    sqs = emulator.client("sqs")
    if name.endswith(".fifo"):
        attributes["FifoQueue"] = "true"
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, f"arn:aws:sqs:{REGION}:{OWN_ACCOUNT}:{name}"


def messages(emulator, url):
    return emulator.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, AttributeNames=["All"], MessageAttributeNames=["All"]
    ).get("Messages", [])


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


def test_sources_of_aws_and_buses_of_others_are_refused(emulator):
    emulator.client("events").create_event_bus(Name="bus")
    arn = f"arn:aws:events:{REGION}:{OWN_ACCOUNT}:event-bus/bus"

    def answer(source, account):
        entry = {"EventBusName": arn, "Source": source, "DetailType": "any", "Detail": "{}"}
        return emulator.client("events", account).put_events(Entries=[entry])["Entries"][0].get("ErrorCode")

    assert answer("dd0c.test", None) is None
    assert answer("aws.ec2", None) == "NotAuthorizedForSourceException"
    assert answer("dd0c.test", "111122223333") == "ResourceNotFoundException"


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
    url, arn = queue(emulator, "work", VisibilityTimeout="1")
    probe.listens(arn)
    emulator.client("sqs").send_message(QueueUrl=url, MessageBody="hang")
    until("it works", probe.seen)
    [(_, pid)] = functions(emulator.process.pid)
    kill(pid)
    until("it is given again", lambda: len(probe.bodies()) == 2)


def test_redrive_is_not_there(emulator):
    with pytest.raises(ClientError, match="InvalidAction"):
        emulator.client("sqs").start_message_move_task(SourceArn=f"arn:aws:sqs:{REGION}:{OWN_ACCOUNT}:dead.fifo")


def table(emulator):
    names = [{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK")]
    return emulator.client("dynamodb").create_table(
        TableName="table",
        AttributeDefinitions=names,
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]["LatestStreamArn"]


def put(emulator, sort, entity):
    item = {"PK": {"S": "p"}, "SK": {"S": sort}, "entity": {"S": entity}}
    emulator.client("dynamodb").put_item(TableName="table", Item=item)


def sorts(probe):
    return [record["dynamodb"]["NewImage"]["SK"]["S"] for event in probe.events() for record in event["Records"]]


def test_a_stream_gives_the_wanted_entities_and_again_what_failed(emulator, probe):
    stream = table(emulator)
    wanted = {"Filters": [{"Pattern": json.dumps(ENTITIES)}]}
    probe.listens(stream, StartingPosition="TRIM_HORIZON", FilterCriteria=wanted)
    put(emulator, "1", "CostEvent")
    put(emulator, "2", "Anomaly")
    put(emulator, "3", "WatchEvent")
    until("both are seen", lambda: sorts(probe) == ["1", "3"])
    put(emulator, "throw", "CostEvent")
    until("the failed one comes again", lambda: sorts(probe).count("throw") == 3)


def test_a_restart_keeps_all_but_what_a_stream_has_not_given_yet(emulator, probe):
    stream = table(emulator)
    url, arn = queue(emulator, "work")
    probe.listens(stream, StartingPosition="TRIM_HORIZON")
    put(emulator, "1", "CostEvent")
    until("the stream is read", lambda: sorts(probe) == ["1"])
    emulator.client("sqs").send_message(QueueUrl=url, MessageBody="kept")
    emulator.client("secretsmanager").create_secret(Name="secret", SecretString="kept")
    emulator.restart()
    assert messages(emulator, url)[0]["Body"] == "kept"
    assert emulator.client("secretsmanager").get_secret_value(SecretId="secret")["SecretString"] == "kept"
    assert emulator.client("dynamodb").scan(TableName="table")["Count"] == 1
    put(emulator, "2", "CostEvent")
    until("the stream goes on", lambda: sorts(probe) == ["1", "2"])


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


def test_a_key_decrypts_with_the_same_context_only(emulator):
    kms = emulator.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"token", EncryptionContext={"tenant": "acme"})["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"tenant": "acme"})["Plaintext"] == b"token"
    with pytest.raises(ClientError):
        kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"tenant": "other"})
