"""The one table, read whole."""

from boto3.dynamodb.types import TypeDeserializer

# What telling people leaves behind depends on when it happened.
DELIVERY = ("told", "tellingUntil")


def scan(dynamo, name):
    """All items as plain values, in the order of their keys."""
    read = TypeDeserializer().deserialize
    pages = dynamo.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
    items = [{key: read(value) for key, value in item.items()} for page in pages for item in page["Items"]]
    return sorted(items, key=lambda item: (item["PK"], item["SK"]))


def unfinished(items, accounts):
    """What is stored and not scored, or scored and being told."""
    heads = {item["PK"].removeprefix("ACCOUNT#"): item["number"] for item in items if item["SK"] == "HEAD"}
    scored = {item["PK"].removeprefix("BASELINE#"): item.get("scoredThrough") for item in items if item["SK"] == "_ACCOUNT"}
    waiting = [f"{each} is not scored" for each in accounts if heads.get(each) != scored.get(each)]
    telling = [item["PK"].removeprefix("ACCOUNT#") for item in items if "tellingUntil" in item]
    return waiting + [f"{each} is being told" for each in telling if each in accounts]


def of_accounts(items):
    """What is stored about accounts by key, without what differs from run to run."""
    return {
        (item["PK"], item["SK"]): {name: value for name, value in item.items() if name not in DELIVERY}
        for item in items
        if item["PK"].startswith(("ACCOUNT#", "BASELINE#"))
    }
