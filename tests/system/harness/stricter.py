"""Starts the emulator, and lets it check three conditions of policies as AWS does: which partitions of a table
a request touches (`dynamodb:LeadingKeys`), the encryption context of KMS, and which role somebody has
(`aws:PrincipalArn`: to the emulator it is his session). And lets it wait for what functions write."""

import json
import re
import sys

from ministack.core import iam_actions, iam_evaluator, lambda_runtime

WRITES = ("Put", "Update", "Delete", "ConditionCheck")
# Under this name the partitions go from the request to the check; no policy asks for it.
HANDED_ON = "dd0c:partitions"


def partitions(action, request):
    """For each check of a request the partitions that it touches. Items of a transaction are checked one by
    one, and all else is at once."""
    if read := READERS.get(action):
        return read(request)
    return [[key_of(request)]] if "Key" in request or "Item" in request else []


def of_transaction(request):
    writes = [write for item in request["TransactItems"] for kind, write in item.items() if kind in WRITES]
    return [[key_of(write)] for write in writes]


def of_query(request):
    [name] = re.findall(r"= (:\w+)", request["KeyConditionExpression"])[:1]
    return [[request["ExpressionAttributeValues"][name]["S"]]]


def of_batch_read(request):
    return [[key["PK"]["S"] for table in request["RequestItems"].values() for key in table["Keys"]]]


def of_batch_write(request):
    requests = [each for table in request["RequestItems"].values() for each in table]
    return [[key_of(write) for each in requests for write in each.values()]]


READERS = {
    "dynamodb:TransactWriteItems": of_transaction,
    "dynamodb:Query": of_query,
    "dynamodb:BatchGetItem": of_batch_read,
    "dynamodb:BatchWriteItem": of_batch_write,
}


def key_of(write):
    return (write.get("Key") or write["Item"])["PK"]["S"]


def context_of(service, action, body):
    request = json.loads(body or b"{}") if service in ("dynamodb", "kms") else {}
    if service == "dynamodb":
        return {HANDED_ON: partitions(action, request)}
    given = request.get("EncryptionContext", {})
    named = {f"kms:EncryptionContext:{key}": value for key, value in given.items()}
    return {**named, "kms:EncryptionContextKeys": list(given)} if given else {}


def with_context(original):
    def changed(service, action, body, *rest):
        return {**original(service, action, body, *rest), **context_of(service, action, body)}

    return changed


def with_partitions(original):
    def changed(*arguments, service_context=None, **named):
        context = dict(service_context or {})
        # The list is that of the request, so that the next item of a transaction finds the next.
        if left := context.pop(HANDED_ON, None):
            context["dynamodb:LeadingKeys"] = left.pop(0)
        return original(*arguments, service_context=context, **named)

    return changed


def with_role(original):
    def changed(key, context):
        found = original(key, context)
        return of_role(found) if key.lower() == "aws:principalarn" else found

    return changed


def wait_for_lines(worker):
    """What a function has written comes with the answer to its call. The emulator gives up after 5 ms without
    a line, and on a busy machine the last ones, with the metrics, would come with the next call."""
    original = worker._drain_stderr_bounded
    worker._drain_stderr_bounded = lambda self, **limits: original(self, **{**limits, "idle_confirm": 0.05, "hard_cap": 1})


def of_role(arn):
    """The role whose session it is; of anybody else the same."""
    return re.sub(r"^arn:aws:sts::(\d+):assumed-role/([^/]+)/.*", r"arn:aws:iam::\1:role/\2", arn or "")


if __name__ == "__main__":
    iam_actions.request_tag_context = with_context(iam_actions.request_tag_context)
    iam_evaluator._resolve_condition_key = with_role(iam_evaluator._resolve_condition_key)
    iam_evaluator.enforce = with_partitions(iam_evaluator.enforce)
    wait_for_lines(lambda_runtime.Worker)
    from ministack.app import main

    sys.exit(main())
