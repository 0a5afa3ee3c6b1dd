"""The one table, read whole."""

from boto3.dynamodb.types import TypeDeserializer

# What telling people leaves behind depends on when it happened.
DELIVERY = ("told", "tellingUntil")


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
    """Anomalies of which people are still to be told, or are just being told."""
    anomalies = [item for item in items if item["entity"] == "Anomaly" and item["account"] in accounts]
    waiting = [item for item in anomalies if "tellingUntil" in item or is_untold(item)]
    return [f"{item['SK']} of {item['account']} is not told" for item in waiting]


def is_untold(anomaly):
    return anomaly["delivery"] == "send" and anomaly.get("told", {}).get("alerts", 0) < anomaly["alerts"]


def of_accounts(items):
    """What is stored about accounts by key, without what differs from run to run."""
    return {
        (item["PK"], item["SK"]): {name: value for name, value in item.items() if name not in DELIVERY}
        for item in items
        if item["PK"].startswith(("ACCOUNT#", "BASELINE#"))
    }
