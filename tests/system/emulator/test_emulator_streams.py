"""Streams of tables, and what a restart keeps."""

import json

from emulator.probe import messages, queue
from harness.deadline import until

ENTITIES = {"dynamodb": {"NewImage": {"entity": {"S": ["CostEvent", "WatchEvent"]}}}}


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
