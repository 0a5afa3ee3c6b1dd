"""The one table, read whole."""

from datetime import datetime, timezone

from boto3.dynamodb.types import TypeDeserializer

# What telling people and programs leaves behind depends on when it happened.
DELIVERY = ("told", "published", "hooked", "tellingUntil")


def scan(dynamo, name):
    """All items as plain values, in the order of their keys."""
    pages = dynamo.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
    items = [plain(item) for page in pages for item in page["Items"]]
    return sorted(items, key=lambda item: (item["PK"], item["SK"]))


def get(dynamo, name, partition, sort):
    """One item, or an empty one."""
    key = {"PK": {"S": partition}, "SK": {"S": sort}}
    return plain(dynamo.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item", {}))


def plain(item):
    read = TypeDeserializer().deserialize
    return {key: read(value) for key, value in item.items()}


def not_told(items, accounts):
    """Anomalies of which people are still to be told now, or are just being told."""
    anomalies = [item for item in items if item["entity"] == "Anomaly" and item["account"] in accounts]
    waiting = [item for item in anomalies if waits(item, times(items))]
    return [f"{item['SK']} of {item['account']} is not told" for item in waiting]


def waits(anomaly, due):
    return "tellingUntil" in anomaly or is_untold(anomaly) and not (has_a_time(anomaly, due) or has_no_way(anomaly))


def has_no_way(anomaly):
    """Nobody can be told of it: an installation will tell them."""
    return anomaly.get("told", {}).get("undelivered")


def times(items):
    """Of what is due at a time: partition and anomaly."""
    return {(item["PK"], item["SK"].removeprefix("DUE#")) for item in items if item["entity"] == "Due"}


def has_a_time(anomaly, due):
    """It waits for the end of quiet hours, for more of the same, or until a channel takes it again."""
    return (anomaly["PK"], anomaly["SK"].removeprefix("ANOMALY#")) in due


def is_any_due(items, accounts):
    """Whether the time has come for something of these accounts."""
    now = datetime.now(timezone.utc).isoformat()
    due = [item for item in items if item["entity"] == "Due" and item["GSI1SK"] < now]
    return any(item["PK"] == f"ACCOUNT#{account}" for item in due for account in accounts)


def is_untold(anomaly):
    return anomaly["delivery"] == "send" and anomaly.get("told", {}).get("alerts", 0) < anomaly["alerts"]


def of_accounts(items):
    """What is stored about accounts by key, without what differs from run to run."""
    return {
        (item["PK"], item["SK"]): {name: value for name, value in item.items() if name not in DELIVERY}
        for item in items
        if item["PK"].startswith(("ACCOUNT#", "BASELINE#")) and item["entity"] != "Due"
    }
